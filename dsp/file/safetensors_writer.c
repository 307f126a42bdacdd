// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/file/safetensors.h"

#include "dsp/file/float16.h"
#include "dsp/file/safetensors_parse.h"
#include "dsp/kernel/dot8.h"

#include <jansson.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 8 ///< [bytes], of the start of the data

struct CnTensorsWriter {
  json_t*  header;   ///< As it will stand in the file
  uint8_t* data;     ///< (size) bytes
  size_t   size;     ///< [bytes]
  size_t   capacity; ///< [bytes]
};

CnTensorsWriter*
cn_tensors_writer_new(void)
{
  CnTensorsWriter* const self = (CnTensorsWriter*)calloc(1, sizeof(CnTensorsWriter));
  if (self) {
    self->header = json_object();
    if (!self->header || json_object_set_new(self->header, CN_TENSORS_METADATA, json_object())) {
      cn_tensors_writer_free(self);
      return NULL;
    }
  }
  return self;
}

void
cn_tensors_writer_free(CnTensorsWriter* const writer)
{
  if (writer) {
    json_decref(writer->header);
    free(writer->data);
    free(writer);
  }
}

/// True if `text` is UTF-8 that can stand in JSON
static bool
is_text(const char* const text)
{
  json_t* const json = json_string(text);
  json_decref(json);
  return json != NULL;
}

CnStatus
cn_tensors_writer_add_metadata(CnTensorsWriter* const writer, const char* const key, const char* const value)
{
  json_t* const metadata = json_object_get(writer->header, CN_TENSORS_METADATA);
  if (!is_text(key) || !is_text(value) || json_object_get(metadata, key)) {
    return CN_STATUS_BAD_ARG;
  }
  return json_object_set_new(metadata, key, json_string(value)) ? CN_STATUS_NO_MEMORY : CN_STATUS_SUCCESS;
}

/// Make room for `size` more bytes
static CnStatus
reserve(CnTensorsWriter* const self, const size_t size)
{
  if (size > SIZE_MAX / 4 - self->size) {
    return CN_STATUS_TOO_LARGE;
  }
  if (size <= self->capacity - self->size) {
    return CN_STATUS_SUCCESS;
  }
  const size_t   capacity = 2 * (self->size + size);
  uint8_t* const data     = (uint8_t*)realloc(self->data, capacity);
  if (!data) {
    return CN_STATUS_NO_MEMORY;
  }
  self->data     = data;
  self->capacity = capacity;
  return CN_STATUS_SUCCESS;
}

static CnStatus
count_elements(const size_t* const shape, const size_t rank, size_t* const n_elements)
{
  size_t n = 1;
  for (size_t i = 0; i < rank; ++i) {
    if (!shape[i]) {
      return CN_STATUS_BAD_SHAPE;
    }
    if (shape[i] > SIZE_MAX / sizeof(float) / n) {
      return CN_STATUS_TOO_LARGE;
    }
    n *= shape[i];
  }
  *n_elements = n;
  return CN_STATUS_SUCCESS;
}

/// Write one element; false if it would not be finite
static bool
write_element(uint8_t* const bytes, const CnDtype dtype, const float value)
{
  uint32_t bits   = 0;
  float    stored = value;
  memcpy(&bits, &value, sizeof(bits));
  if (dtype == CN_DTYPE_F16) {
    bits   = cn_f16_from_f32(value);
    stored = cn_f32_from_f16((uint16_t)bits);
  } else if (dtype == CN_DTYPE_BF16) {
    bits   = cn_bf16_from_f32(value);
    stored = cn_f32_from_bf16((uint16_t)bits);
  }
  for (size_t i = 0; i < cn_dtype_size(dtype); ++i) {
    bytes[i] = (uint8_t)(bits >> (8 * i));
  }
  return isfinite(stored);
}

/// Describe a tensor whose data will follow the data so far
static json_t*
describe(const CnTensorsWriter* const self, const CnDtype dtype, const size_t* const shape, const size_t rank,
         const size_t size)
{
  json_t* const dims = json_array();
  for (size_t i = 0; i < rank; ++i) {
    if (json_array_append_new(dims, json_integer((json_int_t)shape[i]))) {
      json_decref(dims);
      return NULL;
    }
  }
  return json_pack("{s:s, s:o, s:[I, I]}", "dtype", cn_dtype_name(dtype), "shape", dims, "data_offsets",
                   (json_int_t)self->size, (json_int_t)(self->size + size));
}

/// Name of the scales of a tensor, to be freed; null if there is no memory
static char*
name_scales(const char* const name)
{
  const size_t length = strlen(name) + sizeof(CN_SCALES_SUFFIX);
  char* const  text   = malloc(length);
  if (text) {
    snprintf(text, length, "%s" CN_SCALES_SUFFIX, name);
  }
  return text;
}

/// Add a tensor of I8 that stands behind the data so far, and its scales
static CnStatus
add_bytes(CnTensorsWriter* const writer, const char* const name, const char* const scales_name,
          const size_t* const shape, const size_t rank, const size_t n_elements, const float* const scales)
{
  json_t* const description = describe(writer, CN_DTYPE_I8, shape, rank, n_elements);
  if (!description || json_object_set_new(writer->header, name, description)) {
    return CN_STATUS_NO_MEMORY;
  }
  writer->size += n_elements;
  const CnStatus status = cn_tensors_writer_add(writer, scales_name, CN_DTYPE_F32, shape, 1, scales);
  if (status) {
    writer->size -= n_elements;
    json_object_del(writer->header, name);
  }
  return status;
}

