// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file tensors_file.h
   What all weights are written by.
*/

#ifndef CN_TENSORS_FILE_H
#define CN_TENSORS_FILE_H

#include "dsp/base/status.h"
#include "dsp/file/safetensors.h"

#include <stddef.h>
#include <stdint.h>

/// Add a number to the metadata.  @return As cn_tensors_writer_add_metadata().  Thread: WORKER
CnStatus
cn_tensors_add_number(CnTensorsWriter* writer, const char* key, uint32_t number);

/// Add `n` entries to the metadata.  @return As cn_tensors_writer_add_metadata().  Thread: WORKER
CnStatus
cn_tensors_add_entries(CnTensorsWriter* writer, const CnTensorsMetadata* metadata, size_t n);

/**
   Write all that a writer has to a file, all or nothing.

   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, or #CN_STATUS_IO with errno set.

   Thread: WORKER
*/
CnStatus
cn_tensors_write(const CnTensorsWriter* writer, const char* path);

#endif // CN_TENSORS_FILE_H
