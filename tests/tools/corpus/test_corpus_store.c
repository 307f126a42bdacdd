// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  Where a corpus keeps its notes: each piece once, in a file without a name, in parts of bounded length.
*/

#include "tests/support/scratch.h"

#include "dsp/file/smf.h"
#include "dsp/music/score.h"
#include "tools/base/file.h"
#include "tools/corpus/corpus.h"
#include "tools/corpus/piece_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 1000 };

static char folder[64];

static int
setup(void** const state)
{
  (void)state;
  snprintf(folder, sizeof(folder), "/tmp/continuo-store-XXXXXX");
  assert_non_null(mkdtemp(folder));
  return 0;
}

static int
teardown(void** const state)
{
  (void)state;
  return cn_scratch_remove(folder);
}

// A file with a run of `n` notes from some tick, which differ by `first_pitch`
static void
write_run(const char* const name, const uint32_t n, const int32_t from, const uint8_t first_pitch,
          const uint8_t channel)
{
  CnNote* const notes = calloc(n, sizeof(CnNote));
  CnScore*      score = NULL;
  uint8_t*      data  = NULL;
  size_t        size  = 0;
  char          path[128];
  for (uint32_t i = 0; i < n; ++i) {
    notes[i] = (CnNote){.onset    = from + 12 * (int32_t)i,
                        .duration = 12,
                        .pitch    = (uint8_t)(i ? 40 + i % 31 : first_pitch),
                        .velocity = (uint8_t)(50 + i % 7),
                        .channel  = channel};
  }
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  assert_int_equal(cn_score_new(notes, n, NULL, 0, NULL, 0, &score), CN_STATUS_SUCCESS);
  assert_int_equal(cn_smf_write(score, &data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(cn_file_write(path, data, size), CN_STATUS_SUCCESS);
  cn_score_free(score);
  free(data);
  free(notes);
}

static void
load(CnCorpus* const corpus)
{
  char fault[256] = "";
  if (cn_corpus_load(folder, NULL, 1, CN_LENGTHS_FINGERS, corpus, CN_FAULT(fault))) {
    fail_msg("%s", fault);
  }
}

static void
test_music_that_cannot_be_read_is_listed(void** const state)
{
  (void)state;
  CnCorpus corpus;
  char     path[256];
  write_run("a.mid", 40, 0, 60, 0);
  write_run("b.kar", 40, 0, 61, 0);
  snprintf(path, sizeof(path), "%s/c.mid.gz", folder);
  assert_int_equal(cn_file_write(path, "\x1F\x8B", 2), CN_STATUS_SUCCESS);
  load(&corpus);
  assert_int_equal(corpus.n_pieces, 2);
  assert_string_equal(corpus.pieces[1].name, "b.kar");
  assert_int_equal(corpus.n_bad_files, 1);
  assert_string_equal(corpus.bad_files[0].name, "c.mid.gz");
  assert_non_null(strstr(corpus.bad_files[0].reason, "compressed"));
  cn_corpus_clear(&corpus);
}

static void
test_same_notes_are_taken_once(void** const state)
{
  (void)state;
  CnCorpus corpus;
  write_run("a.mid", 40, 0, 60, 0);
  write_run("b.mid", 40, 0, 61, 0);
  write_run("c.mid", 40, 960, 60, 3); // Later, and on another channel
  load(&corpus);
  assert_int_equal(corpus.n_pieces, 2);
  assert_string_equal(corpus.pieces[0].name, "a.mid");
  assert_string_equal(corpus.pieces[1].name, "b.mid");
  assert_int_equal(corpus.n_bad_files, 1);
  assert_string_equal(corpus.bad_files[0].name, "c.mid");
  assert_string_equal(corpus.bad_files[0].reason, "has the notes of a.mid");
  cn_corpus_clear(&corpus);
}

static void
test_many_pieces_are_told_apart(void** const state)
{
  enum { N = 200 };

  (void)state;
  CnPieceIndex  known;
  CnNote        notes[2] = {{.duration = 1, .pitch = 60}, {.onset = 1, .duration = 1, .pitch = 60}};
  const CnPiece piece    = {.notes = notes, .n_notes = 2};
  assert_int_equal(cn_piece_index_init(&known, N), CN_STATUS_SUCCESS);
  for (unsigned round = 0; round < 2; ++round) {
    for (unsigned i = 0; i < N; ++i) {
      notes[1].duration = (int32_t)i + 1;
      assert_int_equal(cn_piece_index_enter(&known, &piece, round ? N + i : i), i);
    }
  }
  cn_piece_index_clear(&known);
}

// What the store gives is what a file read alone has
static void
test_stored_notes_are_those_of_the_files(void** const state)
{
  (void)state;
  CnCorpus corpus;
  for (uint8_t f = 0; f < 5; ++f) { // Of odd lengths, so that places are not all round
    char name[16];
    snprintf(name, sizeof(name), "f%u.mid", f);
    write_run(name, 33 + f, 0, (uint8_t)(60 + f), 0);
  }
  load(&corpus);
  assert_int_equal(corpus.n_pieces, 5);
  for (size_t i = 0; i < corpus.n_pieces; ++i) {
    char    path[128];
    char    fault[128];
    CnPiece piece;
    snprintf(path, sizeof(path), "%s/%s", folder, corpus.pieces[i].name);
    assert_int_equal(cn_piece_load(path, CN_LENGTHS_FINGERS, &piece, CN_FAULT(fault)), CN_STATUS_SUCCESS);
    assert_int_equal(corpus.pieces[i].n_notes, piece.n_notes);
    assert_memory_equal(corpus.pieces[i].notes, piece.notes, piece.n_notes * sizeof(CnNote));
    assert_memory_equal(corpus.pieces[i].chords, piece.chords, piece.n_notes * sizeof(*piece.chords));
    cn_piece_clear(&piece);
  }
  cn_corpus_clear(&corpus);
}

static void
test_long_pieces_are_cut(void** const state)
{
  (void)state;
  CnCorpus corpus;
  write_run("a.mid", 2 * MOST + 1, 0, 60, 0);
  write_run("b.mid", MOST, 0, 60, 0);
  load(&corpus);
  const CnNote* const all   = corpus.pieces[0].notes;
  const CnSplit       split = corpus.pieces[0].split;
  assert_int_equal(corpus.longest, 2 * MOST + 1);
  assert_int_equal(cn_corpus_cut(&corpus, MOST), CN_STATUS_SUCCESS);
  assert_int_equal(corpus.n_pieces, 4);
  assert_true(corpus.longest <= MOST);
  assert_int_equal(corpus.n_in_split[CN_SPLIT_TRAIN], 2); // Files
  assert_int_equal(corpus.n_notes_in[CN_SPLIT_TRAIN], 3 * MOST + 1);
  uint32_t next = 0;
  for (unsigned p = 0; p < 3; ++p) {
    const CnPiece* const part = &corpus.pieces[p];
    assert_string_equal(part->name, "a.mid");
    assert_int_equal(part->first, next);
    assert_int_equal(part->split, split);
    assert_ptr_equal(part->notes, all + next);
    next += part->n_notes;
  }
  assert_int_equal(next, 2 * MOST + 1);
  assert_int_equal(corpus.pieces[3].first, 0);
  cn_corpus_clear(&corpus);
}

// A tenth of very many would make each validation a long wait
static void
test_few_of_very_many_are_held_out(void** const state)
{
  enum { N = 2050 };

  (void)state;
  CnCorpus corpus;
  for (uint32_t i = 0; i < N; ++i) {
    const CnNote notes[2] = {{.duration = (int32_t)i + 1, .pitch = 60, .velocity = 64},
                             {.onset = 12, .duration = 1, .pitch = 62, .velocity = 64}};
    CnScore*     score    = NULL;
    uint8_t*     data     = NULL;
    size_t       size     = 0;
    char         path[128];
    snprintf(path, sizeof(path), "%s/%04u.mid", folder, i);
    assert_int_equal(cn_score_new(notes, 2, NULL, 0, NULL, 0, &score), CN_STATUS_SUCCESS);
    assert_int_equal(cn_smf_write(score, &data, &size), CN_STATUS_SUCCESS);
    FILE* const file = fopen(path, "wb"); // And no sync, as cn_file_write() would make of each
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    cn_score_free(score);
    free(data);
  }
  load(&corpus);
  assert_int_equal(corpus.n_in_split[CN_SPLIT_VALID], 200);
  assert_int_equal(corpus.n_in_split[CN_SPLIT_TEST], 200);
  assert_int_equal(corpus.n_in_split[CN_SPLIT_TRAIN], N - 400);
  cn_corpus_clear(&corpus);
}

static void
test_missing_room_for_the_notes_is_told(void** const state)
{
  (void)state;
  CnCorpus corpus;
  char     fault[256] = "";
  write_run("a.mid", 40, 0, 60, 0);
  assert_int_equal(setenv("TMPDIR", "/nowhere/at-all", 1), 0);
  assert_int_equal(cn_corpus_load(folder, NULL, 1, CN_LENGTHS_FINGERS, &corpus, CN_FAULT(fault)),
                   CN_STATUS_IO);
  assert_non_null(strstr(fault, "/nowhere/at-all: No such file or directory; TMPDIR says"));
  cn_corpus_clear(&corpus);
  assert_int_equal(unsetenv("TMPDIR"), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_music_that_cannot_be_read_is_listed),
      CASE(test_same_notes_are_taken_once),
      CASE(test_many_pieces_are_told_apart),
      CASE(test_stored_notes_are_those_of_the_files),
      CASE(test_long_pieces_are_cut),
      CASE(test_few_of_very_many_are_held_out),
      CASE(test_missing_room_for_the_notes_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
