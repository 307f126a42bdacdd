// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file tiny_notebook.h
   Weights of the notebook's networks that know nothing, for tests that must not depend on a training.
*/

#ifndef CN_TINY_NOTEBOOK_H
#define CN_TINY_NOTEBOOK_H

#include "dsp/notebook/model.h"

#include <stdint.h>

/// A scale that leaves out the two highest keys; at most 4 beats, or seconds, long.  Thread: ANY
CnNotebookScale
cn_tiny_notebook_scale(CnNotebookUnit unit);

/// A small model with random weights, the same for the same seed; to be freed.  Thread: ANY
CnNotebookModel*
cn_tiny_notebook_model(uint32_t seed, CnNotebookUnit unit);

/**
   Write the weights file of such a model, in 16-bit floats.

   @return #CN_STATUS_SUCCESS, or why not.

   Thread: ANY
*/
CnStatus
cn_tiny_notebook(const char* path, uint32_t seed, CnNotebookUnit unit);

#endif // CN_TINY_NOTEBOOK_H
