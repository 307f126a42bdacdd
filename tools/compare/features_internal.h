// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file features_internal.h
   Some bars taken apart; shared by the files that count what is in them.
*/

#ifndef CN_FEATURES_INTERNAL_H
#define CN_FEATURES_INTERNAL_H

#include "tools/compare/features.h"

#include "dsp/base/status.h"
#include "dsp/music/note.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The features by number; names are in features.c
enum {
  CN_FEATURE_NOTES,
  CN_FEATURE_ONSETS,
  CN_FEATURE_PLACE_ENTROPY,
  CN_FEATURE_OFF_GRID,
  CN_FEATURE_SOUNDING,
  CN_FEATURE_CHORD_SIZE,
  CN_FEATURE_CHORDS,
  CN_FEATURE_PITCH_MEAN,
  CN_FEATURE_PITCH_SD,
  CN_FEATURE_PITCH_RANGE,
  CN_FEATURE_BASS,
  CN_FEATURE_TREBLE,
  CN_FEATURE_BOTH_HANDS,
  CN_FEATURE_KEYS,
  CN_FEATURE_DURATION_MEAN,
  CN_FEATURE_DURATION_SD,
  CN_FEATURE_STEP_MEAN,
  CN_FEATURE_STEP_SD,
  CN_FEATURE_STEP_ENTROPY,
  CN_FEATURE_USUAL_STEP,
  CN_FEATURE_EQUAL_STEPS,
  CN_FEATURE_EIGHTHS,
  CN_FEATURE_LEGATO,
  CN_FEATURE_CLASS_ENTROPY,
  CN_FEATURE_KEY_CLARITY,
  CN_FEATURE_KEY_CHANGES,
  CN_FEATURE_REPEATED,
  CN_FEATURE_COMPRESSED,
  CN_FEATURE_PITCH_AGAIN,
  CN_FEATURE_SAME_PITCH,
  CN_FEATURE_TOP_LEAP,
  CN_FEATURE_BOTTOM_LEAP,
  CN_FEATURE_SILENCE,
  CN_FEATURE_VELOCITY_MEAN,
  CN_FEATURE_VELOCITY_SD,
  CN_FEATURE_RUB,
};

/// Some bars: their notes, and these gathered into what is struck together
typedef struct {
  const CnNote* notes;    ///< (n) those that begin in the bars
  size_t        n;        ///<
  int32_t       start;    ///< [ticks] of the first bar line
  int32_t       length;   ///< [ticks] of all bars
  int32_t       bar;      ///< [ticks] of one
  int32_t*      scratch;  ///< (n) for whoever sorts
  int32_t*      onsets;   ///< (n_onsets) [ticks]
  int32_t*      places;   ///< (n_onsets) [ticks] of the onsets in their bars
  int32_t*      sizes;    ///< (n_onsets) notes struck there
  int32_t*      tops;     ///< (n_onsets) highest pitch
  int32_t*      bottoms;  ///< (n_onsets) lowest pitch
  int32_t*      longest;  ///< (n_onsets) greatest duration [ticks]
  int32_t*      steps;    ///< (n_onsets - 1) [ticks] to the next onset
  size_t        n_onsets; ///<
} CnBars;

/// Find what sounds when.  @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.  Thread: WORKER
CnStatus
cn_features_sound(const CnBars* bars, double* value);

/// Key of some notes by their durations: 0..11 major and 12..23 minor, from C; -1 if all pitch classes weigh
/// the same.  Its clarity is Pearson's correlation.  Thread: ANY
int
cn_features_key_of(const CnNote* notes, size_t n, double* clarity);

/// Whether the onsets of two bars are at the same places, and if `by_pitch`, of the same keys.  Thread: ANY
bool
cn_grid_is_same_bar(const CnGrid* grid, int32_t a, int32_t b, bool by_pitch);

/// Find keys.  Thread: ANY
void
cn_features_key(const CnBars* bars, double* value);

/// Share of `n` bars from `first` on that have stood before, or in the `n` bars before those.  Thread: ANY
double
cn_features_repeated(const CnGrid* grid, int32_t first, int32_t n);

/// Find how far the notes can be compressed.  @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.
/// Thread: WORKER
CnStatus
cn_features_compressed(const CnBars* bars, double* value);

#endif // CN_FEATURES_INTERNAL_H
