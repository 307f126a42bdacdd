// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/file/float16.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/// A float of known bits
static float
float_of(const uint32_t bits)
{
  float value = 0.0f;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

static void
test_every_half_survives_widening(void** state)
{
  (void)state;
  for (uint32_t bits = 0; bits <= UINT16_MAX; ++bits) {
    const float    wide = cn_f32_from_f16((uint16_t)bits);
    const uint16_t back = cn_f16_from_f32(wide);
    if ((bits & 0x7FFF) > 0x7C00) {
      assert_true(isnan(wide) && (back & 0x7FFF) > 0x7C00 && (back & 0x8000) == (bits & 0x8000));
    } else {
      const int exponent = (bits >> 10) & 0x1F;
      const int mantissa = bits & 0x3FF;
      const int steps    = exponent ? mantissa + 0x400 : mantissa;
      assert_int_equal(back, bits);
      assert_int_equal(!!signbit(wide), bits >> 15);
      assert_true(exponent == 0x1F ? isinf(wide)
                                   : fabsf(wide) == ldexpf((float)steps, (exponent ? exponent : 1) - 25));
    }
  }
}

/// Each value between two neighbouring halves goes to the nearer one, the middle to the even one
static void
test_narrowing_rounds_to_nearest_even(void** state)
{
  (void)state;
  for (uint16_t bits = 0; bits < 0x7BFF; ++bits) {
    const float low    = cn_f32_from_f16(bits);
    const float high   = cn_f32_from_f16((uint16_t)(bits + 1));
    const float middle = (low + high) / 2; // Exact: floats have 13 bits more
    const int   even   = bits & 1 ? bits + 1 : bits;
    assert_int_equal(cn_f16_from_f32(nextafterf(middle, low)), bits);
    assert_int_equal(cn_f16_from_f32(middle), even);
    assert_int_equal(cn_f16_from_f32(nextafterf(middle, high)), bits + 1);
    assert_int_equal(cn_f16_from_f32(-middle), even | 0x8000);
  }
  assert_int_equal(cn_f16_from_f32(nextafterf(65520.0f, 0.0f)), 0x7BFF);
  assert_int_equal(cn_f16_from_f32(65520.0f), 0x7C00);
  assert_int_equal(cn_f16_from_f32(-INFINITY), 0xFC00);
  assert_int_equal(cn_f16_from_f32(float_of(1)), 0);
  assert_int_equal(cn_f16_from_f32(float_of(0x7F800001)) & 0x7E00, 0x7E00);
}

static void
test_brain_floats_round_to_nearest_even(void** state)
{
  (void)state;
  for (uint32_t bits = 0; bits <= UINT16_MAX; ++bits) {
    const uint16_t back = cn_bf16_from_f32(cn_f32_from_bf16((uint16_t)bits));
    assert_true(back == bits || ((bits & 0x7FFF) > 0x7F80 && back == (bits | 0x40)));
  }
  assert_int_equal(cn_bf16_from_f32(float_of(0x3F808000)), 0x3F80);
  assert_int_equal(cn_bf16_from_f32(float_of(0x3F808001)), 0x3F81);
  assert_int_equal(cn_bf16_from_f32(float_of(0x3F818000)), 0x3F82);
  assert_int_equal(cn_bf16_from_f32(float_of(0xBF818000)), 0xBF82);
  assert_int_equal(cn_bf16_from_f32(float_of(0x7F7FFFFF)), 0x7F80);
  assert_int_equal(cn_bf16_from_f32(float_of(0xFF800001)), 0xFFC0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_half_survives_widening),
      cmocka_unit_test(test_narrowing_rounds_to_nearest_even),
      cmocka_unit_test(test_brain_floats_round_to_nearest_even),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
