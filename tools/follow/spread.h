// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file spread.h
   How evenly notes come where no density is asked for, and in the pieces: what a density that is kept by
   clusters and rests is to be seen beside.
*/

#ifndef CN_SPREAD_H
#define CN_SPREAD_H

#include "tools/follow/follow.h"

typedef struct {
  CnSpread real; ///< The pieces, from where the phrase ends
  CnSpread free; ///< Own notes, if no density is asked for
} CnFollowedSpreads;

/**
   Let a planner play as it likes.

   @param[out] followed Added to.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, or a status of the planner.

   Thread: WORKER
*/
CnStatus
cn_follow_spreads_play(const CnPlanner* planner, const CnCorpus* corpus, const CnFollowSettings* settings,
                       CnFollowedSpreads* followed);

#endif // CN_SPREAD_H
