// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/lv2/events.h"

#include <lv2/atom/util.h>

#include <stddef.h>
#include <string.h>

/// Atoms in a sequence begin at multiples of 8 bytes; 64 bits, so that no size of a host's overflows
static CN_AUDIO uint64_t
pad_size(const uint64_t size)
{
  return (size + 7U) & ~(uint64_t)7U;
}

CN_AUDIO const LV2_Atom_Event*
cn_events_next(const CnUris* const uris, const LV2_Atom_Sequence* const sequence,
               const LV2_Atom_Event* const previous)
{
  if (!sequence || sequence->atom.type != uris->atom_Sequence) {
    return NULL;
  }
  const uint8_t* const start = (const uint8_t*)(&sequence->body + 1);
  const uint64_t       size  = sequence->atom.size; // of the body's two words and the events
  uint64_t             at    = sizeof(sequence->body);
  if (previous) {
    at += (uint64_t)((const uint8_t*)previous - start);
    at += pad_size((uint64_t)sizeof(*previous) + previous->body.size);
  }

  if (at + sizeof(LV2_Atom_Event) > size) {
    return NULL;
  }
  const LV2_Atom_Event* const event = (const LV2_Atom_Event*)(start + (at - sizeof(sequence->body)));
  return at + sizeof(*event) + event->body.size <= size ? event : NULL;
}

CN_AUDIO void
cn_events_begin(CnEventWriter* const writer, const CnUris* const uris, LV2_Atom_Sequence* const sequence)
{
  writer->sequence = sequence;
  writer->capacity = sequence ? sequence->atom.size : 0;
  writer->midi     = uris->midi_MidiEvent;
  if (writer->capacity < sizeof(LV2_Atom_Sequence_Body)) {
    writer->sequence = NULL; // no room even for an empty sequence
    return;
  }
  sequence->atom.type = uris->atom_Sequence;
  lv2_atom_sequence_clear(sequence);
  sequence->body.unit = 0; // time is in frames
  sequence->body.pad  = 0;
}

/// Append an event whose body is of `size` bytes and some type
static CN_AUDIO bool
append(const CnEventWriter* const writer, const uint32_t frame, const LV2_Atom head, const void* const body)
{
  LV2_Atom_Sequence* const sequence = writer->sequence;
  const uint64_t           total    = pad_size((uint64_t)sizeof(LV2_Atom_Event) + head.size);
  if (!sequence || sequence->atom.size + total > writer->capacity) {
    return false;
  }

  LV2_Atom_Event* const event = lv2_atom_sequence_end(&sequence->body, sequence->atom.size);
  event->time.frames          = frame;
  event->body                 = head;
  memcpy(event + 1, body, head.size);
  sequence->atom.size += (uint32_t)total;
  return true;
}

CN_AUDIO bool
cn_events_write_atom(CnEventWriter* const writer, const uint32_t n_frames, const LV2_Atom* const atom)
{
  return append(writer, n_frames ? n_frames - 1U : 0U, *atom, LV2_ATOM_BODY_CONST(atom));
}

static CN_AUDIO bool
write_message(void* const handle, const uint32_t frame, const uint8_t* const message, const uint32_t size)
{
  const CnEventWriter* const writer = handle;
  return append(writer, frame, (LV2_Atom){size, writer->midi}, message);
}

CN_AUDIO CnMidiSink
cn_events_sink(CnEventWriter* const writer)
{
  return (CnMidiSink){writer, write_message};
}
