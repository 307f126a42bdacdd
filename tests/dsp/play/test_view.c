// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/play/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define RATE 48000.0
#define BLOCK 24000 // [frames] A quarter at 120 BPM

static int
set_up(void** const state)
{
  *state = cn_performer_new(RATE, false);
  return *state ? 0 : -1;
}

static int
tear_down(void** const state)
{
  cn_performer_free((CnPerformer*)*state);
  return 0;
}

static bool
take_message(void* const handle, const uint32_t frame, const uint8_t* const message, const uint32_t size)
{
  (void)handle;
  (void)frame;
  (void)message;
  (void)size;
  return true;
}

/// See a performer after a block with a position or none, in which a key may be struck
static CnView
see(CnPerformer* const performer, const CnPosition* const position, const bool strikes)
{
  static const uint8_t strike[] = {0x90, 60, 80};
  const CnControls     controls = {.enabled = true, .play = true, .thru = true, .take = 1};
  const CnMidiSink     sink     = {NULL, take_message};
  cn_performer_begin(performer, &controls, &sink, BLOCK);
  if (position) {
    cn_performer_position(performer, 0, position);
  }
  if (strikes) {
    cn_performer_midi(performer, 0, strike, 3);
  }
  cn_performer_end(performer);
  cn_performer_sync(performer);
  return cn_performer_view(performer);
}

static void
test_without_a_transport_it_waits_at_the_first_bar(void** const state)
{
  const CnView waits = see(*state, NULL, false);
  assert_false(waits.rolls);
  assert_int_equal(waits.bar_number, 0);
  assert_true(waits.tick == CN_FREE_TICK);
  assert_int_equal(waits.bar.start, CN_FREE_TICK);
  const CnView plays = see(*state, NULL, true);
  assert_true(plays.rolls && plays.hears);
  assert_int_equal(plays.bar_number, 0);
  assert_true(plays.tick > CN_FREE_TICK + 23 && plays.tick < CN_FREE_TICK + 25);
  see(*state, NULL, false);
  see(*state, NULL, false);
  assert_int_equal(see(*state, NULL, false).bar_number, 1);
}

static void
test_a_transport_that_stands_is_where_it_says(void** const state)
{
  const CnPosition position = {
      .parts = CN_POSITION_BEAT | CN_POSITION_SPEED | CN_POSITION_BPM, .bpm = 120.0, .beat = 9.0};
  const CnView view = see(*state, &position, false);
  assert_true(view.is_told && !view.rolls);
  assert_true(view.tick == 9.0 * CN_TICKS_PER_QUARTER);
  assert_int_equal(view.bar_number, 2);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_without_a_transport_it_waits_at_the_first_bar, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_transport_that_stands_is_where_it_says, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
