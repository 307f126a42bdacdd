// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/midi_file.h"

#include "dsp/file/smf.h"
#include "tools/base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
add_big(MidiFile* file, const uint32_t value, const unsigned n)
{
  for (unsigned i = 0; i < n; ++i) {
    file->bytes[file->size++] = (uint8_t)(value >> 8 * (n - 1 - i));
  }
}

void
midi_file_add_chunk(MidiFile* file, const char* type, const void* bytes, const size_t size)
{
  assert_true(size + 8 <= sizeof(file->bytes) - file->size);
  memcpy(file->bytes + file->size, type, 4);
  file->size += 4;
  add_big(file, (uint32_t)size, 4);
  memcpy(file->bytes + file->size, bytes, size);
  file->size += size;
}

MidiFile
midi_file_new(const uint16_t format, const uint16_t n_tracks, const uint16_t division)
{
  MidiFile header = {.size = 0};
  add_big(&header, format, 2);
  add_big(&header, n_tracks, 2);
  add_big(&header, division, 2);

  MidiFile file = {.size = 0};
  midi_file_add_chunk(&file, "MThd", header.bytes, header.size);
  return file;
}

void
midi_file_add_track(MidiFile* file, const MidiTrack track)
{
  midi_file_add_chunk(file, "MTrk", track.bytes, track.size);
}

MidiFile
midi_file_of_track(const uint16_t division, const MidiTrack track)
{
  MidiFile file = midi_file_new(0, 1, division);
  midi_file_add_track(&file, track);
  return file;
}

MidiFile
midi_file_of_tracks(const uint16_t division, const MidiTrack first, const MidiTrack second)
{
  MidiFile file = midi_file_new(1, 2, division);
  midi_file_add_track(&file, first);
  midi_file_add_track(&file, second);
  return file;
}

CnStatus
midi_file_read(const void* bytes, const size_t size, CnScore** score, const CnFault fault)
{
  uint8_t* copy = malloc(size ? size : 1);
  assert_non_null(copy);
  memcpy(copy, bytes, size);
  const CnStatus status = cn_smf_read(copy, size, score, fault);
  free(copy);
  return status;
}

CnScore*
midi_file_score(const MidiFile* file)
{
  char     fault[128] = "";
  CnScore* score      = NULL;
  if (midi_file_read(file->bytes, file->size, &score, CN_FAULT(fault))) {
    fail_msg("%s", fault);
  }
  assert_string_equal(fault, "");
  assert_canonical(score);
  return score;
}

static void
assert_in_order(const CnScore* score)
{
  for (size_t i = 1; i < score->n_notes; ++i) {
    const CnNote* a = &score->notes[i - 1];
    const CnNote* b = &score->notes[i];
    assert_true(a->onset < b->onset || (a->onset == b->onset && a->pitch < b->pitch));
  }
  for (size_t i = 1; i < score->n_tempi; ++i) {
    assert_true(score->tempi[i - 1].tick < score->tempi[i].tick);
  }
  for (size_t i = 1; i < score->n_meters; ++i) {
    assert_true(score->meters[i - 1].tick < score->meters[i].tick);
  }
}

void
assert_canonical(const CnScore* score)
{
  int32_t free_from[128] = {0};
  assert_non_null(score);
  assert_int_equal(cn_score_check(score), CN_STATUS_SUCCESS);
  assert_in_order(score);
  assert_true(score->n_tempi >= 1 && score->tempi[0].tick == 0);
  assert_true(score->n_meters >= 1 && score->meters[0].tick == 0);
  for (size_t i = 0; i < score->n_notes; ++i) {
    const CnNote* note = &score->notes[i];
    assert_true(note->onset >= free_from[note->pitch]);
    free_from[note->pitch] = note->onset + note->duration;
    assert_true(free_from[note->pitch] <= score->end);
    assert_true(note->bar.offset < note->bar.length);
  }
}

void
assert_same_music(const CnScore* a, const CnScore* b)
{
  assert_int_equal(a->n_notes, b->n_notes);
  assert_int_equal(a->n_tempi, b->n_tempi);
  assert_int_equal(a->n_meters, b->n_meters);
  assert_int_equal(a->end, b->end);
  assert_memory_equal(a->tempi, b->tempi, a->n_tempi * sizeof(*a->tempi));
  for (size_t i = 0; i < a->n_notes; ++i) {
    assert_memory_equal(&a->notes[i], &b->notes[i], sizeof(*a->notes));
  }
  for (size_t i = 0; i < a->n_meters; ++i) { // These have padding
    assert_int_equal(a->meters[i].tick, b->meters[i].tick);
    assert_int_equal(a->meters[i].numerator, b->meters[i].numerator);
    assert_int_equal(a->meters[i].denominator, b->meters[i].denominator);
  }
}

void
midi_file_write_notes(const char* const path, const CnNote* const notes, const size_t n_notes,
                      const CnMeterChange* const meters, const size_t n_meters)
{
  CnScore* score = NULL;
  uint8_t* data  = NULL;
  size_t   size  = 0;
  assert_int_equal(cn_score_new(notes, n_notes, NULL, 0, meters, n_meters, &score), CN_STATUS_SUCCESS);
  assert_int_equal(cn_smf_write(score, &data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(cn_file_write(path, data, size), CN_STATUS_SUCCESS);
  free(data);
  cn_score_free(score);
}

void
midi_file_write_quarters(const char* const path, const unsigned n_notes, const uint8_t pitch,
                         const CnMeterChange* const meters, const size_t n_meters)
{
  CnNote* const notes = (CnNote*)calloc(n_notes, sizeof(CnNote));
  assert_non_null(notes);
  for (unsigned i = 0; i < n_notes; ++i) {
    notes[i] = (CnNote){.onset = (int32_t)(24 * i), .duration = 24, .pitch = pitch, .velocity = 64};
  }
  midi_file_write_notes(path, notes, n_notes, meters, n_meters);
  free(notes);
}

CnScore*
midi_file_read_score(const char* const path)
{
  uint8_t* data  = NULL;
  size_t   size  = 0;
  CnScore* score = NULL;
  assert_int_equal(cn_file_read(path, 1 << 20, &data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(cn_smf_read(data, size, &score, CN_NO_FAULT), CN_STATUS_SUCCESS);
  free(data);
  return score;
}
