// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/texture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { BAR = 72, N_BARS = 12, N_WALTZ = 6 * N_BARS };

// A bass on one and chords of two on two and three, under a tune on one
static uint32_t
make_waltz(CnNote notes[N_WALTZ])
{
  static const uint8_t chords[2][2] = {{55, 60}, {53, 59}};

  uint32_t n = 0;
  for (int32_t b = 0; b < N_BARS; ++b) {
    const uint8_t played[6] = {
        36, 79, chords[b % 2][0], chords[b % 2][1], chords[b % 2][0], chords[b % 2][1]};
    for (uint32_t i = 0; i < 6; ++i) {
      const int32_t onset = BAR * b + CN_TICKS_PER_QUARTER * (int32_t)(i / 2);
      notes[n++]          = (CnNote){.onset    = onset,
                                     .duration = i == 1 ? BAR : 12,
                                     .bar      = cn_bar_place((CnBar){0, BAR}, onset),
                                     .pitch    = played[i],
                                     .velocity = 60};
    }
  }
  return n;
}

static void
test_each_field_is_what_is_played(void** const state)
{
  (void)state;
  CnNote          notes[N_WALTZ];
  const uint32_t  n       = make_waltz(notes);
  const CnTexture texture = cn_texture_measure(notes, n, 0, N_BARS * BAR);

  assert_int_equal(texture.level[CN_TEXTURE_NOTES], cn_texture_level(CN_TEXTURE_NOTES, 200));
  assert_int_equal(texture.level[CN_TEXTURE_ONSETS], cn_texture_level(CN_TEXTURE_ONSETS, 100));
  assert_int_equal(texture.level[CN_TEXTURE_LOW], cn_texture_level(CN_TEXTURE_LOW, 48)); // 36, 54, 54
  assert_int_equal(texture.level[CN_TEXTURE_HIGH], cn_texture_level(CN_TEXTURE_HIGH, 66));
  assert_int_equal(texture.level[CN_TEXTURE_CHORDS], cn_texture_level(CN_TEXTURE_CHORDS, 0));
  assert_int_equal(texture.level[CN_TEXTURE_EVEN], cn_texture_level(CN_TEXTURE_EVEN, 1000));
  assert_int_equal(texture.level[CN_TEXTURE_SILENCE], cn_texture_level(CN_TEXTURE_SILENCE, 0));
  assert_int_equal(texture.level[CN_TEXTURE_LOUDNESS], cn_texture_level(CN_TEXTURE_LOUDNESS, 60));
  assert_true(texture.level[CN_TEXTURE_SPREAD] > 8); // A sixth of the notes are six times as long
}

static void
test_what_changes_the_music_changes_its_field(void** const state)
{
  (void)state;
  CnNote          notes[N_WALTZ];
  CnNote          other[N_WALTZ];
  const uint32_t  n     = make_waltz(notes);
  const CnTexture waltz = cn_texture_measure(notes, n, 0, N_BARS * BAR);

  for (uint32_t i = 0; i < n; ++i) { // Short, soft and high
    other[i]          = notes[i];
    other[i].duration = 3;
    other[i].velocity = 20;
    other[i].pitch    = (uint8_t)(notes[i].pitch + 12);
  }
  const CnTexture dry = cn_texture_measure(other, n, 0, N_BARS * BAR);
  assert_int_equal(dry.level[CN_TEXTURE_LOW], waltz.level[CN_TEXTURE_LOW] + 3); // Levels of four keys
  assert_int_equal(dry.level[CN_TEXTURE_HIGH], waltz.level[CN_TEXTURE_HIGH] + 3);
  assert_int_equal(dry.level[CN_TEXTURE_SPREAD], 1);
  assert_true(dry.level[CN_TEXTURE_LENGTH] < waltz.level[CN_TEXTURE_LENGTH]);
  assert_true(dry.level[CN_TEXTURE_SILENCE] > 14); // 21 of 24 ticks
  assert_true(dry.level[CN_TEXTURE_LOUDNESS] < waltz.level[CN_TEXTURE_LOUDNESS]);
  assert_int_equal(dry.level[CN_TEXTURE_NOTES], waltz.level[CN_TEXTURE_NOTES]);
}

