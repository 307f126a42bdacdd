// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/sampler.h"

#include "dsp/kernel/kernel_math.h"

#include <assert.h>

// Move the possible classes to the front, and say how many they are
static size_t
gather_possible(const size_t n, const float* const logits, const bool* const is_possible,
                uint8_t* const order, float* const p)
{
  size_t n_possible = 0;
  for (size_t i = 0; i < n; ++i) {
    if (!is_possible || is_possible[i]) {
      order[n_possible] = (uint8_t)i;
      p[n_possible++]   = logits[i];
    }
  }
  return n_possible;
}

// Sort from likely to unlikely; of equals, the lower class first.  There are few, mostly far apart
static void
sort_likely(const size_t n, uint8_t* const order, float* const p)
{
  for (size_t i = 1; i < n; ++i) {
    const float   value = p[i];
    const uint8_t which = order[i];
    size_t        at    = i;
    for (; at > 0 && p[at - 1] < value; --at) {
      p[at]     = p[at - 1];
      order[at] = order[at - 1];
    }
    p[at]     = value;
    order[at] = which;
  }
}

unsigned
cn_sample(const size_t n, float* const logits, const bool* const is_possible, const float temperature,
          const float top_p, const float uniform)
{
  assert(n <= CN_MAX_CLASSES);

  uint8_t      order[CN_MAX_CLASSES];
  float        p[CN_MAX_CLASSES];
  const size_t n_possible = gather_possible(n, logits, is_possible, order, p);
  assert(n_possible > 0);
  sort_likely(n_possible, order, p);

  float       sum = 0.0F;
  const float top = p[0];
  for (size_t i = 0; i < n_possible; ++i) {
    p[i] = cn_expf((p[i] - top) / temperature);
    sum += p[i];
  }

  size_t n_kept = 0;
  float  kept   = 0.0F;
  while (n_kept < n_possible && (n_kept == 0 || kept < top_p * sum)) {
    kept += p[n_kept++];
  }

  float left = uniform * kept;
  for (size_t i = 0; i + 1 < n_kept; ++i) {
    left -= p[i];
    if (left < 0.0F) {
      return order[i];
    }
  }
  return order[n_kept - 1];
}
