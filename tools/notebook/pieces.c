// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/notebook/pieces.h"

#include "tools/corpus/score_file.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define TICKS_PER_SECOND 1000.0 ///< Of notes in milliseconds
#define MAX_FAULT 256

static int32_t
milliseconds(const CnScore* const score, const int32_t tick)
{
  return (int32_t)lround(TICKS_PER_SECOND * fmin(cn_score_seconds(score, tick), 1e6));
}

static CnNote*
copy_in_milliseconds(const CnPiece* const from, const CnScore* const score)
{
  CnNote* const copy = calloc(from->n_notes, sizeof(CnNote));
  for (uint32_t i = 0; copy && i < from->n_notes; ++i) {
    const CnNote* const note = &from->notes[i];
    const int32_t       end  = milliseconds(score, note->onset + note->duration);
    copy[i]                  = *note;
    copy[i].onset            = milliseconds(score, note->onset);
    copy[i].duration         = end > copy[i].onset ? end - copy[i].onset : 1;
  }
  return copy;
}

CnStatus
cn_notebook_piece_init(const CnPiece* const from, const CnNotebookUnit unit, const char* const path,
                       CnNotebookPiece* const piece, CnNote** const copy, const CnFault fault)
{
  *copy  = NULL;
  *piece = (CnNotebookPiece){from->notes, from->n_notes, CN_TICKS_PER_QUARTER};
  if (unit == CN_NOTEBOOK_BEATS) {
    return CN_STATUS_SUCCESS;
  }

  CnScore* score = NULL;
  CN_TRY(cn_score_load(path, &score, fault));
  *copy = copy_in_milliseconds(from, score);
  cn_score_free(score);
  *piece = (CnNotebookPiece){*copy, from->n_notes, TICKS_PER_SECOND};
  return *copy ? CN_STATUS_SUCCESS : CN_FAIL(fault, CN_STATUS_NO_MEMORY, "out of memory");
}

static CnStatus
add_piece(CnNotebookPieces* const pieces, const CnPiece* const from, const char* const folder,
          const CnNotebookUnit unit, const CnFault fault)
{
  char         reason[MAX_FAULT] = "";
  char         path[PATH_MAX];
  const size_t i = pieces->n_pieces++;
  snprintf(path, sizeof(path), "%s/%s", folder, from->name ? from->name : "");
  const CnStatus status =
      cn_notebook_piece_init(from, unit, path, &pieces->pieces[i], &pieces->copies[i], CN_FAULT(reason));
  return status ? CN_FAIL(fault, status, "%s: %s", from->name, reason) : CN_STATUS_SUCCESS;
}

CnStatus
cn_notebook_pieces_init(const CnCorpus* const corpus, const char* const folder, const CnSplit split,
                        const CnNotebookUnit unit, CnNotebookPieces* const pieces, const CnFault fault)
{
  const size_t n      = corpus->n_pieces + 1; // None is no failure
  CnStatus     status = CN_STATUS_SUCCESS;
  *pieces             = (CnNotebookPieces){calloc(n, sizeof(CnNotebookPiece)), 0, calloc(n, sizeof(CnNote*))};
  if (!pieces->pieces || !pieces->copies) {
    status = CN_FAIL(fault, CN_STATUS_NO_MEMORY, "out of memory");
  }
  for (size_t i = 0; i < corpus->n_pieces && !status; ++i) {
    if (corpus->pieces[i].split == split) {
      status = add_piece(pieces, &corpus->pieces[i], folder, unit, fault);
    }
  }
  if (status) {
    cn_notebook_pieces_clear(pieces);
  }
  return status;
}

void
cn_notebook_pieces_clear(CnNotebookPieces* const pieces)
{
  for (size_t i = 0; pieces->copies && i < pieces->n_pieces; ++i) {
    free(pieces->copies[i]);
  }
  free(pieces->copies);
  free(pieces->pieces);
  *pieces = (CnNotebookPieces){0};
}
