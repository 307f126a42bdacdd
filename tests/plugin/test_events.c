// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/host/host_features.h"

#include "plugin/lv2/events.h"
#include "plugin/lv2/uris.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
  CnHostFeatures     features;
  CnUris             uris;
  CnEventWriter      writer;
  LV2_Atom_Sequence* sequence; ///< Of exactly the room that it says
} Fixture;

static int
set_up(void** const state)
{
  Fixture* const self = (Fixture*)calloc(1, sizeof(Fixture));
  assert_non_null(self);
  cn_host_features_init(&self->features, 1024, 16384);
  cn_uris_map(&self->uris, &self->features.map);
  *state = self;
  return 0;
}

static int
tear_down(void** const state)
{
  Fixture* const self = *state;
  cn_host_features_clear(&self->features);
  free(self->sequence);
  free(self);
  return 0;
}

/// Give the writer a buffer with room for a body of `room` bytes
static CnMidiSink
begin(Fixture* const self, const uint32_t room)
{
  free(self->sequence);
  self->sequence = (LV2_Atom_Sequence*)malloc(sizeof(LV2_Atom) + room);
  assert_non_null(self->sequence);
  self->sequence->atom = (LV2_Atom){room, 0};
  cn_events_begin(&self->writer, &self->uris, self->sequence);
  return cn_events_sink(&self->writer);
}

static const uint8_t note_on[] = {0x90, 60, 100};

static void
test_written_events_are_read_back(void** const state)
{
  Fixture* const   self = *state;
  const CnMidiSink sink = begin(self, 1024);
  for (uint32_t frame = 0; frame < 5; ++frame) {
    assert_true(sink.write(sink.handle, frame, note_on, 1 + frame % 3));
  }

  uint32_t              n     = 0;
  const LV2_Atom_Event* event = NULL;
  while ((event = cn_events_next(&self->uris, self->sequence, event))) {
    assert_int_equal(event->time.frames, n);
    assert_int_equal(event->body.type, self->uris.midi_MidiEvent);
    assert_int_equal(event->body.size, 1 + n % 3);
    assert_memory_equal(event + 1, note_on, event->body.size);
    ++n;
  }
  assert_int_equal(n, 5);
}

static void
test_full_buffer_refuses_and_stays_whole(void** const state)
{
  Fixture* const self = *state;
  const uint32_t one  = sizeof(LV2_Atom_Event) + 8; // with its padding
  for (uint32_t room = 0; room < 100; ++room) {
    const CnMidiSink sink = begin(self, room);
    const uint32_t   fit  = room < 8 ? 0 : (room - 8) / one;
    uint32_t         n    = 0;
    while (n <= fit && sink.write(sink.handle, n, note_on, sizeof(note_on))) {
      ++n;
    }
    assert_int_equal(n, fit);
    assert_true(self->sequence->atom.size <= room);
  }
}

static void
test_huge_message_is_refused(void** const state)
{
  const CnMidiSink sink = begin(*state, 1024);
  assert_false(sink.write(sink.handle, 0, note_on, UINT32_MAX));
  assert_false(sink.write(sink.handle, 0, note_on, UINT32_MAX - 16));
}

static void
test_unconnected_output_refuses(void** const state)
{
  Fixture* const self = *state;
  cn_events_begin(&self->writer, &self->uris, NULL);
  const CnMidiSink sink = cn_events_sink(&self->writer);
  assert_false(sink.write(sink.handle, 0, note_on, sizeof(note_on)));
}

static void
test_unconnected_input_is_empty(void** const state)
{
  Fixture* const    self    = *state;
  LV2_Atom_Sequence silence = {.atom = {sizeof(LV2_Atom_Sequence_Body), 0}};
  assert_null(cn_events_next(&self->uris, NULL, NULL));
  assert_null(cn_events_next(&self->uris, &silence, NULL));
}

/// Cut short at every byte, in memory of just that size: nothing is read beyond
static void
test_truncated_input_is_safe(void** const state)
{
  Fixture* const   self = *state;
  const CnMidiSink sink = begin(self, 256);
  for (uint32_t frame = 0; frame < 4; ++frame) {
    assert_true(sink.write(sink.handle, frame, note_on, sizeof(note_on)));
  }
  const uint32_t whole = self->sequence->atom.size;
  for (uint32_t size = 0; size <= whole; ++size) {
    LV2_Atom_Sequence* const cut = (LV2_Atom_Sequence*)malloc(sizeof(LV2_Atom) + size);
    assert_non_null(cut);
    memcpy(cut, self->sequence, sizeof(LV2_Atom) + size);
    cut->atom.size = size;

    uint32_t              n     = 0;
    const LV2_Atom_Event* event = NULL;
    while ((event = cn_events_next(&self->uris, cut, event))) {
      assert_memory_equal(event + 1, note_on, sizeof(note_on));
      ++n;
    }
    assert_int_equal(n, size < 27 ? 0 : (size - 3) / 24); // 8 bytes, then 16 + 3 + padding each
    free(cut);
  }
}

/// An event that claims to be larger than all memory ends the sequence
static void
test_lying_event_ends_the_input(void** const state)
{
  Fixture* const   self = *state;
  const CnMidiSink sink = begin(self, 256);
  assert_true(sink.write(sink.handle, 0, note_on, sizeof(note_on)));
  assert_true(sink.write(sink.handle, 1, note_on, sizeof(note_on)));
  LV2_Atom_Event* const first = lv2_atom_sequence_begin(&self->sequence->body);
  LV2_Atom_Event* const event = lv2_atom_sequence_next(first);
  for (uint32_t size = UINT32_MAX; size > UINT32_MAX - 40; --size) {
    event->body.size = size;
    assert_ptr_equal(cn_events_next(&self->uris, self->sequence, NULL), first);
    assert_null(cn_events_next(&self->uris, self->sequence, first));
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_written_events_are_read_back, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_full_buffer_refuses_and_stays_whole, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_huge_message_is_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_unconnected_output_refuses, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_unconnected_input_is_empty, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_truncated_input_is_safe, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_lying_event_ends_the_input, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
