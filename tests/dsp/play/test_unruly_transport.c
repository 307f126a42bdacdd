// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_unruly_transport.c
   Transports that slip, turn and start while keys are down.
*/

#include "dsp/base/random.h"
#include "dsp/music/note.h"
#include "dsp/play/performer.h"
#include "dsp/take/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define RATE 48000.0
#define TICK 1000    // [frames] at 120 BPM
#define EIGHTH 12000 // [frames]
#define N_PITCHES 64 // Of the planner, from FIRST_PITCH on
#define FIRST_PITCH 32
#define N_BLOCKS 100000 // Of the random test, in each role
#define KEY 100         // Of the musician; the planner has no such

/// A performer with its transport, and what it has played
typedef struct {
  CnPerformer* performer;
  CnControls   controls;
  int64_t      stream; ///< [frames] since the first block
  int64_t      song;   ///< [frames] of the song
  bool         rolls;
  bool         is_silent; ///< No position is told
  bool         on[128];   ///< That sound
  bool         is_down;   ///< The musician's key
  uint32_t     n_own;     ///< Notes of the continuation that began
  uint32_t     n_over;    ///< While the musician's key was down
  uint32_t     n_ends;    ///< That ended
  uint32_t     n_faults;  ///< Out of pairs
  int64_t      first;     ///< [frames] of the stream where the last note began
  int64_t      last;      ///< Number of the segment whose note began last
  uint32_t     n_again;   ///< Notes that began out of order
} Room;

/// One note a segment, from its second tick on for half of it, by whose pitch the segment is known
static CnStatus
plan(void* const handle, const CnPlanRequest* const request, CnNote* const notes, uint32_t* const n_notes)
{
  (void)handle;
  notes[0] = (CnNote){.onset    = request->segment * CN_SEGMENT_TICKS + 1,
                      .duration = 6,
                      .pitch    = (uint8_t)(FIRST_PITCH + (request->segment & (N_PITCHES - 1))),
                      .velocity = 60};
  *n_notes = 1;
  return CN_STATUS_SUCCESS;
}

/// Number of the segment that has a pitch, the nearest to where the song is
static int64_t
segment_of(const Room* const room, const uint8_t pitch)
{
  const int64_t here = room->song / EIGHTH;
  const int64_t away = (pitch - FIRST_PITCH - here) & (N_PITCHES - 1);
  return here + (away < N_PITCHES / 2 ? away : away - N_PITCHES);
}

