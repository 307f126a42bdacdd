// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  What the seed's composer makes of requests, by small networks with random weights, and by ones that
  were wired by hand to want always the same.
*/

#include "tests/support/tiny_notebook.h"

#include "dsp/music/chord.h"
#include "dsp/notebook/composer.h"
#include "dsp/notebook/network.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SEED = 30, ROOM = 4000, SEGMENTS = 60, TAKES = 20, SURE = 30 };

static const CnParams some_params = {
    .temperature = 1.0F, .top_p = 1.0F, .motif = 0.5F, .chord = CN_CHORD_NONE, .take = 1};

typedef struct {
  CnNotebookModel*    model;
  CnNotebookComposer* composer;
  CnNote              notes[ROOM]; // The seed, then what was composed
  uint32_t            n;
  float               tempo; // [quarters a minute]
} Fixture;

static void
reset(Fixture* const fixture)
{
  for (int32_t i = 0; i < SEED; ++i) {
    fixture->notes[i] = (CnNote){.onset    = 12 * i,
                                 .duration = 12,
                                 .bar      = cn_bar_place((CnBar){0, 96}, 12 * i),
                                 .pitch    = (uint8_t)(60 + 7 * i % 12),
                                 .velocity = (uint8_t)(70 + i % 2)};
  }
  fixture->n = SEED;
}

static void
adopt(Fixture* const fixture, CnNotebookModel* const model)
{
  cn_notebook_composer_free(fixture->composer);
  cn_notebook_model_free(fixture->model);
  fixture->model    = model;
  fixture->composer = cn_notebook_composer_new(model);
  assert_non_null(fixture->composer);
}

static int
setup(void** const state)
{
  Fixture* const fixture = calloc(1, sizeof(Fixture));
  adopt(fixture, cn_tiny_notebook_model(1, CN_NOTEBOOK_BEATS));
  reset(fixture);
  *state = fixture;
  return 0;
}

static int
teardown(void** const state)
{
  Fixture* const fixture = *state;
  cn_notebook_composer_free(fixture->composer);
  cn_notebook_model_free(fixture->model);
  free(fixture);
  return 0;
}

// The sum whose sigmoid, scaled, is a time
static float
wish(const float range[2], const double time)
{
  const double share = log1p(time) / log1p((double)range[0]);
  return (float)log(share / (1.0 - share));
}

// Networks that want always the same times, in the model's unit, and one key by `fondness` [nats]
static CnNotebookModel*
wire(const CnNotebookUnit unit, const double duration, const double step, const uint8_t key,
     const float fondness)
{
  const CnNotebookStack stack                     = {1, {4}};
  const CnNotebookScale scale                     = cn_tiny_notebook_scale(unit);
  CnNotebookNet         nets[CN_N_NOTEBOOK_TASKS] = {{0}};
  float*                parameters[CN_N_NOTEBOOK_TASKS];
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    assert_int_equal(cn_notebook_net_init(&nets[i], (CnNotebookTask)i, &stack), CN_STATUS_SUCCESS);
    parameters[i] = calloc(nets[i].n_parameters, sizeof(float));
    assert_non_null(parameters[i]);
  }
  parameters[CN_NOTEBOOK_PITCH][nets[CN_NOTEBOOK_PITCH].out_bias + key - CN_PITCH_MIN] = fondness;
  parameters[CN_NOTEBOOK_TIMING][nets[CN_NOTEBOOK_TIMING].out_bias] = wish(scale.duration, duration);
  parameters[CN_NOTEBOOK_TIMING][nets[CN_NOTEBOOK_TIMING].out_bias + 1] =
      step > 0 ? wish(scale.step, step) : -SURE;
  CnNotebookModel* const model =
      cn_notebook_model_new(nets, &scale, NULL, (const float* const[]){parameters[0], parameters[1]});
  assert_non_null(model);
  free(parameters[0]);
  free(parameters[1]);
  return model;
}

