// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/judge/judge.h"

#include <math.h>
#include <stdlib.h>

// There is nothing to remember, but null would say that there is no memory
static void*
new_scorer(const void* const model, const uint32_t longest)
{
  (void)model;
  (void)longest;
  return malloc(1);
}

static CnStatus
score(void* const scorer, const CnTrial* const trial, CnScoring* const scoring, CnScoring* const mean,
      const CnFault fault)
{
  (void)scorer;
  (void)mean;
  (void)fault;
  const uint32_t n_notes = trial->piece->n_notes;
  *scoring               = (CnScoring){
                    .all    = {.nll = {NAN, NAN, NAN, NAN}, .n_notes = n_notes ? n_notes - 1.0 : 0.0, .n_right = NAN},
                    .timing = {.absolute = {NAN, NAN}, .squared = {NAN, NAN}}};
  return CN_STATUS_SUCCESS;
}

const CnJudge cn_judge_of_any = {.scorer_new = new_scorer, .scorer_free = free, .score = score};
