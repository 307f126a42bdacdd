// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/corpus/stream.h"

#include "dsp/base/random.h"

#include <stdlib.h>
#include <string.h>

#define STRETCH 64 // Notes over which the motif match or the chord is hidden or shown

// Streams of random numbers by purpose
enum {
  RANDOM_DEAL = 1,
  RANDOM_SHIFT,
  RANDOM_MOTIF,
  RANDOM_CHORD,
  RANDOM_VELOCITY,
  RANDOM_TEXTURE,
  RANDOM_NOISE,
  RANDOM_ERROR
};

#define HIDE_FIELD 0.2F  // Share of shown textures in which a field is hidden
#define HIDE_FIGURE 0.3F // Or the figure
#define FIGURE_BACK 32   // [bars] that it may lie back

#define ERROR_SHARE 0.12F // Of the notes of a noisy stretch
#define ERROR_KEYS 12     // [semitones] that one is off at most
#define ERROR_LENGTHS 6   // Classes of duration that one is off at most

// A draw for a stretch of notes, kept until the next stretch
typedef struct {
  uint32_t piece; // Its n_started; 0: nothing was drawn yet
  uint32_t stretch;
  float    value;
} Draw;

struct CnStream {
  CnStreamSettings settings;
  uint32_t         index;
  CnContext*       context;
  uint32_t*        order;     // (number of pieces) scratch of the deal
  uint64_t*        load;      // (n_streams) scratch of the deal: notes that each stream has got
  uint32_t*        hand;      // Pieces of this deal for this stream
  uint32_t         n_hand;    //
  uint32_t         n_played;  // Of the hand
  uint32_t         deal;      // Number of the deal
  uint32_t         n_started; // Pieces since the start
  const CnPiece*   piece;     // Being played, or null
  uint32_t         position;  // Next note in it
  int              shift;     // [semitones]
  int              louder;    // Added to the velocities
  Draw             motif;     // Decides whether matches are hidden
  Draw             chord;     // Likewise
  Draw             noise;     // Decides whether there are errors
  Draw             shown;     // Decides whether the texture is told, of which the following is drawn
  uint16_t         fields;    // Fields of the texture that are told, as bits
  CnTexture        texture;   // Around the next note
  CnFigure         figure;    // Of some bars before
  CnNote           window[CN_TEXTURE_NOTES_MAX]; // Scratch
};

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
}

