// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file evaluation.h
   How well the notebook's networks predicts pieces: all notes but the first of each, as for every model.

   Pitches that the model leaves out count with what little the network holds of them.
*/

#ifndef CN_NOTEBOOK_EVALUATION_H
#define CN_NOTEBOOK_EVALUATION_H

#include "tools/corpus/corpus.h"
#include "tools/judge/scoring.h"

#include "dsp/base/fault.h"
#include "dsp/base/status.h"
#include "dsp/notebook/model.h"

typedef struct CnNotebookEvaluator CnNotebookEvaluator;

/**
   @param model Borrowed until cn_notebook_evaluator_free().
   @param longest Most notes of a piece.
   @return Null if memory could not be had.

   Thread: INIT
*/
CnNotebookEvaluator*
cn_notebook_evaluator_new(const CnNotebookModel* model, uint32_t longest);

/// Free; null is allowed.  Thread: INIT
void
cn_notebook_evaluator_free(CnNotebookEvaluator* evaluator);

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
cn_notebook_evaluator_score(CnNotebookEvaluator* evaluator, const CnPiece* piece, const char* path,
                            CnScoring* scoring, CnScoring* mean, CnFault fault);

#endif // CN_NOTEBOOK_EVALUATION_H
