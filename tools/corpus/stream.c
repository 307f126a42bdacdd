// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/corpus/stream_internal.h"

#include "dsp/base/random.h"
#include "dsp/music/chord.h"

#include <stdlib.h>
#include <string.h>

#define HIDE_FIELD 0.2F  // Share of shown textures in which a field is hidden
#define HIDE_FIGURE 0.3F // Or the figure
#define FIGURE_BACK 32   // [bars] that it may lie back

CnStream*
cn_stream_new(const CnStreamSettings* const settings, const uint32_t index)
{
  CnStream* const stream   = calloc(1, sizeof(CnStream));
  const size_t    n_pieces = settings->corpus->n_pieces;
  if (!stream) {
    return NULL;
  }

  stream->settings = *settings;
  stream->index    = index;
  stream->context  = cn_context_new(settings->corpus->longest);
  stream->order    = calloc(n_pieces, sizeof(uint32_t));
  stream->hand     = calloc(n_pieces, sizeof(uint32_t));
  stream->load     = calloc(settings->n_streams, sizeof(uint64_t));
  if (!stream->context || !stream->order || !stream->hand || !stream->load) {
    cn_stream_free(stream);
    return NULL;
  }
  return stream;
}

void
cn_stream_free(CnStream* const stream)
{
  if (stream) {
    cn_context_free(stream->context);
    free(stream->order);
    free(stream->hand);
    free(stream->load);
    free(stream);
  }
}

void
cn_stream_restart(CnStream* const stream, const float hide_motif)
{
  cn_context_truncate(stream->context, 0);
  stream->settings.hide_motif = hide_motif;
  stream->n_hand              = 0;
  stream->n_played            = 0;
  stream->deal                = 0;
  stream->n_started           = 0;
  stream->piece               = NULL;
  stream->drawn               = NULL;
  stream->ahead               = (CnStretchDraw){0}; // The line that was come to is no longer that ahead
}

// The pieces of the split in an order of this deal; the same for all streams
static uint32_t
shuffle_pieces(CnStream* const stream)
{
  const CnCorpus* const corpus = stream->settings.corpus;
  CnRandom              random = cn_random(stream->settings.seed, CN_DRAW_DEAL, stream->deal, 0, 0);
  uint32_t              n      = 0;
  for (uint32_t i = 0; i < corpus->n_pieces; ++i) {
    if (corpus->pieces[i].split == stream->settings.split) {
      const uint32_t at = cn_random_below(&random, n + 1);
      stream->order[n]  = stream->order[at];
      stream->order[at] = i;
      ++n;
    }
  }
  return n;
}

// Deal all pieces to all streams, each to the one with the fewest notes, and keep what is ours
static void
deal_pieces(CnStream* const stream)
{
  const uint32_t n = shuffle_pieces(stream);
  memset(stream->load, 0, stream->settings.n_streams * sizeof(*stream->load));
  stream->n_hand   = 0;
  stream->n_played = 0;

  for (uint32_t i = 0; i < n; ++i) {
    uint32_t least = 0;
    for (uint32_t s = 1; s < stream->settings.n_streams; ++s) {
      least = stream->load[s] < stream->load[least] ? s : least;
    }
    stream->load[least] += stream->settings.corpus->pieces[stream->order[i]].n_notes;
    if (least == stream->index) {
      stream->hand[stream->n_hand++] = stream->order[i];
    }
  }
  if (!stream->n_hand && n && !stream->settings.once) {
    stream->hand[stream->n_hand++] = stream->order[stream->index % n];
  }
  ++stream->deal;
}

static int
choose_shift(const CnStream* const stream, const CnPiece* const piece)
{
  const CnStreamSettings* const settings = &stream->settings;
  CnRandom  random = cn_random(settings->seed, CN_DRAW_SHIFT, stream->index, stream->n_started, 0);
  const int range  = settings->highest_shift - settings->lowest_shift + 1;
  int       shift  = settings->lowest_shift + (int)cn_random_below(&random, (uint32_t)range);
  shift            = piece->high + shift > CN_PITCH_MAX ? CN_PITCH_MAX - piece->high : shift;
  return piece->low + shift < CN_PITCH_MIN ? CN_PITCH_MIN - piece->low : shift;
}

