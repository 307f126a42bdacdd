// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "engine.h"

CnStatus
cn_engine_save(CnEngine* const engine, uint8_t** const data, size_t* const size)
{
  (void)engine;
  *data = NULL;
  *size = 0;
  return CN_STATUS_UNSUPPORTED;
}

CnStatus
cn_engine_restore(CnEngine* const engine, const uint8_t* const data, const size_t size, char* const fault,
                  const size_t fault_size)
{
  (void)engine;
  (void)data;
  (void)size;
  if (fault && fault_size) {
    fault[0] = '\0';
  }
  return CN_STATUS_UNSUPPORTED;
}

CnStatus
cn_engine_score(CnEngine* const engine, CnScore** const score)
{
  (void)engine;
  *score = NULL;
  return CN_STATUS_NOT_FOUND;
}
