// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file evaluation.h
   How well a model predicts pieces, a note at a time, by the code that also plays.
*/

#ifndef CN_EVALUATION_H
#define CN_EVALUATION_H

#include "corpus.h"
#include "gradient.h"

#include "dsp/model.h"

#include <stdbool.h>

/// Losses over some notes; the first note of a piece is not among them
typedef struct {
  CnLoss all;        ///< All notes
  CnLoss non_repeat; ///< Those before which no motif of ten notes comes again
} CnScoring;

typedef struct CnEvaluator CnEvaluator;

/**
   @param model Borrowed until cn_evaluator_free().
   @param longest Most notes of a piece.
   @return Null if memory could not be had.

   Thread: INIT
*/
CnEvaluator*
cn_evaluator_new(const CnModel* model, uint32_t longest);

/// Free; null is allowed.  Thread: INIT
void
cn_evaluator_free(CnEvaluator* evaluator);

/**
   Score a piece.

   @param motif False: motif matches are hidden from the model.

   Thread: ENGINE
*/
CnScoring
cn_evaluator_score(CnEvaluator* evaluator, const CnPiece* piece, bool motif);

/// Add one scoring to another.  Thread: ANY
void
cn_scoring_add(CnScoring* sum, const CnScoring* scoring);

#endif // CN_EVALUATION_H
