// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file model_cache.h
   The weights that this process has in memory: one copy of a file, however many instances play by it.
*/

#ifndef CN_MODEL_CACHE_H
#define CN_MODEL_CACHE_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"
#include "dsp/file/compressed.h"
#include "dsp/model/any_model.h"

#include <stddef.h>

#define CN_MODEL_CARD_SIZE 512 ///< [bytes] of what a model says of itself, with the null
#define CN_MODEL_FILE_MAX_SIZE CN_COMPRESSED_MOST_SIZE ///< [bytes] of a file that we would read

/**
   Get the model of a weights file, which is read unless somebody has it already.

   A file is known by its place on the disk, its size and its time of change: one that was trained
   further is another.

   @param path File in the format of safetensors.
   @param[out] model To be given back with cn_model_cache_put(); all null on failure.
   @param[out] fault What is wrong with the file, in words.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_IO, #CN_STATUS_UNSUPPORTED for a pipe, a device or a folder,
   #CN_STATUS_TOO_LARGE, #CN_STATUS_NO_MEMORY, or a status of cn_any_model_load().

   Thread: WORKER
*/
CnStatus
cn_model_cache_get(const char* path, CnAnyModel* model, CnFault fault);

/// Say what a model that was got is, what it has learnt from, and its licence and credit.  Thread: WORKER
void
cn_model_cache_describe(const CnAnyModel* model, char* text, size_t size);

/// Give back a model; the last one frees it, and none is allowed.  Thread: WORKER
void
cn_model_cache_put(const CnAnyModel* model);

#endif // CN_MODEL_CACHE_H
