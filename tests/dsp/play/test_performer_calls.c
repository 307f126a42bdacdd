// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/alloc.h"

#include "dsp/play/performer.h"
#include "dsp/take/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RATE 48000.0
#define BLOCK 1000 // [frames] A tick at 120 BPM
#define N_MESSAGES 256

/// A performer, and what it has sent
typedef struct {
  CnPerformer* performer;
  CnControls   controls;
  int64_t      start; ///< [frames] of this block
  uint32_t     n_messages;
  uint8_t      messages[N_MESSAGES][3];
  int64_t      frames[N_MESSAGES];
} Room;

/// A planner of one note a segment: key 70, from its second tick on, for half of it
static CnStatus
plan(void* const handle, const CnPlanRequest* const request, CnNote* const notes, uint32_t* const n_notes)
{
  (void)handle;
  notes[0] =
      (CnNote){.onset = request->segment * CN_SEGMENT_TICKS + 1, .duration = 6, .pitch = 70, .velocity = 60};
  *n_notes = 1;
  return CN_STATUS_SUCCESS;
}

static bool
write_message(void* const handle, const uint32_t frame, const uint8_t* const message, const uint32_t size)
{
  Room* const room = (Room*)handle;
  assert_true(size <= 3 && room->n_messages < N_MESSAGES);
  memcpy(room->messages[room->n_messages], message, size);
  room->frames[room->n_messages++] = room->start + frame;
  return true;
}

static int
set_up(void** const state)
{
  Room* const     room    = (Room*)calloc(1, sizeof(Room));
  const CnPlanner planner = {.plan = plan, .id = 1};
  *state                  = room;
  if (!room || !(room->performer = cn_performer_new(RATE, false))) {
    return -1;
  }
  room->controls = (CnControls){.enabled = true, .play = true, .thru = true, .take = 1};
  return cn_engine_set_planner(cn_performer_engine(room->performer), &planner);
}

static int
tear_down(void** const state)
{
  Room* const room = (Room*)*state;
  cn_performer_free(room->performer);
  free(room);
  return 0;
}

/// Run a block; a message of three bytes comes at `frame` of it, unless its status is 0
static void
run(Room* const room, const uint32_t frame, const unsigned status, const unsigned data1, const unsigned data2)
{
  const CnMidiSink sink       = {room, write_message};
  const uint8_t    message[3] = {(uint8_t)status, (uint8_t)data1, (uint8_t)data2};
  cn_performer_begin(room->performer, &room->controls, &sink, BLOCK);
  if (status) {
    cn_performer_midi(room->performer, frame, message, 3);
  }
  cn_performer_end(room->performer);
  cn_performer_sync(room->performer);
  room->start += BLOCK;
}

static void
run_blocks(Room* const room, const unsigned n)
{
  for (unsigned i = 0; i < n; ++i) {
    run(room, 0, 0, 0, 0);
  }
}

static void
locate(Room* const room, const double quarter, const double speed)
{
  const CnMidiSink sink     = {room, write_message};
  const CnPosition position = {.parts = CN_POSITION_BEAT | CN_POSITION_SPEED | CN_POSITION_BPM,
                               .beat  = quarter,
                               .speed = speed,
                               .bpm   = 120};
  cn_performer_begin(room->performer, &room->controls, &sink, 0);
  cn_performer_position(room->performer, 0, &position);
  cn_performer_end(room->performer);
  cn_performer_sync(room->performer);
}

static void
assert_message(const Room* const room, const uint32_t index, const int64_t frame, const unsigned status,
               const unsigned data1)
{
  assert_true(index < room->n_messages);
  assert_int_equal(room->frames[index], frame);
  assert_int_equal(room->messages[index][0], status);
  assert_int_equal(room->messages[index][1], data1);
}