static bool
write_message(void* const handle, const uint32_t frame, const uint8_t* const message, const uint32_t size)
{
  Room* const   room  = (Room*)handle;
  const uint8_t pitch = message[1];
  const bool    on    = message[0] == 0x90;
  assert_int_equal(size, 3);
  room->n_faults += room->on[pitch] == on;
  room->on[pitch] = on;
  if (pitch != KEY) {
    room->n_ends += !on;
    room->n_own += on;
    room->n_over += on && room->is_down;
    if (on && room->stream > 0) { // The chord with which a solo begins tells of no segment
      room->n_again += segment_of(room, pitch) <= room->last;
      room->last  = segment_of(room, pitch);
      room->first = room->stream + frame;
    }
  }
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
  room->last     = INT64_MIN;
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

static CnPosition
position(const Room* const room)
{
  return (CnPosition){.parts = CN_POSITION_FRAME | CN_POSITION_BEAT | CN_POSITION_SPEED | CN_POSITION_BPM,
                      .frame = room->song,
                      .beat  = (double)room->song / (24.0 * TICK),
                      .speed = room->rolls ? 1.0 : 0.0,
                      .bpm   = 120.0};
}

/// Run a block; the musician moves his key at `frame` of it, up or down
static void
run_and_move(Room* const room, const uint32_t n_frames, const uint32_t frame, const bool moves)
{
  const CnMidiSink sink       = {room, write_message};
  const CnPosition here       = position(room);
  const bool       strikes    = moves && !room->is_down;
  const uint8_t    message[3] = {strikes ? 0x90 : 0x80, KEY, 80};
  cn_performer_begin(room->performer, &room->controls, &sink, n_frames);
  if (!room->is_silent) {
    cn_performer_position(room->performer, 0, &here);
  }
  if (moves) {
    cn_performer_midi(room->performer, frame, message, 3);
    room->is_down = strikes;
  }
  cn_performer_end(room->performer);
  cn_performer_sync(room->performer);
  room->stream += n_frames;
  room->song += room->rolls ? n_frames : 0;
}

/// Run blocks of a tick
static void
run_ticks(Room* const room, const unsigned n)
{
  for (unsigned i = 0; i < n; ++i) {
    run_and_move(room, TICK, 0, false);
  }
}

static void
move_key(Room* const room)
{
  run_and_move(room, TICK, 0, true);
}

static void
go_to(Room* const room, const int64_t tick)
{
  room->song = tick * TICK;
  room->last = INT64_MIN;
}

/// Begin the song with a note, and go on for some ticks
static void
start(Room* const room, const unsigned n_ticks)
{
  room->rolls = true;
  move_key(room);
  move_key(room);
  run_ticks(room, n_ticks);
}

// --- Slips

/// A note sounds on, over a slip forward or back, and ends where it would
static void
check_slip_in_a_note(Room* const room, const int64_t slip, const uint32_t n_ends, const unsigned ticks)
{
  start(room, 36);
  assert_int_equal(room->n_own, 1); // At tick 37, up to 43
  room->song += slip;
  run_ticks(room, ticks);
  assert_int_equal(room->n_own, 1);
  assert_int_equal(room->n_ends, n_ends);
}

static void
test_notes_sound_on_over_a_slip_back(void** const state)
{
  check_slip_in_a_note((Room*)*state, -8 * TICK, 0, 13);
  run_ticks((Room*)*state, 1); // Tick 43 in the song, where it has come to 30 before
  assert_int_equal(((Room*)*state)->n_ends, 1);
}

static void
test_notes_end_where_a_slip_leads_behind_them(void** const state)
{
  check_slip_in_a_note((Room*)*state, EIGHTH - 2 * TICK, 1, 1); // To tick 48
}

static void
test_skipped_ticks_are_silent(void** const state)
{
  Room* const room = (Room*)*state;
  start(room, 44);        // Tick 46
  room->song += 5 * TICK; // Tick 51: the note of tick 49 is left out
  run_ticks(room, 9);
  assert_int_equal(room->n_own, 1);
  run_ticks(room, 4); // Tick 61 has the next
  assert_int_equal(room->n_own, 2);
  assert_int_equal(cn_performer_late_notes(room->performer), 0);
}

static void
test_held_key_stays_held_over_slips(void** const state)
{
  static const int64_t slips[] = {1500, -1500, 2048, -4096, EIGHTH, -EIGHTH};
  Room* const          room    = (Room*)*state;
  start(room, 40);
  move_key(room);
  const uint32_t before = room->n_own;
  assert_true(before > 0);
  for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); ++i) {
    room->song += slips[i];
    run_ticks(room, 100);
  }
  assert_int_equal(room->n_own, before);
  move_key(room);
  run_ticks(room, 100);
  assert_true(room->n_own > before + 4);
}

/// The host goes back to the same place again and again: each time its notes play
static void
test_short_loop_is_a_loop(void** const state)
{
  Room* const room = (Room*)*state;
  start(room, 58);
  run_ticks(room, 100);
  const uint32_t before = room->n_own;
  for (unsigned i = 0; i < 20; ++i) {
    go_to(room, 144); // 144 to 150, with the note of 145
    run_ticks(room, 6);
  }
  assert_true(room->n_own >= before + 18); // The first turns could be slips
}

/// The transport starts where its loop does: the first turn plays, too
static void
test_short_loop_is_one_from_its_start(void** const state)
{
  Room* const room = (Room*)*state;
  start(room, 58);
  run_ticks(room, 100);
  room->rolls = false;
  go_to(room, 144); // 144 to 150, with the note of 145
  run_ticks(room, 4);
  room->rolls           = true;
  const uint32_t before = room->n_own;
  for (unsigned i = 0; i < 20; ++i) {
    go_to(room, 144);
    run_ticks(room, 6);
  }
  assert_int_equal(room->n_own, before + 20);
}

/// A host that tells its start twice has slipped: what it began with is not played twice
static void
test_start_that_is_told_twice_is_a_slip(void** const state)
{
  Room* const room = (Room*)*state;
  start(room, 58);
  run_ticks(room, 100);
  room->rolls = false;
  go_to(room, 145);
  run_ticks(room, 4);
  room->rolls           = true;
  const uint32_t before = room->n_own;
  run_and_move(room, 3 * TICK, 0, false);
  go_to(room, 145);
  run_ticks(room, 6);
  assert_int_equal(room->n_own, before + 1);
}

/// Blocks of any length, slips of any up to an eighth, and a key that goes down and up
static void
check_random_slips(Room* const room, const CnRole role)
{
  CnRandom random            = cn_random(1, (uint32_t)role, 0, 0, 0);
  room->controls.role        = role;
  room->controls.answer_bars = 1;
  start(room, 1);
  for (unsigned i = 0; i < N_BLOCKS; ++i) {
    const uint32_t n    = 1 + cn_random_below(&random, 3000);
    const int64_t  slip = 1 + (int64_t)cn_random_below(&random, EIGHTH);
    if (cn_random_below(&random, 12) == 0) {
      room->song += cn_random_below(&random, 2) || room->song < EIGHTH ? slip : -slip;
    }
    run_and_move(room, n, cn_random_below(&random, n), i % 100 == 50);
  }
  assert_int_equal(room->n_again, 0);
  assert_int_equal(room->n_faults, 0);
  assert_int_equal(cn_performer_late_notes(room->performer), 0);
  assert_true(room->n_own > 500);
  if (role == CN_ROLE_CONTINUE) {
    assert_int_equal(room->n_over, 0);
  }
  room->rolls = false;
  run_ticks(room, 1);
  assert_int_equal(room->n_own, room->n_ends);
}

