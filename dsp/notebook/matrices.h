// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file matrices.h
   The matrices of the notebook's layers: of floats, or of 8 bits where a file has those.
*/

#ifndef CN_NOTEBOOK_MATRICES_H
#define CN_NOTEBOOK_MATRICES_H

#include "dsp/notebook/model.h"

/// The matrices of a layer of floats; they borrow the network's parameters.  Thread: ANY
CnNotebookMatrices
cn_notebook_matrices(const CnNotebookLayer* layer, const float* parameters);

/**
   Round the matrices of a network to 8 bits, but for the product with a note's features, which want more
   steps.

   @param parameters Borrowed for biases and features.
   @param[out] matrices (n_layers).
   @return Their memory, for free(); null if it could not be had, and `matrices` are left alone.

   Thread: WORKER
*/
void*
cn_notebook_matrices_int8(const CnNotebookNet* net, const float* parameters, CnNotebookMatrices* matrices);

#endif // CN_NOTEBOOK_MATRICES_H
