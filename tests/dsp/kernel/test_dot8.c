// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/base/random.h"
#include "dsp/kernel/dot8.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 80, VECTORS = 7, COLUMNS = 700, MOST = CN_DOT8_MOST_COLUMNS };

static int8_t weights[ROWS * MOST];
static int8_t x[VECTORS * MOST];

// As it is, and in tiles if it fills them
static void
check_kernel(const CnDot8 kernel, const CnMatrix8* const matrix, const size_t n, const int64_t* const sums)
{
  static int8_t tiled[ROWS * MOST];
  CnMatrix8     as = *matrix;
  for (unsigned is_tiled = 0; is_tiled < 2; ++is_tiled) {
    int32_t y[VECTORS * ROWS + 1] = {0};
    y[n * as.rows]                = 12345; // Nothing is written beyond
    cn_dot8(kernel, &as, n, x, y);
    assert_int_equal(y[n * as.rows], 12345);
    for (size_t i = 0; i < n * as.rows; ++i) {
      assert_int_equal(y[i], sums[i]);
    }
    if (!cn_dot8_likes_tiles(CN_DOT8_VNNI, as.rows, as.columns)) {
      return;
    }
    for (size_t i = 0; i < as.rows * as.columns; ++i) {
      tiled[cn_dot8_tiled_place(as.columns, i / as.columns, i % as.columns)] = weights[i];
    }
    as.weights  = tiled;
    as.is_tiled = true;
  }
}

// Every kernel that this processor has gives what 64 bits give
static void
check_shape(const CnMatrix8* const matrix, const size_t n)
{
  static int64_t sums[VECTORS * ROWS];
  for (size_t i = 0; i < n * matrix->rows; ++i) {
    const int8_t* const row    = matrix->weights + i % matrix->rows * matrix->columns;
    const int8_t* const vector = x + i / matrix->rows * matrix->columns;
    sums[i]                    = 0;
    for (size_t k = 0; k < matrix->columns; ++k) {
      sums[i] += (int64_t)row[k] * vector[k];
    }
  }
  for (unsigned kernel = 0; kernel < CN_N_DOT8; ++kernel) {
    if (cn_dot8_has((CnDot8)kernel)) {
      check_kernel((CnDot8)kernel, matrix, n, sums);
    }
  }
}

// Few rows and many, one vector and more
static void
check(const size_t columns)
{
  static const size_t shapes[][2] = {{1, 1}, {3, 5}, {6, 1}, {16, 4}, {21, VECTORS}, {ROWS, 5}};

  int32_t row_sums[ROWS] = {0};
  for (size_t i = 0; i < ROWS * columns; ++i) {
    row_sums[i / columns] += weights[i];
  }
  for (unsigned i = 0; i < sizeof(shapes) / sizeof(shapes[0]); ++i) {
    check_shape(&(CnMatrix8){shapes[i][0], columns, weights, row_sums, false}, shapes[i][1]);
  }
}

static int8_t
draw(CnRandom* const random, const int most)
{
  return (int8_t)((int)cn_random_below(random, 2 * (uint32_t)most + 1) - most);
}

static void
test_kernels_agree_on_random_numbers(void** const state)
{
  (void)state;
  for (size_t columns = 1; columns <= COLUMNS; columns += columns < 200 ? 1 : 37) {
    CnRandom random = cn_random(8, (uint32_t)columns, 0, 0, 0);
    for (size_t i = 0; i < ROWS * columns; ++i) {
      weights[i] = draw(&random, 127);
    }
    for (size_t k = 0; k < VECTORS * columns; ++k) {
      x[k] = draw(&random, CN_DOT8_MOST_INPUT);
    }
    check(columns);
  }
}

// Where anything would saturate or overflow
static void
test_kernels_agree_on_extreme_numbers(void** const state)
{
  static const size_t columns[] = {2, 16, 63, 64, 65, 512, MOST - 1, MOST};

  (void)state;
  for (unsigned c = 0; c < 4 * sizeof(columns) / sizeof(columns[0]); ++c) {
    const size_t n = columns[c / 4];
    memset(x, c & 1U ? CN_DOT8_MOST_INPUT : -CN_DOT8_MOST_INPUT, VECTORS * n);
    memset(weights, c & 2U ? 127 : -127, ROWS * n);
    for (size_t k = 0; k < n; k += 2) { // One row of both signs
      weights[n + k] = (int8_t)-weights[n + k];
    }
    check(n);
  }
}

static void
test_best_kernel_is_there(void** const state)
{
  (void)state;
  assert_true(cn_dot8_has(CN_DOT8_PLAIN));
  assert_true(cn_dot8_has(cn_dot8_best()));
  for (unsigned kernel = cn_dot8_best() + 1U; kernel < CN_N_DOT8; ++kernel) {
    assert_false(cn_dot8_has((CnDot8)kernel));
  }
}

static void
check_rounding(float (*const round)(size_t n, const float* x, int8_t* q), const int most)
{
  enum { N = 300 };

  CnRandom random = cn_random(9, 0, 0, 0, 0);
  float    from[N];
  int8_t   q[N];
  for (size_t i = 0; i < N; ++i) {
    from[i] = 6.0F * cn_random_uniform(&random) - 3.0F;
  }
  from[7]           = -3.5F;
  const float scale = round(N, from, q);
  assert_int_equal(q[7], -most);
  for (size_t i = 0; i < N; ++i) {
    assert_true(fabs((double)scale * q[i] - (double)from[i]) <= 0.50001 * (double)scale);
  }
  memset(from, 0, sizeof(from));
  assert_true(round(N, from, q) == 0.0F);
  for (size_t i = 0; i < N; ++i) {
    assert_int_equal(q[i], 0);
  }
}

static void
test_rounding_is_to_the_nearest_step(void** const state)
{
  (void)state;
  check_rounding(cn_round8, 127);
  check_rounding(cn_round_input, CN_DOT8_MOST_INPUT);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_kernels_agree_on_random_numbers),
      cmocka_unit_test(test_kernels_agree_on_extreme_numbers),
      cmocka_unit_test(test_best_kernel_is_there),
      cmocka_unit_test(test_rounding_is_to_the_nearest_step),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
