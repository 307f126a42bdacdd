// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/file/safetensors_parse.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NESTING 8 ///< The format needs 3; a parser's stack must not hang on a file's word

/// A type of the format
typedef struct {
  const char* name;
  size_t      size; ///< [bytes]
  CnDtype     dtype;
} DtypeRow;

/// The first four are found by their CnDtype
static const DtypeRow dtype_rows[] = {
    {"F32", 4, CN_DTYPE_F32},       {"F16", 2, CN_DTYPE_F16},   {"BF16", 2, CN_DTYPE_BF16},
    {"I8", 1, CN_DTYPE_I8},         {"F64", 8, CN_DTYPE_OTHER}, {"I64", 8, CN_DTYPE_OTHER},
    {"U64", 8, CN_DTYPE_OTHER},     {"C64", 8, CN_DTYPE_OTHER}, {"I32", 4, CN_DTYPE_OTHER},
    {"U32", 4, CN_DTYPE_OTHER},     {"I16", 2, CN_DTYPE_OTHER}, {"U16", 2, CN_DTYPE_OTHER},
    {"F8_E4M3", 1, CN_DTYPE_OTHER}, {"U8", 1, CN_DTYPE_OTHER},  {"F8_E5M2", 1, CN_DTYPE_OTHER},
    {"BOOL", 1, CN_DTYPE_OTHER},
};

const char*
cn_dtype_name(const CnDtype dtype)
{
  return dtype < CN_DTYPE_OTHER ? dtype_rows[dtype].name : NULL;
}

size_t
cn_dtype_size(const CnDtype dtype)
{
  return dtype < CN_DTYPE_OTHER ? dtype_rows[dtype].size : 0;
}

static const DtypeRow*
find_dtype(const char* const name)
{
  for (size_t i = 0; name && i < sizeof(dtype_rows) / sizeof(dtype_rows[0]); ++i) {
    if (!strcmp(dtype_rows[i].name, name)) {
      return &dtype_rows[i];
    }
  }
  return NULL;
}

static uint64_t
read_u64(const uint8_t* const bytes)
{
  uint64_t value = 0;
  for (int i = CN_TENSORS_LENGTH_SIZE - 1; i >= 0; --i) {
    value = (value << 8) | bytes[i];
  }
  return value;
}

/// Find the length of the header, which lies in the file
static CnStatus
measure_header(const uint8_t* const data, const size_t size, size_t* const header_size, const CnFault fault)
{
  if (size < CN_TENSORS_LENGTH_SIZE) {
    return CN_FAIL(fault, CN_STATUS_TRUNCATED, "no safetensors file: %zu bytes, not even a header's length",
                   size);
  }
  const uint64_t length = read_u64(data);
  if (length > CN_TENSORS_MAX_HEADER) {
    return CN_FAIL(fault, CN_STATUS_TOO_LARGE,
                   "no safetensors file: header of %llu bytes, at most %d are allowed",
                   (unsigned long long)length, CN_TENSORS_MAX_HEADER);
  }
  if (length > size - CN_TENSORS_LENGTH_SIZE) {
    return CN_FAIL(fault, CN_STATUS_TRUNCATED, "header ends at byte %llu, file has %zu",
                   (unsigned long long)length + CN_TENSORS_LENGTH_SIZE, size);
  }
  *header_size = (size_t)length;
  return CN_STATUS_SUCCESS;
}

/// True if no bracket outside a string stands deeper than MAX_NESTING
static bool
is_shallow(const char* const json, const size_t size)
{
  bool in_string = false;
  int  depth     = 0;
  for (size_t i = 0; i < size && depth <= MAX_NESTING; ++i) {
    if (in_string && json[i] == '\\') {
      ++i;
    } else if (json[i] == '"') {
      in_string = !in_string;
    } else if (!in_string && (json[i] == '{' || json[i] == '[')) {
      ++depth;
    } else if (!in_string && (json[i] == '}' || json[i] == ']')) {
      --depth;
    }
  }
  return depth <= MAX_NESTING;
}

