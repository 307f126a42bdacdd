// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  What the first layer keeps from one window to the next: each product is made once, and no answer depends on
  what was asked before.
*/

#include "dsp/base/random.h"
#include "dsp/kernel/linear.h"
#include "dsp/notebook/inputs.h"
#include "dsp/notebook/network.h"
#include "tests/support/tiny_notebook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { WINDOW = 5, ROWS = 16, N_NOTES = 200, N_ANSWERS = CN_N_PITCHES + 2 };

static CnNote notes[N_NOTES];

static void
make_notes(const uint32_t seed)
{
  CnRandom random = cn_random(seed, 0, 0, 0, 0);
  int32_t  onset  = 0;
  for (unsigned i = 0; i < N_NOTES; ++i) {
    onset += 6 * (int32_t)cn_random_below(&random, 4);
    notes[i] = (CnNote){.onset    = onset,
                        .duration = 6 * (int32_t)(1 + cn_random_below(&random, 8)),
                        .pitch    = (uint8_t)(CN_PITCH_MIN + cn_random_below(&random, CN_N_PITCHES)),
                        .velocity = 64};
  }
}

// --- The ring

static float matrix[ROWS * CN_NOTEBOOK_FEATURES];
static float bias[ROWS];
static float memory[WINDOW * ROWS];

typedef struct {
  CnNotebookInputs inputs;
  CnNotebookScale  scale;
  CnLinear         linear;
} Ring;

static Ring
make_ring(void)
{
  Ring ring = {.scale = cn_tiny_notebook_scale(CN_NOTEBOOK_BEATS)};
  for (unsigned i = 0; i < ROWS * CN_NOTEBOOK_FEATURES; ++i) {
    matrix[i] = 0.1F * (float)(i % 7) - 0.2F;
  }
  for (unsigned i = 0; i < ROWS; ++i) {
    bias[i] = 0.05F * (float)i;
  }
  ring.scale.window = WINDOW;
  ring.linear       = cn_linear_float(ROWS, CN_NOTEBOOK_FEATURES, matrix, bias);
  cn_notebook_inputs_init(&ring.inputs, WINDOW, memory);
  for (unsigned p = 0; p < CN_N_PITCHES; ++p) {
    ring.scale.counts[p] = 100.0F; // None is left out
  }
  return ring;
}

static uint32_t
read_until(Ring* const ring, const uint32_t n, const double ticks)
{
  return cn_notebook_inputs_read(&ring->inputs, &ring->scale, &ring->linear, notes, n, ticks);
}

// Mark all products but for their first float
static void
mark(void)
{
  for (unsigned i = 0; i < WINDOW * ROWS; ++i) {
    memory[i] = i % ROWS ? 99.0F : memory[i];
  }
}

// How many products of a window are those that were marked; they have to be the oldest
static uint32_t
count_kept(const Ring* const ring, const uint32_t n)
{
  uint32_t n_kept = 0;
  while (n_kept < n && ring->inputs.row[n_kept][1] == 99.0F) {
    ++n_kept;
  }
  for (uint32_t i = n_kept; i < n; ++i) {
    assert_true(ring->inputs.row[i][1] != 99.0F);
  }
  return n_kept;
}

// Each row is the product of its note
static void
check_rows(const Ring* const ring, const uint32_t n_notes, const double ticks)
{
  float          features[WINDOW * CN_NOTEBOOK_FEATURES];
  float          row[ROWS];
  const uint32_t n = cn_notebook_features(&ring->scale, notes, n_notes, ticks, features);
  for (uint32_t i = 0; i < n; ++i) {
    cn_linear_apply(&ring->linear, features + i * CN_NOTEBOOK_FEATURES, row);
    assert_memory_equal(ring->inputs.row[i], row, sizeof(row));
  }
}

static void
test_what_stays_is_not_computed_again(void** const state)
{
  (void)state;
  static const struct {
    uint32_t n_notes, n_window, n_kept;
  } steps[] = {
      {0, 0, 0},  {1, 1, 0}, {2, 2, 1},  {5, 5, 2},  {6, 5, 4},  // It grows, and begins to slide
      {7, 5, 4},  {7, 5, 5}, {9, 5, 3},  {14, 5, 0}, {13, 5, 0}, // By two, by more than it holds, back
      {14, 5, 4}, {3, 3, 0}, {40, 5, 0}, {41, 5, 4}, {0, 0, 0}};

  make_notes(1);
  Ring ring = make_ring();
  for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); ++i) {
    mark();
    assert_int_equal(read_until(&ring, steps[i].n_notes, 24.0), steps[i].n_window);
    assert_int_equal(count_kept(&ring, steps[i].n_window), steps[i].n_kept);
  }
}

static void
test_products_are_those_of_the_window(void** const state)
{
  (void)state;
  make_notes(2);
  Ring     ring   = make_ring();
  CnRandom random = cn_random(3, 0, 0, 0, 0);
  uint32_t n      = 0;
  for (unsigned i = 0; i < 400; ++i) {
    const bool leaps = cn_random_below(&random, 8) == 0;
    n = leaps ? cn_random_below(&random, N_NOTES) : (n + cn_random_below(&random, 3)) % N_NOTES;
    const double ticks = cn_random_below(&random, 16) ? 24.0 : 31.5;
    notes[cn_random_below(&random, N_NOTES)].duration += 6;
    read_until(&ring, n, ticks);
    check_rows(&ring, n, ticks);
  }
}

// --- The networks

static void
ask(CnNotebookNetwork* const network, const uint32_t n, const double ticks, float answers[N_ANSWERS])
{
  cn_notebook_network_set_tempo(network, ticks);
  cn_notebook_network_pitch(network, notes, n, answers);
  cn_notebook_network_timing(network, notes, n, &answers[CN_N_PITCHES], &answers[CN_N_PITCHES + 1]);
}

static void
test_no_answer_depends_on_what_was_asked_before(void** const state)
{
  (void)state;
  make_notes(4);
  CnNotebookModel* const   model   = cn_tiny_notebook_model(5, CN_NOTEBOOK_SECONDS);
  CnNotebookNetwork* const network = cn_notebook_network_new(model);
  CnRandom                 random  = cn_random(6, 0, 0, 0, 0);
  uint32_t                 n       = 0;
  assert_non_null(network);
  for (unsigned i = 0; i < 200; ++i) {
    float                    is[N_ANSWERS];
    float                    alone[N_ANSWERS];
    CnNotebookNetwork* const other = cn_notebook_network_new(model);
    assert_non_null(other);
    n                  = cn_random_below(&random, 8) ? (n + 1) % N_NOTES : cn_random_below(&random, N_NOTES);
    const double ticks = cn_random_below(&random, 16) ? 48.0 : 50.0;
    ask(network, n, ticks, is);
    ask(other, n, ticks, alone);
    assert_memory_equal(is, alone, sizeof(is));
    cn_notebook_network_free(other);
  }
  cn_notebook_network_free(network);
  cn_notebook_model_free(model);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_stays_is_not_computed_again),
      cmocka_unit_test(test_products_are_those_of_the_window),
      cmocka_unit_test(test_no_answer_depends_on_what_was_asked_before),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
