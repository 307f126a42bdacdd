// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file features.h
   What there is in some bars of music, as numbers: how many notes and chords, where, how long, how even,
   in which key, how much of it comes again.

   Music is looked at on the grid of the vocabulary, so that rounding gives nobody away.  Bars are counted
   from tick 0, and are all as long as the first.
*/

#ifndef CN_FEATURES_H
#define CN_FEATURES_H

#include "dsp/base/status.h"
#include "dsp/music/note.h"

#include <stddef.h>
#include <stdint.h>

#define CN_N_FEATURES 36

/// The features, in the order of cn_feature_name()
typedef struct {
  double value[CN_N_FEATURES];
} CnFeatures;

/// Notes on the grid
typedef struct {
  const CnNote* notes;   ///< (n_notes) by onset, then pitch
  size_t        n_notes; ///<
  int32_t       bar;     ///< [ticks] Length of a bar
} CnGrid;

/// Name of a feature, such as "notes a beat".  Thread: ANY
const char*
cn_feature_name(unsigned feature);

/**
   Bring notes to the grid: durations and velocities become those of their classes.

   @param notes (n) by onset, then pitch; notes beyond a piano's keys are taken out.
   @return Number of notes left.

   Thread: ANY
*/
size_t
cn_grid_round(CnNote* notes, size_t n);

/// Index of the first note that begins at a tick or later.  Thread: ANY
size_t
cn_grid_find(const CnGrid* grid, int32_t tick);

/**
   Look at some bars.

   @param first Number of the first bar, from 0.
   @param n_bars How many; an even number.
   @return #CN_STATUS_SUCCESS; #CN_STATUS_NOT_FOUND if they are nearly empty, with fewer than eight notes or
   four onsets; #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_features_find(const CnGrid* grid, int32_t first, int32_t n_bars, CnFeatures* features);

#endif // CN_FEATURES_H
