// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/fake_planner.h"
#include "tests/support/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/// 4/4, slower in bar 3, 3/4 from bar 5, faster in bar 6, 6/8 from bar 8
static const StageMark marks[] = {
    {0, 120, 4, 4}, {8, 90, 4, 4}, {16, 90, 3, 4}, {19, 150, 3, 4}, {25, 150, 6, 8},
};

/// A phrase, and the musician's return, both by hand: near the ticks, and never half way between two
static const StageNote notes[] = {
    {0, 0.2, 20.1, 60, 80},  {0, 23.8, 11.0, 64, 70},  {0, 36.2, 9.8, 67, 90},   {0, 48.0, 30.3, 55, 60},
    {0, 48.2, 30.2, 71, 85}, {1, 291.7, 12.2, 62, 77}, {1, 303.8, 20.0, 65, 66}, {2, 100.1, 10.0, 50, 99},
};

static const StageRun runs[] = {
    {.from = 0, .to = 0, .seconds = 0.2},
    {.from = 0, .to = 28.3, .phrases = 3}, // 1: played live
    {.from = 28.3, .seconds = 0.4},
    {.from = 0, .seconds = 0.2},
    {.from = 0, .to = 28.3}, // 4: nobody plays, but what was played stands
    {.from = 28.3, .seconds = 0.1},
    {.from = 0, .to = 28.3, .phrases = 3}, // 6: the region plays the same again
    {.from = 8, .to = 12},                 // 7, 8: a loop
    {.from = 8, .to = 12},
    {.from = 9.03, .to = 10.51}, // 9, 10: a loop of any length
    {.from = 9.03, .to = 10.51},
    {.from = 10.51, .seconds = 0.2},
};

static const StageScript script = {
    .marks   = marks,
    .n_marks = COUNT(marks),
    .runs    = runs,
    .n_runs  = COUNT(runs),
    .notes   = notes,
    .n_notes = COUNT(notes),
    .channel = 1,
};

/// The plainest conditions
static StageConditions
plain(void)
{
  return (StageConditions){.rate = 48000, .block = 64, .planner = fake_planner(7)};
}

static StageResult*
perform(const StageScript* const what, const StageConditions conditions)
{
  StageResult* const result = (StageResult*)malloc(sizeof(StageResult));
  assert_non_null(result);
  stage_perform(what, &conditions, result);
  assert_int_equal(result->n_faults, 0);
  return result;
}

/// Notes of a run, by number
static size_t
count_run(const StageResult* const result, const unsigned run)
{
  size_t n = 0;
  for (size_t i = 0; i < result->n_notes; ++i) {
    n += result->notes[i].run == run;
  }
  return n;
}

static const StagePlayed*
find_run(const StageResult* const result, const unsigned run)
{
  size_t i = 0;
  while (i < result->n_notes && result->notes[i].run != run) {
    ++i;
  }
  return &result->notes[i];
}

static void
print_note(const StagePlayed* const note)
{
  fprintf(stderr, "run %u tick %d pitch %d velocity %d duration %d\n", note->run, note->onset, note->pitch,
          note->velocity, note->duration);
}

static bool
is_same(const StagePlayed* const a, const StagePlayed* const b)
{
  return a->run == b->run && a->onset == b->onset && a->pitch == b->pitch && a->velocity == b->velocity &&
         a->duration == b->duration;
}

/// Assert that two performances are the same, note for note
static void
assert_same(const StageResult* const a, const StageResult* const b)
{
  size_t mismatches = 0;
  for (size_t i = 0; i < a->n_notes && i < b->n_notes && mismatches < 4; ++i) {
    if (!is_same(&a->notes[i], &b->notes[i])) {
      ++mismatches;
      print_note(&a->notes[i]);
      print_note(&b->notes[i]);
    }
  }
  assert_int_equal(mismatches, 0);
  assert_int_equal(a->n_notes, b->n_notes);
}

