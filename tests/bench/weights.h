// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file weights.h
   Weights for benches, which are random, as time does not depend on what was learnt.
*/

#ifndef CN_BENCH_WEIGHTS_H
#define CN_BENCH_WEIGHTS_H

#include "dsp/base/random.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/// End the bench if something that it needs could not be had.  Thread: INIT
static inline void
cn_bench_refuse(const bool is_refused)
{
  if (is_refused) {
    fprintf(stderr, "bench: out of memory\n");
    exit(1);
  }
}

/// Make `n` weights, the same each time; to be freed.  Thread: INIT
static inline float*
cn_bench_weights(const size_t n)
{
  CnRandom     random  = cn_random(6, 0, 0, 0, 0);
  float* const weights = (float*)malloc(n * sizeof(float));
  cn_bench_refuse(!weights);
  for (size_t i = 0; i < n; ++i) {
    weights[i] = 0.1F * (cn_random_uniform(&random) - 0.5F);
  }
  return weights;
}

#endif // CN_BENCH_WEIGHTS_H
