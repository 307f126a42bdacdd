// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/chord.h"
#include "dsp/network/composer.h"
#include "tools/gradient/parameters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SEED = 40, ROOM = 4000, SEGMENTS = 60, FAVOURITE = 66 };

static const CnParams some_params = {
    .temperature = 1.0F, .top_p = 1.0F, .motif = 0.5F, .chord = CN_CHORD_NONE, .take = 1};

typedef struct {
  CnModel*    model;
  CnComposer* composer;
  CnNote      notes[ROOM]; // The seed, then what was composed
  uint32_t    n;
  int32_t     first; // Segment after the seed
} Fixture;

// A model with random weights, which likes one pitch more than the others by `fondness` [nats]
static CnModel*
make_model(const float fondness)
{
  const CnShape shape = {.cell = CN_CELL_LSTM, .hidden = 32, .head = 16};
  CnLayout      layout;
  assert_int_equal(cn_layout_init(&layout, &shape), CN_STATUS_SUCCESS);
  float* const parameters = calloc(layout.n_parameters, sizeof(float));
  float* const dt_bias    = parameters + layout.place[cn_head_weight(CN_FACTOR_DT, CN_HEAD_OUT_BIAS)].offset;
  float* const pitch_bias =
      parameters + layout.place[cn_head_weight(CN_FACTOR_PITCH, CN_HEAD_OUT_BIAS)].offset;
  cn_parameters_init(&layout, 3, parameters);
  for (unsigned dt = 0; dt < CN_N_DTS; ++dt) { // Notes enough: what is far away is unlikely
    dt_bias[dt] = -0.2F * (float)dt;
  }
  pitch_bias[FAVOURITE - CN_PITCH_MIN] = fondness;

  CnModel* const model = cn_model_new(&layout, parameters);
  assert_non_null(model);
  free(parameters);
  return model;
}

static int
setup(void** const state)
{
  Fixture* const fixture = calloc(1, sizeof(Fixture));
  fixture->model         = make_model(0.0F);
  fixture->composer      = cn_composer_new(fixture->model);
  assert_non_null(fixture->composer);

  for (unsigned i = 0; i < SEED; ++i) {
    const int32_t onset = (int32_t)(12 * i);
    fixture->notes[i]   = (CnNote){.onset    = onset,
                                   .duration = 12,
                                   .bar      = cn_bar_place((CnBar){0, 96}, onset),
                                   .pitch    = (uint8_t)(60 + 7 * i % 12),
                                   .velocity = 70};
  }
  fixture->n     = SEED;
  fixture->first = SEED;
  *state         = fixture;
  return 0;
}

// With a model that learns from the musician while it listens
static int
setup_apt(void** const state)
{
  setup(state);
  Fixture* const fixture = *state;
  cn_composer_free(fixture->composer);
  cn_model_set_adaptation(fixture->model, 100);
  fixture->composer = cn_composer_new(fixture->model);
  assert_non_null(fixture->composer);
  return 0;
}

static int
teardown(void** const state)
{
  Fixture* const fixture = *state;
  cn_composer_free(fixture->composer);
  cn_model_free(fixture->model);
  free(fixture);
  return 0;
}

static CnPlanRequest
make_request(const Fixture* const fixture, const int32_t segment)
{
  return (CnPlanRequest){.segment   = segment,
                         .bar       = {0, 96},
                         .params    = some_params,
                         .history   = fixture->notes,
                         .n_history = fixture->n};
}

static void
check_segment(const CnPlanRequest* const request, const CnNote* const notes, const uint32_t n)
{
  const int32_t start = request->segment * CN_SEGMENT_TICKS;
  assert_true(n <= CN_SEGMENT_NOTES);
  for (uint32_t i = 0; i < n; ++i) {
    assert_true(notes[i].onset >= start && notes[i].onset < start + CN_SEGMENT_TICKS);
    assert_true(notes[i].duration >= 1 && notes[i].velocity >= 1 && notes[i].velocity <= 127);
    assert_true(notes[i].pitch >= CN_PITCH_MIN && notes[i].pitch <= CN_PITCH_MAX);
    assert_int_equal(notes[i].part, CN_PART_CONTINUO);
    assert_int_equal(notes[i].bar.offset, notes[i].onset % 96);
    if (i) {
      assert_true(notes[i].onset > notes[i - 1].onset ||
                  (notes[i].onset == notes[i - 1].onset && notes[i].pitch > notes[i - 1].pitch));
    }
  }
}

