// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file measures.h
   What controls ask for, as measured in the notes that were played.
*/

#ifndef CN_MEASURES_H
#define CN_MEASURES_H

#include "tools/judge/continuation.h"

#include "dsp/music/score.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What is measured
typedef enum {
  CN_MEASURE_DENSITY,   ///< Notes a quarter
  CN_MEASURE_LENGTH,    ///< [quarters] geometric mean of the durations
  CN_MEASURE_MOTION,    ///< [semitones] mean of cn_aim_distance()
  CN_MEASURE_LOWEST,    ///< [MIDI note numbers] lowest key
  CN_MEASURE_HIGHEST,   ///< [MIDI note numbers] highest key
  CN_MEASURE_POLYPHONY, ///< Most keys that sound at once
  CN_MEASURE_LOUDNESS,  ///< [percent] mean velocity, of the phrase's mean velocity
} CnMeasure;

#define CN_N_MEASURES 7

/// A value of each
typedef struct {
  double value[CN_N_MEASURES];
} CnMeasures;

/// How evenly notes come, over some scores: standard deviations of the numbers of notes of bars, by means
typedef struct {
  size_t n;   ///< Scores
  double sum; ///< Of what was measured
} CnSpread;

/**
   Measure a continuation.

   @param score As cn_score_continue() makes it.
   @param[out] measures Untouched if there is nothing to measure.
   @return False if it has no note, or its phrase none.

   Thread: ANY
*/
bool
cn_measures_find(const CnScore* score, const CnContinuation* place, CnMeasures* measures);

/**
   Measure how evenly the notes of a part come in the bars that are whole between two places [ticks].

   @param[in,out] spread Added to, if there is a note.

   Thread: ANY
*/
void
cn_spread_add(const CnScore* score, unsigned part, int32_t from, int32_t until, CnSpread* spread);

#endif // CN_MEASURES_H
