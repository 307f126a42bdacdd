// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file picture.h
   Pages drawn by cairo, as PNG, SVG or PDF in memory or in a file.

   A page is CN_PAGE_WIDTH [units] wide, whatever its size in pixels; y goes down.
*/

#ifndef CN_PICTURE_H
#define CN_PICTURE_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"

#include <cairo.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CN_PAGE_WIDTH 1000.0          ///< [units]
#define CN_PICTURE_WIDTH_DEFAULT 1800 ///< [pixels]
#define CN_PICTURE_WIDTH_MIN 300      ///< [pixels]
#define CN_PICTURE_WIDTH_MAX 8000     ///< [pixels]

/// Why a path has no format
#define CN_PICTURE_UNKNOWN "unknown kind of picture; let it end in .png, .svg or .pdf"

/// Kind of picture
typedef enum {
  CN_PICTURE_PNG, ///< Portable Network Graphics
  CN_PICTURE_SVG, ///< Scalable Vector Graphics
  CN_PICTURE_PDF, ///< Portable Document Format
} CnPictureFormat;

/// What to draw
typedef struct {
  CnPictureFormat format; ///<
  int             width;  ///< [pixels], CN_PICTURE_WIDTH_MIN..CN_PICTURE_WIDTH_MAX
  double          height; ///< [units] of the page
  const void*     object; ///< Borrowed: what is painted

  /// Paint `object`; the page is white, and the font "sans-serif"
  void (*paint)(cairo_t* cr, const void* object);
} CnPage;

/// Tell the kind of a picture by its file's suffix; false if it is none of them.  Thread: ANY
bool
cn_picture_format(const char* path, CnPictureFormat* format);

/**
   Draw a page.

   @param[out] data (size) bytes of the picture, to be freed with free(); null on failure.
   @param[out] fault What went wrong, in words, if anything did.
   @return #CN_STATUS_SUCCESS; #CN_STATUS_BAD_ARG for a width or format out of range; #CN_STATUS_TOO_LARGE;
   #CN_STATUS_NO_MEMORY; #CN_STATUS_IO if cairo fails for another reason.

   Thread: WORKER
*/
CnStatus
cn_picture_render(const CnPage* page, uint8_t** data, size_t* size, CnFault fault);

/**
   Draw a page into a file, all or nothing.

   @param[out] fault What went wrong, in words, if anything did.
   @return As cn_picture_render() or cn_file_write().

   Thread: WORKER
*/
CnStatus
cn_picture_save(const CnPage* page, const char* path, CnFault fault);

#endif // CN_PICTURE_H
