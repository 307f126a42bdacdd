// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file events.h
   Atom sequences: reading the input's events, and a MIDI sink into the output's buffer.
*/

#ifndef CN_EVENTS_H
#define CN_EVENTS_H

#include "plugin/lv2/uris.h"

#include "dsp/base/attributes.h"
#include "dsp/play/sink.h"

#include <lv2/atom/atom.h>

#include <stdbool.h>
#include <stdint.h>

/**
   Step through the events of a sequence.

   Stops at the first event that does not lie in the sequence as a whole, so that a malformed buffer is
   never read beyond its end.

   @param sequence Input buffer; null or another atom (an unconnected port) has no events.
   @param previous The event before, or null for the first one.
   @return The next event, or null at the end.

   Thread: AUDIO
*/
CN_AUDIO const LV2_Atom_Event*
cn_events_next(const CnUris* uris, const LV2_Atom_Sequence* sequence, const LV2_Atom_Event* previous);

/// Writes MIDI events to an output sequence, in order of their frames
typedef struct {
  LV2_Atom_Sequence* sequence; ///< Null if the port is not connected
  uint32_t           capacity; ///< [bytes] that the sequence's body has room for
  LV2_URID           midi;     ///< Type of the events
} CnEventWriter;

/**
   Begin a block's output.

   @param sequence The output port's buffer, its atom's size still the room that the host gives, or null.

   Thread: AUDIO
*/
CN_AUDIO void
cn_events_begin(CnEventWriter* writer, const CnUris* uris, LV2_Atom_Sequence* sequence);

/// Append any atom at the end of a block of so many frames; false if there is no room.  Thread: AUDIO
CN_AUDIO bool
cn_events_write_atom(CnEventWriter* writer, uint32_t n_frames, const LV2_Atom* atom);

/// The sink that appends to `writer`, which is borrowed.  Thread: AUDIO
CN_AUDIO CnMidiSink
cn_events_sink(CnEventWriter* writer);

#endif // CN_EVENTS_H
