// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file state.h
   What a session remembers of Continuo beyond its controls: the model, and the take.

   | key                | type       |                                                              |
   |--------------------|------------|--------------------------------------------------------------|
   | urn:continuo:weights | atom:Long  | identity of the model that played; always there            |
   | urn:continuo:model   | atom:Path  | its file; or, as atom:String, the name of one of the bundle's |
   | urn:continuo:file    | atom:String | where that file is on this computer, if there is one      |
   | urn:continuo:network | atom:Int   | number of the bundle's model, which plays if there is no file |
   | urn:continuo:phrase  | atom:Path  | the MIDI file that is gone on from; or, as atom:String, a name for
   none | | urn:continuo:phrase-file | atom:Chunk | what stands in that file; one byte if there is none    |
   | urn:continuo:phrase-line | atom:Int | [ticks] where it lies in the song, see cn_engine_set_phrase()  |
   | urn:continuo:take    | atom:Chunk | what cn_engine_save() makes                                |
   | urn:continuo:score   | atom:Path  | the same as take.mid, for the musician; never read back    |

   The model is always stored, as a host may keep the values of keys that are not stored again (Carla): an
   absent one would bring the file before back.  So may their types be kept, wherefore a name is known from
   a path by its look alone.  The same holds for the phrase.  Sessions of version 0.1.0 have no model if it is
   the bundle's, and no file.

   A state that has none of these (a preset of controls) changes nothing.
*/

#ifndef CN_STATE_H
#define CN_STATE_H

#include "plugin/lv2/uris.h"
#include "plugin/model/model_slot.h"
#include "plugin/phrase/phrase_slot.h"

#include "dsp/take/engine.h"

#include <lv2/log/logger.h>
#include <lv2/state/state.h>

/// What is saved, all borrowed
typedef struct {
  const CnUris*   uris;
  LV2_Log_Logger* logger;
  CnModelSlot*    slot;
  CnPhraseSlot*   phrase;
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

   What is wrong with a value is logged, and the value is left out; all others count.

   @return #LV2_STATE_SUCCESS, also for sessions without a state; #LV2_STATE_ERR_BAD_TYPE if a value was left
   out, as it is of another type than ours; #LV2_STATE_ERR_UNKNOWN if the take cannot be read, or memory is
   short.

   Thread: WORKER
*/
LV2_State_Status
cn_state_restore(const CnSession* session, LV2_State_Retrieve_Function retrieve, LV2_State_Handle handle,
                 const LV2_Feature* const* features);

#endif // CN_STATE_H
