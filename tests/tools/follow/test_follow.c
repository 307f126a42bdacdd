// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  What is measured of planners of whom it is known what they play.
*/

#include "tools/follow/chords.h"
#include "tools/follow/duo.h"
#include "tools/follow/follow.h"
#include "tools/follow/spread.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { N_PIECES = 3, N_NOTES = 400 };

static CnCorpus corpus;
static CnPiece  pieces[N_PIECES];
static CnNote   notes[N_PIECES][N_NOTES];
static char     name[] = "piece";

static const CnFollowSettings settings = {
    .n_bars = 16, .n_pieces = 9, .side = CN_SPLIT_TEST, .has_sides = true};

/// Four-part C major in eighths, on top of it a melody that alternates; the second piece is to train by, and
/// the third too short
static int
set_up(void** const state)
{
  (void)state;
  for (unsigned p = 0; p < N_PIECES; ++p) {
    for (int32_t i = 0; i < N_NOTES; ++i) {
      const int32_t onset = i / 4 * 24;
      notes[p][i]         = (CnNote){.onset    = onset,
                                     .duration = 24,
                                     .bar      = cn_bar_place((CnBar){0, 96}, onset),
                                     .pitch    = (uint8_t)((const int[]){48, 52, 55, 72}[i % 4] + (i % 8 == 7)),
                                     .velocity = 80};
    }
    pieces[p] = (CnPiece){.name    = name,
                          .notes   = notes[p],
                          .n_notes = p == 2 ? 40 : N_NOTES,
                          .split   = p == 1 ? CN_SPLIT_TRAIN : CN_SPLIT_TEST};
  }
  corpus = (CnCorpus){.pieces = pieces, .n_pieces = N_PIECES};
  return 0;
}

/// Plays an eighth long, softly, two notes a segment: what density, motion and the rest ask for is nothing to
/// it
static CnStatus
plan_thirds(void* const handle, const CnPlanRequest* const request, CnNote* const planned, uint32_t* const n)
{
  const int32_t start = request->segment * CN_SEGMENT_TICKS;
  (void)handle;
  for (int32_t i = 0; i < 2; ++i) {
    planned[i] = (CnNote){.onset    = start,
                          .duration = 12,
                          .bar      = cn_bar_place(request->bar, start),
                          .pitch    = (uint8_t)(60 + 4 * i),
                          .velocity = 40,
                          .part     = CN_PART_CONTINUO};
  }
  *n = 2;
  return CN_STATUS_SUCCESS;
}

static const CnPlanner thirds = {.plan = plan_thirds, .id = 1};

static const CnFollowed*
find_setting(CnFollowed followed[CN_N_FOLLOW_CONTROLS][CN_FOLLOW_SETTINGS], const CnMeasure measure,
             const double setting)
{
  for (unsigned c = 0; c < CN_N_FOLLOW_CONTROLS; ++c) {
    for (unsigned s = 0; s < cn_follow_controls[c].n_settings; ++s) {
      if (cn_follow_controls[c].measure == measure && cn_follow_controls[c].settings[s] == setting) {
        return &followed[c][s];
      }
    }
  }
  fail_msg("there is no such setting");
  return NULL;
}

static void
check(const CnFollowed* const followed, const double value, const size_t n_near)
{
  assert_int_equal(followed->n, 1); // One piece is on the side and long enough
  assert_int_equal(followed->n_near, n_near);
  assert_true(followed->sum > value - 0.01 && followed->sum < value + 0.01);
}

static void
test_measures_are_those_of_the_notes(void** const state)
{
  CnFollowed followed[CN_N_FOLLOW_CONTROLS][CN_FOLLOW_SETTINGS] = {{{0}}};
  (void)state;
  assert_int_equal(cn_follow_controls_play(&thirds, &corpus, &settings, followed), CN_STATUS_SUCCESS);
  check(find_setting(followed, CN_MEASURE_DENSITY, 4.0), 4.0, 1);
  check(find_setting(followed, CN_MEASURE_DENSITY, 2.0), 4.0, 0);
  check(find_setting(followed, CN_MEASURE_LENGTH, 0.5), 0.5, 1);
  check(find_setting(followed, CN_MEASURE_LENGTH, 1.0), 0.5, 0);
  check(find_setting(followed, CN_MEASURE_MOTION, 1.0), 0.0, 0); // It never moves
  check(find_setting(followed, CN_MEASURE_LOWEST, 57.0), 60.0, 0);
  check(find_setting(followed, CN_MEASURE_HIGHEST, 67.0), 64.0, 0);
  check(find_setting(followed, CN_MEASURE_POLYPHONY, 2.0), 2.0, 1);
  check(find_setting(followed, CN_MEASURE_LOUDNESS, 50.0), 50.0,
        1); // That is delivered, whatever is composed
  check(find_setting(followed, CN_MEASURE_LOUDNESS, 125.0), 125.0, 1);
}

/// Writes down what was asked of it
static CnStatus
note_rules(void* const handle, const CnPlanRequest* const request, CnNote* const planned, uint32_t* const n)
{
  CnRules* const all = (CnRules*)handle;
  all->density = request->params.rules.density > all->density ? request->params.rules.density : all->density;
  all->length  = request->params.rules.length > all->length ? request->params.rules.length : all->length;
  all->motion  = request->params.rules.motion > all->motion ? request->params.rules.motion : all->motion;
  return plan_thirds(NULL, request, planned, n);
}

