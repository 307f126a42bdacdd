// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file evaluation.h
   How well a model predicts pieces, a note at a time, by the code that also plays.
*/

#ifndef CN_EVALUATION_H
#define CN_EVALUATION_H

#include "tools/corpus/corpus.h"
#include "tools/judge/scoring.h"

#include "dsp/network/model.h"

#include <stdbool.h>

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

   The model learns from the notes that went before, if it does so while it listens.

   Timing is predicted by the mean of the classes, the duration knowing onset and pitch as the head does.

   @param motif False: motif matches are hidden from the model.
   @param chords True: the model is told the chord of each note's half bar.
   @param following [bars] The model is told what follows each line of so many bars; 0: of none.

   Thread: ENGINE
*/
CnScoring
cn_evaluator_score(CnEvaluator* evaluator, const CnPiece* piece, bool motif, bool chords, uint32_t following);

#endif // CN_EVALUATION_H