static CnStatus
parse_header(const char* const text, const size_t size, json_t** const header, const CnFault fault)
{
  if (!size || text[0] != '{') {
    return CN_FAIL(fault, CN_STATUS_BAD_SYNTAX, "no safetensors file: header is not a JSON object");
  }
  if (!is_shallow(text, size)) {
    return CN_FAIL(fault, CN_STATUS_BAD_SYNTAX, "header is nested deeper than %d", MAX_NESTING);
  }
  json_error_t error;
  *header = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
  if (!*header) {
    const bool no_memory = json_error_code(&error) == json_error_out_of_memory;
    return CN_FAIL(fault, no_memory ? CN_STATUS_NO_MEMORY : CN_STATUS_BAD_SYNTAX, "header: %s", error.text);
  }
  return CN_STATUS_SUCCESS;
}

static CnStatus
read_metadata(CnTensors* const self, json_t* const object, const CnFault fault)
{
  if (!json_is_object(object)) {
    return CN_FAIL(fault, CN_STATUS_BAD_SYNTAX, "metadata is not a JSON object");
  }
  self->metadata = (CnTensorsMetadata*)calloc(json_object_size(object) + 1, sizeof(CnTensorsMetadata));
  if (!self->metadata) {
    return CN_FAIL(fault, CN_STATUS_NO_MEMORY, "no memory for the metadata");
  }
  const char* key   = NULL;
  json_t*     value = NULL;
  json_object_foreach(object, key, value)
  {
    if (!json_is_string(value)) {
      return CN_FAIL(fault, CN_STATUS_BAD_SYNTAX, "metadata '%.80s' is not a string", key);
    }
    self->metadata[self->n_metadata++] = (CnTensorsMetadata){key, json_string_value(value)};
  }
  return CN_STATUS_SUCCESS;
}

static CnStatus
read_dtype(CnTensorInfo* const info, const json_t* const json, size_t* const size, const CnFault fault)
{
  const char* const name = json_string_value(json);
  if (!name) {
    return CN_FAIL(fault, CN_STATUS_BAD_SYNTAX, "tensor '%.80s': no dtype", info->name);
  }
  const DtypeRow* const row = find_dtype(name);
  if (!row) {
    return CN_FAIL(fault, CN_STATUS_UNSUPPORTED, "tensor '%.80s': unknown dtype '%.20s'", info->name, name);
  }
  info->dtype      = row->dtype;
  info->dtype_name = row->name;
  *size            = row->size;
  return CN_STATUS_SUCCESS;
}

/// Read the shape of a tensor, with a product that times `dtype_size` is no overflow
static CnStatus
read_shape(CnTensorInfo* const info, const json_t* const json, const size_t dtype_size, const CnFault fault)
{
  if (!json_is_array(json)) {
    return CN_FAIL(fault, CN_STATUS_BAD_SYNTAX, "tensor '%.80s': no shape", info->name);
  }
  info->rank = json_array_size(json);
  if (info->rank > CN_TENSOR_MAX_RANK) {
    return CN_FAIL(fault, CN_STATUS_UNSUPPORTED, "tensor '%.80s': %zu dimensions, at most %d are supported",
                   info->name, info->rank, CN_TENSOR_MAX_RANK);
  }
  assert(dtype_size > 0);
  info->n_elements = 1;
  for (size_t i = 0; i < info->rank; ++i) {
    const json_t* const item = json_array_get(json, i);
    const json_int_t    dim  = json_integer_value(item);
    if (!json_is_integer(item) || dim < 1) {
      return CN_FAIL(fault, CN_STATUS_BAD_VALUE, "tensor '%.80s': dimension %zu is not a positive integer",
                     info->name, i);
    }
    if ((uint64_t)dim > SIZE_MAX / dtype_size / info->n_elements) {
      return CN_FAIL(fault, CN_STATUS_TOO_LARGE, "tensor '%.80s': shape is too large", info->name);
    }
    info->shape[i] = (size_t)dim;
    info->n_elements *= (size_t)dim;
  }
  return CN_STATUS_SUCCESS;
}

