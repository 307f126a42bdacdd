// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file gradient_attention.h
   What layers of attention keep of a batch, and what their heads do with it.

   Keys and values of the last notes of the batches before are heard, and no gradient flows into them, as in
   Transformer-XL (Dai et al. 2019).  They stand in a ring in the order in which they were written, as a sum
   does not ask for any.

   K: width of a head, w: notes in the ring, S: w + T, what a step may hear.
*/

#ifndef CN_GRADIENT_ATTENTION_H
#define CN_GRADIENT_ATTENTION_H

#include "tools/gradient/gradient_internal.h"

typedef struct {
  CnTape tape;
  size_t L;
  size_t n_heads;
  size_t K;
  size_t w;
  size_t S;
  size_t F; // Width of the hidden layer of a block

  // Carried from one batch to the next
  float* keys;    // (L, B, w, H), then the onsets and the next slot
  float* onsets;  // (B, w) [ticks], below 0 where there is nothing to hear
  float* slot;    // (1) where the next note goes
  float* values;  // (L, B, w, H)
  size_t n_state; // Floats of all from `keys` on, and room of `values`

  float*   x;         // (2L + 1, N, H) what flows, before each half of each layer and at the end
  float*   scales;    // (2L + 1, N) one over its root mean square
  float*   normed;    // (2L + 1, N, H)
  float*   qkv;       // (L, N, 3H)
  float*   shares;    // (L, B, heads, T, S)
  float*   heard;     // (L, N, H)
  float*   hidden;    // (L, N, F)
  uint8_t* is_kept;   // (2L, N, H) false where dropped
  uint8_t* spans;     // (B, T, S)
  float*   rotations; // (N, K) where they are asked for
  float*   branch;    // (N, H) what a half adds, then its gradient
  float*   d_x;       // (N, H)
  float*   d_normed;  // (N, H)
  float*   d_qkv;     // (N, 3H)
  float*   d_hidden;  // (N, F)
  float*   d_scores;  // (T, S)
} CnAttentionTape;

/// The last step up to `t` at which a piece of stream `b` begins, or -1.  Thread: ENGINE
ptrdiff_t
cn_attention_begin(const CnGradient* g, size_t b, size_t t);

/// Find how far away everything is that each step hears, for all heads and layers.  Thread: ENGINE
void
cn_attention_find_spans(const CnGradient* g, CnAttentionTape* tape);

/// What a head of a layer hears in one stream, from the layer's queries, keys and values.  Thread: ENGINE
void
cn_attention_head_forward(const CnGradient* g, const CnAttentionTape* tape, size_t layer, size_t b,
                          size_t head);

/// From the gradient of what the head hears, in d_normed, to those of its queries, keys, values and biases.
/// Thread: ENGINE
void
cn_attention_head_backward(const CnGradient* g, CnAttentionTape* tape, size_t layer, size_t b, size_t head);

#endif // CN_GRADIENT_ATTENTION_H
