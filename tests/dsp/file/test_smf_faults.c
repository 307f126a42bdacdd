// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/alloc.h"
#include "tests/support/midi_file.h"

#include "dsp/file/smf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void
assert_refused(const MidiFile file, const CnStatus status, const char* words)
{
  char     fault[128] = "";
  CnScore* score      = (CnScore*)fault;
  assert_int_equal(midi_file_read(file.bytes, file.size, &score, CN_FAULT(fault)), status);
  assert_null(score);
  if (!strstr(fault, words)) {
    fail_msg("fault \"%s\" has no \"%s\"", fault, words);
  }
  assert_int_equal(midi_file_read(file.bytes, file.size, &score, CN_NO_FAULT), status);
}

/// The file is read, with so many notes, and with a fault of this kind alone
static void
assert_read(const MidiFile file, const size_t n_notes, const CnFileFault fault)
{
  CnScore* score = NULL;
  char     words[128];
  assert_int_equal(midi_file_read(file.bytes, file.size, &score, CN_FAULT(words)), CN_STATUS_SUCCESS);
  assert_string_equal(words, "");
  assert_canonical(score);
  assert_int_equal(score->n_notes, n_notes);
  for (unsigned f = 0; f < CN_N_FILE_FAULTS; ++f) {
    if ((score->info.faults[f] != 0) != (f == fault)) {
      fail_msg("\"%s\" is told %u times", cn_smf_fault_words((CnFileFault)f), score->info.faults[f]);
    }
  }
  cn_score_free(score);
}

static void
test_refuses_what_is_no_file(void** state)
{
  (void)state;
  assert_refused((MidiFile){"", 0}, CN_STATUS_TRUNCATED, "nothing");
  assert_refused((MidiFile){"Mozart, Sonata KV 331", 21}, CN_STATUS_BAD_SYNTAX, "no MThd");
  assert_refused((MidiFile){"\x1F\x8B\x08 and so on", 13}, CN_STATUS_BAD_SYNTAX, "gzip");
  assert_refused((MidiFile){"PK\3\4 and so on", 14}, CN_STATUS_BAD_SYNTAX, "zip archive");
  assert_refused((MidiFile){"MThd\0\0\0\6\0\0", 10}, CN_STATUS_TRUNCATED, "header is cut off");
  assert_refused((MidiFile){"RIFF....RMIDdata\xFF\xFF\xFF\xFF", 20}, CN_STATUS_TRUNCATED, "RIFF");
}

static void
test_refuses_impossible_divisions(void** state)
{
  (void)state;
  assert_refused(midi_file_new(0, 0, 0), CN_STATUS_BAD_VALUE, "division");
  assert_refused(midi_file_new(0, 0, SMPTE(25, 0)), CN_STATUS_BAD_VALUE, "SMPTE");
  assert_refused(midi_file_new(0, 0, SMPTE(26, 4)), CN_STATUS_BAD_VALUE, "SMPTE");
}

#define NOTE 0x00, 0x90, 60, 80, 0x06, 60, 0

static void
test_passes_over_impossible_values(void** state)
{
  (void)state;
  assert_read(midi_file_of_track(24, TRACK(0x00, TEMPO(0, 0, 0), NOTE, END)), 1, CN_FAULT_TEMPO);
  assert_read(midi_file_of_track(24, TRACK(0x00, 0xFF, 0x51, 1, 9, NOTE, END)), 1, CN_FAULT_TEMPO);
  assert_read(midi_file_of_track(24, TRACK(0x00, METER(0, 2), NOTE, END)), 1, CN_FAULT_METER);
  assert_read(midi_file_of_track(24, TRACK(0x00, METER(4, 7), NOTE, END)), 1, CN_FAULT_METER);
  assert_read(midi_file_of_track(24, TRACK(0x00, 0x90, 60, 0x80, 0x06, 60, 0, END)), 1, CN_FAULT_DATA);
  assert_read(midi_file_of_track(24, TRACK(NOTE, 0x00, 0xF4, NOTE, END)), 2, CN_FAULT_STATUS);
  assert_read(midi_file_of_track(24, TRACK(NOTE, 0x00, 0xF2, 1, 2, NOTE, END)), 2, CN_FAULT_STATUS);
  assert_read(midi_file_of_track(24, TRACK(0x00, 60, NOTE, END)), 1, CN_FAULT_STATUS);
}

