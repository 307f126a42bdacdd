// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file model_file.h
   A model file from disk to a planner that is ready to play.
*/

#ifndef CN_MODEL_FILE_H
#define CN_MODEL_FILE_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"
#include "dsp/compose/plan.h"
#include "dsp/model/any_model.h"

/// Weights, which other instances may share, and a composer of our own
typedef struct {
  CnAnyModel    model;
  CnAnyComposer composer;
  CnPlanner     planner; ///< Borrows `composer`; its id is 0 without a model
} CnModelFile;

/**
   Load a weights file, and plan a segment that nobody will hear, so that the first one is not late.

   @param path File in the format of safetensors.
   @param[out] file All zero on failure.
   @param[out] fault What is wrong with the file, in words.
   @return #CN_STATUS_SUCCESS, or a status of cn_model_cache_get().

   Thread: WORKER
*/
CnStatus
cn_model_file_load(const char* path, CnModelFile* file, CnFault fault);

/// Free what was loaded; all zero is allowed.  Thread: WORKER
void
cn_model_file_clear(CnModelFile* file);

#endif // CN_MODEL_FILE_H
