// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/touch/touch.h"

#include "plugin/touch/bars.h"
#include "plugin/touch/knobs.h"
#include "plugin/touch/lists.h"
#include "plugin/touch/marks.h"

#include "dsp/music/chord.h"

#include <math.h>

#define DOUBLE_CLICK 350 ///< [ms]
#define SAME_PLACE 4.0   ///< [units] Clicks that are closer are one
#define STILL 2.5        ///< [units] A pointer that moves no further has only been clicked
#define SCROLL_BARS 0.5  ///< [bars] by a notch

static CnSpot
find(const CnTouch* const self, const double x, const double y)
{
  return cn_face_find(self->face, self->width, self->height, x, y);
}

/// Press what is no line of a list
static void
press_spot(CnTouch* const self, const CnSpot spot, const bool twice)
{
  if (spot.kind == CN_SPOT_CONTROL) {
    cn_knobs_press(self, spot.index, twice);
  } else if (spot.kind == CN_SPOT_ROLL && twice) {
    self->face->back = 0.0;
  } else {
    cn_knobs_push(self, spot.kind);
  }
}

void
cn_touch_press(CnTouch* const self, const double x, const double y, const uint32_t time)
{
  CnPanel* const panel = &self->face->panel;
  const CnSpot   spot  = find(self, x, y);
  const bool     soon  = time - self->pressed < DOUBLE_CLICK;
  const bool     twice = soon && spot.kind == self->before.kind && spot.index == self->before.index;
  self->pressed        = time;
  self->before         = spot;
  self->last_x         = x;
  self->last_y         = y;
  self->down_x         = x;
  self->down_y         = y;
  self->moved          = false;
  self->pull           = CN_PULL_NOTHING;
  if (panel->list == CN_LIST_BAR && soon && hypot(x - panel->bar_x, y - panel->bar_y) < SAME_PLACE) {
    cn_lists_choose(self, CN_PANEL_NONE); // The first of two clicks on the roll has opened it
    self->face->back = 0.0;
  } else if (panel->list != CN_PANEL_NONE) {
    cn_lists_choose(self, spot.kind == CN_SPOT_ENTRY ? spot.index : CN_PANEL_NONE);
  } else {
    self->held      = spot;
    panel->typed[0] = '\0';
    cn_keys_choose(self, spot);
    press_spot(self, spot, twice);
  }
}

void
cn_touch_move(CnTouch* const self, const double x, const double y, const bool fine)
{
  CnPanel* const panel = &self->face->panel;
  const CnSpot   spot  = find(self, x, y);
  self->moved |= hypot(x - self->down_x, y - self->down_y) > STILL;
  if (self->held.kind == CN_SPOT_ROLL) {
    cn_marks_pull(self, x, fine);
  } else if (self->held.kind == CN_SPOT_CONTROL) {
    cn_knobs_drag(self, x, y, fine);
  } else if (self->moved && (self->held.kind == CN_SPOT_CHORD || self->held.kind == CN_SPOT_TRACK)) {
    cn_bars_carry(self, x, y, fine);
  }
  self->last_x = x;
  self->last_y = y;
  panel->hot   = spot;
  panel->entry = spot.kind == CN_SPOT_ENTRY ? spot.index : panel->entry;
}

/// True for the roll, and for the chords that are written over it
static bool
is_on_roll(const CnSpot spot)
{
  return spot.kind == CN_SPOT_ROLL || spot.kind == CN_SPOT_TRACK;
}

static void
let_go(CnTouch* const self)
{
  if (self->held.kind == CN_SPOT_CONTROL) {
    cn_knobs_release(self);
  }
  self->held = (CnSpot){CN_SPOT_NOTHING, 0};
}

void
cn_touch_release(CnTouch* const self)
{
  if (self->face->carried.chord != CN_CHORD_NONE) {
    cn_bars_drop(self);
  } else if (is_on_roll(self->held) && !self->moved) {
    cn_marks_click(self);
    cn_bars_open(self, cn_bars_at(self, self->last_x), self->last_x, self->last_y);
  }
  let_go(self);
}

void
cn_touch_lose(CnTouch* const self)
{
  let_go(self);
  self->face->carried.chord = CN_CHORD_NONE;
}

bool
cn_touch_idle(CnTouch* const self, const double time)
{
  return cn_knobs_idle(self, time);
}

void
cn_touch_wheel(CnTouch* const self, const double x, const double y, const int notches, const bool zoom)
{
  const CnSpot spot = find(self, x, y);
  if (spot.kind == CN_SPOT_CONTROL) {
    cn_knobs_step(self, spot.index, notches);
  } else if (is_on_roll(spot) && zoom) {
    cn_bars_zoom(self->face, notches);
  } else if (is_on_roll(spot)) {
    cn_bars_scroll(self->face, notches * SCROLL_BARS);
  }
}

void
cn_touch_leave(CnTouch* const self)
{
  self->face->panel.entry = CN_PANEL_NONE;
  self->face->panel.hot   = (CnSpot){CN_SPOT_NOTHING, 0};
}
