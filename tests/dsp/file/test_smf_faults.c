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

static void
test_refuses_what_is_no_file(void** state)
{
  MidiFile short_header = {.size = 0};
  (void)state;
  midi_file_add_chunk(&short_header, "MThd", "\0\0\0\1", 4);
  midi_file_add_track(&short_header, TRACK(END));
  assert_refused((MidiFile){"", 0}, CN_STATUS_TRUNCATED, "nothing");
  assert_refused((MidiFile){"Mozart, Sonata KV 331", 21}, CN_STATUS_BAD_SYNTAX, "no MThd");
  assert_refused((MidiFile){"RIFF....RMIDdata\xFF\xFF\xFF\xFF", 20}, CN_STATUS_TRUNCATED, "RIFF");
  assert_refused(short_header, CN_STATUS_BAD_SYNTAX, "too short");
  assert_refused(midi_file_new(2, 0, 24), CN_STATUS_UNSUPPORTED, "formats 0 and 1");
  assert_refused(midi_file_new(0, 1, 24), CN_STATUS_TRUNCATED, "before its last track");
}

static void
test_refuses_impossible_values(void** state)
{
  (void)state;
  assert_refused(midi_file_new(0, 0, 0), CN_STATUS_BAD_VALUE, "division");
  assert_refused(midi_file_new(0, 0, SMPTE(25, 0)), CN_STATUS_BAD_VALUE, "SMPTE");
  assert_refused(midi_file_new(0, 0, SMPTE(26, 4)), CN_STATUS_BAD_VALUE, "SMPTE");
  assert_refused(midi_file_of_track(24, TRACK(0x00, TEMPO(0, 0, 0), END)), CN_STATUS_BAD_VALUE, "tempo");
  assert_refused(midi_file_of_track(24, TRACK(0x00, 0xFF, 0x51, 1, 9, END)), CN_STATUS_BAD_VALUE, "tempo");
  assert_refused(midi_file_of_track(24, TRACK(0x00, METER(0, 2), END)), CN_STATUS_BAD_VALUE,
                 "time signature");
  assert_refused(midi_file_of_track(24, TRACK(0x00, METER(4, 7), END)), CN_STATUS_BAD_VALUE,
                 "time signature");
}

static void
test_says_where_a_track_is_damaged(void** state)
{
  const MidiTrack good = TRACK(0x00, 0x90, 60, 80, END);
  (void)state;
  assert_refused(midi_file_of_tracks(24, good, TRACK(0x00, 60, 80, END)), CN_STATUS_BAD_SYNTAX,
                 "track 2: event at byte 38: running status without status");
  assert_refused(midi_file_of_track(24, TRACK(0x00, 0x90, 60, 0x80, END)), CN_STATUS_BAD_SYNTAX,
                 "event at byte 22: status byte inside of a message");
  assert_refused(midi_file_of_track(24, TRACK(0x00, 0xF4, END)), CN_STATUS_BAD_SYNTAX, "status that");
  assert_refused(midi_file_of_track(24, TRACK(0x80, 0x80, 0x80, 0x80, 0x00, END)), CN_STATUS_BAD_SYNTAX,
                 "more than four bytes");
  assert_refused(midi_file_of_track(24, TRACK(0x00, 0xFF, 0x01, 0xFF, 0xFF, 0xFF, 0x7F, END)),
                 CN_STATUS_TRUNCATED, "cut off");
  assert_refused(midi_file_of_track(24, TRACK(0x00, 0xF0, 0x81, 0x00, END)), CN_STATUS_TRUNCATED, "cut off");
  assert_refused(midi_file_of_track(24, TRACK(0x00, 0x90, 60)), CN_STATUS_TRUNCATED, "cut off");
}

static void
test_refuses_a_chunk_longer_than_the_file(void** state)
{
  MidiFile file = midi_file_of_track(24, TRACK(0x00, 0x90, 60, 80, END));
  (void)state;
  memcpy(file.bytes + 18, "\xFF\xFF\xFF\xFF", 4);
  assert_refused(file, CN_STATUS_TRUNCATED, "chunk at byte 14");
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
  midi_file_add_track(&file, TRACK(CONTINUO, 0x83, 0x60, 0x91, 67, 99, 0x00, 0x99, 35, 99, 0x83, 0x60, 0x81,
                                   67, 0, 0x00, 0xB1, 64, 0, 0x00, 0x91, 70, 1, END));
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
test_refuses_a_file_cut_anywhere(void** state)
{
  const MidiFile file = make_example();
  (void)state;
  for (size_t size = 0; size < file.size; ++size) {
    assert_int_equal(read_anything(file.bytes, size), CN_STATUS_TRUNCATED);
  }
  assert_int_equal(read_anything(file.bytes, file.size), CN_STATUS_SUCCESS);
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
      cmocka_unit_test(test_refuses_impossible_values),
      cmocka_unit_test(test_says_where_a_track_is_damaged),
      cmocka_unit_test(test_refuses_a_chunk_longer_than_the_file),
      cmocka_unit_test(test_refuses_music_without_end),
      cmocka_unit_test(test_refuses_a_file_cut_anywhere),
      cmocka_unit_test(test_survives_any_wrong_byte),
      cmocka_unit_test(test_survives_garbage),
      cmocka_unit_test(test_survives_failing_allocations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