/// Perform in other conditions, and assert that nothing else than in the plainest comes of it
static void
assert_indifferent(const StageConditions conditions)
{
  static StageResult* reference = NULL;
  if (!reference) {
    reference = perform(&script, plain());
    assert_true(reference->n_notes > 300);
  }
  StageResult* const result = perform(&script, conditions);
  assert_same(reference, result);
  assert_int_equal(result->n_late, 0);
  if (conditions.jitter == 0.0) {
    assert_true(result->worst < 1.01);
  }
  free(result);
}

static void
test_same_at_any_block_size_and_rate(void** const state)
{
  static const uint32_t blocks[] = {16, 64, 1000, 4096, 0};
  static const double   rates[]  = {44100, 48000, 96000, 192000};
  (void)state;
  for (size_t i = 0; i < COUNT(blocks) * COUNT(rates); ++i) {
    StageConditions conditions = plain();
    conditions.block           = blocks[i % COUNT(blocks)];
    conditions.rate            = rates[i / COUNT(blocks)];
    assert_indifferent(conditions);
    conditions.on_change = true;
    conditions.splits    = true;
    assert_indifferent(conditions);
  }
}

static void
test_same_frame_by_frame(void** const state)
{
  (void)state;
  StageConditions conditions = plain();
  conditions.block           = 1;
  conditions.rate            = 44100;
  assert_indifferent(conditions);
}

static void
test_same_with_jitter(void** const state)
{
  static const uint32_t blocks[] = {64, 1000, 4096, 0};
  (void)state;
  for (size_t i = 0; i < COUNT(blocks); ++i) {
    StageConditions conditions = plain();
    conditions.block           = blocks[i];
    conditions.jitter          = 0.0005;
    conditions.splits          = true;
    assert_indifferent(conditions);
    conditions.on_change = true;
    assert_indifferent(conditions);
  }
}

static void
test_same_when_threaded(void** const state)
{
  (void)state;
  StageConditions conditions = plain();
  conditions.threaded        = true;
  conditions.block           = 256;
  assert_indifferent(conditions);
}

static void
test_same_when_freewheeling(void** const state)
{
  static const uint32_t blocks[] = {64, 8192, 0};
  (void)state;
  for (size_t i = 0; i < COUNT(blocks); ++i) {
    StageConditions conditions = plain();
    conditions.freewheeling    = true;
    conditions.block           = blocks[i];
    assert_indifferent(conditions);
    conditions.threaded = true;
    assert_indifferent(conditions);
  }
}

/**
   Longer than the way from a segment's cut to its start.

   A live host leaves the engine's thread the time of a block, which is a long one here; who renders leaves it
   none.
*/
static void
test_same_in_blocks_longer_than_an_eighth(void** const state)
{
  static const struct {
    double   rate;
    uint32_t block;
    bool     renders; ///< And says not so
  } hosts[] = {{22050, 8192, false}, {48000, 16384, true}, {48000, 65536, true}, {192000, 16384, true}};
  (void)state;
  for (size_t i = 0; i < COUNT(hosts); ++i) {
    StageConditions conditions = plain();
    conditions.rate            = hosts[i].rate;
    conditions.block           = hosts[i].block;
    conditions.threaded        = true;
    conditions.unsynced        = hosts[i].renders;
    assert_indifferent(conditions);
    conditions.splits    = true;
    conditions.on_change = true;
    assert_indifferent(conditions);
  }
}

/// The engine's thread may have taken a command out of the inbox, and not yet obeyed it
static void
test_same_when_rendering_while_the_engine_works(void** const state)
{
  static const uint32_t blocks[] = {64, 8192, 16384};
  (void)state;
  for (size_t i = 0; i < COUNT(blocks); ++i) {
    StageConditions conditions = plain();
    conditions.block           = blocks[i];
    conditions.freewheeling    = true;
    conditions.restless        = true;
    conditions.planner         = slow_planner(7);
    assert_indifferent(conditions);
  }
}

