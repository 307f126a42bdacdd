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
    return CN_FAIL(fault, status, "%s", cn_file_strerror(status));
  }

  status = cn_smf_read(data, size, score, fault);
  free(data);
  if (status && fault.text && !*fault.text) {
    CN_FAIL(fault, status, "%s", cn_strerror(status));
  }
  return status;
}

void
cn_score_warn(const char* const path, const CnScore* const score)
{
  for (unsigned f = 0; f < CN_N_FILE_FAULTS; ++f) {
    const uint32_t n = score->info.faults[f];
    if (n) {
      fprintf(stderr, "%s: warning: %s%s; read on\n", path, cn_smf_fault_words((CnFileFault)f),
              n > 1 ? ", more than once" : "");
    }
  }
}