static void
test_settings_are_asked_for(void** const state)
{
  CnFollowed      followed[CN_N_FOLLOW_CONTROLS][CN_FOLLOW_SETTINGS] = {{{0}}};
  CnRules         most                                               = {0};
  const CnPlanner planner = {.handle = &most, .plan = note_rules, .id = 1};
  (void)state;
  assert_int_equal(cn_follow_controls_play(&planner, &corpus, &settings, followed), CN_STATUS_SUCCESS);
  assert_int_equal(most.density, 6 * CN_DENSITY_UNIT);
  assert_int_equal(most.length, 4 * CN_TICKS_PER_QUARTER);
  assert_int_equal(most.motion, 7 * CN_MOTION_UNIT);
}

/// Two notes a segment in every other bar, if a density is asked for, in each if none is
static CnStatus
plan_clusters(void* const handle, const CnPlanRequest* const request, CnNote* const planned,
              uint32_t* const n)
{
  plan_thirds(handle, request, planned, n);
  *n = request->params.rules.density && request->segment / 8 % 2 ? 0 : 2;
  return CN_STATUS_SUCCESS;
}

static void
test_spreads_are_those_of_bars(void** const state)
{
  CnFollowed        followed[CN_N_FOLLOW_CONTROLS][CN_FOLLOW_SETTINGS] = {{{0}}};
  CnFollowedSpreads spreads                                            = {.real = {0, 0.0}};
  const CnPlanner   planner                                            = {.plan = plan_clusters, .id = 1};
  (void)state;
  assert_int_equal(cn_follow_spreads_play(&planner, &corpus, &settings, &spreads), CN_STATUS_SUCCESS);
  assert_int_equal(spreads.real.n, 1);
  assert_float_equal(spreads.real.sum, 0.0, 1e-6); // 16 notes a bar
  assert_int_equal(spreads.free.n, 1);
  assert_float_equal(spreads.free.sum, 0.0, 1e-6);
  assert_int_equal(cn_follow_controls_play(&planner, &corpus, &settings, followed), CN_STATUS_SUCCESS);
  const unsigned density = cn_follow_control(CN_MEASURE_DENSITY);
  for (unsigned s = 0; s < cn_follow_controls[density].n_settings; ++s) {
    assert_int_equal(followed[density][s].spread.n, 1);
    assert_float_equal(followed[density][s].spread.sum, 1.0, 1e-6); // 16, and none
  }
}

/// Plays the root of the chord that it is told, or what is foreign to it
static CnStatus
plan_root(void* const handle, const CnPlanRequest* const request, CnNote* const planned, uint32_t* const n)
{
  const int foreign = *(const int*)handle;
  plan_thirds(NULL, request, planned, n);
  planned[0].pitch = (uint8_t)(60 + (request->params.chord < 0 ? 1 : request->params.chord % 12 + foreign));
  *n               = 1;
  return CN_STATUS_SUCCESS;
}

static void
test_chords_are_those_of_the_piece(void** const state)
{
  (void)state;
  for (int foreign = 0; foreign < 2; ++foreign) {
    CnFollowedAllChords followed = {.real = {0.0, 0.0}};
    int                 shift    = foreign;
    const CnPlanner     planner  = {.handle = &shift, .plan = plan_root, .id = 1};
    assert_int_equal(cn_follow_chords_play(&planner, &corpus, &settings, &followed), CN_STATUS_SUCCESS);
    assert_true(followed.real.in > 0.8 * followed.real.all); // But for the melody's every other note
    assert_true(followed.real.in < followed.real.all);
    assert_true(followed.strengths[0].all > 0.0);
    assert_true(followed.strengths[4].in == (foreign ? 0.0 : followed.strengths[4].all));
    assert_true(followed.free.in == 0.0); // C sharp
  }
}

/// Plays a note that the melody struck an eighth ago, an octave lower
static CnStatus
plan_echo(void* const handle, const CnPlanRequest* const request, CnNote* const planned, uint32_t* const n)
{
  (void)handle;
  plan_thirds(NULL, request, planned, n);
  planned[0].pitch = (uint8_t)(request->segment % 2 ? 60 : 71);
  *n               = 1;
  return CN_STATUS_SUCCESS;
}

static void
test_duos(void** const state)
{
  CnFollowedDuo   followed[CN_N_SUPPORTS] = {{0}};
  const CnPlanner planner                 = {.plan = plan_echo, .id = 1};
  (void)state;
  assert_int_equal(cn_follow_duos_play(&planner, &corpus, &settings, followed), CN_STATUS_SUCCESS);
  const CnFollowedDuo* const duo = &followed[CN_SUPPORT_EQUAL];
  assert_true(duo->his_notes == 64.0);                    // A melody in quarters, over 16 bars
  assert_true(duo->notes > 120.0 && duo->notes <= 128.0); // Eighths
  assert_true(duo->together > 0.48 * duo->onsets && duo->together < 0.52 * duo->onsets);
  assert_true(duo->in_octave > 0.48 * duo->sounding && duo->in_octave < 0.52 * duo->sounding);
  assert_true(duo->velocities == 40.0 * duo->notes);
  const CnFollowedDuo* const lead = &followed[CN_SUPPORT_LEAD];
  assert_true(lead->velocities / lead->notes > 80.0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_measures_are_those_of_the_notes),
      cmocka_unit_test(test_settings_are_asked_for),
      cmocka_unit_test(test_spreads_are_those_of_bars),
      cmocka_unit_test(test_chords_are_those_of_the_piece),
      cmocka_unit_test(test_duos),
  };
  return cmocka_run_group_tests(tests, set_up, NULL);
}
