// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "roll.h"

#include "roll_draw.h"
#include "roll_layout.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_HEIGHT 32767 ///< [pixels], cairo's limit for images
#define MAX_AREA 1e8     ///< [pixels]

/// A growing picture
typedef struct {
  uint8_t* data;
  size_t   size;
  size_t   capacity;
} Buffer;

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
new_surface(const CnRollFormat format, const int width, const int height, Buffer* const buffer)
{
  switch (format) {
  case CN_ROLL_PNG:
    return cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  case CN_ROLL_SVG: {
    cairo_surface_t* const surface = cairo_svg_surface_create_for_stream(append, buffer, width, height);
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
    return surface;
  }
  case CN_ROLL_PDF:
    break;
  }
  return cairo_pdf_surface_create_for_stream(append, buffer, width, height);
}

static void
draw_page(cairo_t* const cr, const CnRollLayout* const layout, const char* const title)
{
  cn_roll_set_color(cr, CN_PAPER, 1.0);
  cairo_paint(cr);
  cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cn_roll_draw_header(cr, layout, title);
  for (size_t i = 0; i < layout->n_systems; ++i) {
    const CnRollSystem* const system = &layout->systems[i];
    cn_roll_draw_grid(cr, layout, system);
    cn_roll_draw_keys(cr, layout, system);
    cn_roll_draw_notes(cr, layout, system);
    cn_roll_draw_entry(cr, layout, system);
  }
}

/// Draw a page into a buffer
static cairo_status_t
draw_picture(const CnRollLayout* const layout, const CnRollOptions* const options, const int height,
             Buffer* const buffer)
{
  cairo_surface_t* const surface = new_surface(options->format, options->width, height, buffer);
  cairo_t* const         cr      = cairo_create(surface);
  cairo_scale(cr, options->width / CN_PAGE_WIDTH, options->width / CN_PAGE_WIDTH);
  draw_page(cr, layout, options->title);

  cairo_status_t st = cairo_status(cr);
  cairo_destroy(cr);
  if (!st && options->format == CN_ROLL_PNG) {
    st = cairo_surface_write_to_png_stream(surface, append, buffer);
  }
  cairo_surface_finish(surface);
  st = st ? st : cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  return st;
}

static CnStatus
render_layout(const CnRollLayout* const layout, const CnRollOptions* const options, Buffer* const buffer,
              char* const fault, const size_t fault_size)
{
  const double height = ceil(layout->height * options->width / CN_PAGE_WIDTH);
  if (height > MAX_HEIGHT || height * options->width > MAX_AREA) {
    snprintf(fault, fault_size, "the picture would have %d x %.0f pixels; choose fewer bars or less width",
             options->width, height);
    return CN_STATUS_TOO_LARGE;
  }
  const cairo_status_t st = draw_picture(layout, options, (int)height, buffer);
  if (st) {
    snprintf(fault, fault_size, "cairo: %s", cairo_status_to_string(st));
    return st == CAIRO_STATUS_NO_MEMORY ? CN_STATUS_NO_MEMORY : CN_STATUS_IO;
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_roll_render(const CnScore* const score, const CnRollOptions* const options, uint8_t** const data,
               size_t* const size, char* const fault, const size_t fault_size)
{
  char         ignored[8];
  char* const  text      = fault && fault_size ? fault : ignored;
  const size_t text_size = fault && fault_size ? fault_size : sizeof(ignored);
  text[0]                = '\0';
  *data                  = NULL;
  *size                  = 0;
  if (options->width < CN_ROLL_WIDTH_MIN || options->width > CN_ROLL_WIDTH_MAX ||
      options->format > CN_ROLL_PDF || options->first_bar < 1) {
    return CN_STATUS_BAD_ARG;
  }

  CnRollLayout layout;
  Buffer       buffer = {NULL, 0, 0};
  CnStatus     st     = cn_roll_layout_init(&layout, score, options, text, text_size);
  if (!st) {
    st = render_layout(&layout, options, &buffer, text, text_size);
  }
  cn_roll_layout_clear(&layout);
  if (st) {
    free(buffer.data);
    return st;
  }
  *data = buffer.data;
  *size = buffer.size;
  return CN_STATUS_SUCCESS;
}
