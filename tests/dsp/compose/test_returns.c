// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/returns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { BAR = 96, PHRASE_BARS = 8, IN_BAR = 4, N_NOTES = PHRASE_BARS * IN_BAR, LATER_BARS = 64, TAKES = 60 };

static const CnReturnShares of_phrase = {.phrase = 0.2F};
static const CnReturnShares of_own    = {.is_own = true};

static CnNote phrase[N_NOTES];

/// Four quarters a bar, each bar with keys of its own
static int
setup(void** const state)
{
  (void)state;
  for (int32_t i = 0; i < N_NOTES; ++i) {
    phrase[i] = (CnNote){.onset    = 24 * i,
                         .duration = 24,
                         .bar      = cn_bar_place((CnBar){0, BAR}, 24 * i),
                         .pitch    = (uint8_t)(40 + i),
                         .velocity = 64,
                         .part     = CN_PART_MUSICIAN};
  }
  return 0;
}

/// The first eighth of a bar after the phrase
static CnPlanRequest
request_bar(const int32_t bar, const uint32_t take, const float motif)
{
  return (CnPlanRequest){.segment   = (PHRASE_BARS + bar) * (BAR / CN_SEGMENT_TICKS),
                         .bar       = {0, BAR},
                         .params    = {.motif = motif, .chord = CN_CHORD_NONE, .take = take},
                         .history   = phrase,
                         .n_history = N_NOTES};
}

static CnReturn
find(const int32_t bar, const uint32_t take, const float motif)
{
  const CnPlanRequest request = request_bar(bar, take, motif);
  return cn_return_find(&request, &of_phrase, phrase, N_NOTES);
}

static void
test_an_eighth_of_later_bars_comes_again(void** const state)
{
  (void)state;
  unsigned n = 0;
  for (uint32_t take = 1; take <= TAKES; ++take) {
    for (int32_t bar = 0; bar < LATER_BARS; ++bar) {
      n += find(bar, take, 1.0F).n_notes > 0;
      assert_int_equal(find(bar, take, 0.0F).n_notes, 0); // Without motifs nothing does
    }
    for (int32_t bar = 0; bar < 4; ++bar) {
      assert_int_equal(find(bar, take, 1.0F).n_notes, 0); // Nor at once
    }
  }
  assert_in_range(n, TAKES * LATER_BARS * 10 / 100, TAKES * LATER_BARS * 18 / 100);
}

/// There is one note a quarter in the phrase
static void
test_bars_of_another_density_do_not_come_again(void** const state)
{
  (void)state;
  unsigned n[3] = {0};
  for (int32_t bar = 0; bar < LATER_BARS; ++bar) {
    for (unsigned i = 0; i < 3; ++i) {
      CnPlanRequest request        = request_bar(bar, 1, 1.0F);
      request.params.rules.density = (uint8_t)((i + 1) * CN_DENSITY_UNIT / 2);
      n[i] += cn_return_find(&request, &of_phrase, phrase, N_NOTES).n_notes > 0;
    }
  }
  assert_int_equal(n[0], 0);
  assert_true(n[1] > 5);
  assert_int_equal(n[2], 0);
}

static void
test_a_bar_comes_again_whole_with_its_end(void** const state)
{
  (void)state;
  unsigned n = 0;
  for (int32_t bar = 0; bar < LATER_BARS; ++bar) {
    const CnReturn found = find(bar, 1, 1.0F);
    const int32_t  line  = (PHRASE_BARS + bar) * BAR;
    if (found.n_notes) {
      const int32_t old = bar % 8; // Eight bars, or sixteen, or more after it has stood there
      assert_int_equal(found.end, line + BAR);
      assert_int_equal(found.n_notes, old < PHRASE_BARS - 1 ? IN_BAR + 1 : IN_BAR);
      for (unsigned i = 0; i < found.n_notes; ++i) {
        assert_int_equal(found.notes[i].onset, line + 24 * (int32_t)i);
        assert_int_equal(found.notes[i].pitch, 40 + IN_BAR * old + (int32_t)i);
      }
      ++n;
    }
  }
  assert_true(n > 5);
}

