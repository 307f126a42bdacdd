// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/alloc.h"
#include "tests/support/midi_file.h"
#include "tests/support/strict_smf.h"

#include "dsp/file/smf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MAX_NOTES 300
#define MAX_CHANGES 8

/// A number from 0 to `n` - 1
static unsigned
draw(uint32_t* random, const unsigned n)
{
  *random = *random * 1664525u + 1013904223u;
  return (unsigned)(((uint64_t)*random * n) >> 32);
}

static CnNote
draw_note(uint32_t* random)
{
  const unsigned channel = draw(random, 15);
  return (CnNote){.onset    = (int32_t)draw(random, 2000),
                  .duration = 1 + (int32_t)draw(random, 200),
                  .pitch    = (uint8_t)draw(random, 128),
                  .velocity = (uint8_t)(1 + draw(random, 127)),
                  .channel  = (uint8_t)(channel + (channel >= CN_CHANNEL_DRUMS)),
                  .part     = (uint8_t)draw(random, 2)};
}

static CnScore*
draw_score(uint32_t* random)
{
  CnNote         notes[MAX_NOTES];
  CnTempoChange  tempi[MAX_CHANGES];
  CnMeterChange  meters[MAX_CHANGES];
  CnScore*       score   = NULL;
  const unsigned n_notes = draw(random, MAX_NOTES);
  for (unsigned i = 0; i < n_notes; ++i) {
    notes[i] = draw_note(random);
  }
  for (unsigned i = 0; i < MAX_CHANGES; ++i) {
    const int32_t tick = (int32_t)(200 * i + draw(random, 200));

    tempi[i]  = (CnTempoChange){tick, 1 + draw(random, CN_TEMPO_MAX)};
    meters[i] = (CnMeterChange){tick, (uint8_t)(1 + draw(random, 255)), (uint8_t)(1u << draw(random, 7))};
  }
  assert_int_equal(cn_score_new(notes, n_notes, tempi, draw(random, MAX_CHANGES + 1), meters,
                                draw(random, MAX_CHANGES + 1), &score),
                   CN_STATUS_SUCCESS);
  assert_canonical(score);
  return score;
}

static MidiFile
write_score(const CnScore* score)
{
  MidiFile file = {.size = 0};
  uint8_t* data = NULL;
  assert_int_equal(cn_smf_write(score, &data, &file.size), CN_STATUS_SUCCESS);
  assert_true(file.size <= sizeof(file.bytes));
  memcpy(file.bytes, data, file.size);
  free(data);
  return file;
}

static CnScore*
make_score(const CnNote* notes, const size_t n_notes)
{
  CnScore* score = NULL;
  assert_int_equal(cn_score_new(notes, n_notes, NULL, 0, NULL, 0, &score), CN_STATUS_SUCCESS);
  return score;
}

