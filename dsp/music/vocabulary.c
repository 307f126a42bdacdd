// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/vocabulary.h"

#include <assert.h>

static const int16_t duration_ticks[CN_N_DURATIONS] = {
    1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,  16,  18,  20,  21,  22,  23,
    24, 27, 30, 33, 36, 40, 44, 48, 54, 60, 66, 72, 84, 96, 108, 120, 144, 168, 192, 240, 288};

CN_AUDIO size_t
cn_factor_classes(const CnFactor factor)
{
  static const uint8_t n_classes[CN_N_FACTORS] = {CN_N_DTS, CN_N_PITCHES, CN_N_DURATIONS, CN_N_VELOCITIES};
  return n_classes[factor];
}

const char*
cn_factor_name(const CnFactor factor)
{
  static const char* const names[CN_N_FACTORS] = {"dt", "pitch", "duration", "velocity"};
  return names[factor];
}

CN_AUDIO bool
cn_note_is_speakable(const CnNote* const note)
{
  return note->pitch >= CN_PITCH_MIN && note->pitch <= CN_PITCH_MAX;
}

CN_AUDIO CnToken
cn_note_token(const CnNote* const note, const int32_t previous)
{
  assert(cn_note_is_speakable(note));
  assert(note->onset >= previous);

  const int64_t dt = (int64_t)note->onset - previous;
  return (CnToken){{(uint8_t)(dt < CN_DT_LONG ? dt : CN_DT_LONG), (uint8_t)(note->pitch - CN_PITCH_MIN),
                    cn_duration_class(note->duration), (uint8_t)(note->velocity / 4)}};
}

CN_AUDIO uint8_t
cn_duration_class(const int32_t ticks)
{
  unsigned upper = 0;
  while (upper < CN_N_DURATIONS - 1 && duration_ticks[upper] < ticks) {
    ++upper;
  }
  if (upper > 0 && ticks - duration_ticks[upper - 1] <= duration_ticks[upper] - ticks) {
    --upper;
  }
  return (uint8_t)upper;
}

CN_AUDIO int32_t
cn_duration_ticks(const uint8_t duration_class)
{
  assert(duration_class < CN_N_DURATIONS);
  return duration_ticks[duration_class];
}

CN_AUDIO uint8_t
cn_velocity_of_class(const uint8_t velocity_class)
{
  return (uint8_t)(4 * velocity_class + 2);
}
