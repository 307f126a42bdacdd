// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/base/random.h"
#include "dsp/network/network.h"
#include "tools/gradient/parameters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_NOTES = 200, N_TRIPS = 40, HEAD = 16, RATE = 300, FACTORS = CN_N_FACTORS };

#define ATTENTION .cell = CN_CELL_ATTENTION, .hidden = 24, .head = HEAD, .layers = 3, .heads = 2, .window = 9

/// A kind of network; a new one needs its row
typedef struct {
  CnShape  shape;
  CnNumber number; ///< Of its matrices
} Kind;

static const Kind kinds[] = {
    {{.cell = CN_CELL_GRU, .hidden = 24, .head = HEAD}, CN_NUMBER_FLOAT},
    {{.cell = CN_CELL_GRU, .hidden = 24, .head = HEAD}, CN_NUMBER_INT8},
    {{.cell = CN_CELL_LSTM, .hidden = 24, .head = HEAD, .layers = 2}, CN_NUMBER_FLOAT},
    {{ATTENTION, .distance = CN_DISTANCE_ROTARY}, CN_NUMBER_FLOAT},
    {{ATTENTION, .distance = CN_DISTANCE_TIME}, CN_NUMBER_INT8},
};

enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/// Somebody who listens
typedef struct {
  CnNetwork* network;
  CnContext* context;
} Listener;

static CnNote notes[N_NOTES];

// A broken chord that comes again and again, some of it played by the plugin itself
static int
setup(void** const state)
{
  static const uint8_t keys[] = {48, 67, 64, 72, 55, 64};
  (void)state;
  for (unsigned i = 0; i < N_NOTES; ++i) {
    const int32_t onset = (int32_t)(i / 2 * 12);
    notes[i]            = (CnNote){.onset    = onset,
                                   .duration = i % 2 ? 6 : 24,
                                   .bar      = cn_bar_place((CnBar){0, 96}, onset),
                                   .pitch    = (uint8_t)(keys[i % 6] + (i % 2 ? 12 : 0)),
                                   .velocity = (uint8_t)(60 + i % 3),
                                   .part     = i % 7 ? CN_PART_MUSICIAN : CN_PART_CONTINUO};
  }
  return 0;
}

// A model with random weights, times a factor; its hidden bias of the pitch's `unit` is moved
static CnModel*
make_model(const Kind* const kind, const float factor, const uint32_t rate, const unsigned unit,
           const float moved)
{
  CnLayout layout;
  assert_int_equal(cn_layout_init(&layout, &kind->shape), CN_STATUS_SUCCESS);
  float* const parameters = calloc(layout.n_parameters, sizeof(float));
  assert_non_null(parameters);
  cn_parameters_init(&layout, 3, parameters);
  for (size_t i = 0; i < layout.n_parameters; ++i) {
    parameters[i] *= factor;
  }
  parameters[layout.place[CN_WEIGHT_HIDDEN_BIAS].offset + CN_FACTOR_PITCH * HEAD + unit] += moved;
  CnModel* const model = kind->number == CN_NUMBER_INT8 ? cn_model_new_int8(&layout, parameters)
                                                        : cn_model_new(&layout, parameters);
  assert_non_null(model);
  cn_model_set_adaptation(model, rate);
  free(parameters);
  return model;
}

static Listener
listener_new(const CnModel* const model)
{
  const Listener listener = {cn_network_new(model, N_NOTES), cn_context_new(N_NOTES)};
  assert_non_null(listener.network);
  assert_non_null(listener.context);
  return listener;
}

static void
listener_free(const Listener* const listener)
{
  cn_network_free(listener->network);
  cn_context_free(listener->context);
}

// What a factor of note `i` costs [nats], with all probabilities
static double
hear_factor(const Listener* const listener, const uint32_t i, const CnFactor factor, const bool learns,
            float p[CN_MAX_CLASSES])
{
  const CnToken        token = cn_note_token(&notes[i], notes[i - 1].onset);
  const CnConditioning next  = {.onset    = notes[i].onset,
                                .bar      = notes[i].bar,
                                .pitch    = token.factor[CN_FACTOR_PITCH],
                                .duration = token.factor[CN_FACTOR_DURATION],
                                .motif    = true,
                                .chord    = CN_CHORD_NONE};
  return (learns ? cn_network_learn : cn_network_surprise)(listener->network, listener->context, factor,
                                                           &next, token.factor[factor], p);
}

