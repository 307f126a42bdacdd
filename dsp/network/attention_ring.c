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

/// How much of a range comes before the ring's end
static size_t
count_older(const CnAttentionRing* const ring, const CnRingRange range)
{
  const size_t room = ring->n_slots - range.slot;
  return range.n < room ? range.n : room;
}

void
cn_attention_ring_score(const CnAttentionRing* const ring, const uint32_t head, const CnRingRange range,
                        const float* const query, float* const scores)
{
  const size_t K     = ring->width;
  const size_t older = count_older(ring, range);
  const size_t first = head * ring->n_slots;
  const size_t row   = first + range.slot;
  const Rows*  keys  = &ring->keys;
  float        scale = 1.0F / sqrtf((float)K);
  if (ring->kind == CN_NUMBER_FLOAT) {
    cn_attend_score(older, K, K, scale, query, keys->floats + row * K, scores);
    cn_attend_score(range.n - older, K, K, scale, query, keys->floats + first * K, scores + older);
    return;
  }
  int8_t rounded[CN_LINEAR_MOST_COLUMNS];
  scale *= cn_round_input(K, query, rounded);
  cn_attend_score8(older, K, scale, rounded, keys->bytes + row * K, keys->scales + row, keys->sums + row,
                   scores);
  cn_attend_score8(range.n - older, K, scale, rounded, keys->bytes + first * K, keys->scales + first,
                   keys->sums + first, scores + older);
}

void
cn_attention_ring_mix(const CnAttentionRing* const ring, const uint32_t head, const CnRingRange range,
                      const float* const shares, float* const heard)
{
  const size_t K      = ring->width;
  const size_t older  = count_older(ring, range);
  const size_t first  = head * ring->n_slots;
  const size_t row    = first + range.slot;
  const Rows*  values = &ring->values;
  memset(heard, 0, K * sizeof(float));
  if (ring->kind == CN_NUMBER_FLOAT) {
    cn_attend_mix(older, K, K, shares, values->floats + row * K, heard);
    cn_attend_mix(range.n - older, K, K, shares + older, values->floats + first * K, heard);
    return;
  }
  cn_attend_mix8(older, K, shares, values->bytes + row * K, values->scales + row, heard);
  cn_attend_mix8(range.n - older, K, shares + older, values->bytes + first * K, values->scales + first,
                 heard);
}

size_t
cn_attention_ring_size(const CnAttentionRing* const ring)
{
  const size_t n_rows = ring->n_heads * ring->n_slots;
  const size_t row    = ring->kind == CN_NUMBER_FLOAT ? ring->width * sizeof(float)
                                                      : ring->width + sizeof(float) + sizeof(int32_t);
  return sizeof(*ring) + 2U * n_rows * row;
}