/// Add rounded rows, and what they are to be multiplied by; `scales` has room for it
static CnStatus
add_rounded(CnTensorsWriter* const writer, const char* const name, const char* const scales_name,
            const size_t* const shape, const size_t rank, const float* const data, float* const scales)
{
  size_t n_elements = 0;
  CN_TRY(count_elements(shape, rank, &n_elements));
  CN_TRY(reserve(writer, n_elements + shape[0] * sizeof(float)));

  const size_t columns = n_elements / shape[0];
  for (size_t i = 0; i < n_elements; ++i) {
    if (!isfinite(data[i])) {
      return CN_STATUS_BAD_VALUE;
    }
  }
  for (size_t i = 0; i < shape[0]; ++i) {
    scales[i] = cn_round8(columns, data + i * columns, (int8_t*)writer->data + writer->size + i * columns);
    if (!cn_tensors_is_scale(scales[i])) {
      return CN_STATUS_BAD_VALUE;
    }
  }
  return add_bytes(writer, name, scales_name, shape, rank, n_elements, scales);
}

static CnStatus
add_int8(CnTensorsWriter* const writer, const char* const name, const size_t* const shape, const size_t rank,
         const float* const data)
{
  if (!rank || !shape[0]) {
    return rank ? CN_STATUS_BAD_SHAPE : CN_STATUS_BAD_ARG;
  }
  char* const  scales_name = name_scales(name);
  float* const scales      = calloc(shape[0], sizeof(float));
  CnStatus     status      = CN_STATUS_NO_MEMORY;
  if (scales_name && scales) {
    status = add_rounded(writer, name, scales_name, shape, rank, data, scales);
  }
  free(scales_name);
  free(scales);
  return status;
}

/// Whether bytes and scales are such as cn_tensors_read_int8() takes
static bool
are_sound(const size_t rows, const size_t columns, const int8_t* const data, const float* const scales)
{
  bool sound = true;
  for (size_t i = 0; i < rows * columns; ++i) {
    sound = sound && cn_tensors_is_byte(data[i]);
  }
  for (size_t i = 0; i < rows; ++i) {
    sound = sound && cn_tensors_is_scale(scales[i]);
  }
  return sound;
}

CnStatus
cn_tensors_writer_add_int8(CnTensorsWriter* const writer, const char* const name, const size_t rows,
                           const size_t columns, const int8_t* const data, const float* const scales)
{
  const size_t shape[2]   = {rows, columns};
  size_t       n_elements = 0;
  if (!is_text(name) || json_object_get(writer->header, name)) {
    return CN_STATUS_BAD_ARG;
  }
  CN_TRY(count_elements(shape, 2, &n_elements));
  if (!are_sound(rows, columns, data, scales)) {
    return CN_STATUS_BAD_VALUE;
  }
  CN_TRY(reserve(writer, n_elements + rows * sizeof(float)));
  memcpy(writer->data + writer->size, data, n_elements);
  char* const    scales_name = name_scales(name);
  const CnStatus status =
      scales_name ? add_bytes(writer, name, scales_name, shape, 2, n_elements, scales) : CN_STATUS_NO_MEMORY;
  free(scales_name);
  return status;
}

CnStatus
cn_tensors_writer_add(CnTensorsWriter* const writer, const char* const name, const CnDtype dtype,
                      const size_t* const shape, const size_t rank, const float* const data)
{
  if (rank > CN_TENSOR_MAX_RANK || !cn_dtype_size(dtype) || !is_text(name) ||
      json_object_get(writer->header, name)) {
    return CN_STATUS_BAD_ARG;
  }
  if (dtype == CN_DTYPE_I8) {
    return add_int8(writer, name, shape, rank, data);
  }
  size_t n_elements = 0;
  CN_TRY(count_elements(shape, rank, &n_elements));
  const size_t element_size = cn_dtype_size(dtype);
  const size_t size         = n_elements * element_size;
  CN_TRY(reserve(writer, size));

  for (size_t i = 0; i < n_elements; ++i) {
    if (!write_element(writer->data + writer->size + i * element_size, dtype, data[i])) {
      return CN_STATUS_BAD_VALUE;
    }
  }
  json_t* const description = describe(writer, dtype, shape, rank, size);
  if (!description || json_object_set_new(writer->header, name, description)) {
    return CN_STATUS_NO_MEMORY;
  }
  writer->size += size;
  return CN_STATUS_SUCCESS;
}

/// Join length, header, padding and data; `text` has `length` bytes
static CnStatus
join(const CnTensorsWriter* const self, const char* const text, const size_t length, uint8_t** const data,
     size_t* const size)
{
  const size_t padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  if (padded > CN_TENSORS_MAX_HEADER) {
    return CN_STATUS_TOO_LARGE;
  }
  *size = CN_TENSORS_LENGTH_SIZE + padded + self->size;
  *data = (uint8_t*)malloc(*size);
  if (!*data) {
    return CN_STATUS_NO_MEMORY;
  }
  for (size_t i = 0; i < CN_TENSORS_LENGTH_SIZE; ++i) {
    (*data)[i] = (uint8_t)((uint64_t)padded >> (8 * i));
  }
  memset(*data + CN_TENSORS_LENGTH_SIZE, ' ', padded);
  memcpy(*data + CN_TENSORS_LENGTH_SIZE, text, length);
  if (self->size) {
    memcpy(*data + CN_TENSORS_LENGTH_SIZE + padded, self->data, self->size);
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_tensors_writer_finish(const CnTensorsWriter* const writer, uint8_t** const data, size_t* const size)
{
  *data            = NULL;
  *size            = 0;
  char* const text = json_dumps(writer->header, JSON_COMPACT);
  if (!text) {
    return CN_STATUS_NO_MEMORY;
  }
  const CnStatus st = join(writer, text, strlen(text), data, size);
  free(text);
  return st;
}
