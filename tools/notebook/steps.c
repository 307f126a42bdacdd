// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/notebook/steps.h"

#include "dsp/notebook/features.h"

#include <stdlib.h>

#define BINS CN_NOTEBOOK_STEP_BINS
#define QUANTILES CN_NOTEBOOK_STEP_QUANTILES

// A step as it was foretold, and as it came
typedef struct {
  float foretold;
  float came;
} Pair;

static int
compare_foretold(const void* const a, const void* const b)
{
  const float x = ((const Pair*)a)->foretold;
  const float y = ((const Pair*)b)->foretold;
  return (x > y) - (x < y);
}

static int
compare_came(const void* const a, const void* const b)
{
  const float x = ((const Pair*)a)->came;
  const float y = ((const Pair*)b)->came;
  return (x > y) - (x < y);
}

// Quantiles of what came in a bin; `pairs` are sorted anew
static void
fill_bin(Pair* const pairs, const size_t n, const float scale[2], float came[QUANTILES])
{
  qsort(pairs, n, sizeof(Pair), compare_came);
  for (size_t q = 0; q < QUANTILES; ++q) {
    came[q] = cn_notebook_denormalise(scale, pairs[(2 * q + 1) * n / (2 * QUANTILES)].came);
  }
}

CnStatus
cn_notebook_steps_learn(const float* const foretold, const float* const came, const size_t n,
                        const float scale[2], CnNotebookSteps* const steps)
{
  Pair* const pairs = calloc(n, sizeof(Pair));
  if (!pairs) {
    return CN_STATUS_NO_MEMORY;
  }
  for (size_t i = 0; i < n; ++i) {
    pairs[i] = (Pair){foretold[i], came[i]};
  }
  qsort(pairs, n, sizeof(Pair), compare_foretold);
  for (size_t b = 0; b + 1 < BINS; ++b) {
    steps->edges[b] = cn_notebook_denormalise(scale, pairs[n * (b + 1) / BINS].foretold);
  }
  for (size_t b = 0; b < BINS; ++b) {
    const size_t first = n * b / BINS;
    const size_t in    = n * (b + 1) / BINS - first;
    fill_bin(pairs + first, in ? in : 1, scale, steps->came[b]);
  }
  free(pairs);
  return CN_STATUS_SUCCESS;
}
