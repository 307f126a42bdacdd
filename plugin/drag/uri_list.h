// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file uri_list.h
   Lists of files, as programs hand them to one another: text/uri-list (RFC 2483) of file URIs (RFC 8089).
*/

#ifndef CN_URI_LIST_H
#define CN_URI_LIST_H

#include "plugin/file/letter.h"

#include <stdbool.h>
#include <stddef.h>

#define CN_URI_LIST_SIZE (3U * CN_PATH_SIZE + 16U) ///< [bytes] of a list of one file, with its null

/**
   Step through the files of a list.

   Lines end as they like, and those that begin with # are comments.  URIs of anything else, of another
   computer, or that are none are passed over.

   @param list (size) bytes from anywhere.
   @param[in,out] at [bytes] from where to go on; at first 0.
   @param host Name of this computer; null: it is not known.
   @param[out] path Of the file, from the root on.
   @return False if there are no more.

   Thread: ANY
*/
bool
cn_uri_list_next(const char* list, size_t size, size_t* at, const char* host, char path[CN_PATH_SIZE]);

/**
   Make a list of one file.

   @param path From the root on, shorter than CN_PATH_SIZE.
   @param[out] list A line with its CR and LF, and a null.

   Thread: ANY
*/
void
cn_uri_list_write(const char* path, char list[CN_URI_LIST_SIZE]);

#endif // CN_URI_LIST_H
