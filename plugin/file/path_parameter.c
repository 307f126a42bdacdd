// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/file/path_parameter.h"

#include "plugin/lv2/object.h"
#include "plugin/lv2/patch.h"

void
cn_path_parameter_init(CnPathParameter* const self, const CnUris* const uris, const LV2_URID_Map* const map,
                       const LV2_URID property, CnLetter* const letter, CnWorker* const worker,
                       const char* const path)
{
  self->uris     = uris;
  self->property = property;
  self->letter   = letter;
  self->worker   = worker;
  self->told     = path;
  cn_patch_init_forge(&self->forge, map);
}

CN_AUDIO void
cn_path_parameter_hear(CnPathParameter* const self, const LV2_Atom* const atom)
{
  const CnUris* const uris = self->uris;
  if (cn_object_is(uris, atom, uris->patch_Get)) {
    const bool is_there = self->told && *self->told; // Of no file nobody is told who has not asked for it
    self->must_tell |= cn_patch_concerns(uris, atom, self->property, is_there);
  } else if (cn_object_is(uris, atom, uris->patch_Set) &&
             cn_patch_concerns(uris, atom, self->property, false)) {
    self->is_wanted |= cn_patch_read(uris, atom, self->wanted, sizeof(self->wanted));
  }
}

/// Write a patch:Set of the path; false if there is no room
static CN_AUDIO bool
tell(CnPathParameter* const self, const char* const path, CnEventWriter* const writer,
     const uint32_t n_frames)
{
  union {
    LV2_Atom atom;
    uint8_t  bytes[CN_PATH_SIZE + CN_PATCH_OVERHEAD];
  } message;
  cn_patch_write(self->uris, &self->forge, self->property, self->uris->atom_Path, path, message.bytes,
                 sizeof(message.bytes));
  return cn_events_write_atom(writer, n_frames, &message.atom);
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
  if (self->must_tell && path && tell(self, path, writer, n_frames)) {
    self->must_tell = false;
  }
}
