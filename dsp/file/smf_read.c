// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

// Reading takes two passes: here bytes become events at file times, track by track; then, with the tempo
// map complete, smf_events.c turns file times into ticks.

#include "dsp/file/smf.h"

#include "dsp/file/smf_events.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define N_CHANNELS 16
#define N_PITCHES 128

#define CHUNK_HEAD 8    // [bytes] Type and length
#define HEADER_LENGTH 6 // [bytes] Format, number of tracks, division
#define RIFF_HEAD 12    // [bytes] "RIFF", length, "RMID"

typedef enum {
  META_TRACK_NAME   = 0x03,
  META_END_OF_TRACK = 0x2F,
  META_TEMPO        = 0x51,
  META_METER        = 0x58,
} MetaType;

/// The bytes, where we are in them, and what they told
typedef struct {
  const uint8_t* data;
  size_t         at;    ///< Next byte to read
  size_t         limit; ///< End of the chunk or file that is read
  size_t         event; ///< Where the event that is read begins
  unsigned       track; ///< Number of the track that is read, from 1
  CnSmfEvents    events;
  CnFault        fault;
} Reader;

/// What lasts from event to event of a track
typedef struct {
  int64_t time;    ///< File time
  uint8_t running; ///< Running status, or 0
  uint8_t part;    ///< CnPart of all its notes
  bool    ended;
  size_t  held[N_CHANNELS][N_PITCHES]; ///< 1 + index of the note that sounds, or 0
} Track;

// Faults

static CnStatus
fail_chunk(const Reader* reader, const CnStatus status, const char* what)
{
  return cn_fault_set(reader->fault, status, "chunk at byte %zu: %s", reader->at, what);
}

static CnStatus
fail_event(const Reader* reader, const CnStatus status, const char* what)
{
  return cn_fault_set(reader->fault, status, "track %u: event at byte %zu: %s", reader->track, reader->event,
                      what);
}

// Bytes

static uint32_t
read_big(const uint8_t* bytes, const unsigned n)
{
  uint32_t value = 0;
  for (unsigned i = 0; i < n; ++i) {
    value = value << 8 | bytes[i];
  }
  return value;
}