// Compose segment after segment onto the fixture's notes
static void
compose(Fixture* const fixture, CnComposer* const composer, const CnParams* const params,
        const int32_t n_segments)
{
  for (int32_t s = 0; s < n_segments; ++s) {
    CnPlanRequest request = make_request(fixture, fixture->first + s);
    uint32_t      n       = 0;
    request.params        = *params;
    assert_int_equal(cn_composer_plan(composer, &request, fixture->notes + fixture->n, &n),
                     CN_STATUS_SUCCESS);
    check_segment(&request, fixture->notes + fixture->n, n);
    fixture->n += n;
  }
}

static void
test_segments_are_filled_in_order(void** const state)
{
  Fixture* const fixture = *state;
  compose(fixture, fixture->composer, &some_params, SEGMENTS);
  assert_true(fixture->n > SEED + SEGMENTS / 4);
}

// Whatever a composer did before, a segment depends on the request alone
static void
test_segment_is_a_function_of_its_request(void** const state)
{
  Fixture* const fixture = *state;
  compose(fixture, fixture->composer, &some_params, SEGMENTS);

  const CnNote* const all = fixture->notes;
  for (uint32_t n = fixture->n; n > SEED; n -= n > SEED + 7 ? 7 : 1) {
    const int32_t segment = all[n - 1].onset / CN_SEGMENT_TICKS;
    uint32_t      first   = n;
    while (first > SEED && all[first - 1].onset >= segment * CN_SEGMENT_TICKS) {
      --first;
    }
    CnComposer* const   fresh   = cn_composer_new(fixture->model);
    const CnPlanRequest request = {.segment   = segment,
                                   .bar       = {0, 96},
                                   .params    = some_params,
                                   .history   = all,
                                   .n_history = SEED + (first - SEED) / 2,
                                   .recent    = all + SEED + (first - SEED) / 2,
                                   .n_recent  = first - SEED - (first - SEED) / 2};
    CnNote              again[2][CN_SEGMENT_NOTES];
    uint32_t            n_again[2] = {0, 0};
    assert_int_equal(cn_composer_plan(fresh, &request, again[0], &n_again[0]), CN_STATUS_SUCCESS);
    assert_int_equal(cn_composer_plan(fixture->composer, &request, again[1], &n_again[1]), CN_STATUS_SUCCESS);
    for (unsigned a = 0; a < 2; ++a) {
      assert_true(n_again[a] >= n - first);
      assert_memory_equal(again[a], all + first, (n - first) * sizeof(CnNote));
    }
    cn_composer_free(fresh);
  }
}

static void
test_takes_differ(void** const state)
{
  Fixture* const fixture = *state;
  CnParams       other   = some_params;
  CnNote         first[ROOM];
  compose(fixture, fixture->composer, &some_params, SEGMENTS);
  const uint32_t n = fixture->n;
  memcpy(first, fixture->notes, sizeof(first));

  fixture->n = SEED;
  other.take = 2;
  compose(fixture, fixture->composer, &other, SEGMENTS);
  assert_true(n != fixture->n || memcmp(first, fixture->notes, n * sizeof(CnNote)));
}

static void
test_changed_history_changes_the_music(void** const state)
{
  Fixture* const fixture = *state;
  CnNote         first[ROOM];
  compose(fixture, fixture->composer, &some_params, SEGMENTS);
  const uint32_t n = fixture->n;
  memcpy(first, fixture->notes, sizeof(first));

  fixture->n = SEED;
  fixture->notes[3].pitch += 1;
  compose(fixture, fixture->composer, &some_params, SEGMENTS);
  assert_true(n != fixture->n || memcmp(first + SEED, fixture->notes + SEED, (n - SEED) * sizeof(CnNote)));
}

