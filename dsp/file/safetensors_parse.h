// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file safetensors_parse.h
   What the two halves of the safetensors reader share; for nobody else.
*/

#ifndef CN_SAFETENSORS_PARSE_H
#define CN_SAFETENSORS_PARSE_H

#include "dsp/base/fault.h"
#include "dsp/file/safetensors.h"

#include <jansson.h>

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

/**
   Fill a zeroed `tensors` from a file's bytes, checking everything but the values.

   After a failure it holds what was read so far, for cn_tensors_free().

   @return #CN_STATUS_SUCCESS, or a status of cn_tensors_open().

   Thread: WORKER
*/
CnStatus
cn_tensors_parse(CnTensors* tensors, const uint8_t* data, size_t size, CnFault fault);

#endif // CN_SAFETENSORS_PARSE_H
