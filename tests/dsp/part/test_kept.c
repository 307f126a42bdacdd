// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/part/kept.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { BAR = 96, IN_BAR = 8 };

static int
set_up(void** const state)
{
  *state = calloc(1, sizeof(CnKept));
  return *state == NULL;
}

static int
tear_down(void** const state)
{
  free(*state);
  return 0;
}

// Keep a bar with one note in its second segment, or as a rest
static void
keep(CnKept* const kept, const int32_t bar, const uint8_t pitch)
{
  for (int32_t k = bar * IN_BAR; k < (bar + 1) * IN_BAR; ++k) {
    const int32_t    onset = k * CN_SEGMENT_TICKS;
    const CnKeptNote note  = {.note = {.onset    = onset,
                                       .duration = 12,
                                       .bar      = cn_bar_place((CnBar){0, BAR}, onset),
                                       .pitch    = pitch,
                                       .velocity = 64}};
    assert_true(cn_kept_add(kept, bar, k, &note, pitch && k % IN_BAR == 1));
  }
}

static void
test_the_next_bar_with_notes_is_what_follows(void** const state)
{
  CnKept* const kept = *state;
  CnFollowing   following;
  assert_false(cn_kept_following(kept, 0, INT32_MAX, &following));
  keep(kept, 3, 0);
  keep(kept, 4, 60);
  keep(kept, 5, 64);
  keep(kept, 6, 67); // Beyond
  assert_true(cn_kept_following(kept, BAR, INT32_MAX, &following));
  assert_int_equal(following.line, 4 * BAR);
  assert_int_equal(following.scale, 1U << 0 | 1U << 4);
  assert_int_equal(following.bass, 60);
  assert_true(cn_kept_following(kept, 4 * BAR - 12, INT32_MAX, &following));
  assert_int_equal(following.line, 4 * BAR);
}

static void
test_what_is_far_off_is_not_known(void** const state)
{
  CnKept* const kept = *state;
  CnFollowing   following;
  keep(kept, 9, 60);
  assert_true(cn_kept_following(kept, BAR, 9 * BAR, &following));
  assert_false(cn_kept_following(kept, BAR, 9 * BAR - 1, &following));
}

// A bar of which the rest is composed, and all that lies behind
static void
test_what_has_begun_does_not_follow(void** const state)
{
  CnKept* const kept = *state;
  CnFollowing   following;
  keep(kept, 2, 60);
  assert_false(cn_kept_following(kept, 2 * BAR, INT32_MAX, &following));
  assert_false(cn_kept_following(kept, 3 * BAR, INT32_MAX, &following));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_the_next_bar_with_notes_is_what_follows),
      TEST(test_what_is_far_off_is_not_known),
      TEST(test_what_has_begun_does_not_follow),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
