// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "state.h"

#include <stddef.h>
#include <string.h>

LV2_State_Status
cn_state_save(const CnUris* const uris, const uint64_t model, const LV2_State_Store_Function store,
              const LV2_State_Handle handle)
{
  const int64_t value = (int64_t)model; // atom:Long; the bits are what counts
  return store(handle, uris->continuo_weights, &value, sizeof(value), uris->atom_Long,
               LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE);
}

LV2_State_Status
cn_state_restore(const CnUris* const uris, const uint64_t model, LV2_Log_Logger* const logger,
                 const LV2_State_Retrieve_Function retrieve, const LV2_State_Handle handle)
{
  size_t            size  = 0;
  uint32_t          type  = 0;
  uint32_t          flags = 0;
  int64_t           saved = 0;
  const void* const value = retrieve(handle, uris->continuo_weights, &size, &type, &flags);
  if (!value) {
    return LV2_STATE_SUCCESS; // a new session
  }
  if (type != uris->atom_Long || size != sizeof(saved)) {
    return LV2_STATE_ERR_BAD_TYPE;
  }

  memcpy(&saved, value, sizeof(saved));
  if ((uint64_t)saved != model) {
    lv2_log_warning(logger, "continuo: the session was saved with other weights; the notes will differ\n");
  }
  return LV2_STATE_SUCCESS;
}