/// The next note is the first one after the last, which can still come
static void
test_next_is_what_can_still_come(void** const state)
{
  (void)state;
  const CnReturn bar    = {.notes   = {{.onset = 960, .pitch = 50},
                                       {.onset = 960, .pitch = 60},
                                       {.onset = 984, .pitch = 50},
                                       {.onset = 1056, .pitch = 50}},
                           .n_notes = 4,
                           .end     = 1056};
  const CnNote   before = {.onset = 950, .pitch = 70};
  const CnNote   low    = {.onset = 960, .pitch = 50};
  const CnNote   other  = {.onset = 960, .pitch = 55};
  const CnNote   high   = {.onset = 960, .pitch = 61};
  const CnNote   late   = {.onset = 1056, .pitch = 50};
  assert_ptr_equal(cn_return_next(&bar, &before, 960), &bar.notes[0]);
  assert_ptr_equal(cn_return_next(&bar, &before, 972), &bar.notes[2]); // Too late for the chord
  assert_ptr_equal(cn_return_next(&bar, &low, 960), &bar.notes[1]);
  assert_ptr_equal(cn_return_next(&bar, &other, 960), &bar.notes[1]);
  assert_ptr_equal(cn_return_next(&bar, &high, 960), &bar.notes[2]);
  assert_ptr_equal(cn_return_next(&bar, &high, 996), &bar.notes[3]);
  assert_null(cn_return_next(&bar, &late, 1056));
}

static void
test_phrases_come_back_in_their_own_ways(void** const state)
{
  (void)state;
  unsigned n = 0;
  for (int32_t bar = 4; bar < LATER_BARS; ++bar) {
    phrase[0].pitch   = 40;
    const bool before = find(bar, 1, 1.0F).n_notes;
    phrase[0].pitch   = 39;
    n += before != (bool)find(bar, 1, 1.0F).n_notes;
  }
  assert_true(n > 5);
}

static void
test_another_metre_brings_nothing_back(void** const state)
{
  (void)state;
  for (uint32_t take = 1; take <= TAKES; ++take) {
    CnPlanRequest request = request_bar(8, take, 1.0F);
    request.bar           = (CnBar){0, 72};
    assert_int_equal(cn_return_find(&request, &of_phrase, phrase, N_NOTES).n_notes, 0);
    request.bar = (CnBar){24, BAR}; // Bars that begin elsewhere
    assert_int_equal(cn_return_find(&request, &of_phrase, phrase, N_NOTES).n_notes, 0);
  }
}

/// A continuation of a bar of quarters after another, each with a key of its own, from the bar line where the
/// phrase ends
static CnNote own[N_NOTES + LATER_BARS * IN_BAR];

static CnReturn
find_own(const int32_t bar, const uint32_t take, CnPlanRequest* const request)
{
  for (int32_t i = 0; i < N_NOTES + bar * IN_BAR; ++i) {
    own[i] = (CnNote){.onset    = 24 * i,
                      .duration = 24,
                      .bar      = cn_bar_place((CnBar){0, BAR}, 24 * i),
                      .pitch    = (uint8_t)(21 + i % 80),
                      .velocity = 64,
                      .part     = i < N_NOTES ? CN_PART_MUSICIAN : CN_PART_CONTINUO};
  }
  *request           = request_bar(bar, take, 1.0F);
  request->history   = own;
  request->n_history = (uint32_t)(N_NOTES + bar * IN_BAR - 2);
  request->recent    = own + request->n_history; // The last ones, after the cut
  request->n_recent  = 2;
  return cn_return_find(request, &of_own, phrase, N_NOTES);
}

