// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

// Bars between two scores: which candidate is kept, and how all three are joined; and that a composer is
// surprised by notes as evaluation has it.

#include "tests/support/scratch.h"
#include "tests/support/tiny_model.h"

#include "tools/base/file.h"
#include "tools/between/infill.h"
#include "tools/judge/evaluation.h"

#include "dsp/network/composer.h"
#include "dsp/take/engine.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { WALTZ = 72, BAR = 96, N_CANDIDATES = 16, WANTED = 71 };

// A planner that plays one long note a segment, of a key that says which candidate it is, and dislikes keys
// by how far they are from one
static CnStatus
plan(void* const handle, const CnPlanRequest* const request, CnNote* const notes, uint32_t* const n_notes)
{
  const int32_t start  = request->segment * CN_SEGMENT_TICKS;
  uint32_t      number = 0;
  (void)handle;
  while (1U + number * CN_ANOTHER_TAKES != request->params.take) {
    ++number;
  }
  notes[0] = (CnNote){.onset    = start,
                      .duration = 200,
                      .bar      = cn_bar_place(request->bar, start),
                      .pitch    = (uint8_t)(60 + 5 * number % 16),
                      .velocity = 64,
                      .part     = CN_PART_CONTINUO};
  *n_notes = 1;
  return CN_STATUS_SUCCESS;
}

static CnStatus
surprise(void* const handle, const CnNote* const history, const uint32_t n_history, const CnNote* const notes,
         const uint32_t n_notes, double* const nats)
{
  (void)handle;
  assert_int_equal(notes[0].pitch, 50); // What follows, in order
  assert_true(notes[0].onset >= history[n_history - 1].onset + history[n_history - 1].duration);
  *nats = n_notes * fabs((double)history[n_history - 1].pitch - WANTED);
  return CN_STATUS_SUCCESS;
}

// Press the pedal of a score that has none
static void
press(CnScore* const score, const int32_t from, const int32_t until)
{
  score->sound.pedals = (CnPedal*)calloc(1, sizeof(CnPedal));
  assert_non_null(score->sound.pedals);
  score->sound.pedals[score->sound.n_pedals++] = (CnPedal){from, until, 0};
}

// Two bars of 3/4, slow, under a pedal, with a program
static CnScore*
make_before(void)
{
  const CnNote        notes[] = {{.onset = 0, .duration = 60, .pitch = 64, .velocity = 64},
                                 {.onset = 72, .duration = 30, .pitch = 65, .velocity = 64}};
  const CnMeterChange meter   = {0, 3, 4};
  const CnTempoChange tempo   = {0, 800000};
  CnScore*            score   = NULL;
  assert_int_equal(cn_score_new(notes, 2, &tempo, 1, &meter, 1, &score), CN_STATUS_SUCCESS);
  assert_int_equal(cn_sound_add_program(&score->sound, (CnProgramChange){0, 0, 40}), CN_STATUS_SUCCESS);
  press(score, 80, 130);
  score->info.channels = 1;
  return score;
}

// Four bars of 4/4 after a rest, faster from the second on, with a drum
static CnScore*
make_after(void)
{
  const CnNote        notes[] = {{.onset = 24, .duration = 20, .pitch = 50, .velocity = 64},
                                 {.onset = 100, .duration = 20, .pitch = 52, .velocity = 64},
                                 {.onset = 200, .duration = 20, .pitch = 53, .velocity = 64},
                                 {.onset = 300, .duration = 20, .pitch = 55, .velocity = 64}};
  const CnTempoChange tempi[] = {{0, 500000}, {96, 400000}};
  CnScore*            score   = NULL;
  assert_int_equal(cn_score_new(notes, 4, tempi, 2, NULL, 0, &score), CN_STATUS_SUCCESS);
  press(score, 24, 60);
  score->info.channels = 1;
  return score;
}

static CnInfillSettings
make_settings(const uint32_t n_candidates)
{
  return (CnInfillSettings){.continuation = {.params = {.take = 1, .chord = CN_CHORD_NONE}, .n_bars = 3},
                            .n_candidates = n_candidates};
}

static void
test_the_best_candidate_is_kept(void** const state)
{
  (void)state;
  const CnPlanner planner = {.plan = plan, .surprise = surprise};
  CnScore* const  before  = make_before();
  CnScore* const  after   = make_after();
  for (uint32_t n = 1; n <= N_CANDIDATES; ++n) {
    const CnInfillSettings settings = make_settings(n);
    CnScore*               result   = NULL;
    CnInfill               infill;
    uint32_t               best = 0;
    for (uint32_t c = 1; c < n; ++c) { // By their keys; of equals, the first
      best = abs(60 + (int)(5 * c % 16) - WANTED) < abs(60 + (int)(5 * best % 16) - WANTED) ? c : best;
    }
    assert_int_equal(cn_score_infill(before, after, &planner, &settings, &result, &infill),
                     CN_STATUS_SUCCESS);
    assert_int_equal(infill.chosen, best);
    assert_int_equal(result->notes[2].pitch, 60 + 5 * best % 16);
    assert_true(infill.nats[0] == WANTED - 60);
    assert_true(infill.nats[1] == abs(60 + (int)(5 * best % 16) - WANTED));
    cn_score_free(result);
  }
  cn_score_free(before);
  cn_score_free(after);
}