// How much louder or softer to play a piece: few pieces must not mean few loudnesses
static int
choose_loudness(const CnStream* const stream)
{
  const uint32_t range = (uint32_t)(2 * stream->settings.loudness + 1);
  CnRandom random = cn_random(stream->settings.seed, CN_DRAW_VELOCITY, stream->index, stream->n_started, 0);
  return (int)cn_random_below(&random, range) - stream->settings.loudness;
}

// Begin the next piece of the hand
static void
take_piece(CnStream* const stream)
{
  stream->piece    = &stream->settings.corpus->pieces[stream->hand[stream->n_played++]];
  stream->position = 0;
  stream->shift    = stream->settings.once ? 0 : choose_shift(stream, stream->piece);
  stream->louder   = stream->settings.once ? 0 : choose_loudness(stream);
  ++stream->n_started;
  cn_context_truncate(stream->context, 0);
}

// Begin the next piece; false if there are none left
static bool
begin_piece(CnStream* const stream)
{
  if (stream->n_played == stream->n_hand) {
    if (stream->settings.once && stream->deal) {
      return false;
    }
    deal_pieces(stream);
    if (!stream->n_hand) {
      return false;
    }
  }

  take_piece(stream);
  return true;
}

static int32_t
transposed_chord(CnStream* const stream)
{
  const int32_t chord = stream->piece->chords[stream->position];
  if (chord == CN_CHORD_NONE ||
      cn_stream_draws(stream, CN_DRAW_CHORD, stream->settings.hide_chord, &stream->chord)) {
    return CN_CHORD_NONE;
  }
  return cn_chord_transpose(chord, stream->shift);
}

// Copy the notes from a tick to before another to the window; returns their number
static uint32_t
copy_window(CnStream* const stream, const int32_t from, const int32_t to)
{
  const CnPiece* const piece = stream->piece;
  uint32_t             first = stream->position;
  uint32_t             n     = 0;
  while (first > 0 && piece->notes[first - 1].onset >= from) {
    --first;
  }
  while (first < piece->n_notes && piece->notes[first].onset < from) {
    ++first;
  }
  for (uint32_t i = first; i < piece->n_notes && piece->notes[i].onset < to && n < CN_TEXTURE_NOTES_MAX;
       ++i) {
    stream->window[n++] = cn_stream_note(stream, i);
  }
  return n;
}

// The figure of some eight bars before a stretch, as those of the musician will lie back.  It is reckoned
// from the stretch's first note, so that a run that goes on in its middle finds the same
static void
find_figure(CnStream* const stream, const uint32_t stretch, CnRandom* const random)
{
  const CnNote* const next   = &stream->piece->notes[stretch * CN_STRETCH_NOTES];
  const int32_t       length = next->bar.length;
  const int32_t       line   = next->onset - next->bar.offset;
  const int32_t       first  = stream->piece->notes[0].onset - stream->piece->notes[0].bar.offset;
  const int32_t       back   = (int32_t)cn_random_below(random, FIGURE_BACK + 1) + CN_TEXTURE_BARS;
  const int32_t       drawn  = line - back * length;
  const int32_t       from   = drawn > first ? drawn : first;
  const int32_t       to     = from + CN_TEXTURE_BARS * length;
  stream->figure             = (CnFigure){0};
  if (cn_random_uniform(random) >= HIDE_FIGURE && to <= line) {
    stream->figure = cn_figure_find(stream->window, copy_window(stream, from, to));
  }
}

// CnStretchDraw what is told of the texture in a stretch
static void
draw_texture(CnStream* const stream, const uint32_t stretch)
{
  CnRandom random =
      cn_random(stream->settings.seed, CN_DRAW_TEXTURE, stream->index, stream->n_started, stretch);
  stream->shown  = (CnStretchDraw){stream->n_started, stretch, cn_random_uniform(&random)};
  stream->fields = 0;
  for (unsigned f = 0; f < CN_N_TEXTURE_FIELDS; ++f) {
    const bool is_told =
        cn_random_uniform(&random) >= HIDE_FIELD && (f != CN_TEXTURE_LOUDNESS || !stream->piece->is_notated);
    stream->fields = (uint16_t)(stream->fields | (unsigned)is_told << f);
  }
  find_figure(stream, stretch, &random);
}

