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
    check_shape(&(CnMatrix8){shapes[i][0], columns, weights, row_sums, false, false}, shapes[i][1]);
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

enum { MOST_TILED = 272, FEW = 96, MANY = 16, GAP = 3 };

// Y = base + X W^T of one kernel, from the first row and from the last, has the bits of the plain one
static void
check_scaled(const CnMatrix8* const matrix, const size_t n, const CnScaled8* const scaled)
{
  static float plain[MANY * (MOST_TILED + GAP)];
  static float y[MANY * (MOST_TILED + GAP)];
  CnScaled8    to = *scaled;
  memset(plain, 0, sizeof(plain));
  to.y = plain;
  cn_dot8_scaled(CN_DOT8_PLAIN, matrix, n, x, &to);
  for (unsigned i = 0; i < 2 * CN_N_DOT8; ++i) {
    CnMatrix8 as = *matrix;
    as.from_end  = i % 2;
    memset(y, 0, sizeof(y));
    to.y = y;
    if (cn_dot8_has((CnDot8)(i / 2))) {
      cn_dot8_scaled((CnDot8)(i / 2), &as, n, x, &to);
      assert_memory_equal(y, plain, sizeof(y));
    }
  }
  for (size_t v = 0; v < n; ++v) { // And those are right
    for (size_t i = 0; i < matrix->rows; ++i) {
      int32_t sum;
      cn_dot8(CN_DOT8_PLAIN,
              &(CnMatrix8){1, matrix->columns, weights + i * matrix->columns, NULL, false, false}, 1,
              x + v * matrix->columns, &sum);
      const float* const base    = scaled->base ? scaled->base + v * scaled->base_stride + i : NULL;
      const float        product = (float)sum * (scaled->scale[v] * scaled->scales[i]);
      assert_true(plain[v * scaled->y_stride + i] == (base ? *base + product : product));
    }
  }
}

static void
test_floats_are_the_same_by_all_kernels(void** const state)
{
  static const size_t rows[] = {1, 21, 16, 64, 192, 208, MOST_TILED};
  static const size_t many[] = {1, 3, 4, 6, MANY};
  static int8_t       tiled[MOST_TILED * FEW];
  static float        numbers[MANY * (MOST_TILED + GAP)];
  int32_t             row_sums[MOST_TILED] = {0};
  CnRandom            random               = cn_random(10, 0, 0, 0, 0);

  (void)state;
  for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); ++i) {
    numbers[i] = cn_random_uniform(&random) - 0.5F;
  }
  for (size_t i = 0; i < MANY * FEW; ++i) {
    x[i] = draw(&random, CN_DOT8_MOST_INPUT);
  }
  for (size_t i = 0; i < MOST_TILED * FEW; ++i) {
    const int8_t weight                               = draw(&random, 127);
    weights[i]                                        = weight;
    tiled[cn_dot8_tiled_place(FEW, i / FEW, i % FEW)] = weight;
    row_sums[i / FEW] += weight;
  }
  for (unsigned i = 0; i < 3 * sizeof(rows) / sizeof(rows[0]); ++i) {
    const size_t n_rows = rows[i / 3];
    for (unsigned m = 0; m < sizeof(many) / sizeof(many[0]); ++m) {
      const CnScaled8 to = {.scales      = numbers,
                            .scale       = numbers + MOST_TILED,
                            .base        = i % 3 ? numbers + 7 : NULL,
                            .base_stride = i % 3 == 2 ? n_rows : 0,
                            .y_stride    = n_rows + GAP};
      check_scaled(&(CnMatrix8){n_rows, FEW, weights, row_sums, false, false}, many[m], &to);
      if (n_rows % CN_DOT8_TILE_ROWS == 0) {
        check_scaled(&(CnMatrix8){n_rows, FEW, tiled, row_sums, true, false}, many[m], &to);
      }
    }
  }
}

// Of what is no number at all, something that is one
static void
test_rounding_survives_infinity(void** const state)
{
  static const float bad[] = {NAN, -NAN, INFINITY, -INFINITY};

  (void)state;
  for (unsigned i = 0; i < 4; ++i) {
    float  from[40] = {[3] = 1.0F, [5] = -2.0F};
    int8_t q[40];
    from[20] = bad[i];
    cn_round_input(40, from, q);
    assert_int_equal(q[20], -CN_DOT8_MOST_INPUT);
    assert_int_equal(q[5], i < 2 ? -CN_DOT8_MOST_INPUT : 0);
    assert_int_equal(q[0], 0);
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

static float
round_to_ten(const size_t n, const float* const from, int8_t* const q)
{
  return cn_round8_within(10, n, from, q);
}

static void
test_rounding_is_to_the_nearest_step(void** const state)
{
  (void)state;
  check_rounding(cn_round8, 127);
  check_rounding(cn_round_input, CN_DOT8_MOST_INPUT);
  check_rounding(round_to_ten, 10);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_kernels_agree_on_random_numbers),
      cmocka_unit_test(test_kernels_agree_on_extreme_numbers),
      cmocka_unit_test(test_floats_are_the_same_by_all_kernels),
      cmocka_unit_test(test_best_kernel_is_there),
      cmocka_unit_test(test_rounding_is_to_the_nearest_step),
      cmocka_unit_test(test_rounding_survives_infinity),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
