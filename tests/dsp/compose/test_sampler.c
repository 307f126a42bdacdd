// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/base/random.h"
#include "dsp/compose/sampler.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N = 6 };

static const float some_logits[N] = {0.0F, 1.0F, -1.0F, 2.0F, 0.5F, 1.5F};

static unsigned
draw(const bool* const is_possible, const float temperature, const float top_p, const float uniform)
{
  float logits[N];
  memcpy(logits, some_logits, sizeof(logits));
  return cn_sample(N, logits, is_possible, temperature, top_p, uniform);
}

static void
test_draws_follow_the_softmax(void** const state)
{
  static const float temperatures[] = {0.5F, 1.0F, 2.0F};

  (void)state;
  for (unsigned t = 0; t < 3; ++t) {
    CnRandom random    = cn_random(1, t, 0, 0, 0);
    unsigned counts[N] = {0};
    double   sum       = 0.0;
    for (unsigned i = 0; i < 20000; ++i) {
      ++counts[draw(NULL, temperatures[t], 1.0F, cn_random_uniform(&random))];
    }
    for (unsigned i = 0; i < N; ++i) {
      sum += exp((double)some_logits[i] / (double)temperatures[t]);
    }
    for (unsigned i = 0; i < N; ++i) {
      const double p = exp((double)some_logits[i] / (double)temperatures[t]) / sum;
      assert_true(fabs(counts[i] / 20000.0 - p) < 0.015);
    }
  }
}

static void
test_impossible_classes_are_never_drawn(void** const state)
{
  static const bool is_possible[N] = {true, false, true, false, false, true};

  (void)state;
  for (unsigned i = 0; i < 1000; ++i) {
    assert_true(is_possible[draw(is_possible, 1.0F, 1.0F, (float)i / 1000.0F)]);
  }
}

static void
test_top_p_keeps_the_likeliest(void** const state)
{
  (void)state;
  unsigned seen = 0;
  for (unsigned i = 0; i < 1000; ++i) {
    assert_int_equal(draw(NULL, 1.0F, 0.0F, (float)i / 1000.0F), 3);
    seen |= 1U << draw(NULL, 1.0F, 0.6F, (float)i / 1000.0F);
  }
  assert_int_equal(seen, 1U << 3 | 1U << 5); // 0.41 and 0.25 of the whole
}

static void
test_one_possible_class_is_certain(void** const state)
{
  static const bool is_possible[N] = {false, false, true, false, false, false};

  (void)state;
  assert_int_equal(draw(is_possible, 0.01F, 0.5F, 0.999999F), 2);
}

// Half a nat is fifty, when it is as cold as this
static void
test_cold_draws_are_the_likeliest(void** const state)
{
  (void)state;
  for (unsigned i = 0; i < 1000; ++i) {
    float logits[2] = {2.0F, 1.5F};
    assert_int_equal(cn_sample(2, logits, NULL, 0.01F, 1.0F, (float)i / 1000.0F), 0);
  }
}

static void
test_extreme_logits_are_survived(void** const state)
{
  (void)state;
  float logits[3] = {-1e30F, 1e30F, 0.0F};
  assert_int_equal(cn_sample(3, logits, NULL, 0.01F, 1.0F, 0.5F), 1);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_draws_follow_the_softmax),
      cmocka_unit_test(test_impossible_classes_are_never_drawn),
      cmocka_unit_test(test_top_p_keeps_the_likeliest),
      cmocka_unit_test(test_one_possible_class_is_certain),
      cmocka_unit_test(test_cold_draws_are_the_likeliest),
      cmocka_unit_test(test_extreme_logits_are_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