// The texture around the next note, from a bar before to three bars after it; false if it is not told
static bool
look_around(CnStream* const stream)
{
  const uint32_t stretch = stream->position / CN_STRETCH_NOTES;
  if (stream->settings.show_texture <= 0.0F) {
    return false;
  }
  if (stream->shown.piece != stream->n_started || stream->shown.stretch != stretch) {
    draw_texture(stream, stretch);
  }
  if (stream->shown.value >= stream->settings.show_texture) {
    return false;
  }

  const CnPiece* const piece  = stream->piece;
  const CnNote* const  next   = &piece->notes[stream->position];
  const CnNote* const  last   = &piece->notes[piece->n_notes - 1];
  const int32_t        before = next->onset - next->bar.length;
  const int32_t        after  = next->onset + 3 * next->bar.length;
  const int32_t        from   = before > piece->notes[0].onset ? before : piece->notes[0].onset;
  const int32_t        to     = after < last->onset + last->duration ? after : last->onset + last->duration;
  stream->texture             = cn_texture_measure(stream->window, copy_window(stream, from, to), from, to);
  for (unsigned f = 0; f < CN_N_TEXTURE_FIELDS; ++f) {
    if (!(stream->fields >> f & 1U)) {
      stream->texture.level[f] = CN_TEXTURE_HIDDEN;
    }
  }
  return true;
}

static int32_t
bar_line(const CnNote* const note)
{
  return note->onset - note->bar.offset;
}

// Go on to the line of a bar that is some bars with notes after that of a note; false if the piece is over
static bool
find_line(const CnPiece* const piece, uint32_t from, uint32_t bars, CnBar* const bar)
{
  while (bars && ++from < piece->n_notes) {
    bars -= bar_line(&piece->notes[from]) > bar_line(&piece->notes[from - 1]);
  }
  if (bars) {
    return false;
  }
  *bar = (CnBar){bar_line(&piece->notes[from]), piece->notes[from].bar.length};
  return true;
}

// Draw the next line ahead of a note, and measure what follows from there on
static void
draw_line(CnStream* const stream, const uint32_t note)
{
  const CnPiece* const piece = stream->piece;
  const uint32_t       bars  = 1 + cn_random_below(&stream->lines, CN_FOLLOWING_AHEAD);
  CnBar                bar;
  stream->is_ahead = find_line(piece, note, bars, &bar);
  if (stream->is_ahead) {
    const uint32_t n = copy_window(stream, bar.start, cn_following_until(bar.start, bar.length));
    stream->is_ahead = cn_following_measure(stream->window, n, bar.start, bar.length, &stream->following);
  }
}

// What follows a line ahead of the last note; false if it is not told.  The lines are reckoned from the
// stretch's first note, so that a run that goes on in its middle finds the same
static bool
look_ahead(CnStream* const stream)
{
  const uint32_t stretch = stream->position / CN_STRETCH_NOTES;
  const uint32_t first   = stretch * CN_STRETCH_NOTES;
  const CnNote*  notes   = stream->piece->notes;
  const bool     is_new  = stream->ahead.piece != stream->n_started || stream->ahead.stretch != stretch;
  if (!cn_stream_draws(stream, CN_DRAW_FOLLOWING, stream->settings.show_following, &stream->ahead)) {
    return false;
  }
  if (is_new) {
    stream->lines =
        cn_random(stream->settings.seed, CN_DRAW_LINES, stream->index, stream->n_started, stretch);
    draw_line(stream, first ? first - 1 : 0);
  }
  for (uint32_t i = first; stream->is_ahead && i < stream->position; ++i) {
    if (notes[i].onset >= stream->following.line) {
      draw_line(stream, i);
    }
  }
  return stream->is_ahead;
}

static void
fill_target(CnStream* const stream, CnBatch* const batch, const size_t at)
{
  const CnNote  note        = cn_stream_note(stream, stream->position);
  const int32_t previous    = cn_context_notes(stream->context)[cn_context_size(stream->context) - 1].onset;
  const bool    is_told     = look_around(stream);
  const bool    is_ahead    = look_ahead(stream);
  const CnToken token       = cn_note_token(&note, previous);
  const CnConditioning next = {
      .onset     = note.onset,
      .bar       = note.bar,
      .pitch     = token.factor[CN_FACTOR_PITCH],
      .duration  = token.factor[CN_FACTOR_DURATION],
      .motif     = !cn_stream_draws(stream, CN_DRAW_MOTIF, stream->settings.hide_motif, &stream->motif),
      .chord     = transposed_chord(stream),
      .texture   = is_told ? &stream->texture : NULL,
      .figure    = is_told ? &stream->figure : NULL,
      .following = is_ahead ? &stream->following : NULL};
  const size_t n = batch->n_streams * batch->n_steps;
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    cn_context_head(stream->context, (CnFactor)f, &next, &batch->sites[f * n + at]);
  }
  batch->targets[at]    = token;
  batch->has_target[at] = true;
  batch->is_notated[at] = stream->piece->is_notated;
}