// Hear note `i`, and learn it unless the plugin played it
static double
hear(const Listener* const listener, const uint32_t i, const bool learns)
{
  double nats = 0.0;
  for (unsigned f = 0; i && f < FACTORS; ++f) {
    float p[CN_MAX_CLASSES];
    nats += hear_factor(listener, i, (CnFactor)f, learns && notes[i].part == CN_PART_MUSICIAN, p);
  }
  CnNoteInput input;
  assert_int_equal(cn_context_push(listener->context, &notes[i]), CN_STATUS_SUCCESS);
  cn_context_input(listener->context, &input);
  cn_network_absorb(listener->network, &input);
  return nats;
}

static double
hear_all(const Listener* const listener, const bool learns, const uint32_t from)
{
  double nats = 0.0;
  for (uint32_t i = 0; i < N_NOTES; ++i) {
    const double note = hear(listener, i, learns);
    nats += i >= from ? note : 0.0;
  }
  return nats / (N_NOTES - from);
}

static void
test_music_at_hand_becomes_less_of_a_surprise(void** const state)
{
  (void)state;
  for (unsigned k = 0; k < N_KINDS; ++k) {
    CnModel* const model     = make_model(&kinds[k], 1.0F, RATE, 0, 0.0F);
    const Listener pupil     = listener_new(model);
    const Listener bystander = listener_new(model);
    const double   learnt    = hear_all(&pupil, true, N_NOTES / 2);
    const double   plain     = hear_all(&bystander, false, N_NOTES / 2);
    assert_true(learnt < 0.8 * plain);
    listener_free(&pupil);
    listener_free(&bystander);
    cn_model_free(model);
  }
}

// How fast the surprise by the pitch of note 20 grows with the bias of a hidden unit
static double
find_slope(const Kind* const kind, const unsigned unit)
{
  const float move = 0.02F;
  double      nats[2];
  for (unsigned side = 0; side < 2; ++side) {
    CnModel* const model    = make_model(kind, 1.0F, 0, unit, side ? move : -move);
    const Listener listener = listener_new(model);
    float          p[CN_MAX_CLASSES];
    for (uint32_t i = 0; i < 20; ++i) {
      hear(&listener, i, false);
    }
    nats[side] = hear_factor(&listener, 20, CN_FACTOR_PITCH, false, p);
    listener_free(&listener);
    cn_model_free(model);
  }
  return (nats[1] - nats[0]) / (2.0 * (double)move);
}

// By the square of the gradient, a short step makes the same note less of a surprise
static void
test_step_goes_down_the_gradient(void** const state)
{
  (void)state;
  for (unsigned k = 0; k < N_KINDS; ++k) {
    if (kinds[k].number == CN_NUMBER_INT8) {
      continue; // It hears in steps that are larger than such differences
    }
    double squares = 0.0;
    for (unsigned unit = 0; unit < HEAD; ++unit) {
      const double slope = find_slope(&kinds[k], unit);
      squares += slope * slope;
    }
    CnModel* const model    = make_model(&kinds[k], 1.0F, 10, 0, 0.0F);
    const Listener listener = listener_new(model);
    float          p[CN_MAX_CLASSES];
    for (uint32_t i = 0; i < 20; ++i) {
      hear(&listener, i, false);
    }
    const double before = hear_factor(&listener, 20, CN_FACTOR_PITCH, true, p);
    const double after  = hear_factor(&listener, 20, CN_FACTOR_PITCH, false, p);
    assert_true(squares > 0.01);
    assert_true(before - after > 0.95 * 0.01 * squares && before - after < 1.05 * 0.01 * squares);
    listener_free(&listener);
    cn_model_free(model);
  }
}

// Bit for bit, all that is said of note `n`
static void
assert_same_mind(const Listener* const a, const Listener* const b, const uint32_t n)
{
  for (unsigned f = 0; f < FACTORS; ++f) {
    float p[2][CN_MAX_CLASSES];
    hear_factor(a, n, (CnFactor)f, false, p[0]);
    hear_factor(b, n, (CnFactor)f, false, p[1]);
    assert_memory_equal(p[0], p[1], cn_factor_classes((CnFactor)f) * sizeof(float));
  }
}