/// Read where a tensor lies, which is in the file
static CnStatus
read_offsets(CnTensorInfo* const info, const json_t* const json, const size_t data_size, const CnFault fault)
{
  const json_t* const begin = json_array_get(json, 0);
  const json_t* const end   = json_array_get(json, 1);
  if (json_array_size(json) != 2 || !json_is_integer(begin) || !json_is_integer(end)) {
    return CN_FAIL(fault, CN_STATUS_BAD_SYNTAX, "tensor '%.80s': data_offsets are not two integers",
                   info->name);
  }
  const json_int_t first = json_integer_value(begin);
  const json_int_t last  = json_integer_value(end);
  if (first < 0 || last < first) {
    return CN_FAIL(fault, CN_STATUS_BAD_VALUE, "tensor '%.80s': data from byte %lld to %lld", info->name,
                   (long long)first, (long long)last);
  }
  if ((uint64_t)last > data_size) {
    return CN_FAIL(fault, CN_STATUS_TRUNCATED,
                   "tensor '%.80s': data ends at byte %lld of the data, which have %zu", info->name,
                   (long long)last, data_size);
  }
  info->begin = (size_t)first;
  info->end   = (size_t)last;
  return CN_STATUS_SUCCESS;
}

static CnStatus
read_tensor(CnTensorInfo* const info, const json_t* const json, const size_t data_size, const CnFault fault)
{
  if (!json_is_object(json)) {
    return CN_FAIL(fault, CN_STATUS_BAD_SYNTAX, "tensor '%.80s' is not a JSON object", info->name);
  }
  size_t dtype_size = 0;
  CN_TRY(read_dtype(info, json_object_get(json, "dtype"), &dtype_size, fault));
  CN_TRY(read_shape(info, json_object_get(json, "shape"), dtype_size, fault));
  CN_TRY(read_offsets(info, json_object_get(json, "data_offsets"), data_size, fault));
  if (info->end - info->begin != info->n_elements * dtype_size) {
    return CN_FAIL(fault, CN_STATUS_BAD_VALUE, "tensor '%.80s': %zu bytes of data, its shape needs %zu",
                   info->name, info->end - info->begin, info->n_elements * dtype_size);
  }
  return CN_STATUS_SUCCESS;
}

static int
compare_places(const void* const left, const void* const right)
{
  const CnTensorInfo* const a = (const CnTensorInfo*)left;
  const CnTensorInfo* const b = (const CnTensorInfo*)right;
  return a->begin != b->begin ? (a->begin < b->begin ? -1 : 1) : strcmp(a->name, b->name);
}

/// Check that the tensors cover the data once: no overlaps, no holes
static CnStatus
check_places(const CnTensors* const self, const CnFault fault)
{
  size_t end = 0;
  for (size_t i = 0; i < self->n_tensors; ++i) {
    const CnTensorInfo* const info = &self->tensors[i];
    if (info->begin != end) {
      return CN_FAIL(fault, CN_STATUS_BAD_VALUE, "tensor '%.80s': data begins at byte %zu, %s byte %zu",
                     info->name, info->begin,
                     info->begin < end ? "inside a tensor up to" : "after a hole from", end);
    }
    end = info->end;
  }
  if (end != self->data_size) {
    return CN_FAIL(fault, CN_STATUS_BAD_VALUE, "%zu bytes after the last tensor", self->data_size - end);
  }
  return CN_STATUS_SUCCESS;
}

static CnStatus
read_header(CnTensors* const self, const CnFault fault)
{
  self->tensors = (CnTensorInfo*)calloc(json_object_size(self->header) + 1, sizeof(CnTensorInfo));
  if (!self->tensors) {
    return CN_FAIL(fault, CN_STATUS_NO_MEMORY, "no memory for the list of tensors");
  }
  const char* name = NULL;
  json_t*     json = NULL;
  json_object_foreach(self->header, name, json)
  {
    if (!strcmp(name, CN_TENSORS_METADATA)) {
      CN_TRY(read_metadata(self, json, fault));
    } else {
      CnTensorInfo* const info = &self->tensors[self->n_tensors++];
      info->name               = name;
      CN_TRY(read_tensor(info, json, self->data_size, fault));
    }
  }
  qsort(self->tensors, self->n_tensors, sizeof(CnTensorInfo), compare_places);
  return check_places(self, fault);
}

CnStatus
cn_tensors_parse(CnTensors* const self, const uint8_t* const data, const size_t size, const CnFault fault)
{
  size_t header_size = 0;
  CN_TRY(measure_header(data, size, &header_size, fault));
  self->data      = data + CN_TENSORS_LENGTH_SIZE + header_size;
  self->data_size = size - CN_TENSORS_LENGTH_SIZE - header_size;
  CN_TRY(parse_header((const char*)data + CN_TENSORS_LENGTH_SIZE, header_size, &self->header, fault));
  return read_header(self, fault);
}