/// Play tick 0..6 of a running song, and let it continue from tick 36 on
static void
play_phrase(Room* const room)
{
  locate(room, 0.0, 1.0);
  run(room, 0, 0x90, 60, 80);
  run_blocks(room, 5);
  run(room, 0, 0x80, 60, 80);
  run_blocks(room, 30);
  assert_int_equal(room->n_messages, 2);
}

static void
test_runs_freely_from_the_first_note(void** const state)
{
  Room* const room = (Room*)*state;
  run_blocks(room, 100);
  assert_int_equal(room->n_messages, 0);
  assert_false(cn_performer_playing(room->performer));
  run(room, 500, 0x90, 60, 80);
  run(room, 500, 0x80, 60, 80);
  assert_int_equal(room->n_messages, 2);
  run_blocks(room, 60);
  assert_true(room->n_messages > 4);
  // The phrase starts a bar at frame 100500 and ends a tick later; 24 ticks on begins segment 3
  assert_message(room, 2, 100500 + 37 * BLOCK, 0x90, 70);
  assert_message(room, 3, 100500 + 43 * BLOCK, 0x80, 70);
}

static void
test_told_transport_stands_still(void** const state)
{
  Room* const room = (Room*)*state;
  locate(room, 4.0, 0.0);
  run(room, 500, 0x90, 60, 80);
  run(room, 500, 0x80, 60, 80);
  run_blocks(room, 100);
  assert_int_equal(room->n_messages, 2);
}

static void
test_releases_go_first_within_a_frame(void** const state)
{
  Room* const room = (Room*)*state;
  play_phrase(room);
  run_blocks(room, 6); // Up to tick 43, where the note of tick 37 ends
  assert_message(room, 2, 37 * BLOCK, 0x90, 70);
  assert_true(cn_performer_playing(room->performer));
  run(room, 0, 0xB0, 1, 1);
  assert_message(room, 3, 43 * BLOCK, 0x80, 70);
  assert_message(room, 4, 43 * BLOCK, 0xB0, 1);
}

static void
test_musician_takes_over(void** const state)
{
  Room* const room = (Room*)*state;
  play_phrase(room);
  run_blocks(room, 3);
  run(room, 300, 0x90, 60, 80); // At tick 40
  assert_message(room, 2, 37 * BLOCK, 0x90, 70);
  assert_message(room, 3, 40 * BLOCK + 300, 0x80, 70);
  assert_message(room, 4, 40 * BLOCK + 300, 0x90, 60);
  run_blocks(room, 100);
  assert_int_equal(room->n_messages, 5);
}

static void
test_bypass_ends_it_and_passes_the_musician(void** const state)
{
  Room* const room = (Room*)*state;
  play_phrase(room);
  run_blocks(room, 3);
  room->controls.enabled = false;
  room->controls.thru    = false;
  run(room, 300, 0x90, 60, 80);
  assert_message(room, 3, 40 * BLOCK, 0x80, 70);
  assert_message(room, 4, 40 * BLOCK + 300, 0x90, 60);
  room->controls.enabled = true;
  run(room, 0, 0x80, 60, 80); // Thru is off, but the note was passed on
  assert_message(room, 5, 41 * BLOCK, 0x80, 60);
  run(room, 0, 0x90, 62, 80);
  assert_int_equal(room->n_messages, 6);
}

static void
test_stop_ends_it_and_reset_forgets(void** const state)
{
  Room* const room = (Room*)*state;
  play_phrase(room);
  run_blocks(room, 3);
  locate(room, 40.0 / 24.0, 0.0);
  assert_message(room, 3, 40 * BLOCK, 0x80, 70);
  assert_false(cn_performer_playing(room->performer));
  cn_performer_reset(room->performer);
  room->start = 0;
  locate(room, 36.0 / 24.0, 0.0); // What was heard is still known
  locate(room, 36.0 / 24.0, 1.0);
  run_blocks(room, 2);
  assert_message(room, 4, BLOCK, 0x90, 70);
  assert_int_equal(cn_performer_late_notes(room->performer), 0);
}