static void
check_segment(const CnPlanRequest* const request, const CnNote* const notes, const uint32_t n)
{
  const int32_t start = request->segment * CN_SEGMENT_TICKS;
  assert_true(n <= CN_SEGMENT_NOTES);
  for (uint32_t i = 0; i < n; ++i) {
    assert_true(notes[i].onset >= start && notes[i].onset < start + CN_SEGMENT_TICKS);
    assert_true(notes[i].duration >= 1 && notes[i].velocity >= 1 && notes[i].velocity <= 127);
    assert_true(notes[i].pitch >= CN_PITCH_MIN && notes[i].pitch <= CN_PITCH_MAX - 2);
    assert_int_equal(notes[i].part, CN_PART_CONTINUO);
    assert_int_equal(notes[i].channel, 0);
    assert_int_equal(notes[i].bar.offset, notes[i].onset % 96);
    assert_true(i == 0 || notes[i].onset > notes[i - 1].onset ||
                (notes[i].onset == notes[i - 1].onset && notes[i].pitch > notes[i - 1].pitch));
  }
}

// Compose segment after segment onto the seed
static void
compose(Fixture* const fixture, CnNotebookComposer* const composer, const CnParams* const params,
        const int32_t first, const int32_t n_segments)
{
  for (int32_t s = first; s < first + n_segments; ++s) {
    const CnPlanRequest request = {.segment   = s,
                                   .bar       = {0, 96},
                                   .params    = *params,
                                   .history   = fixture->notes,
                                   .n_history = fixture->n,
                                   .tempo     = fixture->tempo};
    uint32_t            n       = 0;
    assert_int_equal(cn_notebook_composer_plan(composer, &request, fixture->notes + fixture->n, &n),
                     CN_STATUS_SUCCESS);
    check_segment(&request, fixture->notes + fixture->n, n);
    fixture->n += n;
  }
}

static void
test_segments_are_filled_in_order(void** const state)
{
  Fixture* const fixture = *state;
  for (uint32_t seed = 1; seed < 6; ++seed) {
    adopt(fixture, cn_tiny_notebook_model(seed, CN_NOTEBOOK_BEATS));
    reset(fixture);
    compose(fixture, fixture->composer, &some_params, SEED, SEGMENTS);
    assert_true(fixture->n > SEED + SEGMENTS / 4);
  }
}

// Whatever a composer did before, and wherever the cut lies, a segment is a function of its request
static void
test_segment_is_a_function_of_its_request(void** const state)
{
  Fixture* const fixture = *state;
  compose(fixture, fixture->composer, &some_params, SEED, SEGMENTS);
  CnNotebookComposer* const fresh = cn_notebook_composer_new(fixture->model);
  const int32_t             s     = SEED + SEGMENTS - 1;
  uint32_t                  last  = fixture->n; // First note of the last segment
  while (fixture->notes[last - 1].onset >= s * CN_SEGMENT_TICKS) {
    --last;
  }
  assert_true(last < fixture->n);
  for (uint32_t n_recent = 0; n_recent < 4; ++n_recent) {
    const CnPlanRequest request = {.segment   = s,
                                   .bar       = {0, 96},
                                   .params    = some_params,
                                   .history   = fixture->notes,
                                   .n_history = last - n_recent,
                                   .recent    = fixture->notes + last - n_recent,
                                   .n_recent  = n_recent};
    CnNote              notes[CN_SEGMENT_NOTES];
    uint32_t            n = 0;
    assert_int_equal(cn_notebook_composer_plan(fresh, &request, notes, &n), CN_STATUS_SUCCESS);
    assert_int_equal(n, fixture->n - last);
    assert_memory_equal(notes, fixture->notes + last, n * sizeof(CnNote));
  }
  cn_notebook_composer_free(fresh);
}

