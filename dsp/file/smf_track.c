// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/file/smf_track.h"

#include "dsp/file/smf.h"

#include <string.h>

#define N_CHANNELS 16
#define N_PITCHES 128
#define SUSTAIN 64 // Controller

typedef enum {
  META_TEXT         = 0x01,
  META_END_OF_TRACK = 0x2F,
  META_TEMPO        = 0x51,
  META_METER        = 0x58,
} MetaType;

/// The notes of a key that have no end yet, as 1 + index, or 0
typedef struct {
  size_t run;    ///< The first one since all had ended
  size_t oldest; ///< The one that the next release ends
  size_t newest;
} Key;

/// What lasts from event to event of a track
typedef struct {
  int64_t time;    ///< File time
  uint8_t running; ///< Running status, or 0
  uint8_t part;    ///< CnPart of all its notes
  bool    ended;
  bool    is_lost; ///< Where its next event begins is not to be known
  Key     keys[N_CHANNELS][N_PITCHES];
} Track;

// Bytes

/// Take bytes of a track; if it ends before, it is lost, and what is taken is null
static const uint8_t*
take_bytes(CnSmfReader* reader, Track* track, const size_t n)
{
  if (n > reader->limit - reader->at) {
    track->is_lost = true;
    return NULL;
  }
  const uint8_t* bytes = reader->data + reader->at;
  reader->at += n;
  return bytes;
}

/// Read a variable-length quantity, at most 0x0FFFFFFF in four bytes; a track with a longer one is lost
static uint32_t
take_number(CnSmfReader* reader, Track* track)
{
  uint32_t number = 0;
  for (int i = 0; i < 4; ++i) {
    const uint8_t* byte = take_bytes(reader, track, 1);
    if (!byte) {
      return 0;
    }
    number = number << 7 | (*byte & 0x7Fu);
    if (*byte < 0x80) {
      return number;
    }
  }
  track->is_lost = true;
  return 0;
}

// Events of a track

/// End the note that a key has held for longest, if any
static void
release_key(CnSmfReader* reader, Track* track, const uint8_t channel, const uint8_t pitch)
{
  CnSmfNote* notes = reader->events.notes;
  Key*       key   = &track->keys[channel][pitch];
  if (key->oldest) {
    CnSmfNote* newest = &notes[key->newest - 1];
    CnSmfNote* oldest = &notes[key->oldest - 1];
    newest->cut       = newest->cut < 0 ? track->time : newest->cut;
    oldest->off       = track->time;
    key->oldest       = oldest->next;
  }
}

/// A key has been struck more often than let go: then each strike had ended the note before
static void
cut_run(CnSmfReader* reader, Track* track, Key* key)
{
  for (size_t i = key->run; i; i = reader->events.notes[i - 1].next) {
    CnSmfNote* note = &reader->events.notes[i - 1];
    reader->events.info.n_dangling += note->cut < 0;
    note->off = note->cut < 0 ? track->time : note->cut;
  }
}

static CnStatus
strike_key(CnSmfReader* reader, Track* track, const uint8_t channel, const uint8_t pitch,
           const uint8_t velocity)
{
  CnSmfEvents* events = &reader->events;
  Key*         key    = &track->keys[channel][pitch];
  events->info.channels |= (uint16_t)(1u << channel);
  const size_t before = key->oldest ? key->newest : 0;
  CN_TRY(cn_smf_events_add_note(events, (CnSmfNote){.on       = track->time,
                                                    .off      = track->time,
                                                    .pitch    = pitch,
                                                    .velocity = velocity,
                                                    .channel  = channel,
                                                    .part     = CN_PART_MUSICIAN,
                                                    .cut      = -1}));
  key->newest = events->n_notes;
  if (before) {
    CnSmfNote* note = &events->notes[before - 1];
    note->next      = key->newest;
    note->cut       = note->cut < 0 ? track->time : note->cut;
  } else {
    key->run    = key->newest;
    key->oldest = key->newest;
  }
  return CN_STATUS_SUCCESS;
}

/// A data byte as it should be
static uint8_t
take_data(CnSmfReader* reader, const uint8_t byte)
{
  if (byte > 0x7F) {
    cn_smf_note_fault(reader, CN_FAULT_DATA);
    return 0x7F;
  }
  return byte;
}

static CnStatus
read_message(CnSmfReader* reader, Track* track, const uint8_t status)
{
  const uint8_t  type    = status & 0xF0;
  const uint8_t  channel = status & 0x0F;
  const unsigned n_data  = type == 0xC0 || type == 0xD0 ? 1 : 2;
  const uint8_t* data    = take_bytes(reader, track, n_data);
  if (!data) {
    return CN_STATUS_SUCCESS;
  }

  const uint8_t first  = take_data(reader, data[0]);
  const uint8_t second = n_data > 1 ? take_data(reader, data[1]) : 0;
  if (type == 0x90 && second) {
    return strike_key(reader, track, channel, first, second);
  }
  if (type == 0x80 || type == 0x90) {
    release_key(reader, track, channel, first);
  }
  if (type == 0xB0 && first == SUSTAIN) {
    return cn_smf_events_add_change(&reader->events.pedals, track->time, channel * 256u + second);
  }
  if (type == 0xC0) {
    return cn_smf_events_add_change(&reader->events.programs, track->time, channel * 256u + first);
  }
  return CN_STATUS_SUCCESS;
}

