// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/compare/features_internal.h"

#include "dsp/music/classes.h"

#include <stdbool.h>
#include <stdlib.h>

#define MIDDLE 60 ///< Left hand below, right hand from here on

/// What sounds at a tick
typedef struct {
  uint8_t  n;       ///< Keys
  uint16_t classes; ///< Bits of their pitch classes
  bool     is_low;  ///< A key of the left half
  bool     is_high; ///< One of the right
} Moment;

/// Write what sounds from the notes, one key after another: a key sounds once, however often it was struck
static void
sound_key(const CnBars* const bars, const uint8_t pitch, Moment* const moments)
{
  int32_t done = 0; // Up to here this key is written
  for (size_t i = 0; i < bars->n; ++i) {
    const CnNote* const note = &bars->notes[i];
    if (note->pitch != pitch) {
      continue;
    }
    const int32_t begin = note->onset - bars->start;
    const int32_t end   = begin + note->duration < bars->length ? begin + note->duration : bars->length;
    for (int32_t t = begin > done ? begin : done; t < end; ++t) {
      Moment* const moment = &moments[t];
      ++moment->n;
      moment->classes |= (uint16_t)(1U << pitch % 12);
      moment->is_low  = moment->is_low || pitch < MIDDLE;
      moment->is_high = moment->is_high || pitch >= MIDDLE;
    }
    done = end > done ? end : done;
  }
}

/// Whether two neighbours of the twelve pitch classes sound together
static bool
rubs(const unsigned classes)
{
  return classes & cn_classes_turn(classes, 1);
}

static void
count_moments(const CnBars* const bars, const Moment* const moments, double* const value)
{
  double n_played = 0.0;
  double n_keys   = 0.0;
  double n_both   = 0.0;
  double n_rubs   = 0.0;
  for (int32_t t = 0; t < bars->length; ++t) {
    n_played += moments[t].n > 0;
    n_keys += moments[t].n;
    n_both += moments[t].is_low && moments[t].is_high;
    n_rubs += rubs(moments[t].classes);
  }
  value[CN_FEATURE_SOUNDING]   = n_keys / n_played;
  value[CN_FEATURE_BOTH_HANDS] = n_both / bars->length;
  value[CN_FEATURE_SILENCE]    = 1.0 - n_played / bars->length;
  value[CN_FEATURE_RUB]        = n_rubs / n_played;
}

CnStatus
cn_features_sound(const CnBars* const bars, double* const value)
{
  Moment* const moments = calloc((size_t)bars->length, sizeof(Moment));
  if (!moments) {
    return CN_STATUS_NO_MEMORY;
  }
  for (uint8_t pitch = CN_PITCH_MIN; pitch <= CN_PITCH_MAX; ++pitch) {
    sound_key(bars, pitch, moments);
  }
  count_moments(bars, moments, value);
  free(moments);
  return CN_STATUS_SUCCESS;
}
