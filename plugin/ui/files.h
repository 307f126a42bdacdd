// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file files.h
   Files that come and go by the window: what was played is saved.

   The plugin writes them; the window says where, waits for what comes of it, and says that in its last line.

   All functions: Thread: INIT
*/

#ifndef CN_FILES_H
#define CN_FILES_H

#include "plugin/draw/face.h"
#include "plugin/file/letter.h"
#include "plugin/ui/messages.h"

#include <stdbool.h>
#include <stdint.h>

/// A file that the plugin was asked for
typedef struct {
  bool     is_open; ///< Nothing has come of it yet
  uint32_t id;
  double   since; ///< [s]
  char     path[CN_PATH_SIZE];
} CnWish;

typedef struct {
  CnMessages* messages; ///< Borrowed
  CnFace*     face;     ///< Borrowed: the bars that are marked, and what is said
  uint32_t    next_id;
  CnWish      wish;
  double      said; ///< [s] when it was
} CnFiles;

/// Thread: INIT
void
cn_files_init(CnFiles* files, CnMessages* messages, CnFace* face);

/// Save the bars that are marked, or all, in the musician's folder; `time` [s] is now.  Thread: INIT
void
cn_files_save(CnFiles* files, double time);

/// Hear from news what came of it; true if something is to be said.  Thread: INIT
bool
cn_files_hear(CnFiles* files, double time);

/// Give up what takes too long, and forget what was said; true if something is to be drawn.  Thread: INIT
bool
cn_files_idle(CnFiles* files, double time);

#endif // CN_FILES_H