static void
test_own_bars_come_again_from_2_to_16_bars_later(void** const state)
{
  (void)state;
  CnPlanRequest request;
  unsigned      n[LATER_BARS] = {0};
  unsigned      n_all         = 0;
  unsigned      n_first       = 0; // That begin a group
  unsigned      n_last        = 0; // And end one
  for (uint32_t take = 1; take <= TAKES; ++take) {
    for (int32_t bar = 0; bar < LATER_BARS; ++bar) {
      const CnReturn found = find_own(bar, take, &request);
      const int32_t  line  = (PHRASE_BARS + bar) * BAR;
      if (!found.n_notes) {
        continue;
      }
      int32_t back = 1;
      while (back < bar && own[(PHRASE_BARS + bar - back) * IN_BAR].pitch != found.notes[0].pitch) {
        ++back;
      }
      assert_true(back <= bar); // It was our own
      assert_in_range(found.n_notes, IN_BAR, IN_BAR + 1);
      for (unsigned i = 0; i < found.n_notes; ++i) {
        assert_int_equal(found.notes[i].onset, line + 24 * (int32_t)i);
        assert_int_equal(found.notes[i].pitch, own[(PHRASE_BARS + bar - back) * IN_BAR + (int32_t)i].pitch);
      }
      ++n[back];
      ++n_all;
      n_first += bar % 4 == 0;
      n_last += bar % 4 == 3;
    }
  }
  assert_int_equal(n[2] + n[4] + n[8] + n[16], n_all);
  assert_true(n[2] && n[4] && n[8] > n[4] && n[16] > n[4]);
  assert_true(n_first > 2 * n_last); // Some bars of a group, and the first ones of it
  assert_in_range(n_all, TAKES * LATER_BARS * 5 / 100, TAKES * LATER_BARS * 12 / 100);
}

/// Find a take of which a bar is one of our own again
static CnReturn
find_any_own(CnPlanRequest* const request, int32_t* const bar)
{
  CnReturn found = {.n_notes = 0};
  *bar           = LATER_BARS - 1;
  for (uint32_t take = 1; !found.n_notes; ++take) {
    assert_in_range(take, 1, TAKES);
    found = find_own(*bar, take, request);
  }
  return found;
}

static void
test_own_bars_do_not_come_again_under_a_chord(void** const state)
{
  (void)state;
  CnPlanRequest request;
  int32_t       bar;
  find_any_own(&request, &bar);
  request.params.chord = 1;
  assert_int_equal(cn_return_find(&request, &of_own, phrase, N_NOTES).n_notes, 0);
}

static void
test_no_bar_comes_again_in_which_the_musician_played(void** const state)
{
  (void)state;
  CnPlanRequest  request;
  int32_t        bar;
  const CnReturn found = find_any_own(&request, &bar);
  for (int32_t i = 0; i < N_NOTES + bar * IN_BAR; ++i) {
    own[i].part = own[i].pitch == found.notes[1].pitch ? CN_PART_MUSICIAN : own[i].part;
  }
  assert_int_equal(cn_return_find(&request, &of_own, phrase, N_NOTES).n_notes, 0);
}

static void
test_no_own_bar_of_another_metre_comes_again(void** const state)
{
  (void)state;
  CnPlanRequest  request;
  int32_t        bar;
  const CnReturn found = find_any_own(&request, &bar);
  for (int32_t i = N_NOTES; i < N_NOTES + bar * IN_BAR; ++i) {
    own[i].bar.length = own[i].pitch == found.notes[0].pitch ? 72 : BAR;
  }
  assert_int_equal(cn_return_find(&request, &of_own, phrase, N_NOTES).n_notes, 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(test_an_eighth_of_later_bars_comes_again, setup),
      cmocka_unit_test_setup(test_bars_of_another_density_do_not_come_again, setup),
      cmocka_unit_test_setup(test_a_bar_comes_again_whole_with_its_end, setup),
      cmocka_unit_test_setup(test_next_is_what_can_still_come, setup),
      cmocka_unit_test_setup(test_phrases_come_back_in_their_own_ways, setup),
      cmocka_unit_test_setup(test_another_metre_brings_nothing_back, setup),
      cmocka_unit_test_setup(test_own_bars_come_again_from_2_to_16_bars_later, setup),
      cmocka_unit_test_setup(test_own_bars_do_not_come_again_under_a_chord, setup),
      cmocka_unit_test_setup(test_no_bar_comes_again_in_which_the_musician_played, setup),
      cmocka_unit_test_setup(test_no_own_bar_of_another_metre_comes_again, setup),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