/// Assert that the notes of a run are those of another between two places; the last may be cut short
static void
assert_run_repeats(const StageResult* const result, const unsigned run, const unsigned other,
                   const double from, const double to)
{
  const StagePlayed* a = find_run(result, run);
  const StagePlayed* b = find_run(result, other);
  size_t             n = 0;
  for (; b < result->notes + result->n_notes && b->run == other; ++b) {
    if (b->onset < from * CN_TICKS_PER_QUARTER || b->onset >= to * CN_TICKS_PER_QUARTER) {
      continue;
    }
    const bool cut = a->onset + b->duration > to * CN_TICKS_PER_QUARTER;
    if (a->onset != b->onset || a->pitch != b->pitch || a->velocity != b->velocity ||
        (a->duration != b->duration && !cut)) {
      print_note(a);
      print_note(b);
      fail();
    }
    ++a;
    ++n;
  }
  assert_int_equal(n, count_run(result, run));
  assert_true(n > 10);
}

static void
test_locate_and_loop_repeat(void** const state)
{
  (void)state;
  StageResult* const result = perform(&script, plain());
  assert_run_repeats(result, 4, 1, 0, 28.3);
  assert_run_repeats(result, 6, 1, 0, 28.3);
  assert_run_repeats(result, 7, 1, 8, 12);
  assert_run_repeats(result, 8, 1, 8, 12);
  assert_run_repeats(result, 9, 1, 9.03, 10.51);
  assert_run_repeats(result, 10, 1, 9.03, 10.51);
  free(result);
}

/// A note on each tick
static CnStatus
plan_all(void* const handle, const CnPlanRequest* const request, CnNote* const written,
         uint32_t* const n_notes)
{
  (void)handle;
  for (int32_t i = 0; i < CN_SEGMENT_TICKS; ++i) {
    written[i] = (CnNote){.onset    = request->segment * CN_SEGMENT_TICKS + i,
                          .duration = 1,
                          .pitch    = (uint8_t)(60 + i),
                          .velocity = 80};
  }
  *n_notes = CN_SEGMENT_TICKS;
  return CN_STATUS_SUCCESS;
}

/// However the host rounds, what begins where a loop ends does not sound before its seam, and nothing is lost
static void
test_loop_ends_before_the_tick_of_its_end(void** const state)
{
  enum { N_TURNS = 40, N_NOTES = 3 + 36 }; // A chord to begin with, and three segments
  static const uint32_t blocks[]           = {64, 256, 1000, 0};
  StageRun              loops[N_TURNS + 1] = {{0}};
  (void)state;
  for (size_t i = 0; i < N_TURNS; ++i) {
    loops[i] = (StageRun){.from = 10, .to = 12, .role = CN_ROLE_SOLO};
  }
  loops[N_TURNS]              = (StageRun){.from = 12, .seconds = 0.1};
  static const StageMark mark = {0, 117, 4, 4}; // So that ticks fall between frames
  const StageScript what = {.marks = &mark, .n_marks = 1, .runs = loops, .n_runs = N_TURNS + 1, .channel = 1};
  for (size_t i = 0; i < 2 * COUNT(blocks); ++i) {
    StageConditions conditions = plain();
    conditions.planner         = (CnPlanner){.plan = plan_all, .id = 3};
    conditions.block           = blocks[i / 2];
    conditions.splits          = i % 2 == 1;
    conditions.jitter          = 0.0005;
    StageResult* const result  = perform(&what, conditions);
    for (size_t n = 0; n < result->n_notes; ++n) {
      assert_in_range(result->notes[n].onset, 240, 287);
    }
    for (unsigned turn = 2; turn < N_TURNS;
         ++turn) { // The first ones have segments that were asked for too late
      assert_int_equal(count_run(result, turn), N_NOTES);
    }
    free(result);
  }
}

/// A script of other runs
static StageScript
script_of(const StageRun* const other_runs, const size_t n)
{
  StageScript other = script;
  other.runs        = other_runs;
  other.n_runs      = n;
  return other;
}

