// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file tiny_seed.h
   Weights of the seed's own system that know nothing, for tests that must not depend on a training.
*/

#ifndef CN_TINY_SEED_H
#define CN_TINY_SEED_H

#include "dsp/notebook/seed_model.h"

#include <stdint.h>

/// A scale that leaves out the two highest keys; at most 4 beats, or seconds, long.  Thread: ANY
CnSeedScale
cn_tiny_seed_scale(CnSeedUnit unit);

/// A small model with random weights, the same for the same seed; to be freed.  Thread: ANY
CnSeedModel*
cn_tiny_seed_model(uint32_t seed, CnSeedUnit unit);

/**
   Write the weights file of such a model, in 16-bit floats.

   @return #CN_STATUS_SUCCESS, or why not.

   Thread: ANY
*/
CnStatus
cn_tiny_seed(const char* path, uint32_t seed, CnSeedUnit unit);

#endif // CN_TINY_SEED_H
