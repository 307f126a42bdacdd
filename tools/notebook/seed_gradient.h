// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file seed_gradient.h
   Loss of a batch of windows, and its gradient by backpropagation through the stack of LSTMs.

   Pitch: cross-entropy in nats.  Timing: squared errors of the two outputs, added.
*/

#ifndef CN_SEED_GRADIENT_H
#define CN_SEED_GRADIENT_H

#include "tools/notebook/seed_windows.h"

#include "dsp/base/random.h"
#include "dsp/notebook/seed_model.h"

/// Sums over windows
typedef struct {
  double sum;     ///< Of losses
  double n;       ///< Windows
  double n_right; ///< Windows whose key was the likeliest one
} CnSeedLoss;

typedef struct CnSeedGradient CnSeedGradient;

/**
   Make the scratch for batches of up to `capacity` windows.

   @return Null if memory could not be had.

   Thread: INIT
*/
CnSeedGradient*
cn_seed_gradient_new(const CnSeedNet* net, CnSeedTask task, size_t window, size_t capacity);

/// Free; null is allowed.  Thread: INIT
void
cn_seed_gradient_free(CnSeedGradient* gradient);

/**
   Compute a batch's outputs, without dropout, and add its loss.

   @param parameters (net.n_parameters) floats.
   @param[in,out] loss Is added to.
   @return (B, N) probabilities of the keys, or normalised duration and step; valid until the next call.

   Thread: ENGINE
*/
const float*
cn_seed_gradient_evaluate(CnSeedGradient* gradient, const float* parameters, const CnSeedBatch* batch,
                          CnSeedLoss* loss);

/**
   Add a batch's loss and compute the gradient of its mean.

   @param parameters (net.n_parameters) floats.
   @param dropout Share of the layers' outputs that are dropped; the others are raised for it.
   @param random Stream of the dropout; its last place is left to us.
   @param[in,out] loss Is added to.
   @param[out] out (net.n_parameters) gradient.

   Thread: ENGINE
*/
void
cn_seed_gradient_compute(CnSeedGradient* gradient, const float* parameters, const CnSeedBatch* batch,
                         float dropout, CnRandom random, CnSeedLoss* loss, float* out);

#endif // CN_SEED_GRADIENT_H
