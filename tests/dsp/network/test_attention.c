// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/network/attention.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/// A distance, and what it is called
typedef struct {
  int32_t  ticks;
  uint32_t bar;
  unsigned span;
} Example;

static void
test_spans_are_those_that_musicians_count(void** const state)
{
  static const Example examples[] = {
      {0, 96, CN_SPAN_CHORD},         {1, 96, CN_SPAN_SIXTEENTH},      {6, 96, CN_SPAN_SIXTEENTH},
      {7, 96, CN_SPAN_SIXTEENTH + 1}, {12, 96, CN_SPAN_SIXTEENTH + 1}, {24, 96, CN_SPAN_SIXTEENTH + 3},
      {95, 96, CN_SPAN_BAR - 9},      {96, 96, CN_SPAN_BAR},           {97, 96, CN_SPAN_SIXTEENTH + 16},
      {144, 96, CN_SPAN_BAR - 1},     {144, 72, CN_SPAN_BAR + 1},      {145, 96, CN_SPAN_FAR},
      {192, 96, CN_SPAN_BAR + 1},     {193, 96, CN_SPAN_FAR + 1},      {1536, 96, CN_SPAN_BAR + 15},
      {1632, 96, CN_SPAN_FAR + 7},    {3072, 96, CN_SPAN_FAR + 7},     {3073, 96, CN_N_SPANS - 1},
      {INT32_MAX, 1, CN_N_SPANS - 1}, {-5, 96, CN_SPAN_CHORD},
  };

  (void)state;
  for (unsigned i = 0; i < sizeof(examples) / sizeof(examples[0]); ++i) {
    assert_int_equal(cn_attention_span(examples[i].ticks, examples[i].bar), examples[i].span);
  }
}

static void
test_all_spans_but_the_note_itself_are_met(void** const state)
{
  (void)state;
  bool is_met[CN_N_SPANS] = {false};
  for (int32_t ticks = 0; ticks < 4000; ++ticks) {
    const unsigned span = cn_attention_span(ticks, 96);
    assert_in_range(span, CN_SPAN_CHORD, CN_N_SPANS - 1);
    is_met[span] = true;
  }
  for (unsigned span = CN_SPAN_CHORD; span < CN_N_SPANS; ++span) {
    assert_true(is_met[span]);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_spans_are_those_that_musicians_count),
      cmocka_unit_test(test_all_spans_but_the_note_itself_are_met),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
