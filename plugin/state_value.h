// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file state_value.h
   Values of a saved state, each of them copied before the next is asked for.

   What a host hands out may be gone at its next call (Carla frees each value then), a text may come
   without its null (Carla, Qtractor), and a value under a known key may be of another type: Carla keeps the
   type that the key had when it was first stored.
*/

#ifndef CN_STATE_VALUE_H
#define CN_STATE_VALUE_H

#include "plugin/lv2/uris.h"

#include <lv2/state/state.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A value of the state; `body` is null if it is absent
typedef struct {
  uint8_t* body; ///< Our own copy, with a null behind it
  size_t   size; ///< [bytes] without that null
  uint32_t type;
} CnStateValue;

/**
   Get a value, or none, from the host.

   @param[out] value To be freed with cn_state_value_clear(), also if it is absent.
   @return False if there is one, but no memory for it.

   Thread: WORKER
*/
bool
cn_state_value_get(CnStateValue* value, LV2_URID key, LV2_State_Retrieve_Function retrieve,
                   LV2_State_Handle handle);

/// Free a value, and make it absent.  Thread: ANY
void
cn_state_value_clear(CnStateValue* value);

/**
   Read a whole number of either size.

   @return False if the value is none, and then `number` is as it was.

   Thread: ANY
*/
bool
cn_state_value_integer(const CnStateValue* value, const CnUris* uris, int64_t* number);

/**
   Read a text or a path, up to its first null if it has one.

   @return Null if the value is none, or of `max_size` bytes or more; lives as long as the value.

   Thread: ANY
*/
const char*
cn_state_value_text(const CnStateValue* value, const CnUris* uris, size_t max_size);

#endif // CN_STATE_VALUE_H