static uint32_t
read_little(const uint8_t* bytes)
{
  return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static CnStatus
take_bytes(Reader* reader, const size_t n, const uint8_t** bytes)
{
  if (n > reader->limit - reader->at) {
    return fail_event(reader, CN_STATUS_TRUNCATED, "cut off by the end of the track");
  }
  *bytes = reader->data + reader->at;
  reader->at += n;
  return CN_STATUS_SUCCESS;
}

/// Read a variable-length quantity, at most 0x0FFFFFFF in four bytes
static CnStatus
take_number(Reader* reader, uint32_t* number)
{
  const uint8_t* byte = NULL;
  *number             = 0;
  for (int i = 0; i < 4; ++i) {
    CN_TRY(take_bytes(reader, 1, &byte));
    *number = *number << 7 | (*byte & 0x7Fu);
    if (*byte < 0x80) {
      return CN_STATUS_SUCCESS;
    }
  }
  return fail_event(reader, CN_STATUS_BAD_SYNTAX, "number of more than four bytes");
}

// Events of a track

/// End the note that a key holds, if any
static bool
release_key(Reader* reader, Track* track, const uint8_t channel, const uint8_t pitch)
{
  const size_t held = track->held[channel][pitch];
  if (held) {
    reader->events.notes[held - 1].off = track->time;
  }
  track->held[channel][pitch] = 0;
  return held != 0;
}

static CnStatus
strike_key(Reader* reader, Track* track, const uint8_t channel, const uint8_t pitch, const uint8_t velocity)
{
  CnSmfEvents* events = &reader->events;
  events->info.channels |= (uint16_t)(1u << channel);
  if (channel == CN_CHANNEL_DRUMS) {
    ++events->info.n_drums;
    return CN_STATUS_SUCCESS;
  }

  const size_t held = track->held[channel][pitch];
  events->info.n_overlaps += held && events->notes[held - 1].on < track->time; // Else it is a duplicate
  release_key(reader, track, channel, pitch);
  CN_TRY(cn_smf_events_add_note(
      events, (CnSmfNote){track->time, track->time, pitch, velocity, channel, CN_PART_MUSICIAN}));
  track->held[channel][pitch] = events->n_notes;
  return CN_STATUS_SUCCESS;
}

static CnStatus
read_message(Reader* reader, Track* track, const uint8_t status)
{
  const uint8_t  type    = status & 0xF0;
  const uint8_t  channel = status & 0x0F;
  const unsigned n_data  = type == 0xC0 || type == 0xD0 ? 1 : 2;
  const uint8_t* data    = NULL;
  CN_TRY(take_bytes(reader, n_data, &data));
  if (data[0] > 0x7F || data[n_data - 1] > 0x7F) {
    return fail_event(reader, CN_STATUS_BAD_SYNTAX, "status byte inside of a message");
  }

  if (type == 0x90 && data[1]) {
    return strike_key(reader, track, channel, data[0], data[1]);
  }
  if (type == 0x80 || type == 0x90) {
    release_key(reader, track, channel, data[0]);
  }
  return CN_STATUS_SUCCESS;
}

static CnStatus
read_tempo(Reader* reader, const Track* track, const uint8_t* data, const uint32_t length)
{
  const uint32_t tempo = length < 3 ? 0 : read_big(data, 3);
  if (!tempo) {
    return fail_event(reader, CN_STATUS_BAD_VALUE, "impossible tempo");
  }
  return cn_smf_events_add_change(&reader->events.tempi, track->time, tempo);
}

static CnStatus
read_meter(Reader* reader, const Track* track, const uint8_t* data, const uint32_t length)
{
  if (length < 2 || data[0] == 0 || data[1] > 6) {
    return fail_event(reader, CN_STATUS_BAD_VALUE, "impossible time signature");
  }
  return cn_smf_events_add_change(&reader->events.meters, track->time, data[0] * 256u + (1u << data[1]));
}

static CnStatus
read_meta(Reader* reader, Track* track)
{
  const uint8_t* type   = NULL;
  const uint8_t* data   = NULL;
  uint32_t       length = 0;
  CN_TRY(take_bytes(reader, 1, &type));
  CN_TRY(take_number(reader, &length));
  CN_TRY(take_bytes(reader, length, &data));

  switch (*type) {
  case META_TRACK_NAME:
    if (length == strlen(CN_SMF_TRACK_CONTINUO) && !memcmp(data, CN_SMF_TRACK_CONTINUO, length)) {
      track->part = CN_PART_CONTINUO;
    }
    return CN_STATUS_SUCCESS;
  case META_END_OF_TRACK:
    track->ended = true;
    return CN_STATUS_SUCCESS;
  case META_TEMPO:
    return read_tempo(reader, track, data, length);
  case META_METER:
    return read_meter(reader, track, data, length);
  default:
    return CN_STATUS_SUCCESS;
  }
}

static CnStatus
skip_exclusive(Reader* reader)
{
  const uint8_t* data   = NULL;
  uint32_t       length = 0;
  CN_TRY(take_number(reader, &length));
  return take_bytes(reader, length, &data);
}

static CnStatus
read_event(Reader* reader, Track* track)
{
  const uint8_t* byte  = NULL;
  uint32_t       delta = 0;
  reader->event        = reader->at;
  CN_TRY(take_number(reader, &delta));
  CN_TRY(take_bytes(reader, 1, &byte));
  track->time += delta; // Cannot overflow: that would take a file of 32 GiB

  uint8_t status = *byte;
  if (status < 0x80) {
    status = track->running;
    --reader->at;
  }
  if (status >= 0x80 && status < 0xF0) {
    track->running = status;
    return read_message(reader, track, status);
  }

  switch (status) {
  case 0:
    return fail_event(reader, CN_STATUS_BAD_SYNTAX, "running status without status");
  case 0xF0:
  case 0xF7:
    return skip_exclusive(reader);
  case 0xFF:
    return read_meta(reader, track);
  default:
    return fail_event(reader, CN_STATUS_BAD_SYNTAX, "status that a file cannot have");
  }
}

/// Read the events up to `limit`
static CnStatus
read_track(Reader* reader)
{
  Track        track = {.part = CN_PART_MUSICIAN};
  const size_t first = reader->events.n_notes;

  ++reader->track;
  while (!track.ended && reader->at < reader->limit) {
    CN_TRY(read_event(reader, &track));
  }

  for (unsigned i = 0; i < N_CHANNELS * N_PITCHES; ++i) {
    reader->events.info.n_dangling +=
        release_key(reader, &track, (uint8_t)(i / N_PITCHES), (uint8_t)(i % N_PITCHES));
  }
  for (size_t i = first; i < reader->events.n_notes; ++i) {
    reader->events.notes[i].part = track.part;
  }
  reader->events.end = track.time > reader->events.end ? track.time : reader->events.end;
  return CN_STATUS_SUCCESS;
}

// Chunks

/// Find the MIDI file in a RIFF file of type RMID (RP-029)
static CnStatus
unwrap_riff(Reader* reader)
{
  const uint8_t* data = reader->data;
  if (reader->limit < RIFF_HEAD || memcmp(data, "RIFF", 4) || memcmp(data + 8, "RMID", 4)) {
    return CN_STATUS_SUCCESS;
  }

  reader->at = RIFF_HEAD;
  while (reader->limit - reader->at >= CHUNK_HEAD) {
    const uint8_t* head   = data + reader->at;
    const size_t   length = read_little(head + 4);
    if (length > reader->limit - reader->at - CHUNK_HEAD) {
      break;
    }
    if (!memcmp(head, "data", 4)) {
      reader->at += CHUNK_HEAD;
      reader->limit = reader->at + length;
      return CN_STATUS_SUCCESS;
    }
    const size_t padded = length + length % 2;
    const size_t rest   = reader->limit - reader->at - CHUNK_HEAD;
    reader->at += CHUNK_HEAD + (padded < rest ? padded : rest);
  }
  return fail_chunk(reader, CN_STATUS_TRUNCATED, "RIFF file ends before its MIDI data");
}

static CnStatus
set_division(Reader* reader, const uint16_t division)
{
  const int fps   = 256 - (division >> 8); // Two's complement of the upper byte
  const int units = division & 0xFF;

  reader->events.info.division = division;
  if (division < 0x8000) {
    return division ? CN_STATUS_SUCCESS : fail_chunk(reader, CN_STATUS_BAD_VALUE, "division of zero");
  }
  if ((fps != 24 && fps != 25 && fps != 29 && fps != 30) || units == 0) {
    return fail_chunk(reader, CN_STATUS_BAD_VALUE, "impossible SMPTE division");
  }
  reader->events.unit = (fps == 29 ? 1001.0 / 30000.0 : 1.0 / fps) / units; // 29 is 30 drop-frame
  return CN_STATUS_SUCCESS;
}

/// Read the header chunk (SMF 1.0, "Header Chunks")
static CnStatus
read_header(Reader* reader)
{
  const uint8_t* head = reader->data + reader->at;
  const size_t   size = reader->limit - reader->at;
  if (size == 0) {
    return fail_chunk(reader, CN_STATUS_TRUNCATED, "nothing there");
  }
  if (memcmp(head, "MThd", size < 4 ? size : 4) != 0) {
    return fail_chunk(reader, CN_STATUS_BAD_SYNTAX, "not a Standard MIDI File: no MThd");
  }
  if (size < CHUNK_HEAD + HEADER_LENGTH || size - CHUNK_HEAD < read_big(head + 4, 4)) {
    return fail_chunk(reader, CN_STATUS_TRUNCATED, "header is cut off");
  }
  if (read_big(head + 4, 4) < HEADER_LENGTH) {
    return fail_chunk(reader, CN_STATUS_BAD_SYNTAX, "header is too short");
  }

  reader->events.info.format   = (uint16_t)read_big(head + 8, 2);
  reader->events.info.n_tracks = (uint16_t)read_big(head + 10, 2);
  if (reader->events.info.format > 1) {
    return fail_chunk(reader, CN_STATUS_UNSUPPORTED, "only formats 0 and 1 are supported");
  }
  CN_TRY(set_division(reader, (uint16_t)read_big(head + 12, 2)));
  reader->at += CHUNK_HEAD + read_big(head + 4, 4);
  return CN_STATUS_SUCCESS;
}

static CnStatus
read_chunk(Reader* reader)
{
  const uint8_t* head  = reader->data + reader->at;
  const size_t   limit = reader->limit;
  if (limit - reader->at < CHUNK_HEAD) {
    return fail_chunk(reader, CN_STATUS_TRUNCATED, "file ends before its last track");
  }

  const size_t length = read_big(head + 4, 4);
  if (length > limit - reader->at - CHUNK_HEAD) {
    return fail_chunk(reader, CN_STATUS_TRUNCATED, "longer than the rest of the file");
  }

  reader->at += CHUNK_HEAD;
  reader->limit = reader->at + length;
  if (!memcmp(head, "MTrk", 4)) {
    CN_TRY(read_track(reader));
  }
  reader->at    = reader->limit;
  reader->limit = limit;
  return CN_STATUS_SUCCESS;
}

static CnStatus
read_file(Reader* reader)
{
  CN_TRY(unwrap_riff(reader));
  CN_TRY(read_header(reader));
  while (reader->track < reader->events.info.n_tracks) {
    CN_TRY(read_chunk(reader));
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_smf_read(const uint8_t* data, const size_t size, CnScore** score, const CnFault fault)
{
  Reader reader = {.data = data, .limit = size, .fault = fault};
  *score        = NULL;
  cn_fault_clear(fault);

  CnStatus status = read_file(&reader);
  if (status == CN_STATUS_SUCCESS) {
    status = cn_smf_events_score(&reader.events, score);
  }
  cn_smf_events_clear(&reader.events);

  // The reader names places; what has none is left to its status
  if (status == CN_STATUS_NO_MEMORY) {
    cn_fault_set(fault, status, "%s", cn_strerror(status));
  } else if (status == CN_STATUS_TOO_LARGE) {
    cn_fault_set(fault, status, "longer than %d quarters", CN_SCORE_TICKS_MAX / CN_TICKS_PER_QUARTER);
  }
  return status;
}
