// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file file.h
   Whole files in memory, and folders of files.
*/

#ifndef CN_FILE_H
#define CN_FILE_H

#include "dsp/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Paths of files below a folder; all zero is empty
typedef struct {
  char** items;    ///< (n) each beginning with the folder
  size_t n;        ///<
  size_t capacity; ///<
  size_t root;     ///< [bytes] `items[i] + root` is the path relative to the folder
} CnPaths;

/**
   Say why one of the functions below has failed.

   @return What errno says for #CN_STATUS_IO, else cn_strerror().

   Thread: ANY
*/
const char*
cn_file_strerror(CnStatus status);

/**
   Read a whole file.

   @param max_size [bytes] Most that is accepted.
   @param[out] data (size + 1) bytes, the last a zero; to be freed with free().  Null on failure.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_IO with errno set, #CN_STATUS_TOO_LARGE, or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_file_read(const char* path, size_t max_size, uint8_t** data, size_t* size);

/**
   Write a whole file, or leave all as it was.

   A regular file is written beside its place, synced, and renamed: whatever happens, there is the old
   file or the new one.  Symbolic links are followed, and an old file's permissions stay.  Other things,
   such as /dev/stdout, are written directly.

   @param data (size) bytes; may be null if `size` is 0.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_IO with errno set, or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_file_write(const char* path, const void* data, size_t size);

/**
   Remove what processes that were killed while writing a file have left beside it.

   Thread: WORKER
*/
void
cn_file_sweep(const char* path);

/// True if two paths lead to one file; null, and a path that leads nowhere, lead to none.  Thread: ANY
bool
cn_file_is_same(const char* a, const char* b);

/// The name of a file without folder and suffix, to be freed.  @return Null if there is no memory.
/// Thread: ANY
char*
cn_path_stem(const char* path);

/// The last part of a path, without slashes after it, to be freed.  @return Null if there is no memory.
/// Thread: ANY
char*
cn_path_name(const char* path);

/**
   List all files below a folder, at any depth.

   What can't be looked into is listed as if it were a file: reading it will say why.  Sorted by relative
   path, byte by byte, so that the file system's order does not matter.  Hidden files and folders are left
   out, and so are folders behind symbolic links, which might lead in circles.

   @param endings To look for, as cn_ending_is_among() has them.
   @param[out] paths To be freed with cn_paths_clear(); empty on failure.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_IO with errno set, or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_folder_list(const char* folder, const char* const* endings, CnPaths* paths);

/// Free what a list of paths owns, and leave it empty.  Thread: WORKER
void
cn_paths_clear(CnPaths* paths);

#endif // CN_FILE_H
