// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file gradient.h
   Loss of a batch of windows, and its gradient by backpropagation through the stack of LSTMs.

   Pitch: cross-entropy in nats.  Timing: squared errors of the two outputs, added.
*/

#ifndef CN_NOTEBOOK_GRADIENT_H
#define CN_NOTEBOOK_GRADIENT_H

#include "tools/notebook/windows.h"

#include "dsp/base/random.h"
#include "dsp/notebook/model.h"

/// Sums over windows
typedef struct {
  double sum;     ///< Of losses
  double n;       ///< Windows
  double n_right; ///< Windows whose key was the likeliest one
} CnNotebookLoss;

typedef struct CnNotebookGradient CnNotebookGradient;

/**
   Make the scratch for batches of up to `capacity` windows.

   @return Null if memory could not be had.

   Thread: INIT
*/
CnNotebookGradient*
cn_notebook_gradient_new(const CnNotebookNet* net, CnNotebookTask task, size_t window, size_t capacity);

/// Free; null is allowed.  Thread: INIT
void
cn_notebook_gradient_free(CnNotebookGradient* gradient);

/**
   Compute a batch's outputs, without dropout, and add its loss.

   @param parameters (net.n_parameters) floats.
   @param[in,out] loss Is added to.
   @return (B, N) probabilities of the keys, or normalised duration and step; valid until the next call.

   Thread: ENGINE
*/
const float*
cn_notebook_gradient_evaluate(CnNotebookGradient* gradient, const float* parameters,
                              const CnNotebookBatch* batch, CnNotebookLoss* loss);

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
cn_notebook_gradient_compute(CnNotebookGradient* gradient, const float* parameters,
                             const CnNotebookBatch* batch, float dropout, CnRandom random,
                             CnNotebookLoss* loss, float* out);

#endif // CN_NOTEBOOK_GRADIENT_H
