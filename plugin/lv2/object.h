// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file object.h
   Atom objects as hosts send them, never read beyond their end.

   Hosts send them as atom:Object or as the deprecated atom:Blank, which are alike in memory.
*/

#ifndef CN_OBJECT_H
#define CN_OBJECT_H

#include "plugin/lv2/uris.h"

#include "dsp/base/attributes.h"

#include <lv2/atom/atom.h>

#include <stdbool.h>

/// True if all of `atom`, which can be read as a whole, is an object of a type.  Thread: AUDIO
CN_AUDIO bool
cn_object_is(const CnUris* uris, const LV2_Atom* atom, LV2_URID type);

/**
   Step through the properties of an object.

   @param previous The property before, or null for the first one.
   @return The next property, or null after the last one that lies in the object as a whole.

   Thread: AUDIO
*/
CN_AUDIO const LV2_Atom_Property_Body*
cn_object_next(const LV2_Atom* object, const LV2_Atom_Property_Body* previous);

/// The value of the first property with a key; null if there is none.  Thread: AUDIO
CN_AUDIO const LV2_Atom*
cn_object_get(const LV2_Atom* object, LV2_URID key);

#endif // CN_OBJECT_H
