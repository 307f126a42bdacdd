// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/alloc.h"

#include "tools/compare/compare.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { N_PIECES = 11, N_SECTIONS = 2 };

/// What is compared, made by hand
typedef struct {
  CnExcerpt  real_items[N_PIECES];
  CnExcerpt  own_items[N_PIECES];
  char       names[N_PIECES][8];
  CnExcerpts real;
  CnExcerpts own;
} Fixture;

/// Real pieces whose features are 0 to 10 in both sections, with phrases of 5; own ones have 20 and 3
static int
setup(void** const state)
{
  Fixture* const fixture = calloc(1, sizeof(Fixture));
  for (unsigned p = 0; p < N_PIECES; ++p) {
    CnExcerpt* const real = &fixture->real_items[p];
    CnExcerpt* const own  = &fixture->own_items[p];
    snprintf(fixture->names[p], sizeof(fixture->names[p]), "p%u", p);
    *real = (CnExcerpt){.piece = fixture->names[p], .has_phrase = true, .has = {true, true}};
    *own  = *real;
    for (unsigned f = 0; f < CN_N_FEATURES; ++f) {
      real->phrase.value[f] = 5.0;
      own->phrase.value[f]  = 1000.0; // Of no interest: the real piece has it
      for (unsigned s = 0; s < N_SECTIONS; ++s) {
        real->sections[s].value[f] = p;
        own->sections[s].value[f]  = s ? 3.0 : 20.0;
      }
    }
  }
  fixture->real = (CnExcerpts){fixture->real_items, N_PIECES, N_PIECES};
  fixture->own  = (CnExcerpts){fixture->own_items, N_PIECES, N_PIECES};
  *state        = fixture;
  return 0;
}

static int
teardown(void** const state)
{
  free(*state);
  return 0;
}

static void
test_features_are_beside_real_ones(void** const state)
{
  const Fixture* const fixture = *state;
  CnComparison         comparison;
  assert_int_equal(cn_compare(&fixture->real, &fixture->own, N_SECTIONS, &comparison), CN_STATUS_SUCCESS);
  assert_int_equal(comparison.n_real, 22);
  assert_int_equal(comparison.n_own, 22);
  for (unsigned f = 0; f < CN_N_FEATURES; ++f) {
    const CnFeatureRange* const range = &comparison.features[f];
    assert_float_equal(range->low, 1.0, 1e-9);
    assert_float_equal(range->middle, 5.0, 1e-9);
    assert_float_equal(range->high, 9.0, 1e-9);
    assert_float_equal(range->own[0], 20.0, 1e-9);
    assert_float_equal(range->own[1], 3.0, 1e-9);
    assert_float_equal(range->inside[0], 0.0, 1e-9);
    assert_float_equal(range->inside[1], 1.0, 1e-9);
    assert_float_equal(range->inside_all, 0.5, 1e-9);
  }
  assert_int_equal(cn_comparison_count(&comparison, 0, 0.72), 0);
  assert_int_equal(cn_comparison_count(&comparison, 1, 0.72), CN_N_FEATURES);
}

static void
test_form_is_beside_that_of_real_pieces(void** const state)
{
  Fixture* const fixture = *state;
  CnComparison   comparison;
  for (unsigned p = 0; p < N_PIECES; ++p) {
    fixture->real_items[p].has_form = true;
    fixture->own_items[p].has_form  = p < 4;
    for (unsigned f = 0; f < CN_N_FORM; ++f) {
      fixture->real_items[p].form.value[f] = 0.1 * p;
      fixture->own_items[p].form.value[f]  = p ? 0.5 : 0.95;
    }
  }
  assert_int_equal(cn_compare(&fixture->real, &fixture->own, N_SECTIONS, &comparison), CN_STATUS_SUCCESS);
  for (unsigned f = 0; f < CN_N_FORM; ++f) {
    const CnFormRange* const range = &comparison.form[f];
    assert_float_equal(range->low, 0.1, 1e-9);
    assert_float_equal(range->middle, 0.5, 1e-9);
    assert_float_equal(range->high, 0.9, 1e-9);
    assert_float_equal(range->mean, 0.5, 1e-9);
    assert_float_equal(range->own, 0.5, 1e-9);
    assert_float_equal(range->own_mean, 0.6125, 1e-9);
    assert_float_equal(range->inside, 0.75, 1e-9);
  }
}

static void
test_distance_is_in_deviations_from_the_phrase(void** const state)
{
  const Fixture* const fixture = *state;
  const double         sd      = sqrt(10.0); // Of 0 to 10
  CnComparison         comparison;
  assert_int_equal(cn_compare(&fixture->real, &fixture->own, N_SECTIONS, &comparison), CN_STATUS_SUCCESS);
  assert_float_equal(comparison.distance_real[0], 3.0 / sd, 1e-9);
  assert_float_equal(comparison.distance_own[0], 15.0 / sd, 1e-9);
  assert_float_equal(comparison.distance_own[1], 2.0 / sd, 1e-9);
}

