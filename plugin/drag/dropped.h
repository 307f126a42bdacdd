// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file dropped.h
   What becomes of a list of files that is dropped on the window.
*/

#ifndef CN_DROPPED_H
#define CN_DROPPED_H

#include "plugin/file/letter.h"

#include <stddef.h>

#define CN_DROPPED_WHY 256 ///< [bytes] of the words, with the null

/// What a file is to be
typedef enum {
  CN_DROPPED_NOTHING,
  CN_DROPPED_MODEL,  ///< The weights to play by
  CN_DROPPED_PHRASE, ///< What is gone on from
} CnDroppedKind;

/// A file that was dropped
typedef struct {
  CnDroppedKind kind;
  char          path[CN_PATH_SIZE];
  char          why[CN_DROPPED_WHY]; ///< Nothing comes of it; else empty
} CnDropped;

/// The last part of a path; all of it, if it ends with a slash.  Thread: ANY
const char*
cn_dropped_name(const char* path);

/**
   Find the first file of a list that is a model or a phrase by its name.

   @param list (size) bytes from anywhere.
   @param host Name of this computer; null: it is not known.
   @param[out] dropped What and where it is, or why there is none.

   Thread: ANY
*/
void
cn_dropped_read(const char* list, size_t size, const char* host, CnDropped* dropped);

#endif // CN_DROPPED_H
