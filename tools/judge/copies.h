// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file copies.h
   Does a model copy?  The longest passage of what it has played that stands in a piece, note for note.

   A passage is the same if its pitches are, in the same order, and the ticks from each onset to the next;
   durations and velocities may differ.  Chords count note by note, from low to high.
*/

#ifndef CN_COPIES_H
#define CN_COPIES_H

#include "tools/corpus/corpus.h"

#include "dsp/base/status.h"
#include "dsp/music/note.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A passage of a sample that stands in a piece, too
typedef struct {
  size_t   n_notes;       ///< Length; 0 if not even two notes are the same
  size_t   sample_first;  ///< Index of its first note in the sample
  size_t   piece;         ///< Number of the piece
  size_t   piece_first;   ///< Index of its first note in the piece
  uint32_t bar;           ///< Where that is, counted from bar 1 by the places of the notes before
  int      transposition; ///< [semitones] from the piece up to the sample
} CnCopy;

typedef struct CnCopyFinder CnCopyFinder;

/**
   Get ready to look for passages of a sample.

   @param sample (n_notes) by onset, then pitch; borrowed until cn_copy_finder_free().
   @param transposed True: a passage may have been moved by any number of semitones.
   @return Null if memory could not be had; that of some 50 bytes a note of the sample, and no more later.

   Thread: INIT
*/
CnCopyFinder*
cn_copy_finder_new(const CnNote* sample, size_t n_notes, bool transposed);

/// Free; null is allowed.  Thread: INIT
void
cn_copy_finder_free(CnCopyFinder* finder);

/**
   Look through a piece, in a time that grows with its notes only.

   @param notes (n_notes) by onset, then pitch.
   @param piece Number of the piece, to be told by cn_copy_finder_best().

   Thread: ENGINE
*/
void
cn_copy_finder_search(CnCopyFinder* finder, const CnNote* notes, size_t n_notes, size_t piece);

/// The longest passage so far; of several, the one that was found first.  Thread: ENGINE
CnCopy
cn_copy_finder_best(const CnCopyFinder* finder);

/**
   Find the longest passage of a sample in the pieces of #CN_SPLIT_TRAIN.

   @param[out] copy `copy->piece` is an index of `corpus->pieces`.
   @return #CN_STATUS_SUCCESS, also if nothing is the same, or #CN_STATUS_NO_MEMORY.

   Thread: INIT
*/
CnStatus
cn_copies_find(const CnNote* sample, size_t n_notes, const CnCorpus* corpus, bool transposed, CnCopy* copy);

/**
   Number of the bar that a note begins in, by the places of the notes up to it.

   A new metre begins a bar.  Where it comes in a rest, the bars of the rest are counted by the old one.

   @param place Index of the note.

   Thread: ANY
*/
uint32_t
cn_notes_bar(const CnNote* notes, size_t place);

#endif // CN_COPIES_H
