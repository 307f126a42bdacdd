// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file piece_index.h
   Pieces by what they sound like, to find files that hold the same one.

   A hash of 64 bits stands for the notes, whatever silence is before them and on whatever channels they
   are: a table of 16 bytes a piece, twice as large as needed, with open addressing.
*/

#ifndef CN_PIECE_INDEX_H
#define CN_PIECE_INDEX_H

#include "tools/corpus/corpus.h"

#include "dsp/base/status.h"

#include <stddef.h>
#include <stdint.h>

/// The table; all zero is one without room
typedef struct {
  uint64_t* hashes; ///< (size)
  size_t*   pieces; ///< (size) number of the piece, plus 1; 0: free
  size_t    size;
} CnPieceIndex;

/**
   What weights know a piece by: a hash of which keys are struck when.

   It knows a piece again that was read or edited otherwise, longer, louder or on other channels, so it is
   less than the table has.  Files of weights keep it, so it stays as it is.

   Thread: ANY
*/
uint64_t
cn_piece_id(const CnPiece* piece);

/// Make room for `n` pieces.  @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.  Thread: WORKER
CnStatus
cn_piece_index_init(CnPieceIndex* known, size_t n);

/// Free the table.  Thread: WORKER
void
cn_piece_index_clear(CnPieceIndex* known);

/**
   Enter a piece under a number, unless one that sounds the same is there.

   @return The number of the piece that is there now: `number`, or that of the other one.

   Thread: WORKER
*/
size_t
cn_piece_index_enter(CnPieceIndex* known, const CnPiece* piece, size_t number);

#endif // CN_PIECE_INDEX_H
