// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/base/random.h"
#include "dsp/kernel/attend.h"
#include "dsp/kernel/dot8.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_NOTES = 40, MOST_STRIDE = 210 };

static const double tolerance = 1e-5;

/// Notes, width of a head, and floats from one to the next
typedef struct {
  size_t n, width, stride;
} Size;

static const Size sizes[] = {{0, 8, 8}, {1, 1, 1}, {7, 12, 24}, {13, 64, 64}, {40, 200, 210}, {29, 65, 130}};

static float rows[MOST_NOTES * MOST_STRIDE];
static float query[MOST_STRIDE];
static float shares[MOST_NOTES];

static void
fill(CnRandom* const random, const size_t n, float* const x)
{
  for (size_t i = 0; i < n; ++i) {
    x[i] = 2.0F * cn_random_uniform(random) - 1.0F;
  }
}

static void
check_close(const size_t n, const float* const x, const float* const twin)
{
  for (size_t i = 0; i < n; ++i) {
    assert_true(fabs((double)x[i] - (double)twin[i]) <= tolerance * (1.0 + fabs((double)twin[i])));
  }
}

static void
test_scores_and_sums_are_those_of_the_twins(void** const state)
{
  (void)state;
  for (unsigned s = 0; s < sizeof(sizes) / sizeof(sizes[0]); ++s) {
    const Size* const size   = &sizes[s];
    CnRandom          random = cn_random(3, s, 0, 0, 0);
    float             a[MOST_STRIDE];
    float             b[MOST_STRIDE];
    fill(&random, size->n * size->stride, rows);
    fill(&random, size->width, query);
    fill(&random, size->n, shares);
    fill(&random, MOST_STRIDE, a);

    memcpy(b, a, sizeof(a));
    cn_attend_score(size->n, size->width, size->stride, 0.3F, query, rows, a);
    cn_attend_score_plain(size->n, size->width, size->stride, 0.3F, query, rows, b);
    check_close(MOST_STRIDE, a, b);

    memcpy(b, a, sizeof(a));
    cn_attend_mix(size->n, size->width, size->stride, shares, rows, a);
    cn_attend_mix_plain(size->n, size->width, size->stride, shares, rows, b);
    check_close(MOST_STRIDE, a, b);
  }
}

// Products are exact, and all sums are in one order: no tolerance
static void
test_those_of_8_bits_are_bit_for_bit_those_of_the_twins(void** const state)
{
  (void)state;
  for (unsigned s = 0; s < sizeof(sizes) / sizeof(sizes[0]); ++s) {
    const Size* const size   = &sizes[s];
    CnRandom          random = cn_random(5, s, 0, 0, 0);
    int8_t            bytes[MOST_NOTES * MOST_STRIDE];
    int8_t            rounded[MOST_STRIDE];
    float             scales[MOST_NOTES];
    int32_t           sums[MOST_NOTES] = {0};
    float             a[MOST_STRIDE];
    float             b[MOST_STRIDE];
    fill(&random, size->n * size->width, rows);
    fill(&random, size->width, query);
    fill(&random, size->n, shares);
    fill(&random, MOST_STRIDE, a);
    memcpy(b, a, sizeof(a));
    for (size_t i = 0; i < size->n; ++i) {
      scales[i] = cn_round8(size->width, rows + i * size->width, bytes + i * size->width);
      for (size_t k = 0; k < size->width; ++k) {
        sums[i] += bytes[i * size->width + k];
      }
    }

    const float scale = cn_round_input(size->width, query, rounded);
    cn_attend_score8(size->n, size->width, scale, rounded, bytes, scales, sums, a);
    cn_attend_score8_plain(size->n, size->width, scale, rounded, bytes, scales, sums, b);
    assert_memory_equal(a, b, sizeof(a));

    cn_attend_mix8(size->n, size->width, shares, bytes, scales, a);
    cn_attend_mix8_plain(size->n, size->width, shares, bytes, scales, b);
    assert_memory_equal(a, b, sizeof(a));
  }
}

static void
test_norm_has_a_mean_square_of_one(void** const state)
{
  (void)state;
  CnRandom random = cn_random(4, 0, 0, 0, 0);
  float    gain[100];
  float    y[100];
  double   sum = 0.0;
  fill(&random, 100, query);
  for (size_t i = 0; i < 100; ++i) {
    gain[i] = i < 50 ? 1.0F : 2.0F;
  }
  const float scale = cn_rms_norm(100, query, gain, y);
  for (size_t i = 0; i < 100; ++i) {
    assert_true(fabs((double)y[i] - (double)(query[i] * scale * gain[i])) <= tolerance);
    sum += (double)y[i] / (double)gain[i] * (double)y[i] / (double)gain[i];
  }
  assert_true(fabs(sum / 100.0 - 1.0) < 1e-4);

  memset(query, 0, sizeof(query));
  cn_rms_norm(100, query, gain, y); // Silence stays silent
  for (size_t i = 0; i < 100; ++i) {
    assert_true(y[i] == 0.0F);
  }
}

static void
test_pairs_turn_there_and_back(void** const state)
{
  enum { N = 3, WIDTH = 37, HALF = WIDTH / 2 };

  (void)state;
  CnRandom random = cn_random(6, 0, 0, 0, 0);
  float    rotation[WIDTH];
  float    x[N * WIDTH];
  float    y[N * WIDTH];
  fill(&random, WIDTH, rotation);
  for (size_t k = 0; k < HALF; ++k) {
    rotation[HALF + k] = sqrtf(1.0F - rotation[k] * rotation[k]);
  }
  fill(&random, N * WIDTH, x);
  memcpy(y, x, sizeof(x));
  cn_attend_rotate(N, WIDTH, 1.0F, rotation, y);
  for (size_t i = 0; i < (size_t)N * WIDTH; i += WIDTH) {
    for (size_t k = 0; k < HALF; ++k) {
      const float a    = x[i + k] * rotation[k] - x[i + HALF + k] * rotation[HALF + k];
      const float b    = x[i + k] * rotation[HALF + k] + x[i + HALF + k] * rotation[k];
      const float is[] = {y[i + k], y[i + HALF + k]};
      check_close(2, is, (const float[]){a, b});
    }
    assert_true(y[i + WIDTH - 1] == x[i + WIDTH - 1]); // Of an odd width
  }
  cn_attend_rotate(N, WIDTH, -1.0F, rotation, y);
  check_close((size_t)N * WIDTH, y, x);
}

static void
test_squares_of_what_is_above_zero(void** const state)
{
  (void)state;
  float x[20];
  for (int i = 0; i < 20; ++i) {
    x[i] = (float)(i - 10);
  }
  cn_relu_squared(20, x);
  for (int i = 0; i < 20; ++i) {
    assert_true(x[i] == (i > 10 ? (float)((i - 10) * (i - 10)) : 0.0F));
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_scores_and_sums_are_those_of_the_twins),
      cmocka_unit_test(test_those_of_8_bits_are_bit_for_bit_those_of_the_twins),
      cmocka_unit_test(test_norm_has_a_mean_square_of_one),
      cmocka_unit_test(test_pairs_turn_there_and_back),
      cmocka_unit_test(test_squares_of_what_is_above_zero),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
