// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file state.h
   What a session remembers of Continuo beyond its controls: the model, and the take.

   | key                | type       |                                                              |
   |--------------------|------------|--------------------------------------------------------------|
   | urn:continuo:weights | atom:Long  | identity of the model that played; always there            |
   | urn:continuo:model   | atom:Path  | its file; not there if it is the bundle's                  |
   | urn:continuo:network | atom:Int   | number of the bundle's model, which plays if there is no file |
   | urn:continuo:take    | atom:Chunk | what cn_engine_save() makes                                |
   | urn:continuo:score   | atom:Path  | the same as take.mid, for the musician; never read back    |

   A state that has none of these (a preset of controls) changes nothing.
*/

#ifndef CN_STATE_H
#define CN_STATE_H

#include "plugin/lv2/uris.h"
#include "plugin/model/model_slot.h"

#include "dsp/take/engine.h"

#include <lv2/log/logger.h>
#include <lv2/state/state.h>

/// What is saved, all borrowed
typedef struct {
  const CnUris*   uris;
  LV2_Log_Logger* logger;
  CnModelSlot*    slot;
  CnEngine*       engine;
} CnSession;

/**
   Save the session; run() may play meanwhile.

   @param features With mapPath, paths are portable; with makePath, the take is written as take.mid.

   Thread: WORKER
*/
LV2_State_Status
cn_state_save(const CnSession* session, LV2_State_Store_Function store, LV2_State_Handle handle,
              const LV2_Feature* const* features);

/**
   Restore a session; run() may play meanwhile, as all that it uses changes at once.

   What is wrong with a state is logged, and what is wrong is left out.

   @return #LV2_STATE_SUCCESS, also for sessions without a state; #LV2_STATE_ERR_BAD_TYPE if nothing was
   changed, as a value is of another type than ours; #LV2_STATE_ERR_UNKNOWN if the take cannot be read.

   Thread: WORKER
*/
LV2_State_Status
cn_state_restore(const CnSession* session, LV2_State_Retrieve_Function retrieve, LV2_State_Handle handle,
                 const LV2_Feature* const* features);

#endif // CN_STATE_H