static void
fill_nothing(CnBatch* const batch, const size_t at)
{
  batch->inputs[at].n_rows = 0;
  batch->begins[at]        = true;
  batch->has_target[at]    = false;
}

static void
fill_step(CnStream* const stream, CnBatch* const batch, const size_t at)
{
  if ((!stream->piece || stream->position == stream->piece->n_notes) && !begin_piece(stream)) {
    fill_nothing(batch, at);
    return;
  }

  batch->begins[at] = stream->position == 0;
  while (!cn_stream_tell(stream) && stream->position < stream->piece->n_notes) {
    // Left out; the last note may be, too: then the one before stands twice, with nothing to follow
  }
  cn_context_input(stream->context, &batch->inputs[at]);

  batch->has_target[at] = false;
  if (stream->position < stream->piece->n_notes) {
    fill_target(stream, batch, at);
  }
}

void
cn_stream_fill(CnStream* const stream, CnBatch* const batch, const size_t b)
{
  for (size_t t = 0; t < batch->n_steps; ++t) {
    fill_step(stream, batch, t * batch->n_streams + b);
  }
}

CnStreamPlace
cn_stream_place(const CnStream* const stream)
{
  return (CnStreamPlace){stream->deal, stream->n_played, stream->n_started, stream->position};
}

CnStatus
cn_stream_seek(CnStream* const stream, const CnStreamPlace* const place)
{
  cn_stream_restart(stream, stream->settings.hide_motif);
  if (!place->deal) {
    return CN_STATUS_SUCCESS;
  }

  stream->deal = place->deal - 1;
  deal_pieces(stream);
  if (!place->n_played || place->n_played > stream->n_hand || place->n_started < place->n_played) {
    return CN_STATUS_BAD_VALUE;
  }
  stream->n_played  = place->n_played - 1;
  stream->n_started = place->n_started - 1;
  take_piece(stream);
  if (place->position > stream->piece->n_notes) {
    return CN_STATUS_BAD_VALUE;
  }
  while (stream->position < place->position) {
    cn_stream_tell(stream);
  }
  return CN_STATUS_SUCCESS;
}

void
cn_stream_fill_own(CnStream* const stream, CnBatch* const batch, const size_t b,
                   const CnStreamPlace* const from, const CnToken* const drawn)
{
  cn_stream_seek(stream, from); // It has been there
  for (size_t t = 0; t < batch->n_steps; ++t) {
    stream->drawn = t ? &drawn[(t - 1) * batch->n_streams + b] : NULL;
    fill_step(stream, batch, t * batch->n_streams + b);
  }
  const CnStreamPlace to = cn_stream_place(stream);
  cn_stream_seek(stream, &to);
}

CnStatus
cn_batch_init(CnBatch* const batch, const size_t n_streams, const size_t n_steps)
{
  const size_t n = n_streams * n_steps;

  *batch            = (CnBatch){.n_streams = n_streams, .n_steps = n_steps};
  batch->inputs     = calloc(n, sizeof(*batch->inputs));
  batch->sites      = calloc(CN_N_FACTORS * n, sizeof(*batch->sites));
  batch->targets    = calloc(n, sizeof(*batch->targets));
  batch->begins     = calloc(n, 1);
  batch->has_target = calloc(n, 1);
  batch->is_notated = calloc(n, 1);
  if (!batch->inputs || !batch->sites || !batch->targets || !batch->begins || !batch->has_target ||
      !batch->is_notated) {
    cn_batch_clear(batch);
    return CN_STATUS_NO_MEMORY;
  }
  return CN_STATUS_SUCCESS;
}

void
cn_batch_clear(CnBatch* const batch)
{
  free(batch->inputs);
  free(batch->sites);
  free(batch->targets);
  free(batch->begins);
  free(batch->has_target);
  free(batch->is_notated);
  *batch = (CnBatch){0};
}
