// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file host_atoms.h
   The test host's window: an atom of any type to the plugin, and those of one type from it.
*/

#ifndef CN_HOST_ATOMS_H
#define CN_HOST_ATOMS_H

#include "tests/host/host_features.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>

#include <stdbool.h>
#include <stdint.h>

#define CN_HOST_ATOM_SIZE 512 ///< [bytes] of the longest body that is sent

/// Is called with the body of each atom of a type
typedef void (*CnHostListener)(void* handle, const void* body, uint32_t size);

typedef struct {
  char           sent_type[64]; ///< URI
  uint8_t        sent[CN_HOST_ATOM_SIZE];
  uint32_t       n_sent;         ///< [bytes]
  bool           is_due;         ///< It is to be sent
  char           heard_type[64]; ///< URI; empty: none is listened to
  CnHostListener listener;
  void*          handle;
} CnHostAtoms;

/// Write what is due, as an event at frame 0
void
cn_host_atoms_write(CnHostAtoms* atoms, CnHostFeatures* features, LV2_Atom_Forge* forge);

/// Read an atom from the plugin; false if it is not of the type that is listened to
bool
cn_host_atoms_read(const CnHostAtoms* atoms, CnHostFeatures* features, const LV2_Atom* atom);

#endif // CN_HOST_ATOMS_H
