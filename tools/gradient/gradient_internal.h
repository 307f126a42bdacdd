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

/// What a trunk keeps of a batch, and of the notes before it: the first member of what a kind has
typedef struct CnTape CnTape;

/// What a kind of trunk does in training
typedef struct {
  /// Free the tape.  Thread: INIT
  void (*free)(CnTape* tape);

  /// Forget all notes.  Thread: ENGINE
  void (*reset)(const CnGradient* g, CnTape* tape);

  /// What is carried, as cn_gradient_state().  Thread: ENGINE
  size_t (*state)(const CnGradient* g, CnTape* tape, float** outputs, float** cells);

  /// From the inputs to the outputs, where `h` then points.  Thread: ENGINE
  void (*forward)(CnGradient* g, float dropout, CnRandom random);

  /// From the gradient of the outputs, in `dropped`, to those of the trunk's weights.  Thread: ENGINE
  void (*backward)(CnGradient* g, float dropout);

  /// Keep what the next batch is to know.  Thread: ENGINE
  void (*carry)(const CnGradient* g, CnTape* tape);
} CnTapeKind;

struct CnTape {
  const CnTapeKind* kind;
};

struct CnGradient {
  CnLayout layout;
  size_t   B; // Streams
  size_t   T; // Steps
  size_t   N; // B * T
  size_t   H; // Width of the trunk
  size_t   W; // Width of its inputs: 4H or 3H for the gates, H for attention
  size_t   D; // Width of a head's hidden layer

  bool           is_trunk_held; // Nobody asks for the gradient of anything but the heads' tables
  CnTape*        tape;
  const float*   h;          // (N, H) outputs of the trunk, which the tape has
  float*         dropped;    // (N, H) outputs after dropout, then their gradient
  uint8_t*       is_kept;    // (N, H) false where dropped
  float*         hidden;     // (N, 4D) hidden layers of the heads, then their gradient
  float*         d_hidden;   // (N, 4D)
  float*         outputs;    // (N, outputs of a head) of one head at a time, then their gradient
  CnPacked       packed;     // The weight that is being multiplied by
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

/// Memory for `n` floats, all 0, on a cache line; null if there is none.  Thread: INIT
float*
cn_gradient_floats(size_t n);

/// Make the tape of recurrent layers; null if memory could not be had.  Thread: INIT
CnTape*
cn_recurrent_tape_new(const CnGradient* g);

/// Make the tape of layers of attention; null if memory could not be had.  Thread: INIT
CnTape*
cn_attention_tape_new(const CnGradient* g);

/// From h to the loss; if a gradient is wanted, from there back to h, left in `dropped`.  Thread: ENGINE
void
cn_heads_run(CnGradient* g, float scale, float dropout, CnRandom random, CnLoss* loss);

/// From h to a draw of each target, factor by factor, as cn_gradient_draw() has it.  Thread: ENGINE
void
cn_heads_draw(CnGradient* g, CnRandom random, CnToken* tokens);

#endif // CN_GRADIENT_INTERNAL_H