// 144 ticks of waltz sound until 130: what is added begins at 132, and lasts for that bar and three more
static void
test_all_three_are_joined(void** const state)
{
  (void)state;
  const CnPlanner        planner  = {.plan = plan, .surprise = surprise};
  const CnInfillSettings settings = make_settings(2);
  const int32_t          line     = 5 * WALTZ;
  CnScore* const         before   = make_before();
  CnScore* const         after    = make_after();
  CnScore*               result   = NULL;
  CnInfill               infill;
  assert_int_equal(cn_score_infill(before, after, &planner, &settings, &result, &infill), CN_STATUS_SUCCESS);
  assert_int_equal(infill.place.start, 132);
  assert_int_equal(infill.place.end, line);
  assert_int_equal(cn_score_check(result), CN_STATUS_SUCCESS);
  size_t n_between = 0;
  for (size_t i = 0; i < result->n_notes; ++i) {
    const CnNote* const note = &result->notes[i];
    const bool          own  = note->part == CN_PART_CONTINUO;
    n_between += own;
    assert_true(!own || (note->onset >= infill.place.start && note->onset + note->duration <= line));
  }
  assert_int_equal(n_between, (line - 132) / CN_SEGMENT_TICKS);
  assert_int_equal(result->n_notes, 2 + n_between + 4);
  for (size_t i = 0; i < 4; ++i) {
    const CnNote* const note = &result->notes[2 + n_between + i];
    assert_int_equal(note->onset, line + after->notes[i].onset);
    assert_int_equal(note->bar.offset, after->notes[i].bar.offset);
    assert_int_equal(note->bar.length, BAR);
  }
  assert_int_equal(result->n_meters, 2);
  assert_int_equal(result->meters[1].tick, line);
  assert_int_equal(result->meters[1].numerator, 4);
  assert_int_equal(result->n_tempi, 3);
  assert_int_equal(result->tempi[1].tick, line);
  assert_int_equal(result->tempi[2].tick, line + 96);
  assert_int_equal(result->sound.n_pedals, 2);
  assert_int_equal(result->sound.pedals[1].from, line + 24);
  assert_int_equal(cn_sound_program(&result->sound, 0, line - 1), 40);
  assert_int_equal(cn_sound_program(&result->sound, 0, line), 0); // The second file says nothing of it
  cn_score_free(result);
  cn_score_free(before);
  cn_score_free(after);
}

// Where what follows begins, as a planner was told last; INT32_MIN: it was told nothing
typedef struct {
  int32_t  line;
  int32_t  first; // [ticks] of the segment where it was told first
  uint32_t n_plans;
} Lead;

static CnStatus
plan_led(void* const handle, const CnPlanRequest* const request, CnNote* const notes, uint32_t* const n_notes)
{
  Lead* const              lead      = (Lead*)handle;
  const CnFollowing* const following = request->following;
  lead->line                         = following ? following->line : INT32_MIN;
  ++lead->n_plans;
  if (following) {
    const int32_t start = request->segment * CN_SEGMENT_TICKS;
    lead->first         = lead->first ? lead->first : start;
    assert_int_equal(following->bass, 50);
    assert_int_equal(following->top, 50);
    assert_int_equal(following->scale, 1U << 50 % 12 | 1U << 52 % 12);
    assert_int_equal(following->n_strokes, 2); // Of the first two bars
  }
  return plan(NULL, request, notes, n_notes);
}

// If it can lead there, a planner is told what follows, unless that is hidden
static void
test_candidates_know_what_follows(void** const state)
{
  (void)state;
  CnScore* const before = make_before();
  CnScore* const after  = make_after();
  for (unsigned k = 0; k < 3; ++k) {
    Lead             lead     = {.n_plans = 0};
    const CnPlanner  planner  = {.handle = &lead, .plan = plan_led, .surprise = surprise, .leads = k > 0};
    CnInfillSettings settings = make_settings(2);
    CnScore*         result   = NULL;
    CnInfill         infill;
    settings.hides = k > 1;
    assert_int_equal(cn_score_infill(before, after, &planner, &settings, &result, &infill),
                     CN_STATUS_SUCCESS);
    assert_true(lead.n_plans > 0);
    assert_int_equal(lead.line, k == 1 ? infill.place.end : INT32_MIN);
    cn_score_free(result);
  }
  after->notes[0].pitch           = 10; // No piano has it: what follows begins a bar later
  after->notes[1].pitch           = 50;
  after->notes[2].pitch           = 52;
  Lead                   lead     = {.n_plans = 0};
  const CnInfillSettings settings = make_settings(1);
  CnContinuation         place;
  CnScore*               result       = NULL;
  CnContinuationSettings continuation = settings.continuation;
  const CnPlanner        planner      = {.handle = &lead, .plan = plan_led, .leads = true};
  continuation.following              = after;
  assert_int_equal(cn_score_continue(before, &planner, &continuation, &result, &place), CN_STATUS_SUCCESS);
  assert_int_equal(lead.line, place.end + BAR);
  cn_score_free(result);

  lead.first          = 0;
  continuation.n_bars = 20; // Far off it is not known
  assert_int_equal(cn_score_continue(before, &planner, &continuation, &result, &place), CN_STATUS_SUCCESS);
  assert_int_equal(lead.first, place.end + BAR - CN_FOLLOWING_AHEAD * WALTZ);
  cn_score_free(result);
  cn_score_free(before);
  cn_score_free(after);
}

