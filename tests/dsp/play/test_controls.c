// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC
//
// What each control does at the performer, and what of the musician's passes through it.

#include "tests/support/fake_planner.h"

#include "dsp/play/performer.h"
#include "dsp/take/engine.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RATE 48000.0
#define BLOCK 1000 // [frames] A tick at 120 BPM
#define N_BYTES 65536
#define N_STRIKES 4096
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/// A note-on of the continuation
typedef struct {
  int64_t frame; ///< Of the stream
  uint8_t pitch;
} Strike;

/// A performer in a host that does as it is told
typedef struct {
  CnPerformer* performer;
  CnControls   controls;
  bool         is_terse; ///< It tells no controls, as they are those of the block before
  int64_t      start;    ///< [frames] of this block
  size_t       n_bytes;
  uint8_t      bytes[N_BYTES]; ///< All that was sent, one message after the other
  size_t       n_strikes;
  Strike       strikes[N_STRIKES];
  double       bpm;    ///< Of the song
  CnParams     params; ///< That the planner was told last
  float        tempo;  ///< The same
  unsigned     n_plans;
} Room;

static CnStatus
spy(void* const handle, const CnPlanRequest* const request, CnNote* const notes, uint32_t* const n_notes)
{
  Room* const room = (Room*)handle;
  room->params     = request->params;
  room->tempo      = request->tempo;
  ++room->n_plans;
  return fake_planner(1).plan(NULL, request, notes, n_notes);
}

static bool
write_message(void* const handle, const uint32_t frame, const uint8_t* const message, const uint32_t size)
{
  Room* const room = (Room*)handle;
  assert_true(room->n_bytes + size <= N_BYTES && room->n_strikes < N_STRIKES);
  memcpy(room->bytes + room->n_bytes, message, size);
  room->n_bytes += size;
  if (message[0] == 0x90) {
    room->strikes[room->n_strikes++] = (Strike){room->start + frame, message[1]};
  }
  return true;
}

