// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/run/train_recipe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
test_small_corpora_get_small_networks_and_more_time(void** const state)
{
  static const size_t sizes[] = {1000, 30000, 480000, 20000000};

  (void)state;
  CnRecipe    before = {.shape = {.hidden = 0}};
  const char* name   = "";
  for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes); ++i) {
    CnRecipe          recipe = cn_recipe_open();
    const char* const said   = cn_recipe_complete(&recipe, sizes[i], false);
    assert_string_not_equal(said, name);
    if (i) {
      assert_true(recipe.shape.hidden >= before.shape.hidden);
      assert_true(recipe.epochs < before.epochs);
      assert_true(recipe.dropout <= before.dropout);
    }
    CnLayout layout;
    assert_int_equal(cn_layout_init(&layout, &recipe.shape), CN_STATUS_SUCCESS);
    assert_true(recipe.rate > 0.0F && recipe.n_streams && recipe.patience);
    before = recipe;
    name   = said;
  }
}

static void
test_what_is_given_stays(void** const state)
{
  (void)state;
  CnRecipe recipe      = cn_recipe_open();
  recipe.shape         = (CnShape){.cell = CN_CELL_LSTM, .hidden = 24, .head = 16};
  recipe.epochs        = 3.0;
  recipe.patience      = 0;
  recipe.dropout       = 0.0F;
  recipe.rate          = 0.5F;
  const CnRecipe given = recipe;
  cn_recipe_complete(&recipe, 1000, false);
  assert_int_equal(recipe.shape.hidden, 24);
  assert_int_equal(recipe.shape.head, 16);
  assert_true(recipe.epochs == given.epochs && recipe.dropout == given.dropout && recipe.rate == given.rate);
  assert_int_equal(recipe.patience, 0);

  recipe         = cn_recipe_open();
  recipe.minutes = 2.0; // Then the clock counts
  cn_recipe_complete(&recipe, 1000, false);
  assert_true(recipe.minutes == 2.0 && recipe.epochs == 0.0);
}

static void
test_each_worker_gets_as_many_streams(void** const state)
{
  (void)state;
  for (uint32_t n = 1; n < 9; ++n) {
    CnRecipe recipe  = cn_recipe_open();
    recipe.n_threads = n;
    cn_recipe_complete(&recipe, 1000, false);
    assert_int_equal(recipe.n_streams % n, 0);
    assert_in_range(recipe.n_streams, 32, 32 + n);
  }
}

static void
test_trained_weights_are_tuned_gently(void** const state)
{
  (void)state;
  CnRecipe tuned = cn_recipe_open();
  CnRecipe fresh = cn_recipe_open();
  tuned.shape    = (CnShape){.cell = CN_CELL_GRU, .hidden = 40, .head = 24};
  cn_recipe_complete(&tuned, 1000, true);
  cn_recipe_complete(&fresh, 1000, false);
  assert_int_equal(tuned.shape.hidden, 40);
  assert_true(tuned.rate < fresh.rate && tuned.epochs < fresh.epochs);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_small_corpora_get_small_networks_and_more_time),
      cmocka_unit_test(test_what_is_given_stays),
      cmocka_unit_test(test_each_worker_gets_as_many_streams),
      cmocka_unit_test(test_trained_weights_are_tuned_gently),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
