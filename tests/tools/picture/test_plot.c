// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/picture/plot.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
assert_ticks(const double low, const double high, const int most, const CnTicks expected)
{
  const CnTicks ticks = cn_ticks_new(low, high, most);
  assert_true(fabs(ticks.first - expected.first) < 1e-9 * expected.step);
  assert_true(fabs(ticks.step - expected.step) < 1e-9 * expected.step);
  assert_int_equal(ticks.n, expected.n);
  assert_int_equal(ticks.decimals, expected.decimals);
}

static void
test_ticks_are_round(void** const state)
{
  (void)state;
  assert_ticks(0.0, 20.0, 12, (CnTicks){0.0, 2.0, 11, 0});
  assert_ticks(3.11, 5.7, 9, (CnTicks){3.5, 0.5, 5, 1});
  assert_ticks(0.0, 21624.0, 7, (CnTicks){0.0, 5000.0, 5, 0});
  assert_ticks(-0.31, 0.32, 5, (CnTicks){-0.2, 0.2, 3, 1});
  assert_ticks(0.041, 0.093, 6, (CnTicks){0.06, 0.02, 2, 2});
  assert_ticks(0.3, 0.9, 7, (CnTicks){0.3, 0.1, 7, 1}); // Both ends, whatever the rounding
}

static void
test_there_are_never_too_many_ticks(void** const state)
{
  (void)state;
  for (int i = 1; i < 400; ++i) {
    const double high = pow(10.0, i / 50.0 - 4.0);
    for (int most = 2; most < 14; ++most) {
      const CnTicks ticks = cn_ticks_new(0.17 * high, high, most);
      assert_in_range(ticks.n, 0, most);
      assert_true(ticks.n == 0 || ticks.first >= 0.169 * high);
      assert_true(ticks.n == 0 || ticks.first + (ticks.n - 1) * ticks.step <= 1.001 * high);
    }
  }
}

static void
test_one_value_has_ticks_nevertheless(void** const state)
{
  const CnTicks ticks = cn_ticks_new(3.0, 3.0, 5);
  (void)state;
  assert_in_range(ticks.n, 1, 5);
}

static void
assert_number(const double value, const int decimals, const char* const expected)
{
  char text[64];
  cn_plot_number(text, sizeof(text), value, decimals);
  assert_string_equal(text, expected);
}

static void
test_numbers_are_written_as_they_are_read(void** const state)
{
  (void)state;
  assert_number(0.0, 0, "0");
  assert_number(5000.0, 0, "5000");
  assert_number(20210.0, 0, "20\u2009210");
  assert_number(1234567.25, 1, "1\u2009234\u2009567.2");
  assert_number(-0.5, 1, "\u22120.5");
  assert_number(-0.0001, 2, "0.00");
}

static void
test_a_number_stays_in_its_room(void** const state)
{
  char text[12] = "unset";
  (void)state;
  cn_plot_number(text, 8, 123456789.0, 0);
  assert_int_equal(text[8], 0);
}

static void
test_scales_lead_from_values_to_places(void** const state)
{
  const CnScale up = {2.0, 4.0, 300.0, 100.0};
  (void)state;
  assert_true(cn_scale_place(&up, 2.0) == 300.0);
  assert_true(cn_scale_place(&up, 4.0) == 100.0);
  assert_true(cn_scale_place(&up, 2.5) == 250.0);
}

static void
test_colors_differ_and_come_again(void** const state)
{
  (void)state;
  for (size_t i = 0; i < 7; ++i) {
    const CnColor a = cn_plot_color(i);
    const CnColor b = cn_plot_color(i + 1);
    const CnColor c = cn_plot_color(i + 7);
    assert_true(fabs(a.r - b.r) + fabs(a.g - b.g) + fabs(a.b - b.b) > 0.3);
    assert_memory_equal(&a, &c, sizeof(a));
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_ticks_are_round),
      cmocka_unit_test(test_there_are_never_too_many_ticks),
      cmocka_unit_test(test_one_value_has_ticks_nevertheless),
      cmocka_unit_test(test_numbers_are_written_as_they_are_read),
      cmocka_unit_test(test_a_number_stays_in_its_room),
      cmocka_unit_test(test_scales_lead_from_values_to_places),
      cmocka_unit_test(test_colors_differ_and_come_again),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