static void
test_sections_that_one_lacks_are_left_out(void** const state)
{
  Fixture* const fixture = *state;
  CnComparison   comparison;
  for (unsigned p = 0; p < N_PIECES; ++p) {
    fixture->real_items[p].has[0] = false; // So that what was made there is not told from anything
  }
  fixture->own_items[0].has[1] = false;
  assert_int_equal(cn_compare(&fixture->real, &fixture->own, N_SECTIONS, &comparison), CN_STATUS_SUCCESS);
  assert_int_equal(comparison.n_real, 11);
  assert_int_equal(comparison.n_own, 21);
  assert_true(isnan(comparison.distance_real[0]));
  assert_false(isnan(comparison.distance_own[0]));
  assert_true(comparison.told < 0.9); // By what was made in section 0 it were 1
}

static void
test_sections_of_one_kind_are_nothing_to_compare(void** const state)
{
  const Fixture* const fixture = *state;
  const CnExcerpts     none    = {0};
  CnComparison         comparison;
  assert_int_equal(cn_compare(&fixture->real, &none, N_SECTIONS, &comparison), CN_STATUS_NOT_FOUND);
  assert_int_equal(cn_compare(&none, &fixture->own, N_SECTIONS, &comparison), CN_STATUS_NOT_FOUND);
}

/// Eighths, of `n_bars` bars of 4/4; the last note lasts a bar
static CnScore*
make_score(const unsigned n_bars)
{
  CnScore*     score = NULL;
  const size_t n     = 8 * (size_t)n_bars;
  CnNote*      notes = calloc(n, sizeof(CnNote));
  for (size_t i = 0; i < n; ++i) {
    notes[i] = (CnNote){.onset    = 12 * (int32_t)i,
                        .duration = i % 64 == 63 ? 96 : 6,
                        .pitch    = i % 64 == 63 ? 80 : (uint8_t)(60 + i % 5),
                        .velocity = 64};
  }
  assert_int_equal(cn_score_new(notes, n, NULL, 0, NULL, 0, &score), CN_STATUS_SUCCESS);
  free(notes);
  return score;
}

static void
test_scores_are_cut_into_phrase_and_sections(void** const state)
{
  (void)state;
  static const unsigned lengths[] = {8, 13, 14, 24};
  static const unsigned found[]   = {0, 0, 1, 2}; // The last section may lack two bars

  CnExcerpts excerpts = {0};
  for (unsigned i = 0; i < 4; ++i) {
    CnScore* const score = make_score(lengths[i]);
    assert_int_equal(cn_excerpts_add(&excerpts, "piece", score, 3), CN_STATUS_SUCCESS);
    cn_score_free(score);
    const CnExcerpt* const excerpt = &excerpts.items[i];
    assert_true(excerpt->has_phrase);
    assert_int_equal(excerpt->has[0] + excerpt->has[1] + excerpt->has[2], found[i]);
  }
  // Alike but for the last note, which sounds beyond the section, but not beyond the phrase
  const CnFeatures* const phrase  = &excerpts.items[3].phrase;
  const CnFeatures* const section = &excerpts.items[3].sections[0];
  assert_float_equal(phrase->value[0], section->value[0], 1e-12);
  assert_float_equal(phrase->value[14], (63 * 6 + 12) / 64.0 / 24.0, 1e-12);
  assert_float_equal(section->value[14], (63 * 6 + 96) / 64.0 / 24.0, 1e-12);
  cn_excerpts_clear(&excerpts);
}

static void
test_failing_allocations_leave_the_list_as_it_was(void** const state)
{
  (void)state;
  CnExcerpts     excerpts = {0};
  CnScore* const score    = make_score(24);
  long           n        = 0;
  for (;; ++n) {
    test_alloc_fail_at(n);
    const CnStatus status = cn_excerpts_add(&excerpts, "piece", score, 2);
    test_alloc_fail_at(-1);
    if (!status) {
      break;
    }
    assert_int_equal(status, CN_STATUS_NO_MEMORY);
    assert_int_equal(excerpts.n, 0);
  }
  assert_int_equal(excerpts.n, 1);
  assert_true(n > 5);
  cn_excerpts_clear(&excerpts);
  cn_score_free(score);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_failing_allocations_leave_the_list_as_it_was),
      cmocka_unit_test(test_scores_are_cut_into_phrase_and_sections),
      cmocka_unit_test_setup_teardown(test_features_are_beside_real_ones, setup, teardown),
      cmocka_unit_test_setup_teardown(test_form_is_beside_that_of_real_pieces, setup, teardown),
      cmocka_unit_test_setup_teardown(test_distance_is_in_deviations_from_the_phrase, setup, teardown),
      cmocka_unit_test_setup_teardown(test_sections_that_one_lacks_are_left_out, setup, teardown),
      cmocka_unit_test_setup_teardown(test_sections_of_one_kind_are_nothing_to_compare, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
