// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file model_file.h
   A model file from disk to a planner.
*/

#ifndef CN_MODEL_FILE_H
#define CN_MODEL_FILE_H

#include "dsp/composer.h"
#include "dsp/model.h"
#include "dsp/plan.h"
#include "dsp/status.h"

#include <stddef.h>

#define CN_MODEL_FILE_DEFAULT "models/default.safetensors" ///< In the bundle
#define CN_MODEL_FILE_MAX_SIZE 268435456L                  ///< [bytes] of a file that we would read

/// A model that has been loaded, and who composes with it; all zero: none
typedef struct {
  CnModel*    model;
  CnComposer* composer;
  CnPlanner   planner; ///< Borrows `composer`; its id is 0 without a model
} CnModelFile;

/**
   Load a weights file.

   @param path File in the format of safetensors.
   @param[out] file All zero on failure.
   @param[out] fault What is wrong with the file, in words.
   @param fault_size [bytes] of `fault`, above 0.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_IO, #CN_STATUS_TOO_LARGE, #CN_STATUS_NO_MEMORY, or a status of
   cn_model_load().

   Thread: WORKER
*/
CnStatus
cn_model_file_load(const char* path, CnModelFile* file, char* fault, size_t fault_size);

/// Free what was loaded, if anything; no engine may still have the planner.  Thread: INIT
void
cn_model_file_clear(CnModelFile* file);

#endif // CN_MODEL_FILE_H
