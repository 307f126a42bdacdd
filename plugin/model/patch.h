// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file patch.h
   The model as a parameter of the LV2 patch extension: set, asked for, and told.

   A patch:Set goes to the worker; a patch:Get is answered, and every change is told, by a patch:Set.
*/

#ifndef CN_PATCH_H
#define CN_PATCH_H

#include "plugin/lv2/events.h"
#include "plugin/lv2/uris.h"
#include "plugin/lv2/worker.h"
#include "plugin/model/model_slot.h"

#include "dsp/base/attributes.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>

#include <stdbool.h>
#include <stdint.h>

/// The audio thread's part in changing the model
typedef struct {
  const CnUris*      uris;   ///< Borrowed, as all below
  CnModelSlot*       slot;   ///<
  CnWorker*          worker; ///<
  LV2_Atom_Forge     forge;
  char               wanted[CN_MODEL_PATH_SIZE]; ///< From the host's last patch:Set
  bool               is_wanted;                  ///< The letter is to be written
  bool               is_posted;                  ///< The worker is to be told of it
  const CnModelName* told;                       ///< What the host knows
  bool               must_tell;
} CnPatch;

/// Thread: INIT
void
cn_patch_init(CnPatch* patch, const CnUris* uris, const LV2_URID_Map* map, CnModelSlot* slot,
              CnWorker* worker);

/// Hear an atom of the input; whatever is no message about the model is passed over.  Thread: AUDIO
CN_AUDIO void
cn_patch_hear(CnPatch* patch, const LV2_Atom* atom);

/// Do what is due at the end of a block: what finds no room now is tried again.  Thread: AUDIO
CN_AUDIO void
cn_patch_end(CnPatch* patch, CnEventWriter* writer, uint32_t n_frames);

#endif // CN_PATCH_H
