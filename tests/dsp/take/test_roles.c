// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/fake_planner.h"

#include "dsp/take/engine.h"
#include "dsp/take/past.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define BAR 96 ///< [ticks] 4/4

static CnPlanRequest asked; ///< What the planner was asked last

/// A planner of one key, at each segment's start, that sounds for three segments
static CnStatus
plan_key(void* const handle, const CnPlanRequest* const request, CnNote* const notes, uint32_t* const n_notes)
{
  const uint8_t* const pitch = (const uint8_t*)handle;
  const int32_t        onset = request->segment * CN_SEGMENT_TICKS;
  asked                      = *request;
  notes[0] = (CnNote){.onset = onset, .duration = 3 * CN_SEGMENT_TICKS, .pitch = *pitch, .velocity = 60};
  *n_notes = 1;
  return CN_STATUS_SUCCESS;
}

static uint8_t key = 70;

static int
set_up(void** const state)
{
  CnEngine* const engine  = cn_engine_new();
  const CnPlanner planner = {.handle = &key, .plan = plan_key, .id = 1};
  *state                  = engine;
  return !engine || cn_engine_set_planner(engine, &planner);
}

static int
tear_down(void** const state)
{
  cn_engine_free((CnEngine*)*state);
  return 0;
}

static void
tell(CnEngine* const engine, const CnCommand command)
{
  assert_true(cn_ring_push(cn_engine_inbox(engine), &command));
  cn_engine_run(engine);
}

static void
strike(CnEngine* const engine, const int32_t tick, const unsigned pitch)
{
  tell(engine, (CnCommand){.kind     = CN_COMMAND_ON,
                           .tick     = tick,
                           .played   = tick,
                           .pitch    = (uint8_t)pitch,
                           .velocity = 80,
                           .bar      = {0, BAR}});
}

static void
release(CnEngine* const engine, const int32_t tick, const unsigned pitch)
{
  tell(engine, (CnCommand){.kind = CN_COMMAND_OFF, .tick = tick, .pitch = (uint8_t)pitch});
}

static void
set_mode(CnEngine* const engine, const CnRole role, const bool hold)
{
  tell(engine, (CnCommand){.kind = CN_COMMAND_MODE, .params = {.role = (uint8_t)role}, .hold = hold});
}

/// Ask for the segments from `first` to before `end`, with bars numbered from 0 at tick 0
static void
ask(CnEngine* const engine, const CnRole role, const int32_t first, const int32_t end, const float heat)
{
  for (int32_t segment = first; segment < end; ++segment) {
    const int32_t bar = segment * CN_SEGMENT_TICKS / BAR;
    tell(engine,
         (CnCommand){.kind       = CN_COMMAND_PLAN,
                     .segment    = segment,
                     .bar        = {bar * BAR, BAR},
                     .bar_number = bar,
                     .params = {.take = 1, .role = (uint8_t)role, .answer_bars = 2, .temperature = heat}});
  }
}

static CnSegment
read(const CnEngine* const engine, const int32_t number)
{
  CnSegment segment = {.n_notes = UINT32_MAX};
  cn_timeline_read(cn_engine_timeline(engine), number, &segment);
  return segment;
}

static void
assert_counts(const CnEngine* const engine, const int32_t first, const int32_t end, const uint32_t n)
{
  for (int32_t i = first; i < end; ++i) {
    assert_int_equal(read(engine, i).n_notes, n);
  }
}

static void
test_answers_by_turns(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  set_mode(engine, CN_ROLE_ANSWER, false);
  strike(engine, 100, 60);
  release(engine, 110, 60);
  ask(engine, CN_ROLE_ANSWER, 0, 64, 1.0F); // Eight bars: call, answer, call, answer
  assert_counts(engine, 0, 16, 0);
  assert_counts(engine, 16, 32, 1);
  assert_counts(engine, 32, 64, 0); // Nobody called again
  assert_int_equal(read(engine, 29).notes[0].duration, 3 * CN_SEGMENT_TICKS);
  assert_int_equal(read(engine, 31).notes[0].duration, CN_SEGMENT_TICKS); // To the end of the turn
}

static void
test_an_answer_knows_where_it_closes(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  set_mode(engine, CN_ROLE_ANSWER, false);
  strike(engine, 100, 60);
  release(engine, 110, 60);
  ask(engine, CN_ROLE_ANSWER, 0, 17, 1.0F);
  assert_true(asked.closes);
  assert_int_equal(asked.close, 4 * BAR);
  ask(engine, CN_ROLE_ANSWER, 17, 32, 1.0F);
  assert_int_equal(asked.segment, 31);
  assert_int_equal(asked.close, 4 * BAR);
  set_mode(engine, CN_ROLE_SOLO, false);
  ask(engine, CN_ROLE_SOLO, 32, 34, 1.0F);
  assert_int_equal(asked.segment, 33);
  assert_false(asked.closes); // Who knows when
}

