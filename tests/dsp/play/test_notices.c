// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/play/performer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define RATE 48000.0
#define BLOCK 1000    // [frames]
#define SECOND 48     // [blocks]
#define EVENTS_MAX 20 // That the sink takes in a block

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
write_message(void* const handle, const uint32_t frame, const uint8_t* const message, const uint32_t size)
{
  (void)frame;
  (void)message;
  (void)size;
  return ++*(unsigned*)handle <= EVENTS_MAX;
}

/// Run a block with a position or without, and strike or release keys from 60 on, or none
static void
run(CnPerformer* const performer, const CnPosition* const position, const uint8_t status,
    const unsigned n_keys)
{
  const CnControls controls = {.enabled = true, .play = true, .thru = true, .take = 1};
  unsigned         n        = 0;
  const CnMidiSink sink     = {&n, write_message};
  cn_performer_begin(performer, &controls, &sink, BLOCK);
  if (position) {
    cn_performer_position(performer, 0, position);
  }
  for (unsigned i = 0; i < n_keys; ++i) {
    const uint8_t message[] = {status, (uint8_t)(60 + i), 80};
    cn_performer_midi(performer, 0, message, 3);
  }
  cn_performer_end(performer);
  cn_performer_sync(performer);
}

static void
wait(CnPerformer* const performer, const unsigned n_blocks)
{
  for (unsigned i = 0; i < n_blocks; ++i) {
    run(performer, NULL, 0, 0);
  }
}

static CnNotice
first(const CnPerformer* const performer)
{
  return cn_notices_first(cn_performer_notices(performer));
}

static CnPosition
position(const double speed)
{
  return (CnPosition){
      .parts = CN_POSITION_BEAT | CN_POSITION_SPEED | CN_POSITION_BPM, .speed = speed, .bpm = 120.0};
}

static void
test_where_nothing_comes_in(void** const state)
{
  CnPerformer* const performer = (CnPerformer*)*state;
  wait(performer, (unsigned)CN_NOTICE_SECONDS * SECOND - 1);
  assert_int_equal(first(performer), CN_NOTICE_NONE);
  wait(performer, 1);
  assert_int_equal(first(performer), CN_NOTICE_NO_INPUT);
  run(performer, NULL, 0x90, 1);
  assert_int_equal(first(performer), CN_NOTICE_NONE);
  run(performer, NULL, 0x80, 1);
  wait(performer, 2 * (unsigned)CN_NOTICE_SECONDS * SECOND);
  assert_int_equal(first(performer), CN_NOTICE_NO_TRANSPORT);
}

static void
test_phrase_without_a_transport(void** const state)
{
  CnPerformer* const performer = (CnPerformer*)*state;
  const CnPosition   told      = position(0.0);
  run(performer, NULL, 0x90, 2);
  wait(performer, 2 * SECOND);
  assert_int_equal(first(performer), CN_NOTICE_NONE); // The keys are down
  run(performer, NULL, 0x80, 2);
  wait(performer, SECOND / 4);
  assert_int_equal(first(performer), CN_NOTICE_NONE); // Perhaps more comes
  run(performer, NULL, 0x90, 1);
  run(performer, NULL, 0x80, 1);
  wait(performer, SECOND / 2);
  assert_int_equal(first(performer), CN_NOTICE_NO_TRANSPORT);
  run(performer, &told, 0, 0);
  assert_int_equal(first(performer), CN_NOTICE_NONE);
}

/// Ardour tells it each cycle
static void
test_transport_that_stands_and_is_told(void** const state)
{
  CnPerformer* const performer = (CnPerformer*)*state;
  const CnPosition   stands    = position(0.0);
  run(performer, &stands, 0x90, 1);
  run(performer, &stands, 0x80, 1);
  for (unsigned i = 0; i < SECOND; ++i) {
    run(performer, &stands, 0, 0);
  }
  assert_int_equal(first(performer), CN_NOTICE_STANDS);
}

static void
test_phrase_while_the_transport_stands(void** const state)
{
  CnPerformer* const performer = (CnPerformer*)*state;
  const CnPosition   stands    = position(0.0);
  const CnPosition   rolls     = position(1.0);
  run(performer, &stands, 0, 0);
  wait(performer, 2 * SECOND);
  assert_int_equal(first(performer), CN_NOTICE_NONE);
  run(performer, NULL, 0x90, 1);
  run(performer, NULL, 0x80, 1);
  wait(performer, SECOND);
  assert_int_equal(first(performer), CN_NOTICE_STANDS);
  run(performer, &rolls, 0, 0);
  assert_int_equal(first(performer), CN_NOTICE_NONE);
  run(performer, NULL, 0x90, 1);
  run(performer, NULL, 0x80, 1);
  wait(performer, SECOND);
  assert_int_equal(first(performer), CN_NOTICE_NONE);
  run(performer, &stands, 0, 0);
  wait(performer, SECOND);
  assert_int_equal(first(performer), CN_NOTICE_NONE); // That phrase was heard
}

static void
test_limits(void** const state)
{
  CnPerformer* const performer = (CnPerformer*)*state;
  run(performer, NULL, 0x90, EVENTS_MAX);
  assert_int_equal(first(performer), CN_NOTICE_NONE);
  run(performer, NULL, 0xB0, EVENTS_MAX + 1); // Messages that nothing hangs on
  assert_int_equal(first(performer), CN_NOTICE_FULL_OUTPUT);
  cn_performer_reset(performer);
  assert_int_equal(first(performer), CN_NOTICE_NONE);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_where_nothing_comes_in),
      CASE(test_phrase_without_a_transport),
      CASE(test_phrase_while_the_transport_stands),
      CASE(test_transport_that_stands_and_is_told),
      CASE(test_limits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