/// Assert that the score of what was played has these notes of the continuation's, and no others
static void
assert_score(const Room* const room, const int32_t* const onsets, const size_t n)
{
  CnScore* score = NULL;
  size_t   n_own = 0;
  assert_int_equal(cn_engine_score(cn_performer_engine(room->performer), &score), CN_STATUS_SUCCESS);
  for (size_t i = 0; i < score->n_notes; ++i) {
    if (score->notes[i].part == CN_PART_CONTINUO) {
      assert_true(n_own < n);
      assert_int_equal(score->notes[i].onset, onsets[n_own++]);
    }
  }
  assert_int_equal(n_own, n);
  cn_score_free(score);
}

static void
test_notes_of_an_idle_engine_are_late(void** const state)
{
  Room* const      room = (Room*)*state;
  const CnMidiSink sink = {room, write_message};
  play_phrase(room);
  for (unsigned i = 0; i < 30; ++i) { // Nobody runs the engine: ticks 36 to 65 pass
    cn_performer_begin(room->performer, &room->controls, &sink, BLOCK);
    cn_performer_end(room->performer);
    room->start += BLOCK;
  }
  assert_int_equal(room->n_messages, 4); // Segment 3 was planned in time
  run(room, 0, 0, 0, 0);
  run(room, 0, 0, 0, 0);
  assert_int_equal(cn_performer_late_notes(room->performer), 2); // At ticks 49 and 61
}

/// What came too late, or while it was bypassed, is no part of what was played, until it is
static void
test_score_has_what_has_sounded(void** const state)
{
  static const int32_t onsets[] = {37, 49, 61, 73, 85};
  Room* const          room     = (Room*)*state;
  const CnMidiSink     sink     = {room, write_message};
  play_phrase(room);
  assert_score(room, onsets, 0); // Up to tick 36
  run(room, 0, 0, 0, 0);
  assert_score(room, onsets, 1);      // At once
  for (unsigned i = 0; i < 24; ++i) { // Nobody runs the engine while ticks 38 to 61 pass: 61 is late
    cn_performer_begin(room->performer, &room->controls, &sink, BLOCK);
    cn_performer_end(room->performer);
    room->start += BLOCK;
  }
  cn_performer_sync(room->performer);
  room->controls.enabled = false;
  run_blocks(room, 24); // Up to tick 85
  room->controls.enabled = true;
  assert_score(room, onsets, 2);
  room->controls.hold = true;
  run(room, 0, 0, 0, 0);
  assert_score(room, onsets, 4); // The segment of tick 73 was asked for before
  room->controls.hold = false;
  locate(room, 40.0 / 24.0, 1.0);
  assert_score(room, onsets, 2);
  run_blocks(room, 22); // Up to tick 61
  assert_score(room, onsets, 3);
}

static void
test_no_memory_is_survived(void** const state)
{
  (void)state;
  const long   before    = test_alloc_live();
  CnPerformer* performer = NULL;
  long         n         = 0;
  for (; !performer; ++n) {
    assert_int_equal(test_alloc_live(), before);
    test_alloc_fail_at(n);
    performer = cn_performer_new(RATE, true);
  }
  test_alloc_fail_at(-1);
  assert_true(n > 6); // Each of its parts has failed once
  cn_performer_free(performer);
  cn_performer_free(NULL);
  assert_int_equal(test_alloc_live(), before);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_runs_freely_from_the_first_note),        CASE(test_told_transport_stands_still),
      CASE(test_releases_go_first_within_a_frame),       CASE(test_musician_takes_over),
      CASE(test_bypass_ends_it_and_passes_the_musician), CASE(test_stop_ends_it_and_reset_forgets),
      CASE(test_notes_of_an_idle_engine_are_late),       CASE(test_score_has_what_has_sounded),
      cmocka_unit_test(test_no_memory_is_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
