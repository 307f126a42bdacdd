// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file layer.h
   Forward pass of one layer of the notebook's networks, for a batch of windows: the same code when
   learning and when playing.

   T: steps, B: windows, D: directions, H: width, I: inputs.  Windows stand by length, longest first, and
   end at the last step.  So at step t the first n_active[t] of them have begun; the others are masked,
   as by Keras's Masking: their state passes through, which is zero before they begin and of no use to
   anyone after the backward direction has left them.
*/

#ifndef CN_NOTEBOOK_LAYER_H
#define CN_NOTEBOOK_LAYER_H

#include "dsp/notebook/model.h"

#include <stddef.h>
#include <stdint.h>

/// How far each step of a batch goes
typedef struct {
  size_t          n_steps;  ///< T
  size_t          n_batch;  ///< B
  const uint32_t* n_active; ///< (T) windows that have begun, never decreasing, at most B
} CnNotebookSpan;

/// What a layer computes; all of it is needed to learn
typedef struct {
  float* gates; ///< (T, B, D, 4H) activations
  float* c;     ///< (T, B, D, H) cell states
  float* h;     ///< (T, B, D, H) outputs, 0 where masked
} CnNotebookTape;

/// Number of floats of a layer's tape, for steps * windows of `n`.  Thread: ANY
size_t
cn_notebook_tape_size(const CnNotebookLayer* layer, size_t n);

/// Point a tape into memory of cn_notebook_tape_size() floats.  Thread: ANY
CnNotebookTape
cn_notebook_tape(const CnNotebookLayer* layer, size_t n, float* memory);

/**
   Run a layer over one window whose products with the input are there already.

   @param inputs (T) those of each step, (D, 4H) floats; not changed.
   @param[out] tape Filled in, but for `gates`: nobody will learn from them.

   Thread: ENGINE
*/
void
cn_notebook_layer_go_on(const CnNotebookLayer* layer, const CnNotebookMatrices* matrices,
                        const CnNotebookSpan* span, const float* const* inputs, const CnNotebookTape* tape);

/**
   Run a layer over a batch: the products of all steps with the input as one, then step by step.

   @param matrices The layer's.
   @param x (T, B, I) inputs, finite also where masked.
   @param[out] tape Filled in.

   Thread: ENGINE
*/
void
cn_notebook_layer_forward(const CnNotebookLayer* layer, const CnNotebookMatrices* matrices,
                          const CnNotebookSpan* span, const float* x, const CnNotebookTape* tape);

#endif // CN_NOTEBOOK_LAYER_H