static void
test_a_close_bounds_every_role(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  for (unsigned role = 0; role < CN_N_ROLES; ++role) {
    const int32_t first = 64 * (int32_t)(1 + role); // In bars of its own
    set_mode(engine, (CnRole)role, false);
    strike(engine, 12 * (first + 10), 60);
    release(engine, 12 * (first + 10) + 5, 60);
    for (int32_t k = first; k < first + 24; ++k) {
      const int32_t bar = k * CN_SEGMENT_TICKS / BAR;
      tell(engine, (CnCommand){.kind       = CN_COMMAND_PLAN,
                               .segment    = k,
                               .bar        = {bar * BAR, BAR},
                               .bar_number = bar,
                               .closes     = k >= first + 16,
                               .close      = 12 * (first + 20),
                               .params     = {.take = 1, .role = (uint8_t)role, .answer_bars = 2}});
    }
    assert_true(asked.closes);
    assert_int_equal(asked.close, 12 * (first + 20));
    assert_int_equal(read(engine, first + 19).n_notes, 1);
    assert_int_equal(read(engine, first + 19).notes[0].duration, CN_SEGMENT_TICKS); // Not three
    assert_counts(engine, first + 20, first + 24, 0);
  }
}

static void
test_answers_though_the_musician_goes_on(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  set_mode(engine, CN_ROLE_ANSWER, false);
  strike(engine, 100, 60);
  release(engine, 110, 60);
  ask(engine, CN_ROLE_ANSWER, 0, 20, 1.0F);
  strike(engine, 230, 61);
  assert_counts(engine, 16, 20, 1); // What was asked for before stands
  ask(engine, CN_ROLE_ANSWER, 20, 32, 1.0F);
  assert_counts(engine, 20, 32, 1);
}

static void
test_accompanies_while_the_musician_plays(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  set_mode(engine, CN_ROLE_ACCOMPANY, false);
  ask(engine, CN_ROLE_ACCOMPANY, 0, 4, 1.0F);
  assert_counts(engine, 0, 4, 0);
  strike(engine, 40, 60);
  ask(engine, CN_ROLE_ACCOMPANY, 4, 12, 1.0F);
  assert_counts(engine, 5, 12, 1);
  release(engine, 140, 60);
  ask(engine, CN_ROLE_ACCOMPANY, 12, 40, 1.0F);
  assert_counts(engine, 12, 27, 1);
  assert_counts(engine, 28, 40, 0); // Two bars after the release
}

static void
test_held_key_is_left_out(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  set_mode(engine, CN_ROLE_ACCOMPANY, false);
  strike(engine, 0, key);
  ask(engine, CN_ROLE_ACCOMPANY, 2, 10, 1.0F);
  assert_counts(engine, 2, 10, 0);
  release(engine, 110, key);
  ask(engine, CN_ROLE_ACCOMPANY, 10, 14, 1.0F);
  assert_counts(engine, 10, 11, 0); // Its cut is at 108
  assert_counts(engine, 11, 14, 1);
}

static void
test_pedalled_key_is_free(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  set_mode(engine, CN_ROLE_ACCOMPANY, false);
  strike(engine, 0, key);
  tell(engine, (CnCommand){.kind = CN_COMMAND_LIFT, .tick = 30, .pitch = key});
  ask(engine, CN_ROLE_ACCOMPANY, 2, 10, 1.0F);
  assert_counts(engine, 2, 3, 0); // Its cut is at 12
  assert_counts(engine, 4, 10, 1);
}

static void
test_stuck_pedal_is_a_rest_after_a_bar(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  strike(engine, 0, 60);
  tell(engine, (CnCommand){.kind = CN_COMMAND_LIFT, .tick = 12, .pitch = 60});
  ask(engine, CN_ROLE_CONTINUE, 2, 16, 1.0F);
  assert_counts(engine, 2, 11, 0); // A bar after 12, and a beat's rest, end at 132
  assert_counts(engine, 11, 16, 1);
}

