// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/pixels.h"

#include "tools/picture/picture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static CnPixel
read_pixel(cairo_surface_t* const surface, const int column, const int line)
{
  const uint8_t* const data  = cairo_image_surface_get_data(surface);
  CnPixel              pixel = 0;
  memcpy(&pixel, data + (ptrdiff_t)line * cairo_image_surface_get_stride(surface) + column * 4L,
         sizeof(pixel));
  return pixel & 0xFFFFFF;
}

CnPixel
cn_pixel(cairo_surface_t* const surface, const double x, const double y)
{
  const double scale  = cairo_image_surface_get_width(surface) / CN_PAGE_WIDTH;
  const int    column = (int)(x * scale);
  const int    line   = (int)(y * scale);
  assert_in_range(column, 0, cairo_image_surface_get_width(surface) - 1);
  assert_in_range(line, 0, cairo_image_surface_get_height(surface) - 1);
  return read_pixel(surface, column, line);
}

CnPixel
cn_pixel_of(const CnColor color)
{
  return ((CnPixel)lround(255.0 * color.r) << 16) | ((CnPixel)lround(255.0 * color.g) << 8) |
         (CnPixel)lround(255.0 * color.b);
}

unsigned
cn_pixel_count(cairo_surface_t* const surface, const CnColor color)
{
  const CnPixel pixel = cn_pixel_of(color);
  unsigned      n     = 0;
  for (int line = 0; line < cairo_image_surface_get_height(surface); ++line) {
    for (int column = 0; column < cairo_image_surface_get_width(surface); ++column) {
      n += read_pixel(surface, column, line) == pixel;
    }
  }
  return n;
}

cairo_surface_t*
cn_png_read(const char* const path)
{
  cairo_surface_t* const surface = cairo_image_surface_create_from_png(path);
  assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
  return surface;
}
