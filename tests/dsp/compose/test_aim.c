// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/aim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { N_OWN = 32, N_PLAYED = 8, SEGMENT = 40 };

static CnNote notes[N_PLAYED + N_OWN];

/// The musician plays a bar of eighths; then there are own notes, two a quarter, of an eighth each, up a
/// scale
static CnPlanRequest
play(void)
{
  for (int32_t i = 0; i < N_PLAYED + N_OWN; ++i) {
    notes[i] = (CnNote){.onset    = 12 * i,
                        .duration = 12,
                        .bar      = cn_bar_place((CnBar){0, 96}, 12 * i),
                        .pitch    = (uint8_t)(50 + i % 2 * 2),
                        .velocity = 64,
                        .part     = i < N_PLAYED ? CN_PART_MUSICIAN : CN_PART_CONTINUO};
  }
  return (CnPlanRequest){.segment = SEGMENT, .bar = {0, 96}, .history = notes, .n_history = N_PLAYED + N_OWN};
}

static void
test_nothing_is_asked_for(void** const state)
{
  (void)state;
  const CnPlanRequest request              = play();
  const CnAim         aim                  = cn_aim_of(&request);
  float               logits[CN_N_PITCHES] = {0.0F};
  const float         none[CN_N_PITCHES]   = {0.0F};
  cn_aim_keys(&aim, notes, N_PLAYED + N_OWN, 480, logits);
  cn_aim_durations(&aim, logits);
  assert_memory_equal(logits, none, sizeof(none));
}

/// Share of the notes that there should have been lately, and were not; below zero: there were more
static float
lack_of(const CnAim* const aim)
{
  return 1.0F - aim->had / aim->notes;
}

static float
lack_at(CnPlanRequest request, const unsigned density)
{
  request.params.rules.density = (uint8_t)density;
  const CnAim aim              = cn_aim_of(&request);
  return lack_of(&aim);
}

static void
test_density_follows_what_was_played(void** const state)
{
  (void)state;
  CnPlanRequest request = play();
  assert_float_equal(lack_at(request, 2 * CN_DENSITY_UNIT), 0.0F, 0.02F);
  assert_true(lack_at(request, 9 * CN_DENSITY_UNIT / 4) > 0.05F);
  assert_true(lack_at(request, 5 * CN_DENSITY_UNIT / 2) > lack_at(request, 9 * CN_DENSITY_UNIT / 4));
  assert_true(lack_at(request, 3 * CN_DENSITY_UNIT / 2) < -0.15F);
  request.n_history = N_PLAYED; // Nothing has come yet
  assert_float_equal(lack_at(request, CN_DENSITY_UNIT), 0.0F, 0.0F);
}

/// Else a change from many notes to few would be a long rest, and one back a flood
static void
test_what_was_before_is_no_debt(void** const state)
{
  (void)state;
  const CnPlanRequest request = play();
  assert_true(lack_at(request, 1) > -0.26F);
  assert_true(lack_at(request, 8 * CN_DENSITY_UNIT) < 0.26F);
}

static void
test_what_is_decided_counts_at_once(void** const state)
{
  (void)state;
  CnPlanRequest request        = play();
  request.params.rules.density = 2 * CN_DENSITY_UNIT;
  CnAim       aim              = cn_aim_of(&request);
  const float before           = lack_of(&aim);
  cn_aim_count(&aim, SEGMENT * CN_SEGMENT_TICKS);
  cn_aim_count(&aim, SEGMENT * CN_SEGMENT_TICKS);
  assert_float_equal(before - lack_of(&aim), 2.0F / 32.0F, 1e-4F);
  cn_aim_count(&aim, SEGMENT * CN_SEGMENT_TICKS + 96); // A bar with none but one
  assert_true(lack_of(&aim) > before + 0.1F);
}

static void
test_only_what_follows_the_musician_counts(void** const state)
{
  (void)state;
  CnPlanRequest request     = play();
  notes[N_PLAYED + 27].part = CN_PART_MUSICIAN; // He is back; then there are four eighths
  notes[N_PLAYED + 30].part = CN_PART_MUSICIAN;
  assert_float_equal(lack_at(request, CN_DENSITY_UNIT), 0.0F, 0.05F);
  request.params.role = CN_ROLE_ACCOMPANY; // He is always there
  assert_true(lack_at(request, CN_DENSITY_UNIT) < -0.15F);
}

static void
test_steps_are_tilted_around_their_mean(void** const state)
{
  (void)state;
  const CnAim aim              = {.notes = 24.0F, .had = 22.0F}; // Two nats an octave
  float       logits[CN_N_DTS] = {0.0F};
  logits[0]                    = 1.0F;
  cn_aim_steps(&aim, logits);
  assert_float_equal(logits[0], 3.0F, 1e-4F); // A fuller chord
  assert_float_equal(logits[6] - logits[12], 2.0F, 1e-4F);
  assert_float_equal(logits[12] - logits[48], 4.0F, 1e-4F);
  assert_true(logits[1] > 0.0F && logits[CN_DT_LONG] < 0.0F);
}

static CnAim
aim_at_length(CnPlanRequest request, const unsigned ticks)
{
  request.params.rules.length = (uint8_t)ticks;
  return cn_aim_of(&request);
}

