// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file transport.h
   What the host says of its transport, from LV2 time into the engine's terms.
*/

#ifndef CN_TRANSPORT_H
#define CN_TRANSPORT_H

#include "plugin/lv2/uris.h"

#include "dsp/base/attributes.h"
#include "dsp/play/performer.h"

#include <lv2/atom/atom.h>

#include <stdbool.h>

/**
   Read a time:Position.

   Hosts send it as atom:Object or as the deprecated atom:Blank, with any subset of the keys and any
   numeric type for each.  A value that is impossible (not a number, no tempo) counts as not told.

   @param atom Any atom; all of its `size` bytes can be read.
   @param[out] position What was told; `parts` may be 0.
   @return False if the atom is something else than a position.

   Thread: AUDIO
*/
CN_AUDIO bool
cn_transport_read(const CnUris* uris, const LV2_Atom* atom, CnPosition* position);

#endif // CN_TRANSPORT_H
