// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/base/random.h"
#include "dsp/kernel/linear.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define RTOL 1e-5

enum { MOST_ROWS = 200, MOST_COLUMNS = 130, MOST_VECTORS = 35, GAP = 3 };

/// Rows, columns and vectors
typedef struct {
  size_t rows, columns, vectors;
} Size;

static const Size sizes[] = {{1, 1, 1}, {3, 7, 2}, {16, 16, 4}, {24, 3, 9}, {33, 65, 9}, {200, 130, 35}};

enum { N_SIZES = sizeof(sizes) / sizeof(sizes[0]) };

static float weights[MOST_ROWS * MOST_COLUMNS];
static float bias[MOST_ROWS];
static float x[MOST_VECTORS * (MOST_COLUMNS + GAP)];
static float before[MOST_VECTORS * (MOST_ROWS + GAP)];
static float y[MOST_VECTORS * (MOST_ROWS + GAP)];
static float twin[MOST_VECTORS * (MOST_ROWS + GAP)];

static void
fill(CnRandom* const random, const size_t n, float* const to)
{
  for (size_t i = 0; i < n; ++i) {
    to[i] = 2.0F * cn_random_uniform(random) - 1.0F;
  }
}

// A random matrix and vectors; y and its twin begin alike
static CnLinear
make(const Size* const size, const bool has_bias)
{
  CnRandom random = cn_random(7, (uint32_t)size->rows, (uint32_t)size->columns, 0, 0);
  fill(&random, size->rows * size->columns, weights);
  fill(&random, size->rows, bias);
  fill(&random, size->vectors * (size->columns + GAP), x);
  fill(&random, size->vectors * (size->rows + GAP), before);
  memcpy(y, before, sizeof(y));
  memcpy(twin, before, sizeof(twin));
  return cn_linear_float(size->rows, size->columns, weights, has_bias ? bias : NULL);
}

// Each sum may differ by as much as its terms' rounding allows
static void
check(const Size* const size)
{
  const double most = RTOL * (2.0 + sqrt((double)size->columns));
  for (size_t i = 0; i < size->vectors * (size->rows + GAP); ++i) {
    assert_true(fabs((double)y[i] - (double)twin[i]) <= most);
  }
}

static void
test_one_vector_is_as_by_the_twin(void** const state)
{
  (void)state;
  for (unsigned i = 0; i < 2 * N_SIZES; ++i) {
    const Size* const size     = &sizes[i / 2];
    const bool        has_bias = i % 2;
    CnLinear          linear   = make(size, has_bias);
    cn_linear_apply(&linear, x, y);
    cn_linear_apply_plain(&linear, x, twin);
    check(size);

    linear = make(size, has_bias);
    cn_linear_add(&linear, x, y);
    cn_linear_add_plain(&linear, x, twin);
    check(size);

    memcpy(twin, y, sizeof(twin));
    memset(y, 0, size->rows * sizeof(float));
    cn_linear_add_to(&linear, x, before, y); // What was added to stands elsewhere
    assert_memory_equal(y, twin, sizeof(y));
  }
}

static void
test_many_vectors_are_as_by_the_twin(void** const state)
{
  (void)state;
  for (unsigned i = 0; i < 2 * N_SIZES; ++i) {
    const Size* const size     = &sizes[i / 2];
    const bool        has_bias = i % 2;
    const CnVectors   x_at     = {size->vectors, size->columns + GAP};
    const CnVectors   y_at     = {size->vectors, size->rows + GAP};
    CnLinear          linear   = make(size, has_bias);
    cn_linear_apply_all(&linear, x_at, x, y_at, y);
    cn_linear_apply_all_plain(&linear, x_at, x, y_at, twin);
    check(size);

    linear = make(size, has_bias);
    cn_linear_add_all(&linear, x_at, x, y_at, y);
    cn_linear_add_all_plain(&linear, x_at, x, y_at, twin);
    check(size);
  }
}

// Many vectors at once give the bits of one after the other
static void
test_many_vectors_are_as_one_by_one(void** const state)
{
  (void)state;
  for (unsigned i = 0; i < N_SIZES; ++i) {
    const Size* const size   = &sizes[i];
    const CnVectors   x_at   = {size->vectors, size->columns + GAP};
    const CnVectors   y_at   = {size->vectors, size->rows + GAP};
    const CnLinear    linear = make(size, true);
    cn_linear_apply_all(&linear, x_at, x, y_at, y);
    for (size_t b = 0; b < size->vectors; ++b) {
      cn_linear_apply(&linear, x + b * x_at.stride, twin + b * y_at.stride);
    }
    assert_memory_equal(y, twin, sizeof(y));
  }
}

// The twin is its formula, on numbers whose sums are exact
static void
test_twin_is_its_formula(void** const state)
{
  static const float matrix[6] = {1.0F, 2.0F, 3.0F, -4.0F, 0.5F, 8.0F};
  static const float offset[2] = {100.0F, 0.25F};
  static const float input[3]  = {1.0F, -1.0F, 2.0F};

  (void)state;
  const CnLinear linear    = cn_linear_float(2, 3, matrix, offset);
  float          output[2] = {7.0F, 7.0F};
  cn_linear_apply_plain(&linear, input, output);
  assert_true(output[0] == 105.0F && output[1] == 11.75F);
  cn_linear_add_plain(&linear, input, output);
  assert_true(output[0] == 110.0F && output[1] == 23.25F);
}

