// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/midi_file.h"

#include "tools/base/file.h"
#include "tools/corpus/corpus.h"
#include "tools/corpus/velocities.h"

#include "dsp/music/chord.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[64];

static int
setup(void** const state)
{
  (void)state;
  snprintf(path, sizeof(path), "/tmp/continuo-corpus-XXXXXX");
  const int file = mkstemp(path);
  assert_true(file >= 0);
  return close(file);
}

static int
teardown(void** const state)
{
  (void)state;
  return remove(path);
}

// Bring notes to a file and back as a piece
static void
load_notes(const CnNote* const notes, const size_t n, const CnMeterChange meter, CnPiece* const piece)
{
  char fault[128];
  midi_file_write_notes(path, notes, n, &meter, 1);
  assert_int_equal(cn_piece_load(path, CN_LENGTHS_FINGERS, piece, CN_FAULT(fault)), CN_STATUS_SUCCESS);
}

static CnNote
make_note(const int32_t onset, const int32_t duration, const uint8_t pitch)
{
  return (CnNote){.onset = onset, .duration = duration, .pitch = pitch, .velocity = 64};
}

static void
test_each_half_bar_has_its_chord(void** const state)
{
  static const char* const names[] = {"C", "F", "Gm", "D7"};

  (void)state;
  for (unsigned m = 0; m < 2; ++m) { // Halves of 4/4, then of 6/8
    const CnMeterChange meter = m ? (CnMeterChange){0, 6, 8} : (CnMeterChange){0, 4, 4};
    const int32_t       half  = m ? 36 : 48;
    CnNote              notes[16];
    CnPiece             piece;
    unsigned            n = 0;
    for (int32_t h = 0; h < 4; ++h) { // Each chord broken upwards, the first one after a rest
      const uint16_t classes = cn_chord_pitch_classes(cn_chord_parse(names[h]));
      int32_t        at      = h * half + (h ? 0 : 12);
      for (uint8_t c = 0; c < 12; ++c) {
        if (classes >> c & 1U) {
          notes[n++] = make_note(at, 6, (uint8_t)(60 + c));
          at += half / 6;
        }
      }
    }
    load_notes(notes, n, meter, &piece);
    assert_int_equal(piece.n_notes, n);
    for (unsigned i = 0; i < n; ++i) {
      assert_int_equal(piece.chords[i], cn_chord_parse(names[piece.notes[i].onset / half]));
    }
    cn_piece_clear(&piece);
  }
}

// The lowest key below middle C is the bass, wherever it comes in the half bar
static void
test_chords_are_told_with_their_bass(void** const state)
{
  static const char* const names[] = {"Cmaj7", "Fm/Ab", "Gsus4", "D7/C"};

  (void)state;
  CnNote   notes[24];
  CnPiece  piece;
  unsigned n = 0;
  for (int32_t h = 0; h < 4; ++h) {
    const int32_t chord = cn_chord_parse(names[h]);
    const int     slash = cn_chord_slash(chord);
    for (uint8_t c = 0; c < 12; ++c) {
      if (cn_chord_pitch_classes(chord) >> c & 1U) {
        notes[n++] = make_note(48 * h, 24, (uint8_t)(60 + c));
      }
    }
    notes[n++] = make_note(48 * h + 24, 24, (uint8_t)(36 + (slash < 0 ? chord % 12 : slash)));
  }
  load_notes(notes, n, (CnMeterChange){0, 4, 4}, &piece);
  assert_int_equal(piece.n_notes, n);
  for (unsigned i = 0; i < n; ++i) {
    assert_int_equal(piece.chords[i], cn_chord_parse(names[piece.notes[i].onset / 48]));
  }
  cn_piece_clear(&piece);
}

// A long note counts for as long as it sounds in the half bar, and short ones for little
static void
test_chords_are_weighed_by_time(void** const state)
{
  (void)state;
  const CnNote notes[] = {
      make_note(0, 48, 60), // C and E for the whole half, beside G; four others pass by
      make_note(0, 48, 64),
      make_note(0, 48, 67),
      make_note(12, 1, 61),
      make_note(16, 1, 63),
      make_note(20, 1, 66),
      make_note(24, 1, 70),
      make_note(42, 900, 73), // Of it, six ticks are in this
                              // half
      make_note(96, 24, 62),
      make_note(96, 24, 65),
      make_note(96, 24, 69),
  };
  CnPiece piece;
  load_notes(notes, sizeof(notes) / sizeof(*notes), (CnMeterChange){0, 4, 4}, &piece);
  assert_int_equal(piece.n_notes, 11);
  for (unsigned i = 0; i < 8; ++i) {
    assert_int_equal(piece.chords[i], cn_chord_parse("C"));
  }
  for (unsigned i = 8; i < 11; ++i) {
    assert_int_equal(piece.chords[i], cn_chord_parse("Dm"));
  }
  cn_piece_clear(&piece);
}

