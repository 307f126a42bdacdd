// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file score_part.h
   Some bars of a score, as a score of their own.
*/

#ifndef CN_SCORE_PART_H
#define CN_SCORE_PART_H

#include "dsp/base/status.h"
#include "dsp/music/score.h"

#include <stdint.h>

/**
   Cut the notes that begin in a range out of a score.

   The range begins at tick 0 of the part, with the tempo and the metre that hold there.  Notes end with the
   range at the latest, and the part is as long as the range is.  Only notes are taken over: no drums,
   programs or pedals.

   @param from [ticks] Where the range begins; at least 0.
   @param to [ticks] Where it ends.
   @param[out] part To be freed with cn_score_free(); null on failure.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NOT_FOUND if no note begins there, #CN_STATUS_BAD_ARG if it is no
   range, or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_score_part(const CnScore* score, int32_t from, int32_t to, CnScore** part);

#endif // CN_SCORE_PART_H
