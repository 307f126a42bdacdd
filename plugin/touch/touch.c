// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/touch/touch.h"

#include "plugin/touch/bars.h"
#include "plugin/touch/knobs.h"

#include <math.h>

#define DOUBLE_CLICK 350 ///< [ms]
#define SAME_PLACE 4.0   ///< [units] Clicks that are closer are one
#define ZOOM 1.25        ///< By a notch
#define SCROLL_BARS 0.5  ///< [bars] by a notch

static CnSpot
find(const CnTouch* const self, const double x, const double y)
{
  return cn_face_find(self->face, self->width, self->height, x, y);
}

/// Choose a line of the open list, or close it
static void
press_list(CnTouch* const self, const CnSpot spot, const bool twice)
{
  CnPanel* const panel = &self->face->panel;
  if (panel->list == CN_LIST_BAR && twice) { // The first of two clicks on the roll has opened it
    self->face->back = 0.0;
  } else if (spot.kind == CN_SPOT_ENTRY && panel->list == CN_LIST_PRESETS) {
    cn_knobs_preset(self, spot.index);
  } else if (spot.kind == CN_SPOT_ENTRY && panel->list == CN_LIST_BAR) {
    cn_bars_revise(self, (CnBarDo)spot.index);
  } else if (spot.kind == CN_SPOT_ENTRY) {
    cn_knobs_choose(self, panel->list, (size_t)spot.index);
  }
  panel->list  = CN_PANEL_NONE;
  panel->entry = CN_PANEL_NONE;
}

void
cn_touch_press(CnTouch* const self, const double x, const double y, const uint32_t time)
{
  CnPanel* const panel = &self->face->panel;
  const CnSpot   spot  = find(self, x, y);
  const bool     twice = time - self->pressed < DOUBLE_CLICK && spot.kind == self->before.kind &&
                     spot.index == self->before.index;
  const uint32_t pressed = self->pressed;
  self->pressed          = time;
  self->before           = spot;
  self->last_x           = x;
  self->last_y           = y;
  self->moved            = false;
  if (panel->list != CN_PANEL_NONE) {
    press_list(self, spot,
               time - pressed < DOUBLE_CLICK && hypot(x - panel->bar_x, y - panel->bar_y) < SAME_PLACE);
    return;
  }
  self->held    = spot;
  panel->chosen = CN_PANEL_NONE;
  if (spot.kind == CN_SPOT_CONTROL) {
    cn_knobs_press(self, spot.index, twice);
  } else if (spot.kind == CN_SPOT_PRESETS) {
    panel->list = CN_LIST_PRESETS;
  } else if (spot.kind == CN_SPOT_PANIC) {
    self->host.panic(self->host.handle);
  } else if (spot.kind == CN_SPOT_MODEL) {
    self->host.model(self->host.handle);
  } else if (spot.kind == CN_SPOT_ROLL && twice) {
    self->face->back = 0.0;
  }
}

void
cn_touch_move(CnTouch* const self, const double x, const double y, const bool fine)
{
  CnPanel* const panel = &self->face->panel;
  const CnSpot   spot  = find(self, x, y);
  self->moved |= hypot(x - self->last_x, y - self->last_y) > 0.5;
  if (self->held.kind == CN_SPOT_ROLL) {
    const CnFaceLayout layout = cn_face_layout(self->width, self->height);
    cn_bars_scroll(self->face, (x - self->last_x) * self->face->bars / layout.roll.width);
  } else if (self->held.kind == CN_SPOT_CONTROL) {
    cn_knobs_drag(self, x, y, fine);
  }
  self->last_x   = x;
  self->last_y   = y;
  panel->hot     = spot;
  panel->entry   = spot.kind == CN_SPOT_ENTRY ? spot.index : CN_PANEL_NONE;
  panel->hovered = spot.kind == CN_SPOT_CONTROL ? spot.index : CN_PANEL_NONE;
}

void
cn_touch_release(CnTouch* const self)
{
  if (self->held.kind == CN_SPOT_ROLL && !self->moved) {
    cn_bars_open(self);
  }
  if (self->held.kind == CN_SPOT_CONTROL) {
    cn_knobs_release(self);
  }
  self->held = (CnSpot){CN_SPOT_NOTHING, 0};
}

void
cn_touch_wheel(CnTouch* const self, const double x, const double y, const int notches, const bool zoom)
{
  CnFace* const face = self->face;
  const CnSpot  spot = find(self, x, y);
  if (spot.kind == CN_SPOT_CONTROL) {
    cn_knobs_step(self, spot.index, notches);
  } else if (spot.kind == CN_SPOT_ROLL && zoom) {
    face->bars = fmin(fmax(face->bars * pow(ZOOM, -notches), CN_FACE_FEWEST), CN_FACE_MOST);
  } else if (spot.kind == CN_SPOT_ROLL) {
    cn_bars_scroll(face, notches * SCROLL_BARS);
  }
}

void
cn_touch_leave(CnTouch* const self)
{
  self->face->panel.hovered = CN_PANEL_NONE;
  self->face->panel.entry   = CN_PANEL_NONE;
  self->face->panel.hot     = (CnSpot){CN_SPOT_NOTHING, 0};
}
