// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  What training may not do once it goes: allocate.
*/

#include "tests/support/alloc.h"
#include "tests/support/small_corpus.h"

#include "tools/learn/trainer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
  N_STEPS = 40,
  N_POOLS = 8, // Blocks of BLIS' pools, which grow when two workers first multiply at the same moment
};

typedef struct {
  long     made[N_STEPS + 1]; // Allocations until after each step
  uint64_t n_validated;
} Diary;

static bool
count_allocations(void* const handle, const CnProgress* const progress)
{
  Diary* const diary          = handle;
  diary->made[progress->step] = test_alloc_made();
  diary->n_validated += progress->is_validated;
  return progress->step < N_STEPS;
}

// Epochs of ten steps, so that streams begin pieces, hands are dealt, and weights are validated
static void
check_run(const CnCell cell, const uint32_t n_threads)
{
  static CnSmallCorpus small;
  const CnRecipe       recipe = {.shape      = {.cell = cell, .hidden = 8, .head = 8},
                                 .n_threads  = n_threads,
                                 .n_streams  = 8,
                                 .n_steps    = 16,
                                 .seed       = 1,
                                 .epochs     = 100.0,
                                 .rate       = 0.01F,
                                 .clip       = 1.0F,
                                 .dropout    = 0.3F,
                                 .hide_motif = 0.5F,
                                 .hide_chord = 0.4F};
  CnLayout             layout;
  Diary                diary = {{0}, 0};
  cn_small_corpus_init(&small);
  assert_int_equal(cn_layout_init(&layout, &recipe.shape), CN_STATUS_SUCCESS);
  float* const parameters = calloc(layout.n_parameters, sizeof(float));
  const long   before     = test_alloc_made();
  assert_int_equal(cn_train(&small.corpus, &recipe, &layout, count_allocations, &diary, parameters),
                   CN_STATUS_SUCCESS);
  assert_true(diary.made[1] > before); // They are counted
  assert_true(diary.n_validated > 2);
  for (unsigned step = 2; step <= N_STEPS; ++step) {
    assert_in_range(diary.made[step], diary.made[1], diary.made[1] + (n_threads > 1 ? N_POOLS : 0));
  }
  free(parameters);
}

static void
test_steps_allocate_nothing(void** const state)
{
  (void)state;
  check_run(CN_CELL_GRU, 1);
  check_run(CN_CELL_LSTM, 1);
}

static void
test_steps_of_two_workers_allocate_nothing(void** const state)
{
  (void)state;
  check_run(CN_CELL_GRU, 2);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_steps_allocate_nothing),
      cmocka_unit_test(test_steps_of_two_workers_allocate_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
