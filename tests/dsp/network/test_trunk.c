// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/base/random.h"
#include "dsp/network/trunk.h"
#include "tools/gradient/parameters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ATTENTION .cell = CN_CELL_ATTENTION, .hidden = 24, .head = 16, .layers = 3, .heads = 2, .window = 9

enum { N_NOTES = 200, N_TRIPS = 60 };

/// A kind of trunk; a new one needs its row
typedef struct {
  const char* name;
  CnShape     shape;
  uint32_t    most_again; ///< Notes that it may want to hear again when it goes back within its capacity
  CnNumber    number;     ///< Of its matrices
} Kind;

static const Kind kinds[] = {
    {"LSTM", {.cell = CN_CELL_LSTM, .hidden = 24, .head = 16}, 31, CN_NUMBER_FLOAT},
    {"GRU", {.cell = CN_CELL_GRU, .hidden = 24, .head = 16}, 31, CN_NUMBER_FLOAT},
    {"GRU, two layers", {.cell = CN_CELL_GRU, .hidden = 24, .head = 16, .layers = 2}, 31, CN_NUMBER_FLOAT},
    {"LSTM, three layers",
     {.cell = CN_CELL_LSTM, .hidden = 24, .head = 16, .layers = 3},
     31,
     CN_NUMBER_FLOAT},
    {"attention, all in the window",
     {.cell = CN_CELL_ATTENTION, .hidden = 24, .head = 16, .layers = 2, .heads = 3, .window = 256},
     1,
     CN_NUMBER_FLOAT},
    {"attention, less", {ATTENTION}, 25, CN_NUMBER_FLOAT},
    {"GRU of 8 bits", {.cell = CN_CELL_GRU, .hidden = 24, .head = 16}, 31, CN_NUMBER_INT8},
    {"attention of 8 bits", {ATTENTION}, 25, CN_NUMBER_INT8},
    {"rotary attention", {ATTENTION, .distance = CN_DISTANCE_ROTARY}, 25, CN_NUMBER_FLOAT},
    {"rotary attention of 8 bits", {ATTENTION, .distance = CN_DISTANCE_ROTARY}, 25, CN_NUMBER_INT8},
    {"attention by notes", {ATTENTION, .distance = CN_DISTANCE_NOTES}, 25, CN_NUMBER_FLOAT},
    {"attention by notes, of 8 bits", {ATTENTION, .distance = CN_DISTANCE_NOTES}, 25, CN_NUMBER_INT8},
};

enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/// A kind at work: a piece, and the vector before each of its notes and after the last one
typedef struct {
  const Kind* kind;
  CnModel*    model;
  size_t      n_bytes; ///< Of a vector
  CnNoteInput inputs[N_NOTES];
  float*      vectors; ///< (N_NOTES + 1, hidden)
} Fixture;

static CnModel*
make_model(const Kind* const kind)
{
  CnLayout layout;
  assert_int_equal(cn_layout_init(&layout, &kind->shape), CN_STATUS_SUCCESS);
  float* const parameters = calloc(layout.n_parameters, sizeof(float));
  assert_non_null(parameters);
  cn_parameters_init(&layout, 3, parameters);
  CnModel* const model = kind->number == CN_NUMBER_INT8 ? cn_model_new_int8(&layout, parameters)
                                                        : cn_model_new(&layout, parameters);
  assert_non_null(model);
  free(parameters);
  return model;
}

static void
make_input(CnRandom* const random, CnNoteInput* const input)
{
  input->n_rows = CN_INPUT_MAX_ROWS;
  input->bar    = 96;
  input->onset  = (int32_t)cn_random_below(random, 5000);
  for (unsigned r = 0; r < CN_INPUT_MAX_ROWS; ++r) {
    input->row[r] = (uint16_t)cn_random_below(random, CN_N_IN_ROWS);
  }
}

static const float*
vector_before(const Fixture* const fixture, const uint32_t note)
{
  return fixture->vectors + note * fixture->n_bytes / sizeof(float);
}

static void
open_fixture(Fixture* const fixture, const Kind* const kind)
{
  CnRandom random = cn_random(4, 0, 0, 0, 0);
  *fixture        = (Fixture){.kind    = kind,
                              .model   = make_model(kind),
                              .n_bytes = kind->shape.hidden * sizeof(float),
                              .vectors = calloc((N_NOTES + 1U) * kind->shape.hidden, sizeof(float))};
  assert_non_null(fixture->vectors);

  CnTrunk* const trunk = cn_trunk_new(fixture->model, 0);
  assert_non_null(trunk);
  memcpy(fixture->vectors, cn_trunk_vector(trunk), fixture->n_bytes);
  for (uint32_t i = 0; i < N_NOTES; ++i) {
    make_input(&random, &fixture->inputs[i]);
    cn_trunk_absorb(trunk, &fixture->inputs[i]);
    memcpy(fixture->vectors + (i + 1) * kind->shape.hidden, cn_trunk_vector(trunk), fixture->n_bytes);
    assert_memory_not_equal(vector_before(fixture, i), vector_before(fixture, i + 1), fixture->n_bytes);
  }
  cn_trunk_free(trunk);
}

static void
close_fixture(Fixture* const fixture)
{
  free(fixture->vectors);
  cn_model_free(fixture->model);
}

/// Come forward from before one note to before another one
static void
walk(const Fixture* const fixture, CnTrunk* const trunk, const uint32_t from, const uint32_t to)
{
  for (uint32_t i = from; i < to; ++i) {
    cn_trunk_absorb(trunk, &fixture->inputs[i]);
  }
  assert_memory_equal(cn_trunk_vector(trunk), vector_before(fixture, to), fixture->n_bytes);
}

