// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file pixels.h
   What a picture shows at a place.
*/

#ifndef CN_TEST_PIXELS_H
#define CN_TEST_PIXELS_H

#include "dsp/music/colormap.h"

#include <cairo.h>

#include <stdint.h>

/// A pixel, 0xRRGGBB
typedef uint32_t CnPixel;

/// The pixel at a place of the page [units]
CnPixel
cn_pixel(cairo_surface_t* surface, double x, double y);

/// A colour as a pixel
CnPixel
cn_pixel_of(CnColor color);

/// Number of pixels of just that colour
unsigned
cn_pixel_count(cairo_surface_t* surface, CnColor color);

/// Read a PNG file, or fail the test
cairo_surface_t*
cn_png_read(const char* path);

#endif // CN_TEST_PIXELS_H
