// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/picture/picture.h"

#include "tools/base/file.h"
#include "tools/picture/draw.h"

#include "dsp/base/attributes.h"
#include "dsp/file/ending.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_HEIGHT 32767 ///< [pixels], cairo's limit for images
#define MAX_AREA 1e8     ///< [pixels]

const char*
__lsan_default_suppressions(void);

/// Asked by the leak sanitizer, in builds with one: fonts that fontconfig keeps to the end are no leaks of
/// ours
CN_EXPORT const char*
__lsan_default_suppressions(void)
{
  return "leak:libfontconfig\n";
}

/// A growing picture
typedef struct {
  uint8_t* data;
  size_t   size;
  size_t   capacity;
} Buffer;

bool
cn_picture_format(const char* const path, CnPictureFormat* const format)
{
  static const char* const endings[] = {".png", ".svg", ".pdf"}; // In order of CnPictureFormat

  for (int i = 0; i < 3; ++i) {
    if (cn_ending_is(path, endings[i])) {
      *format = (CnPictureFormat)i;
      return true;
    }
  }
  return false;
}

static cairo_status_t
append(void* const closure, const unsigned char* const data, const unsigned length)
{
  Buffer* const buffer = (Buffer*)closure;
  if (buffer->capacity - buffer->size < length) {
    const size_t   capacity = 2 * buffer->capacity + length;
    uint8_t* const grown    = (uint8_t*)realloc(buffer->data, capacity);
    if (!grown) {
      return CAIRO_STATUS_NO_MEMORY;
    }
    buffer->data     = grown;
    buffer->capacity = capacity;
  }
  memcpy(buffer->data + buffer->size, data, length);
  buffer->size += length;
  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t*
new_surface(const CnPictureFormat format, const int width, const int height, Buffer* const buffer)
{
  switch (format) {
  case CN_PICTURE_PNG:
    return cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  case CN_PICTURE_SVG: {
    cairo_surface_t* const surface = cairo_svg_surface_create_for_stream(append, buffer, width, height);
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
    return surface;
  }
  case CN_PICTURE_PDF:
    break;
  }
  return cairo_pdf_surface_create_for_stream(append, buffer, width, height);
}

/// Draw a page into a buffer
static cairo_status_t
draw_page(const CnPage* const page, const int height, Buffer* const buffer)
{
  cairo_surface_t* const surface = new_surface(page->format, page->width, height, buffer);
  cairo_t* const         cr      = cairo_create(surface);
  cairo_scale(cr, page->width / CN_PAGE_WIDTH, page->width / CN_PAGE_WIDTH);
  cn_draw_color(cr, CN_PAPER, 1.0);
  cairo_paint(cr);
  cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  page->paint(cr, page->object);

  cairo_status_t st = cairo_status(cr);
  cairo_destroy(cr);
  if (!st && page->format == CN_PICTURE_PNG) {
    st = cairo_surface_write_to_png_stream(surface, append, buffer);
  }
  cairo_surface_finish(surface);
  st = st ? st : cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  return st;
}

CnStatus
cn_picture_render(const CnPage* const page, uint8_t** const data, size_t* const size, const CnFault fault)
{
  *data = NULL;
  *size = 0;
  if (page->width < CN_PICTURE_WIDTH_MIN || page->width > CN_PICTURE_WIDTH_MAX ||
      page->format > CN_PICTURE_PDF) {
    return CN_FAIL(fault, CN_STATUS_BAD_ARG, "%s", cn_strerror(CN_STATUS_BAD_ARG));
  }
  const double height = ceil(page->height * page->width / CN_PAGE_WIDTH);
  if (height > MAX_HEIGHT || height * page->width > MAX_AREA) {
    return CN_FAIL(fault, CN_STATUS_TOO_LARGE,
                   "the picture would have %d x %.0f pixels; choose fewer bars or less width", page->width,
                   height);
  }

  Buffer               buffer = {NULL, 0, 0};
  const cairo_status_t st     = draw_page(page, (int)height, &buffer);
  if (st) {
    free(buffer.data);
    return CN_FAIL(fault, st == CAIRO_STATUS_NO_MEMORY ? CN_STATUS_NO_MEMORY : CN_STATUS_IO, "cairo: %s",
                   cairo_status_to_string(st));
  }
  *data = buffer.data;
  *size = buffer.size;
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_picture_save(const CnPage* const page, const char* const path, const CnFault fault)
{
  uint8_t* data   = NULL;
  size_t   size   = 0;
  CnStatus status = cn_picture_render(page, &data, &size, fault);
  if (!status) {
    status = cn_file_write(path, data, size);
    if (status) {
      CN_FAIL(fault, status, "%s", cn_file_strerror(status));
    }
  }
  free(data);
  return status;
}