static void
test_random_slips_in_continue(void** const state)
{
  check_random_slips((Room*)*state, CN_ROLE_CONTINUE);
}

static void
test_random_slips_in_answer(void** const state)
{
  check_random_slips((Room*)*state, CN_ROLE_ANSWER);
}

static void
test_random_slips_in_accompany(void** const state)
{
  check_random_slips((Room*)*state, CN_ROLE_ACCOMPANY);
}

static void
test_random_slips_in_solo(void** const state)
{
  check_random_slips((Room*)*state, CN_ROLE_SOLO);
}

// --- Keys that are down where the transport turns

static void
test_key_stays_down_over_a_locate(void** const state)
{
  Room* const room = (Room*)*state;
  start(room, 300); // What stands from here on would sound when the song comes by again
  move_key(room);
  const uint32_t before = room->n_own;
  go_to(room, 100);
  run_ticks(room, 150);
  assert_int_equal(room->n_own, before);
  move_key(room);
  run_ticks(room, 60);
  assert_true(room->n_own > before);
}

/// Hosts release what was down at a seam, in the frame of the seam: that is no note of the next turn
static void
test_key_released_at_the_seam_is_no_note(void** const state)
{
  Room* const room = (Room*)*state;
  start(room, 298);
  move_key(room);
  const uint32_t before = room->n_own;
  go_to(room, 100);
  move_key(room); // Up, in the frame of the locate
  run_ticks(room, 40);
  assert_true(room->n_own > before + 2); // What stands there sounds
}

static void
test_key_stays_down_over_a_start(void** const state)
{
  Room* const room = (Room*)*state;
  run_ticks(room, 2);
  move_key(room);
  run_ticks(room, 200);
  room->rolls = true;
  run_ticks(room, 100);
  assert_int_equal(room->n_own, 0);
  move_key(room);
  run_ticks(room, 60);
  assert_true(room->n_own > 0);
}

/// Number of frames from the start of the song to the first note of the continuation
static int64_t
first_after(Room* const room, const int64_t start_frame)
{
  move_key(room);
  for (unsigned i = 0; i < 60 && room->n_own == 0; ++i) {
    run_ticks(room, 1);
  }
  return room->first - start_frame;
}

static void
test_key_struck_shortly_before_the_start_begins_the_phrase(void** const state)
{
  Room* const room = (Room*)*state;
  run_ticks(room, 5);
  run_and_move(room, TICK, 500, true);
  const int64_t start_frame = room->stream;
  room->rolls               = true;
  run_ticks(room, 6);
  assert_int_equal(first_after(room, start_frame), 37 * TICK); // As of any phrase of 0 to 6
}

/// The first period of the first roll comes without one word, or with one of the place where it stood
static void
check_first_period(Room* const room, const bool is_silent)
{
  run_ticks(room, is_silent ? 0 : 5);
  const int64_t start_frame = room->stream;
  room->is_silent           = is_silent;
  run_and_move(room, 4 * TICK, 2 * TICK, true);
  room->is_silent = false;
  room->rolls     = true;
  room->song      = 4 * TICK;
  run_ticks(room, 2);
  assert_int_equal(first_after(room, start_frame), 37 * TICK);
}

static void
test_first_period_without_a_position(void** const state)
{
  check_first_period((Room*)*state, true);
}

static void
test_first_period_with_a_standing_position(void** const state)
{
  check_first_period((Room*)*state, false);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_notes_sound_on_over_a_slip_back),
      CASE(test_notes_end_where_a_slip_leads_behind_them),
      CASE(test_skipped_ticks_are_silent),
      CASE(test_held_key_stays_held_over_slips),
      CASE(test_short_loop_is_a_loop),
      CASE(test_short_loop_is_one_from_its_start),
      CASE(test_start_that_is_told_twice_is_a_slip),
      CASE(test_random_slips_in_continue),
      CASE(test_random_slips_in_answer),
      CASE(test_random_slips_in_accompany),
      CASE(test_random_slips_in_solo),
      CASE(test_key_stays_down_over_a_locate),
      CASE(test_key_released_at_the_seam_is_no_note),
      CASE(test_key_stays_down_over_a_start),
      CASE(test_key_struck_shortly_before_the_start_begins_the_phrase),
      CASE(test_first_period_without_a_position),
      CASE(test_first_period_with_a_standing_position),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