/// Assert that a score is the same after it was written and read
static void
assert_reads_back(const CnScore* score)
{
  uint8_t* data = NULL;
  size_t   size = 0;
  CnScore* back = NULL;
  assert_int_equal(cn_smf_write(score, &data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(midi_file_read(data, size, &back, CN_NO_FAULT), CN_STATUS_SUCCESS);
  assert_same_music(score, back);
  assert_int_equal(back->info.n_merged + back->info.n_overlaps + back->info.n_dangling, 0);
  assert_float_equal(back->info.on_grid, 1.0, 0.0);
  cn_score_free(back);
  free(data);
}

/// Assert that another reader finds a score's notes and maps in what was written
static void
assert_reads_elsewhere(const CnScore* score)
{
  const long unit = CN_SMF_DIVISION / CN_TICKS_PER_QUARTER;
  uint8_t*   data = NULL;
  size_t     size = 0;
  assert_int_equal(cn_smf_write(score, &data, &size), CN_STATUS_SUCCESS);
  StrictSmf* smf = strict_smf_read(data, size);
  assert_int_equal(smf->division, 960);
  assert_int_equal(smf->n_notes, score->n_notes);
  assert_int_equal(smf->n_tempi, score->n_tempi);
  assert_int_equal(smf->n_metres, score->n_meters);
  for (size_t i = 0; i < score->n_tempi; ++i) {
    assert_true(smf->tempi[i].at == score->tempi[i].tick * unit && smf->tempi[i].a == score->tempi[i].tempo);
  }
  for (size_t i = 0; i < score->n_meters; ++i) {
    assert_true(smf->metres[i].at == score->meters[i].tick * unit &&
                smf->metres[i].a == score->meters[i].numerator &&
                smf->metres[i].b == score->meters[i].denominator);
  }
  for (size_t i = 0; i < score->n_notes; ++i) {
    const CnNote* note = &score->notes[i];
    size_t        k    = 0;
    while (k < smf->n_notes &&
           (smf->notes[k].on != note->onset * unit || smf->notes[k].pitch != note->pitch)) {
      ++k;
    }
    assert_true(k < smf->n_notes);
    assert_int_equal(smf->notes[k].off, (note->onset + note->duration) * unit);
    assert_int_equal(smf->notes[k].velocity, note->velocity);
    assert_int_equal(smf->notes[k].channel, note->channel);
    assert_string_equal(smf->names[smf->notes[k].track], note->part ? "Continuo" : "Phrase");
  }
  free(smf);
  free(data);
}

static void
test_another_reader_finds_the_same(void** state)
{
  uint32_t random = 5;
  (void)state;
  for (int i = 0; i < 50; ++i) {
    CnScore* score = draw_score(&random);
    assert_reads_elsewhere(score);
    cn_score_free(score);
  }
}

static void
test_reads_back_what_it_wrote(void** state)
{
  uint32_t random = 7;
  (void)state;
  for (int i = 0; i < 200; ++i) {
    CnScore* score = draw_score(&random);
    assert_reads_back(score);
    cn_score_free(score);
  }
}

static void
test_writes_these_very_bytes(void** state)
{
  const CnNote   notes[]  = {{0, 24, {0, 1}, 60, 80, 0, CN_PART_MUSICIAN},
                             {24, 12, {0, 1}, 60, 81, 2, CN_PART_CONTINUO}};
  CnScore*       score    = make_score(notes, 2);
  const MidiFile file     = write_score(score);
  MidiFile       expected = midi_file_new(1, 3, 960);
  (void)state;
  midi_file_add_track(&expected,
                      TRACK(0x00, METER(4, 2), 0x00, TEMPO(0x07, 0xA1, 0x20), 0x8B, 0x20, 0xFF, 0x2F, 0x00));
  midi_file_add_track(&expected, TRACK(NAME(6, 'P', 'h', 'r', 'a', 's', 'e'), 0x00, 0x90, 60, 80, 0x87, 0x40,
                                       0x80, 60, 64, END));
  midi_file_add_track(&expected,
                      TRACK(NAME_CONTINUO, MARK, 0x87, 0x40, 0x92, 60, 81, 0x83, 0x60, 0x82, 60, 64, END));
  assert_int_equal(file.size, expected.size);
  assert_memory_equal(file.bytes, expected.bytes, file.size);
  cn_score_free(score);
}

static void
test_writes_no_track_for_an_absent_part(void** state)
{
  CnScore*       score = make_score(NULL, 0);
  const MidiFile file  = write_score(score);
  CnScore*       back  = midi_file_score(&file);
  (void)state;
  assert_int_equal(back->info.n_tracks, 1);
  cn_score_free(back);
  cn_score_free(score);
}

/// Drums and programs are written and read, each track with those of its channels
static void
test_writes_drums_and_programs(void** state)
{
  const CnNote notes[] = {{0, 24, {0, 1}, 60, 80, 2, CN_PART_MUSICIAN},
                          {24, 9, {0, 1}, 60, 80, 3, CN_PART_CONTINUO}};
  CnNote       drum    = {12, 6, {0, 1}, 35, 99, CN_CHANNEL_DRUMS, CN_PART_MUSICIAN};
  CnScore*     score   = make_score(notes, 2);
  (void)state;
  score->sound.drums = malloc(sizeof(drum));
  assert_non_null(score->sound.drums);
  score->sound.drums[0] = drum;
  score->sound.n_drums  = 1;
  for (uint8_t channel = 2; channel < 4; ++channel) {
    const CnProgramChange change = {channel == 2 ? 0 : 6, channel, 40};
    assert_int_equal(cn_sound_add_program(&score->sound, change), CN_STATUS_SUCCESS);
  }
  const MidiFile file = write_score(score);
  CnScore*       back = midi_file_score(&file);
  assert_same_music(score, back);
  assert_int_equal(back->info.n_tracks, 4);
  assert_int_equal(back->sound.n_drums, 1);
  assert_memory_equal(back->sound.drums, &drum, offsetof(CnNote, bar));
  assert_int_equal(back->sound.drums[0].pitch, 35);
  assert_int_equal(back->sound.n_programs, 2);
  assert_int_equal(cn_sound_program(&back->sound, 3, 6), 40);
  cn_score_free(back);
  cn_score_free(score);
}

static void
test_ends_a_note_before_the_next_begins(void** state)
{
  const CnNote notes[] = {
      {0, 24, {0, 1}, 60, 80, 0, 0}, {24, 24, {0, 1}, 60, 80, 0, 0}, {48, 1, {0, 1}, 60, 80, 0, 0}};
  CnScore* score = make_score(notes, 3);
  (void)state;
  assert_reads_back(score);
  cn_score_free(score);
}

static void
test_bridges_silences_beyond_a_number(void** state)
{
  const CnNote notes[] = {{0, 1, {0, 1}, 60, 80, 0, 0}, {CN_SCORE_TICKS_MAX / 2, 1, {0, 1}, 60, 80, 0, 0}};
  CnScore*     score   = make_score(notes, 2);
  (void)state;
  assert_reads_back(score);
  cn_score_free(score);
}

static void
test_keeps_a_silent_end(void** state)
{
  CnScore* score = make_score(NULL, 0);
  (void)state;
  score->end = 960;
  assert_reads_back(score);
  score->end = CN_SCORE_TICKS_MAX;
  assert_reads_back(score);
  cn_score_free(score);
}

static void
test_refuses_values_out_of_range(void** state)
{
  const CnNote note  = {0, 24, {0, 1}, 60, 80, 0, 0};
  CnScore*     score = make_score(&note, 1);
  uint8_t*     data  = NULL;
  size_t       size  = 0;
  (void)state;
  score->notes[0].velocity = 200;
  assert_int_equal(cn_smf_write(score, &data, &size), CN_STATUS_BAD_ARG);
  score->notes[0].velocity = 80;
  score->tempi[0].tempo    = 0;
  assert_int_equal(cn_smf_write(score, &data, &size), CN_STATUS_BAD_ARG);
  assert_null(data);
  cn_score_free(score);
}

static void
test_survives_failing_allocations(void** state)
{
  uint32_t   random = 3;
  CnScore*   score  = draw_score(&random);
  const long live   = test_alloc_live();
  uint8_t*   data   = NULL;
  size_t     size   = 0;
  CnStatus   status = CN_STATUS_NO_MEMORY;
  long       n      = 0;
  (void)state;
  for (; status == CN_STATUS_NO_MEMORY; ++n) {
    assert_null(data);
    assert_int_equal(test_alloc_live(), live);
    test_alloc_fail_at(n);
    status = cn_smf_write(score, &data, &size);
    test_alloc_fail_at(-1);
  }
  assert_int_equal(status, CN_STATUS_SUCCESS);
  assert_true(n > 3);
  free(data);
  assert_int_equal(test_alloc_live(), live);
  cn_score_free(score);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_another_reader_finds_the_same),
      cmocka_unit_test(test_reads_back_what_it_wrote),
      cmocka_unit_test(test_writes_these_very_bytes),
      cmocka_unit_test(test_writes_no_track_for_an_absent_part),
      cmocka_unit_test(test_writes_drums_and_programs),
      cmocka_unit_test(test_ends_a_note_before_the_next_begins),
      cmocka_unit_test(test_bridges_silences_beyond_a_number),
      cmocka_unit_test(test_keeps_a_silent_end),
      cmocka_unit_test(test_refuses_values_out_of_range),
      cmocka_unit_test(test_survives_failing_allocations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
