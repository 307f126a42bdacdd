// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file evaluate_between.h
   What `evaluate --between` does: a model leads from passages of pieces to later ones, and is measured.
*/

#ifndef CN_EVALUATE_BETWEEN_H
#define CN_EVALUATE_BETWEEN_H

#include "tools/between/between.h"
#include "tools/corpus/corpus.h"

#include "dsp/model/any_model.h"

#include <jansson.h>

/**
   Let a model lead, and tell whether it does.

   @param object Where the figures are added as "between", or null: they are printed.
   @return #CN_EXIT_OK, or #CN_EXIT_FAILURE once the reason is printed.

   Thread: WORKER
*/
int
cn_evaluate_between(const CnAnyModel* model, const CnCorpus* corpus, const CnBetweenSettings* settings,
                    json_t* object);

#endif // CN_EVALUATE_BETWEEN_H
