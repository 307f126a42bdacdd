// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/patch_sheet.h"

#include "plugin/lv2/object.h"
#include "plugin/lv2/patch.h"

#include "dsp/take/engine.h"

#include <string.h>

void
cn_patch_sheet_init(CnPatchSheet* const self, const CnUris* const uris, const LV2_URID_Map* const map,
                    CnPerformer* const performer)
{
  self->uris      = uris;
  self->performer = performer;
  cn_patch_init_forge(&self->forge, map);
}

/// Write down the text of a patch:Set, if it is one
static CN_AUDIO void
write_down(CnPatchSheet* const self, const LV2_Atom* const message)
{
  self->must_tell = true;
  if (!cn_patch_read(self->uris, message, self->text, sizeof(self->text))) {
    return;
  }
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
    self->must_tell |= cn_patch_concerns(uris, atom, uris->continuo_sheet, self->sheet.n_bars > 0);
  } else if (cn_object_is(uris, atom, uris->patch_Set) &&
             cn_patch_concerns(uris, atom, uris->continuo_sheet, false)) {
    write_down(self, atom);
  }
}

/// Write a patch:Set of the sheet; false if there is no room
static CN_AUDIO bool
tell(CnPatchSheet* const self, CnEventWriter* const writer, const uint32_t n_frames)
{
  union {
    LV2_Atom atom;
    uint8_t  bytes[CN_SHEET_TEXT_SIZE + CN_PATCH_OVERHEAD];
  } message;
  cn_sheet_print(&self->sheet, self->text);
  cn_patch_write(self->uris, &self->forge, self->uris->continuo_sheet, self->uris->atom_String, self->text,
                 message.bytes, sizeof(message.bytes));
  return cn_events_write_atom(writer, n_frames, &message.atom);
}

CN_AUDIO void
cn_patch_sheet_end(CnPatchSheet* const self, CnEventWriter* const writer, const uint32_t n_frames)
{
  self->must_tell |= cn_engine_hear_sheet(cn_performer_engine(self->performer), &self->sheet);
  if (self->must_tell && tell(self, writer, n_frames)) {
    self->must_tell = false;
  }
}