// Only the window is read: what was long before changes nothing, nor do keys that the model leaves out
static void
test_window_is_all_that_counts(void** const state)
{
  Fixture* const fixture = *state;
  compose(fixture, fixture->composer, &some_params, SEED, 40);
  CnPlanRequest request = {.segment   = SEED + 60,
                           .bar       = {0, 96},
                           .params    = some_params,
                           .history   = fixture->notes,
                           .n_history = fixture->n};
  CnNote        out[3][CN_SEGMENT_NOTES];
  uint32_t      n[3] = {0};
  assert_true(fixture->n > SEED + 21);
  cn_notebook_composer_plan(fixture->composer, &request, out[0], &n[0]);
  request.history   = fixture->notes + fixture->n - 51;
  request.n_history = 51;
  cn_notebook_composer_plan(fixture->composer, &request, out[1], &n[1]);
  assert_true(n[0] > 0);
  assert_int_equal(n[0], n[1]);
  assert_memory_equal(out[0], out[1], n[0] * sizeof(CnNote));

  fixture->notes[fixture->n - 2].pitch = CN_PITCH_MAX; // Which the model leaves out
  fixture->notes[fixture->n - 5].pitch = 5;
  request.history                      = fixture->notes;
  request.n_history                    = fixture->n;
  cn_notebook_composer_plan(fixture->composer, &request, out[1], &n[1]);
  memmove(fixture->notes + fixture->n - 5, fixture->notes + fixture->n - 4, 2 * sizeof(CnNote));
  fixture->notes[fixture->n - 3] = fixture->notes[fixture->n - 1];
  request.n_history              = fixture->n - 2;
  cn_notebook_composer_plan(fixture->composer, &request, out[2], &n[2]);
  assert_int_equal(n[1], n[2]);
  assert_memory_equal(out[1], out[2], n[1] * sizeof(CnNote));
}

static void
test_takes_and_segments_differ(void** const state)
{
  Fixture* const fixture = *state;
  CnParams       params  = some_params;
  unsigned       n_same  = 0;
  uint8_t        first   = 0;
  adopt(fixture, wire(CN_NOTEBOOK_BEATS, 0.5, 0.5, 60, 0.0F));
  for (params.take = 1; params.take <= TAKES; ++params.take) {
    reset(fixture);
    compose(fixture, fixture->composer, &params, SEED, 1);
    assert_int_equal(fixture->n, SEED + 1);
    first = params.take == 1 ? fixture->notes[SEED].pitch : first;
    n_same += fixture->notes[SEED].pitch == first;
  }
  assert_true(n_same < TAKES / 4);
  n_same = 0;
  reset(fixture);
  compose(fixture, fixture->composer, &some_params, SEED, TAKES);
  for (uint32_t i = SEED; i < fixture->n; ++i) {
    n_same += fixture->notes[i].pitch == first;
  }
  assert_true(n_same < TAKES / 4);
}

// Half a quarter long, a third of one apart: 12 and 8 ticks
static void
test_times_are_what_the_network_expects(void** const state)
{
  Fixture* const fixture = *state;
  adopt(fixture, wire(CN_NOTEBOOK_BEATS, 0.5, 1.0 / 3.0, 60, 0.0F));
  compose(fixture, fixture->composer, &some_params, SEED, 40);
  assert_int_equal(fixture->n, SEED + 60);
  assert_int_equal(fixture->notes[SEED].onset, 12 * SEED); // 8 ticks were over before the segment began
  for (uint32_t i = SEED; i < fixture->n; ++i) {
    assert_int_equal(fixture->notes[i].onset, 12 * SEED + 8 * (i - SEED));
    assert_int_equal(fixture->notes[i].duration, 12);
  }
}

// The same times in seconds are so many ticks at one tempo, and half as many at half of it
static void
test_seconds_are_read_by_the_tempo(void** const state)
{
  Fixture* const fixture = *state;
  adopt(fixture, wire(CN_NOTEBOOK_SECONDS, 0.25, 1.0 / 6.0, 60, 0.0F));
  assert_true(cn_notebook_composer_planner(fixture->composer).needs_tempo);
  for (unsigned i = 0; i < 3; ++i) {
    const float tempos[] = {0.0F, 120.0F, 60.0F};
    fixture->tempo       = tempos[i];
    reset(fixture);
    compose(fixture, fixture->composer, &some_params, SEED, 2);
    assert_int_equal(fixture->notes[SEED + 1].onset - fixture->notes[SEED].onset, i < 2 ? 8 : 4);
    assert_int_equal(fixture->notes[SEED].duration, i < 2 ? 12 : 6);
  }
}

