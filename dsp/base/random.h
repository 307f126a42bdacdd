// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file random.h
   Counter-based random numbers: a draw is a pure function of its key and its place.

   Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3"
   (SC 2011), so that no draw depends on how many were made before it.
*/

#ifndef CN_RANDOM_H
#define CN_RANDOM_H

#include "dsp/base/attributes.h"

#include <stdint.h>

/// A stream: draws differ between streams that differ in any part
typedef struct {
  uint32_t key[2];   ///< What the stream belongs to, such as a take
  uint32_t place[3]; ///< Where in it, such as a segment
  uint32_t count;    ///< Number of draws so far
} CnRandom;

/// The Philox4x32-10 block function.  Thread: ANY
CN_AUDIO void
cn_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/// A stream at its start.  Thread: ANY
CN_AUDIO CnRandom
cn_random(uint32_t key0, uint32_t key1, uint32_t place0, uint32_t place1, uint32_t place2);

/// The stream's next 32 bits.  Thread: ANY
CN_AUDIO uint32_t
cn_random_bits(CnRandom* random);

/// The stream's next number in [0, 1).  Thread: ANY
CN_AUDIO float
cn_random_uniform(CnRandom* random);

/// The stream's next integer in [0, n), n above 0.  Thread: ANY
CN_AUDIO uint32_t
cn_random_below(CnRandom* random, uint32_t n);

#endif // CN_RANDOM_H
