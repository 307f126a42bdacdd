// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file train_summary.h
   What has come out of a training run, in plain words.
*/

#ifndef CN_TRAIN_SUMMARY_H
#define CN_TRAIN_SUMMARY_H

#include "tools/corpus/corpus.h"
#include "tools/learn/trainer.h"

#include "dsp/base/status.h"
#include "dsp/network/model.h"

#include <stdio.h>

/// What a run has led to; all borrowed
typedef struct {
  const CnModel*  model;
  const CnCorpus* corpus;
  const CnLearnt* known; ///< Pieces that the weights that it began with have learnt; null: it began with none
  const CnProgress* before; ///< Those, on #CN_SPLIT_VALID; without notes if there are none
  const CnProgress* after;  ///< The model, on #CN_SPLIT_VALID; without notes if there is none
  float             rate;   ///< That it learnt at
} CnTrainOutcome;

/**
   Say how much was learnt from, how well that went beside a trigram and the weights that it began with, and
   whether the model copies.

   @return #CN_STATUS_SUCCESS, or why there is nothing to say.

   Thread: WORKER
*/
CnStatus
cn_train_summary_print(FILE* file, const CnTrainOutcome* outcome);

#endif // CN_TRAIN_SUMMARY_H