// The network reads its notes by the tempo, too: it says the same as one that was told of it
static void
test_windows_in_seconds_are_read_by_the_tempo(void** const state)
{
  Fixture* const fixture = *state;
  int32_t        told[2] = {0, 0};
  adopt(fixture, cn_tiny_notebook_model(3, CN_NOTEBOOK_SECONDS));
  CnNotebookNetwork* const network = cn_notebook_network_new(fixture->model);
  for (unsigned i = 0; i < 2; ++i) {
    const double ticks    = i ? 240.0 : 2.4; // A second
    float        duration = 0.0F;
    float        step     = 0.0F;
    fixture->tempo        = i ? 600.0F : 6.0F;
    reset(fixture);
    cn_notebook_network_set_tempo(network, ticks);
    cn_notebook_network_timing(network, fixture->notes, SEED, &duration, &step);
    told[i] = (int32_t)lround((double)duration * 1e4);
    for (int32_t s = SEED; fixture->n == SEED; ++s) {
      compose(fixture, fixture->composer, &some_params, s, 1);
    }
    assert_int_equal(fixture->notes[SEED].duration, lround((double)duration * ticks));
  }
  assert_int_not_equal(told[0], told[1]); // It does make a difference
  cn_notebook_network_free(network);
}

// What a session, or a file, could not hold is cut: here 3 seconds in which there are 45 quarters
static void
test_durations_have_an_end(void** const state)
{
  Fixture* const fixture = *state;
  adopt(fixture, wire(CN_NOTEBOOK_SECONDS, 3.0, 0.1, 60, 0.0F));
  fixture->tempo = 900.0F;
  compose(fixture, fixture->composer, &some_params, SEED, 4);
  assert_true(fixture->n > SEED);
  assert_int_equal(fixture->notes[SEED].duration, CN_OWN_DURATION_MAX);
}

// A chord upwards, and when there is no higher key, a tick later
static void
test_step_of_nothing_makes_a_chord(void** const state)
{
  Fixture* const fixture = *state;
  adopt(fixture, wire(CN_NOTEBOOK_BEATS, 0.5, 0.0, CN_PITCH_MAX - 2, SURE));
  compose(fixture, fixture->composer, &some_params, SEED, 1);
  assert_int_equal(fixture->n, SEED + 12); // The highest key, once a tick
  reset(fixture);
  adopt(fixture, wire(CN_NOTEBOOK_BEATS, 0.5, 0.0, 60, 0.0F));
  compose(fixture, fixture->composer, &some_params, SEED, 4);
  unsigned n_chords = 0;
  for (uint32_t i = SEED + 1; i < fixture->n; ++i) {
    n_chords += fixture->notes[i].onset == fixture->notes[i - 1].onset;
  }
  assert_true(n_chords > 4);
}

// Half of all steps are chords, a quarter half a beat, a quarter a beat, whatever is foretold
static CnNotebookSteps
make_steps(void)
{
  CnNotebookSteps steps = {{0}, {{0}}};
  for (unsigned b = 0; b < CN_NOTEBOOK_STEP_BINS; ++b) {
    for (unsigned q = 0; q < CN_NOTEBOOK_STEP_QUANTILES; ++q) {
      steps.came[b][q] = q < 32 ? 0.0F : q < 48 ? 0.5F : 1.0F;
    }
  }
  return steps;
}

// The same networks, with steps to draw from
static CnNotebookModel*
add_steps(CnNotebookModel* const model, const CnNotebookSteps* const steps)
{
  const CnNotebookNet    nets[2]       = {*cn_notebook_model_net(model, 0), *cn_notebook_model_net(model, 1)};
  const float* const     parameters[2] = {cn_notebook_model_parameters(model, 0),
                                          cn_notebook_model_parameters(model, 1)};
  CnNotebookModel* const made =
      cn_notebook_model_new(nets, cn_notebook_model_scale(model), steps, parameters);
  assert_non_null(made);
  assert_int_not_equal(cn_notebook_model_id(made), cn_notebook_model_id(model));
  cn_notebook_model_free(model);
  return made;
}

// However segments cut the waiting up, as many steps of each length come as there should be
static void
test_drawn_steps_are_chords_as_often_as_they_were(void** const state)
{
  Fixture* const        fixture = *state;
  const CnNotebookSteps steps   = make_steps();
  unsigned              n[25]   = {0};
  adopt(fixture, add_steps(wire(CN_NOTEBOOK_BEATS, 0.5, 0.7, 60, 0.0F), &steps));
  reset(fixture);
  compose(fixture, fixture->composer, &some_params, SEED, 1500);
  for (uint32_t i = SEED + 1; i < fixture->n; ++i) {
    const int32_t step = fixture->notes[i].onset - fixture->notes[i - 1].onset;
    assert_in_range(step, 0, 24);
    ++n[step];
  }
  const unsigned all = fixture->n - SEED - 1;
  assert_true(all > 1500 && n[0] + n[1] + n[11] + n[12] + n[23] + n[24] == all);
  assert_true(n[1] < all / 10); // Chords that had no key left
  assert_in_range(n[0] + n[1], all * 46 / 100, all * 54 / 100);
  assert_in_range(n[11] + n[12], all * 21 / 100, all * 29 / 100);
}

