// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/corpus/stream_internal.h"

#include "dsp/base/random.h"

#define ERROR_SHARE 0.12F // Of the notes of a noisy stretch
#define ERROR_KEYS 12     // [semitones] that one is off at most
#define ERROR_LENGTHS 6   // Classes of duration that one is off at most

#define OWN_SHARE 0.5F // Of the notes that the network has drawn

CnNote
cn_stream_note(const CnStream* const stream, const uint32_t position)
{
  CnNote    note     = stream->piece->notes[position];
  const int velocity = note.velocity + stream->louder;
  note.pitch         = (uint8_t)(note.pitch + stream->shift);
  note.velocity      = (uint8_t)(velocity < 1 ? 1 : velocity > 127 ? 127 : velocity);
  return note;
}

bool
cn_stream_draws(const CnStream* const stream, const uint32_t purpose, const float share,
                CnStretchDraw* const draw)
{
  const uint32_t stretch = stream->position / CN_STRETCH_NOTES;
  if (draw->piece != stream->n_started || draw->stretch != stretch) {
    CnRandom random = cn_random(stream->settings.seed, purpose, stream->index, stream->n_started, stretch);
    *draw           = (CnStretchDraw){stream->n_started, stretch, cn_random_uniform(&random)};
  }
  return draw->value < share;
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
                                   ? cn_stream_note(stream, stream->position + 1)
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

// A note as the network has drawn it, as far as that fits: with step, key and length, or without the step, or
// with the length alone
static CnNote
own_note(const CnStream* const stream, const CnToken* const token, const CnNote* const note)
{
  const int32_t before = cn_context_notes(stream->context)[cn_context_size(stream->context) - 1].onset;
  const int     dt     = token->factor[CN_FACTOR_DT];
  const int32_t offset = before + dt - (note->onset - note->bar.offset);
  CnNote        own[3] = {*note, *note, *note};
  for (unsigned i = 0; i < 3; ++i) {
    own[i].duration = cn_duration_ticks(token->factor[CN_FACTOR_DURATION]);
    own[i].pitch    = i < 2 ? (uint8_t)(token->factor[CN_FACTOR_PITCH] + CN_PITCH_MIN) : note->pitch;
  }
  own[0].onset      = before + dt;
  own[0].bar.offset = (uint16_t)offset;
  if (dt < CN_DT_LONG && offset >= 0 && offset < note->bar.length && fits(stream, &own[0])) {
    return own[0];
  }
  return fits(stream, &own[1]) ? own[1] : own[2];
}

// Whether a thing that happens to a share of notes does to the next one
static bool
happens(const CnStream* const stream, const uint32_t purpose, const float share, CnRandom* const random)
{
  *random = cn_random(stream->settings.seed, purpose, stream->index, stream->n_started, stream->position);
  return cn_random_uniform(random) < share;
}

bool
cn_stream_tell(CnStream* const stream)
{
  const CnToken* const drawn   = stream->drawn;
  CnNote               note    = cn_stream_note(stream, stream->position);
  bool                 is_told = true;
  CnRandom             random;
  if (cn_context_size(stream->context)) {
    if (cn_stream_draws(stream, CN_DRAW_NOISE, stream->settings.noise, &stream->noise) &&
        happens(stream, CN_DRAW_ERROR, ERROR_SHARE, &random)) {
      is_told = mistake(stream, &random, &note);
    } else if (drawn && happens(stream, CN_DRAW_OWN, OWN_SHARE, &random)) {
      note = own_note(stream, drawn, &note);
    }
  }
  if (is_told) {
    cn_context_push(stream->context, &note);
  }
  stream->drawn = NULL; // It was for this note
  ++stream->position;
  return is_told;
}
