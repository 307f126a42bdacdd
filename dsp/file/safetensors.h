// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file safetensors.h
   Reader and writer of safetensors, the ecosystem's format for weights, on memory buffers.

   Source: "Safetensors: Format", Hugging Face, https://github.com/huggingface/safetensors#format:
   8 bytes of little-endian header length N, N bytes of JSON, then the tensors' bytes, little-endian
   and row-major, without holes.

   Nothing in a file is trusted.  We are stricter than the format in two places: at most
   CN_TENSOR_MAX_RANK dimensions, and none of them 0.  A file may be compressed as a whole: see compressed.h.
*/

#ifndef CN_SAFETENSORS_H
#define CN_SAFETENSORS_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CN_TENSOR_MAX_RANK 4
#define CN_SCALES_SUFFIX ".scales" ///< After the name of a tensor of I8
#define CN_MOST_SCALE 1e30F ///< Of a row of I8, by which no product of finite numbers comes near infinity
#define CN_TENSORS_MAX_HEADER 100000000 ///< [bytes], the format's own limit

/// Type of a tensor's elements
typedef enum {
  CN_DTYPE_F32,  ///< IEEE 754 binary32
  CN_DTYPE_F16,  ///< IEEE 754 binary16
  CN_DTYPE_BF16, ///< bfloat16
  CN_DTYPE_I8,   ///< From -127 to 127; each row, along the first dimension, is to be multiplied by one of the
                 ///< (rows) F32 scales in a tensor NAME.scales
  CN_DTYPE_OTHER, ///< A type of the format that can be listed, but not read
} CnDtype;

/// What a file's header says of one tensor
typedef struct {
  const char* name;                      ///< UTF-8, borrowed from the CnTensors
  const char* dtype_name;                ///< As in the file: "F32", "I64"
  CnDtype     dtype;                     ///< The same, for programs
  size_t      rank;                      ///< Number of dimensions; 0 for a scalar
  size_t      shape[CN_TENSOR_MAX_RANK]; ///< Outermost first; the unused ones are 0
  size_t      n_elements;                ///< Product of the shape
  size_t      begin;                     ///< [bytes] from the start of the data
  size_t      end;                       ///< [bytes], one past the last
} CnTensorInfo;

/// One entry of a file's `__metadata__`
typedef struct {
  const char* key;   ///< UTF-8, borrowed from the CnTensors
  const char* value; ///< UTF-8, borrowed from the CnTensors
} CnTensorsMetadata;

typedef struct CnTensors       CnTensors;
typedef struct CnTensorsWriter CnTensorsWriter;

/**
   Open a file's bytes and check everything but the values.

   Allocates in proportion to the header, and nothing before its length is known to lie in the file; of a
   compressed file a copy before that, of which the frame says the size.

   @param data (size) bytes, borrowed until cn_tensors_free().
   @param[out] tensors The opened file; null unless successful.
   @param[out] fault What is wrong with the file, in words without a full stop, or an empty string.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_TRUNCATED, #CN_STATUS_BAD_SYNTAX (not the format),
   #CN_STATUS_BAD_VALUE (offsets or shapes that contradict each other), #CN_STATUS_TOO_LARGE,
   #CN_STATUS_UNSUPPORTED (an unknown type, too many dimensions), #CN_STATUS_NO_MEMORY, or of a compressed
   file as cn_decompress().

   Thread: WORKER
*/
CnStatus
cn_tensors_open(const uint8_t* data, size_t size, CnTensors** tensors, CnFault fault);

/// Close an opened file; null is allowed.  Thread: WORKER
void
cn_tensors_free(CnTensors* tensors);

/// Size of a file [bytes], of a compressed one of what was compressed.  Thread: ANY
size_t
cn_tensors_size(const CnTensors* tensors);

/// True if a file was compressed.  Thread: ANY
bool
cn_tensors_are_compressed(const CnTensors* tensors);

/// Number of tensors in a file.  Thread: ANY
size_t
cn_tensors_count(const CnTensors* tensors);

/// The tensor number `i`, in order of their data, or null if there is none.  Thread: ANY
const CnTensorInfo*
cn_tensors_get(const CnTensors* tensors, size_t i);

/// The tensor called `name`, or null if there is none.  Thread: ANY
const CnTensorInfo*
cn_tensors_find(const CnTensors* tensors, const char* name);

/// Number of metadata entries in a file.  Thread: ANY
size_t
cn_tensors_metadata_count(const CnTensors* tensors);

