// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/likeness.h"

#include "dsp/compose/phrase_bars.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum {
  BAR         = 96,
  HALF        = 4,
  PHRASE_BARS = 2 * HALF,
  QUARTERS    = 16,
  EIGHTHS     = 32,
  N_NOTES     = QUARTERS + EIGHTHS
};

static CnNote phrase[N_NOTES];

static CnNote
make_note(const int32_t onset, const int32_t duration, const unsigned pitch)
{
  return (CnNote){.onset    = onset,
                  .duration = duration,
                  .bar      = cn_bar_place((CnBar){0, BAR}, onset),
                  .pitch    = (uint8_t)pitch,
                  .velocity = 64,
                  .part     = CN_PART_MUSICIAN};
}

/// Four bars of low quarters, and four of high eighths
static int
setup(void** const state)
{
  (void)state;
  for (int32_t i = 0; i < QUARTERS; ++i) {
    phrase[i] = make_note(24 * i, 24, 40);
  }
  for (int32_t i = 0; i < EIGHTHS; ++i) {
    phrase[QUARTERS + i] = make_note(HALF * BAR + 12 * i, 12, 78);
  }
  return 0;
}

static CnPlanRequest
request_bar(const int32_t bar)
{
  return (CnPlanRequest){.segment   = (PHRASE_BARS + bar) * (BAR / CN_SEGMENT_TICKS),
                         .bar       = {0, BAR},
                         .history   = phrase,
                         .n_history = N_NOTES};
}

/// The level of a field in the first eighth of a bar after the phrase
static unsigned
find_level(const int32_t bar, const CnLeaning leaning, const CnTextureField field)
{
  const CnPlanRequest request = request_bar(bar);
  return cn_likeness_find(&request, leaning, phrase, N_NOTES).texture.level[field];
}

static void
test_bars_are_told_of_by_those_of_the_phrase(void** const state)
{
  (void)state;
  const uint8_t slow  = cn_texture_level(CN_TEXTURE_LENGTH, cn_texture_log(24));
  const uint8_t quick = cn_texture_level(CN_TEXTURE_LENGTH, cn_texture_log(12));
  assert_true(slow > quick + 1);
  for (int32_t again = 0; again < 3 * PHRASE_BARS; again += PHRASE_BARS) {
    assert_int_equal(find_level(again, CN_LEANING_APT, CN_TEXTURE_LENGTH), slow);
    assert_int_equal(find_level(again + HALF - 1, CN_LEANING_APT, CN_TEXTURE_LENGTH),
                     quick + 1); // Two bars of each
    assert_int_equal(find_level(again + HALF + 1, CN_LEANING_APT, CN_TEXTURE_LENGTH), quick);
    assert_int_equal(find_level(again + PHRASE_BARS - 1, CN_LEANING_APT, CN_TEXTURE_LENGTH), quick);
    assert_int_equal(find_level(again + PHRASE_BARS - 1, CN_LEANING_APT, CN_TEXTURE_LOW),
                     cn_texture_level(CN_TEXTURE_LOW, 78));
  }
}

static void
test_older_weights_are_told_of_the_whole_phrase(void** const state)
{
  (void)state;
  for (int32_t bar = 0; bar < 2 * PHRASE_BARS; ++bar) {
    assert_int_equal(find_level(bar, CN_LEANING_NONE, CN_TEXTURE_NOTES),
                     cn_texture_level(CN_TEXTURE_NOTES, 150));
    assert_int_equal(find_level(bar, CN_LEANING_NONE, CN_TEXTURE_LOW), cn_texture_level(CN_TEXTURE_LOW, 59));
    assert_int_equal(find_level(bar, CN_LEANING_NONE, CN_TEXTURE_HIGH),
                     cn_texture_level(CN_TEXTURE_HIGH, 59));
  }
}