// However often it goes back, and whatever it heard there: as one that never went further
static void
test_going_back_changes_nothing(void** const state)
{
  (void)state;
  for (unsigned k = 0; k < N_KINDS; ++k) {
    CnModel* const model    = make_model(&kinds[k], 1.0F, RATE, 0, 0.0F);
    const Listener listener = listener_new(model);
    CnRandom       random   = cn_random(k, 0, 0, 0, 0);
    uint32_t       at       = 0;
    for (unsigned trip = 0; trip < N_TRIPS; ++trip) {
      for (const uint32_t end = at + cn_random_below(&random, N_NOTES - at); at < end; ++at) {
        hear(&listener, at, true);
      }
      const uint32_t n = cn_random_below(&random, at + 1U);
      at               = cn_network_go_back(listener.network, n);
      assert_true(at <= n);
      cn_context_truncate(listener.context, at);
      for (; at < n; ++at) {
        hear(&listener, at, true);
      }

      const Listener fresh = listener_new(model);
      for (uint32_t i = 0; i < n; ++i) {
        hear(&fresh, i, true);
      }
      if (n) {
        assert_same_mind(&listener, &fresh, n);
      }
      listener_free(&fresh);
    }
    listener_free(&listener);
    cn_model_free(model);
  }
}

// A listener that is to learn, or not, knows no more in the end than one whose model never does
static void
check_that_nothing_is_learnt(const Kind* const kind, const uint32_t rate, const bool learns)
{
  CnModel* const model     = make_model(kind, 1.0F, rate, 0, 0.0F);
  CnModel* const inapt     = make_model(kind, 1.0F, 0, 0, 0.0F);
  const Listener pupil     = listener_new(model);
  const Listener bystander = listener_new(inapt);
  for (uint32_t i = 0; i + 1 < N_NOTES; ++i) {
    hear(&pupil, i, learns);
    hear(&bystander, i, false);
  }
  assert_same_mind(&pupil, &bystander, N_NOTES - 1);
  listener_free(&pupil);
  listener_free(&bystander);
  cn_model_free(model);
  cn_model_free(inapt);
}

static void
test_model_of_no_rate_learns_nothing(void** const state)
{
  (void)state;
  for (unsigned k = 0; k < N_KINDS; ++k) {
    check_that_nothing_is_learnt(&kinds[k], 0, true);
  }
}

static void
test_notes_that_are_not_to_be_learnt_teach_nothing(void** const state)
{
  (void)state;
  for (unsigned k = 0; k < N_KINDS; ++k) {
    check_that_nothing_is_learnt(&kinds[k], RATE, false);
  }
}

// Of weights that no training makes, what is learnt stays within bounds, and the next music is heard as anew
static void
test_absurd_weights_are_survived(void** const state)
{
  (void)state;
  for (unsigned k = 0; k < N_KINDS; ++k) {
    CnModel* const model    = make_model(&kinds[k], 1e9F, CN_ADAPTATION_MOST, 0, 0.0F);
    const Listener listener = listener_new(model);
    const Listener fresh    = listener_new(model);
    hear_all(&listener, true, 0);
    cn_network_begin(listener.network);
    cn_context_truncate(listener.context, 0);
    hear(&listener, 0, true);
    hear(&fresh, 0, true);
    assert_same_mind(&listener, &fresh, 1);
    listener_free(&listener);
    listener_free(&fresh);
    cn_model_free(model);
  }
}

static void
test_rate_is_part_of_what_a_model_is_known_by(void** const state)
{
  (void)state;
  CnModel* const model = make_model(&kinds[0], 1.0F, 0, 0, 0.0F);
  const uint64_t plain = cn_model_id(model);
  cn_model_set_adaptation(model, RATE);
  assert_true(cn_model_id(model) != plain);
  assert_float_equal(cn_model_adaptation(model), 0.3F, 1e-6F);
  cn_model_set_adaptation(model, 0);
  assert_true(cn_model_id(model) == plain);
  cn_model_free(model);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_music_at_hand_becomes_less_of_a_surprise),
      cmocka_unit_test(test_step_goes_down_the_gradient),
      cmocka_unit_test(test_going_back_changes_nothing),
      cmocka_unit_test(test_model_of_no_rate_learns_nothing),
      cmocka_unit_test(test_notes_that_are_not_to_be_learnt_teach_nothing),
      cmocka_unit_test(test_absurd_weights_are_survived),
      cmocka_unit_test(test_rate_is_part_of_what_a_model_is_known_by),
  };
  return cmocka_run_group_tests(tests, setup, NULL);
}