static void
test_ends_a_track_where_its_events_are_lost(void** state)
{
  (void)state;
  assert_read(midi_file_of_track(24, TRACK(NOTE)), 1, CN_FAULT_TRACK_END);
  assert_read(midi_file_of_track(24, TRACK(NOTE, 0x00, 0x90, 60)), 1, CN_FAULT_TRACK_END);
  assert_read(midi_file_of_track(24, TRACK(NOTE, 0x80, 0x80, 0x80, 0x80, 0x00, END)), 1, CN_FAULT_TRACK_END);
  assert_read(midi_file_of_track(24, TRACK(NOTE, 0x00, 0xF0, 0x81, 0x00, END)), 1, CN_FAULT_TRACK_END);
  assert_read(midi_file_of_tracks(24, TRACK(NOTE), TRACK(NOTE, END)), 1, CN_FAULT_TRACK_END);
}

/// Two tracks with a note each; the length of the first one is what it is said to be
static MidiFile
make_two(const uint32_t length)
{
  MidiFile file = midi_file_of_tracks(24, TRACK(NOTE, END), TRACK(0x0C, 0x90, 64, 80, 0x06, 64, 0, END));
  for (unsigned i = 0; i < 4; ++i) {
    file.bytes[18 + i] = (uint8_t)(length >> (24 - 8 * i));
  }
  return file;
}

static void
test_reads_tracks_as_long_as_their_data(void** state)
{
  (void)state;
  for (uint32_t length = 0; length < 100; ++length) {
    if (length != 11) { // As it is
      assert_read(make_two(length), 2, CN_FAULT_TRACK_LENGTH);
    }
  }
  assert_read(make_two(0xFFFFFFFF), 2, CN_FAULT_TRACK_LENGTH);
}

static void
test_reads_as_many_tracks_as_there_are(void** state)
{
  MidiFile file = make_two(11);
  (void)state;
  for (uint8_t n = 0; n < 5; ++n) {
    file.bytes[11] = n;
    if (n != 2) {
      assert_read(file, 2, CN_FAULT_TRACK_COUNT);
    }
  }
  file.bytes[11] = 2;
  file.bytes[9]  = 0;
  assert_read(file, 2, CN_FAULT_FORMAT);
  file.bytes[9] = 2;
  assert_read(file, 2, CN_FAULT_FORMAT);
}

/// No fault at all: other chunks may stand anywhere, and the header may count them
static void
test_passes_over_other_chunks(void** state)
{
  (void)state;
  for (uint16_t n = 1; n <= 3; n += 2) {
    MidiFile file = midi_file_new(1, n, 24);
    midi_file_add_chunk(&file, "XFIH", "abc", 3);
    midi_file_add_track(&file, TRACK(NOTE, END));
    midi_file_add_chunk(&file, "XFKM", "", 0);
    CnScore* const score = midi_file_score(&file);
    assert_int_equal(score->n_notes, 1);
    for (unsigned f = 0; f < CN_N_FILE_FAULTS; ++f) {
      assert_int_equal(score->info.faults[f], 0);
    }
    cn_score_free(score);
  }
}

static void
test_finds_a_header_behind_something(void** state)
{
  const MidiFile file   = midi_file_of_track(24, TRACK(NOTE, END));
  MidiFile       behind = {.size = 128 + file.size};
  (void)state;
  memcpy(behind.bytes + 128, file.bytes, file.size);
  assert_read(behind, 1, CN_FAULT_BEFORE_HEADER);
}

static void
test_refuses_music_without_end(void** state)
{
  // Two of the longest pauses there are, at one file tick a quarter
  const MidiTrack track = TRACK(0xFF, 0xFF, 0xFF, 0x7F, 0x90, 60, 80, 0xFF, 0xFF, 0xFF, 0x7F, 60, 0, END);
  (void)state;
  assert_refused(midi_file_of_track(1, track), CN_STATUS_TOO_LARGE, "longer than");
  assert_refused(
      midi_file_of_track(SMPTE(24, 1), TRACK(0x00, TEMPO(0, 0, 1), 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0x2F, 0)),
      CN_STATUS_TOO_LARGE, "longer than");
}

// Anything at all

/// A file with something of everything
static MidiFile
make_example(void)
{
  MidiFile file = midi_file_new(1, 3, 480);
  midi_file_add_track(&file, TRACK(0x00, METER(3, 2), 0x00, TEMPO(0x07, 0xA1, 0x20), 0x8B, 0x20, METER(6, 3),
                                   0x00, TEMPO(0x06, 0xA1, 0x20), 0x00, 0xF0, 3, 0x7E, 0x09, 0xF7, END));
  midi_file_add_chunk(&file, "XXXX", "?", 1);
  midi_file_add_track(&file, TRACK(0x00, 0x90, 60, 80, 0x00, 64, 70, 0x83, 0x60, 60, 0, 0x00, 64, 0, 0x00, 60,
                                   80, 0x83, 0x60, 0x80, 60, 64, 0x00, 0xC0, 1, END));
  midi_file_add_track(&file, TRACK(MARK, 0x83, 0x60, 0x91, 67, 99, 0x00, 0x99, 35, 99, 0x83, 0x60, 0x81, 67,
                                   0, 0x00, 0xB1, 64, 0, 0x00, 0x91, 70, 1, 0x00, 0xB1, 64, 99, END));
  return file;
}

