// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file seed_evaluation.h
   How well the seed's own system predicts pieces: all notes but the first of each, as for every model.

   Pitches that the model leaves out count with what little the network holds of them.
*/

#ifndef CN_SEED_EVALUATION_H
#define CN_SEED_EVALUATION_H

#include "tools/corpus/corpus.h"
#include "tools/judge/scoring.h"

#include "dsp/base/status.h"
#include "dsp/notebook/seed_model.h"

#include <stddef.h>

typedef struct CnSeedEvaluator CnSeedEvaluator;

/**
   @param model Borrowed until cn_seed_evaluator_free().
   @param longest Most notes of a piece.
   @return Null if memory could not be had.

   Thread: INIT
*/
CnSeedEvaluator*
cn_seed_evaluator_new(const CnSeedModel* model, uint32_t longest);

/// Free; null is allowed.  Thread: INIT
void
cn_seed_evaluator_free(CnSeedEvaluator* evaluator);

/**
   Score a piece.

   A model in seconds has its times turned to beats at the pace of the note before.

   @param path Of the piece's file, for a model in seconds.
   @param[out] scoring The model's; losses that it has none of are NaN.
   @param[out] mean That of the mean duration and step that the model learnt, for comparison.
   @param[out] fault What is wrong, in words.
   @return #CN_STATUS_SUCCESS, or why the file could not be read again.

   Thread: WORKER
*/
CnStatus
cn_seed_evaluator_score(CnSeedEvaluator* evaluator, const CnPiece* piece, const char* path,
                        CnScoring* scoring, CnScoring* mean, char* fault, size_t fault_size);

#endif // CN_SEED_EVALUATION_H
