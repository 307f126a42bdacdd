// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/file/safetensors.h"

#include "dsp/file/float16.h"
#include "dsp/file/safetensors_parse.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHAPE_SIZE 96 ///< [bytes] that four dimensions take as text, and some

CnStatus
cn_tensors_open(const uint8_t* const data, const size_t size, CnTensors** const tensors, const CnFault fault)
{
  cn_fault_clear(fault);
  *tensors = NULL;

  CnTensors* const self = (CnTensors*)calloc(1, sizeof(CnTensors));
  if (!self) {
    return CN_FAIL(fault, CN_STATUS_NO_MEMORY, "no memory to open a file of tensors");
  }
  const CnStatus st = cn_tensors_parse(self, data, size, fault);
  if (st) {
    cn_tensors_free(self);
    return st;
  }
  *tensors = self;
  return CN_STATUS_SUCCESS;
}

void
cn_tensors_free(CnTensors* const tensors)
{
  if (tensors) {
    json_decref(tensors->header);
    free(tensors->metadata);
    free(tensors->tensors);
    free(tensors);
  }
}

size_t
cn_tensors_count(const CnTensors* const tensors)
{
  return tensors->n_tensors;
}

const CnTensorInfo*
cn_tensors_get(const CnTensors* const tensors, const size_t i)
{
  return i < tensors->n_tensors ? &tensors->tensors[i] : NULL;
}

const CnTensorInfo*
cn_tensors_find(const CnTensors* const tensors, const char* const name)
{
  for (size_t i = 0; i < tensors->n_tensors; ++i) {
    if (!strcmp(tensors->tensors[i].name, name)) {
      return &tensors->tensors[i];
    }
  }
  return NULL;
}

size_t
cn_tensors_metadata_count(const CnTensors* const tensors)
{
  return tensors->n_metadata;
}

const CnTensorsMetadata*
cn_tensors_metadata_get(const CnTensors* const tensors, const size_t i)
{
  return i < tensors->n_metadata ? &tensors->metadata[i] : NULL;
}

const char*
cn_tensors_metadata(const CnTensors* const tensors, const char* const key)
{
  for (size_t i = 0; i < tensors->n_metadata; ++i) {
    if (!strcmp(tensors->metadata[i].key, key)) {
      return tensors->metadata[i].value;
    }
  }
  return NULL;
}

/// Write a shape as "(4, 256)"
static void
print_shape(char text[SHAPE_SIZE], const size_t* const shape, const size_t rank)
{
  size_t length = (size_t)snprintf(text, SHAPE_SIZE, "(");
  for (size_t i = 0; i < rank && length < SHAPE_SIZE; ++i) {
    length += (size_t)snprintf(text + length, SHAPE_SIZE - length, "%s%zu", i ? ", " : "", shape[i]);
  }
  if (length < SHAPE_SIZE) {
    snprintf(text + length, SHAPE_SIZE - length, ")");
  }
}

static CnStatus
check_shape(const CnTensorInfo* const info, const size_t* const shape, const size_t rank, const CnFault fault)
{
  bool same = info->rank == rank;
  for (size_t i = 0; same && i < rank; ++i) {
    same = info->shape[i] == shape[i];
  }
  if (same) {
    return CN_STATUS_SUCCESS;
  }
  char is[SHAPE_SIZE];
  char expected[SHAPE_SIZE];
  print_shape(is, info->shape, info->rank);
  print_shape(expected, shape, rank);
  return CN_FAIL(fault, CN_STATUS_BAD_SHAPE, "tensor '%.80s': shape %s, expected %s", info->name, is,
                 expected);
}

static float
read_element(const uint8_t* const bytes, const CnDtype dtype)
{
  const uint16_t low = (uint16_t)(bytes[0] | (bytes[1] << 8));
  if (dtype == CN_DTYPE_F16) {
    return cn_f32_from_f16(low);
  }
  if (dtype == CN_DTYPE_BF16) {
    return cn_f32_from_bf16(low);
  }
  const uint32_t bits  = low | ((uint32_t)bytes[2] << 16) | ((uint32_t)bytes[3] << 24);
  float          value = 0.0f;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

CnStatus
cn_tensors_read(const CnTensors* const tensors, const char* const name, const size_t* const shape,
                const size_t rank, float* const out, const CnFault fault)
{
  cn_fault_clear(fault);
  const CnTensorInfo* const info = cn_tensors_find(tensors, name);
  if (!info) {
    return CN_FAIL(fault, CN_STATUS_BAD_SHAPE, "no tensor '%.80s'", name);
  }
  CN_TRY(check_shape(info, shape, rank, fault));
  if (info->dtype == CN_DTYPE_OTHER) {
    return CN_FAIL(fault, CN_STATUS_UNSUPPORTED, "tensor '%.80s': dtype %s cannot be read", name,
                   info->dtype_name);
  }
  const size_t size = cn_dtype_size(info->dtype);
  for (size_t i = 0; i < info->n_elements; ++i) {
    out[i] = read_element(tensors->data + info->begin + i * size, info->dtype);
    if (!isfinite(out[i])) {
      return CN_FAIL(fault, CN_STATUS_BAD_VALUE, "tensor '%.80s': element %zu is not finite", name, i);
    }
  }
  return CN_STATUS_SUCCESS;
}