static void
test_key_beyond_the_piano_is_held(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  strike(engine, 0, 12);
  release(engine, 6, 12);
  ask(engine, CN_ROLE_CONTINUE, 2, 8, 1.0F);
  assert_counts(engine, 2, 8, 0); // There is nothing to continue
  strike(engine, 100, 60);
  release(engine, 110, 60);
  strike(engine, 112, 127);
  ask(engine, CN_ROLE_CONTINUE, 9, 24, 1.0F);
  assert_counts(engine, 9, 24, 0);
  release(engine, 288, 127);
  ask(engine, CN_ROLE_CONTINUE, 24, 30, 1.0F);
  assert_counts(engine, 24, 26, 0);
  assert_counts(engine, 26, 30, 1);
}

static void
test_struck_key_is_ceded(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  set_mode(engine, CN_ROLE_SOLO, false);
  strike(engine, 0, 60);
  release(engine, 6, 60);
  ask(engine, CN_ROLE_SOLO, 2, 8, 1.0F); // The cut of segment 7 is at 72
  strike(engine, 76, key);
  release(engine, 78, key);
  assert_int_equal(read(engine, 4).notes[0].duration, 76 - 48);
  assert_int_equal(read(engine, 6).notes[0].duration, 4);
  assert_counts(engine, 7, 8, 0);
  const uint64_t past = read(engine, 7).past;
  ask(engine, CN_ROLE_SOLO, 2, 8, 2.0F); // Made anew, it comes out as it sounded
  assert_int_equal(read(engine, 4).notes[0].duration, 76 - 48);
  assert_int_equal(read(engine, 6).notes[0].duration, 4);
  assert_counts(engine, 7, 8, 0);
  assert_true(read(engine, 7).past == past);
  ask(engine, CN_ROLE_SOLO, 8, 12, 1.0F);
  assert_counts(engine, 8, 12, 1);
}

static void
test_solo_begins_with_a_seed(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  set_mode(engine, CN_ROLE_SOLO, false);
  ask(engine, CN_ROLE_SOLO, 8, 12, 1.0F);
  const CnSegment seed = read(engine, 8);
  assert_int_equal(seed.n_notes, 3);
  assert_int_equal(seed.notes[0].pitch, 55);
  assert_int_equal(seed.notes[1].pitch, 60);
  assert_int_equal(seed.notes[2].pitch, 64);
  assert_counts(engine, 9, 12, 1);
}

static void
test_role_acts_from_its_segment_on(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  strike(engine, 0, 60);
  ask(engine, CN_ROLE_CONTINUE, 2, 6, 1.0F);
  set_mode(engine, CN_ROLE_ACCOMPANY, false);
  ask(engine, CN_ROLE_ACCOMPANY, 6, 10, 1.0F);
  assert_counts(engine, 2, 6, 0);
  assert_counts(engine, 6, 10, 1);
  ask(engine, CN_ROLE_ACCOMPANY, 4, 6, 1.0F);
  assert_counts(engine, 4, 6, 1);
}

static void
test_hold_withstands_everything(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  const CnPlanner other  = fake_planner(5);
  set_mode(engine, CN_ROLE_SOLO, false);
  ask(engine, CN_ROLE_SOLO, 2, 12, 1.0F);
  set_mode(engine, CN_ROLE_ANSWER, true);
  assert_int_equal(cn_engine_set_planner(engine, &other), CN_STATUS_SUCCESS);
  strike(engine, 40, 61);
  strike(engine, 50, key);
  release(engine, 60, 61);
  ask(engine, CN_ROLE_ANSWER, 2, 12, 2.0F);
  assert_counts(engine, 3, 12, 1);
  assert_int_equal(read(engine, 3).notes[0].duration, 3 * CN_SEGMENT_TICKS);
  set_mode(engine, CN_ROLE_ANSWER, false);
  ask(engine, CN_ROLE_ANSWER, 2, 12, 2.0F);
  assert_counts(engine, 2, 12, 0); // The knobs act again
}

/// True if two segments are the same in everything
static bool
is_same_segment(const CnSegment* const a, const CnSegment* const b)
{
  bool same = a->segment == b->segment && a->take == b->take && a->edition == b->edition &&
              a->past == b->past && a->place == b->place && a->n_notes == b->n_notes;
  for (uint32_t i = 0; same && i < a->n_notes; ++i) {
    same = a->notes[i].duration == b->notes[i].duration && a->notes[i].offset == b->notes[i].offset &&
           a->notes[i].pitch == b->notes[i].pitch && a->notes[i].velocity == b->notes[i].velocity;
  }
  return same;
}

