// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/inline/strip.h"

#include "plugin/draw/paint.h"
#include "plugin/draw/roll.h"
#include "plugin/draw/turn.h"
#include "plugin/wire/sources.h"

#include "dsp/play/view.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#define ASPECT 3       // Times as wide as it is high, if the host has room
#define HEADLINE 14.0  // [pixels] of whose turn it is
#define LOWEST 36      // [pixels] A picture that is lower has no words
#define LONGEST 65535U // [ticks] of a bar

// Bits beside those of a CnWireState
enum {
  IS_PLAY = 1U << 30U,
  IS_HOLD = 1U << 31U,
};

void
cn_strip_init(CnStrip* const self, const LV2_Inline_Display* const host, CnPerformer* const performer,
              const double rate)
{
  self->host      = host && host->queue_draw ? host : NULL;
  self->performer = performer;
  self->rate      = rate;
}

void
cn_strip_clear(CnStrip* const self)
{
  if (self->surface) {
    cairo_surface_destroy(self->surface);
  }
  free(self->scene);
  self->surface = NULL;
  self->scene   = NULL;
}

// The audio thread's part

/// Leave where the music is; false if that is where it was
static CN_AUDIO bool
leave(CnStrip* const self, const CnControls* const controls, const unsigned status, const CnView* const view)
{
  CnStripNow* const now   = &self->now;
  const uint32_t    flags = cn_sources_flags(self->performer, view) | (controls->play ? IS_PLAY : 0U) |
                         (controls->hold ? IS_HOLD : 0U);
  const int32_t      tick   = (int32_t)floor(view->tick);
  const uint32_t     notice = (uint32_t)cn_notices_first(cn_performer_notices(self->performer));
  const memory_order order  = memory_order_relaxed;
  const bool         is_new = flags != atomic_load_explicit(&now->flags, order) ||
                      tick != atomic_load_explicit(&now->tick, order) ||
                      status != atomic_load_explicit(&now->status, order) ||
                      notice != atomic_load_explicit(&now->notice, order);
  atomic_store_explicit(&now->flags, flags, order);
  atomic_store_explicit(&now->status, status, order);
  atomic_store_explicit(&now->notice, notice, order);
  atomic_store_explicit(&now->tick, tick, order);
  atomic_store_explicit(&now->bar_start, view->bar.start, order);
  atomic_store_explicit(&now->bar_length, (uint32_t)view->bar.length, order);
  atomic_store_explicit(&now->bar_number, view->bar_number, order);
  atomic_store_explicit(&now->beat, (float)view->beat, order);
  return is_new;
}

CN_AUDIO int32_t
cn_strip_end(CnStrip* const self, const CnControls* const controls, const unsigned status,
             const uint32_t n_frames)
{
  if (!self->host) {
    return 0;
  }
  self->wait -= n_frames;
  self->patience -= self->patience > 0 ? n_frames : 0;
  if (self->wait <= 0) {
    const CnView view = cn_performer_view(self->performer);
    self->wait        = (int64_t)(self->rate / CN_STRIP_RATE);
    if (atomic_exchange_explicit(&self->is_drawn, false, memory_order_relaxed)) {
      self->patience = (int64_t)(CN_STRIP_PATIENCE * self->rate);
    }
    if (leave(self, controls, status, &view) && self->patience > 0) {
      self->host->queue_draw(self->host->handle);
    }
  }
  const uint32_t bar = atomic_load_explicit(&self->now.bar_length, memory_order_relaxed); // As left last
  return self->patience > 0 ? (int32_t)(CN_STRIP_BARS * bar / CN_SEGMENT_TICKS) + 1 : 0;
}

// The host's thread's part

