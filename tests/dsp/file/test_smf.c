// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/midi_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void
assert_note(const CnScore* score, const size_t i, const int32_t onset, const int pitch,
            const int32_t duration)
{
  assert_true(i < score->n_notes);
  assert_int_equal(score->notes[i].onset, onset);
  assert_int_equal(score->notes[i].pitch, pitch);
  assert_int_equal(score->notes[i].duration, duration);
}

/// The only note of a file
static void
assert_single(const MidiFile* file, const int32_t onset, const int pitch, const int32_t duration)
{
  CnScore* score = midi_file_score(file);
  assert_int_equal(score->n_notes, 1);
  assert_note(score, 0, onset, pitch, duration);
  cn_score_free(score);
}

// What a file says

static void
test_reads_notes_of_all_tracks(void** state)
{
  const MidiFile file  = midi_file_of_tracks(96, TRACK(0x60, 0x93, 64, 90, 0x60, 0x83, 64, 0, END),
                                             TRACK(MARK, 0x00, 0x90, 60, 70, 0x81, 0x40, 0x80, 60, 0, END));
  CnScore*       score = midi_file_score(&file);
  (void)state;
  assert_int_equal(score->n_notes, 2);
  assert_note(score, 0, 0, 60, 48);
  assert_int_equal(score->notes[0].velocity, 70);
  assert_int_equal(score->notes[0].channel, 0);
  assert_int_equal(score->notes[0].part, CN_PART_CONTINUO);
  assert_note(score, 1, 24, 64, 24);
  assert_int_equal(score->notes[1].velocity, 90);
  assert_int_equal(score->notes[1].channel, 3);
  assert_int_equal(score->notes[1].part, CN_PART_MUSICIAN);
  assert_int_equal(score->end, 48);
  assert_int_equal(score->info.format, 1);
  assert_int_equal(score->info.n_tracks, 2);
  assert_int_equal(score->info.division, 96);
  assert_int_equal(score->info.channels, 1 << 0 | 1 << 3);
  cn_score_free(score);
}

static void
test_keeps_running_status_past_meta_and_exclusive(void** state)
{
  const MidiFile file =
      midi_file_of_track(24, TRACK(0x00, 0x90, 60, 80, 0x00, 0xFF, 0x01, 2, 0x90, 0x91, 0x00, 0xF0, 2, 0x7E,
                                   0xF7, 0x18, 60, 0, 0x00, 0xC0, 5, 0x00, 6, 0x00, 0xF7, 1, 0xF1, END));
  (void)state;
  assert_single(&file, 0, 60, 24);
}

static void
test_takes_a_track_by_any_name_for_the_musician(void** state)
{
  const MidiFile file  = midi_file_of_track(24, TRACK(NAME_CONTINUO, 0x00, 0x90, 60, 80, 0x18, 60, 0, END));
  CnScore*       score = midi_file_score(&file);
  (void)state;
  assert_int_equal(score->notes[0].part, CN_PART_MUSICIAN);
  cn_score_free(score);
}

static void
test_rounds_to_the_nearest_tick(void** state)
{
  // 20 file ticks a tick: onset 9 is tick 0, 30 is tick 2 (a half goes up), 45 is off the grid by a quarter
  const MidiFile file = midi_file_of_track(
      480, TRACK(0x09, 0x90, 60, 80, 0x01, 60, 0, 0x14, 62, 80, 0x0F, 62, 0, 0x00, 64, 80, 0x23, 64, 0, END));
  CnScore* score = midi_file_score(&file);
  (void)state;
  assert_int_equal(score->n_notes, 3);
  assert_note(score, 0, 0, 60, 1);
  assert_note(score, 1, 2, 62, 1);
  assert_note(score, 2, 2, 64, 2);
  assert_float_equal(score->info.on_grid, 1.0 / 3.0, 1e-6);
  cn_score_free(score);
}

static void
test_ends_a_note_struck_again(void** state)
{
  const MidiFile file =
      midi_file_of_track(24, TRACK(0x00, 0x90, 60, 80, 0x06, 60, 81, 0x06, 60, 0, 0x06, 60, 0, END));
  CnScore* score = midi_file_score(&file);
  (void)state;
  assert_int_equal(score->n_notes, 2);
  assert_note(score, 0, 0, 60, 6); // A key sounds but once
  assert_note(score, 1, 6, 60, 12);
  assert_int_equal(score->info.n_overlaps, 1);
  cn_score_free(score);
}

