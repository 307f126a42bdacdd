// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file context_internal.h
   What the parts of a context share: its history, the motifs in it, and the sites made of both.
*/

#ifndef CN_CONTEXT_INTERNAL_H
#define CN_CONTEXT_INTERNAL_H

#include "dsp/network/context.h"

#define CN_MATCH_TABLE_SIZE 32768U ///< Hashes of motifs; a power of 2
#define CN_CHROMA_STRIDE 64        ///< A copy of the chroma is kept every so many notes

struct CnContext {
  uint32_t  capacity;
  uint32_t  size;
  CnNote*   notes;                                  // (capacity)
  CnToken*  tokens;                                 // (capacity)
  uint16_t* steps;                                  // (capacity) interval and dt of each note
  int32_t (*earlier)[CN_N_MATCHES];                 // (capacity) what each push displaced in the tables
  float (*chroma_kept)[CN_N_CHROMA];                // (capacity / CN_CHROMA_STRIDE + 1)
  float   chroma[CN_N_CHROMA];                      // Decayed to the last onset
  int32_t table[CN_N_MATCHES][CN_MATCH_TABLE_SIZE]; // Last note of the most recent motif with a hash, or -1
};

/// Enter the motifs that end with note `i` in the tables.  Thread: ENGINE
void
cn_context_enter_motifs(CnContext* context, uint32_t i);

/// Take the motifs that end with note `i`, the last one, out again.  Thread: ENGINE
void
cn_context_leave_motifs(CnContext* context, uint32_t i);

/// For how long the longest match has lasted, as one of CN_N_RUNS classes.  Thread: ENGINE
unsigned
cn_context_match_run(const CnContext* context);

/// The longest match: its number and last note, or -1.  Thread: ENGINE
int32_t
cn_context_longest_match(const CnContext* context, unsigned* match);

/// The three rows of a place in the bar, in a block that begins with row `first`; returns 3.  Thread: ENGINE
unsigned
cn_context_metre_rows(CnBarPlace bar, uint16_t first, uint16_t* row);

/// How a chord differs from the `nearest` of the CN_N_CHORDS, as rows of the table of chords; returns their
/// number. Thread: ENGINE
unsigned
cn_context_chord_rows(int32_t chord, int32_t nearest, uint16_t row[CN_CHORD_MAX_ROWS]);

#endif // CN_CONTEXT_INTERNAL_H
