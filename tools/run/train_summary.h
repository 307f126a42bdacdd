// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file train_summary.h
   What has come out of a training run, in plain words.
*/

#ifndef CN_TRAIN_SUMMARY_H
#define CN_TRAIN_SUMMARY_H

#include "tools/corpus/corpus.h"
#include "tools/gradient/gradient.h"

#include "dsp/base/status.h"
#include "dsp/network/model.h"

#include <stdio.h>

/**
   Say how much was learnt from, how well that went beside a trigram, and whether the model copies.

   @param valid Loss of the weights on #CN_SPLIT_VALID with motif matches; without notes if there are none.
   @param bare Without.
   @return #CN_STATUS_SUCCESS, or why there is nothing to say.

   Thread: WORKER
*/
CnStatus
cn_train_summary_print(FILE* file, const CnModel* model, const CnCorpus* corpus, const CnLoss* valid,
                       const CnLoss* bare);

#endif // CN_TRAIN_SUMMARY_H
