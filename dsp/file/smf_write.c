// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/file/smf.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX 0x0FFFFFFF // Largest variable-length quantity
#define RELEASE_VELOCITY 64   // MIDI 1.0's value for keyboards that do not measure it
#define CLOCKS_PER_QUARTER 24 // MIDI clocks
#define THIRTY_SECONDS 8      // Notated 32nd notes a quarter

/// A growing file; once there was no memory, nothing more is put into it
typedef struct {
  uint8_t* data;
  size_t   size;
  size_t   capacity;
  int32_t  tick; ///< [ticks] Of the last event in the track
  CnStatus status;
} Buffer;

/// A note begins or ends
typedef struct {
  int32_t tick;
  bool    on;
  uint8_t pitch;
  uint8_t velocity;
  uint8_t channel;
} KeyEvent;

// Bytes

static void
put_bytes(Buffer* buffer, const void* bytes, const size_t n)
{
  if (buffer->status == CN_STATUS_SUCCESS && n > buffer->capacity - buffer->size) {
    const size_t capacity = 2 * buffer->capacity + n + 256;
    uint8_t*     data     = realloc(buffer->data, capacity);
    buffer->status        = data ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
    buffer->data          = data ? data : buffer->data;
    buffer->capacity      = data ? capacity : buffer->capacity;
  }
  if (buffer->status == CN_STATUS_SUCCESS) {
    memcpy(buffer->data + buffer->size, bytes, n);
    buffer->size += n;
  }
}

static void
store_big(uint8_t* bytes, const uint32_t value, const unsigned n)
{
  for (unsigned i = 0; i < n; ++i) {
    bytes[i] = (uint8_t)(value >> 8 * (n - 1 - i));
  }
}

static void
put_big(Buffer* buffer, const uint32_t value, const unsigned n)
{
  uint8_t bytes[4];
  store_big(bytes, value, n);
  put_bytes(buffer, bytes, n);
}

/// Put a variable-length quantity
static void
put_number(Buffer* buffer, const uint32_t number)
{
  uint8_t bytes[4];
  size_t  n = 0;
  for (int shift = 21; shift >= 0; shift -= 7) {
    if (number >> shift || shift == 0) {
      bytes[n++] = (uint8_t)((number >> shift & 0x7F) | (shift ? 0x80 : 0));
    }
  }
  put_bytes(buffer, bytes, n);
}

// Events

static void
put_meta(Buffer* buffer, const uint8_t type, const void* data, const uint8_t size)
{
  put_bytes(buffer, (const uint8_t[]){0xFF, type, size}, 3);
  put_bytes(buffer, data, size);
}

/// Put the time of an event at `tick`; silences beyond a number's range are bridged by empty texts
static void
put_time(Buffer* buffer, const int32_t tick)
{
  int64_t delta = (int64_t)(tick - buffer->tick) * (CN_SMF_DIVISION / CN_TICKS_PER_QUARTER);
  for (; delta > NUMBER_MAX; delta -= NUMBER_MAX) {
    put_number(buffer, NUMBER_MAX);
    put_meta(buffer, 0x01, "", 0);
  }
  put_number(buffer, (uint32_t)delta);
  buffer->tick = tick;
}

static void
put_tempo(Buffer* buffer, const CnTempoChange* change)
{
  uint8_t data[3];
  store_big(data, change->tempo, 3);
  put_time(buffer, change->tick);
  put_meta(buffer, 0x51, data, sizeof(data));
}

static void
put_meter(Buffer* buffer, const CnMeterChange* change)
{
  uint8_t data[] = {change->numerator, 0, CLOCKS_PER_QUARTER, THIRTY_SECONDS};
  while (1 << data[1] < change->denominator) {
    ++data[1];
  }
  put_time(buffer, change->tick);
  put_meta(buffer, 0x58, data, sizeof(data));
}

// Tracks

/// Begin a track; its length is stored by end_track()
static size_t
begin_track(Buffer* buffer, const char* name, const char* text)
{
  buffer->tick = 0;
  put_bytes(buffer, "MTrk\0\0\0", 8);
  const size_t start = buffer->size;
  if (name) {
    put_time(buffer, 0);
    put_meta(buffer, 0x03, name, (uint8_t)strlen(name));
  }
  if (text) {
    put_time(buffer, 0);
    put_meta(buffer, 0x01, text, (uint8_t)strlen(text));
  }
  return start;
}

static void
end_track(Buffer* buffer, const size_t start, const int32_t tick)
{
  put_time(buffer, tick);
  put_meta(buffer, 0x2F, "", 0);
  if (buffer->status != CN_STATUS_SUCCESS) {
    return;
  }

  const size_t length = buffer->size - start;
  if (length > UINT32_MAX) {
    buffer->status = CN_STATUS_TOO_LARGE;
    return;
  }
  store_big(buffer->data + start - 4, (uint32_t)length, 4);
}