/// Go back to a note; returns how many had to be heard again
static uint32_t
return_to(const Fixture* const fixture, CnTrunk* const trunk, const uint32_t n)
{
  const uint32_t from = cn_trunk_go_back(trunk, n);
  assert_true(from <= n);
  walk(fixture, trunk, from, n);
  return n - from;
}

/// Go back, to where chance has it, and forward again, by the piece's notes and by other ones
static void
wander(const Fixture* const fixture, const uint32_t capacity)
{
  CnRandom       random = cn_random(5, capacity, 0, 0, 0);
  CnTrunk* const trunk  = cn_trunk_new(fixture->model, capacity);
  assert_non_null(trunk);
  uint32_t at = N_NOTES; // It stands before this note
  walk(fixture, trunk, 0, at);
  for (unsigned trip = 0; trip < N_TRIPS; ++trip) {
    const uint32_t to      = cn_random_below(&random, at + 1);
    const uint32_t n_again = return_to(fixture, trunk, to);
    assert_true(to >= capacity || n_again <= fixture->kind->most_again);

    CnNoteInput strange[40];
    for (unsigned i = 0; i < 40; ++i) {
      make_input(&random, &strange[i]);
      cn_trunk_absorb(trunk, &strange[i]);
    }
    assert_memory_not_equal(cn_trunk_vector(trunk), vector_before(fixture, to), fixture->n_bytes);
    return_to(fixture, trunk, to);
    at = to + cn_random_below(&random, N_NOTES - to + 1);
    for (uint32_t i = to; i < at; ++i) {
      walk(fixture, trunk, i, i + 1);
    }
  }
  cn_trunk_free(trunk);
}

static void
test_going_back_is_as_never_having_gone_further(void** const state)
{
  static const uint32_t capacities[] = {N_NOTES, 1000, 100, 33, 32, 1, 0};

  (void)state;
  for (unsigned k = 0; k < N_KINDS; ++k) {
    Fixture fixture;
    open_fixture(&fixture, &kinds[k]);
    for (unsigned i = 0; i < sizeof(capacities) / sizeof(capacities[0]); ++i) {
      wander(&fixture, capacities[i]);
    }
    close_fixture(&fixture);
  }
}

static void
test_going_back_to_each_note(void** const state)
{
  (void)state;
  for (unsigned k = 0; k < N_KINDS; ++k) {
    Fixture fixture;
    open_fixture(&fixture, &kinds[k]);
    CnTrunk* const trunk = cn_trunk_new(fixture.model, N_NOTES);
    assert_non_null(trunk);
    for (uint32_t n = 0; n <= N_NOTES; ++n) {
      cn_trunk_begin(trunk);
      walk(&fixture, trunk, 0, N_NOTES);
      assert_true(return_to(&fixture, trunk, n) <= kinds[k].most_again);
      walk(&fixture, trunk, n, N_NOTES);
    }
    assert_int_equal(cn_trunk_go_back(trunk, N_NOTES), N_NOTES); // Where it is already
    cn_trunk_free(trunk);
    close_fixture(&fixture);
  }
}

static void
test_to_begin_is_to_forget_all(void** const state)
{
  (void)state;
  for (unsigned k = 0; k < N_KINDS; ++k) {
    Fixture fixture;
    open_fixture(&fixture, &kinds[k]);
    CnTrunk* const trunk = cn_trunk_new(fixture.model, N_NOTES);
    assert_non_null(trunk);
    walk(&fixture, trunk, 0, 50);
    cn_trunk_begin(trunk);
    walk(&fixture, trunk, 0, 0);
    walk(&fixture, trunk, 0, 70);
    return_to(&fixture, trunk, 40);
    cn_trunk_free(trunk);
    close_fixture(&fixture);
  }
}

// What counts are distances, which songs that begin in another bar have, too
static void
test_where_a_song_begins_is_all_the_same(void** const state)
{
  (void)state;
  for (unsigned k = 0; k < N_KINDS; ++k) {
    Fixture fixture;
    open_fixture(&fixture, &kinds[k]);
    CnTrunk* const trunk = cn_trunk_new(fixture.model, N_NOTES);
    assert_non_null(trunk);
    for (uint32_t n = 0; n < N_NOTES; ++n) {
      fixture.inputs[n].onset += 1234567;
    }
    walk(&fixture, trunk, 0, N_NOTES);
    return_to(&fixture, trunk, 5);
    walk(&fixture, trunk, 5, N_NOTES);
    cn_trunk_free(trunk);
    close_fixture(&fixture);
  }
}

static void
test_memory_is_a_matter_of_capacity(void** const state)
{
  (void)state;
  for (unsigned k = 0; k < N_KINDS; ++k) {
    CnModel* const model = make_model(&kinds[k]);
    CnTrunk* const small = cn_trunk_new(model, 0);
    CnTrunk* const large = cn_trunk_new(model, 32768);
    assert_true(cn_trunk_size(small) >= kinds[k].shape.hidden * sizeof(float));
    assert_true(cn_trunk_size(large) >= cn_trunk_size(small));
    assert_true(cn_trunk_size(large) <= cn_trunk_size(small) + 32768 * kinds[k].shape.hidden * sizeof(float));
    cn_trunk_free(small);
    cn_trunk_free(large);
    cn_trunk_free(NULL);
    cn_model_free(model);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_going_back_is_as_never_having_gone_further),
      cmocka_unit_test(test_going_back_to_each_note),
      cmocka_unit_test(test_to_begin_is_to_forget_all),
      cmocka_unit_test(test_where_a_song_begins_is_all_the_same),
      cmocka_unit_test(test_memory_is_a_matter_of_capacity),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
