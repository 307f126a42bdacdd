// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file host_patch.h
   The test host's file chooser: a parameter of the LV2 patch extension with a path.
*/

#ifndef CN_HOST_PATCH_H
#define CN_HOST_PATCH_H

#include "tests/host/host_features.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>

#include <stdbool.h>

#define CN_HOST_PATH_SIZE 256

typedef struct {
  char     property[64];            ///< URI of the parameter
  char     path[CN_HOST_PATH_SIZE]; ///< To be set
  bool     is_due;                  ///< A patch:Set is to be sent
  bool     is_asked;                ///< A patch:Get is to be sent
  char     told[CN_HOST_PATH_SIZE]; ///< What the plugin told last
  unsigned n_told;                  ///< How often it did
} CnHostPatch;

/// Write what is due, as events at frame 0
void
cn_host_patch_write(CnHostPatch* patch, CnHostFeatures* features, LV2_Atom_Forge* forge);

/// Read an atom from the plugin; false if it is no well-formed patch:Set of a path or a text
bool
cn_host_patch_read(CnHostPatch* patch, CnHostFeatures* features, const LV2_Atom* atom);

#endif // CN_HOST_PATCH_H
