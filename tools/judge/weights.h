// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file weights.h
   Weights files: reading one with a message that names it, and writing one.
*/

#ifndef CN_WEIGHTS_H
#define CN_WEIGHTS_H

#include "tools/judge/lineage.h"

#include "dsp/base/status.h"
#include "dsp/file/safetensors.h"
#include "dsp/model/any_model.h"
#include "dsp/network/model.h"

#include <stdbool.h>
#include <stddef.h>

/**
   Load a model from a file, or say on stderr why not.

   @param command Name of the command, for the message.
   @param path Null: the default model.
   @param[out] lineage What it hands on to weights that are trained from it, to be cleared; null: not wanted.
   @return Null on failure.

   Thread: WORKER
*/
CnModel*
cn_weights_load(const char* command, const char* path, CnLineage* lineage);

/**
   Load a model of any architecture from a file, or say on stderr why not.

   @param path Null: the default model.
   @param[out] model To be freed with cn_any_model_free(); none on failure.
   @return False on failure.

   Thread: WORKER
*/
bool
cn_weights_load_any(const char* command, const char* path, CnAnyModel* model);

/// The same with what it hands on to weights that are trained from it, to be cleared.  Thread: WORKER
bool
cn_weights_load_lineage(const char* command, const char* path, CnAnyModel* model, CnLineage* lineage);

/**
   Write parameters to a file, all or nothing.

   @param metadata (n_metadata) entries next to those that say what the network is.
   @param dtype Type to store them as; of I8 the matrices, and vectors as F32.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, or #CN_STATUS_IO with errno set.

   Thread: WORKER
*/
CnStatus
cn_weights_save(const char* path, const CnLayout* layout, const float* parameters, CnDtype dtype,
                const CnTensorsMetadata* metadata, size_t n_metadata);

#endif // CN_WEIGHTS_H
