// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/manners.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { N_NOTES = 16, CLOSE = 480 };

static CnNote history[N_NOTES];

/// A scale up and down from a root, as a musician plays it in 4/4
static CnPlanRequest
play_scale(const unsigned root, const unsigned third)
{
  const unsigned steps[8] = {0, 2, third, 5, 7, third + 5, 11, 12};
  for (unsigned i = 0; i < N_NOTES; ++i) {
    history[i] = (CnNote){.onset    = (int32_t)(12 * i),
                          .duration = 12,
                          .pitch    = (uint8_t)(60 + root + steps[i < 8 ? i : 15 - i]),
                          .velocity = 64,
                          .part     = CN_PART_MUSICIAN};
  }
  return (CnPlanRequest){
      .bar = {384, 96}, .history = history, .n_history = N_NOTES, .closes = true, .close = CLOSE};
}

/// What is added to the likelihood of a key
static float
pull(const CnPlanRequest* const request, const int32_t onset, const unsigned pitch)
{
  float logits[CN_N_PITCHES] = {0.0F};
  cn_manners_close(request, onset, logits);
  return logits[pitch - CN_PITCH_MIN];
}

static void
test_the_last_beat_is_at_home(void** const state)
{
  (void)state;
  for (unsigned root = 0; root < 12; ++root) {
    for (unsigned third = 3; third <= 4; ++third) {
      const CnPlanRequest request = play_scale(root, third);
      assert_true(pull(&request, CLOSE - 24, 60 + root) > 1.0F);
      assert_true(pull(&request, CLOSE - 1, 36 + root) > 1.0F);
      assert_true(pull(&request, CLOSE - 12, 60 + root + third) > 0.5F);
      assert_true(pull(&request, CLOSE - 12, 60 + root + third) < pull(&request, CLOSE - 12, 60 + root));
      assert_true(pull(&request, CLOSE - 12, 67 + root) > 0.5F);
      assert_float_equal(pull(&request, CLOSE - 12, 67 + root - 36), 0.0F, 0.0F); // No fifth in the bass
      assert_float_equal(pull(&request, CLOSE - 12, 62 + root), 0.0F, 0.0F);
      assert_float_equal(pull(&request, CLOSE - 12, 60 + root + 7 - third), 0.0F, 0.0F); // The other third
    }
  }
}

static void
test_nothing_else_is_touched(void** const state)
{
  (void)state;
  CnPlanRequest request = play_scale(0, 4);
  assert_float_equal(pull(&request, CLOSE - 25, 60), 0.0F, 0.0F);
  assert_float_equal(pull(&request, CLOSE, 60), 0.0F, 0.0F);
  request.bar.length = 84; // Seven eighths, of which the beat is one
  assert_float_equal(pull(&request, CLOSE - 13, 60), 0.0F, 0.0F);
  assert_true(pull(&request, CLOSE - 12, 60) > 1.0F);
  request.n_history = 7; // Too few to have a key
  assert_float_equal(pull(&request, CLOSE - 12, 60), 0.0F, 0.0F);
  request.n_history = N_NOTES;
  request.closes    = false;
  assert_float_equal(pull(&request, CLOSE - 12, 60), 0.0F, 0.0F);
}

static void
test_keys_with_too_many_notes_are_held_back(void** const state)
{
  (void)state;
  CnNote notes[48];
  float  logits[CN_N_PITCHES] = {0.0F};
  for (int32_t i = 0; i < 48; ++i) {
    notes[i] = (CnNote){.onset = 12 * i, .duration = 12, .pitch = i % 2 ? 60 : 72, .part = CN_PART_CONTINUO};
  }
  cn_manners_drones(notes, 48, logits);
  assert_true(logits[60 - CN_PITCH_MIN] < -2.0F);
  assert_float_equal(logits[61 - CN_PITCH_MIN], 0.0F, 0.0F);
}

/// Of a chord, keys that were struck just before, and semitones beside what sounds, are held back, each once
static void
test_keys_beside_what_sounds_are_held_back(void** const state)
{
  float        logits[CN_N_PITCHES] = {0};
  const CnNote notes[]              = {{.onset = 0, .duration = 6, .pitch = 40},   // Long over
                                       {.onset = 0, .duration = 48, .pitch = 50},  // Sounds
                                       {.onset = 12, .duration = 12, .pitch = 60}, // Ends as the next begins
                                       {.onset = 12, .duration = 12, .pitch = 64},
                                       {.onset = 24, .duration = 12, .pitch = 62}}; // Of the chord that is being made
  (void)state;
  cn_manners_neighbours(notes, 5, 24, logits);
  const float again = logits[60 - CN_PITCH_MIN];
  const float rub   = logits[49 - CN_PITCH_MIN];
  assert_true(again < 0.0F);
  assert_true(rub < 0.0F);
  for (unsigned pitch = CN_PITCH_MIN; pitch <= CN_PITCH_MAX; ++pitch) {
    const bool is_again = pitch == 60 || pitch == 64;
    const bool rubs     = pitch == 49 || pitch == 51 || pitch == 61 || pitch == 63;
    assert_float_equal(logits[pitch - CN_PITCH_MIN], is_again ? again : rubs ? rub : 0.0F, 0.0F);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_last_beat_is_at_home),
      cmocka_unit_test(test_nothing_else_is_touched),
      cmocka_unit_test(test_keys_with_too_many_notes_are_held_back),
      cmocka_unit_test(test_keys_beside_what_sounds_are_held_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
