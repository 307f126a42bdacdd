// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

// Reading takes two passes: here bytes become events at file times, track by track; then, with the tempo
// map complete, smf_events.c turns file times into ticks.

#include "dsp/file/smf.h"

#include "dsp/file/smf_track.h"

#include <string.h>

#define HEADER_LENGTH 6 // [bytes] Format, number of tracks, division
#define RIFF_HEAD 12    // [bytes] "RIFF", length, "RMID"

// Faults

static CnStatus
fail_chunk(const CnSmfReader* reader, const CnStatus status, const char* what)
{
  return CN_FAIL(reader->fault, status, "chunk at byte %zu: %s", reader->at, what);
}

// Bytes

static uint32_t
read_little(const uint8_t* bytes)
{
  return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

// Chunks

/// Find the MIDI file in a RIFF file of type RMID (RP-029)
static CnStatus
unwrap_riff(CnSmfReader* reader)
{
  const uint8_t* data = reader->data;
  if (reader->limit < RIFF_HEAD || memcmp(data, "RIFF", 4) || memcmp(data + 8, "RMID", 4)) {
    return CN_STATUS_SUCCESS;
  }

  reader->at = RIFF_HEAD;
  while (reader->limit - reader->at >= CN_SMF_CHUNK_HEAD) {
    const uint8_t* head   = data + reader->at;
    const size_t   length = read_little(head + 4);
    if (length > reader->limit - reader->at - CN_SMF_CHUNK_HEAD) {
      break;
    }
    if (!memcmp(head, "data", 4)) {
      reader->at += CN_SMF_CHUNK_HEAD;
      reader->limit = reader->at + length;
      return CN_STATUS_SUCCESS;
    }
    const size_t padded = length + length % 2;
    const size_t rest   = reader->limit - reader->at - CN_SMF_CHUNK_HEAD;
    reader->at += CN_SMF_CHUNK_HEAD + (padded < rest ? padded : rest);
  }
  return fail_chunk(reader, CN_STATUS_TRUNCATED, "RIFF file ends before its MIDI data");
}

static CnStatus
set_division(CnSmfReader* reader, const uint16_t division)
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

/// Say of what is no MIDI file what it seems to be
static CnStatus
refuse(const CnSmfReader* reader)
{
  const uint8_t* data = reader->data;
  const size_t   size = reader->limit - reader->at;
  if (size >= 2 && data[0] == 0x1F && data[1] == 0x8B) {
    return fail_chunk(reader, CN_STATUS_BAD_SYNTAX, "compressed by gzip: unpack it first");
  }
  if (size >= 4 && !memcmp(data, "PK\3\4", 4)) {
    return fail_chunk(reader, CN_STATUS_BAD_SYNTAX, "a zip archive: unpack it first");
  }
  return fail_chunk(reader, CN_STATUS_BAD_SYNTAX, "not a Standard MIDI File: no MThd");
}

/// Go to the header, wherever it is
static CnStatus
find_header(CnSmfReader* reader)
{
  const size_t start = reader->at;
  if (start == reader->limit) {
    return fail_chunk(reader, CN_STATUS_TRUNCATED, "nothing there");
  }
  for (size_t at = start; reader->limit - at >= CN_SMF_CHUNK_HEAD + HEADER_LENGTH; ++at) {
    if (!memcmp(reader->data + at, "MThd", 4)) {
      reader->at = at;
      if (at != start) {
        cn_smf_note_fault(reader, CN_FAULT_BEFORE_HEADER);
      }
      return CN_STATUS_SUCCESS;
    }
  }
  const size_t size = reader->limit - start;
  return memcmp(reader->data + start, "MThd", size < 4 ? size : 4) != 0
             ? refuse(reader)
             : fail_chunk(reader, CN_STATUS_TRUNCATED, "header is cut off");
}

/// Read the header chunk (SMF 1.0, "Header Chunks")
static CnStatus
read_header(CnSmfReader* reader)
{
  CN_TRY(find_header(reader));
  const uint8_t* head   = reader->data + reader->at;
  const size_t   length = cn_smf_read_big(head + 4, 4);
  const size_t   rest   = reader->limit - reader->at - CN_SMF_CHUNK_HEAD;
  if (length < HEADER_LENGTH || length > rest) {
    cn_smf_note_fault(reader, CN_FAULT_TRACK_LENGTH);
  }

  reader->events.info.format   = (uint16_t)cn_smf_read_big(head + 8, 2);
  reader->events.info.n_tracks = (uint16_t)cn_smf_read_big(head + 10, 2);
  CN_TRY(set_division(reader, (uint16_t)cn_smf_read_big(head + 12, 2)));
  reader->at += CN_SMF_CHUNK_HEAD + (length < HEADER_LENGTH || length > rest ? HEADER_LENGTH : length);
  return CN_STATUS_SUCCESS;
}

/// Read the track whose head is at hand
static CnStatus
read_track_chunk(CnSmfReader* reader)
{
  const size_t file_limit = reader->limit;
  const size_t length     = cn_smf_read_big(reader->data + reader->at + 4, 4);
  reader->at += CN_SMF_CHUNK_HEAD;
  if (length > file_limit - reader->at) {
    cn_smf_note_fault(reader, CN_FAULT_TRACK_LENGTH);
  } else {
    reader->limit = reader->at + length;
  }
  const size_t stated = reader->limit;
  CN_TRY(cn_smf_read_track(reader, file_limit));
  if (reader->at < stated && cn_smf_is_track(reader, reader->at, file_limit)) {
    cn_smf_note_fault(reader,
                      CN_FAULT_TRACK_LENGTH); // It says that it is longer, but the next one begins here
  } else if (reader->at < stated) {
    reader->at = stated;
  }
  reader->limit = file_limit;
  return CN_STATUS_SUCCESS;
}

/// Read chunk after chunk, however many the header counts; returns how many there are, whatever their kind
static CnStatus
read_chunks(CnSmfReader* reader, unsigned* n_chunks)
{
  for (*n_chunks = 0; reader->limit - reader->at >= CN_SMF_CHUNK_HEAD; ++*n_chunks) {
    const size_t length = cn_smf_read_big(reader->data + reader->at + 4, 4);
    if (cn_smf_is_track(reader, reader->at, reader->limit)) {
      CN_TRY(read_track_chunk(reader));
    } else if (length > reader->limit - reader->at - CN_SMF_CHUNK_HEAD) {
      break; // Whatever follows the last track
    } else {
      reader->at += CN_SMF_CHUNK_HEAD + length;
    }
  }
  return CN_STATUS_SUCCESS;
}

static CnStatus
read_file(CnSmfReader* reader)
{
  unsigned n_chunks = 0;
  CN_TRY(unwrap_riff(reader));
  CN_TRY(read_header(reader));
  CN_TRY(read_chunks(reader, &n_chunks));

  CnScoreInfo* info = &reader->events.info;
  if (info->n_tracks != reader->track && info->n_tracks != n_chunks) {
    cn_smf_note_fault(reader, CN_FAULT_TRACK_COUNT);
  }
  if (info->format > 1 || (info->format == 0 && reader->track > 1)) {
    cn_smf_note_fault(reader, CN_FAULT_FORMAT);
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_smf_read(const uint8_t* data, const size_t size, CnScore** score, const CnFault fault)
{
  CnSmfReader reader = {.data = data, .limit = size, .fault = fault};
  *score             = NULL;
  cn_fault_clear(fault);

  CnStatus status = read_file(&reader);
  if (status == CN_STATUS_SUCCESS) {
    status = cn_smf_events_score(&reader.events, score);
  }
  cn_smf_events_clear(&reader.events);

  // The reader names places; what has none is left to its status
  if (status == CN_STATUS_NO_MEMORY) {
    CN_FAIL(fault, status, "%s", cn_strerror(status));
  } else if (status == CN_STATUS_TOO_LARGE) {
    CN_FAIL(fault, status, "longer than %d quarters", CN_SCORE_TICKS_MAX / CN_TICKS_PER_QUARTER);
  }
  return status;
}

const char*
cn_smf_fault_words(const CnFileFault fault)
{
  static const char* const words[CN_N_FILE_FAULTS] = {
      [CN_FAULT_BEFORE_HEADER] = "something stands before the header",
      [CN_FAULT_FORMAT]        = "its format and its tracks do not fit",
      [CN_FAULT_TRACK_COUNT]   = "the header counts other tracks than there are",
      [CN_FAULT_TRACK_LENGTH]  = "a chunk is longer or shorter than it says",
      [CN_FAULT_TRACK_END]     = "a track has no end, or is cut off",
      [CN_FAULT_STATUS]        = "a status that a file cannot have",
      [CN_FAULT_DATA]          = "a data byte above 127",
      [CN_FAULT_TEMPO]         = "an impossible tempo",
      [CN_FAULT_METER]         = "an impossible time signature",
  };
  return words[fault];
}
