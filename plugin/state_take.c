// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/state_take.h"

#include "dsp/file/smf.h"
#include "dsp/music/score.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static CnStatus
write_file(const char* const path, const uint8_t* const data, const size_t size)
{
  FILE* const file = fopen(path, "wb");
  if (!file) {
    return CN_STATUS_IO;
  }
  const bool is_written = fwrite(data, 1, size, file) == size;
  if (!fclose(file) && is_written) {
    return CN_STATUS_SUCCESS;
  }
  remove(path); // A part would pass for the whole
  return CN_STATUS_IO;
}

CnStatus
cn_state_write_score(CnEngine* const engine, const char* const path)
{
  CnScore* score = NULL;
  uint8_t* data  = NULL;
  size_t   size  = 0;
  CN_TRY(cn_engine_score(engine, &score));

  CnStatus status = score->n_notes ? cn_smf_write(score, &data, &size) : CN_STATUS_NOT_FOUND;
  if (!status) {
    status = write_file(path, data, size);
  }
  free(data);
  cn_score_free(score);
  return status;
}
