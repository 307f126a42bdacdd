// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file patch_sheet.h
   What is written down for bars, as a parameter of the LV2 patch extension: a text, as sheet.h has it.

   A patch:Set writes it down; a patch:Get is answered, and every change is told, by a patch:Set.  A text
   that is none is passed over, and the one that stands is told instead.
*/

#ifndef CN_PATCH_SHEET_H
#define CN_PATCH_SHEET_H

#include "plugin/lv2/events.h"
#include "plugin/lv2/uris.h"

#include "dsp/base/attributes.h"
#include "dsp/part/sheet.h"
#include "dsp/play/performer.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>

#include <stdbool.h>
#include <stdint.h>

/// The audio thread's part in it
typedef struct {
  const CnUris*  uris;      ///< Borrowed, as the next
  CnPerformer*   performer; ///<
  LV2_Atom_Forge forge;
  CnSheet        sheet;                    ///< That stands, as far as is known here
  CnSheet        wanted;                   ///< From the host's last patch:Set
  char           text[CN_SHEET_TEXT_SIZE]; ///< Scratch
  bool           must_tell;
} CnPatchSheet;

/// Thread: INIT
void
cn_patch_sheet_init(CnPatchSheet* patch, const CnUris* uris, const LV2_URID_Map* map, CnPerformer* performer);

/// Hear an atom of the input; whatever is no message about the sheet is passed over.  Thread: AUDIO
CN_AUDIO void
cn_patch_sheet_hear(CnPatchSheet* patch, const LV2_Atom* atom);

/// Tell what is due at the end of a block: what finds no room now is tried again.  Thread: AUDIO
CN_AUDIO void
cn_patch_sheet_end(CnPatchSheet* patch, CnEventWriter* writer, uint32_t n_frames);

#endif // CN_PATCH_SHEET_H
