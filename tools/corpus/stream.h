// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file stream.h
   Streams of notes for training: pieces one after another, transposed, turned into inputs and targets.

   What a stream gives is a pure function of its settings and of its place, so that training does not
   depend on which thread asks.
*/

#ifndef CN_STREAM_H
#define CN_STREAM_H

#include "tools/corpus/corpus.h"

#include "dsp/network/context.h"

/// Inputs and targets of B streams over T notes; element (t, b) is at t * B + b
typedef struct {
  size_t       n_streams; ///< B
  size_t       n_steps;   ///< T
  CnNoteInput* inputs;    ///< (T, B)
  CnHeadInput* sites;     ///< (4, T, B), by CnFactor
  CnToken*     targets;   ///< (T, B) the next note
  uint8_t* begins; ///< (T, B) true if the note is the first of its piece; the step before then has no target
  uint8_t* has_target; ///< (T, B) false after the last note of a piece, and when there are no more
  uint8_t* is_notated; ///< (T, B) true if the velocity of the target was not played by anybody
} CnBatch;

/// What streams do with their pieces
typedef struct {
  const CnCorpus* corpus;
  CnSplit         split;          ///< Of the pieces
  uint32_t        n_streams;      ///< Over all workers
  uint32_t        seed;           ///<
  int             lowest_shift;   ///< [semitones] Least transposition
  int             highest_shift;  ///< [semitones] Greatest
  int             loudness;       ///< Greatest change of a piece's velocities, up or down
  float           hide_motif;     ///< Share of stretches of notes with hidden motif matches
  float           hide_chord;     ///< Share of stretches without a chord
  float           show_texture;   ///< Share of stretches in which the texture is told, most of its fields
  float           show_following; ///< Share of stretches in which it is told what follows
  float           noise;          ///< Share of stretches in which some notes are told wrongly, or not at all
  int             once;           ///< True: each piece once, untransposed; false: for ever
} CnStreamSettings;

/// How far a stream has come
typedef struct {
  uint32_t deal;      ///< Number of deals so far
  uint32_t n_played;  ///< Pieces of the last one that have been begun
  uint32_t n_started; ///< Pieces that have been begun at all
  uint32_t position;  ///< Notes of the last one that have been given
} CnStreamPlace;

typedef struct CnStream CnStream;

/// Make stream number `index`; null if memory could not be had.  Thread: INIT
CnStream*
cn_stream_new(const CnStreamSettings* settings, uint32_t index);

/// Free a stream; null is allowed.  Thread: INIT
void
cn_stream_free(CnStream* stream);

/// Start again from the first piece, with the motif matches hidden or not.  Thread: ENGINE
void
cn_stream_restart(CnStream* stream, float hide_motif);

/// Put the stream's next notes at column `b` of a batch.  Thread: ENGINE
void
cn_stream_fill(CnStream* stream, CnBatch* batch, size_t b);

/**
   Put notes at column `b` of a batch once more, where half of those before each target are told as the
   network has drawn them: targets stay the true ones, and what does not fit between true notes is not told.

   Whatever comes after the batch is told truly again, so that a place still says all of a stream.

   @param from Where the stream was when the batch was filled.
   @param drawn (T, B) what was drawn for the targets of that batch.

   Thread: ENGINE
*/
void
cn_stream_fill_own(CnStream* stream, CnBatch* batch, size_t b, const CnStreamPlace* from,
                   const CnToken* drawn);

/// Where a stream is.  Thread: ENGINE
CnStreamPlace
cn_stream_place(const CnStream* stream);

/**
   Go to a place, to give what a stream gives that has come there note by note.

   @return #CN_STATUS_SUCCESS, or #CN_STATUS_BAD_VALUE if the stream never comes there.

   Thread: ENGINE
*/
CnStatus
cn_stream_seek(CnStream* stream, const CnStreamPlace* place);

/// Allocate a batch; CN_STATUS_NO_MEMORY leaves nothing behind.  @return #CN_STATUS_SUCCESS or
/// #CN_STATUS_NO_MEMORY.  Thread: INIT
CnStatus
cn_batch_init(CnBatch* batch, size_t n_streams, size_t n_steps);

/// Free what a batch holds.  Thread: INIT
void
cn_batch_clear(CnBatch* batch);

#endif // CN_STREAM_H
