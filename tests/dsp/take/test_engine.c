// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/fake_planner.h"

#include "dsp/base/hash.h"
#include "dsp/take/engine.h"
#include "dsp/take/engine_thread.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/// An engine with a planner, and some notes of its continuation to compare with
static int
set_up(void** const state)
{
  CnEngine* const engine  = cn_engine_new();
  const CnPlanner planner = fake_planner(1);
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
  assert_true(cn_engine_is_idle(engine));
}

static void
play(CnEngine* const engine, const int32_t onset, const int32_t end, const unsigned pitch)
{
  tell(engine, (CnCommand){
                   .kind     = CN_COMMAND_ON,
                   .tick     = onset,
                   .played   = onset,
                   .pitch    = (uint8_t)pitch,
                   .velocity = 80,
                   .bar      = {0, 96},
               });
  tell(engine, (CnCommand){.kind = CN_COMMAND_OFF, .tick = end, .pitch = (uint8_t)pitch});
}

static void
ask(CnEngine* const engine, const int32_t segment, const float temperature, const bool again)
{
  tell(engine, (CnCommand){
                   .kind    = CN_COMMAND_PLAN,
                   .again   = again,
                   .segment = segment,
                   .bar     = {0, 96},
                   .params  = {.temperature = temperature, .take = 1},
               });
}

static void
begin_pass(CnEngine* const engine, const int32_t left)
{
  tell(engine, (CnCommand){.kind = CN_COMMAND_HALT, .tick = left});
  tell(engine, (CnCommand){.kind = CN_COMMAND_PASS});
}

/// Number of notes of a segment; -1 if it is not there
static int
count(const CnEngine* const engine, const int32_t number)
{
  CnSegment segment;
  return cn_timeline_read(cn_engine_timeline(engine), number, &segment) ? (int)segment.n_notes : -1;
}

/// Number of notes from segment `first` to before `end`
static int
count_all(const CnEngine* const engine, const int32_t first, const int32_t end)
{
  int n = 0;
  for (int32_t i = first; i < end; ++i) {
    assert_true(count(engine, i) >= 0);
    n += count(engine, i);
  }
  return n;
}

/// A hash of the notes from segment `first` to before `end`
static uint64_t
listen(const CnEngine* const engine, const int32_t first, const int32_t end)
{
  uint64_t hash = 0;
  for (int32_t i = first; i < end; ++i) {
    CnSegment segment;
    if (!cn_timeline_read(cn_engine_timeline(engine), i, &segment)) {
      hash = cn_hash_mix(hash, UINT64_MAX);
      continue;
    }
    for (uint32_t n = 0; n < segment.n_notes; ++n) {
      const CnTimedNote note = segment.notes[n];
      hash                   = cn_hash_mix(hash, (uint64_t)(note.offset + 12 * i));
      hash                   = cn_hash_mix(hash, note.pitch);
      hash                   = cn_hash_mix(hash, note.velocity);
      hash                   = cn_hash_mix(hash, note.duration);
    }
  }
  return hash;
}

static void
ask_all(CnEngine* const engine, const int32_t first, const int32_t end, const float temperature)
{
  for (int32_t i = first; i < end; ++i) {
    ask(engine, i, temperature, false);
  }
}

/// What a planner has heard, and when
typedef struct {
  const CnEngine* engine;
  unsigned        n_plans;
  uint32_t        n_history; ///< At the first
  uint32_t        serial;    ///< Of the planner that was set then
} Pupil;

static CnStatus
learn(void* const handle, const CnPlanRequest* const request, CnNote* const notes, uint32_t* const n_notes)
{
  Pupil* const pupil = (Pupil*)handle;
  if (pupil->n_plans++ == 0) {
    pupil->n_history = request->n_history;
    pupil->serial    = cn_engine_planner_serial(pupil->engine);
    for (uint32_t i = 0; i < request->n_history; ++i) {
      assert_true(request->history[i].onset < request->segment * CN_SEGMENT_TICKS);
    }
  }
  return fake_planner(2).plan(NULL, request, notes, n_notes);
}

/// A network takes long to hear a long take, so another one hears it before it plays
static void
test_other_planner_hears_the_take_first(void** const state)
{
  CnEngine* const engine  = (CnEngine*)*state;
  Pupil           pupil   = {.engine = engine};
  const CnPlanner planner = {.handle = &pupil, .plan = learn, .id = 2};
  play(engine, 0, 20, 60);
  play(engine, 20, 40, 64);
  ask_all(engine, 0, 12, 1.0F);
  const uint64_t before  = listen(engine, 0, 12);
  const uint32_t serial  = cn_engine_planner_serial(engine);
  const uint32_t n_heard = 2 + (uint32_t)count_all(engine, 0, 10); // All before the last cut
  assert_true(n_heard > 2);
  assert_int_equal(cn_engine_set_planner(engine, &planner), CN_STATUS_SUCCESS);
  assert_int_equal(pupil.n_plans, 1);
  assert_int_equal(pupil.n_history, n_heard);
  assert_int_equal(pupil.serial, serial);
  assert_true(listen(engine, 0, 12) == before);
}

