// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_changes.c
   What it costs to turn a control while the music rolls: no note comes late, and there is no silence but what
   the parts before and after the change rest by themselves.
*/

#include "tests/support/fake_planner.h"
#include "tests/support/stage.h"

#include "dsp/base/random.h"
#include "dsp/music/scale.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
  STEADY   = 6,   ///< [ticks] between the onsets of a part that never rests
  N_SEEDS  = 40,  ///< Pieces, each changed elsewhere
  PLAYED   = 96,  ///< [ticks] by which the musician has played, and what he played over is past
  EARLIEST = 120, ///< [ticks] of a change
  N_PLACES = 150, ///< [ticks] in which it may be
  END      = 384, ///< [ticks]
};

static const StageMark mark = {0, 120, 4, 4};

static const StageNote phrase[] = {
    {0, 0.2, 20.1, 60, 80}, {0, 23.8, 11.0, 64, 70}, {0, 36.2, 9.8, 67, 90}, {0, 48.0, 30.3, 55, 60}};

/// What the control is turned from, and to
typedef struct {
  StageRun from;
  StageRun to;
} Change;

static const Change changes[] = {
    {{.take = 1, .role = CN_ROLE_SOLO}, {.take = 2, .role = CN_ROLE_SOLO}},
    {{.take = 1, .role = CN_ROLE_ACCOMPANY}, {.take = 2, .role = CN_ROLE_ACCOMPANY}},
    {{.take = 1, .role = CN_ROLE_CONTINUE}, {.take = 2, .role = CN_ROLE_CONTINUE}},
    {{.take = 1, .role = CN_ROLE_SOLO}, {.take = 1, .role = CN_ROLE_SOLO, .anew = true}},
    {{.take = 1, .role = CN_ROLE_SOLO}, {.take = 1, .role = CN_ROLE_SOLO, .heat = 0.3F}},
    {{.take = 1, .role = CN_ROLE_SOLO}, {.take = 1, .role = CN_ROLE_SOLO, .is_even = true}},
    {{.take = 1, .role = CN_ROLE_SOLO},
     {.take = 1, .role = CN_ROLE_SOLO, .rules = {.scale = CN_SCALE_MAJOR, .lowest = 50}}},
    {{.take = 1, .role = CN_ROLE_CONTINUE}, {.take = 1, .role = CN_ROLE_SOLO}},
};

/// A part that never rests, on a key that tells what it was asked for
static CnStatus
plan_steadily(void* const handle, const CnPlanRequest* const request, CnNote* const notes, uint32_t* const n)
{
  const CnParams* const params   = &request->params;
  const bool            is_other = params->take != 1 || params->temperature != 1.0F || params->rules.scale ||
                        params->timing != CN_TIMING_MODEL;
  (void)handle;
  for (*n = 0; *n < CN_SEGMENT_TICKS / STEADY; ++*n) {
    notes[*n] = (CnNote){.onset    = request->segment * CN_SEGMENT_TICKS + (int32_t)*n * STEADY,
                         .duration = STEADY - 2,
                         .pitch    = is_other ? 72 : 60,
                         .velocity = 60};
  }
  return CN_STATUS_SUCCESS;
}

/// Perform a piece up to `place` [ticks] in one way, then in another; then all again, held as it stands
static StageResult*
perform(const Change* const change, const int32_t place, const uint32_t block, const CnPlanner planner)
{
  StageRun              runs[5]    = {change->from,
                                      change->to,
                                      {.seconds = 0.2, .hold = true},
                                      {.to = END / 24.0, .hold = true},
                                      {.from = END / 24.0, .seconds = 0.2, .hold = true}};
  const StageScript     script     = {.marks   = &mark,
                                      .n_marks = 1,
                                      .runs    = runs,
                                      .n_runs  = COUNT(runs),
                                      .notes   = phrase,
                                      .n_notes = COUNT(phrase),
                                      .channel = 1};
  const StageConditions conditions = {.rate = 48000, .block = block, .splits = true, .planner = planner};
  StageResult* const    result     = (StageResult*)malloc(sizeof(StageResult));
  assert_non_null(result);
  runs[0].to      = (place + 0.3) / CN_TICKS_PER_QUARTER;
  runs[0].phrases = 1;
  runs[1].from    = runs[0].to;
  runs[1].to      = END / 24.0;
  runs[2].role = runs[3].role = runs[4].role = CN_ROLE_SOLO;
  stage_perform(&script, &conditions, result);
  assert_int_equal(result->n_faults, 0);
  assert_int_equal(result->n_late, 0);
  return result;
}

