// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file gradient_internal.h
   What the parts of the backward pass share: the trunks and the heads.
*/

#ifndef CN_GRADIENT_INTERNAL_H
#define CN_GRADIENT_INTERNAL_H

#include "tools/gradient/gradient.h"
#include "tools/gradient/packed.h"

#include <stdbool.h>

/// What attention keeps of a batch, and of the notes before it
typedef struct CnAttentionTape CnAttentionTape;

struct CnGradient {
  CnLayout layout;
  size_t   B; // Streams
  size_t   T; // Steps
  size_t   N; // B * T
  size_t   H; // Width of the trunk
  size_t   W; // Width of its inputs: 4H or 3H for the gates, H for attention
  size_t   D; // Width of a head's hidden layer

  CnAttentionTape* tape; // Of attention; else null

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

/// Sums of the rows of all inputs and the bias; `to` is (N, W).  Thread: ENGINE
void
cn_inputs_forward(const CnGradient* g, float* to);

/// From the gradient of those sums to those of the rows and of the bias.  Thread: ENGINE
void
cn_inputs_backward(const CnGradient* g, const float* d);

/// Drop a share of `from` into `to`, which may be the same, and scale up the rest; goes on in `random`.
/// Thread: ENGINE
void
cn_drop(CnRandom* random, float dropout, size_t n, const float* from, uint8_t* is_kept, float* to);

/// From the gradient of what cn_drop() gave to that of what it was given, in place.  Thread: ENGINE
void
cn_drop_backward(float dropout, size_t n, const uint8_t* is_kept, float* d);

/// Make room for layers of attention; null if memory could not be had.  Thread: INIT
CnAttentionTape*
cn_attention_tape_new(const CnGradient* g);

/// Free it; null is allowed.  Thread: INIT
void
cn_attention_tape_free(CnAttentionTape* tape);

/// Forget all notes.  Thread: ENGINE
void
cn_attention_reset(const CnGradient* g, CnAttentionTape* tape);

/// As cn_gradient_state().  Thread: ENGINE
size_t
cn_attention_state(CnAttentionTape* tape, float** keys, float** values);

/// Room for the greatest weight of a layer, laid out as `panels_size` says [floats].  Thread: ANY
size_t
cn_attention_panels(const CnGradient* g, size_t (*panels_size)(size_t k, size_t n));

/// Fill h from the inputs, through all layers.  Thread: ENGINE
void
cn_attention_forward(CnGradient* g, float dropout, CnRandom random);

/// From the gradient of all outputs, in `dropped`, to those of the layers' weights.  Thread: ENGINE
void
cn_attention_backward(CnGradient* g, float dropout);

/// Keep the batch's keys and values for the next one.  Thread: ENGINE
void
cn_attention_carry(const CnGradient* g, CnAttentionTape* tape);

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
