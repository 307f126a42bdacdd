// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  Products by packed against their naive twin, in double precision.
*/

#include "dsp/base/random.h"
#include "tools/gradient/packed.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define MARGIN 5 // Columns of c on each side of the product, which stay as they are

static const double tolerance = 1e-5;

static float*
new_numbers(const size_t n, const uint32_t seed)
{
  CnRandom     random = cn_random(seed, 0, 0, 0, 0);
  float* const x      = aligned_alloc(64, (n * sizeof(float) + 63) & ~(size_t)63);
  assert_non_null(x);
  for (size_t i = 0; i < n; ++i) {
    x[i] = 2.0F * cn_random_uniform(&random) - 1.0F;
  }
  return x;
}

static double
multiply_naively(const size_t k, const float* const a, const CnConstMatrix weight, const size_t column)
{
  double sum = 0.0;
  for (size_t i = 0; i < k; ++i) {
    sum += (double)a[i] * (double)weight.data[(ptrdiff_t)i * weight.row + (ptrdiff_t)column * weight.column];
  }
  return sum;
}

static void
check_product(const size_t m, const size_t n, const size_t k, const bool is_transposed, const bool adds)
{
  const ptrdiff_t     a_row  = (ptrdiff_t)k + 3;
  const ptrdiff_t     c_row  = (ptrdiff_t)n + 2 * MARGIN;
  float* const        a      = new_numbers(m * (size_t)a_row, 1);
  float* const        w      = new_numbers(n * k, 2);
  float* const        c      = new_numbers(m * (size_t)c_row, 3);
  float* const        before = new_numbers(m * (size_t)c_row, 3);
  CnPacked            packed = {.data = new_numbers(cn_packed_size(k, n), 4)};
  const CnConstMatrix weight =
      is_transposed ? (CnConstMatrix){w, 1, (ptrdiff_t)k} : (CnConstMatrix){w, (ptrdiff_t)n, 1};

  cn_packed_pack(&packed, k, n, weight);
  cn_packed_multiply(&packed, m, (CnConstMatrix){a, a_row, 1}, adds, (CnMatrix){c + MARGIN, c_row, 1});
  for (size_t r = 0; r < m; ++r) {
    for (size_t j = 0; j < (size_t)c_row; ++j) {
      const size_t at        = r * (size_t)c_row + j;
      const bool   is_inside = j >= MARGIN && j < n + MARGIN;
      const double product =
          is_inside ? multiply_naively(k, a + (ptrdiff_t)r * a_row, weight, j - MARGIN) : 0.0;
      const double expected = product + (adds || !is_inside ? (double)before[at] : 0.0);
      assert_true(fabs((double)c[at] - expected) <= tolerance * (1.0 + fabs(expected)));
    }
  }

  free(a);
  free(w);
  free(c);
  free(before);
  free(packed.data);
}

static void
test_products_are_those_of_the_naive_twin(void** const state)
{
  (void)state;
  static const size_t shapes[][3] = {{1, 1, 1},     {3, 5, 2},     {8, 16, 7},   {9, 17, 8},    {16, 32, 20},
                                     {31, 33, 100}, {32, 103, 64}, {150, 48, 9}, {129, 42, 128}};
  for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); ++i) {
    for (unsigned kind = 0; kind < 4; ++kind) {
      check_product(shapes[i][0], shapes[i][1], shapes[i][2], kind & 1U, kind & 2U);
    }
  }
}

// c = a^T b, with rows further apart than they need be
static void
check_correlation(const size_t m, const size_t n, const size_t k)
{
  const ptrdiff_t a_row   = (ptrdiff_t)m + 3;
  const ptrdiff_t b_row   = (ptrdiff_t)n + 1;
  float* const    a       = new_numbers(k * (size_t)a_row, 1);
  float* const    b       = new_numbers(k * (size_t)b_row, 2);
  float* const    c       = new_numbers(m * n, 3);
  float* const    scratch = new_numbers(cn_packed_correlate_size(m, n), 4);
  cn_packed_correlate(scratch, m, n, k, (CnConstMatrix){a, a_row, 1}, (CnConstMatrix){b, b_row, 1},
                      (CnMatrix){c, (ptrdiff_t)n, 1});
  for (size_t r = 0; r < m; ++r) {
    for (size_t j = 0; j < n; ++j) {
      double sum = 0.0;
      for (size_t i = 0; i < k; ++i) {
        sum +=
            (double)a[(ptrdiff_t)i * a_row + (ptrdiff_t)r] * (double)b[(ptrdiff_t)i * b_row + (ptrdiff_t)j];
      }
      assert_true(fabs((double)c[r * n + j] - sum) <= 2.0 * tolerance * (1.0 + fabs(sum)));
    }
  }
  free(a);
  free(b);
  free(c);
  free(scratch);
}

static void
test_correlations_are_those_of_the_naive_twin(void** const state)
{
  (void)state;
  check_correlation(1, 1, 1);
  check_correlation(8, 32, 256);
  check_correlation(24, 48, 255);
  check_correlation(42, 33, 513);
  check_correlation(147, 64, 300);
}

int
main(void)
{
  cn_blas_init();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_products_are_those_of_the_naive_twin),
      cmocka_unit_test(test_correlations_are_those_of_the_naive_twin),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
