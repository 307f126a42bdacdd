// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/small_corpus.h"

#include "tools/gradient/parameters.h"
#include "tools/run/train_samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SEED = 64, LEFT = CN_SMALL_NOTES - SEED };

static CnSmallCorpus small;
static CnModel*      model;

static int
setup(void** const state)
{
  (void)state;
  CnLayout layout;
  cn_small_corpus_init(&small);
  for (unsigned p = CN_SMALL_TRAIN + 1; p < CN_SMALL_PIECES; ++p) {
    small.pieces[p].split = CN_SPLIT_TEST; // Leaves one to continue
  }
  assert_int_equal(cn_layout_init(&layout, &(CnShape){.cell = CN_CELL_GRU, .hidden = 8, .head = 8}),
                   CN_STATUS_SUCCESS);
  float* const parameters = calloc(layout.n_parameters, sizeof(float));
  cn_parameters_init(&layout, 1, parameters);
  model = cn_model_new(&layout, parameters);
  free(parameters);
  return model ? 0 : -1;
}

static int
teardown(void** const state)
{
  (void)state;
  cn_model_free(model);
  return 0;
}

static void
test_samples_are_compared_with_what_was_learnt(void** const state)
{
  (void)state;
  CnSampleCheck check;
  assert_int_equal(cn_train_samples_check(model, &small.corpus, &check), CN_STATUS_SUCCESS);
  assert_int_equal(check.n_samples, 1);
  assert_true(check.n_notes > 20);
  assert_true(check.n_copied < check.n_notes && check.n_genuine < LEFT);
  if (check.piece) {
    assert_int_equal(check.piece->split, CN_SPLIT_TRAIN);
  }
}

// A piece that does stand in what was learnt is a copy from its seed on
static void
test_genuine_passages_are_found(void** const state)
{
  (void)state;
  CnSampleCheck check;
  small.pieces[CN_SMALL_TRAIN].notes = small.pieces[2].notes;
  assert_int_equal(cn_train_samples_check(model, &small.corpus, &check), CN_STATUS_SUCCESS);
  assert_int_equal(check.n_genuine, check.n_notes < LEFT ? check.n_notes : LEFT);
}

static void
test_nothing_is_sampled_without_pieces_to_continue(void** const state)
{
  (void)state;
  CnSampleCheck check;
  small.pieces[CN_SMALL_TRAIN].split = CN_SPLIT_TEST;
  assert_int_equal(cn_train_samples_check(model, &small.corpus, &check), CN_STATUS_SUCCESS);
  assert_int_equal(check.n_samples, 0);
  assert_null(check.piece);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_samples_are_compared_with_what_was_learnt),
      CASE(test_genuine_passages_are_found),
      CASE(test_nothing_is_sampled_without_pieces_to_continue),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
