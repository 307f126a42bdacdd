// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/play/listener.h"
#include "dsp/take/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/// A listener and its ring
typedef struct {
  CnRing     inbox;
  CnListener listener;
} Ear;

static int
set_up(void** const state)
{
  Ear* const ear = (Ear*)calloc(1, sizeof(Ear));
  *state         = ear;
  if (!ear || cn_ring_init(&ear->inbox, 256, sizeof(CnCommand))) {
    return -1;
  }
  cn_listener_init(&ear->listener, &ear->inbox);
  return 0;
}

static int
tear_down(void** const state)
{
  Ear* const ear = (Ear*)*state;
  cn_ring_clear(&ear->inbox);
  free(ear);
  return 0;
}

/// Hear three bytes at a tick
static bool
hear(Ear* const ear, const int32_t tick, const unsigned status, const unsigned data1, const unsigned data2)
{
  const uint8_t  message[3] = {(uint8_t)status, (uint8_t)data1, (uint8_t)data2};
  const CnMoment moment     = {.tick = tick, .played = tick + 1, .bar = {0, 96}};
  return cn_listener_hear(&ear->listener, &moment, message, 3);
}

static void
assert_told(Ear* const ear, const CnCommandKind kind, const int32_t tick, const unsigned channel,
            const unsigned pitch)
{
  CnCommand command;
  assert_true(cn_ring_pop(&ear->inbox, &command));
  assert_int_equal(command.kind, kind);
  assert_int_equal(command.tick, tick);
  assert_int_equal(command.channel, channel);
  assert_int_equal(command.pitch, pitch);
}

static void
assert_told_nothing(Ear* const ear)
{
  assert_true(cn_ring_is_empty(&ear->inbox));
}

static void
test_note_is_told(void** const state)
{
  Ear* const ear = (Ear*)*state;
  CnCommand  command;
  assert_true(hear(ear, 10, 0x93, 60, 77));
  assert_true(cn_ring_pop(&ear->inbox, &command));
  assert_int_equal(command.kind, CN_COMMAND_ON);
  assert_int_equal(command.tick, 10);
  assert_int_equal(command.played, 11);
  assert_int_equal(command.velocity, 77);
  assert_int_equal(command.channel, 3);
  assert_int_equal(command.bar.length, 96);
  assert_false(hear(ear, 20, 0x83, 60, 1));
  assert_told(ear, CN_COMMAND_OFF, 20, 3, 60);
  assert_false(hear(ear, 21, 0x83, 60, 1));
  assert_told_nothing(ear);
}

static void
test_velocity_0_releases(void** const state)
{
  Ear* const ear = (Ear*)*state;
  hear(ear, 1, 0x90, 21, 1);
  assert_told(ear, CN_COMMAND_ON, 1, 0, 21);
  assert_false(hear(ear, 2, 0x90, 21, 0));
  assert_told(ear, CN_COMMAND_OFF, 2, 0, 21);
}

static void
test_pedal_holds(void** const state)
{
  Ear* const ear = (Ear*)*state;
  hear(ear, 1, 0x90, 60, 64);
  hear(ear, 2, 0xB0, 64, 64);
  hear(ear, 3, 0x80, 60, 64);
  hear(ear, 4, 0x91, 62, 64); // Another channel: not its pedal
  hear(ear, 5, 0x81, 62, 64);
  assert_told(ear, CN_COMMAND_ON, 1, 0, 60);
  assert_told(ear, CN_COMMAND_LIFT, 3, 0, 60);
  assert_told(ear, CN_COMMAND_ON, 4, 1, 62);
  assert_told(ear, CN_COMMAND_OFF, 5, 1, 62);
  hear(ear, 6, 0x90, 65, 64); // Held by the finger as the pedal rises
  assert_told(ear, CN_COMMAND_ON, 6, 0, 65);
  hear(ear, 7, 0xB0, 64, 63);
  assert_told(ear, CN_COMMAND_OFF, 7, 0, 60);
  assert_told_nothing(ear);
  hear(ear, 8, 0x80, 65, 0);
  assert_told(ear, CN_COMMAND_OFF, 8, 0, 65);
}

static void
test_restrike_ends_the_note_before(void** const state)
{
  Ear* const ear = (Ear*)*state;
  hear(ear, 1, 0xB0, 64, 127);
  hear(ear, 1, 0x90, 60, 64);
  hear(ear, 2, 0x80, 60, 64);
  hear(ear, 3, 0x90, 60, 64);
  assert_told(ear, CN_COMMAND_ON, 1, 0, 60);
  assert_told(ear, CN_COMMAND_LIFT, 2, 0, 60);
  assert_told(ear, CN_COMMAND_OFF, 3, 0, 60);
  assert_told(ear, CN_COMMAND_ON, 3, 0, 60);
  assert_told_nothing(ear);
}