/// Read what the audio thread left; false if it has left nothing that can be shown
static bool
read_state(CnStrip* const self)
{
  const memory_order order  = memory_order_relaxed;
  const CnStripNow*  now    = &self->now;
  const uint32_t     length = atomic_load_explicit(&now->bar_length, order);
  const float        beat   = atomic_load_explicit(&now->beat, order);
  CnWireState* const state  = &self->scene->state;
  self->scene->has_state    = length > 0 && length <= LONGEST && beat >= 1.0F;
  if (self->scene->has_state) {
    state->flags      = atomic_load_explicit(&now->flags, order);
    state->status     = (uint16_t)atomic_load_explicit(&now->status, order);
    state->notice     = (uint16_t)atomic_load_explicit(&now->notice, order);
    state->tick       = atomic_load_explicit(&now->tick, order);
    state->bar.start  = atomic_load_explicit(&now->bar_start, order);
    state->bar.length = (uint16_t)length;
    state->bar_number = atomic_load_explicit(&now->bar_number, order);
    state->beat       = beat;
  }
  return self->scene->has_state;
}

/// Read the notes around the playhead
static void
read_notes(const CnStrip* const self)
{
  const CnWireState* const state   = &self->scene->state;
  const CnSources          sources = cn_sources_of(cn_performer_engine(self->performer));
  const int32_t            here    = cn_segment_at((int32_t)state->tick);
  const int32_t            reach   = (CN_STRIP_BARS + 1) * state->bar.length / CN_SEGMENT_TICKS + 1;
  CnSegment                segment;
  self->scene->state.due = sources.due;
  for (int32_t k = here - reach; k <= here + reach; ++k) {
    for (int layer = 0; layer < CN_N_LAYERS; ++layer) {
      cn_sources_read(&sources, (CnLayer)layer, k, &segment);
      cn_scene_put(self->scene, (CnLayer)layer, k, segment.notes, segment.n_notes);
    }
  }
}

/// Make the picture's memory, or make it anew for another size; false if there is none
static bool
prepare(CnStrip* const self, const int width, const int height)
{
  if (!self->scene) {
    self->scene = calloc(1, sizeof(CnScene));
  }
  if (!self->surface || self->image.width != width || self->image.height != height) {
    if (self->surface) {
      cairo_surface_destroy(self->surface);
    }
    self->surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    self->image   = (LV2_Inline_Display_Image_Surface){NULL, width, height, 0};
  }
  return self->scene && cairo_surface_status(self->surface) == CAIRO_STATUS_SUCCESS;
}

static void
draw(const CnStrip* const self, cairo_t* const cr)
{
  const CnTheme  theme    = cn_theme(true);
  const CnScene* scene    = self->scene;
  const double   tick     = scene->state.tick;
  const bool     has_word = self->image.height >= LOWEST;
  const CnTurn   turn     = cn_turn(scene, tick, scene->state.flags & IS_PLAY, scene->state.flags & IS_HOLD);
  const CnBox    all      = {0.0, 0.0, self->image.width, self->image.height};
  const CnBox    line     = {4.0, 0.0, all.width - 8.0, has_word ? HEADLINE + 4.0 : 3.0};
  const CnBox    roll     = {0.0, line.height, all.width, all.height - line.height};

  cn_paint_color(cr, theme.ground, 1.0);
  cairo_paint(cr);
  const CnRollView view = cn_roll_view_slim(scene, &roll, tick, CN_STRIP_BARS);
  cn_roll_draw(cr, &theme, &roll, &view, scene);
  cn_turn_draw_line(cr, &theme, &line, &turn, has_word);
}

LV2_Inline_Display_Image_Surface*
cn_strip_render(CnStrip* const self, const uint32_t width, const uint32_t max_height)
{
  const uint32_t wanted = width / ASPECT > 0 ? width / ASPECT : 1;
  const uint32_t height = wanted < max_height ? wanted : max_height;
  if (!width || !height || width > INT16_MAX || !prepare(self, (int)width, (int)height)) {
    return NULL;
  }
  atomic_store_explicit(&self->is_drawn, true, memory_order_relaxed);
  if (read_state(self)) {
    read_notes(self);
  }
  cairo_t* const cr = cairo_create(self->surface);
  draw(self, cr);
  cairo_destroy(cr);
  cairo_surface_flush(self->surface);
  self->image.data   = cairo_image_surface_get_data(self->surface);
  self->image.stride = cairo_image_surface_get_stride(self->surface);
  return &self->image;
}