static void
test_silent_until_the_musician_has_rested(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  ask_all(engine, 0, 4, 1.0F);
  for (int32_t i = 0; i < 4; ++i) {
    assert_int_equal(count(engine, i), 0); // Nothing was played: nothing to continue
  }
  play(engine, 40, 60, 60);
  ask_all(engine, 4, 12, 1.0F);
  for (int32_t i = 4; i < 7; ++i) {
    assert_int_equal(count(engine, i), 0); // Starts before 60 + 24
  }
  assert_true(count_all(engine, 7, 12) > 0);
}

static void
test_held_key_keeps_it_silent(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  tell(
      engine,
      (CnCommand){.kind = CN_COMMAND_ON, .tick = 1, .played = 1, .pitch = 60, .velocity = 9, .bar = {0, 96}});
  ask_all(engine, 1, 20, 1.0F);
  for (int32_t i = 1; i < 20; ++i) {
    assert_int_equal(count(engine, i), 0);
  }
  tell(engine, (CnCommand){.kind = CN_COMMAND_OFF, .tick = 230, .pitch = 60});
  ask_all(engine, 20, 30, 1.0F);
  assert_int_equal(count_all(engine, 20, 22), 0); // Start before 230 + 24
  assert_true(count_all(engine, 22, 30) > 0);
}

static void
test_same_past_keeps_the_segment(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  play(engine, 0, 10, 60);
  ask_all(engine, 2, 20, 1.0F);
  const uint64_t heard = listen(engine, 3, 20);
  begin_pass(engine, 240);
  ask_all(engine, 0, 20, 1.0F);
  assert_true(listen(engine, 3, 20) == heard);
  begin_pass(engine, 240);
  play(engine, 1, 11, 60); // The same, a tick late
  ask_all(engine, 2, 20, 1.0F);
  assert_true(listen(engine, 3, 20) == heard);
}

static void
test_other_note_overwrites(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  play(engine, 0, 10, 60);
  ask_all(engine, 2, 20, 1.0F);
  const int      heard  = count_all(engine, 3, 8);
  const uint64_t before = listen(engine, 8, 20);
  begin_pass(engine, 240);
  play(engine, 100, 110, 60);
  assert_true(heard > 0);
  assert_int_equal(count_all(engine, 3, 8), heard); // Up to tick 100 it stands
  for (int32_t i = 9; i < 20; ++i) {
    assert_int_equal(count(engine, i), -1);
  }
  ask_all(engine, 9, 20, 1.0F);
  assert_true(listen(engine, 8, 20) != before);
}

static void
test_musicians_entry_cuts_what_sounds(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  play(engine, 0, 10, 60);
  ask_all(engine, 2, 20, 1.0F);
  play(engine, 101, 110, 60);
  for (int32_t i = 3; i < 20; ++i) {
    CnSegment segment;
    if (!cn_timeline_read(cn_engine_timeline(engine), i, &segment)) {
      assert_true(i > 8);
      continue;
    }
    for (uint32_t n = 0; n < segment.n_notes; ++n) {
      assert_true(i * CN_SEGMENT_TICKS + segment.notes[n].offset + segment.notes[n].duration <= 101);
    }
  }
}

static void
test_other_end_overwrites(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  play(engine, 0, 10, 60);
  ask_all(engine, 2, 20, 1.0F);
  const uint64_t heard = listen(engine, 3, 20);
  begin_pass(engine, 240);
  play(engine, 0, 5, 60); // Shorter
  ask_all(engine, 2, 20, 1.0F);
  const uint64_t shorter = listen(engine, 3, 20);
  assert_true(shorter != heard);
  begin_pass(engine, 240);
  tell(engine, (CnCommand){.kind = CN_COMMAND_ON, .tick = 0, .pitch = 60, .velocity = 80, .bar = {0, 96}});
  ask_all(engine, 2, 8, 1.0F); // Held on
  assert_int_equal(count(engine, 5), 0);
  assert_int_equal(count(engine, 7), 0);
}

