// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file attention_ring.h
   The keys and values of the last notes, by head: what a trunk of attention remembers.

   The heads of all layers stand one after another, and each has a ring of its own: what it compares and sums
   lies in one piece.  The numbers are of the kind that the model's are.  As 8-bit integers, each key and each
   value with a scale, they take a quarter of the memory, which is what a note's time goes into.
*/

#ifndef CN_ATTENTION_RING_H
#define CN_ATTENTION_RING_H

#include "dsp/kernel/linear.h"

#include <stddef.h>
#include <stdint.h>

typedef struct CnAttentionRing CnAttentionRing;

/// Notes that are heard, by place in the ring; beyond its end they go on at its start
typedef struct {
  uint32_t slot; ///< Of the oldest
  uint32_t n;    ///< At most as many as there are slots
} CnRingRange;

/**
   Make rings; what is never kept costs no memory.

   @param n_heads Of all layers together.
   @param width K of each head, at most #CN_LINEAR_MOST_COLUMNS.
   @param n_slots Notes that are kept.
   @return Null if memory could not be had.

   Thread: INIT
*/
CnAttentionRing*
cn_attention_ring_new(CnNumber kind, uint32_t n_heads, uint32_t width, uint32_t n_slots);

/// Free rings; null is allowed.  Thread: INIT
void
cn_attention_ring_free(CnAttentionRing* ring);

/// Keep a head's key and value of a note, (K) floats each.  Thread: ENGINE
void
cn_attention_ring_keep(CnAttentionRing* ring, uint32_t head, uint32_t slot, const float* key,
                       const float* value);

/**
   scores[i] += query . key i / sqrt(K), for the keys of a range.

   @param query (K) floats.
   @param[in,out] scores (n) floats, the oldest note's first.

   Thread: ENGINE
*/
void
cn_attention_ring_score(const CnAttentionRing* ring, uint32_t head, CnRingRange range, const float* query,
                        float* scores);

/**
   heard = the sum of a range's values, each times its share.

   @param shares (n) floats, the oldest note's first.
   @param[out] heard (K) floats.

   Thread: ENGINE
*/
void
cn_attention_ring_mix(const CnAttentionRing* ring, uint32_t head, CnRingRange range, const float* shares,
                      float* heard);

/// What the rings occupy [bytes].  Thread: ANY
size_t
cn_attention_ring_size(const CnAttentionRing* ring);

#endif // CN_ATTENTION_RING_H
