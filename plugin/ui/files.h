// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file files.h
   Files that come and go by the window: what was played is saved or dragged out, and what is dropped becomes
   the model or the phrase.

   The plugin writes and reads them; the window says where, waits for what comes of it, and says that in its
   last line.  It touches the disk itself only where the user asks for something: to find a folder for what is
   saved or dragged, and to remove what is not needed there any more.

   All functions: Thread: INIT
*/

#ifndef CN_FILES_H
#define CN_FILES_H

#include "plugin/drag/dropped.h"
#include "plugin/draw/face.h"
#include "plugin/file/letter.h"
#include "plugin/ui/messages.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A file that the plugin was asked to write
typedef struct {
  bool     is_open; ///< Nothing has come of it yet
  bool     is_late; ///< Nor for so long that this was said
  bool     is_dragged;
  uint32_t id;
  double   since; ///< [s]
  char     path[CN_PATH_SIZE];
} CnWish;

/// What the window is to do about the file that is being dragged
typedef enum {
  CN_FILES_NOTHING,
  CN_FILES_READY, ///< It is there
  CN_FILES_GONE,  ///< It will not be
} CnFilesNews;

typedef struct {
  CnMessages* messages; ///< Borrowed
  CnFace*     face;     ///< Borrowed: the bars that are marked, and what is said
  uint32_t    next_id;
  CnWish      wish;
  char        dragged[CN_PATH_SIZE]; ///< What is being dragged; empty: nothing
  bool        is_gone;               ///< It was not written
  CnDropped   dropped;               ///< The last file
  bool        awaits_phrase;         ///< The plugin has not said whether it is one
  double      said;                  ///< [s] when something was said
  bool        is_new_said;           ///< Since then, or since it was taken back, nobody has drawn it
  double      now;                   ///< [s]
} CnFiles;

/// Thread: INIT
void
cn_files_init(CnFiles* files, CnMessages* messages, CnFace* face);

/// Tell the time [s], give up what takes too long, and forget what was said long ago.  Thread: INIT
CnFilesNews
cn_files_idle(CnFiles* files, double time);

/// Save the bars that are marked, or all, in the musician's folder.  Thread: INIT
void
cn_files_save(CnFiles* files);

/// Have the bars that are marked written to be dragged.  @return The path; null if that cannot be.
/// Thread: INIT
const char*
cn_files_drag(CnFiles* files);

/// Dragging has ended: somebody has the file, or nobody needs it any more.  Thread: INIT
void
cn_files_dragged(CnFiles* files, bool is_taken);

/// Say what can be dropped, as long as files are over the window.  Thread: INIT
void
cn_files_hover(CnFiles* files, bool is_over);

/// Take a list of URIs that was dropped; false if nothing comes of it.  Thread: INIT
bool
cn_files_drop(CnFiles* files, const char* list, size_t size);

/// Say why nothing comes of something.  Thread: INIT
void
cn_files_fail(CnFiles* files, const char* why);

/// Hear from news what came of a file.  Thread: INIT
CnFilesNews
cn_files_hear(CnFiles* files);

/// Hear from which file the plugin goes on.  Thread: INIT
void
cn_files_hear_phrase(CnFiles* files, const char* path);

#endif // CN_FILES_H
