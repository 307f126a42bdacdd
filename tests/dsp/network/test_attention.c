// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/kernel/attend.h"
#include "dsp/network/attention.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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
    assert_int_equal(cn_attention_span(CN_DISTANCE_TIME, 3, examples[i].ticks, examples[i].bar),
                     examples[i].span);
  }
}

static void
test_all_spans_but_the_note_itself_are_met(void** const state)
{
  (void)state;
  bool is_met[CN_N_SPANS] = {false};
  for (int32_t ticks = 0; ticks < 4000; ++ticks) {
    const unsigned span = cn_attention_span(CN_DISTANCE_TIME, 1, ticks, 96);
    assert_in_range(span, CN_SPAN_CHORD, CN_N_SPANS - 1);
    is_met[span] = true;
  }
  for (unsigned span = CN_SPAN_CHORD; span < CN_N_SPANS; ++span) {
    assert_true(is_met[span]);
  }
}

// One by one nearby, then four to an octave, and never back
static void
test_spans_of_notes_are_exact_nearby(void** const state)
{
  (void)state;
  unsigned before = 0;
  unsigned last   = 0; // Notes at which the span before began
  for (uint32_t notes = 0; notes < 4096; ++notes) {
    const unsigned span = cn_attention_span(CN_DISTANCE_NOTES, notes, 7, 96);
    assert_true(notes >= CN_SPAN_EXACT || span == notes);
    assert_true(span == before || span == before + 1);
    if (span != before) {
      assert_true(notes - last <= (notes < 20 ? 4 : notes / 4)); // How coarse it is
      before = span;
      last   = notes;
    }
  }
  assert_int_equal(before, CN_N_NOTE_SPANS - 1); // Nobody hears further
  assert_int_equal(cn_attention_span(CN_DISTANCE_NOTES, UINT32_MAX, 7, 96), CN_N_NOTE_SPANS - 1);
}

static void
test_distances_have_names_and_numbers_of_spans(void** const state)
{
  (void)state;
  CnDistance distance = CN_DISTANCE_TIME;
  for (unsigned d = CN_DISTANCE_TIME; d <= CN_DISTANCE_NOTES; ++d) {
    assert_true(cn_distance_find(cn_distance_name((CnDistance)d), &distance));
    assert_int_equal(distance, d);
    assert_int_equal(cn_attention_span(distance, 0, 0, 96), CN_SPAN_SELF);
  }
  assert_false(cn_distance_find("beats", &distance));
  assert_int_equal(distance, CN_DISTANCE_NOTES);
  assert_int_equal(cn_distance_spans(CN_DISTANCE_TIME), CN_N_SPANS);
  assert_int_equal(cn_distance_spans(CN_DISTANCE_NOTES), CN_N_NOTE_SPANS);
  assert_int_equal(cn_distance_spans(CN_DISTANCE_ROTARY), 0);
  assert_int_equal(cn_attention_span(CN_DISTANCE_ROTARY, 9, 7, 96), 0);
}

// --- Rotation

enum { WIDTH = 64, N_PAIRS = WIDTH / 2 };

// Periods as they are meant [ticks]: three to an octave, of the sixteenth, the triplet and the dotted note
static int32_t
period(const unsigned pair)
{
  static const int32_t first[] = {6, 8, 9};
  return first[pair % 3] << pair / 3;
}

static void
test_rotation_is_of_cosines_and_sines(void** const state)
{
  static const int32_t places[] = {0, 1, 5, 6, 7, 95, 96, 1000, 8191, 8192, 123457, 50000000, -1, -777};

  (void)state;
  float rotation[WIDTH];
  assert_int_equal(period(0), 6);
  assert_int_equal(period(30), 64 * 96);
  for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); ++i) {
    cn_attention_rotation(places[i], WIDTH, rotation);
    for (unsigned pair = 0; pair < N_PAIRS; ++pair) {
      const double angle = 2.0 * acos(-1.0) * (places[i] % period(pair)) / period(pair);
      assert_true(fabs((double)rotation[pair] - cos(angle)) < 2e-7);
      assert_true(fabs((double)rotation[N_PAIRS + pair] - sin(angle)) < 2e-7);
    }
  }
}

// Bit for bit, so that a long song does not blur
static void
test_rotation_comes_again_after_each_period(void** const state)
{
  (void)state;
  float first[WIDTH];
  float later[WIDTH];
  for (int32_t ticks = 0; ticks < 9000; ticks += 7) {
    cn_attention_rotation(ticks, WIDTH, first);
    for (unsigned pair = 0; pair < N_PAIRS; ++pair) {
      cn_attention_rotation(ticks + 10007 * period(pair), WIDTH, later);
      assert_memory_equal(&first[pair], &later[pair], sizeof(float));
      assert_memory_equal(&first[N_PAIRS + pair], &later[N_PAIRS + pair], sizeof(float));
    }
  }
}

static float
score(const int32_t query_ticks, const int32_t key_ticks)
{
  float query[WIDTH];
  float key[WIDTH];
  float rotation[WIDTH];
  float sum = 0.0F;
  for (unsigned i = 0; i < WIDTH; ++i) {
    query[i] = (float)(i % 7) - 2.5F;
    key[i]   = (float)(i % 5) - 1.5F;
  }
  cn_attention_rotation(query_ticks, WIDTH, rotation);
  cn_attend_rotate(1, WIDTH, 1.0F, rotation, query);
  cn_attention_rotation(key_ticks, WIDTH, rotation);
  cn_attend_rotate(1, WIDTH, 1.0F, rotation, key);
  for (unsigned i = 0; i < WIDTH; ++i) {
    sum += query[i] * key[i];
  }
  return sum;
}

static void
test_products_hang_on_the_time_between(void** const state)
{
  (void)state;
  for (int32_t ticks = 0; ticks < 500; ticks += 3) {
    assert_true(fabs((double)(score(ticks, 0) - score(100000 + ticks, 100000))) < 1e-3);
  }
  assert_true(fabs((double)(score(96, 0) - score(99, 0))) > 1.0);
  assert_true(fabs((double)(score(96, 0) - score(0, 96))) > 1.0); // Which is the earlier one
}

// Heads of any width have short periods and long ones
static void
test_narrow_heads_rotate_too(void** const state)
{
  (void)state;
  float rotation[WIDTH] = {0.0F};
  cn_attention_rotation(3, 2, rotation); // Half a sixteenth is half a turn
  assert_true(fabs((double)rotation[0] + 1.0) < 1e-6 && fabs((double)rotation[1]) < 1e-6);
  cn_attention_rotation(2048, 5, rotation); // A quarter of the longest
  assert_true(fabs((double)rotation[1]) < 1e-6 && fabs((double)rotation[3] - 1.0) < 1e-6);
  assert_true(rotation[4] == 0.0F); // The odd one stands still
  cn_attention_rotation(2048, 1, rotation);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_spans_are_those_that_musicians_count),
      cmocka_unit_test(test_all_spans_but_the_note_itself_are_met),
      cmocka_unit_test(test_spans_of_notes_are_exact_nearby),
      cmocka_unit_test(test_distances_have_names_and_numbers_of_spans),
      cmocka_unit_test(test_rotation_is_of_cosines_and_sines),
      cmocka_unit_test(test_rotation_comes_again_after_each_period),
      cmocka_unit_test(test_products_hang_on_the_time_between),
      cmocka_unit_test(test_narrow_heads_rotate_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
