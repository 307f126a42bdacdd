// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/alloc.h"

#include "tools/judge/copies.h"

#include "dsp/base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_SAMPLE = 300, N_PIECE = 1000, N_PIECES = 3 };

/// A sample, and pieces that have nothing to do with it
typedef struct {
  CnNote   sample[N_SAMPLE];
  CnNote   notes[N_PIECES][N_PIECE];
  CnPiece  pieces[N_PIECES];
  CnCorpus corpus;
} Fixture;

// Notes at random, of `n_keys` keys, on eighths in 3/4
static void
fill_notes(CnNote* const notes, const size_t n, const uint32_t seed, const unsigned n_keys)
{
  CnRandom random = cn_random(seed, 0, 0, 0, 0);
  int32_t  onset  = 0;
  for (size_t i = 0; i < n; ++i) {
    notes[i] = (CnNote){.onset    = onset,
                        .duration = 12,
                        .bar      = cn_bar_place((CnBar){0, 72}, onset),
                        .pitch    = (uint8_t)(30 + cn_random_below(&random, n_keys)),
                        .velocity = 64};
    onset += 12 * (int32_t)(1 + cn_random_below(&random, 2));
  }
}

static int
setup(void** const state)
{
  Fixture* const fixture = calloc(1, sizeof(Fixture));
  fill_notes(fixture->sample, N_SAMPLE, 1, 70);
  for (unsigned p = 0; p < N_PIECES; ++p) {
    fill_notes(fixture->notes[p], N_PIECE, 10 + p, 70);
    fixture->pieces[p] = (CnPiece){.notes = fixture->notes[p], .n_notes = N_PIECE};
  }
  fixture->corpus = (CnCorpus){.pieces = fixture->pieces, .n_pieces = N_PIECES};
  *state          = fixture;
  return 0;
}

static int
teardown(void** const state)
{
  free(*state);
  return 0;
}

// Let the piece have notes of the sample, some semitones lower, whatever their durations
static void
plant(Fixture* const fixture, const unsigned piece, const size_t at, const size_t from, const size_t n,
      const int lower)
{
  CnNote* const notes = fixture->notes[piece];
  for (size_t i = 0; i < n; ++i) {
    notes[at + i].pitch    = (uint8_t)(fixture->sample[from + i].pitch - lower);
    notes[at + i].duration = 7;
    if (i) {
      notes[at + i].onset =
          notes[at + i - 1].onset + fixture->sample[from + i].onset - fixture->sample[from + i - 1].onset;
    }
  }
  // One tick more than in the sample ends the passage
  notes[at + n].onset =
      notes[at + n - 1].onset + fixture->sample[from + n].onset + 1 - fixture->sample[from + n - 1].onset;
  notes[at - 1].pitch = (uint8_t)(fixture->sample[from - 1].pitch - lower ? 29 : 28); // And begins it
  for (size_t i = at + n + 1; i < N_PIECE; ++i) {
    notes[i].onset = notes[i - 1].onset + 12;
  }
  for (size_t i = at; i < N_PIECE; ++i) {
    notes[i].bar = cn_bar_place((CnBar){0, 72}, notes[i].onset);
  }
}

static CnCopy
find(const Fixture* const fixture, const bool transposed)
{
  CnCopy copy;
  assert_int_equal(cn_copies_find(fixture->sample, N_SAMPLE, &fixture->corpus, transposed, &copy),
                   CN_STATUS_SUCCESS);
  return copy;
}

static void
test_a_planted_passage_is_found_whole(void** const state)
{
  Fixture* const fixture = *state;
  plant(fixture, 0, 100, 20, 12, 0); // A shorter one before it, and after it
  plant(fixture, 1, 500, 40, 37, 0);
  plant(fixture, 2, 100, 200, 36, 0);
  const CnCopy copy = find(fixture, false);
  assert_int_equal(copy.n_notes, 37);
  assert_int_equal(copy.sample_first, 40);
  assert_int_equal(copy.piece, 1);
  assert_int_equal(copy.piece_first, 500);
  assert_int_equal(copy.bar, 1 + fixture->notes[1][500].onset / 72);
  assert_int_equal(copy.transposition, 0);
}

static void
test_a_transposed_passage_is_found_when_asked(void** const state)
{
  Fixture* const fixture = *state;
  plant(fixture, 2, 300, 100, 50, 5);
  assert_true(find(fixture, false).n_notes < 6);
  const CnCopy copy = find(fixture, true);
  assert_int_equal(copy.n_notes, 50);
  assert_int_equal(copy.piece, 2);
  assert_int_equal(copy.piece_first, 300);
  assert_int_equal(copy.sample_first, 100);
  assert_int_equal(copy.transposition, 5);
}

static void
test_only_pieces_to_learn_from_are_searched(void** const state)
{
  Fixture* const fixture = *state;
  plant(fixture, 1, 500, 40, 37, 0);
  fixture->pieces[1].split = CN_SPLIT_TEST;
  assert_true(find(fixture, false).n_notes < 6);
}