/// Read bytes that may be no file: the outcome must be a good score, or a status and words
static CnStatus
read_anything(const void* bytes, const size_t size)
{
  char           fault[128] = "";
  CnScore*       score      = NULL;
  const CnStatus status     = midi_file_read(bytes, size, &score, CN_FAULT(fault));
  if (status == CN_STATUS_SUCCESS) {
    assert_canonical(score);
  } else {
    assert_null(score);
    assert_string_not_equal(fault, "");
  }
  cn_score_free(score);
  return status;
}

static void
test_reads_what_is_left_of_a_file_cut_anywhere(void** state)
{
  const MidiFile file   = make_example();
  const size_t   header = 14;
  (void)state;
  for (size_t size = 0; size < file.size; ++size) {
    assert_int_equal(read_anything(file.bytes, size),
                     size < header ? CN_STATUS_TRUNCATED : CN_STATUS_SUCCESS);
  }
  assert_int_equal(read_anything(file.bytes, file.size), CN_STATUS_SUCCESS);

  // A missing last byte costs no note
  CnScore* whole = NULL;
  CnScore* cut   = NULL;
  assert_int_equal(cn_smf_read(file.bytes, file.size, &whole, CN_NO_FAULT), CN_STATUS_SUCCESS);
  assert_int_equal(cn_smf_read(file.bytes, file.size - 1, &cut, CN_NO_FAULT), CN_STATUS_SUCCESS);
  assert_same_music(whole, cut);
  assert_true(cut->info.faults[CN_FAULT_TRACK_END] == 1);
  cn_score_free(whole);
  cn_score_free(cut);
}

static void
test_survives_any_wrong_byte(void** state)
{
  MidiFile file = make_example();
  (void)state;
  for (size_t i = 0; i < file.size; ++i) {
    const uint8_t right = file.bytes[i];
    for (unsigned wrong = 0; wrong < 256; ++wrong) {
      file.bytes[i] = (uint8_t)wrong;
      (void)read_anything(file.bytes, file.size);
    }
    file.bytes[i] = right;
  }
}

static void
test_survives_garbage(void** state)
{
  uint32_t random = 1;
  (void)state;
  for (int i = 0; i < 2000; ++i) {
    uint8_t track[64];
    for (size_t k = 0; k < sizeof(track); ++k) {
      random   = random * 1664525u + 1013904223u;
      track[k] = (uint8_t)(random >> 24);
    }
    const MidiFile file = midi_file_of_track(96, (MidiTrack){track, sizeof(track)});
    (void)read_anything(file.bytes, file.size);
    (void)read_anything(track, sizeof(track));
  }
}

static void
test_survives_failing_allocations(void** state)
{
  const MidiFile file = make_example();
  const long     live = test_alloc_live();
  char           fault[128];
  CnScore*       score    = NULL;
  CnStatus       status   = CN_STATUS_NO_MEMORY;
  long           n_failed = 0;
  (void)state;
  for (; status == CN_STATUS_NO_MEMORY; ++n_failed) {
    test_alloc_fail_at(n_failed);
    status = cn_smf_read(file.bytes, file.size, &score, CN_FAULT(fault));
    test_alloc_fail_at(-1);
    if (status == CN_STATUS_NO_MEMORY) {
      assert_null(score);
      assert_string_equal(fault, cn_strerror(status));
      assert_int_equal(test_alloc_live(), live);
    }
  }
  assert_int_equal(status, CN_STATUS_SUCCESS);
  assert_true(n_failed > 8);
  cn_score_free(score);
  assert_int_equal(test_alloc_live(), live);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_refuses_what_is_no_file),
      cmocka_unit_test(test_refuses_impossible_divisions),
      cmocka_unit_test(test_passes_over_impossible_values),
      cmocka_unit_test(test_ends_a_track_where_its_events_are_lost),
      cmocka_unit_test(test_reads_tracks_as_long_as_their_data),
      cmocka_unit_test(test_reads_as_many_tracks_as_there_are),
      cmocka_unit_test(test_passes_over_other_chunks),
      cmocka_unit_test(test_finds_a_header_behind_something),
      cmocka_unit_test(test_refuses_music_without_end),
      cmocka_unit_test(test_reads_what_is_left_of_a_file_cut_anywhere),
      cmocka_unit_test(test_survives_any_wrong_byte),
      cmocka_unit_test(test_survives_garbage),
      cmocka_unit_test(test_survives_failing_allocations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