// As notation programs write it: struck again at the tick where the old note ends, and only then let go
static void
test_keeps_a_note_struck_where_another_ends(void** state)
{
  const MidiFile file =
      midi_file_of_track(24, TRACK(0x00, 0x90, 60, 80, 0x06, 60, 81, 0x00, 60, 0, 0x0C, 60, 0, END));
  CnScore* score = midi_file_score(&file);
  (void)state;
  assert_int_equal(score->n_notes, 2);
  assert_note(score, 0, 0, 60, 6);
  assert_note(score, 1, 6, 60, 12);
  assert_int_equal(score->info.n_overlaps, 0);
  assert_int_equal(score->info.n_dangling, 0);
  cn_score_free(score);
}

// Offs are missing: each strike ends the note before, and only the last one lasts
static void
test_ends_notes_of_a_key_that_lacks_releases(void** state)
{
  const MidiFile file =
      midi_file_of_track(24, TRACK(0x00, 0x90, 60, 80, 0x06, 60, 81, 0x06, 60, 82, 0x06, 60, 0, 0x06, 62, 80,
                                   0x06, 62, 0, 0x06, 60, 83, 0x06, 60, 0, END));
  CnScore* score = midi_file_score(&file);
  (void)state;
  assert_int_equal(score->n_notes, 5);
  assert_note(score, 0, 0, 60, 6);
  assert_note(score, 1, 6, 60, 6);
  assert_note(score, 2, 12, 60, 6);
  assert_note(score, 4, 36, 60, 6);
  assert_int_equal(score->info.n_dangling, 0);
  cn_score_free(score);
}

static void
test_counts_keys_by_channel(void** state)
{
  const MidiFile file = midi_file_of_track(
      24, TRACK(0x00, 0x90, 60, 80, 0x06, 0x91, 60, 81, 0x06, 0x91, 60, 0, 0x06, 0x90, 60, 0, END));
  CnScore* score = midi_file_score(&file);
  (void)state;
  assert_int_equal(score->n_notes, 2);
  assert_note(score, 1, 6, 60, 6);
  cn_score_free(score);
}

static void
test_merges_a_note_struck_twice_at_once(void** state)
{
  const MidiFile file  = midi_file_of_track(24, TRACK(0x00, 0x90, 60, 80, 0x00, 60, 90, 0x06, 60, 0, END));
  CnScore*       score = midi_file_score(&file);
  (void)state;
  assert_int_equal(score->n_notes, 1);
  assert_note(score, 0, 0, 60, 6);
  assert_int_equal(score->notes[0].velocity, 90);
  assert_int_equal(score->info.n_merged, 1);
  assert_int_equal(score->info.n_overlaps, 0);
  cn_score_free(score);
}

static void
test_gives_a_note_of_no_length_one_tick(void** state)
{
  const MidiFile file = midi_file_of_track(24, TRACK(0x02, 0x90, 60, 80, 0x00, 60, 0, END));
  (void)state;
  assert_single(&file, 2, 60, 1);
}

static void
test_ends_a_dangling_note_with_its_track(void** state)
{
  const MidiFile file  = midi_file_of_track(24, TRACK(0x00, 0x90, 60, 80, 0x30, 0xFF, 0x2F, 0));
  CnScore*       score = midi_file_score(&file);
  (void)state;
  assert_note(score, 0, 0, 60, 48);
  assert_int_equal(score->info.n_dangling, 1);
  cn_score_free(score);
}

static void
test_keeps_drums_apart_and_pitches_beyond_the_piano(void** state)
{
  const MidiFile file =
      midi_file_of_track(24, TRACK(0x00, 0x99, 40, 80, 0x02, 40, 0, 0x00, 0x90, 20, 80, 0x02, 20, 0, 0x00, 21,
                                   80, 0x02, 21, 0, 0x00, 109, 80, 0x02, 109, 0, END));
  CnScore* score = midi_file_score(&file);
  (void)state;
  assert_int_equal(score->n_notes, 3);
  assert_int_equal(score->sound.n_drums, 1);
  assert_int_equal(score->info.n_outside, 2);
  assert_int_equal(score->info.channels, 1 << 0 | 1 << 9);
  cn_score_free(score);
}

/// A pedal and a note of one quarter; both keys are let go at 24
#define PEDAL(value) 0xB0, 64, value

static void
assert_heard(const MidiFile file, const size_t i, const int32_t duration, const int32_t heard)
{
  CnScore* score = midi_file_score(&file);
  assert_true(i < score->n_notes);
  assert_int_equal(score->notes[i].duration, duration);
  cn_score_sustain(score);
  assert_canonical(score);
  assert_int_equal(score->notes[i].duration, heard);
  assert_int_equal(score->info.n_overlaps, 0);
  cn_score_free(score);
}

