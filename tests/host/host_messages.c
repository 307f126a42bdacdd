// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/host/host_messages.h"

#include <lv2/midi/midi.h>

#include <assert.h>
#include <stdlib.h>

void
cn_host_messages_add(CnHostMessages* const self, const CnHostEvent* const event)
{
  if (self->n == self->capacity) {
    self->capacity = self->capacity ? 2 * self->capacity : 256;
    self->events   = (CnHostEvent*)realloc(self->events, self->capacity * sizeof(CnHostEvent));
    assert(self->events);
  }
  size_t place = self->n++;
  for (; place > 0 && self->events[place - 1].frame > event->frame; --place) {
    self->events[place] = self->events[place - 1];
  }
  self->events[place] = *event;
}

void
cn_host_messages_clear(CnHostMessages* const self)
{
  free(self->events);
  *self = (CnHostMessages){0};
}

void
cn_host_ledger_enter(CnHostLedger* const self, const CnHostEvent* const event, CnHostFaults* const faults)
{
  const uint8_t kind = event->bytes[0] & 0xF0U;
  if (event->size != 3 || (kind != LV2_MIDI_MSG_NOTE_ON && kind != LV2_MIDI_MSG_NOTE_OFF)) {
    return;
  }
  unsigned* const key = &self->keys[event->bytes[0] & 0x0FU][event->bytes[1] & 0x7FU];
  if (kind == LV2_MIDI_MSG_NOTE_ON && event->bytes[2] > 0) {
    faults->doubled += *key;
    *key = 1;
  } else {
    faults->orphaned += !*key;
    *key = 0;
  }
}

unsigned
cn_host_ledger_count(const CnHostLedger* const self)
{
  unsigned n = 0;
  for (unsigned channel = 0; channel < 16; ++channel) {
    for (unsigned key = 0; key < 128; ++key) {
      n += self->keys[channel][key];
    }
  }
  return n;
}
