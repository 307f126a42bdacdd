// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file tiny_model.h
   Weights that know nothing, for tests that need some but must not depend on a training.
*/

#ifndef CN_TINY_MODEL_H
#define CN_TINY_MODEL_H

#include "dsp/base/status.h"
#include "dsp/network/model.h"

#include <stdint.h>

/**
   Write a weights file of a small network with random weights, the same for the same seed.

   It likes a few onsets and keys better than others, so that it plays in nearly every segment, and that
   motifs come again.

   @return #CN_STATUS_SUCCESS, or why not.

   Thread: ANY
*/
CnStatus
cn_tiny_model(const char* path, uint32_t seed);

/// The same with a trunk of attention; that of cn_tiny_model() is an LSTM.  @return #CN_STATUS_SUCCESS, or
/// why not.  Thread: ANY
CnStatus
cn_tiny_attention(const char* path, CnDistance distance, uint32_t seed);

#endif // CN_TINY_MODEL_H