static void
test_halt_in_a_note_changes_nothing(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  play(engine, 0, 10, 60);
  ask_all(engine, 2, 20, 1.0F);
  const uint64_t heard = listen(engine, 3, 20);
  begin_pass(engine, 240);
  play(engine, 0, 5, 60); // The host ends its region's notes at the halt
  begin_pass(engine, 5);
  tell(engine, (CnCommand){.kind = CN_COMMAND_ON, .tick = 0, .pitch = 60, .velocity = 80, .bar = {0, 96}});
  begin_pass(engine, 6); // Or does not
  ask_all(engine, 2, 20, 1.0F);
  assert_true(listen(engine, 3, 20) == heard);
}

static void
test_parameters_make_later_segments_anew(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  play(engine, 0, 10, 60);
  ask_all(engine, 2, 20, 1.0F);
  const uint64_t early = listen(engine, 3, 10);
  const uint64_t late  = listen(engine, 10, 20);
  begin_pass(engine, 240);
  ask(engine, 9, 2.0F, true); // Its cut is past: it stands as it was heard
  assert_true(listen(engine, 3, 10) == early);
  assert_true(listen(engine, 10, 20) == late);
  ask_all(engine, 10, 20, 2.0F);
  assert_true(listen(engine, 3, 10) == early);
  assert_true(listen(engine, 10, 20) != late);
  ask_all(engine, 10, 20, 1.0F);
  assert_true(listen(engine, 10, 20) == late);
}

static void
test_other_music_forgets_what_followed(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  play(engine, 0, 10, 60);
  ask_all(engine, 2, 20, 1.0F);
  begin_pass(engine, 240);
  ask(engine, 10, 2.0F, false);
  assert_true(count(engine, 9) >= 0);
  assert_true(count(engine, 10) >= 0);
  for (int32_t i = 11; i < 20; ++i) {
    assert_int_equal(count(engine, i), -1);
  }
}

/// All notes are over by a tick
static void
assert_over(const CnEngine* const engine, const int32_t end)
{
  for (int32_t i = 0; i <= end / CN_SEGMENT_TICKS; ++i) {
    CnSegment segment;
    if (cn_timeline_read(cn_engine_timeline(engine), i, &segment)) {
      for (uint32_t n = 0; n < segment.n_notes; ++n) {
        assert_true(i * CN_SEGMENT_TICKS + segment.notes[n].offset + segment.notes[n].duration <= end);
      }
    }
  }
}

static void
test_remembered_entry_cuts_new_music(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  play(engine, 0, 10, 60);
  play(engine, 101, 110, 60);
  begin_pass(engine, 240);
  for (uint32_t i = 0; i < 10; ++i) {
    ask_all(engine, 2, 12, 1.0F + (float)i);
    assert_over(engine, 101);
    assert_true(count_all(engine, 3, 9) > 0);
  }
}

/// What a planner was asked
typedef struct {
  CnPlanRequest request;
  CnNote        recent[CN_SEGMENT_NOTES];
} Spy;

static CnStatus
spy(void* const handle, const CnPlanRequest* const request, CnNote* const notes, uint32_t* const n_notes)
{
  Spy* const self = (Spy*)handle;
  self->request   = *request;
  memcpy(self->recent, request->recent, request->n_recent * sizeof(CnNote));
  const int32_t start = request->segment * CN_SEGMENT_TICKS;
  notes[0]            = (CnNote){.onset = start + 1, .duration = 40, .pitch = 50, .velocity = 9};
  notes[1]            = (CnNote){.onset = start + 12, .duration = 1, .pitch = 50, .velocity = 9}; // Outside
  *n_notes            = 2;
  return CN_STATUS_SUCCESS;
}

static void
test_planner_gets_the_past(void** const state)
{
  CnEngine* const engine  = (CnEngine*)*state;
  Spy             heard   = {.request = {0}};
  const CnPlanner planner = {.handle = &heard, .plan = spy, .id = 5};
  assert_int_equal(cn_engine_set_planner(engine, &planner), CN_STATUS_SUCCESS);
  play(engine, 0, 10, 60);
  ask_all(engine, 2, 7, 1.0F);
  assert_int_equal(heard.request.segment, 6);
  assert_int_equal(heard.request.n_history, 3); // The musician's, and segments 3 and 4
  assert_int_equal(heard.request.n_recent, 1);  // Segment 5
  assert_int_equal(heard.recent[0].onset, 61);
  assert_int_equal(heard.recent[0].duration, 40);
  assert_int_equal(heard.recent[0].part, CN_PART_CONTINUO);
  assert_int_equal(count(engine, 6), 1);
}

