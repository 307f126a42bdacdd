// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/metre_map.h"
#include "dsp/music/note.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define BAR_PAIR (7 * CN_TICKS_PER_QUARTER) // [ticks] of a bar of 3/4 and one of 4/4

static int
set_up(void** const state)
{
  CnMetreMap* const map = (CnMetreMap*)malloc(sizeof(CnMetreMap));
  *state                = map;
  if (map) {
    cn_metre_map_init(map, 3.0, 4.0);
  }
  return map ? 0 : -1;
}

static int
tear_down(void** const state)
{
  free(*state);
  return 0;
}

/// Let each bar from 1 to before `n` have another metre than the one before, 3/4 and 4/4 in turn
static void
change_each_bar(CnMetreMap* const map, const int64_t n)
{
  for (int64_t bar = 1; bar < n; ++bar) {
    const CnMetre metre = {.bar           = bar,
                           .tick          = cn_metre_map_tick(map, bar),
                           .beats_per_bar = bar % 2 ? 4.0 : 3.0,
                           .beat_unit     = 4.0};
    assert_int_equal(cn_metre_map_insert(map, &metre)->bar, bar);
  }
}

static void
test_each_bar_has_its_metre(void** const state)
{
  CnMetreMap* const map = (CnMetreMap*)*state;
  change_each_bar(map, CN_METRE_MAP_SIZE);
  assert_false(map->is_full);
  for (int64_t bar = 0; bar < CN_METRE_MAP_SIZE; ++bar) {
    const int64_t pairs = bar / 2;
    const double  tick  = (double)(pairs * BAR_PAIR + bar % 2 * 3 * CN_TICKS_PER_QUARTER);
    assert_true(cn_metre_map_tick(map, bar) == tick);
    assert_int_equal(cn_metre_map_of_bar(map, bar)->bar, bar);
    assert_int_equal(cn_metre_map_at(map, tick)->bar, bar);
    assert_int_equal(cn_metre_map_at(map, tick + 70.0)->bar, bar);
  }
  assert_int_equal(cn_metre_map_at(map, -1000.0)->bar, 0);
}

static void
test_too_many_are_noticed(void** const state)
{
  CnMetreMap* const map = (CnMetreMap*)*state;
  change_each_bar(map, CN_METRE_MAP_SIZE + 1);
  assert_true(map->is_full);
  assert_int_equal(cn_metre_map_of_bar(map, CN_METRE_MAP_SIZE - 2)->bar, CN_METRE_MAP_SIZE - 2);
  assert_int_equal(cn_metre_map_of_bar(map, CN_METRE_MAP_SIZE)->bar, CN_METRE_MAP_SIZE); // The last stands
}

static void
test_what_lies_beyond_a_change_is_forgotten(void** const state)
{
  CnMetreMap* const map   = (CnMetreMap*)*state;
  const CnMetre     metre = {.bar = 4, .tick = 2 * BAR_PAIR, .beats_per_bar = 5.0, .beat_unit = 4.0};
  change_each_bar(map, 10);
  cn_metre_map_insert(map, &metre);
  assert_int_equal(cn_metre_map_of_bar(map, 9)->bar, 4);
  assert_int_equal(cn_metre_map_of_bar(map, 3)->bar, 3);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_each_bar_has_its_metre),
      CASE(test_too_many_are_noticed),
      CASE(test_what_lies_beyond_a_change_is_forgotten),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
