// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file state.h
   What a session remembers of Continuo beyond its controls.
*/

#ifndef CN_STATE_H
#define CN_STATE_H

#include "uris.h"

#include <lv2/log/logger.h>
#include <lv2/state/state.h>

#include <stdint.h>

/**
   Save which weights play.

   @param model Identity of the model (CnPlanner's id), 0 for none.

   Thread: WORKER
*/
LV2_State_Status
cn_state_save(const CnUris* uris, uint64_t model, LV2_State_Store_Function store, LV2_State_Handle handle);

/**
   Compare a saved state with the weights that play now, and log if the music will differ.

   Touches nothing that run() uses, so it may be called while the plugin runs.

   @return #LV2_STATE_SUCCESS, also for sessions without a state.

   Thread: WORKER
*/
LV2_State_Status
cn_state_restore(const CnUris* uris, uint64_t model, LV2_Log_Logger* logger,
                 LV2_State_Retrieve_Function retrieve, LV2_State_Handle handle);

#endif // CN_STATE_H
