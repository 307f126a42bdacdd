// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file spread.h
   How evenly notes come, beside how they do in the pieces: whether a density is kept by clusters and rests.
*/

#ifndef CN_SPREAD_H
#define CN_SPREAD_H

#include "tools/follow/follow.h"

/// Over the pieces, how far the number of notes of a bar is from its mean: standard deviations by means
typedef struct {
  size_t n;   ///< Pieces
  double sum; ///< Of what was measured
} CnFollowedSpread;

/// What was played
typedef struct {
  CnFollowedSpread real;                         ///< The pieces, from where the phrase ends
  CnFollowedSpread free;                         ///< Own notes, if no density is asked for
  CnFollowedSpread settings[CN_FOLLOW_SETTINGS]; ///< Own notes, at those of CN_MEASURE_DENSITY's control
} CnFollowedSpreads;

/// The control of density, whose settings are played.  Thread: ANY
const CnFollowControl*
cn_follow_density(void);

/**
   Let a planner play at some densities, and as it likes.

   @param[out] followed Added to.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, or a status of the planner.

   Thread: WORKER
*/
CnStatus
cn_follow_spreads_play(const CnPlanner* planner, const CnCorpus* corpus, const CnFollowSettings* settings,
                       CnFollowedSpreads* followed);

#endif // CN_SPREAD_H