/// What comes of it is nearer to the middle, and thicker, than what is told
static void
test_what_is_told_leans(void** const state)
{
  (void)state;
  assert_int_equal(find_level(0, CN_LEANING_HELD, CN_TEXTURE_LOW), cn_texture_level(CN_TEXTURE_LOW, 40));
  assert_true(find_level(0, CN_LEANING_APT, CN_TEXTURE_LOW) < cn_texture_level(CN_TEXTURE_LOW, 40));
  assert_true(find_level(HALF + 1, CN_LEANING_APT, CN_TEXTURE_HIGH) > cn_texture_level(CN_TEXTURE_HIGH, 78));
  assert_true(find_level(HALF + 1, CN_LEANING_APT, CN_TEXTURE_ONSETS) >
              cn_texture_level(CN_TEXTURE_ONSETS, 200));
  assert_true(find_level(0, CN_LEANING_APT, CN_TEXTURE_NOTES) < cn_texture_level(CN_TEXTURE_NOTES, 100));
}

/// A phrase of four bars, or in another metre than there is now, is one
static void
test_short_and_strange_phrases_are_told_of_whole(void** const state)
{
  (void)state;
  for (int32_t bar = 0; bar < PHRASE_BARS; ++bar) {
    const CnPlanRequest request = request_bar(bar);
    CnPlanRequest       waltz   = request_bar(bar);
    waltz.bar.length            = 72;
    const CnLikeness high       = cn_likeness_find(&request, CN_LEANING_APT, &phrase[QUARTERS], EIGHTHS);
    const CnLikeness strange    = cn_likeness_find(&waltz, CN_LEANING_APT, phrase, N_NOTES);
    const uint8_t    quick      = cn_texture_level(CN_TEXTURE_LENGTH, cn_texture_log(12));
    assert_int_equal(high.texture.level[CN_TEXTURE_LENGTH], quick);
    assert_int_equal(strange.texture.level[CN_TEXTURE_LENGTH], quick + 1);
  }
}

static void
test_what_is_asked_for_goes_before(void** const state)
{
  (void)state;
  CnPlanRequest request                               = request_bar(0);
  request.params.rules.density                        = 4 * CN_DENSITY_UNIT;
  request.params.rules.texture.level[CN_TEXTURE_EVEN] = 3;
  request.params.rules.highest                        = 36;
  const CnTexture texture = cn_likeness_find(&request, CN_LEANING_APT, phrase, N_NOTES).texture;
  assert_int_equal(texture.level[CN_TEXTURE_NOTES], cn_texture_level(CN_TEXTURE_NOTES, 400));
  assert_int_equal(texture.level[CN_TEXTURE_ONSETS], CN_TEXTURE_HIDDEN);
  assert_int_equal(texture.level[CN_TEXTURE_CHORDS], CN_TEXTURE_HIDDEN);
  assert_int_equal(texture.level[CN_TEXTURE_EVEN], 3);
  assert_int_equal(texture.level[CN_TEXTURE_HIGH], cn_texture_level(CN_TEXTURE_HIGH, 36));
}

static void
test_likeness_fades(void** const state)
{
  (void)state;
  CnPlanRequest request      = request_bar(PHRASE_BARS);
  request.params.rules.drift = PHRASE_BARS;
  const CnLikeness faded     = cn_likeness_find(&request, CN_LEANING_APT, phrase, N_NOTES);
  const CnTexture  hidden    = {{0}};
  assert_memory_equal(&faded.texture, &hidden, sizeof(hidden));
  assert_int_equal(faded.figure.length, 0);
  request.params.rules.drift = 0;
  assert_int_equal(cn_likeness_find(&request, CN_LEANING_APT, phrase, N_NOTES).figure.length, BAR);
}

static void
test_nothing_is_like_nothing(void** const state)
{
  (void)state;
  const CnPlanRequest request = request_bar(0);
  const CnLikeness    nothing = cn_likeness_find(&request, CN_LEANING_APT, phrase, 0);
  const CnTexture     hidden  = {{0}};
  assert_memory_equal(&nothing.texture, &hidden, sizeof(hidden));
  assert_int_equal(cn_phrase_bars_find(request.bar, phrase, 0).length, 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_bars_are_told_of_by_those_of_the_phrase),
      cmocka_unit_test(test_older_weights_are_told_of_the_whole_phrase),
      cmocka_unit_test(test_what_is_told_leans),
      cmocka_unit_test(test_short_and_strange_phrases_are_told_of_whole),
      cmocka_unit_test(test_what_is_asked_for_goes_before),
      cmocka_unit_test(test_likeness_fades),
      cmocka_unit_test(test_nothing_is_like_nothing),
  };
  return cmocka_run_group_tests(tests, setup, NULL);
}
