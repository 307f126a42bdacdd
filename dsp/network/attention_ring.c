// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/network/attention_ring.h"

#include "dsp/kernel/attend.h"
#include "dsp/kernel/dot8.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/// Numbers of one kind, and for those of 8 bits what goes with them
typedef struct {
  float*   floats; // (heads, slots, K)
  int8_t*  bytes;  // (heads, slots, K)
  float*   scales; // (heads, slots)
  int32_t* sums;   // (heads, slots)
} Rows;

struct CnAttentionRing {
  CnNumber kind;
  uint32_t n_heads;
  size_t   width; // K
  size_t   n_slots;
  Rows     keys;
  Rows     values;
};

static bool
allocate(Rows* const rows, const CnNumber kind, const size_t n_rows, const size_t width)
{
  if (kind == CN_NUMBER_FLOAT) {
    rows->floats = calloc(n_rows * width, sizeof(float));
    return rows->floats;
  }
  rows->bytes  = calloc(n_rows, width);
  rows->scales = calloc(n_rows, sizeof(float));
  rows->sums   = calloc(n_rows, sizeof(int32_t));
  return rows->bytes && rows->scales && rows->sums;
}

static void
free_rows(const Rows* const rows)
{
  free(rows->floats);
  free(rows->bytes);
  free(rows->scales);
  free(rows->sums);
}

CnAttentionRing*
cn_attention_ring_new(const CnNumber kind, const uint32_t n_heads, const uint32_t width,
                      const uint32_t n_slots)
{
  assert(width <= CN_LINEAR_MOST_COLUMNS);

  CnAttentionRing* const ring = calloc(1, sizeof(CnAttentionRing));
  if (ring) {
    const size_t n_rows = (size_t)n_heads * n_slots;
    *ring = (CnAttentionRing){.kind = kind, .n_heads = n_heads, .width = width, .n_slots = n_slots};
    if (!allocate(&ring->keys, kind, n_rows, width) || !allocate(&ring->values, kind, n_rows, width)) {
      cn_attention_ring_free(ring);
      return NULL;
    }
  }
  return ring;
}

void
cn_attention_ring_free(CnAttentionRing* const ring)
{
  if (ring) {
    free_rows(&ring->keys);
    free_rows(&ring->values);
    free(ring);
  }
}

static void
keep(const CnAttentionRing* const ring, const Rows* const rows, const size_t row, const float* const x)
{
  const size_t K = ring->width;
  if (ring->kind == CN_NUMBER_FLOAT) {
    memcpy(rows->floats + row * K, x, K * sizeof(float));
    return;
  }
  int8_t* const bytes = rows->bytes + row * K;
  rows->scales[row]   = cn_round8(K, x, bytes);
  rows->sums[row]     = 0;
  for (size_t k = 0; k < K; ++k) {
    rows->sums[row] += bytes[k];
  }
}

void
cn_attention_ring_keep(CnAttentionRing* const ring, const uint32_t head, const uint32_t slot,
                       const float* const key, const float* const value)
{
  const size_t row = head * ring->n_slots + slot;
  keep(ring, &ring->keys, row, key);
  keep(ring, &ring->values, row, value);
}

/// Rows one after another
typedef struct {
  size_t row; // The first
  size_t n;
} Run;

/// The two runs of a range: up to the ring's end, and from its start
static void
find_runs(const CnAttentionRing* const ring, const uint32_t head, const CnRingRange range, Run runs[2])
{
  const size_t first = head * ring->n_slots;
  const size_t room  = ring->n_slots - range.slot;
  runs[0]            = (Run){first + range.slot, range.n < room ? range.n : room};
  runs[1]            = (Run){first, range.n - runs[0].n};
}

void
cn_attention_ring_score(const CnAttentionRing* const ring, const uint32_t head, const CnRingRange range,
                        const float* const query, float* scores)
{
  const size_t      K    = ring->width;
  const Rows* const keys = &ring->keys;
  const bool        is_8 = ring->kind == CN_NUMBER_INT8;
  int8_t            rounded[CN_LINEAR_MOST_COLUMNS];
  const float       scale = 1.0F / sqrtf((float)K) * (is_8 ? cn_round_input(K, query, rounded) : 1.0F);
  Run               runs[2];
  find_runs(ring, head, range, runs);
  for (unsigned r = 0; r < 2; ++r) {
    const size_t row = runs[r].row;
    if (is_8) {
      cn_attend_score8(runs[r].n, K, scale, rounded, keys->bytes + row * K, keys->scales + row,
                       keys->sums + row, scores);
    } else {
      cn_attend_score(runs[r].n, K, K, scale, query, keys->floats + row * K, scores);
    }
    scores += runs[r].n;
  }
}

void
cn_attention_ring_mix(const CnAttentionRing* const ring, const uint32_t head, const CnRingRange range,
                      const float* shares, float* const heard)
{
  const size_t      K      = ring->width;
  const Rows* const values = &ring->values;
  Run               runs[2];
  find_runs(ring, head, range, runs);
  memset(heard, 0, K * sizeof(float));
  for (unsigned r = 0; r < 2; ++r) {
    const size_t row = runs[r].row;
    if (ring->kind == CN_NUMBER_INT8) {
      cn_attend_mix8(runs[r].n, K, shares, values->bytes + row * K, values->scales + row, heard);
    } else {
      cn_attend_mix(runs[r].n, K, K, shares, values->floats + row * K, heard);
    }
    shares += runs[r].n;
  }
}

size_t
cn_attention_ring_size(const CnAttentionRing* const ring)
{
  const size_t n_rows = ring->n_heads * ring->n_slots;
  const size_t row    = ring->kind == CN_NUMBER_FLOAT ? ring->width * sizeof(float)
                                                      : ring->width + sizeof(float) + sizeof(int32_t);
  return sizeof(*ring) + 2U * n_rows * row;
}
