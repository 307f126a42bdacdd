// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/lv2/patch.h"

#include "plugin/lv2/object.h"

#include <string.h>

void
cn_patch_init_forge(LV2_Atom_Forge* const forge, const LV2_URID_Map* const map)
{
  LV2_URID_Map copy = *map; // Its header wants it writable
  lv2_atom_forge_init(forge, &copy);
}

CN_AUDIO bool
cn_patch_concerns(const CnUris* const uris, const LV2_Atom* const message, const LV2_URID property,
                  const bool or_all)
{
  LV2_URID              key  = 0;
  const LV2_Atom* const atom = cn_object_get(message, uris->patch_property);
  if (!atom) {
    return or_all;
  }
  if (atom->type != uris->atom_URID || atom->size < sizeof(key)) {
    return false;
  }
  memcpy(&key, LV2_ATOM_BODY_CONST(atom), sizeof(key));
  return key == property;
}

CN_AUDIO bool
cn_patch_read(const CnUris* const uris, const LV2_Atom* const message, char* const text, const size_t size)
{
  const LV2_Atom* const value = cn_object_get(message, uris->patch_value);
  if (!value || (value->type != uris->atom_Path && value->type != uris->atom_String) ||
      value->size > size - 1U) {
    return false;
  }
  memcpy(text, LV2_ATOM_BODY_CONST(value), value->size);
  text[value->size] = '\0';
  return true;
}

CN_AUDIO void
cn_patch_write(const CnUris* const uris, LV2_Atom_Forge* const forge, const LV2_URID property,
               const LV2_URID type, const char* const text, uint8_t* const buffer, const size_t size)
{
  LV2_Atom_Forge_Frame object;
  lv2_atom_forge_set_buffer(forge, buffer, size);
  lv2_atom_forge_object(forge, &object, 0, uris->patch_Set);
  lv2_atom_forge_key(forge, uris->patch_property);
  lv2_atom_forge_urid(forge, property);
  lv2_atom_forge_key(forge, uris->patch_value);
  lv2_atom_forge_typed_string(forge, type, text, (uint32_t)strlen(text));
  lv2_atom_forge_pop(forge, &object);
}