/// [ticks] The longest time between two onsets around the change; in `*turned`, when what was asked for
/// begins
static int32_t
find_gap(const StageResult* const result, const int32_t place, int32_t* const turned)
{
  int32_t longest = 0;
  *turned         = END;
  for (size_t i = 1; i < result->n_notes && result->notes[i].run < 2; ++i) {
    const StagePlayed* const note = &result->notes[i];
    const int32_t            gap  = note->onset - result->notes[i - 1].onset;
    longest                       = note->onset > place - 48 && gap > longest ? gap : longest;
    *turned                       = note->pitch == 72 && *turned == END ? note->onset : *turned;
  }
  return longest;
}

static void
test_part_that_never_rests_has_no_gap(void** const state)
{
  static const uint32_t blocks[] = {64, 1000, 4096};
  const CnPlanner       planner  = {.plan = plan_steadily, .id = 1};
  (void)state;
  for (size_t i = 0; i < COUNT(changes); ++i) {
    for (int32_t place = 192; place < 192 + 2 * CN_SEGMENT_TICKS; ++place) {
      int32_t            turned = 0;
      StageResult* const result = perform(&changes[i], place, blocks[place % 3], planner);
      assert_int_equal(find_gap(result, place, &turned), STEADY);
      const bool is_heard = changes[i].to.role == changes[i].from.role && !changes[i].to.anew; // By its key
      assert_true(!is_heard || (turned > place && turned <= place + 2 * CN_SEGMENT_TICKS + 1));
      free(result);
    }
  }
}

/// The first note of a run, or of one after it, from when the musician has played
static size_t
find_first(const StageResult* const result, const unsigned run)
{
  size_t i = 0;
  while (i < result->n_notes && (result->notes[i].run < run || result->notes[i].onset < PLAYED)) {
    ++i;
  }
  return i;
}

/// Assert that all that stands has sounded as it was composed: a pass in which it is held is the same, note
/// for note
static void
assert_nothing_was_dropped(const StageResult* const result, const int32_t from)
{
  size_t i = find_first(result, 0);
  size_t k = find_first(result, 3);
  size_t n = 0;
  for (; i < result->n_notes && result->notes[i].run < 2; ++i, ++k, ++n) {
    const StagePlayed* const now   = &result->notes[i];
    const StagePlayed* const again = &result->notes[k];
    assert_true(k < result->n_notes);
    assert_int_equal(now->onset, again->onset);
    assert_int_equal(now->pitch, again->pitch);
    assert_int_equal(now->velocity, again->velocity);
    assert_int_equal(now->duration, again->duration);
  }
  assert_int_equal(k, result->n_notes);
  assert_true(n > 10 && result->notes[i - 1].onset > from);
}

/// Wherever a piece is changed: all of the old part that was composed sounds on, as long as it would, and all
/// of the new one sounds
static void
test_nothing_is_dropped(void** const state)
{
  CnRandom random = cn_random(1, 2, 3, 4, 5);
  (void)state;
  for (uint64_t seed = 1; seed <= N_SEEDS; ++seed) {
    for (size_t i = 0; i < COUNT(changes); ++i) {
      const int32_t      place  = EARLIEST + (int32_t)cn_random_below(&random, N_PLACES);
      StageResult* const result = perform(&changes[i], place, 0, fake_planner(seed));
      assert_nothing_was_dropped(result, place);
      free(result);
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_part_that_never_rests_has_no_gap),
      cmocka_unit_test(test_nothing_is_dropped),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
