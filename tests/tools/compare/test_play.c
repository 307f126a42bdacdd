// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/fake_planner.h"

#include "tools/compare/play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { N_PIECES = 6, N_NOTES = 200 };

static CnCorpus corpus;
static CnPiece  pieces[N_PIECES];
static CnNote   notes[N_PIECES][N_NOTES];
static char     names[N_PIECES][8];

/// Eighths in 3/4, from the second quarter of some bar on; every other piece is to test, and the last one
/// short
static int
setup(void** const state)
{
  (void)state;
  for (unsigned p = 0; p < N_PIECES; ++p) {
    snprintf(names[p], sizeof(names[p]), "p%u", p);
    for (int32_t i = 0; i < N_NOTES; ++i) {
      const int32_t onset = 72 * 5 + 24 + 12 * i;
      notes[p][i]         = (CnNote){.onset    = onset,
                                     .duration = 10,
                                     .bar      = cn_bar_place((CnBar){0, 72}, onset),
                                     .pitch    = (uint8_t)(60 + (i * 7 + (int32_t)p) % 11),
                                     .velocity = 64};
    }
    pieces[p] = (CnPiece){.name    = names[p],
                          .notes   = notes[p],
                          .n_notes = p + 1 < N_PIECES ? N_NOTES : 50,
                          .split   = p % 2 ? CN_SPLIT_TEST : CN_SPLIT_VALID};
  }
  corpus = (CnCorpus){.pieces = pieces, .n_pieces = N_PIECES};
  return 0;
}

static void
play(const CnPlaySettings* const settings, CnExcerpts* const real, CnExcerpts* const own)
{
  const CnPlanner planner = fake_planner(1);
  assert_int_equal(cn_play(&planner, &corpus, settings, real, own), CN_STATUS_SUCCESS);
}

static void
test_pieces_of_a_side_are_gone_on_with(void** const state)
{
  (void)state;
  const CnPlaySettings settings = {
      .n_sections = 2, .n_takes = 3, .n_pieces = SIZE_MAX, .side = CN_SPLIT_TEST, .has_sides = true};
  CnExcerpts real;
  CnExcerpts own;
  play(&settings, &real, &own);
  assert_int_equal(real.n, 2); // The third one is too short
  assert_int_equal(own.n, 6);
  for (size_t i = 0; i < own.n; ++i) {
    assert_string_equal(own.items[i].piece, real.items[i / 3].piece);
    assert_true(own.items[i].has[0] && own.items[i].has[1]);
    assert_memory_equal(&own.items[i].phrase, &real.items[i / 3].phrase, sizeof(CnFeatures));
  }
  assert_string_equal(real.items[1].piece, "p3");
  cn_excerpts_clear(&real);
  cn_excerpts_clear(&own);
}

static void
test_takes_differ_and_come_again(void** const state)
{
  (void)state;
  const CnPlaySettings settings = {.n_sections = 1, .n_takes = 2, .n_pieces = 1};
  CnExcerpts           real[2];
  CnExcerpts           own[2];
  for (unsigned i = 0; i < 2; ++i) {
    play(&settings, &real[i], &own[i]);
    assert_int_equal(real[i].n, 1);
    assert_int_equal(own[i].n, 2);
    assert_memory_not_equal(&own[i].items[0].sections[0], &own[i].items[1].sections[0], sizeof(CnFeatures));
  }
  assert_memory_equal(own[0].items[1].sections, own[1].items[1].sections, sizeof(CnFeatures));
  for (unsigned i = 0; i < 2; ++i) {
    cn_excerpts_clear(&real[i]);
    cn_excerpts_clear(&own[i]);
  }
}

static void
test_bars_are_those_of_the_piece(void** const state)
{
  (void)state;
  const CnPlaySettings settings = {.n_sections = 1, .n_takes = 1, .n_pieces = 1};
  CnExcerpts           real;
  CnExcerpts           own;
  play(&settings, &real, &own);
  // Eight bars of three quarters, of which the first begins with a rest of one
  assert_float_equal(real.items[0].phrase.value[0], (8 * 6 - 2) / 24.0, 1e-12);
  assert_float_equal(real.items[0].sections[0].value[0], 2.0, 1e-12);
  cn_excerpts_clear(&real);
  cn_excerpts_clear(&own);
}

// What a listener was told: of real notes and own ones
typedef struct {
  unsigned n_told[2];
  uint32_t n_phrase[2];
  uint32_t n_notes[2];
} Heard;

static CnStatus
hear(void* const handle, CnNote* const list, const uint32_t n_phrase, const uint32_t n_notes,
     const bool is_own)
{
  Heard* const heard = handle;
  assert_int_equal(list[n_phrase].part, is_own ? CN_PART_CONTINUO : CN_PART_MUSICIAN);
  ++heard->n_told[is_own];
  heard->n_phrase[is_own] = n_phrase;
  heard->n_notes[is_own]  = n_notes;
  return CN_STATUS_SUCCESS;
}

static void
test_a_listener_is_told_of_both(void** const state)
{
  (void)state;
  Heard                heard    = {.n_told = {0}};
  const CnPlayListener listener = {&heard, hear};
  const CnPlaySettings settings = {.n_sections = 1, .n_takes = 3, .n_pieces = 2, .listener = &listener};
  CnExcerpts           real;
  CnExcerpts           own;
  play(&settings, &real, &own);
  assert_int_equal(heard.n_told[0], 2);
  assert_int_equal(heard.n_told[1], 2); // The first take of each
  assert_int_equal(heard.n_phrase[0], 8 * 6 - 2);
  assert_int_equal(heard.n_phrase[1], 8 * 6 - 2);
  assert_int_equal(heard.n_notes[0], 16 * 6 - 2);
  assert_true(heard.n_notes[1] > heard.n_phrase[1]);
  cn_excerpts_clear(&real);
  cn_excerpts_clear(&own);
}

static CnStatus
refuse(void* const handle, const CnPlanRequest* const request, CnNote* const list, uint32_t* const n)
{
  (void)handle;
  (void)request;
  (void)list;
  *n = 0;
  return CN_STATUS_BAD_VALUE;
}

static void
test_failures_of_the_planner_are_told(void** const state)
{
  (void)state;
  const CnPlaySettings settings = {.n_sections = 1, .n_takes = 1, .n_pieces = 1};
  const CnPlanner      planner  = {.plan = refuse};
  CnExcerpts           real;
  CnExcerpts           own;
  assert_int_equal(cn_play(&planner, &corpus, &settings, &real, &own), CN_STATUS_BAD_VALUE);
  assert_int_equal(own.n, 0);
  cn_excerpts_clear(&real);
  cn_excerpts_clear(&own);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_pieces_of_a_side_are_gone_on_with),
      cmocka_unit_test(test_takes_differ_and_come_again),
      cmocka_unit_test(test_bars_are_those_of_the_piece),
      cmocka_unit_test(test_a_listener_is_told_of_both),
      cmocka_unit_test(test_failures_of_the_planner_are_told),
  };
  return cmocka_run_group_tests(tests, setup, NULL);
}