// Each sixteenth of what is foretold has steps of its own
static void
test_steps_are_drawn_by_what_is_foretold(void** const state)
{
  Fixture* const  fixture = *state;
  CnNotebookSteps steps   = make_steps();
  for (unsigned b = 0; b < CN_NOTEBOOK_STEP_BINS; ++b) {
    for (unsigned q = 0; q < CN_NOTEBOOK_STEP_QUANTILES; ++q) {
      steps.came[b][q] = (float)(b + 1) / 8.0F;
    }
    steps.edges[b < CN_NOTEBOOK_STEP_BINS - 1 ? b : b - 1] = (float)(b + 1) / 10.0F;
  }
  adopt(fixture, add_steps(wire(CN_NOTEBOOK_BEATS, 0.5, 0.35, 60, 0.0F), &steps)); // In the fourth
  reset(fixture);
  compose(fixture, fixture->composer, &some_params, SEED, 20);
  assert_true(fixture->n > SEED + 10);
  for (uint32_t i = SEED + 1; i < fixture->n; ++i) {
    assert_int_equal(fixture->notes[i].onset - fixture->notes[i - 1].onset, 12);
  }
}

static void
test_chord_mask_is_hard(void** const state)
{
  Fixture* const fixture = *state;
  for (int32_t chord = 0; chord < CN_N_CHORDS; chord += 7) {
    CnParams params = some_params;
    params.chord    = chord;
    reset(fixture);
    compose(fixture, fixture->composer, &params, SEED, 20);
    assert_true(fixture->n > SEED);
    for (uint32_t i = SEED; i < fixture->n; ++i) {
      assert_true(cn_chord_pitch_classes(chord) >> fixture->notes[i].pitch % 12 & 1);
    }
  }
}

static unsigned
count_key(const Fixture* const fixture, const uint8_t key)
{
  unsigned n = 0;
  for (uint32_t i = SEED; i < fixture->n; ++i) {
    n += fixture->notes[i].pitch == key;
  }
  return n;
}

static void
test_temperature_and_nucleus_make_it_safer(void** const state)
{
  Fixture* const fixture = *state;
  CnParams       params  = some_params;
  adopt(fixture, wire(CN_NOTEBOOK_BEATS, 0.5, 0.5, 66, 2.0F)); // One note in twelve
  compose(fixture, fixture->composer, &params, SEED, 8);
  assert_true(count_key(fixture, 66) < 4);
  reset(fixture);
  params.temperature = 0.05F;
  compose(fixture, fixture->composer, &params, SEED, 8);
  assert_int_equal(count_key(fixture, 66), 8);
  reset(fixture);
  params.temperature = 1.0F;
  params.top_p       = 0.01F;
  compose(fixture, fixture->composer, &params, SEED, 8);
  assert_int_equal(count_key(fixture, 66), 8);
}

static void
test_drones_are_discouraged(void** const state)
{
  Fixture* const fixture = *state;
  adopt(fixture, wire(CN_NOTEBOOK_BEATS, 0.5, 0.5, 66, 6.0F)); // 82 %, were it left alone
  compose(fixture, fixture->composer, &some_params, SEED, 300);
  assert_in_range(fixture->n, SEED + 295, SEED + 300); // Even as it is, it breathes after 64 steps
  assert_in_range(count_key(fixture, 66), 60, 210);
}