static void
test_take_overwritten_from_first_other_note(void** const state)
{
  static const StageRun again[] = {
      {.from = 0, .to = 24, .phrases = 1},
      {.from = 24, .seconds = 0.1},
      {.from = 0, .to = 24, .phrases = 4},
      {.from = 24, .seconds = 0.1}, // 2: another note at tick 100
      {.from = 0, .to = 24},
      {.from = 24, .seconds = 0.1}, // 4: what 2 was
      {.from = 0, .to = 24, .phrases = 1},
      {.from = 24, .seconds = 0.1}, // 6: the old phrase still stands
  };
  (void)state;
  const StageScript  what   = script_of(again, COUNT(again));
  StageResult* const result = perform(&what, plain());
  assert_run_repeats(result, 4, 2, 0, 24);
  assert_run_repeats(result, 6, 2, 0, 24);
  const StagePlayed* const first  = find_run(result, 0);
  const StagePlayed* const second = find_run(result, 2);
  assert_int_not_equal(first->onset, second->onset);
  free(result);
}

static void
test_takes_differ_and_come_back(void** const state)
{
  static const StageRun takes[] = {
      {.from = 0, .to = 16, .phrases = 1, .take = 1},
      {.from = 0, .seconds = 0.2, .take = 2},
      {.from = 0, .to = 16, .take = 2},
      {.from = 0, .seconds = 0.2, .take = 1},
      {.from = 0, .to = 16, .take = 1},
      {.from = 16, .seconds = 0.2, .take = 1},
  };
  (void)state;
  const StageScript  what   = script_of(takes, COUNT(takes));
  StageResult* const result = perform(&what, plain());
  assert_run_repeats(result, 4, 0, 0, 16);
  assert_true(count_run(result, 2) > 10);
  const StagePlayed* const first  = find_run(result, 0);
  const StagePlayed* const second = find_run(result, 2);
  assert_true(first->onset != second->onset || first->pitch != second->pitch ||
              first->velocity != second->velocity);
  free(result);
}

static bool
begins_same(const StagePlayed* const a, const StagePlayed* const b)
{
  return a->onset == b->onset && a->pitch == b->pitch && a->velocity == b->velocity;
}

/// Until the first segment that is asked for in another take, the one before sounds on
static void
test_take_turned_while_it_rolls(void** const state)
{
  static const uint32_t blocks[] = {64, 1000, 8192};
  static const StageRun left[]   = {{.from = 0, .to = 10.3, .phrases = 1, .take = 1},
                                    {.from = 10.3, .to = 16, .take = 1},
                                    {.from = 16, .seconds = 0.2, .take = 1}};
  static const StageRun other[]  = {{.from = 0, .to = 10.3, .phrases = 1, .take = 1},
                                    {.from = 10.3, .to = 16, .take = 2},
                                    {.from = 16, .seconds = 0.2, .take = 2}};
  (void)state;
  for (size_t i = 0; i < COUNT(blocks); ++i) {
    StageConditions conditions = plain();
    conditions.block           = blocks[i];
    conditions.splits          = true;
    const StageScript  plainly = script_of(left, COUNT(left));
    const StageScript  turned  = script_of(other, COUNT(other));
    StageResult* const a       = perform(&plainly, conditions);
    StageResult* const b       = perform(&turned, conditions);
    assert_int_equal(b->n_late, 0);
    size_t n = 0;
    while (begins_same(&a->notes[n], &b->notes[n])) {
      ++n;
    }
    // Tick 247 lies between the cuts at 240 and 252
    assert_true(a->notes[n].onset >= 264 && b->notes[n].onset >= 264);
    assert_true(a->notes[n - 1].onset >= 252);
    assert_true(b->notes[n].onset < 276);
    free(a);
    free(b);
  }
}

