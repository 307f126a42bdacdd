// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/corpus/corpus.h"

#include <stdlib.h>
#include <string.h>

// Number of parts of a piece, so that none has a note alone
static uint32_t
count_parts(const CnPiece* const piece, const uint32_t most)
{
  return (piece->n_notes + most - 1) / most;
}

// Part number `number` of `n`
static CnPiece
make_part(const CnPiece* const piece, const uint32_t number, const uint32_t n)
{
  const uint32_t first = (uint32_t)((uint64_t)piece->n_notes * number / n);
  const uint32_t next  = (uint32_t)((uint64_t)piece->n_notes * (number + 1) / n);
  CnPiece        part  = *piece;
  part.name            = strdup(piece->name);
  part.notes           = piece->notes + first;
  part.chords          = piece->chords + first;
  part.first           = first;
  part.n_notes         = next - first;
  return part;
}

static void
free_pieces(CnPiece* const pieces, const size_t n)
{
  for (size_t i = 0; i < n; ++i) {
    free(pieces[i].name);
  }
  free(pieces);
}

CnStatus
cn_corpus_cut(CnCorpus* const corpus, const uint32_t most)
{
  size_t n      = 0;
  size_t n_made = 0;
  for (size_t i = 0; i < corpus->n_pieces; ++i) {
    n += count_parts(&corpus->pieces[i], most);
  }
  CnPiece* const parts = calloc(n + 1, sizeof(CnPiece));
  for (size_t i = 0; parts && i < corpus->n_pieces; ++i) {
    const uint32_t n_parts = count_parts(&corpus->pieces[i], most);
    for (uint32_t p = 0; p < n_parts; ++p) {
      parts[n_made++] = make_part(&corpus->pieces[i], p, n_parts);
      if (!parts[n_made - 1].name) {
        free_pieces(parts, n_made);
        return CN_STATUS_NO_MEMORY;
      }
    }
  }
  if (!parts) {
    return CN_STATUS_NO_MEMORY;
  }
  free_pieces(corpus->pieces, corpus->n_pieces);
  corpus->pieces   = parts;
  corpus->n_pieces = n_made;
  cn_corpus_count(corpus);
  return CN_STATUS_SUCCESS;
}
