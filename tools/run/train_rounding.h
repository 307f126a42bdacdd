// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file train_rounding.h
   Whether the weights of a run may be rounded to 8 bits.
*/

#ifndef CN_TRAIN_ROUNDING_H
#define CN_TRAIN_ROUNDING_H

#include "tools/corpus/corpus.h"

#include "dsp/network/model.h"

#define CN_MOST_ROUNDING_LOSS 0.005 ///< [nats] a note, a fourth of what two random seeds differ by

/**
   What 8 bits cost on pieces for validation, some 10000 notes of them, once with motifs and once without.

   @param parameters (layout.n_parameters) floats.
   @param[out] loss [nats] a note more than by floats; NaN if there is nothing to judge by.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_train_rounding_loss(const CnLayout* layout, const float* parameters, const CnCorpus* corpus, double* loss);

#endif // CN_TRAIN_ROUNDING_H