static CnStatus
read_tempo(CnSmfReader* reader, const Track* track, const uint8_t* data, const uint32_t length)
{
  const uint32_t tempo = length < 3 ? 0 : cn_smf_read_big(data, 3);
  if (!tempo) {
    cn_smf_note_fault(reader, CN_FAULT_TEMPO);
    return CN_STATUS_SUCCESS;
  }
  return cn_smf_events_add_change(&reader->events.tempi, track->time, tempo);
}

static CnStatus
read_meter(CnSmfReader* reader, const Track* track, const uint8_t* data, const uint32_t length)
{
  if (length < 2 || data[0] == 0 || data[1] > 6) {
    cn_smf_note_fault(reader, CN_FAULT_METER);
    return CN_STATUS_SUCCESS;
  }
  return cn_smf_events_add_change(&reader->events.meters, track->time, data[0] * 256u + (1u << data[1]));
}

static CnStatus
read_meta(CnSmfReader* reader, Track* track)
{
  const uint8_t* type   = take_bytes(reader, track, 1);
  const uint32_t length = take_number(reader, track);
  const uint8_t* data   = take_bytes(reader, track, length);
  if (!type || !data || track->is_lost) {
    return CN_STATUS_SUCCESS;
  }

  switch (*type) {
  case META_TEXT:
    if (length == strlen(CN_SMF_MARK) && !memcmp(data, CN_SMF_MARK, length)) {
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

/// Pass over a status that a file cannot have, with the data that it has on a wire
static void
skip_system(CnSmfReader* reader, Track* track, const uint8_t status)
{
  cn_smf_note_fault(reader, CN_FAULT_STATUS);
  take_bytes(reader, track, status == 0xF2 ? 2 : status == 0xF1 || status == 0xF3 ? 1 : 0);
}

static CnStatus
read_event(CnSmfReader* reader, Track* track)
{
  const uint32_t delta = take_number(reader, track);
  const uint8_t* byte  = take_bytes(reader, track, 1);
  if (track->is_lost) {
    return CN_STATUS_SUCCESS;
  }
  track->time += delta; // Cannot overflow: that would take a file of 32 GiB

  uint8_t status = *byte;
  if (status < 0x80 && track->running) {
    status = track->running;
    --reader->at;
  }
  if (status >= 0x80 && status < 0xF0) {
    track->running = status;
    return read_message(reader, track, status);
  }

  switch (status) {
  case 0xF0:
  case 0xF7:
    take_bytes(reader, track, take_number(reader, track));
    return CN_STATUS_SUCCESS;
  case 0xFF:
    return read_meta(reader, track);
  default:
    skip_system(reader, track, status);
    return CN_STATUS_SUCCESS;
  }
}

/// End what a track leaves without an end, and tell its notes whose they are
static void
close_track(CnSmfReader* reader, Track* track, const size_t first)
{
  for (unsigned i = 0; i < N_CHANNELS * N_PITCHES; ++i) {
    Key* key = &track->keys[i / N_PITCHES][i % N_PITCHES];
    if (key->oldest) {
      cut_run(reader, track, key);
    }
  }
  for (size_t i = first; i < reader->events.n_notes; ++i) {
    reader->events.notes[i].part = track->part;
  }
  reader->events.end = track->time > reader->events.end ? track->time : reader->events.end;
}

bool
cn_smf_is_track(const CnSmfReader* reader, const size_t at, const size_t limit)
{
  return limit - at >= CN_SMF_CHUNK_HEAD && !memcmp(reader->data + at, "MTrk", 4);
}

CnStatus
cn_smf_read_track(CnSmfReader* reader, const size_t file_limit)
{
  Track        track = {.part = CN_PART_MUSICIAN};
  const size_t first = reader->events.n_notes;

  ++reader->track;
  while (!track.ended && !track.is_lost) {
    const size_t  event = reader->at;
    const int64_t time  = track.time;
    if (reader->at == reader->limit &&
        (reader->limit == file_limit || cn_smf_is_track(reader, reader->at, file_limit))) {
      break;
    }
    if (reader->at == reader->limit) {
      cn_smf_note_fault(reader, CN_FAULT_TRACK_LENGTH);
      reader->limit = file_limit;
    }
    CN_TRY(read_event(reader, &track));
    if (track.is_lost && reader->limit < file_limit && !cn_smf_is_track(reader, reader->limit, file_limit)) {
      cn_smf_note_fault(reader,
                        CN_FAULT_TRACK_LENGTH); // It was cut off by its chunk: once more, with the rest
      reader->limit = file_limit;
      reader->at    = event;
      track.time    = time;
      track.is_lost = false;
    }
  }

  if (!track.ended) {
    cn_smf_note_fault(reader, CN_FAULT_TRACK_END);
  }
  close_track(reader, &track, first);
  return CN_STATUS_SUCCESS;
}
