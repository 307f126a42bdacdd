// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/lv2/object.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

CN_AUDIO bool
cn_object_is(const CnUris* const uris, const LV2_Atom* const atom, const LV2_URID type)
{
  LV2_Atom_Object_Body object;
  if ((atom->type != uris->atom_Object && atom->type != uris->atom_Blank) || atom->size < sizeof(object)) {
    return false;
  }
  memcpy(&object, LV2_ATOM_BODY_CONST(atom), sizeof(object));
  return object.otype == type;
}

CN_AUDIO const LV2_Atom_Property_Body*
cn_object_next(const LV2_Atom* const object, const LV2_Atom_Property_Body* const previous)
{
  const uint8_t* const body = LV2_ATOM_BODY_CONST(object);
  uint64_t             at   = sizeof(LV2_Atom_Object_Body);
  if (previous) {
    at = (uint64_t)((const uint8_t*)previous - body);
    at += ((uint64_t)sizeof(*previous) + previous->value.size + 7U) & ~(uint64_t)7U;
  }
  if (at + sizeof(LV2_Atom_Property_Body) > object->size) {
    return NULL;
  }
  const LV2_Atom_Property_Body* const property = (const LV2_Atom_Property_Body*)(body + at);
  return at + sizeof(*property) + property->value.size <= object->size ? property : NULL;
}

CN_AUDIO const LV2_Atom*
cn_object_get(const LV2_Atom* const object, const LV2_URID key)
{
  const LV2_Atom_Property_Body* property = NULL;
  while ((property = cn_object_next(object, property))) {
    if (property->key == key) {
      return &property->value;
    }
  }
  return NULL;
}