// Longest passage by trying all pairs of places
static size_t
find_naively(const CnNote* const a, const size_t n_a, const CnNote* const b, const size_t n_b,
             const bool transposed)
{
  size_t best = 0;
  for (size_t i = 0; i < n_a; ++i) {
    for (size_t k = 0; k < n_b; ++k) {
      const int shift = a[i].pitch - b[k].pitch;
      size_t    n     = transposed || !shift;
      while (n && i + n < n_a && k + n < n_b && a[i + n].pitch - b[k + n].pitch == shift &&
             a[i + n].onset - a[i + n - 1].onset == b[k + n].onset - b[k + n - 1].onset) {
        ++n;
      }
      best = n > best ? n : best;
    }
  }
  return best > 1 ? best : 0;
}

static void
test_music_of_few_notes_agrees_with_the_naive_search(void** const state)
{
  Fixture* const fixture = *state;
  for (unsigned seed = 0; seed < 24; ++seed) {
    const unsigned n_keys = 1 + seed % 4;
    const size_t   n      = 1 + seed * 9;
    fill_notes(fixture->sample, n, seed, n_keys);
    fill_notes(fixture->notes[0], 200, 100 + seed, n_keys);
    for (unsigned transposed = 0; transposed < 2; ++transposed) {
      CnCopyFinder* const finder = cn_copy_finder_new(fixture->sample, n, transposed);
      cn_copy_finder_search(finder, fixture->notes[0], 200, 0);
      const CnCopy copy = cn_copy_finder_best(finder);
      assert_int_equal(copy.n_notes, find_naively(fixture->sample, n, fixture->notes[0], 200, transposed));
      cn_copy_finder_free(finder);
    }
  }
}

static void
test_a_whole_piece_may_be_a_copy(void** const state)
{
  Fixture* const fixture = *state;
  memcpy(fixture->sample, fixture->notes[2], sizeof(fixture->sample));
  fixture->pieces[2].n_notes = N_SAMPLE;
  const CnCopy copy          = find(fixture, false);
  assert_int_equal(copy.n_notes, N_SAMPLE);
  assert_int_equal(copy.piece, 2);
  assert_int_equal(copy.bar, 1);
}

static void
test_bars_are_counted_through_a_change_of_metre(void** const state)
{
  Fixture* const fixture = *state;
  CnNote         notes[4];
  for (unsigned i = 0; i < 4; ++i) {
    notes[i] = fixture->sample[i];
  }
  notes[0].bar = (CnBarPlace){0, 96}; // Bar 1 is cut short by bar 2, which is of 72 ticks
  for (unsigned i = 1; i < 4; ++i) {
    notes[i].onset = 60 + 72 * (int32_t)(i - 1);
    notes[i].bar   = (CnBarPlace){0, 72};
  }
  fixture->sample[0].pitch   = notes[2].pitch;
  fixture->sample[1].pitch   = notes[3].pitch;
  fixture->sample[1].onset   = fixture->sample[0].onset + 72;
  CnCopyFinder* const finder = cn_copy_finder_new(fixture->sample, 2, false);
  cn_copy_finder_search(finder, notes, 4, 7);
  const CnCopy copy = cn_copy_finder_best(finder);
  assert_int_equal(copy.n_notes, 2);
  assert_int_equal(copy.piece, 7);
  assert_int_equal(copy.piece_first, 2);
  assert_int_equal(copy.bar, 3);
  cn_copy_finder_free(finder);
}

static void
test_nothing_and_one_note_are_no_passage(void** const state)
{
  Fixture* const fixture = *state;
  CnCopy         copy;
  for (size_t n = 0; n < 2; ++n) {
    assert_int_equal(cn_copies_find(fixture->notes[0], n, &fixture->corpus, false, &copy), CN_STATUS_SUCCESS);
    assert_int_equal(copy.n_notes, 0);
  }
  CnCopyFinder* const finder = cn_copy_finder_new(fixture->sample, N_SAMPLE, false);
  cn_copy_finder_search(finder, fixture->sample, 1, 0);
  cn_copy_finder_search(finder, NULL, 0, 1);
  assert_int_equal(cn_copy_finder_best(finder).n_notes, 0);
  cn_copy_finder_free(finder);
}

static void
test_failing_allocations_are_told(void** const state)
{
  Fixture* const fixture = *state;
  CnCopy         copy;
  const long     live = test_alloc_live();
  for (long n = 0; n < 4; ++n) {
    test_alloc_fail_at(n);
    assert_int_equal(cn_copies_find(fixture->sample, N_SAMPLE, &fixture->corpus, false, &copy),
                     CN_STATUS_NO_MEMORY);
  }
  test_alloc_fail_at(-1);
  assert_int_equal(test_alloc_live(), live);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_planted_passage_is_found_whole),
      CASE(test_a_transposed_passage_is_found_when_asked),
      CASE(test_only_pieces_to_learn_from_are_searched),
      CASE(test_music_of_few_notes_agrees_with_the_naive_search),
      CASE(test_a_whole_piece_may_be_a_copy),
      CASE(test_bars_are_counted_through_a_change_of_metre),
      CASE(test_nothing_and_one_note_are_no_passage),
      CASE(test_failing_allocations_are_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
