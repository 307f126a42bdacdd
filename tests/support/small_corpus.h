// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file small_corpus.h
   A corpus in memory, for tests of what is made from one.
*/

#ifndef CN_SMALL_CORPUS_H
#define CN_SMALL_CORPUS_H

#include "tools/corpus/corpus.h"

enum { CN_SMALL_PIECES = 12, CN_SMALL_NOTES = 160, CN_SMALL_TRAIN = 8, CN_SMALL_VALID = 2 };

/// Pieces with all that they hold
typedef struct {
  CnCorpus corpus;
  CnPiece  pieces[CN_SMALL_PIECES];
  CnNote   notes[CN_SMALL_PIECES][CN_SMALL_NOTES];
  int16_t  chords[CN_SMALL_PIECES][CN_SMALL_NOTES];
} CnSmallCorpus;

/**
   Make pieces of one length, of motifs that come again: CN_SMALL_TRAIN to learn from, then CN_SMALL_VALID
   to choose by, then the ones to test.

   The first note of piece p has the duration class p, by which the piece is known.  Every note has a
   chord.  No transposition by 6 semitones leads off the keyboard.

   @param[out] small Holds pointers to itself.

   Thread: ANY
*/
void
cn_small_corpus_init(CnSmallCorpus* small);

#endif // CN_SMALL_CORPUS_H