static void
test_hears_what_the_pedal_holds(void** state)
{
  (void)state;
#define ON 0x00, 0x90, 60, 80
#define OFF 0x18, 0x80, 60, 0
  // Down before the end, up later; a half pedal is one, too
  assert_heard(midi_file_of_track(24, TRACK(ON, 0x06, PEDAL(127), 0x12, 0x80, 60, 0, 0x18, PEDAL(0), END)), 0,
               24, 48);
  assert_heard(midi_file_of_track(24, TRACK(0x00, PEDAL(64), ON, OFF, 0x08, PEDAL(70), 0x10, PEDAL(63), END)),
               0, 24, 48);
  // Not below half; not if it goes down where the note ends, nor up
  assert_heard(midi_file_of_track(24, TRACK(0x00, PEDAL(63), ON, OFF, 0x18, PEDAL(0), END)), 0, 24, 24);
  assert_heard(midi_file_of_track(24, TRACK(ON, OFF, 0x00, PEDAL(127), 0x18, PEDAL(0), END)), 0, 24, 24);
  assert_heard(midi_file_of_track(24, TRACK(0x00, PEDAL(127), ON, 0x18, PEDAL(0), 0x00, 0x80, 60, 0, END)), 0,
               24, 24);
  // Never lifted: to the end of all tracks; another channel's is another pedal
  assert_heard(midi_file_of_tracks(24, TRACK(0x00, PEDAL(127), END),
                                   TRACK(ON, OFF, 0x48, 0x90, 62, 9, 0x18, 62, 0, END)),
               0, 24, 120);
  assert_heard(midi_file_of_track(24, TRACK(0x00, 0xB1, 64, 127, ON, OFF, 0x18, 0xB1, 64, 0, END)), 0, 24,
               24);
  // Until the key is struck again
  assert_heard(
      midi_file_of_track(24, TRACK(0x00, PEDAL(127), ON, OFF, 0x18, 0x90, 60, 80, OFF, 0x00, PEDAL(0), END)),
      0, 24, 48);
#undef ON
#undef OFF
}

static void
test_reads_programs(void** state)
{
  const MidiFile file = midi_file_of_tracks(
      24, TRACK(0x00, 0xC0, 5, 0x00, 0xC0, 6, 0x18, 0xC0, 6, 0x18, 0xC0, 7, END), TRACK(0x0C, 0xC3, 40, END));
  CnScore* score = midi_file_score(&file);
  (void)state;
  assert_int_equal(score->sound.n_programs, 3); // The last at a tick, and where it is another one
  assert_int_equal(cn_sound_program(&score->sound, 0, 0), 6);
  assert_int_equal(cn_sound_program(&score->sound, 0, 47), 6);
  assert_int_equal(cn_sound_program(&score->sound, 0, 48), 7);
  assert_int_equal(cn_sound_program(&score->sound, 3, 11), -1);
  assert_int_equal(cn_sound_program(&score->sound, 3, 12), 40);
  cn_score_free(score);
}

static void
test_ignores_what_is_not_music(void** state)
{
  MidiFile file = midi_file_new(1, 1, 24);
  (void)state;
  midi_file_add_chunk(&file, "XFIH", "\x90\x91\x92", 3);
  midi_file_add_track(&file, TRACK(0x00, 0x90, 60, 80, 0x18, 60, 0)); // No end of track
  midi_file_add_track(&file, TRACK(0xFF));                            // Not announced
  assert_single(&file, 0, 60, 24);
}

static void
test_reads_a_long_header(void** state)
{
  MidiFile file = {.size = 0};
  (void)state;
  midi_file_add_chunk(&file, "MThd", "\0\0\0\1\0\x18..", 8);
  midi_file_add_track(&file, TRACK(0x00, 0x90, 60, 80, 0x18, 60, 0, END));
  assert_single(&file, 0, 60, 24);
}

static void
test_unwraps_riff(void** state)
{
  const MidiFile inner = midi_file_of_track(24, TRACK(0x00, 0x90, 60, 80, 0x18, 60, 0, END));
  MidiFile       file  = {"RIFF....RMIDDISP\1\0\0\0x\0data", 26};
  (void)state;
  memcpy(file.bytes + file.size, (const uint8_t[]){(uint8_t)inner.size, 0, 0, 0}, 4);
  memcpy(file.bytes + file.size + 4, inner.bytes, inner.size);
  file.size += 4 + inner.size;
  assert_single(&file, 0, 60, 24);
}

// Time

static void
test_assumes_120_bpm_and_four_four(void** state)
{
  const MidiFile file  = midi_file_of_track(24, TRACK(0x81, 0x00, 0x90, 60, 80, 0x18, 60, 0, END));
  CnScore*       score = midi_file_score(&file);
  (void)state;
  assert_float_equal(cn_score_seconds(score, 48), 1.0, 1e-6);
  assert_int_equal(score->notes[0].bar.offset, 128 - 96);
  assert_int_equal(score->notes[0].bar.length, 96);
  cn_score_free(score);
}

