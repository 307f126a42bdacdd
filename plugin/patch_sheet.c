// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/patch_sheet.h"

#include "plugin/lv2/object.h"

#include "dsp/take/engine.h"

#include <string.h>

/// [bytes] of a patch:Set around its text
#define SET_OVERHEAD 128U

void
cn_patch_sheet_init(CnPatchSheet* const self, const CnUris* const uris, const LV2_URID_Map* const map,
                    CnPerformer* const performer)
{
  LV2_URID_Map copy = *map; // the forge's header wants it writable
  self->uris        = uris;
  self->performer   = performer;
  lv2_atom_forge_init(&self->forge, &copy);
}

/// True if a message is about the sheet
static CN_AUDIO bool
concerns_sheet(const CnUris* const uris, const LV2_Atom* const message)
{
  LV2_URID              key      = 0;
  const LV2_Atom* const property = cn_object_get(message, uris->patch_property);
  if (!property || property->type != uris->atom_URID || property->size < sizeof(key)) {
    return false;
  }
  memcpy(&key, LV2_ATOM_BODY_CONST(property), sizeof(key));
  return key == uris->continuo_sheet;
}

/// Write down the text of a patch:Set, if it is one
static CN_AUDIO void
write_down(CnPatchSheet* const self, const LV2_Atom* const message)
{
  const CnUris* const   uris  = self->uris;
  const LV2_Atom* const value = cn_object_get(message, uris->patch_value);
  self->must_tell             = true;
  if (!value || (value->type != uris->atom_String && value->type != uris->atom_Path) ||
      value->size > sizeof(self->text) - 1U) {
    return;
  }
  memcpy(self->text, LV2_ATOM_BODY_CONST(value), value->size);
  self->text[value->size] = '\0';
  if (!cn_sheet_parse(self->text, &self->wanted)) {
    cn_performer_set_sheet(self->performer, &self->sheet, &self->wanted);
    memcpy(&self->sheet, &self->wanted, sizeof(self->sheet));
  }
}

CN_AUDIO void
cn_patch_sheet_hear(CnPatchSheet* const self, const LV2_Atom* const atom)
{
  const CnUris* const uris = self->uris;
  if (cn_object_is(uris, atom, uris->patch_Get)) {
    const bool is_all = !cn_object_get(atom, uris->patch_property);
    self->must_tell |= concerns_sheet(uris, atom) || (is_all && self->sheet.n_bars > 0);
  } else if (cn_object_is(uris, atom, uris->patch_Set) && concerns_sheet(uris, atom)) {
    write_down(self, atom);
  }
}

/// Write a patch:Set of the sheet; false if there is no room
static CN_AUDIO bool
tell(CnPatchSheet* const self, CnEventWriter* const writer, const uint32_t frame)
{
  union {
    LV2_Atom atom;
    uint8_t  bytes[CN_SHEET_TEXT_SIZE + SET_OVERHEAD];
  } message;
  LV2_Atom_Forge* const forge = &self->forge;
  LV2_Atom_Forge_Frame  object;

  cn_sheet_print(&self->sheet, self->text);
  lv2_atom_forge_set_buffer(forge, message.bytes, sizeof(message.bytes));
  lv2_atom_forge_object(forge, &object, 0, self->uris->patch_Set);
  lv2_atom_forge_key(forge, self->uris->patch_property);
  lv2_atom_forge_urid(forge, self->uris->continuo_sheet);
  lv2_atom_forge_key(forge, self->uris->patch_value);
  lv2_atom_forge_string(forge, self->text, (uint32_t)strlen(self->text));
  lv2_atom_forge_pop(forge, &object);
  return cn_events_write_atom(writer, frame, &message.atom);
}

CN_AUDIO void
cn_patch_sheet_end(CnPatchSheet* const self, CnEventWriter* const writer, const uint32_t n_frames)
{
  self->must_tell |= cn_engine_hear_sheet(cn_performer_engine(self->performer), &self->sheet);
  if (self->must_tell && tell(self, writer, n_frames ? n_frames - 1U : 0U)) {
    self->must_tell = false;
  }
}
