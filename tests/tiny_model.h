// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file tiny_model.h
   Weights that know nothing, for tests that need some but must not depend on a training.
*/

#ifndef CN_TINY_MODEL_H
#define CN_TINY_MODEL_H

#include <stddef.h>
#include <stdint.h>

/**
   Make a weights file of a small network with random weights, the same for the same seed.

   Its dt is mostly short, so that it plays in nearly every segment.

   @param[out] data (size) bytes, to be freed with free(); null if memory could not be had.

   Thread: ANY
*/
void
cn_tiny_model(uint32_t seed, uint8_t** data, size_t* size);

#endif // CN_TINY_MODEL_H
