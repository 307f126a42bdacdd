// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file infill.h
   Bars composed between two scores, so that they lead into the second.

   Several continuations of the first are composed, by a model that knows of the second if it has learnt to
   lead, and the one is kept after which the model is least surprised by the bars that follow.
*/

#ifndef CN_INFILL_H
#define CN_INFILL_H

#include "tools/judge/continuation.h"

#include "dsp/compose/plan.h"
#include "dsp/music/score.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_INFILL_CANDIDATES 16 ///< As a rule
#define CN_INFILL_BARS 2        ///< That follow, and count

/// What is asked for
typedef struct {
  CnContinuationSettings continuation; ///< The first candidate is as this says
  uint32_t               n_candidates; ///< At least 1
  bool                   hides;        ///< They are composed as if nothing followed
} CnInfillSettings;

/// What came of it
typedef struct {
  CnContinuation place;   ///< Of the bars between; the second score begins at its end
  uint32_t       chosen;  ///< Number of the candidate, from 0 on
  double         nats[2]; ///< A note of the bars that follow: after the first candidate, and the chosen one
} CnInfill;

/// [ticks] where the bars of a score end that are counted after bars between: from the first that has a note
/// on.  Thread: ANY
int32_t
cn_following_end(const CnScore* after);

/**
   Find out how surprised a model is by the bars that follow a passage.

   @param before What comes before; it sounds up to `line` at most.
   @param after What follows from its tick 0, which falls on `line` [ticks], on; has a note.
   @param[out] nats A note of those bars.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_UNSUPPORTED if the planner tells no likelihoods,
   #CN_STATUS_NO_MEMORY, or a status of the planner.

   Thread: WORKER
*/
CnStatus
cn_following_surprise(const CnPlanner* planner, const CnScore* before, const CnScore* after, int32_t line,
                      double* nats);

/**
   Compose bars between two scores.

   They are in the metre and tempo with which `before` ends, and end where `after` begins, with its own.

   @param before With one note at least.
   @param after Likewise.
   @param[out] result All three, with both sounds; to be freed with cn_score_free(); null on failure.
   @return As cn_score_continue() or cn_following_surprise().

   Thread: WORKER
*/
CnStatus
cn_score_infill(const CnScore* before, const CnScore* after, const CnPlanner* planner,
                const CnInfillSettings* settings, CnScore** result, CnInfill* infill);

#endif // CN_INFILL_H
