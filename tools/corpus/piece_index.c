// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/corpus/piece_index.h"

#include "dsp/base/hash.h"

#include <stdlib.h>

static uint64_t
hash_notes(const CnPiece* const piece)
{
  uint64_t hash = 0;
  for (uint32_t i = 0; i < piece->n_notes; ++i) {
    const CnNote* const note    = &piece->notes[i];
    const int32_t       what[4] = {note->onset - piece->notes[0].onset, note->duration, note->pitch,
                                   note->velocity};
    hash                        = cn_hash_bytes(hash, what, sizeof(what));
  }
  return hash;
}

uint64_t
cn_piece_id(const CnPiece* const piece)
{
  uint64_t id = 0;
  for (uint32_t i = 0; i < piece->n_notes; ++i) {
    const CnNote* const note = &piece->notes[i];
    const uint32_t      when = (uint32_t)note->onset - (uint32_t)piece->notes[0].onset;
    id                       = cn_hash_mix(id, (uint64_t)when << 8 | note->pitch);
  }
  return id;
}

CnStatus
cn_piece_index_init(CnPieceIndex* const known, const size_t n)
{
  known->size   = 2 * n + 1;
  known->hashes = calloc(known->size, sizeof(uint64_t));
  known->pieces = calloc(known->size, sizeof(size_t));
  return known->hashes && known->pieces ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
}

void
cn_piece_index_clear(CnPieceIndex* const known)
{
  free(known->hashes);
  free(known->pieces);
  *known = (CnPieceIndex){0};
}

size_t
cn_piece_index_enter(CnPieceIndex* const known, const CnPiece* const piece, const size_t number)
{
  const uint64_t hash = hash_notes(piece);
  size_t         at   = (size_t)(hash % known->size);
  while (known->pieces[at] && known->hashes[at] != hash) {
    at = (at + 1) % known->size;
  }
  if (!known->pieces[at]) {
    known->hashes[at] = hash;
    known->pieces[at] = number + 1;
  }
  return known->pieces[at] - 1;
}
