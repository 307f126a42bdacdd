// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/host/host_atoms.h"

void
cn_host_atoms_write(CnHostAtoms* const self, CnHostFeatures* const features, LV2_Atom_Forge* const forge)
{
  if (self->is_due) {
    lv2_atom_forge_frame_time(forge, 0);
    lv2_atom_forge_atom(forge, self->n_sent, cn_host_map(features, self->sent_type));
    lv2_atom_forge_write(forge, self->sent, self->n_sent);
    self->is_due = false;
  }
}

bool
cn_host_atoms_read(const CnHostAtoms* const self, CnHostFeatures* const features, const LV2_Atom* const atom)
{
  if (!self->heard_type[0] || atom->type != cn_host_map(features, self->heard_type)) {
    return false;
  }
  self->listener(self->handle, LV2_ATOM_BODY_CONST(atom), atom->size);
  return true;
}
