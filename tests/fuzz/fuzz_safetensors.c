// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file fuzz_safetensors.c
   Open any bytes as safetensors; whatever opens must read, list and write without a fault of ours.
*/

#include "dsp/file/safetensors.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

/// Read a tensor, and write it again if that went well
static void
copy_tensor(const CnTensors* const tensors, const CnTensorInfo* const info, CnTensorsWriter* const writer)
{
  char         fault[64];
  float* const values = (float*)malloc(info->n_elements * sizeof(float));
  if (values && !cn_tensors_read(tensors, info->name, info->shape, info->rank, values, CN_FAULT(fault))) {
    const CnDtype dtype =
        info->dtype == CN_DTYPE_I8 ? CN_DTYPE_F32 : info->dtype; // Its scales are there already
    if (cn_tensors_writer_add(writer, info->name, dtype, info->shape, info->rank, values)) {
      abort(); // What could be read can be written
    }
  }
  free(values);
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  CnTensors* tensors = NULL;
  if (cn_tensors_open(data, size, &tensors, CN_NO_FAULT)) {
    return 0;
  }
  CnTensorsWriter* const writer = cn_tensors_writer_new();
  for (size_t i = 0; i < cn_tensors_metadata_count(tensors); ++i) {
    const CnTensorsMetadata* const entry = cn_tensors_metadata_get(tensors, i);
    if (cn_tensors_writer_add_metadata(writer, entry->key, entry->value)) {
      abort();
    }
  }
  for (size_t i = 0; i < cn_tensors_count(tensors); ++i) {
    copy_tensor(tensors, cn_tensors_get(tensors, i), writer);
  }
  uint8_t* copy      = NULL;
  size_t   copy_size = 0;
  if (cn_tensors_writer_finish(writer, &copy, &copy_size)) {
    abort();
  }
  CnTensors* again = NULL;
  if (cn_tensors_open(copy, copy_size, &again, CN_NO_FAULT)) {
    abort(); // What we write opens
  }
  cn_tensors_free(again);
  cn_tensors_writer_free(writer);
  cn_tensors_free(tensors);
  free(copy);
  return 0;
}
