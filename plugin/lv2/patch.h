// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file patch.h
   Messages of the LV2 patch extension about one parameter that is a text.
*/

#ifndef CN_PATCH_H
#define CN_PATCH_H

#include "plugin/lv2/uris.h"

#include "dsp/base/attributes.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/urid/urid.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CN_PATCH_OVERHEAD 128U ///< [bytes] of a patch:Set around its text

/// Prepare a forge for messages.  Thread: INIT
void
cn_patch_init_forge(LV2_Atom_Forge* forge, const LV2_URID_Map* map);

/// True if a message is about a parameter, or, where `or_all`, about none in particular.  Thread: AUDIO
CN_AUDIO bool
cn_patch_concerns(const CnUris* uris, const LV2_Atom* message, LV2_URID property, bool or_all);

/**
   Copy the text of a patch:Set, be it a string or a path.

   @param[out] text (size) bytes; with a null at the end of what was copied.
   @return False if there is none, or it is too long.

   Thread: AUDIO
*/
CN_AUDIO bool
cn_patch_read(const CnUris* uris, const LV2_Atom* message, char* text, size_t size);

/**
   Make a patch:Set.

   @param type Of the value: a string or a path.
   @param[out] buffer (size) bytes, where an atom may stand; CN_PATCH_OVERHEAD more than the text has.

   Thread: AUDIO
*/
CN_AUDIO void
cn_patch_write(const CnUris* uris, LV2_Atom_Forge* forge, LV2_URID property, LV2_URID type, const char* text,
               uint8_t* buffer, size_t size);

#endif // CN_PATCH_H