static int
set_up(void** const state)
{
  Room* const     room    = (Room*)calloc(1, sizeof(Room));
  const CnPlanner planner = {.handle = room, .plan = spy, .id = 1};
  *state                  = room;
  if (!room || !(room->performer = cn_performer_new(RATE, false))) {
    return -1;
  }
  room->bpm      = 120.0;
  room->controls = (CnControls){
      .enabled = true, .play = true, .thru = true, .take = 1, .role = CN_ROLE_SOLO, .channel = 1};
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

static const CnControls*
told(const Room* const room)
{
  return room->is_terse ? NULL : &room->controls;
}

static void
run(Room* const room, const uint32_t n_frames)
{
  const CnMidiSink sink = {room, write_message};
  cn_performer_begin(room->performer, told(room), &sink, n_frames);
  cn_performer_end(room->performer);
  cn_performer_sync(room->performer);
  room->start += n_frames;
}

/// Roll or stand at a place [ticks], in 4/4 at 120 BPM
static void
locate(Room* const room, const int32_t tick, const double speed)
{
  const CnMidiSink sink     = {room, write_message};
  const CnPosition position = {.parts = CN_POSITION_BAR | CN_POSITION_BAR_BEAT | CN_POSITION_SPEED |
                                        CN_POSITION_BPM | CN_POSITION_BEATS_PER_BAR | CN_POSITION_BEAT_UNIT,
                               .bar           = tick / 96,
                               .bar_beat      = tick % 96 / 24.0,
                               .beats_per_bar = 4.0,
                               .beat_unit     = 4.0,
                               .speed         = speed,
                               .bpm           = room->bpm};
  cn_performer_begin(room->performer, told(room), &sink, 0);
  cn_performer_position(room->performer, 0, &position);
  cn_performer_end(room->performer);
  cn_performer_sync(room->performer);
}

/// Roll over a stretch, and stand where it began; the strikes are those of this pass
static void
pass(Room* const room, const int32_t from, const int32_t to)
{
  room->n_strikes = 0;
  room->n_bytes   = 0;
  room->start     = 0;
  locate(room, from, 1.0);
  for (int32_t tick = from; tick < to; ++tick) {
    run(room, BLOCK);
  }
  locate(room, from, 0.0);
}

/// Strikes before a frame
static size_t
count_before(const Room* const room, const int64_t frame)
{
  size_t n = 0;
  while (n < room->n_strikes && room->strikes[n].frame < frame) {
    ++n;
  }
  return n;
}

/// Number of strikes at the start that two passes have in common
static size_t
count_common(const Room* const room, const Strike* const others, const size_t n_others)
{
  size_t n = 0;
  while (n < room->n_strikes && n < n_others && room->strikes[n].frame == others[n].frame &&
         room->strikes[n].pitch == others[n].pitch) {
    ++n;
  }
  return n;
}

static void
press_new_take(Room* const room)
{
  room->controls.new_take = true;
  run(room, 0);
  room->controls.new_take = false;
  run(room, 0);
}

static void
test_new_take_while_it_stands(void** const state)
{
  Room* const room = (Room*)*state;
  locate(room, 0, 0.0);
  pass(room, 0, 192);
  const size_t n     = room->n_strikes;
  Strike*      first = (Strike*)malloc(sizeof(room->strikes));
  memcpy(first, room->strikes, sizeof(room->strikes));
  assert_true(n > 50);
  pass(room, 0, 192);
  assert_int_equal(count_common(room, first, n), n);
  press_new_take(room);
  pass(room, 0, 192);
  assert_true(count_common(room, first, n) < 8); // The seed, at most
  assert_int_equal(room->params.take, 1 + CN_EDITION_TAKES);
  const size_t n_other = room->n_strikes;
  memcpy(first, room->strikes, sizeof(room->strikes));
  pass(room, 0, 192);
  assert_int_equal(count_common(room, first, n_other), n_other);
  assert_int_equal(room->n_strikes, n_other);
  free(first);
}

/// Another way to time is another music, and back again the first
static void
test_timing_reaches_the_planner(void** const state)
{
  Room* const room = (Room*)*state;
  locate(room, 0, 0.0);
  pass(room, 0, 192);
  const size_t n     = room->n_strikes;
  Strike*      first = (Strike*)malloc(sizeof(room->strikes));
  memcpy(first, room->strikes, sizeof(room->strikes));
  assert_int_equal(room->params.timing, CN_TIMING_MODEL);
  room->controls.timing = CN_TIMING_AVERAGE;
  pass(room, 0, 192);
  assert_int_equal(room->params.timing, CN_TIMING_AVERAGE);
  assert_true(count_common(room, first, n) < n / 4);
  room->controls.timing = (CnTimingMode)7; // Nonsense
  pass(room, 0, 192);
  assert_int_equal(room->params.timing, CN_TIMING_MODEL);
  assert_int_equal(count_common(room, first, n), n);
  free(first);
}

/// Planners that count in seconds are asked again at another tempo; all others need not know of it
static void
test_tempo_is_told_where_it_is_needed(void** const state)
{
  Room* const room = (Room*)*state;
  locate(room, 0, 0.0);
  for (unsigned needs = 0; needs < 2; ++needs) {
    const CnPlanner planner = {.handle = room, .plan = spy, .id = 2 + needs, .needs_tempo = needs};
    room->bpm               = 120.0;
    assert_int_equal(cn_engine_set_planner(cn_performer_engine(room->performer), &planner),
                     CN_STATUS_SUCCESS);
    pass(room, 0, 192);
    assert_float_equal(room->tempo, needs ? 120.0F : 0.0F, 0.01F);
    room->n_plans = 0;
    pass(room, 0, 192);
    assert_int_equal(room->n_plans, 0);
    room->bpm = 100.0;
    pass(room, 0, 192);
    assert_float_equal(room->tempo, needs ? 100.0F : 0.0F, 0.01F);
    assert_int_equal(room->n_plans > 0, needs);
  }
}

static void
test_new_take_while_it_rolls(void** const state)
{
  Room* const room = (Room*)*state;
  locate(room, 0, 0.0);
  pass(room, 0, 192);
  const size_t n     = room->n_strikes;
  Strike*      first = (Strike*)malloc(sizeof(room->strikes));
  memcpy(first, room->strikes, sizeof(room->strikes));
  room->n_strikes = 0;
  room->start     = 0;
  locate(room, 0, 1.0);
  for (int32_t tick = 0; tick < 192; ++tick) {
    if (tick == 100) {
      press_new_take(room);
    }
    run(room, BLOCK);
  }
  const size_t common = count_common(room, first, n);
  assert_true(first[common].frame >= 108 * BLOCK); // Asked for before: up to tick 108 at least
  assert_true(first[common].frame < 132 * BLOCK);
  const size_t n_other = room->n_strikes;
  memcpy(first, room->strikes, sizeof(room->strikes));
  locate(room, 0, 0.0);
  pass(room, 0, 192); // What was heard is heard again: first the old, then the new
  assert_int_equal(count_common(room, first, n_other), n_other);
  free(first);
}

static void
test_new_take_is_not_for_export_nor_hold(void** const state)
{
  Room* const room = (Room*)*state;
  run(room, 0);
  room->controls.freewheeling = true;
  press_new_take(room);
  room->controls.freewheeling = false;
  room->controls.hold         = true;
  press_new_take(room);
  assert_int_equal(cn_engine_edition(cn_performer_engine(room->performer)), 0);
  room->controls.hold = false;
  press_new_take(room);
  assert_int_equal(cn_engine_edition(cn_performer_engine(room->performer)), 1);
  cn_performer_reset(room->performer);
  room->controls.new_take = true; // As a session may have it
  run(room, 64);
  assert_int_equal(cn_engine_edition(cn_performer_engine(room->performer)), 1);
}

static void
test_unplanned_start_is_there_the_next_time(void** const state)
{
  Room* const room = (Room*)*state;
  locate(room, 0, 0.0);
  pass(room, 0, 40);
  room->n_strikes = 0;
  room->start     = 0;
  locate(room, 0, 1.0);
  run(room, 10 * BLOCK);
  locate(room, 197, 1.0); // A jump to where nobody has been
  room->n_strikes = 0;
  room->start     = 0;
  for (int32_t tick = 197; tick < 240; ++tick) {
    run(room, BLOCK);
  }
  assert_int_equal(count_before(room, (216 - 197) * BLOCK), 0);
  assert_true(room->n_strikes > 0);
  assert_int_equal(cn_performer_late_notes(room->performer), 0);
  pass(room, 197, 240);
  assert_true(count_before(room, (216 - 197) * BLOCK) > 0);
}

static void
test_role_acts_at_once_while_it_stands(void** const state)
{
  Room* const room    = (Room*)*state;
  room->controls.role = CN_ROLE_CONTINUE;
  locate(room, 0, 0.0);
  run(room, BLOCK);
  room->controls.role = CN_ROLE_SOLO;
  run(room, BLOCK);
  pass(room, 0, 12);
  assert_int_equal(count_before(room, BLOCK), 3); // The seed
}

static void
test_parameters_reach_the_planner(void** const state)
{
  Room* const room           = (Room*)*state;
  room->controls.chord       = 1 + 7 + 24;
  room->controls.answer_bars = 99;
  room->controls.temperature = NAN;
  locate(room, 0, 0.0);
  pass(room, 0, 40);
  assert_int_equal(room->params.chord, 31);
  assert_int_equal(room->params.answer_bars, CN_ANSWER_BARS_MAX);
  assert_true(room->params.temperature == 1.0F);
  room->controls.chord       = 12 * CN_N_CHORD_QUALITIES + 1;
  room->controls.answer_bars = -1;
  room->controls.role        = (CnRole)77;
  room->controls.tempo       = NAN;
  pass(room, 0, 80);
  assert_int_equal(room->params.chord, 31); // Continue, and nothing was played: it was not asked
  room->controls.role = CN_ROLE_SOLO;
  pass(room, 0, 80);
  assert_int_equal(room->params.chord, CN_CHORD_NONE);
  assert_int_equal(room->params.answer_bars, 1);
}

static void
send(Room* const room, const uint8_t* const message, const uint32_t size)
{
  const CnMidiSink sink = {room, write_message};
  cn_performer_begin(room->performer, told(room), &sink, BLOCK);
  cn_performer_midi(room->performer, 500, message, size);
  cn_performer_end(room->performer);
  cn_performer_sync(room->performer);
  room->start += BLOCK;
}

/// Strikes of the continuation in the blocks to come
static size_t
listen(Room* const room)
{
  const size_t before = room->n_strikes;
  for (int k = 0; k < 200; ++k) {
    run(room, BLOCK);
  }
  return room->n_strikes - before;
}

/// Whether a controller has gone to zero since so many bytes were sent
static bool
has_sent(const Room* const room, const size_t n_bytes, const unsigned status, const unsigned controller)
{
  bool has = false;
  for (size_t i = n_bytes; i + 2 < room->n_bytes; i += 3) {
    has = has || (room->bytes[i] == status && room->bytes[i + 1] == controller && room->bytes[i + 2] == 0);
  }
  return has;
}

static void
test_feet_hand_over(void** const state)
{
  static const uint8_t down[] = {0xB1, 67, 127};
  static const uint8_t up[]   = {0xB1, 67, 0};
  Room* const          room   = (Room*)*state;
  room->controls.role         = CN_ROLE_CONTINUE;
  locate(room, 0, 1.0);
  assert_int_equal(listen(room), 0); // Nothing was played
  send(room, down, sizeof(down));
  const size_t n_bytes = room->n_bytes;
  assert_true(n_bytes > 0); // It is passed on, as it is no foot's
  room->controls.feet[CN_FOOT_TURN] = 67;
  send(room, up, sizeof(up));
  send(room, down, sizeof(down));
  assert_int_equal(room->n_bytes, n_bytes); // It is heard by nobody else now
  assert_true(listen(room) > 20);           // Its turn
  send(room, up, sizeof(up));
  assert_true(listen(room) > 20); // A pedal that rises does nothing
  send(room, down, sizeof(down));
  listen(room);                      // The bar comes to its end
  assert_int_equal(listen(room), 0); // His
  send(room, up, sizeof(up));
  send(room, down, sizeof(down));
  assert_true(listen(room) > 20);
}

/// A pedal that was down before it became a foot's rises for all: nothing is held by it for good
static void
test_a_pedal_rises_that_becomes_a_foots(void** const state)
{
  static const uint8_t controllers[] = {64, 66};
  Room* const          room          = (Room*)*state;
  room->controls.role                = CN_ROLE_CONTINUE;
  locate(room, 0, 1.0);
  for (size_t i = 0; i < COUNT(controllers); ++i) {
    const uint8_t down[]              = {0xB1, controllers[i], 127};
    const uint8_t up[]                = {0xB1, controllers[i], 0};
    room->controls.feet[CN_FOOT_TURN] = 0;
    send(room, down, sizeof(down));
    const size_t n_bytes              = room->n_bytes;
    room->controls.feet[CN_FOOT_TURN] = controllers[i];
    send(room, up, sizeof(up));
    assert_true(has_sent(room, n_bytes, 0xB1, controllers[i]));
    const size_t n_after = room->n_bytes;
    send(room, down, sizeof(down));
    send(room, up, sizeof(up));
    assert_false(has_sent(room, n_after, 0xB1, controllers[i])); // Now it is the foot's alone
  }
}

/// A foot that is given another controller is not down by the one before
static void
test_a_foot_may_move(void** const state)
{
  Room* const     room                  = (Room*)*state;
  CnEngine* const engine                = cn_performer_engine(room->performer);
  room->controls.feet[CN_FOOT_NEW_TAKE] = 21;
  locate(room, 0, 1.0);
  send(room, (const uint8_t[]){0xB0, 21, 127}, 3);
  assert_int_equal(cn_engine_edition(engine), 1);
  room->controls.feet[CN_FOOT_NEW_TAKE] = 22;
  send(room, (const uint8_t[]){0xB0, 22, 127}, 3);
  assert_int_equal(cn_engine_edition(engine), 2);
}

static void
test_feet_switch(void** const state)
{
  static const uint8_t hold[]           = {0xB0, 20, 127};
  static const uint8_t anew[]           = {0xB0, 21, 127};
  static const uint8_t panic[]          = {0xB0, 22, 127};
  Room* const          room             = (Room*)*state;
  room->controls.feet[CN_FOOT_HOLD]     = 20;
  room->controls.feet[CN_FOOT_NEW_TAKE] = 21;
  room->controls.feet[CN_FOOT_PANIC]    = 22;
  locate(room, 0, 1.0);
  assert_true(listen(room) > 20);
  assert_int_equal(cn_engine_edition(cn_performer_engine(room->performer)), 0);
  send(room, anew, sizeof(anew));
  assert_int_equal(cn_engine_edition(cn_performer_engine(room->performer)), 1);
  send(room, anew, sizeof(anew)); // It is down already
  assert_int_equal(cn_engine_edition(cn_performer_engine(room->performer)), 1);
  send(room, hold, sizeof(hold));
  send(room, (const uint8_t[]){0xB0, 21, 0}, 3);
  send(room, anew, sizeof(anew)); // What is held stands
  assert_int_equal(cn_engine_edition(cn_performer_engine(room->performer)), 1);
  const size_t n_bytes = room->n_bytes;
  send(room, panic, sizeof(panic));
  for (unsigned channel = 0; channel < 16; ++channel) {
    assert_true(has_sent(room, n_bytes, 0xB0U | channel, 64)); // The pedal up
    assert_true(has_sent(room, n_bytes, 0xB0U | channel, 120));
    assert_true(has_sent(room, n_bytes, 0xB0U | channel, 123));
  }
}

/// Use feet and a reset, and tell the controls in the first block only, or in each
static void
perform_feet(Room* const room, const bool is_terse)
{
  room->controls.feet[CN_FOOT_TURN] = 67;
  room->controls.feet[CN_FOOT_HOLD] = 20;
  run(room, BLOCK);
  room->is_terse = is_terse;
  locate(room, 0, 1.0);
  assert_true(listen(room) > 20);
  send(room, (const uint8_t[]){0xB0, 20, 127}, 3);
  listen(room);
  send(room, (const uint8_t[]){0xB0, 67, 127}, 3);
  listen(room);
  send(room, (const uint8_t[]){0xB0, 67, 0}, 3);
  send(room, (const uint8_t[]){0xB0, 67, 127}, 3);
  listen(room);
  assert_int_equal(listen(room), 0); // The musician's turn goes on
  cn_performer_reset(room->performer);
  assert_true(listen(room) > 20); // It is over
}

/// Strikes in the second halves of ticks, through which it is enabled or not
static size_t
count_second_halves(Room* const room, const bool enabled)
{
  size_t n = 0;
  locate(room, 0, 1.0);
  for (int k = 0; k < 400; ++k) {
    room->controls.enabled = true;
    run(room, BLOCK / 2);
    const size_t before    = room->n_strikes;
    room->controls.enabled = enabled;
    run(room, BLOCK / 2);
    n += room->n_strikes - before;
  }
  locate(room, 0, 0.0);
  return n;
}

/// What waits for its place between two ticks is not struck once it is bypassed
static void
test_nothing_begins_after_bypass(void** const state)
{
  Room* const room           = (Room*)*state;
  room->controls.rules.swing = 62; // The second half of a beat is 2.88 ticks late
  assert_true(count_second_halves(room, true) > 20);
  assert_int_equal(count_second_halves(room, false), 0);
}

static void
test_controls_stand_until_others_are_told(void** const state)
{
  Room* const room  = (Room*)*state;
  void*       other = NULL;
  assert_int_equal(set_up(&other), 0);
  Room* const terse = (Room*)other;
  perform_feet(room, false);
  perform_feet(terse, true);
  assert_int_equal(terse->n_bytes, room->n_bytes);
  assert_memory_equal(terse->bytes, room->bytes, room->n_bytes);
  tear_down(&other);
}

/// [frames] from one note on key 50 to the next, where each segment has one at its start
static CnStatus
plan_pulse(void* const handle, const CnPlanRequest* const request, CnNote* const notes, uint32_t* const n)
{
  (void)handle;
  notes[0] =
      (CnNote){.onset = request->segment * CN_SEGMENT_TICKS, .duration = 2, .pitch = 50, .velocity = 60};
  *n = 1;
  return CN_STATUS_SUCCESS;
}

static void
test_free_tempo(void** const state)
{
  static const uint8_t on[]    = {0x91, 60, 80};
  static const float   given[] = {60.0F, 240.0F, 0.0F, 5.0F, NAN};
  static const double  bpm[]   = {60.0, 240.0, 120.0, 20.0, 120.0};
  const CnPlanner      planner = {.plan = plan_pulse, .id = 2};
  Room* const          room    = (Room*)*state;
  cn_engine_set_planner(cn_performer_engine(room->performer), &planner);
  for (size_t i = 0; i < COUNT(bpm); ++i) {
    cn_performer_reset(room->performer);
    room->controls.tempo = given[i];
    room->start          = 0;
    for (int k = 0; k < 20; ++k) {
      run(room, BLOCK);
    }
    send(room, on, sizeof(on));
    room->n_strikes = 0;
    for (int k = 0; k < 800; ++k) {
      run(room, BLOCK);
    }
    const int64_t first = room->strikes[room->n_strikes - 2].frame;
    const int64_t next  = room->strikes[room->n_strikes - 1].frame;
    assert_in_range(next - first, (int64_t)(RATE * 30.0 / bpm[i]) - 1, (int64_t)(RATE * 30.0 / bpm[i]) + 1);
  }
}

static void
test_free_tempo_may_change(void** const state)
{
  static const uint8_t on[]    = {0x91, 60, 80};
  const CnPlanner      planner = {.plan = plan_pulse, .id = 2};
  Room* const          room    = (Room*)*state;
  cn_engine_set_planner(cn_performer_engine(room->performer), &planner);
  send(room, on, sizeof(on)); // Free running begins at frame 500, at 120
  for (int k = 0; k < 100; ++k) {
    run(room, BLOCK);
  }
  room->controls.tempo = 60.0F; // From frame 101000 on, at tick 100.5
  room->n_strikes      = 0;
  for (int k = 0; k < 100; ++k) {
    run(room, BLOCK);
  }
  assert_in_range(room->strikes[0].frame, 101000 + 15000 - 1, 101000 + 15000 + 1); // Tick 108
  assert_in_range(room->strikes[1].frame, 101000 + 39000 - 1, 101000 + 39000 + 1);
}

/// Channel of the continuation's first strike from a place in what was sent on; all messages have 3 bytes
static int
next_channel(const Room* const room, const size_t from)
{
  for (size_t i = from; i < room->n_bytes; i += 3) {
    if ((room->bytes[i] & 0xF0U) == 0x90 && room->bytes[i + 1] != 60) {
      return room->bytes[i] & 0x0F;
    }
  }
  return -1;
}

static int
channel_after(Room* const room, const int channel)
{
  room->controls.channel = channel;
  run(room, 100);
  const size_t from = room->n_bytes;
  for (int k = 0; k < 60; ++k) {
    run(room, BLOCK);
  }
  return next_channel(room, from);
}

static void
test_channel_is_chosen_or_the_musicians(void** const state)
{
  static const uint8_t on[]  = {0x94, 60, 80};
  static const uint8_t off[] = {0x84, 60, 80};
  Room* const          room  = (Room*)*state;
  locate(room, 0, 1.0);
  assert_int_equal(channel_after(room, 0), 0); // Nobody has played
  send(room, on, sizeof(on));
  send(room, off, sizeof(off));
  assert_int_equal(channel_after(room, 0), 4);
  assert_int_equal(channel_after(room, 16), 15);
  assert_int_equal(channel_after(room, 17), 4);
  assert_int_equal(channel_after(room, -1), 4);
  locate(room, 0, 0.0);
  unsigned n_on[16] = {0};
  for (size_t i = 0; i < room->n_bytes; i += 3) {
    const unsigned channel = room->bytes[i] & 0x0FU;
    n_on[channel] += (room->bytes[i] & 0xF0U) == 0x90 ? 1U : (room->bytes[i] & 0xF0U) == 0x80 ? -1U : 0U;
  }
  for (size_t i = 0; i < 16; ++i) {
    assert_int_equal(n_on[i], 0);
  }
}

/// What is none of our business passes as it came, in its order
static void
test_other_messages_pass_untouched(void** const state)
{
  static const uint8_t messages[][3] = {
      {0xB0, 1, 64}, {0xE0, 1, 2},    {0xC5, 12, 0}, {0xD5, 99, 0},  {0xA3, 60, 7},  {0x95, 60, 99},
      {0xF8, 0, 0},  {0xB5, 64, 127}, {0xFE, 0, 0},  {0xE5, 127, 1}, {0x85, 60, 11}, {0xF2, 3, 4},
      {0xB5, 64, 0}, {0x9F, 21, 1},   {0x9F, 21, 0}, {0xFA, 0, 0},   {0xFC, 0, 0},   {0xBF, 7, 100},
  };
  static const uint32_t sizes[]     = {3, 3, 2, 2, 3, 3, 1, 3, 1, 3, 3, 3, 3, 3, 3, 1, 1, 3};
  Room* const           room        = (Room*)*state;
  const CnMidiSink      sink        = {room, write_message};
  uint8_t               sysex[4000] = {0xF0};
  size_t                n           = 0;
  uint8_t               expected[8192];
  for (size_t i = 1; i < sizeof(sysex); ++i) {
    sysex[i] = i + 1 < sizeof(sysex) ? i % 128 : 0xF7;
  }
  room->controls.role = CN_ROLE_CONTINUE;
  locate(room, 0, 1.0);
  cn_performer_begin(room->performer, told(room), &sink, BLOCK);
  for (size_t i = 0; i < COUNT(messages); ++i) {
    memcpy(expected + n, messages[i], sizes[i]);
    n += sizes[i];
    cn_performer_midi(room->performer, (uint32_t)(i / 2), messages[i], sizes[i]);
    if (i == 7) {
      memcpy(expected + n, sysex, sizeof(sysex));
      n += sizeof(sysex);
      cn_performer_midi(room->performer, (uint32_t)(i / 2), sysex, sizeof(sysex));
    }
  }
  cn_performer_end(room->performer);
  assert_int_equal(room->n_bytes, n);
  assert_memory_equal(room->bytes, expected, n);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_new_take_while_it_stands),
      CASE(test_tempo_is_told_where_it_is_needed),
      CASE(test_timing_reaches_the_planner),
      CASE(test_new_take_while_it_rolls),
      CASE(test_new_take_is_not_for_export_nor_hold),
      CASE(test_unplanned_start_is_there_the_next_time),
      CASE(test_role_acts_at_once_while_it_stands),
      CASE(test_parameters_reach_the_planner),
      CASE(test_feet_hand_over),
      CASE(test_a_pedal_rises_that_becomes_a_foots),
      CASE(test_a_foot_may_move),
      CASE(test_feet_switch),
      CASE(test_nothing_begins_after_bypass),
      CASE(test_controls_stand_until_others_are_told),
      CASE(test_free_tempo),
      CASE(test_free_tempo_may_change),
      CASE(test_channel_is_chosen_or_the_musicians),
      CASE(test_other_messages_pass_untouched),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