// The pieces of the split in an order of this deal; the same for all streams
static uint32_t
shuffle_pieces(CnStream* const stream)
{
  const CnCorpus* const corpus = stream->settings.corpus;
  CnRandom              random = cn_random(stream->settings.seed, RANDOM_DEAL, stream->deal, 0, 0);
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
  CnRandom  random = cn_random(settings->seed, RANDOM_SHIFT, stream->index, stream->n_started, 0);
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
  CnRandom random = cn_random(stream->settings.seed, RANDOM_VELOCITY, stream->index, stream->n_started, 0);
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

static CnNote
transposed_note(const CnStream* const stream, const uint32_t position)
{
  CnNote    note     = stream->piece->notes[position];
  const int velocity = note.velocity + stream->louder;
  note.pitch         = (uint8_t)(note.pitch + stream->shift);
  note.velocity      = (uint8_t)(velocity < 1 ? 1 : velocity > 127 ? 127 : velocity);
  return note;
}

// Whether something is hidden in the stretch of the next note
static bool
is_hidden(const CnStream* const stream, const uint32_t purpose, const float share, Draw* const draw)
{
  const uint32_t stretch = stream->position / STRETCH;
  if (draw->piece != stream->n_started || draw->stretch != stretch) {
    CnRandom random = cn_random(stream->settings.seed, purpose, stream->index, stream->n_started, stretch);
    *draw           = (Draw){stream->n_started, stretch, cn_random_uniform(&random)};
  }
  return draw->value < share;
}

static int8_t
transposed_chord(CnStream* const stream)
{
  const int chord = stream->piece->chords[stream->position];
  if (chord == CN_CHORD_NONE ||
      is_hidden(stream, RANDOM_CHORD, stream->settings.hide_chord, &stream->chord)) {
    return CN_CHORD_NONE;
  }
  return (int8_t)(chord / 12 * 12 + (chord % 12 + stream->shift + 12) % 12);
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
  for (uint32_t i = first; i < piece->n_notes && piece->notes[i].onset < to && n < CN_TEXTURE_NOTES_MAX;
       ++i) {
    stream->window[n++] = transposed_note(stream, i);
  }
  return n;
}

// The figure of some eight bars before a stretch, as those of the musician will lie back.  It is reckoned
// from the stretch's first note, so that a run that goes on in its middle finds the same
static void
find_figure(CnStream* const stream, const uint32_t stretch, CnRandom* const random)
{
  const CnNote* const next   = &stream->piece->notes[stretch * STRETCH];
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

// Draw what is told of the texture in a stretch
static void
draw_texture(CnStream* const stream, const uint32_t stretch)
{
  CnRandom random =
      cn_random(stream->settings.seed, RANDOM_TEXTURE, stream->index, stream->n_started, stretch);
  stream->shown  = (Draw){stream->n_started, stretch, cn_random_uniform(&random)};
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
  const uint32_t stretch = stream->position / STRETCH;
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

static void
fill_target(CnStream* const stream, CnBatch* const batch, const size_t at)
{
  const CnNote  note        = transposed_note(stream, stream->position);
  const int32_t previous    = cn_context_notes(stream->context)[cn_context_size(stream->context) - 1].onset;
  const bool    is_told     = look_around(stream);
  const CnToken token       = cn_note_token(&note, previous);
  const CnConditioning next = {
      .onset    = note.onset,
      .bar      = note.bar,
      .pitch    = token.factor[CN_FACTOR_PITCH],
      .duration = token.factor[CN_FACTOR_DURATION],
      .motif    = !is_hidden(stream, RANDOM_MOTIF, stream->settings.hide_motif, &stream->motif),
      .chord    = transposed_chord(stream),
      .texture  = is_told ? &stream->texture : NULL,
      .figure   = is_told ? &stream->figure : NULL};
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

// Noise: what the network plays is not what it has learnt from, so some of that is told wrongly

static bool
is_chord(const CnNote* const a, const CnNote* const b)
{
  return a->onset == b->onset;
}

// Whether a wrong note fits between the one before, as it was told, and the true one after it
static bool
fits(const CnStream* const stream, const CnNote* const note)
{
  const CnNote* const before = &cn_context_notes(stream->context)[cn_context_size(stream->context) - 1];
  const CnNote        after  = stream->position + 1 < stream->piece->n_notes
                                   ? transposed_note(stream, stream->position + 1)
                                   : (CnNote){.onset = INT32_MAX};
  return cn_note_is_speakable(note) && note->onset >= before->onset && note->onset <= after.onset &&
         (!is_chord(before, note) || before->pitch < note->pitch) &&
         (!is_chord(note, &after) || note->pitch < after.pitch);
}

// A whole number from -most to most
static int
draw_error(CnRandom* const random, const int most)
{
  return (int)cn_random_below(random, 2U * (uint32_t)most + 1U) - most;
}

// Tell a note wrongly, if that fits; false: not at all
static bool
mistake(const CnStream* const stream, CnRandom* const random, CnNote* const note)
{
  CnNote wrong = *note;
  switch (cn_random_below(random, 4)) {
  case 0:
    wrong.pitch = (uint8_t)(note->pitch + draw_error(random, ERROR_KEYS));
    break;
  case 1: {
    const int length = cn_duration_class(note->duration) + draw_error(random, ERROR_LENGTHS);
    wrong.duration   = cn_duration_ticks((uint8_t)(length < 0                 ? 0
                                                   : length >= CN_N_DURATIONS ? CN_N_DURATIONS - 1
                                                                              : length));
    break;
  }
  case 2: {
    const int offset = note->bar.offset + 6 * draw_error(random, 2);
    if (offset >= 0 && offset < note->bar.length) {
      wrong.onset += offset - note->bar.offset;
      wrong.bar.offset = (uint16_t)offset;
    }
    break;
  }
  default:
    return false;
  }
  *note = fits(stream, &wrong) ? wrong : *note;
  return true;
}

// Push the next note, true or not; false if it was left out
static bool
push_next(CnStream* const stream)
{
  CnNote note    = transposed_note(stream, stream->position);
  bool   is_told = true;
  if (cn_context_size(stream->context) &&
      is_hidden(stream, RANDOM_NOISE, stream->settings.noise, &stream->noise)) {
    CnRandom random =
        cn_random(stream->settings.seed, RANDOM_ERROR, stream->index, stream->n_started, stream->position);
    if (cn_random_uniform(&random) < ERROR_SHARE) {
      is_told = mistake(stream, &random, &note);
    }
  }
  if (is_told) {
    cn_context_push(stream->context, &note);
  }
  ++stream->position;
  return is_told;
}

static void
fill_step(CnStream* const stream, CnBatch* const batch, const size_t at)
{
  if ((!stream->piece || stream->position == stream->piece->n_notes) && !begin_piece(stream)) {
    fill_nothing(batch, at);
    return;
  }

  batch->begins[at] = stream->position == 0;
  while (!push_next(stream) && stream->position < stream->piece->n_notes) {
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
    push_next(stream);
  }
  return CN_STATUS_SUCCESS;
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
