// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file fuzz_wire.c
   Read any bytes as news for a window, or else as what is written down for bars; whatever was read can be
   drawn.
*/

#include "plugin/draw/face.h"

#include <cairo.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SIZE 96

int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

/// Read bytes as a text, which a host hands on with its null
static void
read_sheet(CnScene* const scene, const uint8_t* const bytes, const size_t n)
{
  char text[256] = "";
  memcpy(text, bytes, n < sizeof(text) ? n : sizeof(text) - 1);
  cn_scene_read_sheet(scene, text);
}

int
LLVMFuzzerTestOneInput(const uint8_t* data, const size_t size)
{
  static CnFace face;
  cn_face_init(&face, size % 2);
  for (size_t at = 0; at + 1 < size;) { // News after news, each with its length before it
    const size_t n = data[at] < size - at - 1 ? data[at] : size - at - 1;
    if (!cn_scene_read(&face.scene, data + at + 1, n)) {
      read_sheet(&face.scene, data + at + 1, n);
    }
    at += n + 1;
  }
  face.tick                   = face.scene.state.tick;
  cairo_surface_t* const page = cairo_image_surface_create(CAIRO_FORMAT_RGB24, SIZE, SIZE);
  cairo_t* const         cr   = cairo_create(page);
  cairo_scale(cr, 0.125, 0.125);
  cn_face_draw(cr, &face, 8 * SIZE, 8 * SIZE);
  cairo_destroy(cr);
  cairo_surface_destroy(page);
  return 0;
}