static void
test_chord_mask_is_hard(void** const state)
{
  Fixture* const fixture = *state;
  for (int32_t chord = 0; chord < CN_N_CHORDS; chord += 7) {
    CnParams params = some_params;
    params.chord    = chord;
    fixture->n      = SEED;
    compose(fixture, fixture->composer, &params, 20);
    assert_true(fixture->n > SEED);
    for (uint32_t i = SEED; i < fixture->n; ++i) {
      assert_true(cn_chord_pitch_classes(chord) >> fixture->notes[i].pitch % 12 & 1);
    }
  }
}

// Share of the fixture's composed notes that are on the favourite pitch
static double
favourite_share(const Fixture* const fixture)
{
  unsigned n = 0;
  for (uint32_t i = SEED; i < fixture->n; ++i) {
    n += fixture->notes[i].pitch == FAVOURITE;
  }
  return (double)n / (fixture->n - SEED);
}

static void
test_drones_are_discouraged(void** const state)
{
  Fixture* const    fixture  = *state;
  CnModel* const    fond     = make_model(9.0F); // 74 % of the notes, were it left alone
  CnComposer* const composer = cn_composer_new(fond);
  compose(fixture, composer, &some_params, 4 * SEGMENTS);
  assert_true(fixture->n > SEED + 100);
  assert_true(favourite_share(fixture) > 0.2);
  assert_true(favourite_share(fixture) < 0.65);
  cn_composer_free(composer);
  cn_model_free(fond);
}

static void
test_no_history_gives_no_notes(void** const state)
{
  Fixture* const      fixture = *state;
  const CnPlanRequest request = {.segment = 5, .bar = {0, 96}, .params = some_params};
  CnNote              notes[CN_SEGMENT_NOTES];
  uint32_t            n = 99;
  assert_int_equal(cn_composer_plan(fixture->composer, &request, notes, &n), CN_STATUS_SUCCESS);
  assert_int_equal(n, 0);
}

// A long rest is no reason to wait for ever: after four beats, the next note comes at once
static void
test_continues_after_a_long_rest(void** const state)
{
  Fixture* const fixture = *state;
  fixture->first         = 100000;
  compose(fixture, fixture->composer, &some_params, 1);
  assert_true(fixture->n > SEED);
  assert_int_equal(fixture->notes[SEED].onset, 100000 * CN_SEGMENT_TICKS);
}

static void
test_history_may_be_longer_than_the_memory(void** const state)
{
  Fixture* const fixture = *state;
  const uint32_t n       = 2 * CN_COMPOSER_CAPACITY;
  CnNote* const  notes   = calloc(n, sizeof(CnNote));
  for (uint32_t i = 0; i < n; ++i) {
    notes[i]       = fixture->notes[i % SEED];
    notes[i].onset = (int32_t)(3 * i);
    notes[i].pitch = i % 50 ? notes[i].pitch : 5; // Not on a piano: passed over
  }
  for (uint32_t length = n - 400; length < n; length += 199) {
    CnComposer* const   fresh   = cn_composer_new(fixture->model);
    const CnPlanRequest request = {.segment   = (int32_t)length * 3 / CN_SEGMENT_TICKS + 1,
                                   .bar       = {0, 96},
                                   .params    = some_params,
                                   .history   = notes,
                                   .n_history = length};
    CnNote              out[2][CN_SEGMENT_NOTES];
    uint32_t            n_out[2] = {0, 0};
    assert_int_equal(cn_composer_plan(fixture->composer, &request, out[0], &n_out[0]), CN_STATUS_SUCCESS);
    assert_int_equal(cn_composer_plan(fresh, &request, out[1], &n_out[1]), CN_STATUS_SUCCESS);
    assert_int_equal(n_out[0], n_out[1]);
    assert_memory_equal(out[0], out[1], n_out[0] * sizeof(CnNote));
    cn_composer_free(fresh);
  }
  free(notes);
}

