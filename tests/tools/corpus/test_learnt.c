// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  What weights say that they have learnt, and how a corpus is split by those who know a part of it.
*/

#include "tools/corpus/corpus.h"
#include "tools/corpus/learnt.h"
#include "tools/corpus/piece_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { N_PIECES = 40 };

static void
test_lists_are_read_as_they_were_written(void** const state)
{
  static const uint64_t ids[4] = {UINT64_MAX, 7, 0, 7};

  (void)state;
  CnLearnt learnt = {0};
  CnLearnt read;
  assert_int_equal(cn_learnt_add(&learnt, ids, 4), CN_STATUS_SUCCESS);
  char* const text = cn_learnt_format(&learnt);
  assert_string_equal(text, "00000000000000000000000000000007ffffffffffffffff");
  assert_int_equal(cn_learnt_parse(text, &read), CN_STATUS_SUCCESS);
  assert_int_equal(read.n, 3);
  assert_false(read.has_others);
  assert_true(cn_learnt_has(&read, 0) && cn_learnt_has(&read, 7) && cn_learnt_has(&read, UINT64_MAX));
  assert_false(cn_learnt_has(&read, 8));
  free(text);
  cn_learnt_clear(&learnt);
  cn_learnt_clear(&read);
}

static void
test_what_is_not_said_is_not_taken_for_nothing(void** const state)
{
  static const char* const texts[] = {NULL, "+", "+0000000000000007", "000000000000007", "000000000000000G"};

  (void)state;
  for (unsigned i = 0; i < sizeof(texts) / sizeof(*texts); ++i) {
    CnLearnt learnt;
    assert_int_equal(cn_learnt_parse(texts[i], &learnt), CN_STATUS_SUCCESS);
    assert_true(learnt.has_others);
    assert_int_equal(learnt.n, i == 2);
    char* const text = cn_learnt_format(&learnt);
    assert_string_equal(text, i == 2 ? texts[2] : "+");
    free(text);
    cn_learnt_clear(&learnt);
  }
  CnLearnt none;
  assert_int_equal(cn_learnt_parse("", &none), CN_STATUS_SUCCESS);
  assert_false(none.has_others);
  cn_learnt_clear(&none);
}

// The id stands in files of weights, so it stays as it is; only keys and the time between them count
static void
test_pieces_are_known_by_what_is_struck_when(void** const state)
{
  (void)state;
  CnNote        notes[3] = {{.onset = 0, .duration = 5, .pitch = 60, .velocity = 30},
                            {.onset = 24, .duration = 5, .pitch = 64, .velocity = 31},
                            {.onset = 48, .duration = 5, .pitch = 67, .velocity = 32}};
  const CnPiece piece    = {.notes = notes, .n_notes = 3};
  assert_true(cn_piece_id(&piece) == UINT64_C(0xF8ED22C129A4334C));
  for (unsigned i = 0; i < 3; ++i) {
    notes[i].onset += 96;
    notes[i].duration = 7;
    notes[i].velocity = 99;
    notes[i].channel  = 2;
  }
  assert_true(cn_piece_id(&piece) == UINT64_C(0xF8ED22C129A4334C));
  ++notes[2].pitch;
  assert_true(cn_piece_id(&piece) != UINT64_C(0xF8ED22C129A4334C));
}

static void
make_corpus(CnCorpus* const corpus, CnPiece pieces[N_PIECES], char names[N_PIECES][8])
{
  *corpus = (CnCorpus){.pieces = pieces, .n_pieces = N_PIECES};
  for (unsigned i = 0; i < N_PIECES; ++i) {
    snprintf(names[i], sizeof(names[i]), "%u.mid", i);
    pieces[i] = (CnPiece){.name = names[i], .id = 1000 + i, .n_notes = 2};
  }
}

// Split with the first pieces known; returns how many of those are not to be learnt from
static size_t
split(CnCorpus* const corpus, const size_t n_known)
{
  uint64_t ids[N_PIECES];
  CnLearnt known  = {0};
  size_t   n_held = 0;
  for (unsigned i = 0; i < n_known; ++i) {
    ids[i] = corpus->pieces[i].id;
  }
  assert_int_equal(cn_learnt_add(&known, ids, n_known), CN_STATUS_SUCCESS);
  assert_int_equal(cn_corpus_draw_split(corpus, 1, &known), CN_STATUS_SUCCESS);
  for (unsigned i = 0; i < n_known; ++i) {
    n_held += corpus->pieces[i].split != CN_SPLIT_TRAIN;
  }
  cn_learnt_clear(&known);
  return n_held;
}

static void
test_known_pieces_do_not_judge_while_there_are_others(void** const state)
{
  static const size_t sides[][3] = {{0, 4, 0}, {10, 3, 0}, {37, 1, 0}, {38, 4, 6}, {40, 4, 8}};

  (void)state;
  CnCorpus corpus;
  CnPiece  pieces[N_PIECES];
  char     names[N_PIECES][8];
  make_corpus(&corpus, pieces, names);
  for (unsigned i = 0; i < sizeof(sides) / sizeof(*sides); ++i) {
    const size_t n_held = split(&corpus, sides[i][0]);
    assert_int_equal(corpus.n_in_split[CN_SPLIT_VALID], sides[i][1]);
    assert_int_equal(corpus.n_in_split[CN_SPLIT_TEST], sides[i][1]);
    assert_int_equal(n_held, sides[i][2]);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_lists_are_read_as_they_were_written),
      cmocka_unit_test(test_what_is_not_said_is_not_taken_for_nothing),
      cmocka_unit_test(test_pieces_are_known_by_what_is_struck_when),
      cmocka_unit_test(test_known_pieces_do_not_judge_while_there_are_others),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
