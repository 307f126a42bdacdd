// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

// A phrase out of a file: where its continuation begins, and how it comes before what is played.
// tests/whole/test_phrase_file.c has the music.

#include "dsp/base/status.h"
#include "dsp/music/score.h"
#include "dsp/part/given_phrase.h"
#include "dsp/take/past.h"
#include "dsp/take/take.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { BAR = 96 };

// A phrase in 4/4 of one note a beat, the last of which is as long as told
static CnGivenPhrase
make_phrase(const uint32_t n_beats, const int32_t last)
{
  CnNote        notes[16];
  CnScore*      score = NULL;
  CnGivenPhrase phrase;
  for (uint32_t i = 0; i < n_beats; ++i) {
    notes[i] = (CnNote){.onset    = (int32_t)i * 24,
                        .duration = i + 1 < n_beats ? 24 : last,
                        .pitch    = (uint8_t)(60 + i),
                        .velocity = 64};
  }
  assert_int_equal(cn_score_new(notes, n_beats, NULL, 0, NULL, 0, &score), CN_STATUS_SUCCESS);
  assert_int_equal(cn_given_phrase_init(&phrase, score), CN_STATUS_SUCCESS);
  cn_score_free(score);
  return phrase;
}

static void
test_continuation_begins_where_all_has_sounded(void** const state)
{
  static const struct {
    uint32_t n_beats;
    int32_t  last;
    int32_t  start;
    int32_t  line;
  } cases[] = {{8, 24, 2 * BAR, 2 * BAR}, {8, 20, 2 * BAR, 2 * BAR}, {8, 25, 2 * BAR + 12, 2 * BAR},
               {6, 24, BAR + 48, BAR},    {6, 12, BAR + 36, BAR},    {1, 1, 12, 0}};
  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    CnGivenPhrase phrase = make_phrase(cases[i].n_beats, cases[i].last);
    assert_int_equal(phrase.n_notes, cases[i].n_beats);
    assert_int_equal(phrase.start, cases[i].start);
    assert_int_equal(phrase.line, cases[i].line);
    cn_given_phrase_clear(&phrase);
  }
}

static void
test_phrase_without_a_note_is_none(void** const state)
{
  const CnNote  below  = {.duration = 24, .pitch = 12, .velocity = 64};
  CnScore*      score  = NULL;
  CnGivenPhrase phrase = {.n_notes = 1};
  (void)state;
  assert_int_equal(cn_score_new(&below, 1, NULL, 0, NULL, 0, &score), CN_STATUS_SUCCESS);
  assert_int_equal(cn_given_phrase_init(&phrase, score), CN_STATUS_NOT_FOUND);
  assert_null(phrase.notes);
  assert_int_equal(phrase.n_notes, 0);
  cn_score_free(score);
}

// The musician plays into the bar in which the phrase ends
static void
test_phrase_comes_before_what_is_played(void** const state)
{
  static const int32_t onsets[] = {-96, -72, -48, -24, 0, 24, 30};
  CnGivenPhrase        phrase   = make_phrase(6, 24);
  const CnNote         early    = {.onset = -12, .duration = 6, .bar = {84, 96}, .pitch = 50, .velocity = 9};
  const CnNote         late     = {.onset = 30, .duration = 6, .bar = {30, 96}, .pitch = 50, .velocity = 9};
  CnTake               take;
  CnPast               past;
  (void)state;
  assert_int_equal(cn_take_init(&take), CN_STATUS_SUCCESS);
  assert_int_equal(cn_past_init(&past), CN_STATUS_SUCCESS);
  cn_past_look_given(&past, &take, 48, &(CnRules){0}, &phrase, 0);
  assert_true(cn_past_is_given(&past));
  assert_int_equal(past.n_notes, 6);

  cn_take_insert(&take, &early, 1);
  cn_take_insert(&take, &late, 1);
  cn_past_look(&past, &take, 48, &(CnRules){0});
  const uint64_t without = past.hash;
  assert_false(cn_past_is_given(&past));
  assert_int_equal(past.n_notes, 2);
  cn_past_look_given(&past, &take, 48, &(CnRules){0}, &phrase, 0);
  assert_false(cn_past_is_given(&past)); // He has played since
  assert_int_equal(past.n_notes, 7);     // What was played before is not known
  for (uint32_t i = 0; i < past.n_notes; ++i) {
    assert_int_equal(past.notes[i].onset, onsets[i]);
  }
  assert_int_equal(past.given_end, 48);
  assert_int_equal(past.origin, BAR / CN_SEGMENT_TICKS);
  assert_true(past.hash != without);

  const uint64_t here = past.hash;
  cn_past_look_given(&past, &take, 48, &(CnRules){0}, &phrase, -BAR);
  assert_true(past.hash != here);
  assert_int_equal(past.notes[0].onset, -2 * BAR);
  assert_int_equal(past.n_notes, 8);

  cn_past_look_given(&past, &take, 48, &(CnRules){0}, &phrase, BAR); // It is to come yet
  assert_true(past.awaits);
  assert_true(past.hash == without);
  assert_int_equal(past.n_notes, 2);
  cn_past_look_given(&past, &take, 84, &(CnRules){0}, &phrase, BAR);
  assert_false(past.awaits);
  cn_past_clear(&past);
  cn_take_clear(&take);
  cn_given_phrase_clear(&phrase);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_continuation_begins_where_all_has_sounded),
      cmocka_unit_test(test_phrase_without_a_note_is_none),
      cmocka_unit_test(test_phrase_comes_before_what_is_played),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
