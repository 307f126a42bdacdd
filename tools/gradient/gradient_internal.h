// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file gradient_internal.h
   What the two halves of the backward pass share: the recurrent layer and the heads.
*/

#ifndef CN_GRADIENT_INTERNAL_H
#define CN_GRADIENT_INTERNAL_H

#include "tools/gradient/gradient.h"
#include "tools/gradient/packed.h"

#include <stdbool.h>

struct CnGradient {
  CnLayout layout;
  size_t   B; // Streams
  size_t   T; // Steps
  size_t   N; // B * T
  size_t   H; // Width of the recurrent layer
  size_t   W; // Width of its gates: 4H or 3H
  size_t   D; // Width of a head's hidden layer

  float*         h;          // (T + 1, B, H) outputs, the first from the batch before
  float*         c;          // (T + 1, B, H) cell states of an LSTM
  float*         gates;      // (T, B, W) sums, then activations, then their gradient
  float*         recurrent;  // (T, B, W) GRU: products with h, then their gradient
  float*         dropped;    // (N, H) outputs after dropout, then their gradient
  uint8_t*       is_kept;    // (N, H) false where dropped
  float*         hidden;     // (N, 4D) hidden layers of the heads, then their gradient
  float*         d_hidden;   // (N, 4D)
  float*         outputs;    // (N, outputs of a head) of one head at a time, then their gradient
  CnPacked       packed;     // The weight that is being multiplied by
  float*         dh;         // (B, H) gradient that flows back in time
  float*         dc;         // (B, H)
  const float*   parameters; // During a call: (layout.n_parameters)
  const CnBatch* batch;      // During a call
  float*         out;        // During a call: gradient, or null when only the loss is wanted
};

/// A weight of the parameters, or its gradient in `vector`.  Thread: ENGINE
static inline float*
cn_gradient_weight(const CnGradient* const g, float* const vector, const unsigned weight)
{
  return vector + g->layout.place[weight].offset;
}

/// A weight of the parameters that are in use.  Thread: ENGINE
static inline const float*
cn_gradient_parameter(const CnGradient* const g, const unsigned weight)
{
  return g->parameters + g->layout.place[weight].offset;
}

/// Fill h, c and the activations from the inputs.  Thread: ENGINE
void
cn_recurrent_forward(CnGradient* g);

/// From the gradient of all outputs, in `dropped`, to that of the layer's weights.  Thread: ENGINE
void
cn_recurrent_backward(CnGradient* g);

/// From h to the loss; if a gradient is wanted, from there back to h, left in `dropped`.  Thread: ENGINE
void
cn_heads_run(CnGradient* g, float scale, float dropout, CnRandom random, CnLoss* loss);

#endif // CN_GRADIENT_INTERNAL_H