static void
test_reads_tempo_and_metre(void** state)
{
  const MidiFile file =
      midi_file_of_tracks(24,
                          TRACK(0x00, METER(3, 2), 0x00, TEMPO(0x0F, 0x42, 0x40), 0x48, METER(6, 3), 0x00,
                                TEMPO(0, 0, 1), 0x00, TEMPO(0x03, 0xD0, 0x90), END),
                          TRACK(0x4C, 0x90, 60, 80, 0x18, 60, 0, END));
  CnScore* score = midi_file_score(&file);
  (void)state;
  assert_int_equal(score->n_tempi, 2); // The last at tick 72 counts
  assert_float_equal(cn_score_seconds(score, 72 + 24), 3.0 + 0.25, 1e-6);
  assert_int_equal(score->n_meters, 2);
  assert_int_equal(score->notes[0].bar.offset, 4);
  assert_int_equal(score->notes[0].bar.length, 72);
  cn_score_free(score);
}

static void
test_orders_tempi_of_several_tracks(void** state)
{
  const MidiFile file  = midi_file_of_tracks(24, TRACK(0x18, TEMPO(0x0F, 0x42, 0x40), END),
                                             TRACK(0x00, TEMPO(0x03, 0xD0, 0x90), END));
  CnScore*       score = midi_file_score(&file);
  (void)state;
  assert_int_equal(score->n_tempi, 2);
  assert_float_equal(cn_score_seconds(score, 48), 1.25, 1e-6);
  cn_score_free(score);
}

static void
test_reads_smpte_times_at_120_bpm(void** state)
{
  // A second is two quarters; 29 stands for 29.97 frames a second, 2997 units
  const MidiFile at_25 =
      midi_file_of_track(SMPTE(25, 40), TRACK(0x87, 0x68, 0x90, 60, 80, 0x83, 0x74, 60, 0, END));
  const MidiFile at_29 =
      midi_file_of_track(SMPTE(29, 100), TRACK(0x92, 0xA5, 0x34, 0x90, 60, 80, 0x8B, 0x5A, 60, 0, END));
  (void)state;
  assert_single(&at_25, 48, 60, 24);
  assert_single(&at_29, 4800, 60, 24);
}

static void
test_reads_smpte_times_through_the_tempo_map(void** state)
{
  // 60 BPM from 1 s to 2 s, then 240, told by the track that comes last: 2.5 s are five quarters
  const MidiFile file = midi_file_of_tracks(
      SMPTE(25, 40), TRACK(0x93, 0x44, 0x90, 60, 80, 0x83, 0x74, 60, 0, END),
      TRACK(0x87, 0x68, TEMPO(0x0F, 0x42, 0x40), 0x87, 0x68, TEMPO(0x03, 0xD0, 0x90), END));
  CnScore* score = midi_file_score(&file);
  (void)state;
  assert_note(score, 0, 120, 60, 48);
  assert_float_equal(cn_score_seconds(score, 120), 2.5, 1e-6);
  cn_score_free(score);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_reads_notes_of_all_tracks),
      cmocka_unit_test(test_keeps_running_status_past_meta_and_exclusive),
      cmocka_unit_test(test_takes_a_track_by_any_name_for_the_musician),
      cmocka_unit_test(test_rounds_to_the_nearest_tick),
      cmocka_unit_test(test_ends_a_note_struck_again),
      cmocka_unit_test(test_keeps_a_note_struck_where_another_ends),
      cmocka_unit_test(test_ends_notes_of_a_key_that_lacks_releases),
      cmocka_unit_test(test_counts_keys_by_channel),
      cmocka_unit_test(test_merges_a_note_struck_twice_at_once),
      cmocka_unit_test(test_gives_a_note_of_no_length_one_tick),
      cmocka_unit_test(test_ends_a_dangling_note_with_its_track),
      cmocka_unit_test(test_keeps_drums_apart_and_pitches_beyond_the_piano),
      cmocka_unit_test(test_hears_what_the_pedal_holds),
      cmocka_unit_test(test_reads_programs),
      cmocka_unit_test(test_ignores_what_is_not_music),
      cmocka_unit_test(test_reads_a_long_header),
      cmocka_unit_test(test_unwraps_riff),
      cmocka_unit_test(test_assumes_120_bpm_and_four_four),
      cmocka_unit_test(test_reads_tempo_and_metre),
      cmocka_unit_test(test_orders_tempi_of_several_tracks),
      cmocka_unit_test(test_reads_smpte_times_at_120_bpm),
      cmocka_unit_test(test_reads_smpte_times_through_the_tempo_map),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