static void
test_new_take_spares_what_was_before(void** const state)
{
  CnEngine* const engine  = (CnEngine*)*state;
  const CnPlanner planner = fake_planner(3);
  assert_int_equal(cn_engine_set_planner(engine, &planner), CN_STATUS_SUCCESS);
  set_mode(engine, CN_ROLE_SOLO, false);
  ask(engine, CN_ROLE_SOLO, 2, 20, 1.0F);
  const CnSegment before = read(engine, 9);
  const CnSegment after  = read(engine, 10);
  cn_engine_add_edition(engine);
  tell(engine, (CnCommand){.kind = CN_COMMAND_ANEW, .segment = 10});
  assert_int_equal(read(engine, 10).n_notes, UINT32_MAX);
  ask(engine, CN_ROLE_SOLO, 2, 20, 1.0F);
  const CnSegment same  = read(engine, 9);
  const CnSegment other = read(engine, 10);
  assert_true(is_same_segment(&same, &before));
  assert_int_equal(other.edition, 1);
  assert_true(other.notes[0].offset != after.notes[0].offset ||
              other.notes[0].pitch != after.notes[0].pitch ||
              other.notes[0].velocity != after.notes[0].velocity);
  ask(engine, CN_ROLE_SOLO, 2, 20, 1.0F);
  const CnSegment again = read(engine, 10);
  assert_true(is_same_segment(&again, &other));
}

static void
test_past_of_a_held_note_is_one(void** const state)
{
  (void)state;
  CnTake take;
  CnPast past;
  assert_int_equal(cn_take_init(&take), CN_STATUS_SUCCESS);
  assert_int_equal(cn_past_init(&past), CN_STATUS_SUCCESS);
  const CnNote note = {
      .onset = 10, .duration = CN_DURATION_HELD, .bar = {10, 96}, .pitch = 60, .velocity = 9};
  cn_take_insert(&take, &note, 1);
  cn_past_look(&past, &take, 48, &(CnRules){0});
  const uint64_t held = past.hash;
  assert_int_equal(past.end, 48);
  assert_int_equal(past.notes[0].duration, 38);
  assert_true(cn_past_is_held(&past, 60));
  cn_take_set_duration(&take, 0, 80);
  cn_past_look(&past, &take, 48, &(CnRules){0});
  assert_true(past.hash == held);
  cn_take_set_key(&take, 0, 30); // The finger rises, the pedal holds
  cn_past_look(&past, &take, 48, &(CnRules){0});
  assert_false(cn_past_is_held(&past, 60));
  assert_int_equal(past.end, 48);
  assert_true(past.hash != held);
  assert_int_equal(past.notes[0].duration, 38);
  const CnNote next = {.onset = 44, .duration = 2, .bar = {44, 96}, .pitch = 62, .velocity = 9};
  cn_take_insert(&take, &next, 1);
  cn_past_look(&past, &take, 48, &(CnRules){0}); // The pedal lengthens it up to the next strike
  assert_int_equal(past.notes[0].duration, 34);
  assert_int_equal(past.end, 48);
  const uint64_t pedalled = past.hash;
  cn_take_set_duration(&take, 0, 37);
  cn_past_look(&past, &take, 48, &(CnRules){0});
  assert_int_equal(past.notes[0].duration, 34);
  assert_int_equal(past.end, 47); // What sounds on is no rest
  assert_true(past.hash != pedalled);
  cn_take_set_duration(&take, 1, 1);
  cn_take_set_duration(&take, 0, 20);
  cn_past_look(&past, &take, 48, &(CnRules){0});
  assert_true(past.hash != held);
  assert_false(cn_past_is_held(&past, 60));
  assert_int_equal(past.end, 45);
  assert_true(cn_past_has_onset(&past, 10, 11));
  assert_false(cn_past_has_onset(&past, 11, 40));
  cn_past_look(&past, &take, 10, &(CnRules){0});
  assert_int_equal(past.n_notes, 0);
  assert_int_equal(past.end, INT32_MIN);
  cn_past_clear(&past);
  cn_take_clear(&take);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_answers_by_turns),
      CASE(test_an_answer_knows_where_it_closes),
      CASE(test_a_close_bounds_every_role),
      CASE(test_answers_though_the_musician_goes_on),
      CASE(test_accompanies_while_the_musician_plays),
      CASE(test_held_key_is_left_out),
      CASE(test_pedalled_key_is_free),
      CASE(test_stuck_pedal_is_a_rest_after_a_bar),
      CASE(test_key_beyond_the_piano_is_held),
      CASE(test_struck_key_is_ceded),
      CASE(test_solo_begins_with_a_seed),
      CASE(test_role_acts_from_its_segment_on),
      CASE(test_hold_withstands_everything),
      CASE(test_new_take_spares_what_was_before),
      cmocka_unit_test(test_past_of_a_held_note_is_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
