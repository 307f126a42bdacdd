// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  Each kernel against its naive twin, in double precision and by the formulas of its header.
*/

#include "dsp/base/random.h"
#include "dsp/kernel/kernel_math.h"
#include "dsp/kernel/kernels.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { B = 3, H = 37 }; // Not a multiple of any vector's length

static const double tolerance = 2e-6;

static void
fill(CnRandom* const random, const size_t n, const float scale, float* const x)
{
  for (size_t i = 0; i < n; ++i) {
    x[i] = scale * (2.0F * cn_random_uniform(random) - 1.0F);
  }
}

static void
check(const float value, const double reference)
{
  assert_true(fabs((double)value - reference) <= tolerance + tolerance * fabs(reference));
}

static double
sigmoid(const double x)
{
  return 1.0 / (1.0 + exp(-x));
}

// To two units in the last place, and beyond its ends the same as there
static void
test_exponential_is_its_formula(void** const state)
{
  (void)state;
  for (int i = -8700; i <= 8800; ++i) {
    const float  x = 0.01F * (float)i;
    const double e = exp((double)x);
    assert_true(fabs((double)cn_expf(x) - e) <= 2.4e-7 * e);
  }
  assert_true(cn_expf(0.0F) == 1.0F && cn_expf(-0.0F) == 1.0F);
  assert_true(cn_expf(-87.0F) > FLT_MIN && cn_expf(88.0F) < FLT_MAX);
  assert_true(cn_expf(-87.1F) == cn_expf(-87.0F) && cn_expf(-INFINITY) == cn_expf(-87.0F));
  assert_true(cn_expf(88.1F) == cn_expf(88.0F) && cn_expf(INFINITY) == cn_expf(88.0F));
  assert_true(cn_expf(NAN) == cn_expf(88.0F) && cn_expf(-NAN) == cn_expf(88.0F));
}

static void
test_lstm_cell_is_its_formula(void** const state)
{
  (void)state;
  CnRandom random = cn_random(1, 0, 0, 0, 0);
  float    gates[B * 4 * H];
  float    sums[B * 4 * H];
  float    before[B * H];
  float    after[B * H];
  float    h[B * H];
  fill(&random, B * 4 * H, 8.0F, sums);
  fill(&random, B * H, 2.0F, before);
  memcpy(gates, sums, sizeof(gates));
  cn_lstm_cell(B, H, gates, before, after, h);

  for (size_t b = 0; b < B; ++b) {
    for (size_t j = 0; j < H; ++j) {
      const float* const x = sums + b * 4 * H + j;
      const double       i = sigmoid((double)x[0]);
      const double       f = sigmoid((double)x[H]);
      const double       g = tanh((double)x[2 * H]);
      const double       o = sigmoid((double)x[3 * H]);
      const double       c = f * (double)before[b * H + j] + i * g;
      check(after[b * H + j], c);
      check(h[b * H + j], o * tanh(c));
      check(gates[b * 4 * H + 2 * H + j], g);
    }
  }
}

static void
test_gru_cell_is_its_formula(void** const state)
{
  (void)state;
  CnRandom random = cn_random(2, 0, 0, 0, 0);
  float    gates[B * 3 * H];
  float    sums[B * 3 * H];
  float    recurrent[B * 3 * H];
  float    products[B * 3 * H];
  float    bias[H];
  float    before[B * H];
  float    h[B * H];
  fill(&random, B * 3 * H, 4.0F, sums);
  fill(&random, B * 3 * H, 4.0F, products);
  fill(&random, H, 1.0F, bias);
  fill(&random, B * H, 1.0F, before);
  memcpy(gates, sums, sizeof(gates));
  memcpy(recurrent, products, sizeof(recurrent));
  cn_gru_cell(B, H, gates, recurrent, bias, before, h);

  for (size_t b = 0; b < B; ++b) {
    for (size_t j = 0; j < H; ++j) {
      const float* const x = sums + b * 3 * H + j;
      const float* const u = products + b * 3 * H + j;
      const double       r = sigmoid((double)x[0] + (double)u[0]);
      const double       z = sigmoid((double)x[H] + (double)u[H]);
      const double       n = tanh((double)x[2 * H] + r * ((double)u[2 * H] + (double)bias[j]));
      check(h[b * H + j], (1.0 - z) * n + z * (double)before[b * H + j]);
    }
  }
}

