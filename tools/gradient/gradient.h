// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file gradient.h
   Loss of a batch, and its gradient by truncated backpropagation through time.

   The recurrent state, or attention's keys and values, is carried from one batch to the next and no gradient
   flows over that seam (Williams and Peng, 1990).  Everything that can wait for the end of the sequence is
   one large product: only the recurrent product is done a step at a time.
*/

#ifndef CN_GRADIENT_H
#define CN_GRADIENT_H

#include "tools/corpus/stream.h"

#include "dsp/base/random.h"
#include "dsp/network/model.h"

/// Sums over the targets of one or more batches
typedef struct {
  double nll[CN_N_FACTORS]; ///< [nats]
  double n_notes;           ///< Targets
  double n_velocities;      ///< Those whose velocity was played, and counts
  double n_right;           ///< Targets whose pitch was the likeliest one
} CnLoss;

/// Add one loss to another.  Thread: ANY
void
cn_loss_add(CnLoss* sum, const CnLoss* loss);

/// One factor's loss a note [nats]; NaN if there are no notes.  Thread: ANY
double
cn_loss_factor(const CnLoss* loss, CnFactor factor);

/// All factors' loss a note [nats], the velocity's if there are any; NaN if there are no notes.  Thread: ANY
double
cn_loss_mean(const CnLoss* loss);

typedef struct CnGradient CnGradient;

/**
   Make the state and scratch for batches of `n_streams` by `n_steps`.

   @return Null if memory could not be had.

   Thread: INIT
*/
CnGradient*
cn_gradient_new(const CnLayout* layout, size_t n_streams, size_t n_steps);

/// Free; null is allowed.  Thread: INIT
void
cn_gradient_free(CnGradient* gradient);

/// From now on compute the gradient of the heads alone, without that of what the trunk gives them: the rest
/// of it is 0.  Thread: ENGINE
void
cn_gradient_hold_trunk(CnGradient* gradient);

/// Forget the recurrent state of all streams.  Thread: ENGINE
void
cn_gradient_reset(CnGradient* gradient);

/**
   What is carried from one batch to the next, to be kept or to be put back between two calls.

   @param[out] outputs (n) floats: (B, H) outputs of the recurrent layer, or keys of attention.
   @param[out] cells (n) floats: (B, H) states of an LSTM's cells, unused by a GRU, or values of attention.
   @return n

   Thread: ENGINE
*/
size_t
cn_gradient_state(CnGradient* gradient, float** outputs, float** cells);

/**
   Add a batch's loss, without dropout.

   @param parameters (layout.n_parameters) floats.
   @param[in,out] loss Is added to.

   Thread: ENGINE
*/
void
cn_gradient_evaluate(CnGradient* gradient, const float* parameters, const CnBatch* batch, CnLoss* loss);

/**
   Draw each target of a batch from what the network makes of the true notes before it, and of the true
   factors before each factor, without dropout.  Nothing is carried.

   @param[out] tokens (T, B), set where there is a target.

   Thread: ENGINE
*/
void
cn_gradient_draw(CnGradient* gradient, const float* parameters, const CnBatch* batch, CnRandom random,
                 CnToken* tokens);

/**
   Add a batch's loss and compute its gradient.

   @param parameters (layout.n_parameters) floats.
   @param scale Of the loss, as 1 / (B * T) for its mean.
   @param dropout Share of outputs that are dropped, in front of and inside the heads, and of what each half
   of a layer of attention adds.
   @param random Stream of the dropout.
   @param[in,out] loss Is added to, without the scale.
   @param[out] out (layout.n_parameters) gradient of the scaled loss.

   Thread: ENGINE
*/
void
cn_gradient_compute(CnGradient* gradient, const float* parameters, const CnBatch* batch, float scale,
                    float dropout, CnRandom random, CnLoss* loss, float* out);

#endif // CN_GRADIENT_H