static void
put_conductor(Buffer* buffer, const CnScore* score)
{
  const size_t start = begin_track(buffer, NULL, NULL);
  size_t       t     = 0;
  size_t       m     = 0;
  while (t < score->n_tempi || m < score->n_meters) {
    if (m < score->n_meters && (t == score->n_tempi || score->meters[m].tick <= score->tempi[t].tick)) {
      put_meter(buffer, &score->meters[m++]);
    } else {
      put_tempo(buffer, &score->tempi[t++]);
    }
  }
  end_track(buffer, start, score->end > buffer->tick ? score->end : buffer->tick);
}

/// Order by tick; at one tick, notes end before others begin
static int
compare_keys(const void* a, const void* b)
{
  const KeyEvent* x = a;
  const KeyEvent* y = b;
  if (x->tick != y->tick) {
    return x->tick < y->tick ? -1 : 1;
  }
  if (x->on != y->on) {
    return (int)x->on - y->on;
  }
  return x->pitch != y->pitch ? (int)x->pitch - y->pitch : (int)x->channel - y->channel;
}

/// Collect the events of a part's notes; `events` has space for twice the notes
static size_t
collect_keys(const CnNote* notes, const size_t n_notes, const CnPart part, KeyEvent* events)
{
  size_t n = 0;
  for (size_t i = 0; i < n_notes; ++i) {
    const CnNote* note = &notes[i];
    if (note->part == part) {
      const int32_t end = note->onset + note->duration;
      events[n++]       = (KeyEvent){note->onset, true, note->pitch, note->velocity, note->channel};
      events[n++]       = (KeyEvent){end, false, note->pitch, RELEASE_VELOCITY, note->channel};
    }
  }
  qsort(events, n, sizeof(*events), compare_keys);
  return n;
}

/// Put the programs of some channels, as bits, that are told up to a tick; returns the number of the next one
static size_t
put_programs(Buffer* buffer, const CnSound* sound, size_t next, const unsigned channels, const int32_t tick)
{
  for (; next < sound->n_programs && sound->programs[next].tick <= tick; ++next) {
    const CnProgramChange* change = &sound->programs[next];
    if (channels >> change->channel & 1) {
      put_time(buffer, change->tick);
      put_bytes(buffer, (const uint8_t[]){(uint8_t)(0xC0u | change->channel), change->program}, 2);
    }
  }
  return next;
}

static void
put_part(Buffer* buffer, const char* name, const char* text, const CnSound* sound, const KeyEvent* events,
         const size_t n)
{
  const size_t start    = begin_track(buffer, name, text);
  unsigned     channels = 0;
  size_t       program  = 0;
  for (size_t i = 0; i < n; ++i) {
    channels |= 1u << events[i].channel;
  }
  for (size_t i = 0; i < n; ++i) {
    const KeyEvent* event  = &events[i];
    const unsigned  status = (event->on ? 0x90u : 0x80u) | event->channel;
    program                = put_programs(buffer, sound, program, channels, event->tick);
    put_time(buffer, event->tick);
    put_bytes(buffer, (const uint8_t[]){(uint8_t)status, event->pitch, event->velocity}, 3);
  }
  end_track(buffer, start, buffer->tick);
}

// The file

static bool
has_part(const CnScore* score, const CnPart part)
{
  for (size_t i = 0; i < score->n_notes; ++i) {
    if (score->notes[i].part == part) {
      return true;
    }
  }
  return false;
}

static void
put_file(Buffer* buffer, const CnScore* score, KeyEvent* events)
{
  const CnSound* sound    = &score->sound;
  const bool     phrase   = has_part(score, CN_PART_MUSICIAN);
  const bool     continuo = has_part(score, CN_PART_CONTINUO);
  const bool     drums    = sound->n_drums > 0;

  put_bytes(buffer, "MThd", 4);
  put_big(buffer, 6, 4);
  put_big(buffer, 1, 2);
  put_big(buffer, 1u + phrase + continuo + drums, 2);
  put_big(buffer, CN_SMF_DIVISION, 2);
  put_conductor(buffer, score);
  if (phrase) {
    put_part(buffer, CN_SMF_TRACK_PHRASE, NULL, sound, events,
             collect_keys(score->notes, score->n_notes, CN_PART_MUSICIAN, events));
  }
  if (continuo) {
    put_part(buffer, CN_SMF_TRACK_CONTINUO, CN_SMF_MARK, sound, events,
             collect_keys(score->notes, score->n_notes, CN_PART_CONTINUO, events));
  }
  if (drums) {
    put_part(buffer, CN_SMF_TRACK_DRUMS, NULL, sound, events,
             collect_keys(sound->drums, sound->n_drums, CN_PART_MUSICIAN, events));
  }
}

CnStatus
cn_smf_write(const CnScore* score, uint8_t** data, size_t* size)
{
  *data = NULL;
  *size = 0;
  CN_TRY(cn_score_check(score));

  Buffer    buffer = {.status = CN_STATUS_NO_MEMORY};
  KeyEvent* events = calloc(2 * (score->n_notes + score->sound.n_drums) + 1, sizeof(*events));
  if (events) {
    buffer.status = CN_STATUS_SUCCESS;
    put_file(&buffer, score, events);
    free(events);
  }

  if (buffer.status != CN_STATUS_SUCCESS) {
    free(buffer.data);
    return buffer.status;
  }
  *data = buffer.data;
  *size = buffer.size;
  return CN_STATUS_SUCCESS;
}