static void
test_temperature_acts_on_later_segments_only(void** const state)
{
  static const StageRun hot[] = {
      {.from = 0, .to = 12, .phrases = 1},
      {.from = 12, .seconds = 0.2},
      {.from = 0, .to = 10},
      {.from = 10, .seconds = 0.1, .heat = 0.5F},
      {.from = 10, .to = 12, .heat = 0.5F},
      {.from = 12, .seconds = 0.2, .heat = 0.5F},
  };
  (void)state;
  const StageScript  what   = script_of(hot, COUNT(hot));
  StageResult* const result = perform(&what, plain());
  assert_run_repeats(result, 2, 0, 0, 10);
  const StagePlayed* a = find_run(result, 0);
  const StagePlayed* b = find_run(result, 4);
  while (a->onset < b->onset) {
    ++a;
  }
  unsigned n_same = 0;
  while (a->run == 0 && b->run == 4 && a->onset == b->onset && a->pitch == b->pitch) {
    assert_true(a->onset < 11 * CN_TICKS_PER_QUARTER); // What was asked for at quarter 10 ends there
    ++n_same;
    ++a;
    ++b;
  }
  assert_true(n_same > 0);
  assert_true(a->run == 0);
  free(result);
}

static void
test_muted_is_silent_and_changes_nothing(void** const state)
{
  static const StageRun muted[] = {
      {.from = 0, .to = 16, .phrases = 1}, {.from = 0, .seconds = 0.2}, {.from = 0, .to = 16, .muted = true},
      {.from = 0, .seconds = 0.2},         {.from = 0, .to = 16},       {.from = 16, .seconds = 0.2},
  };
  (void)state;
  const StageScript  what   = script_of(muted, COUNT(muted));
  StageResult* const result = perform(&what, plain());
  assert_int_equal(count_run(result, 2), 0);
  assert_run_repeats(result, 4, 0, 0, 16);
  free(result);
}

/// Notes of a result that begin at a place or later, and those that end after it
static void
count_beyond(const StageResult* const result, const int32_t place, size_t* const n_begun,
             size_t* const n_over)
{
  *n_begun = 0;
  *n_over  = 0;
  for (size_t n = 0; n < result->n_notes; ++n) {
    *n_begun += result->notes[n].onset >= place;
    *n_over += result->notes[n].onset + result->notes[n].duration > place;
  }
}

static void
test_muting_closes_the_bar(void** const state)
{
  static const StageRun on[] = {
      {.from = 0, .to = 10, .phrases = 1}, {.from = 10, .to = 14}, {.from = 14, .seconds = 0.1}};
  static const StageRun off[] = {{.from = 0, .to = 10, .phrases = 1},
                                 {.from = 10, .to = 14, .muted = true},
                                 {.from = 14, .seconds = 0.1}};
  static const int32_t  place = 10 * CN_TICKS_PER_QUARTER;
  static const int32_t  line  = 12 * CN_TICKS_PER_QUARTER;
  (void)state;
  for (size_t i = 0; i < 2; ++i) {
    const StageScript  what    = script_of(i ? off : on, 3);
    StageResult* const result  = perform(&what, plain());
    size_t             n_begun = 0;
    size_t             n_over  = 0;
    count_beyond(result, line, &n_begun, &n_over);
    assert_int_equal(n_begun > 0, i == 0);
    assert_int_equal(n_over > 0, i == 0);
    count_beyond(result, place, &n_begun, &n_over);
    assert_true(n_begun > 0); // In the rest of the bar it plays on
    free(result);
  }
}

/// Who stops, or locates, while it closes hears no more of it
static void
test_a_close_does_not_outlast_its_pass(void** const state)
{
  static const StageRun away[] = {{.from = 0, .to = 10, .phrases = 1},
                                  {.from = 10, .to = 10.5, .muted = true},
                                  {.from = 8, .to = 12, .muted = true},
                                  {.from = 12, .seconds = 0.1}};
  (void)state;
  const StageScript  what   = script_of(away, COUNT(away));
  StageResult* const result = perform(&what, plain());
  assert_int_equal(count_run(result, 2), 0);
  free(result);
}

