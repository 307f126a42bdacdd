// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  27 takes on nine phrases such as a user tries first, by the weights that are shipped: none goes round in
  even steps without an end, and none runs away.
*/

#include "tools/judge/continuation.h"
#include "tools/judge/weights.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define WEIGHTS "plugin/models/default.safetensors.zst"

enum { MAX_NOTES = 24, N_BARS = 16, N_TAKES = 3, MOST_STEPS = 64 };

/// Keys one after the other, or at once if the step is 0
typedef struct {
  const char*   name;
  uint8_t       n;
  uint8_t       keys[MAX_NOTES];
  uint8_t       step;     ///< [ticks]
  uint8_t       duration; ///< [ticks]
  CnMeterChange metre;
} Phrase;

static const Phrase phrases[] = {
    {"scale", 16, {60, 62, 64, 65, 67, 69, 71, 72, 72, 71, 69, 67, 65, 64, 62, 60}, 12, 12, {0, 4, 4}},
    {"one note", 1, {60}, 24, 24, {0, 4, 4}},
    {"held chord", 4, {48, 55, 60, 64}, 0, 192, {0, 4, 4}},
    {"blues bass", 16, {36, 40, 43, 45, 46, 45, 43, 40, 36, 40, 43, 45, 46, 45, 43, 40}, 12, 10, {0, 4, 4}},
    {"waltz", 12, {48, 60, 64, 43, 59, 62, 48, 60, 64, 43, 59, 62}, 24, 18, {0, 3, 4}},
    {"fast run",
     21,
     {60, 62, 64, 65, 67, 69, 71, 72, 74, 76, 77, 79, 81, 83, 84, 86, 88, 89, 91, 93, 95},
     3,
     3,
     {0, 4, 4}},
    {"high tune", 8, {84, 86, 88, 84, 91, 89, 88, 86}, 24, 22, {0, 4, 4}},
    {"repeated", 16, {60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60}, 12, 6, {0, 4, 4}},
    {"off the grid", 9, {67, 64, 65, 62, 64, 60, 62, 59, 60}, 11, 9, {0, 4, 4}},
};

enum { N_PHRASES = sizeof(phrases) / sizeof(*phrases) };

static CnScore*
make_phrase(const Phrase* const phrase)
{
  CnNote   notes[MAX_NOTES];
  CnScore* score = NULL;
  for (uint8_t i = 0; i < phrase->n; ++i) {
    notes[i] = (CnNote){
        .onset = i * phrase->step, .duration = phrase->duration, .pitch = phrase->keys[i], .velocity = 70};
  }
  assert_int_equal(cn_score_new(notes, phrase->n, NULL, 0, &phrase->metre, 1, &score), CN_STATUS_SUCCESS);
  return score;
}

/// [ticks] that a phrase lasts, a quarter at least
static int32_t
length_of(const Phrase* const phrase)
{
  const int32_t ticks = phrase->step * (phrase->n - 1) + phrase->duration;
  return ticks > CN_TICKS_PER_QUARTER ? ticks : CN_TICKS_PER_QUARTER;
}

static void
check_steps(const Phrase* const phrase, const CnNote* const notes, const size_t n)
{
  int32_t  step = 0;
  unsigned run  = 0;
  for (size_t i = 1; i < n; ++i) {
    const int32_t next = notes[i].onset - notes[i - 1].onset;
    if (next) {
      run  = next == step ? run + 1 : 1;
      step = next;
    }
    if (run > MOST_STEPS) {
      fail_msg("%s: more than %d steps of %d ticks", phrase->name, MOST_STEPS, step);
    }
  }
}

static void
check_density(const Phrase* const phrase, const CnNote* const notes, const size_t n)
{
  const int32_t window = 4 * CN_TICKS_PER_QUARTER * phrase->metre.numerator;
  const int32_t twice  = 2 * phrase->n * window / length_of(phrase);
  const int32_t sparse = window / CN_TICKS_PER_QUARTER;
  const size_t  most   = (size_t)(twice > sparse ? twice : sparse);
  for (size_t i = 0; i + most < n; ++i) {
    if (notes[i + most].onset < notes[i].onset + window) {
      fail_msg("%s: more than %zu notes in four bars", phrase->name, most);
    }
  }
}

static void
test_no_odd_phrase_is_gone_on_with_for_ever(void** const state)
{
  (void)state;
  CnAnyModel model;
  assert_true(cn_weights_load_any("test", WEIGHTS, &model));
  for (size_t p = 0; p < N_PHRASES; ++p) {
    for (uint32_t take = 1; take <= N_TAKES; ++take) {
      CnContinuationSettings settings = cn_continuation_settings(N_BARS);
      CnContinuation         place;
      CnScore*               result = NULL;
      CnScore* const         phrase = make_phrase(&phrases[p]);
      CnAnyComposer          composer;
      assert_int_equal(cn_any_composer_init(&composer, &model), CN_STATUS_SUCCESS);
      settings.params.take    = take;
      const CnPlanner planner = cn_any_composer_planner(&composer);
      assert_int_equal(cn_score_continue(phrase, &planner, &settings, &result, &place), CN_STATUS_SUCCESS);
      assert_true(place.n_notes > 0);
      check_steps(&phrases[p], result->notes + phrase->n_notes, place.n_notes);
      check_density(&phrases[p], result->notes + phrase->n_notes, place.n_notes);
      cn_any_composer_clear(&composer);
      cn_score_free(phrase);
      cn_score_free(result);
    }
  }
  cn_any_model_free(&model);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_no_odd_phrase_is_gone_on_with_for_ever)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