static void
test_planner_by_its_id(void** const state)
{
  CnEngine* const engine = (CnEngine*)*state;
  const CnPlanner other  = fake_planner(2);
  const CnPlanner broken = {.id = 3};
  assert_int_equal(cn_engine_set_planner(engine, &broken), CN_STATUS_BAD_ARG);
  play(engine, 0, 10, 60);
  ask_all(engine, 2, 10, 1.0F);
  const uint32_t serial = cn_engine_planner_serial(engine);
  CnSegment      before;
  CnSegment      after;
  assert_true(cn_timeline_read(cn_engine_timeline(engine), 9, &before));
  assert_int_equal(cn_engine_set_planner(engine, &other), CN_STATUS_SUCCESS);
  assert_int_not_equal(cn_engine_planner_serial(engine), serial);
  ask_all(engine, 9, 10, 1.0F);
  assert_true(cn_timeline_read(cn_engine_timeline(engine), 9, &after));
  assert_true(after.past != before.past);
  assert_int_equal(cn_engine_set_planner(engine, NULL), CN_STATUS_SUCCESS);
  ask_all(engine, 9, 10, 1.0F);
  assert_int_equal(count(engine, 9), 0);
}

static void*
swap_planners(void* const handle)
{
  for (uint64_t i = 0; i < 200; ++i) {
    const CnPlanner planner = fake_planner(i);
    cn_engine_set_planner((CnEngine*)handle, &planner);
    sched_yield();
  }
  return NULL;
}

static void
test_threads_share_it(void** const state)
{
  CnEngine* const       engine = (CnEngine*)*state;
  CnEngineThread* const thread = cn_engine_thread_new(engine);
  pthread_t             worker;
  assert_non_null(thread);
  assert_int_equal(pthread_create(&worker, NULL, swap_planners, engine), 0);
  const CnCommand on  = {.kind = CN_COMMAND_ON, .pitch = 60, .velocity = 9, .bar = {0, 96}};
  const CnCommand off = {.kind = CN_COMMAND_OFF, .tick = 9, .pitch = 60};
  assert_true(cn_ring_push(cn_engine_inbox(engine), &on));
  assert_true(cn_ring_push(cn_engine_inbox(engine), &off));
  for (int32_t i = 0; i < 400; ++i) {
    const CnCommand plan = {
        .kind = CN_COMMAND_PLAN, .segment = 2 + i % 40, .bar = {0, 96}, .params = {.take = 1}};
    CnSegment segment;
    while (!cn_ring_push(cn_engine_inbox(engine), &plan)) {
      sched_yield();
    }
    cn_engine_thread_wake(thread);
    if (i % 50 == 0) {
      cn_engine_run(engine); // As while freewheeling
    }
    cn_timeline_read(cn_engine_timeline(engine), 2 + i % 40, &segment);
  }
  pthread_join(worker, NULL);
  while (!cn_engine_is_idle(engine)) {
    sched_yield();
  }
  cn_engine_thread_free(thread);
  assert_true(count(engine, 2 + 399 % 40) >= 0);
}

/// It is woken from its sleep only, and comes by itself while it is awake, however often
static void
test_thread_comes_when_it_is_expected(void** const state)
{
  CnEngine* const       engine  = (CnEngine*)*state;
  CnEngineThread* const thread  = cn_engine_thread_new(engine);
  unsigned              n_woken = 0;
  assert_non_null(thread);
  for (int32_t i = 0; i < 50; ++i) {
    const CnCommand plan = {.kind = CN_COMMAND_PLAN, .segment = i, .bar = {0, 96}, .params = {.take = 1}};
    assert_true(cn_ring_push(cn_engine_inbox(engine), &plan));
    n_woken += cn_engine_thread_expect(thread, 0.001);
    while (!cn_engine_is_idle(engine)) {
      sched_yield();
    }
  }
  assert_true(n_woken <= 5); // Once, if no two of them are seconds apart
  cn_engine_thread_free(thread);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_silent_until_the_musician_has_rested),
      CASE(test_other_planner_hears_the_take_first),
      CASE(test_held_key_keeps_it_silent),
      CASE(test_same_past_keeps_the_segment),
      CASE(test_other_note_overwrites),
      CASE(test_musicians_entry_cuts_what_sounds),
      CASE(test_other_end_overwrites),
      CASE(test_halt_in_a_note_changes_nothing),
      CASE(test_parameters_make_later_segments_anew),
      CASE(test_other_music_forgets_what_followed),
      CASE(test_remembered_entry_cuts_new_music),
      CASE(test_planner_gets_the_past),
      CASE(test_planner_by_its_id),
      CASE(test_threads_share_it),
      CASE(test_thread_comes_when_it_is_expected),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
