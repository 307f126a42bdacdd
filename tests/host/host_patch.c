// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/host/host_patch.h"

#include <lv2/atom/util.h>
#include <lv2/patch/patch.h>

#include <string.h>

static void
write_message(CnHostPatch* const self, CnHostFeatures* const features, LV2_Atom_Forge* const forge,
              const char* const type)
{
  LV2_Atom_Forge_Frame frame;
  lv2_atom_forge_frame_time(forge, 0);
  lv2_atom_forge_object(forge, &frame, 0, cn_host_map(features, type));
  lv2_atom_forge_key(forge, cn_host_map(features, LV2_PATCH__property));
  lv2_atom_forge_urid(forge, cn_host_map(features, self->property));
  if (!strcmp(type, LV2_PATCH__Set)) {
    lv2_atom_forge_key(forge, cn_host_map(features, LV2_PATCH__value));
    lv2_atom_forge_path(forge, self->path, (uint32_t)strlen(self->path));
  }
  lv2_atom_forge_pop(forge, &frame);
}

void
cn_host_patch_write(CnHostPatch* const self, CnHostFeatures* const features, LV2_Atom_Forge* const forge)
{
  if (self->is_due) {
    write_message(self, features, forge, LV2_PATCH__Set);
  }
  if (self->is_asked) {
    write_message(self, features, forge, LV2_PATCH__Get);
  }
  self->is_due   = false;
  self->is_asked = false;
}

bool
cn_host_patch_read(CnHostPatch* const self, CnHostFeatures* const features, const LV2_Atom* const atom)
{
  const LV2_Atom_Object* const object   = (const LV2_Atom_Object*)atom;
  const LV2_Atom*              property = NULL;
  const LV2_Atom*              value    = NULL;
  if (atom->type != cn_host_map(features, LV2_ATOM__Object) ||
      object->body.otype != cn_host_map(features, LV2_PATCH__Set)) {
    return false;
  }
  lv2_atom_object_get(object, cn_host_map(features, LV2_PATCH__property), &property,
                      cn_host_map(features, LV2_PATCH__value), &value, 0);
  if (!property || property->type != cn_host_map(features, LV2_ATOM__URID) || !value ||
      (value->type != cn_host_map(features, LV2_ATOM__Path) &&
       value->type != cn_host_map(features, LV2_ATOM__String)) ||
      value->size > sizeof(self->told)) {
    return false;
  }
  memcpy(self->told, LV2_ATOM_BODY_CONST(value), value->size);
  ++self->n_told;
  return value->size > 0 && self->told[value->size - 1] == '\0';
}
