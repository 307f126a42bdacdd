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
#include "dsp/play/position.h"

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

/**
   Step through the positions of a sequence in order of their frames, wherever they stand in it.

   Some hosts write MIDI first, and the position behind it.  Positions of one frame come in the order of the
   sequence.

   @param sequence Input buffer, as for cn_events_next().
   @param previous The position before, or null for the first one.
   @return The event of the next position, or null if there are no more.

   Thread: AUDIO
*/
CN_AUDIO const LV2_Atom_Event*
cn_transport_next(const CnUris* uris, const LV2_Atom_Sequence* sequence, const LV2_Atom_Event* previous);

#endif // CN_TRANSPORT_H