/// The metadata entry number `i`, in the file's order, or null if there is none.  Thread: ANY
const CnTensorsMetadata*
cn_tensors_metadata_get(const CnTensors* tensors, size_t i);

/// The value of the metadata entry `key`, or null if there is none.  Thread: ANY
const char*
cn_tensors_metadata(const CnTensors* tensors, const char* key);

/**
   Read one tensor as floats, if it is what the caller expects; I8 already times its scales.

   @param name Name of the tensor.
   @param shape (rank) dimensions that it must have, outermost first.
   @param rank Number of dimensions that it must have.
   @param[out] out (shape[0] * shape[1] * ...) floats, row-major.  Unspecified after a failure.
   @param[out] fault As for cn_tensors_open().
   @return #CN_STATUS_SUCCESS, #CN_STATUS_BAD_SHAPE (missing, or another shape),
   #CN_STATUS_UNSUPPORTED (neither F32, F16, BF16 nor I8) or #CN_STATUS_BAD_VALUE (NaN, an infinity, or of I8
   -128 or a scale that is none).

   Thread: WORKER
*/
CnStatus
cn_tensors_read(const CnTensors* tensors, const char* name, const size_t* shape, size_t rank, float* out,
                CnFault fault);

/**
   Read a matrix of I8 as it stands.

   @param[out] out (rows, columns) numbers from -127 to 127.
   @param[out] scales (rows) what each row is to be multiplied by, from 0 to #CN_MOST_SCALE.
   @param[out] fault As for cn_tensors_open().
   @return As cn_tensors_read().

   Thread: WORKER
*/
CnStatus
cn_tensors_read_int8(const CnTensors* tensors, const char* name, size_t rows, size_t columns, int8_t* out,
                     float* scales, CnFault fault);

/// The format's name of a type, as "F32"; null for CN_DTYPE_OTHER.  Thread: ANY
const char*
cn_dtype_name(CnDtype dtype);

/// Size of an element [bytes]; 0 for CN_DTYPE_OTHER.  Thread: ANY
size_t
cn_dtype_size(CnDtype dtype);

/**
   Begin to write a file.

   The same calls give the same bytes.  Free with cn_tensors_writer_free().

   @return Null if there is no memory.

   Thread: WORKER
*/
CnTensorsWriter*
cn_tensors_writer_new(void);

/// Free a writer; null is allowed.  Thread: WORKER
void
cn_tensors_writer_free(CnTensorsWriter* writer);

/**
   Add an entry to `__metadata__`, where entries stand in the order added.

   @param key UTF-8; copied.
   @param value UTF-8; copied.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_BAD_ARG (not UTF-8, or the key is there already) or
   #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_tensors_writer_add_metadata(CnTensorsWriter* writer, const char* key, const char* value);

/**
   Add a tensor after those already there.

   A failed call adds nothing.  Of I8, which wants one dimension at least, the scales follow as a tensor of
   their own.

   @param name UTF-8, not `__metadata__`; copied.
   @param dtype Type to store it as; narrowing rounds to the nearest, ties to even.
   @param shape (rank) dimensions, none of them 0.
   @param rank Number of dimensions, at most CN_TENSOR_MAX_RANK; 0 for a scalar.
   @param data (shape[0] * shape[1] * ...) floats, row-major; copied.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_BAD_ARG (bad name, type or rank), #CN_STATUS_BAD_SHAPE,
   #CN_STATUS_BAD_VALUE (a value that could not be read as it would be stored), #CN_STATUS_TOO_LARGE or
   #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_tensors_writer_add(CnTensorsWriter* writer, const char* name, CnDtype dtype, const size_t* shape,
                      size_t rank, const float* data);

/**
   Add a matrix of I8 as it stands, and its scales as a tensor of their own.

   A failed call adds nothing.

   @param name As for cn_tensors_writer_add().
   @param data (rows, columns) numbers from -127 to 127; copied.
   @param scales (rows) what each row is to be multiplied by, from 0 to #CN_MOST_SCALE; copied.
   @return As cn_tensors_writer_add().

   Thread: WORKER
*/
CnStatus
cn_tensors_writer_add_int8(CnTensorsWriter* writer, const char* name, size_t rows, size_t columns,
                           const int8_t* data, const float* scales);

/**
   Write the file with all that was added.

   @param[out] data The file's bytes, for the caller to free(); null unless successful.
   @param[out] size Their number.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_TOO_LARGE (the header) or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_tensors_writer_finish(const CnTensorsWriter* writer, uint8_t** data, size_t* size);

#endif // CN_SAFETENSORS_H
