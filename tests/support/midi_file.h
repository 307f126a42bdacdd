// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file midi_file.h
   MIDI files for tests, put together from bytes.
*/

#ifndef CN_TEST_MIDI_FILE_H
#define CN_TEST_MIDI_FILE_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"
#include "dsp/music/score.h"

#include <stddef.h>
#include <stdint.h>

/// Bytes of a file or of a part of one
typedef struct {
  uint8_t bytes[2048];
  size_t  size;
} MidiFile;

/// The events of a track
typedef struct {
  const uint8_t* bytes;
  size_t         size;
} MidiTrack;

#define TRACK(...)                                                         \
  (const MidiTrack)                                                        \
  {                                                                        \
    (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}) \
  }

// Events, and parts of them
#define END 0x00, 0xFF, 0x2F, 0x00
#define NAME(...) 0x00, 0xFF, 0x03, __VA_ARGS__
#define NAME_CONTINUO NAME(8, 'C', 'o', 'n', 't', 'i', 'n', 'u', 'o')
#define MARK                                                                                                 \
  0x00, 0xFF, 0x01, 31, 'P', 'l', 'a', 'y', 'e', 'd', ' ', 'b', 'y', ' ', 'u', 'r', 'n', ':', 'c', 'o', 'n', \
      't', 'i', 'n', 'u', 'o', ':', 'c', 'o', 'n', 't', 'i', 'n', 'u', 'o'
#define TEMPO(a, b, c) 0xFF, 0x51, 0x03, a, b, c
#define METER(n, log2_d) 0xFF, 0x58, 0x04, n, log2_d, 24, 8

/// An SMPTE division
#define SMPTE(fps, units) ((uint16_t)((256 - (fps)) << 8 | (units)))

/// A header chunk that announces `n_tracks`
MidiFile
midi_file_new(uint16_t format, uint16_t n_tracks, uint16_t division);

/// Add a chunk of a four-letter type
void
midi_file_add_chunk(MidiFile* file, const char* type, const void* bytes, size_t size);

/// Add a track chunk
void
midi_file_add_track(MidiFile* file, MidiTrack track);

/// A file of format 0, or of format 1 with the conductor in the first track
MidiFile
midi_file_of_track(uint16_t division, MidiTrack track);
MidiFile
midi_file_of_tracks(uint16_t division, MidiTrack first, MidiTrack second);

/// Read bytes as a file, from a block of exactly their size, so that a sanitizer sees what is beyond
CnStatus
midi_file_read(const void* bytes, size_t size, CnScore** score, CnFault fault);

/// Read a file that must be good
CnScore*
midi_file_score(const MidiFile* file);

/// Fail the test unless a score keeps all that its header promises
void
assert_canonical(const CnScore* score);

/// Fail the test unless two scores have the same notes, maps and end
void
assert_same_music(const CnScore* a, const CnScore* b);

/// Write notes to a file, by our own writer; the test fails if that fails
void
midi_file_write_notes(const char* path, const CnNote* notes, size_t n_notes, const CnMeterChange* meters,
                      size_t n_meters);

/// Write quarter notes on one pitch to a file, by our own writer; the test fails if that fails
void
midi_file_write_quarters(const char* path, unsigned n_notes, uint8_t pitch, const CnMeterChange* meters,
                         size_t n_meters);

/// Read a score from a file, to be freed; the test fails if that fails
CnScore*
midi_file_read_score(const char* path);

#endif // CN_TEST_MIDI_FILE_H
