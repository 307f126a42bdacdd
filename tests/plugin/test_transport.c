// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/host/host_features.h"

#include "plugin/lv2/transport.h"
#include "plugin/lv2/uris.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/time/time.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/// A forge over a buffer, and what reads it back
typedef struct {
  CnHostFeatures       features;
  CnUris               uris;
  LV2_Atom_Forge       forge;
  LV2_Atom_Forge_Frame frame;
  uint64_t             buffer[128];
} Fixture;

static int
set_up(void** const state)
{
  Fixture* const self = (Fixture*)calloc(1, sizeof(Fixture));
  assert_non_null(self);
  cn_host_features_init(&self->features, 1024, 16384);
  cn_uris_map(&self->uris, &self->features.map);
  lv2_atom_forge_init(&self->forge, &self->features.map);
  lv2_atom_forge_set_buffer(&self->forge, (uint8_t*)self->buffer, sizeof(self->buffer));
  *state = self;
  return 0;
}

static int
tear_down(void** const state)
{
  cn_host_features_clear(&((Fixture*)*state)->features);
  free(*state);
  return 0;
}

static void
begin(Fixture* const self, const char* const type)
{
  lv2_atom_forge_object(&self->forge, &self->frame, 0, cn_host_map(&self->features, type));
}

static void
key(Fixture* const self, const char* const uri)
{
  lv2_atom_forge_key(&self->forge, cn_host_map(&self->features, uri));
}

static const LV2_Atom*
atom(const Fixture* const self)
{
  return (const LV2_Atom*)self->buffer;
}

static void
test_position_is_read(void** const state)
{
  Fixture* const self = *state;
  CnPosition     position;
  begin(self, LV2_TIME__Position);
  key(self, LV2_TIME__frame);
  lv2_atom_forge_long(&self->forge, 96000);
  key(self, LV2_TIME__speed);
  lv2_atom_forge_float(&self->forge, 1.0F);
  key(self, LV2_TIME__bar);
  lv2_atom_forge_long(&self->forge, 7);
  key(self, LV2_TIME__barBeat);
  lv2_atom_forge_float(&self->forge, 2.5F);
  key(self, LV2_TIME__beat);
  lv2_atom_forge_double(&self->forge, 30.5);
  key(self, LV2_TIME__beatUnit);
  lv2_atom_forge_int(&self->forge, 8);
  key(self, LV2_TIME__beatsPerBar);
  lv2_atom_forge_float(&self->forge, 6.0F);
  key(self, LV2_TIME__beatsPerMinute);
  lv2_atom_forge_float(&self->forge, 90.0F);

  assert_true(cn_transport_read(&self->uris, atom(self), &position));
  assert_int_equal(position.parts, 0xFF);
  assert_int_equal(position.frame, 96000);
  assert_true(position.speed == 1.0);
  assert_int_equal(position.bar, 7);
  assert_true(position.bar_beat == 2.5);
  assert_true(position.beat == 30.5);
  assert_true(position.beat_unit == 8.0);
  assert_true(position.beats_per_bar == 6.0);
  assert_true(position.bpm == 90.0);
}

static void
test_blank_is_a_position_too(void** const state)
{
  Fixture* const self = *state;
  CnPosition     position;
  begin(self, LV2_TIME__Position);
  key(self, LV2_TIME__beatsPerMinute);
  lv2_atom_forge_double(&self->forge, 72.0);
  const LV2_URID blank = cn_host_map(&self->features, LV2_ATOM__Blank);
  memcpy((uint8_t*)self->buffer + offsetof(LV2_Atom, type), &blank, sizeof(blank));

  assert_true(cn_transport_read(&self->uris, atom(self), &position));
  assert_int_equal(position.parts, CN_POSITION_BPM);
  assert_true(position.bpm == 72.0);
}

static void
test_each_numeric_type_is_read(void** const state)
{
  for (unsigned type = 0; type < 5; ++type) {
    Fixture* const self = *state;
    CnPosition     position;
    lv2_atom_forge_set_buffer(&self->forge, (uint8_t*)self->buffer, sizeof(self->buffer));
    begin(self, LV2_TIME__Position);
    key(self, LV2_TIME__speed);
    switch (type) {
    case 0:
      lv2_atom_forge_int(&self->forge, 1);
      break;
    case 1:
      lv2_atom_forge_long(&self->forge, 1);
      break;
    case 2:
      lv2_atom_forge_float(&self->forge, 1.0F);
      break;
    case 3:
      lv2_atom_forge_double(&self->forge, 1.0);
      break;
    default:
      lv2_atom_forge_bool(&self->forge, true);
      break;
    }
    assert_true(cn_transport_read(&self->uris, atom(self), &position));
    assert_int_equal(position.parts, CN_POSITION_SPEED);
    assert_true(position.speed == 1.0);
  }
}