static void
test_levels_rise_and_end(void** const state)
{
  (void)state;
  for (unsigned f = 0; f < CN_N_TEXTURE_FIELDS; ++f) {
    uint8_t level = 1;
    for (uint32_t value = 0; value < 1100; ++value) {
      const uint8_t next = cn_texture_level((CnTextureField)f, value);
      assert_true(next == level || next == level + 1);
      level = next;
    }
    assert_int_equal(level, CN_N_TEXTURE_LEVELS);
  }
}

static void
test_too_little_says_nothing(void** const state)
{
  (void)state;
  const CnTexture hidden = {{0}};
  CnNote          notes[N_WALTZ];
  make_waltz(notes);
  const CnTexture few = cn_texture_measure(notes, 3, 0, BAR);
  assert_memory_equal(&few, &hidden, sizeof(hidden));
  const CnTexture none = cn_texture_measure(notes, 0, 0, BAR);
  assert_memory_equal(&none, &hidden, sizeof(hidden));
  assert_int_equal(cn_figure_find(notes, 6).length, 0); // One bar is no custom
}

static void
test_the_figure_of_a_waltz_is_found(void** const state)
{
  (void)state;
  CnNote         notes[N_WALTZ];
  const CnFigure figure = cn_figure_find(notes, make_waltz(notes));
  assert_int_equal(figure.length, BAR);
  for (unsigned offset = 0; offset < BAR; ++offset) {
    const CnBarPlace place    = {(uint16_t)offset, BAR};
    const unsigned   at       = offset / CN_FIGURE_TICKS;
    const bool       is_one   = at == 0;
    const bool       is_later = at == 4 || at == 8;
    assert_int_equal(cn_figure_share(&figure, CN_FIGURE_BASS, place), is_one ? 3 : 0);
    assert_int_equal(cn_figure_share(&figure, CN_FIGURE_TOP, place), is_one ? 3 : 0);
    assert_int_equal(cn_figure_share(&figure, CN_FIGURE_MIDDLE, place), is_later ? 3 : 0);
    assert_int_equal(cn_figure_next(&figure, CN_FIGURE_BASS, place), 12 - at);
    assert_int_equal(cn_figure_next(&figure, CN_FIGURE_MIDDLE, place), at < 4   ? 4 - at
                                                                       : at < 8 ? 8 - at
                                                                                : 16 - at);
  }
}

static void
test_the_musicians_last_bars_are_found_behind_our_own(void** const state)
{
  (void)state;
  CnNote         notes[2 * N_WALTZ];
  CnNote         last[CN_TEXTURE_NOTES_MAX];
  const uint32_t n = make_waltz(notes);
  for (uint32_t i = 0; i < n; ++i) {
    notes[n + i] = notes[i];
    notes[n + i].onset += N_BARS * BAR;
    notes[n + i].part = CN_PART_CONTINUO;
  }
  assert_int_equal(cn_texture_last_played(notes, 2 * n, last), 6 * CN_TEXTURE_BARS);
  assert_memory_equal(last, &notes[n - 6 * CN_TEXTURE_BARS], 6 * CN_TEXTURE_BARS * sizeof(CnNote));
  assert_int_equal(cn_texture_last_played(notes + n, n, last), 0);
}

static void
test_a_texture_fades_field_by_field(void** const state)
{
  (void)state;
  unsigned before = CN_N_TEXTURE_FIELDS;
  for (uint32_t bars = 0; bars <= 20; ++bars) {
    CnTexture texture = {{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}};
    CnTexture held    = texture;
    unsigned  n_left  = 0;
    cn_texture_fade(&texture, bars, 20);
    cn_texture_fade(&held, bars, 0);
    for (unsigned f = 0; f < CN_N_TEXTURE_FIELDS; ++f) {
      n_left += texture.level[f];
      assert_int_equal(held.level[f], 1);
    }
    assert_int_equal(n_left, CN_N_TEXTURE_FIELDS - bars / 2);
    assert_true(n_left <= before);
    before = n_left;
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_each_field_is_what_is_played),
      cmocka_unit_test(test_what_changes_the_music_changes_its_field),
      cmocka_unit_test(test_levels_rise_and_end),
      cmocka_unit_test(test_too_little_says_nothing),
      cmocka_unit_test(test_the_figure_of_a_waltz_is_found),
      cmocka_unit_test(test_the_musicians_last_bars_are_found_behind_our_own),
      cmocka_unit_test(test_a_texture_fades_field_by_field),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
