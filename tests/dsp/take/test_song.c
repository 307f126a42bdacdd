// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/take/song.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LENGTH = 200, N_TRIES = 3000 };

static unsigned
draw(uint32_t* const random, const unsigned n)
{
  *random = *random * 1664525U + 1013904223U;
  return (unsigned)(((uint64_t)*random * n) >> 32U);
}

/// The value at a tick, or 0 where nothing is known
static uint32_t
value_at(const CnSongMap* const map, const int32_t tick)
{
  uint32_t value = 0;
  for (uint32_t i = 0; i < map->n && map->changes[i].tick <= tick; ++i) {
    value = map->changes[i].value;
  }
  return value;
}

/// A map is what a row of values would be, one for each tick, and has no change too many
static void
test_map_is_a_row_of_values(void** const state)
{
  static CnSongMap map;
  uint32_t         random = 1;
  (void)state;
  for (int i = 0; i < N_TRIES / 100; ++i) {
    uint32_t row[LENGTH] = {0};
    memset(&map, 0, sizeof(map));
    for (int k = 0; k < 100; ++k) {
      const int32_t  from  = (int32_t)draw(&random, LENGTH);
      const int32_t  until = from + (int32_t)draw(&random, (unsigned)(LENGTH - from) + 1);
      const uint32_t value = 1 + draw(&random, 3);
      cn_song_map_set(&map, from, until, value);
      for (int32_t t = from; t < until; ++t) {
        row[t] = value;
      }
      for (int32_t t = 0; t < map.end; ++t) {
        assert_true(row[t] == 0 || value_at(&map, t) == row[t]); // Gaps hold on
      }
      for (uint32_t c = 1; c < map.n; ++c) {
        assert_true(map.changes[c - 1].tick < map.changes[c].tick);
        assert_true(map.changes[c - 1].value != map.changes[c].value);
      }
    }
  }
}

static void
test_full_map_keeps_what_it_has(void** const state)
{
  static CnSongMap map;
  (void)state;
  memset(&map, 0, sizeof(map));
  for (int32_t i = 0; i < CN_SONG_CHANGES + 10; ++i) {
    cn_song_map_set(&map, i, i + 1, 1 + (uint32_t)i % 2);
  }
  assert_int_equal(map.n, CN_SONG_CHANGES);
  assert_int_equal(value_at(&map, 5), 2);
}

static void
tell(CnSong* const song, const int32_t tick, const uint32_t microseconds)
{
  cn_song_tell(song, &(CnCommand){.kind         = CN_COMMAND_SONG,
                                  .tick         = tick,
                                  .bar          = {0, 72},
                                  .microseconds = microseconds,
                                  .numerator    = 6,
                                  .denominator  = 8});
}

/// A change of tempo that is moved later is forgotten where it was, once the transport has come by
static void
test_edited_song_is_told_anew(void** const state)
{
  static CnSong song;
  (void)state;
  memset(&song, 0, sizeof(song));
  tell(&song, 0, 500000);
  tell(&song, 100, 750000);
  cn_song_halt(&song, 300);
  assert_int_equal(song.tempi.n, 2);
  tell(&song, 0, 500000);
  cn_song_roll(&song, 150);
  assert_int_equal(value_at(&song.tempi, 149), 500000);
  assert_int_equal(value_at(&song.tempi, 150), 750000);
  tell(&song, 200, 750000);
  cn_song_halt(&song, 300);
  assert_int_equal(song.tempi.n, 2);
  assert_int_equal(song.tempi.changes[1].tick, 200);
  assert_int_equal(song.metres.n, 1);
  assert_int_equal(song.metres.changes[0].value, 6 * 256 + 8);
}

static void
test_knows_what_has_sounded(void** const state)
{
  static CnSong song;
  (void)state;
  memset(&song, 0, sizeof(song));
  tell(&song, 0, 500000);
  cn_song_roll(&song, 300);
  assert_false(cn_song_has_sounded(&song, 5)); // It rolled there, no more
  cn_song_sound(&song, 5, 1U | 1U << 8U | 1U << 31U);
  for (int32_t tick = -24; tick < 60; ++tick) {
    assert_int_equal(cn_song_has_sounded(&song, tick), tick == 5 || tick == 13 || tick == 36);
  }
  cn_song_forget(&song, 1);
  assert_true(cn_song_has_sounded(&song, 5));
  assert_false(cn_song_has_sounded(&song, 13));
  assert_true(cn_song_has_sounded(&song, 36));
  cn_song_sound(&song, -13, 3);
  assert_true(cn_song_has_sounded(&song, -13) && cn_song_has_sounded(&song, -12));
  assert_false(cn_song_has_sounded(&song, -11));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_map_is_a_row_of_values),
      cmocka_unit_test(test_full_map_keeps_what_it_has),
      cmocka_unit_test(test_edited_song_is_told_anew),
      cmocka_unit_test(test_knows_what_has_sounded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