// Each product of 8-bit weights is that of its twin to the last bit, and near that of the floats
static void
test_eight_bits_are_as_by_the_twin(void** const state)
{
  static int8_t  small[MOST_ROWS * MOST_COLUMNS];
  static float   scales[MOST_ROWS];
  static int32_t row_sums[MOST_ROWS];

  (void)state;
  for (unsigned i = 0; i < 2 * N_SIZES; ++i) {
    const Size* const size   = &sizes[i / 2];
    const CnVectors   x_at   = {size->vectors, size->columns + GAP};
    const CnVectors   y_at   = {size->vectors, size->rows + GAP};
    const CnLinear    floats = make(size, i % 2);
    const CnLinear    linear = cn_linear_int8(&floats, small, scales, row_sums);
    cn_linear_apply(&linear, x, y);
    cn_linear_apply_plain(&linear, x, twin);
    assert_memory_equal(y, twin, size->rows * sizeof(float));
    cn_linear_add(&linear, x, y);
    cn_linear_add_plain(&linear, x, twin);
    assert_memory_equal(y, twin, size->rows * sizeof(float));

    cn_linear_apply_all(&linear, x_at, x, y_at, y);
    cn_linear_add_all(&linear, x_at, x, y_at, y);
    cn_linear_apply_all_plain(&linear, x_at, x, y_at, twin);
    cn_linear_add_all_plain(&linear, x_at, x, y_at, twin);
    assert_memory_equal(y, twin, sizeof(y));

    cn_linear_apply_all_plain(&floats, x_at, x, y_at, twin);
    cn_linear_add_all_plain(&floats, x_at, x, y_at, twin);
    for (size_t k = 0; k < size->vectors * (size->rows + GAP);
         ++k) { // Half a step of 1 / 31 in x, of 1 / 127 in W
      assert_true(fabs((double)y[k] - (double)twin[k]) <= 2.0 * (double)size->columns / 31.0);
    }
  }
}

// In whatever order this processor likes its weights best, products and those of a part have the same bits
static void
test_tiles_change_no_bit(void** const state)
{
  static const Size tiled_sizes[] = {{16, 4, 1}, {80, 20, 7}, {192, 48, 1}, {33, 65, 9}, {192, 128, 35}};
  static int8_t     small[2][MOST_ROWS * MOST_COLUMNS];
  static float      scales[MOST_ROWS];
  static int32_t    row_sums[MOST_ROWS];

  (void)state;
  for (unsigned i = 0; i < sizeof(tiled_sizes) / sizeof(tiled_sizes[0]); ++i) {
    const Size* const size   = &tiled_sizes[i];
    const CnVectors   x_at   = {size->vectors, size->columns + GAP};
    const CnVectors   y_at   = {size->vectors, size->rows + GAP};
    const CnLinear    floats = make(size, true);
    const CnLinear    rows   = cn_linear_int8(&floats, small[0], scales, row_sums);
    const CnLinear    tiles  = cn_linear_int8_tiled(&floats, small[1], scales, row_sums);
    const CnLinear    upper  = cn_linear_part(&rows, size->rows / 32 * 16, 16);
    const CnLinear    part   = cn_linear_part(&tiles, size->rows / 32 * 16, 16);
    cn_linear_apply_all(&tiles, x_at, x, y_at, y);
    cn_linear_add(&part, x, y);
    cn_linear_apply_all(&rows, x_at, x, y_at, twin);
    cn_linear_add(&upper, x, twin);
    assert_memory_equal(y, twin, sizeof(y));
    cn_linear_apply_all_plain(&tiles, x_at, x, y_at, y);
    cn_linear_add_plain(&part, x, y);
    assert_memory_equal(y, twin, sizeof(y));
  }
}

// Rows of a table, each times its share, are added one after the other, whatever they are made of
static void
test_rows_are_added_by_their_shares(void** const state)
{
  enum { FIRST = 3, N = 21, WIDTH = 45 };
  static int8_t  small[MOST_ROWS * MOST_COLUMNS];
  static float   scales[MOST_ROWS];
  static int32_t row_sums[MOST_ROWS];

  (void)state;
  const CnLinear floats = make(&(Size){FIRST + N, WIDTH, 1}, false);
  const CnLinear eight  = cn_linear_int8(&floats, small, scales, row_sums);
  cn_linear_add_weighted(&floats, FIRST, N, x, y);
  for (size_t i = 0; i < N * WIDTH; ++i) {
    twin[i % WIDTH] += x[i / WIDTH] * weights[FIRST * WIDTH + i];
  }
  assert_memory_equal(y, twin, sizeof(y));

  cn_linear_add_weighted(&eight, FIRST, N, x, y);
  for (size_t i = 0; i < N * WIDTH; ++i) {
    const size_t row = FIRST + i / WIDTH;
    twin[i % WIDTH] += x[i / WIDTH] * scales[row] * (float)small[row * WIDTH + i % WIDTH];
  }
  assert_memory_equal(y, twin, sizeof(y));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_one_vector_is_as_by_the_twin),
      cmocka_unit_test(test_many_vectors_are_as_by_the_twin),
      cmocka_unit_test(test_many_vectors_are_as_one_by_one),
      cmocka_unit_test(test_twin_is_its_formula),
      cmocka_unit_test(test_eight_bits_are_as_by_the_twin),
      cmocka_unit_test(test_tiles_change_no_bit),
      cmocka_unit_test(test_rows_are_added_by_their_shares),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