static void
test_length_is_aimed_beyond_its_error(void** const state)
{
  (void)state;
  const CnPlanRequest request = play();
  assert_float_equal(aim_at_length(request, 12).length, 57.0F, 0.0F); // 16 log2 12: as they were
  assert_float_equal(aim_at_length(request, 12).length_pull, 1.0F, 0.0F);
  assert_float_equal(aim_at_length(request, 24).length, 73.0F + 16.0F, 0.0F); // And an octave beyond
  assert_float_equal(aim_at_length(request, 6).length, 41.0F - 16.0F, 0.0F);
  assert_float_equal(aim_at_length(request, 6).length_pull, 1.0F + 16.0F * 16.0F / 9.0F,
                     0.001F); // They were an octave off, and 3/16 double it

  const CnAim aim                    = {.length = 73.0F, .length_pull = 1.0F};
  float       logits[CN_N_DURATIONS] = {0.0F};
  cn_aim_durations(&aim, logits);
  assert_float_equal(logits[cn_duration_class(24)], 0.0F, 0.0F);
  assert_float_equal(logits[cn_duration_class(48)], -0.5F, 1e-4F); // An octave
  assert_float_equal(logits[cn_duration_class(12)], -0.5F, 1e-4F);
}

static void
test_keys_that_sound_are_held_where_a_length_is_asked_for(void** const state)
{
  (void)state;
  const CnPlanRequest request              = play();
  const CnAim         aim                  = aim_at_length(request, 48);
  float               logits[CN_N_PITCHES] = {0.0F};
  notes[N_PLAYED - 1].duration             = 960; // The musician's
  notes[N_PLAYED + N_OWN - 4].duration     = 96;
  notes[N_PLAYED + N_OWN - 2].duration     = 96; // The same key again counts once
  const unsigned key                       = notes[N_PLAYED + N_OWN - 2].pitch - CN_PITCH_MIN;
  cn_aim_keys(&aim, notes, N_PLAYED + N_OWN, notes[N_PLAYED + N_OWN - 1].onset + 12, logits);
  for (unsigned p = 0; p < CN_N_PITCHES; ++p) {
    assert_float_equal(logits[p], p == key ? -3.0F : 0.0F, 0.0F);
  }
}

static void
test_distances(void** const state)
{
  (void)state;
  play();
  const uint32_t n = N_PLAYED + N_OWN;
  assert_int_equal(cn_aim_distance(notes, n, 480, CN_PART_CONTINUO, 52), 0);
  assert_int_equal(cn_aim_distance(notes, n, 480, CN_PART_CONTINUO, 55), 3);
  assert_int_equal(cn_aim_distance(notes, n, 480, CN_PART_CONTINUO, 47), 3);
  assert_int_equal(cn_aim_distance(notes, n, 480, CN_PART_CONTINUO, 90), CN_AIM_FAR);
  assert_int_equal(cn_aim_distance(notes, n, 468, CN_PART_CONTINUO, 52), 0); // From the quarter before
  assert_int_equal(cn_aim_distance(notes, n, 900, CN_PART_CONTINUO, 52), 0); // The last one
  assert_int_equal(cn_aim_distance(notes, n, 900, CN_PART_CONTINUO, 50), 2); // And not the one before it
  assert_int_equal(cn_aim_distance(notes, n, 96, CN_PART_CONTINUO, 50), -1); // There is none of its own
  assert_int_equal(cn_aim_distance(notes, n, 96, CN_PART_MUSICIAN, 49), 1);
}

static void
test_motion_is_aimed_at(void** const state)
{
  (void)state;
  CnPlanRequest request              = play(); // Stays within two keys
  float         logits[CN_N_PITCHES] = {0.0F};
  request.params.rules.motion        = 4 * CN_MOTION_UNIT;
  const CnAim far                    = cn_aim_of(&request);
  assert_true(far.motion > 0.0F);
  cn_aim_keys(&far, notes, N_PLAYED + N_OWN, 480, logits);
  assert_float_equal(logits[52 - CN_PITCH_MIN], 0.0F, 0.0F);
  assert_float_equal(logits[57 - CN_PITCH_MIN], 5.0F * far.motion, 1e-5F);
  for (int32_t i = N_PLAYED; i < N_PLAYED + N_OWN; ++i) {
    notes[i].pitch = (uint8_t)(40 + 9 * (i % 5));
  }
  request.params.rules.motion = 1 * CN_MOTION_UNIT;
  assert_true(cn_aim_of(&request).motion < 0.0F);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_nothing_is_asked_for),
      cmocka_unit_test(test_density_follows_what_was_played),
      cmocka_unit_test(test_what_was_before_is_no_debt),
      cmocka_unit_test(test_what_is_decided_counts_at_once),
      cmocka_unit_test(test_only_what_follows_the_musician_counts),
      cmocka_unit_test(test_steps_are_tilted_around_their_mean),
      cmocka_unit_test(test_length_is_aimed_beyond_its_error),
      cmocka_unit_test(test_keys_that_sound_are_held_where_a_length_is_asked_for),
      cmocka_unit_test(test_distances),
      cmocka_unit_test(test_motion_is_aimed_at),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
