// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file learnt.h
   The pieces that weights have learnt from, as they say themselves.

   In a file's metadata, `learnt` lists cn_piece_id() of each piece, those of the weights that it was trained
   on from among them: 16 hexadecimal digits a piece, in ascending order, with nothing between.  A plus before
   them says that there were others, because the first of the line did not say what it had learnt.
*/

#ifndef CN_LEARNT_H
#define CN_LEARNT_H

#include "dsp/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Pieces by their ids; all zero is none, and all of them
typedef struct {
  uint64_t* ids; ///< (n) in ascending order
  size_t    n;
  bool      has_others; ///< It has learnt from more, nobody knows which
} CnLearnt;

/**
   Read a list.

   @param text Of the metadata; null, or anything else that is no list, is of weights that do not say.
   @param[out] learnt To be cleared with cn_learnt_clear().
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_learnt_parse(const char* text, CnLearnt* learnt);

/// Add pieces to a list.  @param ids (n) in any order.  @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.
/// Thread: WORKER
CnStatus
cn_learnt_add(CnLearnt* learnt, const uint64_t* ids, size_t n);

/// Whether a piece is in a list.  Thread: ANY
bool
cn_learnt_has(const CnLearnt* learnt, uint64_t id);

/// Write a list for metadata; to be freed, null if memory could not be had.  Thread: WORKER
char*
cn_learnt_format(const CnLearnt* learnt);

/// Free what a list holds.  Thread: WORKER
void
cn_learnt_clear(CnLearnt* learnt);

#endif // CN_LEARNT_H