static void
test_mode_messages_end_all(void** const state)
{
  static const unsigned controls[] = {120, 123, 124, 127};
  Ear* const            ear        = (Ear*)*state;
  for (size_t i = 0; i < 4; ++i) {
    hear(ear, 1, 0x92, 60, 64);
    hear(ear, 2, 0xB2, controls[i], 0);
    assert_told(ear, CN_COMMAND_ON, 1, 2, 60);
    assert_told(ear, CN_COMMAND_OFF, 2, 2, 60);
    assert_told_nothing(ear);
  }
  hear(ear, 3, 0xB2, 64, 127);
  hear(ear, 4, 0x92, 60, 64);
  hear(ear, 5, 0x82, 60, 64);
  hear(ear, 6, 0xB2, 121, 0);
  assert_told(ear, CN_COMMAND_ON, 4, 2, 60);
  assert_told(ear, CN_COMMAND_LIFT, 5, 2, 60);
  assert_told(ear, CN_COMMAND_OFF, 6, 2, 60);
}

static void
test_all_notes_off_lifts_the_fingers_only(void** const state)
{
  Ear* const ear = (Ear*)*state;
  hear(ear, 1, 0xB2, 64, 127);
  hear(ear, 2, 0x92, 60, 64);
  hear(ear, 3, 0xB2, 123, 0);
  hear(ear, 4, 0xB2, 120, 0); // All Sound Off minds no pedal
  assert_told(ear, CN_COMMAND_ON, 2, 2, 60);
  assert_told(ear, CN_COMMAND_LIFT, 3, 2, 60);
  assert_told(ear, CN_COMMAND_OFF, 4, 2, 60);
  assert_told_nothing(ear);
}

static void
test_sostenuto_holds_what_was_down(void** const state)
{
  Ear* const ear = (Ear*)*state;
  hear(ear, 1, 0x90, 60, 64);
  hear(ear, 2, 0xB0, 66, 127);
  hear(ear, 3, 0xB0, 66, 100); // It is down already
  hear(ear, 3, 0x90, 62, 64);
  hear(ear, 4, 0x80, 60, 64);
  hear(ear, 5, 0x80, 62, 64);
  hear(ear, 6, 0xB0, 64, 127); // Both pedals hold 60 now
  hear(ear, 7, 0xB0, 66, 0);
  hear(ear, 8, 0xB0, 64, 0);
  assert_told(ear, CN_COMMAND_ON, 1, 0, 60);
  assert_told(ear, CN_COMMAND_ON, 3, 0, 62);
  assert_told(ear, CN_COMMAND_LIFT, 4, 0, 60);
  assert_told(ear, CN_COMMAND_OFF, 5, 0, 62);
  assert_told(ear, CN_COMMAND_OFF, 8, 0, 60);
  assert_told_nothing(ear);
}

static void
test_keys_beyond_the_piano_are_heard(void** const state)
{
  Ear* const ear = (Ear*)*state;
  assert_true(hear(ear, 1, 0x90, 0, 64));
  assert_true(hear(ear, 1, 0x90, 127, 64));
  assert_false(hear(ear, 2, 0xB0, 120, 0));
  assert_told(ear, CN_COMMAND_ON, 1, 0, 0);
  assert_told(ear, CN_COMMAND_ON, 1, 0, 127);
  assert_told(ear, CN_COMMAND_OFF, 2, 0, 0);
  assert_told(ear, CN_COMMAND_OFF, 2, 0, 127);
  assert_told_nothing(ear);
}

static void
test_nothing_begins_while_the_transport_stands(void** const state)
{
  static const uint8_t strike[]  = {0x90, 60, 64};
  static const uint8_t release[] = {0x80, 60, 64};
  Ear* const           ear       = (Ear*)*state;
  assert_false(cn_listener_hear(&ear->listener, NULL, strike, 3));
  hear(ear, 5, 0x80, 60, 64);
  assert_told_nothing(ear);
  hear(ear, 6, 0x90, 60, 64);
  assert_told(ear, CN_COMMAND_ON, 6, 0, 60);
  cn_listener_halt(&ear->listener);
  cn_listener_hear(&ear->listener, NULL, release, 3);
  assert_told_nothing(ear);
}

static void
test_broken_messages_are_ignored(void** const state)
{
  static const uint8_t messages[][4] = {{0x90, 60},   {0x90, 200, 64}, {0x90, 60, 200},
                                        {60, 60, 60}, {0xF0, 1, 2},    {0xFF}};
  Ear* const           ear           = (Ear*)*state;
  const CnMoment       moment        = {.tick = 1, .bar = {0, 96}};
  for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); ++i) {
    for (uint32_t size = 0; size <= 4; ++size) {
      assert_false(cn_listener_hear(&ear->listener, &moment, messages[i], size));
    }
  }
  assert_told_nothing(ear);
}

static void
test_full_inbox_is_counted(void** const state)
{
  Ear* const ear = (Ear*)*state;
  for (int32_t i = 0; i < 300; ++i) {
    hear(ear, i, 0x90, 21 + (unsigned)i % 88, 64);
  }
  assert_true(ear->listener.n_lost > 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_note_is_told),
      CASE(test_velocity_0_releases),
      CASE(test_pedal_holds),
      CASE(test_restrike_ends_the_note_before),
      CASE(test_mode_messages_end_all),
      CASE(test_all_notes_off_lifts_the_fingers_only),
      CASE(test_sostenuto_holds_what_was_down),
      CASE(test_keys_beyond_the_piano_are_heard),
      CASE(test_nothing_begins_while_the_transport_stands),
      CASE(test_broken_messages_are_ignored),
      CASE(test_full_inbox_is_counted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