static void
test_extreme_sums_saturate(void** const state)
{
  (void)state;
  float gates[4] = {1e30F, -1e30F, 1e30F, 1e30F};
  float c        = 5.0F;
  float h        = 0.0F;
  cn_lstm_cell(1, 1, gates, &c, &c, &h);
  check(c, 1.0);
  check(h, tanh(1.0));
}

static void
test_softmax_is_its_formula(void** const state)
{
  (void)state;
  for (size_t lowest = 0; lowest < H; lowest += 9) {
    CnRandom random = cn_random(3, 0, 0, 0, 0);
    float    logits[H];
    float    p[H];
    double   sum = 0.0;
    fill(&random, H, 20.0F, logits);
    memcpy(p, logits, sizeof(p));
    const float log_sum = cn_softmax(H, lowest, p);
    for (size_t i = lowest; i < H; ++i) {
      sum += exp((double)logits[i]);
    }
    check(log_sum, log(sum));
    for (size_t i = 0; i < H; ++i) {
      check(p[i], i < lowest ? 0.0 : exp((double)logits[i]) / sum);
    }
  }
}

enum { WIDE = 64 + H }; // Columns in blocks, and some that are left over

static void
test_rows_are_summed(void** const state)
{
  static const uint16_t rows[3] = {4, 0, 4};

  (void)state;
  CnRandom random = cn_random(4, 0, 0, 0, 0);
  float    table[5 * WIDE];
  float    before[WIDE];
  float    y[WIDE];
  float    z[WIDE];
  fill(&random, 5 * WIDE, 1.0F, table);
  fill(&random, WIDE, 1.0F, before);
  memcpy(y, before, sizeof(y));
  memcpy(z, before, sizeof(z));
  cn_add_rows(WIDE, y, table, rows, 3);
  cn_axpy(WIDE, 2.0F, table, z);
  cn_relu(WIDE, z);
  for (size_t j = 0; j < WIDE; ++j) {
    const double start = (double)before[j];
    check(y[j], start + 2.0 * (double)table[4 * WIDE + j] + (double)table[j]);
    check(z[j], fmax(0.0, start + 2.0 * (double)table[j]));
  }
}

static void
test_rows_get_their_share(void** const state)
{
  static const uint16_t rows[3]     = {4, 0, 4};
  static const double   n_shares[5] = {1.0, 0.0, 0.0, 0.0, 2.0};

  (void)state;
  CnRandom random = cn_random(6, 0, 0, 0, 0);
  float    table[5 * WIDE];
  float    before[5 * WIDE];
  float    x[WIDE];
  fill(&random, 5 * WIDE, 1.0F, before);
  fill(&random, WIDE, 1.0F, x);
  memcpy(table, before, sizeof(table));
  cn_add_to_rows(WIDE, table, rows, 3, x);
  for (size_t i = 0; i < (size_t)5 * WIDE; ++i) {
    check(table[i], (double)before[i] + n_shares[i / WIDE] * (double)x[i % WIDE]);
  }
}

static void
test_squares_are_added_up(void** const state)
{
  (void)state;
  CnRandom random = cn_random(8, 0, 0, 0, 0);
  float    x[WIDE];
  double   sum = 0.0;
  fill(&random, WIDE, 3.0F, x);
  for (size_t i = 0; i < WIDE; ++i) {
    sum += (double)x[i] * (double)x[i];
  }
  assert_true(fabs(cn_add_squares(WIDE, x) - sum) <= 1e-12 * sum);
}

static void
test_noise_is_that_of_single_draws(void** const state)
{
  (void)state;
  const CnRandom random = {{1, 2}, {3, 4, 5}, 0xFFFFFFF8U}; // Its count begins anew on the way
  uint8_t        noise[CN_NOISE_BLOCKS * 16];
  cn_make_noise(&random, noise);
  for (uint32_t i = 0; i < CN_NOISE_BLOCKS; ++i) {
    const uint32_t counter[4] = {random.count + i, 3, 4, 5};
    uint32_t       bits[4];
    cn_philox(counter, random.key, bits);
    assert_memory_equal(noise + (size_t)16 * i, bits, sizeof(bits));
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_exponential_is_its_formula),    cmocka_unit_test(test_lstm_cell_is_its_formula),
      cmocka_unit_test(test_gru_cell_is_its_formula),       cmocka_unit_test(test_extreme_sums_saturate),
      cmocka_unit_test(test_softmax_is_its_formula),        cmocka_unit_test(test_rows_are_summed),
      cmocka_unit_test(test_rows_get_their_share),          cmocka_unit_test(test_squares_are_added_up),
      cmocka_unit_test(test_noise_is_that_of_single_draws),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
