// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/run/train_rounding.h"

#include "tools/judge/evaluation.h"

#include <math.h>

#define MOST_NOTES 10000 // A few seconds

static CnStatus
score(const CnModel* const model, const CnCorpus* const corpus, double* const loss)
{
  CnEvaluator* const evaluator = model ? cn_evaluator_new(model, corpus->longest) : NULL;
  CnScoring          sum       = {.all = {.n_notes = 0.0}};
  if (!evaluator) {
    return CN_STATUS_NO_MEMORY;
  }
  for (size_t i = 0; i < corpus->n_pieces && sum.all.n_notes < 2.0 * MOST_NOTES; ++i) {
    for (unsigned motif = 0; corpus->pieces[i].split == CN_SPLIT_VALID && motif < 2; ++motif) {
      const CnScoring scoring = cn_evaluator_score(evaluator, &corpus->pieces[i], motif, false, 0);
      cn_scoring_add(&sum, &scoring);
    }
  }
  *loss = sum.all.n_notes > 0.0 ? cn_loss_mean(&sum.all) : (double)NAN;
  cn_evaluator_free(evaluator);
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_train_rounding_loss(const CnLayout* const layout, const float* const parameters,
                       const CnCorpus* const corpus, double* const loss)
{
  double         by_floats = 0.0;
  double         by_bytes  = 0.0;
  CnModel* const full      = cn_model_new(layout, parameters);
  CnModel* const rounded   = cn_model_new_int8(layout, parameters);
  CnStatus       status    = score(full, corpus, &by_floats);
  status                   = status ? status : score(rounded, corpus, &by_bytes);
  *loss                    = by_bytes - by_floats;
  cn_model_free(full);
  cn_model_free(rounded);
  return status;
}