static void
test_nonsense_counts_as_not_told(void** const state)
{
  Fixture* const self = *state;
  CnPosition     position;
  begin(self, LV2_TIME__Position);
  key(self, LV2_TIME__beatsPerMinute);
  lv2_atom_forge_float(&self->forge, 0.0F);
  key(self, LV2_TIME__speed);
  lv2_atom_forge_float(&self->forge, NAN);
  key(self, LV2_TIME__beatUnit);
  lv2_atom_forge_int(&self->forge, -4);
  key(self, LV2_TIME__beatsPerBar);
  lv2_atom_forge_double(&self->forge, INFINITY);
  key(self, LV2_TIME__frame);
  lv2_atom_forge_double(&self->forge, 1e300);
  key(self, LV2_TIME__bar);
  lv2_atom_forge_urid(&self->forge, 3);

  assert_true(cn_transport_read(&self->uris, atom(self), &position));
  assert_int_equal(position.parts, 0);
}

static void
test_other_objects_are_no_position(void** const state)
{
  Fixture* const self = *state;
  CnPosition     position;
  begin(self, LV2_TIME__Time);
  key(self, LV2_TIME__speed);
  lv2_atom_forge_float(&self->forge, 1.0F);
  assert_false(cn_transport_read(&self->uris, atom(self), &position));

  const LV2_Atom number = {0, self->uris.atom_Int};
  assert_false(cn_transport_read(&self->uris, &number, &position));
}

/// Cut short at every byte, in memory of just that size: nothing is read beyond
static void
test_truncated_objects_are_safe(void** const state)
{
  Fixture* const self = *state;
  CnPosition     position;
  begin(self, LV2_TIME__Position);
  key(self, LV2_TIME__speed);
  lv2_atom_forge_float(&self->forge, 1.0F);
  key(self, LV2_TIME__frame);
  lv2_atom_forge_long(&self->forge, 5);
  const uint32_t whole = atom(self)->size;
  for (uint32_t size = 0; size < whole; ++size) {
    LV2_Atom* const cut = (LV2_Atom*)malloc(sizeof(LV2_Atom) + size);
    assert_non_null(cut);
    memcpy(cut, self->buffer, sizeof(LV2_Atom) + size);
    cut->size = size;
    if (cn_transport_read(&self->uris, cut, &position)) {
      assert_false(position.parts & CN_POSITION_FRAME);
    }
    free(cut);
  }
}

/// Append a position of a song's frame, or a message, at a frame of the block
static void
append(Fixture* const self, const int64_t frame, const int64_t song)
{
  lv2_atom_forge_frame_time(&self->forge, frame);
  if (song < 0) {
    lv2_atom_forge_bool(&self->forge, false);
    return;
  }
  LV2_Atom_Forge_Frame object;
  lv2_atom_forge_object(&self->forge, &object, 0, cn_host_map(&self->features, LV2_TIME__Position));
  key(self, LV2_TIME__frame);
  lv2_atom_forge_long(&self->forge, song);
  lv2_atom_forge_pop(&self->forge, &object);
}

static void
test_positions_come_in_order_of_frames(void** const state)
{
  static const int64_t  frames[] = {900, 300, -1, 300, 0, 900};
  static const int64_t  songs[]  = {5, 2, 0, 3, 1, 6}; // In the order that they are to come
  static const int64_t  sorted[] = {0, 1, 2, 3, 5, 6};
  Fixture* const        self     = *state;
  const LV2_Atom_Event* event    = NULL;
  lv2_atom_forge_sequence_head(&self->forge, &self->frame, 0);
  append(self, 500, -1);
  for (size_t i = 0; i < 6; ++i) {
    append(self, frames[i], songs[i]);
  }
  append(self, 1000, -1);
  lv2_atom_forge_pop(&self->forge, &self->frame);
  const LV2_Atom_Sequence* const sequence = (const LV2_Atom_Sequence*)atom(self);
  for (size_t i = 0; i < 6; ++i) {
    CnPosition position;
    event = cn_transport_next(&self->uris, sequence, event);
    assert_non_null(event);
    assert_true(cn_transport_read(&self->uris, &event->body, &position));
    assert_int_equal(position.frame, sorted[i]);
  }
  assert_null(cn_transport_next(&self->uris, sequence, event));
  assert_null(cn_transport_next(&self->uris, NULL, NULL));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_position_is_read, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_blank_is_a_position_too, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_each_numeric_type_is_read, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_nonsense_counts_as_not_told, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_other_objects_are_no_position, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_truncated_objects_are_safe, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_positions_come_in_order_of_frames, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