static void
test_piece_knows_its_range_and_leaves_out_what_no_piano_has(void** const state)
{
  (void)state;
  const CnNote notes[] = {make_note(0, 12, 5), make_note(12, 12, 50), make_note(24, 12, 70),
                          make_note(36, 12, 60), make_note(48, 12, 120)};
  CnPiece      piece;
  load_notes(notes, 5, (CnMeterChange){0, 4, 4}, &piece);
  assert_int_equal(piece.n_notes, 3);
  assert_int_equal(piece.low, 50);
  assert_int_equal(piece.high, 70);
  cn_piece_clear(&piece);
}

// Few velocities are a notation program's
static void
test_velocities_that_nobody_played_are_told(void** const state)
{
  (void)state;
  for (uint8_t n_velocities = 3; n_velocities < 5; ++n_velocities) {
    CnNote  notes[8];
    CnPiece piece;
    for (uint8_t i = 0; i < 8; ++i) {
      notes[i]          = make_note(12 * i, 12, (uint8_t)(60 + i));
      notes[i].velocity = (uint8_t)(60 + i % n_velocities);
    }
    load_notes(notes, 8, (CnMeterChange){0, 4, 4}, &piece);
    assert_int_equal(piece.is_notated, n_velocities < 4);
    cn_piece_clear(&piece);
  }
}

// Variety against exactness; two hands, each on its channel, keep their own loudness
static void
test_hairpins_are_not_playing(void** const state)
{
  enum { N = 240 };

  (void)state;
  CnNote notes[N];
  for (int32_t i = 0; i < N; ++i) { // Hairpins up and down: a step every third onset, over 40 velocities
    notes[i]          = make_note(12 * i, 12, (uint8_t)(48 + i % 24));
    notes[i].velocity = (uint8_t)(40 + i / 3 % 40);
  }
  assert_false(cn_velocities_are_played(notes, N, 1.0));
  assert_true(cn_velocities_are_played(notes, N, 0.5)); // No program is as inexact
  for (int32_t i = 0; i < N; ++i) {                     // Hands that strike in turn
    notes[i].channel  = (uint8_t)(i % 2);
    notes[i].velocity = (uint8_t)(40 + 30 * (i % 2) + i / 12);
  }
  assert_false(cn_velocities_are_played(notes, N, 1.0));
  for (int32_t i = 0; i < N; ++i) { // No two are the same, but there are few
    notes[i].velocity = (uint8_t)(40 + 7 * (i / 2) % 20);
  }
  assert_false(cn_velocities_are_played(notes, N, 1.0));
  for (int32_t i = 0; i < N; ++i) {
    notes[i].velocity = (uint8_t)(40 + 7 * (i / 2) % 40);
  }
  assert_true(cn_velocities_are_played(notes, N, 1.0));
}

// The table's word counts for more than what the notes look like
static void
test_table_tells_whose_velocities_nobody_played(void** const state)
{
  static const char text[] =
      "file\twork\tsplit\tvelocities\na.mid\ta\ttrain\tplayed\nb.mid\tb\tvalid\tnotated\n";
  char     folder[] = "/tmp/continuo-corpus-XXXXXX";
  char     table[64];
  char     file[2][64];
  char     fault[128];
  CnCorpus corpus;
  CnNote   notes[8];
  CnPiece  piece;
  (void)state;
  assert_non_null(mkdtemp(folder));
  for (uint8_t i = 0; i < 8; ++i) {
    notes[i]          = make_note(12 * i, 12, (uint8_t)(60 + i));
    notes[i].velocity = (uint8_t)(60 + i / 4); // Which looks as if it were notated
  }
  for (unsigned f = 0; f < 2; ++f) {
    snprintf(file[f], sizeof(file[f]), "%s/%c.mid", folder, (char)('a' + (char)f));
    notes[0].pitch = (uint8_t)(60 + f); // Or the second one would be left out
    load_notes(notes, 8, (CnMeterChange){0, 4, 4}, &piece);
    cn_piece_clear(&piece);
    assert_int_equal(rename(path, file[f]), 0);
  }
  snprintf(table, sizeof(table), "%s/split.tsv", folder);
  assert_int_equal(cn_file_write(table, text, strlen(text)), CN_STATUS_SUCCESS);
  assert_int_equal(cn_corpus_load(folder, table, 0, CN_LENGTHS_FINGERS, &corpus, CN_FAULT(fault)),
                   CN_STATUS_SUCCESS);
  assert_int_equal(corpus.n_pieces, 2);
  assert_false(corpus.pieces[0].is_notated);
  assert_true(corpus.pieces[1].is_notated);
  cn_corpus_clear(&corpus);
  remove(table);
  remove(file[0]);
  remove(file[1]);
  assert_int_equal(rmdir(folder), 0);
  load_notes(notes, 8, (CnMeterChange){0, 4, 4}, &piece); // For the teardown
  cn_piece_clear(&piece);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_each_half_bar_has_its_chord),
      CASE(test_chords_are_weighed_by_time),
      CASE(test_chords_are_told_with_their_bass),
      CASE(test_piece_knows_its_range_and_leaves_out_what_no_piano_has),
      CASE(test_velocities_that_nobody_played_are_told),
      CASE(test_hairpins_are_not_playing),
      CASE(test_table_tells_whose_velocities_nobody_played),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
