// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/file/safetensors.h"

#include "dsp/file/compressed.h"
#include "dsp/file/float16.h"
#include "dsp/file/safetensors_parse.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHAPE_SIZE 96        ///< [bytes] that four dimensions take as text, and some
#define SCALES_NAME_SIZE 256 ///< [bytes]

/// Parse a file, or what is compressed in it
static CnStatus
read_file(CnTensors* const self, const uint8_t* const data, const size_t size, const CnFault fault)
{
  if (!cn_is_compressed(data, size)) {
    self->size = size;
    return cn_tensors_parse(self, data, size, fault);
  }
  CN_TRY(cn_decompress(data, size, &self->plain, &self->size, fault));
  return cn_tensors_parse(self, self->plain, self->size, fault);
}

CnStatus
cn_tensors_open(const uint8_t* const data, const size_t size, CnTensors** const tensors, const CnFault fault)
{
  cn_fault_clear(fault);
  *tensors = NULL;

  CnTensors* const self = (CnTensors*)calloc(1, sizeof(CnTensors));
  if (!self) {
    return CN_FAIL(fault, CN_STATUS_NO_MEMORY, "no memory to open a file of tensors");
  }
  const CnStatus st = read_file(self, data, size, fault);
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
    free(tensors->plain);
    free(tensors);
  }
}

size_t
cn_tensors_size(const CnTensors* const tensors)
{
  return tensors->size;
}

bool
cn_tensors_are_compressed(const CnTensors* const tensors)
{
  return tensors->plain;
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
  if (dtype == CN_DTYPE_I8) {
    return (float)(int8_t)bytes[0];
  }
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

/// Find a tensor of a shape and of a type that can be read
static CnStatus
find_shaped(const CnTensors* const tensors, const char* const name, const size_t* const shape,
            const size_t rank, const CnTensorInfo** const found, const CnFault fault)
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
  *found = info;
  return CN_STATUS_SUCCESS;
}

static CnStatus
fail_element(const CnTensorInfo* const info, const size_t i, const CnFault fault)
{
  return CN_FAIL(fault, CN_STATUS_BAD_VALUE, "tensor '%.80s': element %zu is %s", info->name, i,
                 info->dtype == CN_DTYPE_I8 ? "none of -127 to 127" : "not finite");
}

/// Read a row's scale
static CnStatus
read_scale(const CnTensors* const tensors, const CnTensorInfo* const scales, const size_t row,
           float* const scale, const CnFault fault)
{
  *scale = read_element(tensors->data + scales->begin + row * sizeof(float), CN_DTYPE_F32);
  return cn_tensors_is_scale(*scale)
             ? CN_STATUS_SUCCESS
             : CN_FAIL(fault, CN_STATUS_BAD_VALUE, "tensor '%.80s': element %zu is no scale, from 0 to %g",
                       scales->name, row, (double)CN_MOST_SCALE);
}

/// The scales that stand beside a tensor of I8
static CnStatus
find_scales(const CnTensors* const tensors, const CnTensorInfo* const info, const CnTensorInfo** const scales,
            const CnFault fault)
{
  char name[SCALES_NAME_SIZE];
  snprintf(name, sizeof(name), "%s" CN_SCALES_SUFFIX, info->name);
  if (!info->rank || strlen(info->name) + sizeof(CN_SCALES_SUFFIX) > sizeof(name)) {
    return CN_FAIL(fault, CN_STATUS_UNSUPPORTED, "tensor '%.80s': I8 of no rows, or with too long a name",
                   info->name);
  }
  CN_TRY(find_shaped(tensors, name, info->shape, 1, scales, fault));
  return (*scales)->dtype == CN_DTYPE_F32
             ? CN_STATUS_SUCCESS
             : CN_FAIL(fault, CN_STATUS_UNSUPPORTED, "tensor '%.80s': not F32, as scales are", name);
}

/// Times the scales of its rows
static CnStatus
scale_rows(const CnTensors* const tensors, const CnTensorInfo* const info, float* const out,
           const CnFault fault)
{
  const CnTensorInfo* scales = NULL;
  CN_TRY(find_scales(tensors, info, &scales, fault));
  const size_t columns = info->n_elements / info->shape[0];
  for (size_t row = 0; row < info->shape[0]; ++row) {
    float scale = 0.0F;
    CN_TRY(read_scale(tensors, scales, row, &scale, fault));
    for (size_t i = row * columns; i < (row + 1) * columns; ++i) {
      out[i] *= scale;
    }
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_tensors_read(const CnTensors* const tensors, const char* const name, const size_t* const shape,
                const size_t rank, float* const out, const CnFault fault)
{
  const CnTensorInfo* info = NULL;
  CN_TRY(find_shaped(tensors, name, shape, rank, &info, fault));
  const size_t size = cn_dtype_size(info->dtype);
  for (size_t i = 0; i < info->n_elements; ++i) {
    out[i] = read_element(tensors->data + info->begin + i * size, info->dtype);
    if (!isfinite(out[i]) || (info->dtype == CN_DTYPE_I8 && !cn_tensors_is_byte((int)out[i]))) {
      return fail_element(info, i, fault);
    }
  }
  return info->dtype == CN_DTYPE_I8 ? scale_rows(tensors, info, out, fault) : CN_STATUS_SUCCESS;
}

CnStatus
cn_tensors_read_int8(const CnTensors* const tensors, const char* const name, const size_t rows,
                     const size_t columns, int8_t* const out, float* const scales, const CnFault fault)
{
  const size_t        shape[2] = {rows, columns};
  const CnTensorInfo* info     = NULL;
  const CnTensorInfo* beside   = NULL;
  CN_TRY(find_shaped(tensors, name, shape, 2, &info, fault));
  if (info->dtype != CN_DTYPE_I8) {
    return CN_FAIL(fault, CN_STATUS_UNSUPPORTED, "tensor '%.80s': dtype %s, not I8", name, info->dtype_name);
  }
  CN_TRY(find_scales(tensors, info, &beside, fault));
  memcpy(out, tensors->data + info->begin, info->n_elements);
  for (size_t i = 0; i < info->n_elements; ++i) {
    if (!cn_tensors_is_byte(out[i])) {
      return fail_element(info, i, fault);
    }
  }
  for (size_t i = 0; i < rows; ++i) {
    CN_TRY(read_scale(tensors, beside, i, &scales[i], fault));
  }
  return CN_STATUS_SUCCESS;
}
