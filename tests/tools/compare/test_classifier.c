// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/compare/classifier.h"

#include "dsp/base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { N_GROUPS = 40, N_EACH = 10, N = N_GROUPS * N_EACH };

static CnFeatures features[N];
static CnLabelled rows[N];

/// A number around 0, nearly normal
static double
draw(CnRandom* const random)
{
  double sum = 0.0;
  for (int i = 0; i < 12; ++i) {
    sum += cn_random_below(random, 1000000) / 1e6 - 0.5;
  }
  return sum;
}

/// Rows of two kinds, which differ by `gap` standard deviations in one feature, whatever its unit
static void
make_rows(const double gap)
{
  CnRandom random = cn_random(3, 0, 0, 0, 0);
  for (unsigned i = 0; i < N; ++i) {
    const bool is_own = i % 2;
    for (unsigned f = 0; f < CN_N_FEATURES; ++f) {
      features[i].value[f] = 100.0 * f * draw(&random);
    }
    features[i].value[7] += 700.0 * gap * is_own;
    rows[i] = (CnLabelled){&features[i], i / N_EACH, is_own};
  }
}

static double
accuracy(const size_t n)
{
  double result = -1.0;
  assert_int_equal(cn_classifier_accuracy(rows, n, N_GROUPS, &result), CN_STATUS_SUCCESS);
  return result;
}

static void
test_different_kinds_are_told_apart(void** const state)
{
  (void)state;
  make_rows(20.0);
  assert_true(accuracy(N) > 0.999);
}

static void
test_overlapping_kinds_are_told_as_often_as_can_be(void** const state)
{
  (void)state;
  make_rows(2.0); // The best line is right in 84 % of cases
  assert_true(accuracy(N) > 0.78);
  assert_true(accuracy(N) < 0.87);
}

static void
test_equal_kinds_are_not(void** const state)
{
  (void)state;
  make_rows(0.0);
  assert_true(fabs(accuracy(N) - 0.5) < 0.08);
}

/// What is known by heart does not count: pieces that are told by themselves alone
static void
test_pieces_are_learnt_whole(void** const state)
{
  (void)state;
  make_rows(0.0);
  for (unsigned i = 0; i < N; ++i) {
    rows[i].is_own = i / N_EACH % 2;
    for (unsigned f = 0; f < CN_N_FEATURES; ++f) {
      features[i].value[f] = features[i - i % N_EACH].value[f];
    }
  }
  assert_true(fabs(accuracy(N) - 0.5) < 0.2);
}

/// However few of one kind there are, a guess is right in half of the cases
static void
test_kinds_weigh_the_same(void** const state)
{
  (void)state;
  make_rows(3.0);
  size_t n = 0;
  for (unsigned i = 0; i < N; ++i) {
    if (!rows[i].is_own || i % 8 == 1) {
      rows[n++] = rows[i];
    }
  }
  assert_true(n < N);
  assert_true(accuracy(n) > 0.85);
}

static void
test_one_kind_or_piece_is_nothing_to_tell(void** const state)
{
  (void)state;
  make_rows(3.0);
  assert_true(isnan(accuracy(N_EACH))); // One piece
  assert_true(isnan(accuracy(0)));
  for (unsigned i = 0; i < N; ++i) {
    rows[i].is_own = true;
  }
  assert_true(isnan(accuracy(N)));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_different_kinds_are_told_apart),
      cmocka_unit_test(test_overlapping_kinds_are_told_as_often_as_can_be),
      cmocka_unit_test(test_equal_kinds_are_not),
      cmocka_unit_test(test_pieces_are_learnt_whole),
      cmocka_unit_test(test_kinds_weigh_the_same),
      cmocka_unit_test(test_one_kind_or_piece_is_nothing_to_tell),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
