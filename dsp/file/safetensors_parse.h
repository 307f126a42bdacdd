// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file safetensors_parse.h
   What the two halves of the safetensors reader share, and the writer with them; for nobody else.
*/

#ifndef CN_SAFETENSORS_PARSE_H
#define CN_SAFETENSORS_PARSE_H

#include "dsp/base/fault.h"
#include "dsp/file/safetensors.h"
#include "dsp/kernel/dot8.h"

#include <jansson.h>

#include <stdbool.h>

#define CN_TENSORS_LENGTH_SIZE 8 ///< [bytes] of the header's length, at the start of a file
#define CN_TENSORS_METADATA "__metadata__"

struct CnTensors {
  uint8_t*           plain;      ///< Of a compressed file, what was compressed; or null
  size_t             size;       ///< [bytes] of the file, or of that
  json_t*            header;     ///< Owns all names and texts
  CnTensorInfo*      tensors;    ///< (n_tensors), in order of their data
  size_t             n_tensors;  ///<
  CnTensorsMetadata* metadata;   ///< (n_metadata)
  size_t             n_metadata; ///<
  const uint8_t*     data;       ///< Borrowed, what follows the header
  size_t             data_size;  ///< [bytes]
};

/// True if a tensor of I8 may have a number: the lowest of all may not be.  Thread: ANY
static inline bool
cn_tensors_is_byte(const int number)
{
  return number >= -CN_DOT8_MOST_WEIGHT && number <= CN_DOT8_MOST_WEIGHT;
}

/// True if a row of I8 may be multiplied by a number.  Thread: ANY
static inline bool
cn_tensors_is_scale(const float number)
{
  return number >= 0.0F && number <= CN_MOST_SCALE;
}

/**
   Fill a zeroed `tensors` from a file's bytes, checking everything but the values.

   After a failure it holds what was read so far, for cn_tensors_free().

   @return #CN_STATUS_SUCCESS, or a status of cn_tensors_open().

   Thread: WORKER
*/
CnStatus
cn_tensors_parse(CnTensors* tensors, const uint8_t* data, size_t size, CnFault fault);

#endif // CN_SAFETENSORS_PARSE_H
