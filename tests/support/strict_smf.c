// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/strict_smf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/// Where we are in the bytes, and where they end
typedef struct {
  const uint8_t* at;
  const uint8_t* end;
  unsigned       track;
  long           tick;
  size_t         open[16][128]; ///< 1 + number of the note that sounds
} Cursor;

static unsigned
next(Cursor* const cursor)
{
  assert_true(cursor->at < cursor->end);
  return *cursor->at++;
}

static unsigned long
next_big(Cursor* const cursor, const int n)
{
  unsigned long number = 0;
  for (int i = 0; i < n; ++i) {
    number = number * 256 + next(cursor);
  }
  return number;
}

static unsigned long
next_number(Cursor* const cursor)
{
  unsigned long number = 0;
  for (int i = 0; i < 4; ++i) {
    const unsigned byte = next(cursor);
    number              = number * 128 + byte % 128;
    if (byte < 128) {
      return number;
    }
  }
  fail_msg("a number of more than four bytes");
  return 0;
}

static unsigned
next_data(Cursor* const cursor)
{
  const unsigned byte = next(cursor);
  assert_true(byte < 128);
  return byte;
}

static void
add_change(StrictChange* const changes, size_t* const n, const StrictChange change)
{
  assert_true(*n < STRICT_MAX);
  changes[(*n)++] = change;
}

static void
strike(StrictSmf* const smf, Cursor* const cursor, const unsigned channel)
{
  const unsigned pitch    = next_data(cursor);
  const unsigned velocity = next_data(cursor);
  assert_true(velocity > 0);
  assert_int_equal(cursor->open[channel][pitch], 0);
  assert_true(smf->n_notes < STRICT_MAX);
  smf->notes[smf->n_notes]     = (StrictNote){cursor->tick, -1, cursor->track, channel, pitch, velocity};
  cursor->open[channel][pitch] = ++smf->n_notes;
}

static void
let_go(StrictSmf* const smf, Cursor* const cursor, const unsigned channel)
{
  const unsigned pitch = next_data(cursor);
  next_data(cursor);
  assert_true(cursor->open[channel][pitch] > 0);
  StrictNote* const note = &smf->notes[cursor->open[channel][pitch] - 1];
  assert_true(cursor->tick > note->on);
  note->off                    = cursor->tick;
  cursor->open[channel][pitch] = 0;
}

static void
read_text(Cursor* const cursor, char* const text, const size_t size, const unsigned long length)
{
  assert_true(length < size);
  for (unsigned long i = 0; i < length; ++i) {
    text[i] = (char)next(cursor);
  }
  text[length] = '\0';
}

/// Read a meta event; 0 at the end of the track
static int
read_meta(StrictSmf* const smf, Cursor* const cursor)
{
  const unsigned      type   = next(cursor);
  const unsigned long length = next_number(cursor);
  unsigned            first  = 0;
  switch (type) {
  case 0x2F:
    assert_int_equal(length, 0);
    return 0;
  case 0x01:
    read_text(cursor, smf->texts[cursor->track], sizeof(smf->texts[0]), length);
    return 1;
  case 0x03:
    assert_int_equal(cursor->tick, 0);
    read_text(cursor, smf->names[cursor->track], sizeof(smf->names[0]), length);
    return 1;
  case 0x51:
    assert_true(length == 3 && cursor->track == 0);
    first = (unsigned)next_big(cursor, 3);
    add_change(smf->tempi, &smf->n_tempi, (StrictChange){cursor->tick, first, 0});
    return 1;
  case 0x58:
    assert_true(length == 4 && cursor->track == 0);
    first = next(cursor);
    add_change(smf->metres, &smf->n_metres, (StrictChange){cursor->tick, first, 1U << next(cursor)});
    next_big(cursor, 2);
    return 1;
  default:
    fail_msg("an event that nobody asked for: %u", type);
    return 0;
  }
}

/// Read an event; 0 at the end of the track
static int
read_event(StrictSmf* const smf, Cursor* const cursor)
{
  cursor->tick += (long)next_number(cursor);
  const unsigned status = next(cursor);
  switch (status / 16) {
  case 0x8:
    let_go(smf, cursor, status % 16);
    return 1;
  case 0x9:
    strike(smf, cursor, status % 16);
    return 1;
  case 0xC:
    add_change(smf->programs, &smf->n_programs, (StrictChange){cursor->tick, status % 16, next_data(cursor)});
    return 1;
  default:
    assert_int_equal(status, 0xFF);
    return read_meta(smf, cursor);
  }
}

static void
read_track(StrictSmf* const smf, Cursor* const file, const unsigned track)
{
  assert_true(file->end - file->at >= 8);
  assert_memory_equal(file->at, "MTrk", 4);
  file->at += 4;
  const unsigned long length = next_big(file, 4);
  assert_true(length <= (unsigned long)(file->end - file->at));
  Cursor* const cursor = (Cursor*)calloc(1, sizeof(Cursor));
  assert_non_null(cursor);
  cursor->at    = file->at;
  cursor->end   = file->at + length;
  cursor->track = track;
  while (read_event(smf, cursor)) {
  }
  assert_ptr_equal(cursor->at, cursor->end);
  for (size_t i = 0; i < 16 * 128; ++i) {
    assert_int_equal(cursor->open[i / 128][i % 128], 0);
  }
  file->at = cursor->end;
  free(cursor);
}

StrictSmf*
strict_smf_read(const uint8_t* const data, const size_t size)
{
  StrictSmf* const smf  = (StrictSmf*)calloc(1, sizeof(StrictSmf));
  Cursor* const    file = (Cursor*)calloc(1, sizeof(Cursor));
  assert_true(smf && file);
  file->at  = data;
  file->end = data + size;
  assert_true(size >= 14);
  assert_memory_equal(data, "MThd\0\0\0\6\0\1", 10);
  file->at += 10;
  smf->n_tracks = (unsigned)next_big(file, 2);
  smf->division = (unsigned)next_big(file, 2);
  assert_in_range(smf->n_tracks, 1, STRICT_TRACKS);
  for (unsigned t = 0; t < smf->n_tracks; ++t) {
    read_track(smf, file, t);
  }
  assert_ptr_equal(file->at, file->end);
  free(file);
  return smf;
}

StrictSmf*
strict_smf_load(const char* const path)
{
  static uint8_t data[1 << 18];
  FILE* const    file = fopen(path, "rb");
  assert_non_null(file);
  const size_t size = fread(data, 1, sizeof(data), file);
  assert_true(size < sizeof(data));
  fclose(file);
  return strict_smf_read(data, size);
}