// As loud as the musician is on average, as long as the window has some of his notes
static void
test_velocity_is_the_mean_of_the_window(void** const state)
{
  Fixture* const fixture = *state;
  adopt(fixture, wire(CN_NOTEBOOK_BEATS, 0.5, 0.5, 60, 0.0F));
  for (uint32_t i = 0; i < SEED; ++i) {
    fixture->notes[i].velocity = i < SEED - 4 ? 20 : 81; // 24.13 of thirty, then 81
  }
  fixture->notes[SEED - 5].velocity = 127;
  fixture->notes[SEED - 5].part     = CN_PART_CONTINUO;
  compose(fixture, fixture->composer, &some_params, SEED, 60);
  assert_int_equal(fixture->notes[SEED].velocity, 28); // (25 * 20 + 4 * 81) / 29 is 28.4
  assert_int_equal(fixture->notes[SEED + 46].velocity, 81);
  assert_in_range(fixture->notes[SEED + 55].velocity, 28, 81); // Of our own ones alone
}

static void
test_no_history_gives_no_notes(void** const state)
{
  Fixture* const      fixture = *state;
  const CnNote        unknown = {.duration = 12, .bar = {0, 96}, .pitch = CN_PITCH_MAX, .velocity = 64};
  const CnPlanRequest request = {
      .segment = 5, .bar = {0, 96}, .params = some_params, .history = &unknown, .n_history = 1};
  CnNote   notes[CN_SEGMENT_NOTES];
  uint32_t n = 99;
  assert_int_equal(cn_notebook_composer_plan(fixture->composer, &request, notes, &n), CN_STATUS_SUCCESS);
  assert_int_equal(n, 0);
  fixture->n = 0;
  compose(fixture, fixture->composer, &some_params, 3, 1);
  assert_int_equal(fixture->n, 0);
  fixture->n = 1;
  compose(fixture, fixture->composer, &some_params, 100000, 1);
  assert_true(fixture->n > 1);
  assert_int_equal(fixture->notes[1].onset, 100000 * CN_SEGMENT_TICKS);
}

// The phrase has steps of 12 and durations of 12; the networks would have it otherwise
static void
test_average_keeps_the_grid(void** const state)
{
  Fixture* const fixture = *state;
  CnParams       params  = some_params;
  params.timing          = CN_TIMING_AVERAGE;
  adopt(fixture, wire(CN_NOTEBOOK_BEATS, 0.25, 0.2, 60, 0.0F));
  fixture->notes[SEED - 1].onset += 7; // 355 in 29 steps, a little more than 12.2
  fixture->notes[SEED - 1].duration = 42;
  compose(fixture, fixture->composer, &params, SEED + 1, SEGMENTS);
  uint32_t k = 2; // 355 + 24.48, the first in segment 31
  for (uint32_t i = SEED; i < fixture->n; ++i, ++k) {
    assert_int_equal(fixture->notes[i].onset, 355 + (2 * k * 355 + 29) / 58);
    assert_int_equal(fixture->notes[i].duration, 13);
  }
  assert_true(355 + (2 * k * 355 + 29) / 58 >= 12 * (SEED + 1 + SEGMENTS));
}

// Weights that are not numbers are no reason to fall over
static void
test_nonsense_is_silent(void** const state)
{
  Fixture* const fixture = *state;
  adopt(fixture, wire(CN_NOTEBOOK_BEATS, 0.5, 0.5, 60, NAN));
  compose(fixture, fixture->composer, &some_params, SEED, 2);
  adopt(fixture, wire(CN_NOTEBOOK_BEATS, NAN, NAN, 60, 0.0F));
  compose(fixture, fixture->composer, &some_params, SEED, 2);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_segments_are_filled_in_order),
      CASE(test_segment_is_a_function_of_its_request),
      CASE(test_window_is_all_that_counts),
      CASE(test_takes_and_segments_differ),
      CASE(test_times_are_what_the_network_expects),
      CASE(test_seconds_are_read_by_the_tempo),
      CASE(test_windows_in_seconds_are_read_by_the_tempo),
      CASE(test_durations_have_an_end),
      CASE(test_step_of_nothing_makes_a_chord),
      CASE(test_drawn_steps_are_chords_as_often_as_they_were),
      CASE(test_steps_are_drawn_by_what_is_foretold),
      CASE(test_chord_mask_is_hard),
      CASE(test_temperature_and_nucleus_make_it_safer),
      CASE(test_drones_are_discouraged),
      CASE(test_velocity_is_the_mean_of_the_window),
      CASE(test_no_history_gives_no_notes),
      CASE(test_average_keeps_the_grid),
      CASE(test_nonsense_is_silent),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
