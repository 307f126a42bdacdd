// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file windows.h
   Pieces as windows of notes and the note after each, for the notebook's networks.

   The note to be told is never in its own window, nor is any later one.
*/

#ifndef CN_NOTEBOOK_WINDOWS_H
#define CN_NOTEBOOK_WINDOWS_H

#include "dsp/base/status.h"
#include "dsp/notebook/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A piece's notes on the clock that the networks read
typedef struct {
  const CnNote* notes; ///< Borrowed
  uint32_t      n_notes;
  double        ticks; ///< Ticks of the notes that make one of the scale's unit
} CnNotebookPiece;

/// A note to be told from those before it
typedef struct {
  uint32_t piece;
  uint32_t note; ///< At least 1
} CnNotebookTarget;

/// Some windows side by side, by length, the longest first: T steps, B windows
typedef struct {
  size_t            n_steps;  ///< T
  size_t            n_batch;  ///< B, at most the capacity
  size_t            capacity; ///< Most windows
  uint32_t*         n_active; ///< (T) see notebook/layer.h
  float*            x;        ///< (T, B, CN_NOTEBOOK_FEATURES)
  CnNotebookTarget* target;   ///< (B)
  uint8_t*          pitch;    ///< (B) key of the target, 0..87
  float*            timing;   ///< (B, 2) duration and step of the target, as outputs of the network
  double*           before;   ///< (B) [unit] onset that the target's step counts from
  float*            scratch;  ///< (B, T, CN_NOTEBOOK_FEATURES)
  uint32_t*         length;   ///< (B)
} CnNotebookBatch;

/**
   Learn the preprocessing from the pieces of the training side.

   @param unit What the pieces' `ticks` make.
   @return #CN_STATUS_SUCCESS, or #CN_STATUS_NOT_FOUND if no pitch occurs `min_count` times or nothing
   ever takes time.

   Thread: WORKER
*/
CnStatus
cn_notebook_scale_learn(const CnNotebookPiece* pieces, size_t n_pieces, CnNotebookUnit unit, uint32_t window,
                        uint32_t min_count, CnNotebookScale* scale);

/**
   List the notes of some pieces to be told.

   @param all False: only those that a network can learn from, of pitches that are not left out.
   @param[out] n_targets Their number.
   @return To be freed with free(); null if memory could not be had.

   Thread: WORKER
*/
CnNotebookTarget*
cn_notebook_targets(const CnNotebookPiece* pieces, size_t n_pieces, const CnNotebookScale* scale, bool all,
                    size_t* n_targets);

/// Make room for a batch.  @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.  Thread: WORKER
CnStatus
cn_notebook_batch_init(CnNotebookBatch* batch, uint32_t window, size_t capacity);

/// Free what a batch holds.  Thread: WORKER
void
cn_notebook_batch_clear(CnNotebookBatch* batch);

/**
   Fill a batch.

   @param targets (n) of which to take; `n` is at most the capacity.

   Thread: WORKER
*/
void
cn_notebook_batch_fill(CnNotebookBatch* batch, const CnNotebookScale* scale, const CnNotebookPiece* pieces,
                       const CnNotebookTarget* targets, size_t n);

#endif // CN_NOTEBOOK_WINDOWS_H
