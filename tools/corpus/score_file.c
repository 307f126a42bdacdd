// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/corpus/score_file.h"

#include "tools/base/file.h"

#include "dsp/file/smf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_FILE_SIZE ((size_t)64 << 20) // [bytes] of a MIDI file

CnStatus
cn_score_load(const char* const path, CnScore** const score, const CnFault fault)
{
  uint8_t* data   = NULL;
  size_t   size   = 0;
  CnStatus status = cn_file_read(path, MAX_FILE_SIZE, &data, &size);
  *score          = NULL;
  if (status) {
    return cn_fault_set(fault, status, "%s", cn_file_strerror(status));
  }

  status = cn_smf_read(data, size, score, fault);
  free(data);
  if (status && fault.text && !*fault.text) {
    cn_fault_set(fault, status, "%s", cn_strerror(status));
  }
  return status;
}