static void
test_start_has_notes_at_once(void** const state)
{
  static const StageRun runs_there[] = {
      {.from = 0, .to = 4, .phrases = 1}, {.from = 4, .seconds = 0.1},
      {.from = 21, .seconds = 0.1},       {.from = 21, .to = 23},
      {.from = 23, .seconds = 0.1},
  };
  (void)state;
  const StageScript  what   = script_of(runs_there, COUNT(runs_there));
  StageResult* const result = perform(&what, plain());
  assert_true(count_run(result, 3) > 0);
  assert_in_range(find_run(result, 3)->onset, 21 * 24, 21 * 24 + CN_SEGMENT_TICKS - 1);
  assert_int_equal(result->n_late, 0);
  free(result);
}

/// However the host rounds, a pass that starts on a tick has the notes of that tick
static void
test_start_on_any_tick(void** const state)
{
  enum { N_STARTS = 24 };
  StageRun starts[2 * N_STARTS + 2] = {{.from = 0, .to = 14, .phrases = 1}};
  (void)state;
  for (int i = 0; i < N_STARTS; ++i) {
    const double from     = 9.0 + i / 24.0;
    starts[1 + 2 * i]     = (StageRun){.from = from, .seconds = 0.02};
    starts[1 + 2 * i + 1] = (StageRun){.from = from, .to = from + 0.5 + 1.0 / 48.0};
  }
  starts[COUNT(starts) - 1]    = (StageRun){.from = 9.0, .seconds = 0.02};
  const StageScript what       = script_of(starts, COUNT(starts));
  StageConditions   conditions = plain();
  StageResult*      reference  = perform(&what, conditions);
  conditions.on_change         = true;
  conditions.jitter            = 0.0005;
  StageResult* result          = perform(&what, conditions);
  assert_same(reference, result);
  free(reference);
  free(result);
}

static void
test_nothing_hangs_in_small_buffers(void** const state)
{
  (void)state;
  for (uint32_t size = 1; size < 6; ++size) {
    StageConditions conditions = plain();
    StageScript     what       = script;
    conditions.sink_size       = size;
    conditions.block           = 0;
    free(perform(&what, conditions));
    what.channel = 0;
    free(perform(&what, conditions));
  }
}

static void
test_nothing_hangs_on_musicians_channel(void** const state)
{
  (void)state;
  StageScript what = script;
  what.channel     = 0;
  free(perform(&what, plain()));
}

static void
test_nothing_hangs_when_engine_is_slow(void** const state)
{
  (void)state;
  StageConditions conditions = plain();
  conditions.threaded        = true;
  conditions.unsynced        = true;
  conditions.block           = 512;
  conditions.planner         = slow_planner(7);
  free(perform(&script, conditions));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_same_at_any_block_size_and_rate),
      cmocka_unit_test(test_same_frame_by_frame),
      cmocka_unit_test(test_same_with_jitter),
      cmocka_unit_test(test_same_when_threaded),
      cmocka_unit_test(test_same_when_freewheeling),
      cmocka_unit_test(test_same_in_blocks_longer_than_an_eighth),
      cmocka_unit_test(test_same_when_rendering_while_the_engine_works),
      cmocka_unit_test(test_locate_and_loop_repeat),
      cmocka_unit_test(test_loop_ends_before_the_tick_of_its_end),
      cmocka_unit_test(test_take_overwritten_from_first_other_note),
      cmocka_unit_test(test_takes_differ_and_come_back),
      cmocka_unit_test(test_take_turned_while_it_rolls),
      cmocka_unit_test(test_temperature_acts_on_later_segments_only),
      cmocka_unit_test(test_muted_is_silent_and_changes_nothing),
      cmocka_unit_test(test_muting_closes_the_bar),
      cmocka_unit_test(test_a_close_does_not_outlast_its_pass),
      cmocka_unit_test(test_start_has_notes_at_once),
      cmocka_unit_test(test_start_on_any_tick),
      cmocka_unit_test(test_nothing_hangs_in_small_buffers),
      cmocka_unit_test(test_nothing_hangs_on_musicians_channel),
      cmocka_unit_test(test_nothing_hangs_when_engine_is_slow),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
