// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file strict_smf.h
   A second reader of MIDI files, for tests: it shares nothing with ours, and forgives nothing.

   The test fails at whatever another program might stumble over: lengths, counts, running status, delta
   times, a note that is struck while it sounds or let go while it does not.
*/

#ifndef CN_TEST_STRICT_SMF_H
#define CN_TEST_STRICT_SMF_H

#include <stddef.h>
#include <stdint.h>

enum { STRICT_MAX = 4096, STRICT_TRACKS = 4 };

/// A note, at file ticks
typedef struct {
  long     on;
  long     off;
  unsigned track;
  unsigned channel;
  unsigned pitch;
  unsigned velocity;
} StrictNote;

/// A tempo, a metre or a program, at file ticks
typedef struct {
  long     at;
  unsigned a; ///< Microseconds a quarter, numerator, or channel
  unsigned b; ///< Denominator, or program
} StrictChange;

typedef struct {
  unsigned     division;
  unsigned     n_tracks;
  char         names[STRICT_TRACKS][32];
  char         texts[STRICT_TRACKS][64];
  StrictNote   notes[STRICT_MAX];
  size_t       n_notes;
  StrictChange tempi[STRICT_MAX];
  size_t       n_tempi;
  StrictChange metres[STRICT_MAX];
  size_t       n_metres;
  StrictChange programs[STRICT_MAX];
  size_t       n_programs;
} StrictSmf;

/// Read a file of format 1, to be freed
StrictSmf*
strict_smf_read(const uint8_t* data, size_t size);

/// Read a file at a path, to be freed
StrictSmf*
strict_smf_load(const char* path);

#endif // CN_TEST_STRICT_SMF_H