// Compose after the seed by a fresh composer
static uint32_t
compose_afresh(Fixture* const fixture, const uint32_t adaptation, CnNote* const out)
{
  cn_model_set_adaptation(fixture->model, adaptation);
  CnComposer* const composer = cn_composer_new(fixture->model);
  fixture->n                 = SEED;
  compose(fixture, composer, &some_params, SEGMENTS);
  cn_composer_free(composer);
  memcpy(out, fixture->notes, sizeof(fixture->notes));
  return fixture->n;
}

static void
test_only_the_musician_is_learnt_from(void** const state)
{
  Fixture* const fixture = *state;
  CnNote         held[ROOM];
  CnNote         apt[ROOM];
  for (unsigned part = CN_PART_MUSICIAN; part <= CN_PART_CONTINUO; ++part) {
    for (unsigned i = 0; i < SEED; ++i) {
      fixture->notes[i].part = (uint8_t)part;
    }
    const uint32_t n       = compose_afresh(fixture, 0, held);
    const bool     is_same = compose_afresh(fixture, 500, apt) == n && !memcmp(held, apt, n * sizeof(CnNote));
    assert_int_equal(is_same, part == CN_PART_CONTINUO);
  }
}

// No score says so, but sessions may; above the highest key there is nothing left that could come at the same
// time
static void
test_key_that_is_struck_twice_at_once_is_survived(void** const state)
{
  static const uint8_t keys[] = {CN_PITCH_MAX, CN_PITCH_MIN, 60};

  Fixture* const fixture = *state;
  for (unsigned k = 0; k < sizeof(keys); ++k) {
    fixture->n                  = SEED;
    fixture->notes[20].pitch    = keys[k];
    fixture->notes[21]          = fixture->notes[20];
    fixture->notes[21].duration = 6;
    compose(fixture, fixture->composer, &some_params, SEGMENTS);
    assert_true(fixture->n > SEED);
    double nats = 0.0;
    assert_int_equal(
        cn_composer_surprise(fixture->composer, fixture->notes, 21, &fixture->notes[21], 1, &nats),
        CN_STATUS_SUCCESS);
    assert_int_equal(
        cn_composer_surprise(fixture->composer, fixture->notes, 21, &fixture->notes[3], 1, &nats),
        CN_STATUS_BAD_ARG);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_segments_are_filled_in_order, setup, teardown),
      cmocka_unit_test_setup_teardown(test_segment_is_a_function_of_its_request, setup, teardown),
      cmocka_unit_test_setup_teardown(test_segment_is_a_function_of_its_request, setup_apt, teardown),
      cmocka_unit_test_setup_teardown(test_only_the_musician_is_learnt_from, setup, teardown),
      cmocka_unit_test_setup_teardown(test_key_that_is_struck_twice_at_once_is_survived, setup, teardown),
      cmocka_unit_test_setup_teardown(test_key_that_is_struck_twice_at_once_is_survived, setup_apt, teardown),
      cmocka_unit_test_setup_teardown(test_takes_differ, setup, teardown),
      cmocka_unit_test_setup_teardown(test_changed_history_changes_the_music, setup, teardown),
      cmocka_unit_test_setup_teardown(test_chord_mask_is_hard, setup, teardown),
      cmocka_unit_test_setup_teardown(test_drones_are_discouraged, setup, teardown),
      cmocka_unit_test_setup_teardown(test_no_history_gives_no_notes, setup, teardown),
      cmocka_unit_test_setup_teardown(test_continues_after_a_long_rest, setup, teardown),
      cmocka_unit_test_setup_teardown(test_history_may_be_longer_than_the_memory, setup, teardown),
      cmocka_unit_test_setup_teardown(test_history_may_be_longer_than_the_memory, setup_apt, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
