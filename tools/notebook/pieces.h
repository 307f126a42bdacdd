// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file pieces.h
   A corpus on the clock of the notebook's networks: in beats as it stands, or in seconds by its tempi.
*/

#ifndef CN_NOTEBOOK_PIECES_H
#define CN_NOTEBOOK_PIECES_H

#include "tools/corpus/corpus.h"
#include "tools/notebook/windows.h"

#include "dsp/base/fault.h"
#include "dsp/base/status.h"
#include "dsp/notebook/model.h"

#include <stddef.h>

/// Some pieces of a corpus
typedef struct {
  CnNotebookPiece* pieces;
  size_t           n_pieces;
  CnNote**         copies; ///< (n_pieces) notes in milliseconds, or null for those of the corpus
} CnNotebookPieces;

/**
   Take a piece as it is, or in seconds.

   @param path Of its file, whose tempi say what a second is; not needed for beats.
   @param[out] copy Notes in milliseconds, to be freed with free(), or null.
   @param[out] fault What is wrong, in words.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, or a status of reading the file.

   Thread: WORKER
*/
CnStatus
cn_notebook_piece_init(const CnPiece* from, CnNotebookUnit unit, const char* path, CnNotebookPiece* piece,
                       CnNote** copy, CnFault fault);

/**
   Take one side of a corpus.

   @param folder Of the corpus.
   @param[out] pieces To be freed with cn_notebook_pieces_clear().
   @param[out] fault What is wrong, in words, naming the file.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, or a status of reading a file.

   Thread: WORKER
*/
CnStatus
cn_notebook_pieces_init(const CnCorpus* corpus, const char* folder, CnSplit split, CnNotebookUnit unit,
                        CnNotebookPieces* pieces, CnFault fault);

/// Free what pieces hold.  Thread: WORKER
void
cn_notebook_pieces_clear(CnNotebookPieces* pieces);

#endif // CN_NOTEBOOK_PIECES_H