static void
test_two_bars_that_follow_count(void** const state)
{
  (void)state;
  CnScore* const after = make_after();
  assert_int_equal(cn_following_end(after), 2 * BAR);
  after->notes[0].onset = 120; // The first bar is empty
  assert_int_equal(cn_following_end(after), 3 * BAR);
  cn_score_free(after);
}

static void
test_model_without_likelihoods_is_refused(void** const state)
{
  (void)state;
  const CnPlanner        planner  = {.plan = plan};
  const CnInfillSettings settings = make_settings(2);
  CnScore* const         before   = make_before();
  CnScore* const         after    = make_after();
  CnScore*               result   = NULL;
  CnInfill               infill;
  assert_int_equal(cn_score_infill(before, after, &planner, &settings, &result, &infill),
                   CN_STATUS_UNSUPPORTED);
  assert_null(result);
  cn_score_free(before);
  cn_score_free(after);
}

// And asking changes nothing of what is composed
static void
test_composer_is_surprised_as_evaluation_has_it(void** const state)
{
  (void)state;
  const char* const path  = cn_scratch_own("infill.safetensors");
  uint8_t*          data  = NULL;
  size_t            size  = 0;
  CnModel*          model = NULL;
  CnNote            notes[60];
  CnNote            first[2][CN_SEGMENT_NOTES];
  uint32_t          n[2];
  double            nats = 0.0;
  assert_int_equal(cn_tiny_model(path, 1), CN_STATUS_SUCCESS);
  assert_int_equal(cn_file_read(path, 1 << 24, &data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(cn_model_load(data, size, &model, CN_NO_FAULT), CN_STATUS_SUCCESS);
  for (int32_t i = 0; i < 60; ++i) {
    notes[i] = (CnNote){.onset    = 12 * (i / 2),
                        .duration = 12 + i % 7,
                        .bar      = cn_bar_place((CnBar){0, 96}, 12 * (i / 2)),
                        .pitch    = (uint8_t)(48 + i % 2 * 12 + i % 5),
                        .velocity = (uint8_t)(50 + i % 9)};
  }
  const CnPiece      piece     = {.notes = notes, .n_notes = 60};
  const CnPiece      head      = {.notes = notes, .n_notes = 40};
  CnEvaluator* const evaluator = cn_evaluator_new(model, 60);
  CnComposer* const  composer  = cn_composer_new(model);
  const CnScoring    all       = cn_evaluator_score(evaluator, &piece, true, false, 0);
  const CnScoring    some      = cn_evaluator_score(evaluator, &head, true, false, 0);
  const double       expected  = cn_loss_mean(&all.all) * 59.0 - cn_loss_mean(&some.all) * 39.0;

  const CnPlanRequest request = {.segment   = 30,
                                 .bar       = {0, 96},
                                 .params    = {.temperature = 1.0F, .top_p = 1.0F, .chord = CN_CHORD_NONE},
                                 .history   = notes,
                                 .n_history = 60};
  assert_int_equal(cn_composer_plan(composer, &request, first[0], &n[0]), CN_STATUS_SUCCESS);
  assert_int_equal(cn_composer_surprise(composer, notes, 40, notes + 40, 20, &nats), CN_STATUS_SUCCESS);
  assert_true(fabs(nats - expected) < 1e-3 * expected);
  assert_int_equal(cn_composer_plan(composer, &request, first[1], &n[1]), CN_STATUS_SUCCESS);
  assert_int_equal(n[0], n[1]);
  assert_memory_equal(first[0], first[1], n[0] * sizeof(CnNote));
  cn_composer_free(composer);
  cn_evaluator_free(evaluator);
  cn_model_free(model);
  free(data);
  remove(path);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_best_candidate_is_kept),
      cmocka_unit_test(test_all_three_are_joined),
      cmocka_unit_test(test_candidates_know_what_follows),
      cmocka_unit_test(test_two_bars_that_follow_count),
      cmocka_unit_test(test_model_without_likelihoods_is_refused),
      cmocka_unit_test(test_composer_is_surprised_as_evaluation_has_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
