// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file corpus.h
   A folder of MIDI files as pieces to learn from, split into training, validation and test.
*/

#ifndef CN_CORPUS_H
#define CN_CORPUS_H

#include "tools/corpus/learnt.h"
#include "tools/corpus/note_store.h"
#include "tools/corpus/split_table.h"

#include "dsp/base/fault.h"
#include "dsp/base/status.h"
#include "dsp/music/note.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How long notes are that a sustain pedal holds
typedef enum {
  CN_LENGTHS_FINGERS, ///< As long as the keys are down
  CN_LENGTHS_PEDAL,   ///< As long as they sound
} CnLengths;

/// One file's notes
typedef struct {
  char*    name;       ///< Path within the folder
  CnNote*  notes;      ///< Speakable ones, by onset, then pitch
  int16_t* chords;     ///< (n_notes) chord of the half bar of each note, or CN_CHORD_NONE
  uint32_t n_notes;    ///< At least 2
  uint64_t id;         ///< Of the whole file; see cn_piece_id()
  uint32_t first;      ///< Number of its first note in the file: 0, but in later parts of a long file
  CnSplit  split;      ///<
  bool     is_notated; ///< True if nobody played the velocities: they are nothing to learn from
  uint8_t  low, high;  ///< Lowest and highest pitch
} CnPiece;

/// A file that was left out
typedef struct {
  char* name;
  char* reason; ///< In words
} CnBadFile;

/// All pieces, by name
typedef struct {
  CnNoteStore* store; ///< Where the pieces' notes and chords are; null: each piece's are its own
  CnPiece*     pieces;
  size_t       n_pieces;
  CnBadFile*   bad_files;
  size_t       n_bad_files;
  uint32_t     longest;                 ///< Notes of the longest piece
  size_t       n_in_split[CN_N_SPLITS]; ///< Files
  size_t       n_notes_in[CN_N_SPLITS]; ///< Notes
} CnCorpus;

/**
   Read notes out of a MIDI file.

   @param[out] piece Filled in but for its name and split; to be cleared with cn_piece_clear().
   @param[out] fault What is wrong, in words.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, #CN_STATUS_IO, #CN_STATUS_NOT_FOUND for a file without
   notes, or a status of cn_smf_read().

   Thread: WORKER
*/
CnStatus
cn_piece_load(const char* path, CnLengths lengths, CnPiece* piece, CnFault fault);

/// Free what a piece holds.  Thread: WORKER
void
cn_piece_clear(CnPiece* piece);

/**
   Read all MIDI files below a folder; bad ones are left out and listed, and so are those that have the
   notes of another one.  The notes go to a temporary file, see note_store.h.

   Whether somebody played the velocities of a piece is told by the table, or judged, see velocities.h.

   @param[out] corpus To be cleared with cn_corpus_clear(); after a failure it has the files left out so far.
   @param split_path A table of file, work, split with a heading, columns separated by tabs; files that
   it does not list are left out.  A fourth column, velocities, says notated of those that nobody played.
   Null: cn_corpus_draw_split() draws by `seed`.
   @param[out] fault What is wrong, in words, naming the file.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, #CN_STATUS_IO, #CN_STATUS_NOT_FOUND for a folder without
   pieces, or a status of cn_split_table_load().

   Thread: WORKER
*/
CnStatus
cn_corpus_load(const char* folder, const char* split_path, uint32_t seed, CnLengths lengths, CnCorpus* corpus,
               CnFault fault);

/**
   Split a corpus by file: one in ten is for validation and one in ten for test, one at least of three or
   more, 200 at most; drawn by `seed` and by name.

   @param known Pieces that some weights have learnt, which are all for training; unless fewer than three
   others are there, when all are drawn from.  Null: none.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_corpus_draw_split(CnCorpus* corpus, uint32_t seed, const CnLearnt* known);

/**
   Cut long pieces into parts of the same length, about: what plays them needs room for one part only.

   The parts follow each other in `corpus->pieces`, with the name and the split of the whole.

   @param corpus One that was loaded from a folder.
   @param most Greatest number of notes of a part.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY, which leaves the corpus as it was.

   Thread: WORKER
*/
CnStatus
cn_corpus_cut(CnCorpus* corpus, uint32_t most);

/// Count what `corpus->pieces` are, after a change of them.  Thread: WORKER
void
cn_corpus_count(CnCorpus* corpus);

/// Print which files were left out and why, a command's error line each.  Thread: WORKER
void
cn_corpus_tell_left_out(const char* command, const CnCorpus* corpus);

/// Free what a corpus holds.  Thread: WORKER
void
cn_corpus_clear(CnCorpus* corpus);

#endif // CN_CORPUS_H
