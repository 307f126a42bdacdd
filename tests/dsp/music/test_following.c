// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/following.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { BAR = 72, LINE = 3 * BAR, N_BARS = 6, N_WALTZ = 4 * N_BARS };

// A bass on one, under a tune, and chords of two on two, from the song's start on
static uint32_t
make_waltz(CnNote notes[N_WALTZ])
{
  uint32_t n = 0;
  for (int32_t b = 0; b < N_BARS; ++b) {
    const uint8_t played[4] = {(uint8_t)(36 + b), 79, 55, 60};
    for (uint32_t i = 0; i < 4; ++i) {
      const int32_t onset = BAR * b + CN_TICKS_PER_QUARTER * (int32_t)(i / 2);
      notes[n++]          = (CnNote){.onset    = onset,
                                     .duration = 12,
                                     .bar      = cn_bar_place((CnBar){0, BAR}, onset),
                                     .pitch    = played[i],
                                     .velocity = 60};
    }
  }
  return n;
}

static unsigned
bit(const unsigned pitch)
{
  return 1U << pitch % 12;
}

static void
test_two_bars_from_the_line_on_are_measured(void** const state)
{
  (void)state;
  CnNote          notes[N_WALTZ];
  CnFollowing     following;
  const uint32_t  n       = make_waltz(notes);
  const CnTexture texture = cn_texture_measure(&notes[12], 8, LINE, LINE + 2 * BAR);
  const CnFigure  figure  = cn_figure_find(&notes[12], 8);
  assert_true(cn_following_measure(notes, n, LINE, BAR, &following));
  assert_int_equal(following.line, LINE);
  assert_int_equal(following.harmony, bit(39) | bit(79)); // The first beat's
  assert_int_equal(following.scale, bit(39) | bit(40) | bit(79) | bit(55) | bit(60));
  assert_int_equal(following.bass, 39);
  assert_int_equal(following.top, 79);
  assert_memory_equal(&following.texture, &texture, sizeof(texture));
  assert_memory_equal(&following.figure, &figure, sizeof(figure));
  assert_int_equal(figure.length, BAR);
}

// What recurs in both bars stands once
static void
test_keys_stand_where_they_are_struck(void** const state)
{
  (void)state;
  static const CnStroke strokes[] = {{0, 39}, {0, 79}, {4, 55}, {4, 60}, {0, 40}};

  CnNote         notes[N_WALTZ];
  CnFollowing    following;
  const uint32_t n = make_waltz(notes);
  assert_true(cn_following_measure(notes, n, LINE, BAR, &following));
  assert_int_equal(following.n_strokes, 5);
  assert_memory_equal(following.stroke, strokes, sizeof(strokes));
}

// A chord that is broken is a harmony, and its bass may come late; the top is where the tune begins
static void
test_the_first_beat_tells_the_harmony(void** const state)
{
  (void)state;
  CnFollowing following;
  CnNote      notes[4];
  for (int32_t i = 0; i < 4; ++i) { // After a rest
    const int32_t onset = LINE + 12 * (1 + i);
    notes[i] =
        (CnNote){.onset = onset, .duration = 6, .bar = {(uint16_t)(12 * (1 + i)), BAR}, .velocity = 60};
  }
  notes[0].pitch = 64;
  notes[1].pitch = 48;
  notes[2].pitch = 30; // Beyond the beat
  notes[3].pitch = 90;
  assert_true(cn_following_measure(notes, 4, LINE, BAR, &following));
  assert_int_equal(following.harmony, bit(64) | bit(48));
  assert_int_equal(following.bass, 48);
  assert_int_equal(following.top, 64);
}

static void
test_nothing_is_known_of_silence(void** const state)
{
  (void)state;
  CnFollowing following;
  CnNote      notes[N_WALTZ];
  make_waltz(notes);
  assert_false(cn_following_measure(notes, 0, LINE, BAR, &following));
  assert_false(cn_following_measure(notes, 4, LINE, BAR, &following));            // All before
  assert_false(cn_following_measure(&notes[20], 4, LINE - BAR, BAR, &following)); // All beyond
  notes[0].pitch = 10;                                                            // No piano has it
  assert_false(cn_following_measure(notes, 1, 0, BAR, &following));
}

// The same music is the same value in each byte, and no dense music is too much
static void
test_values_compare_as_memory(void** const state)
{
  (void)state;
  static CnNote dense[4 * CN_TEXTURE_NOTES_MAX];
  CnFollowing   a;
  CnFollowing   b;
  for (uint32_t i = 0; i < 4 * CN_TEXTURE_NOTES_MAX; ++i) {
    const int32_t onset = (int32_t)(i / 16);
    dense[i]            = (CnNote){.onset    = onset,
                                   .duration = 1,
                                   .bar      = cn_bar_place((CnBar){0, 96}, onset),
                                   .pitch    = (uint8_t)(30 + i % 16 * 4),
                                   .velocity = 60};
  }
  memset(&a, 0x55, sizeof(a));
  memset(&b, 0xAA, sizeof(b));
  assert_true(cn_following_measure(dense, 4 * CN_TEXTURE_NOTES_MAX, 0, 96, &a));
  assert_true(cn_following_measure(dense, 4 * CN_TEXTURE_NOTES_MAX, 0, 96, &b));
  assert_memory_equal(&a, &b, sizeof(a));
  assert_int_equal(a.n_strokes, CN_FOLLOWING_STROKES);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_two_bars_from_the_line_on_are_measured),
      cmocka_unit_test(test_keys_stand_where_they_are_struck),
      cmocka_unit_test(test_the_first_beat_tells_the_harmony),
      cmocka_unit_test(test_nothing_is_known_of_silence),
      cmocka_unit_test(test_values_compare_as_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
