// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file weights.h
   Writing weights files of the notebook's networks; dsp/notebook/model.h has the format.
*/

#ifndef CN_NOTEBOOK_WEIGHTS_H
#define CN_NOTEBOOK_WEIGHTS_H

#include "dsp/base/status.h"
#include "dsp/file/safetensors.h"
#include "dsp/notebook/model.h"

#include <stddef.h>

/**
   Write the pair of networks to a file, all or nothing.

   @param steps To draw steps from, or null: none.
   @param parameters For each network (n_parameters) floats.
   @param dtype Type to store them as; the preprocessing's numbers and the steps stay whole.
   @param metadata (n_metadata) entries next to those that say what the networks are.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, or #CN_STATUS_IO with errno set.

   Thread: WORKER
*/
CnStatus
cn_notebook_weights_save(const char* path, const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS],
                         const CnNotebookScale* scale, const CnNotebookSteps* steps,
                         const float* const parameters[CN_N_NOTEBOOK_TASKS], CnDtype dtype,
                         const CnTensorsMetadata* metadata, size_t n_metadata);

#endif // CN_NOTEBOOK_WEIGHTS_H
