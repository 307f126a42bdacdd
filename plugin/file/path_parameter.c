// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/file/path_parameter.h"

#include "plugin/lv2/object.h"

#include <string.h>

/// [bytes] of a patch:Set around its path
#define SET_OVERHEAD 128U

void
cn_path_parameter_init(CnPathParameter* const self, const CnUris* const uris, const LV2_URID_Map* const map,
                       const LV2_URID property, CnLetter* const letter, CnWorker* const worker,
                       const char* const path)
{
  LV2_URID_Map copy = *map; // the forge's header wants it writable
  self->uris        = uris;
  self->property    = property;
  self->letter      = letter;
  self->worker      = worker;
  self->told        = path;
  lv2_atom_forge_init(&self->forge, &copy);
}

/// True if a message is about the parameter, or a Get about everything
static CN_AUDIO bool
concerns_it(const CnPathParameter* const self, const LV2_Atom* const message, const bool or_all)
{
  LV2_URID              key      = 0;
  const LV2_Atom* const property = cn_object_get(message, self->uris->patch_property);
  if (!property) {
    return or_all;
  }
  if (property->type != self->uris->atom_URID || property->size < sizeof(key)) {
    return false;
  }
  memcpy(&key, LV2_ATOM_BODY_CONST(property), sizeof(key));
  return key == self->property;
}

/// Keep the path of a patch:Set
static CN_AUDIO void
want(CnPathParameter* const self, const LV2_Atom* const message)
{
  const LV2_Atom* const value = cn_object_get(message, self->uris->patch_value);
  if (!value || (value->type != self->uris->atom_Path && value->type != self->uris->atom_String) ||
      value->size > sizeof(self->wanted) - 1U) {
    return;
  }
  memcpy(self->wanted, LV2_ATOM_BODY_CONST(value), value->size);
  self->wanted[value->size] = '\0';
  self->is_wanted           = true;
}

CN_AUDIO void
cn_path_parameter_hear(CnPathParameter* const self, const LV2_Atom* const atom)
{
  const CnUris* const uris = self->uris;
  if (cn_object_is(uris, atom, uris->patch_Get)) {
    const bool is_there = self->told && *self->told; // Of no file nobody is told who has not asked for it
    self->must_tell |= concerns_it(self, atom, is_there);
  } else if (cn_object_is(uris, atom, uris->patch_Set) && concerns_it(self, atom, false)) {
    want(self, atom);
  }
}

/// Write a patch:Set of the path; false if there is no room
static CN_AUDIO bool
tell(CnPathParameter* const self, const char* const path, CnEventWriter* const writer, const uint32_t frame)
{
  union {
    LV2_Atom atom;
    uint8_t  bytes[CN_PATH_SIZE + SET_OVERHEAD];
  } message;
  LV2_Atom_Forge* const forge = &self->forge;
  LV2_Atom_Forge_Frame  object;

  lv2_atom_forge_set_buffer(forge, message.bytes, sizeof(message.bytes));
  lv2_atom_forge_object(forge, &object, 0, self->uris->patch_Set);
  lv2_atom_forge_key(forge, self->uris->patch_property);
  lv2_atom_forge_urid(forge, self->property);
  lv2_atom_forge_key(forge, self->uris->patch_value);
  lv2_atom_forge_path(forge, path, (uint32_t)strlen(path));
  lv2_atom_forge_pop(forge, &object);
  return cn_events_write_atom(writer, frame, &message.atom);
}

CN_AUDIO void
cn_path_parameter_end(CnPathParameter* const self, const char* const path, CnEventWriter* const writer,
                      const uint32_t n_frames)
{
  if (self->is_wanted && cn_letter_post(self->letter, self->wanted)) {
    self->is_wanted = false;
    self->is_posted = true;
  }
  if (self->is_posted && cn_worker_schedule(self->worker)) {
    self->is_posted = false;
  }

  self->must_tell |= path != self->told;
  self->told = path;
  if (self->must_tell && path && tell(self, path, writer, n_frames ? n_frames - 1U : 0U)) {
    self->must_tell = false;
  }
}
