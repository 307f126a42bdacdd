// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/draw/strokes.h"

#include <math.h>
#include <stddef.h>

/// A rectangle of whole pixels, its ends excluded
typedef struct {
  int left;
  int top;
  int right;
  int bottom;
} Area;

bool
cn_strokes_begin(CnStrokes* const self, cairo_t* const cr, const CnBox* const box)
{
  double scale = 1.0;
  double none  = 0.0;
  cairo_user_to_device_distance(cr, &scale, &none);
  *self = (CnStrokes){
      .box    = *box,
      .scale  = scale,
      .width  = (int)ceil(box->width * scale),
      .height = (int)ceil(box->height * scale),
  };
  self->image  = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, self->width, self->height);
  self->pixels = (uint32_t*)(void*)cairo_image_surface_get_data(self->image);
  self->stride = cairo_image_surface_get_stride(self->image) / (int)sizeof(uint32_t);
  if (!self->pixels) {
    cairo_surface_destroy(self->image);
  }
  return self->pixels;
}

static int
clamp(const double value, const int highest)
{
  return value > 0.0 ? (value < highest ? (int)value : highest) : 0;
}

/// The pixels of a rectangle, so that its edges lie where those of others at the same place do
static Area
area_of(const CnStrokes* const self, const CnBox* const box)
{
  const double left   = round((box->x - self->box.x) * self->scale);
  const double top    = round((box->y - self->box.y) * self->scale);
  const double right  = round((box->x + box->width - self->box.x) * self->scale);
  const double bottom = round((box->y + box->height - self->box.y) * self->scale);
  return (Area){clamp(left, self->width), clamp(top, self->height),
                clamp(fmax(right, left + 1.0), self->width), clamp(fmax(bottom, top + 1.0), self->height)};
}

static uint32_t
premultiply(const CnColor color, const double opacity)
{
  const uint32_t a = (uint32_t)lround(255.0 * opacity);
  const uint32_t r = (uint32_t)lround(255.0 * opacity * color.r);
  const uint32_t g = (uint32_t)lround(255.0 * opacity * color.g);
  const uint32_t b = (uint32_t)lround(255.0 * opacity * color.b);
  return a << 24U | r << 16U | g << 8U | b;
}

/// Multiply the four channels of a pixel by `by` / 256
static uint32_t
fade(const uint32_t pixel, const uint32_t by)
{
  const uint32_t even = (pixel & 0x00FF00FFU) * by >> 8U & 0x00FF00FFU;
  const uint32_t odd  = (pixel >> 8U & 0x00FF00FFU) * by & 0xFF00FF00U;
  return even | odd;
}

static void
lay(const CnStrokes* const self, const Area area, const uint32_t ink)
{
  const uint32_t rest = 256U - (ink >> 24U) - (ink >> 31U); // 0 if it is opaque
  for (int y = area.top; y < area.bottom; ++y) {
    uint32_t* const line = self->pixels + (ptrdiff_t)y * self->stride;
    for (int x = area.left; x < area.right; ++x) {
      line[x] = ink + fade(line[x], rest);
    }
  }
}

void
cn_strokes_add(CnStrokes* const self, const CnBox* const box, const CnColor color, const double opacity)
{
  lay(self, area_of(self, box), premultiply(color, opacity));
}

void
cn_strokes_add_edges(CnStrokes* const self, const CnBox* const box, const CnColor color, const double opacity)
{
  const Area     area  = area_of(self, box);
  const int      wide  = clamp(fmax(round(self->scale), 1.0), 8);
  const uint32_t ink   = premultiply(color, opacity);
  const int      right = area.right - wide > area.left + wide ? area.right - wide : area.left + wide;
  const int      floor = area.bottom - wide > area.top + wide ? area.bottom - wide : area.top + wide;
  if (right >= area.right || floor >= area.bottom) {
    lay(self, area, ink);
    return;
  }
  lay(self, (Area){area.left, area.top, area.right, area.top + wide}, ink);
  lay(self, (Area){area.left, floor, area.right, area.bottom}, ink);
  lay(self, (Area){area.left, area.top + wide, area.left + wide, floor}, ink);
  lay(self, (Area){right, area.top + wide, area.right, floor}, ink);
}

void
cn_strokes_end(CnStrokes* const self, cairo_t* const cr)
{
  // Not cairo_get_source(), which in a context that has failed makes one that nobody frees
  cairo_pattern_t* const ink = cairo_pattern_create_for_surface(self->image);
  cairo_pattern_set_filter(ink, CAIRO_FILTER_NEAREST);
  cairo_surface_mark_dirty(self->image);
  cairo_save(cr);
  cairo_translate(cr, self->box.x, self->box.y);
  cairo_scale(cr, 1.0 / self->scale, 1.0 / self->scale);
  cairo_set_source(cr, ink);
  cairo_paint(cr);
  cairo_restore(cr);
  cairo_pattern_destroy(ink);
  cairo_surface_destroy(self->image);
}
