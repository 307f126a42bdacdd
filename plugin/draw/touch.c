// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/draw/touch.h"

#include "dsp/music/chord.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define DOUBLE_CLICK 350 ///< [ms]
#define SAME_PLACE 4.0   ///< [units] Clicks that are closer are one
#define DRAG_RANGE 180.0 ///< [units] of a drag from the lowest to the highest
#define FINE 0.1         ///< A fine drag's share of that
#define PAGE 10          ///< Steps of a page key
#define STEPS 100        ///< Notches of the wheel from the lowest to the highest
#define ZOOM 1.25        ///< By a notch
#define SCROLL_BARS 0.5  ///< [bars] by a notch

static void
set(CnTouch* const self, const int control, const float value)
{
  const CnControl* const row    = &cn_controls[control];
  const float            fitted = cn_control_fit(row, value);
  if (self->face->panel.values[control] != fitted) {
    self->face->panel.values[control] = fitted;
    self->host.change(self->host.handle, row->port, fitted);
  }
}

static float
step_of(const CnControl* const control)
{
  const float range = control->highest - control->lowest;
  return control->is_integer || control->is_toggled ? 1.0F : range / STEPS;
}

/// Go some steps from where a control is
static void
step(CnTouch* const self, const int control, const int n)
{
  const CnControl* const row = &cn_controls[control];
  if (!row->is_trigger) {
    set(self, control, self->face->panel.values[control] + (float)n * step_of(row));
  }
}

static void
pull(CnTouch* const self, const int control)
{
  set(self, control, 1.0F);
  set(self, control, 0.0F);
}

static void
choose_preset(CnTouch* const self, const int index)
{
  const CnPreset* const preset = &cn_presets[index];
  self->face->panel.preset     = index;
  for (size_t v = 0; v < preset->n_values; ++v) {
    for (size_t i = 0; i < cn_n_controls && i < CN_PANEL_CONTROLS; ++i) {
      if (!strcmp(cn_controls[i].symbol, preset->values[v].symbol)) {
        set(self, (int)i, preset->values[v].value);
      }
    }
  }
}

static CnSpot
find(const CnTouch* const self, const double x, const double y)
{
  return cn_face_find(self->face, self->width, self->height, x, y);
}

/// Write down what is done to the bar whose list is open; a chord is the one that was typed, or none
static void
revise(CnTouch* const self, const CnBarDo what)
{
  const CnPanel* const panel = &self->face->panel;
  CnSheet* const       sheet = &self->face->scene.sheet; // Until the plugin tells what came of it
  CnSheetBar           bar   = cn_sheet_read(sheet, panel->bar);
  switch (what) {
  case CN_BAR_DO_UNDO:
    self->host.undo(self->host.handle);
    return;
  case CN_BAR_DO_KEEP:
    bar.stands = CN_BAR_KEPT;
    break;
  case CN_BAR_DO_REST:
    bar.stands = CN_BAR_RESTS;
    break;
  case CN_BAR_DO_FREE:
    bar = (CnSheetBar){bar.bar, bar.chord, 0, CN_BAR_FREE};
    break;
  case CN_BAR_DO_ANOTHER:
    bar.stands  = CN_BAR_FREE;
    bar.another = bar.another % CN_SHEET_ANOTHER_MAX + 1;
    break;
  case CN_BAR_DO_CHORD:
    bar.chord = cn_chord_parse(panel->typed);
    if (panel->typed[0] && bar.chord == CN_CHORD_NONE) {
      return;
    }
    break;
  }
  if (cn_sheet_write(sheet, bar)) {
    self->host.write(self->host.handle, sheet);
  }
}

/// Choose a line of the open list, or close it
static void
press_list(CnTouch* const self, const CnSpot spot, const bool twice)
{
  CnPanel* const panel = &self->face->panel;
  if (panel->list == CN_LIST_BAR && twice) { // The first of two clicks on the roll has opened it
    self->face->back = 0.0;
  } else if (spot.kind == CN_SPOT_ENTRY && panel->list == CN_LIST_PRESETS) {
    choose_preset(self, spot.index);
  } else if (spot.kind == CN_SPOT_ENTRY && panel->list == CN_LIST_BAR) {
    revise(self, (CnBarDo)spot.index);
  } else if (spot.kind == CN_SPOT_ENTRY) {
    set(self, panel->list, cn_controls[panel->list].points[spot.index].value);
  }
  panel->list  = CN_PANEL_NONE;
  panel->entry = CN_PANEL_NONE;
}

static void
press_control(CnTouch* const self, const int control, const bool twice)
{
  const CnControl* const row   = &cn_controls[control];
  CnPanel* const         panel = &self->face->panel;
  panel->chosen                = control;
  panel->typed[0]              = '\0';
  self->from                   = panel->values[control];
  if (self->host.grab) {
    self->host.grab(self->host.handle, row->port, true);
  }
  if (row->is_trigger) {
    set(self, control, 1.0F);
  } else if (row->is_toggled) {
    set(self, control, panel->values[control] > 0.0F ? 0.0F : 1.0F);
  } else if (row->is_choice) {
    panel->list = control;
  } else if (twice) {
    set(self, control, row->usual);
    self->from = row->usual;
  }
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
    press_control(self, spot.index, twice);
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

static double
bar_length(const CnFace* const face)
{
  return face->scene.has_state ? face->scene.state.bar.length : 4.0 * CN_TICKS_PER_QUARTER;
}

static void
scroll(CnFace* const face, const double ticks)
{
  face->back = fmin(fmax(face->back + ticks, 0.0), CN_FACE_MAX_BACK);
}

static void
drag(CnTouch* const self, const double x, const double y, const bool fine)
{
  if (self->held.kind == CN_SPOT_ROLL) {
    const CnFaceLayout layout = cn_face_layout(self->width, self->height);
    scroll(self->face, (x - self->last_x) * self->face->bars * bar_length(self->face) / layout.roll.width);
  } else if (self->held.kind == CN_SPOT_CONTROL) {
    const CnControl* const row = &cn_controls[self->held.index];
    if (!row->is_toggled && !row->is_choice) {
      const double range = (double)row->highest - row->lowest;
      const double by    = (self->last_y - y + x - self->last_x) * range / DRAG_RANGE;
      self->from = fminf(fmaxf(self->from + (float)(fine ? FINE * by : by), row->lowest), row->highest);
      set(self, self->held.index, self->from);
    }
  }
}

void
cn_touch_move(CnTouch* const self, const double x, const double y, const bool fine)
{
  CnPanel* const panel = &self->face->panel;
  const CnSpot   spot  = find(self, x, y);
  self->moved |= hypot(x - self->last_x, y - self->last_y) > 0.5;
  drag(self, x, y, fine);
  self->last_x   = x;
  self->last_y   = y;
  panel->hot     = spot;
  panel->entry   = spot.kind == CN_SPOT_ENTRY ? spot.index : CN_PANEL_NONE;
  panel->hovered = spot.kind == CN_SPOT_CONTROL ? spot.index : CN_PANEL_NONE;
}

/// Show what can be done to the bar under the pointer
static void
open_bar(CnTouch* const self)
{
  CnFace* const      face   = self->face;
  const CnFaceLayout layout = cn_face_layout(self->width, self->height);
  const CnRollView   view   = cn_roll_view(&face->scene, &layout.roll, face->tick, face->bars, face->back);
  const int32_t      bar    = cn_roll_bar_at(&face->scene, &layout.roll, &view, self->last_x);
  if (face->scene.has_state && bar >= 0) {
    face->panel.list     = CN_LIST_BAR;
    face->panel.bar      = bar;
    face->panel.bar_x    = self->last_x;
    face->panel.bar_y    = self->last_y;
    face->panel.typed[0] = '\0';
  }
}

void
cn_touch_release(CnTouch* const self)
{
  if (self->held.kind == CN_SPOT_ROLL && !self->moved) {
    open_bar(self);
  }
  if (self->held.kind == CN_SPOT_CONTROL) {
    const CnControl* const row = &cn_controls[self->held.index];
    if (row->is_trigger) {
      set(self, self->held.index, 0.0F);
    }
    if (self->host.grab) {
      self->host.grab(self->host.handle, row->port, false);
    }
  }
  self->held = (CnSpot){CN_SPOT_NOTHING, 0};
}

void
cn_touch_wheel(CnTouch* const self, const double x, const double y, const int notches, const bool zoom)
{
  CnFace* const face = self->face;
  const CnSpot  spot = find(self, x, y);
  if (spot.kind == CN_SPOT_CONTROL) {
    step(self, spot.index, notches);
  } else if (spot.kind == CN_SPOT_ROLL && zoom) {
    face->bars = fmin(fmax(face->bars * pow(ZOOM, -notches), CN_FACE_FEWEST), CN_FACE_MOST);
  } else if (spot.kind == CN_SPOT_ROLL) {
    scroll(face, notches * SCROLL_BARS * bar_length(face));
  }
}

void
cn_touch_leave(CnTouch* const self)
{
  self->face->panel.hovered = CN_PANEL_NONE;
  self->face->panel.entry   = CN_PANEL_NONE;
  self->face->panel.hot     = (CnSpot){CN_SPOT_NOTHING, 0};
}

// Keys

/// Take what was typed for the value
static void
enter(CnTouch* const self)
{
  CnPanel* const         panel = &self->face->panel;
  const CnControl* const row   = &cn_controls[panel->chosen];
  float                  value = 0.0F;
  if (panel->typed[0]) {
    if (cn_control_read(row, panel->typed, &value)) {
      set(self, panel->chosen, value);
    }
    panel->typed[0] = '\0';
  } else if (row->is_trigger) {
    pull(self, panel->chosen);
  } else if (row->is_toggled) {
    set(self, panel->chosen, panel->values[panel->chosen] > 0.0F ? 0.0F : 1.0F);
  }
}

static void
erase(CnTouch* const self)
{
  CnPanel* const panel  = &self->face->panel;
  const size_t   length = strlen(panel->typed);
  if (length > 0) {
    panel->typed[length - 1] = '\0';
  } else if (!cn_controls[panel->chosen].is_trigger) {
    set(self, panel->chosen, cn_controls[panel->chosen].usual);
  }
}

/// Add a letter to what is typed; the space bar is the host's, unless a name is being typed
static bool
type(CnPanel* const panel, const char letter)
{
  const size_t length = strlen(panel->typed);
  if (!isprint((unsigned char)letter) || (letter == ' ' && length == 0)) {
    return false;
  }
  const CnControl* const row       = &cn_controls[panel->chosen];
  const bool             is_number = isdigit((unsigned char)letter) || letter == '-' || letter == '.';
  const bool             has_names = row->n_points > 0 || row->is_toggled || !strcmp(row->unit, "key");
  if ((!is_number && !has_names) || length + 1 >= CN_PANEL_TYPED) {
    return false;
  }
  panel->typed[length]     = letter;
  panel->typed[length + 1] = '\0';
  return true;
}

static void
go_on(CnPanel* const panel, const int by)
{
  const int n     = (int)(cn_n_controls < CN_PANEL_CONTROLS ? cn_n_controls : CN_PANEL_CONTROLS);
  panel->chosen   = (panel->chosen + by + n) % n;
  panel->typed[0] = '\0';
}

static bool
escape(CnPanel* const panel)
{
  if (panel->list != CN_PANEL_NONE) {
    panel->list = CN_PANEL_NONE;
  } else if (panel->typed[0]) {
    panel->typed[0] = '\0';
  } else {
    panel->chosen = CN_PANEL_NONE;
  }
  return true;
}

/// Type a chord for the bar whose list is open
static bool
type_chord(CnTouch* const self, const CnKeys key, const char letter)
{
  CnPanel* const panel  = &self->face->panel;
  const size_t   length = strlen(panel->typed);
  if (key == CN_KEYS_ESCAPE) {
    return escape(panel);
  }
  if (key == CN_KEYS_ENTER && length > 0) {
    revise(self, CN_BAR_DO_CHORD);
    panel->list = CN_PANEL_NONE;
  } else if (key == CN_KEYS_ERASE && length > 0) {
    panel->typed[length - 1] = '\0';
  } else if (key == CN_KEYS_TEXT && (isalnum((unsigned char)letter) || (letter && strchr("#/+-", letter))) &&
             length + 1 < CN_PANEL_TYPED) {
    panel->typed[length]     = letter;
    panel->typed[length + 1] = '\0';
  } else {
    return false;
  }
  return true;
}

bool
cn_touch_key(CnTouch* const self, const CnKeys key, const char letter)
{
  CnPanel* const panel = &self->face->panel;
  if (panel->list == CN_LIST_BAR) {
    return type_chord(self, key, letter);
  }
  if (panel->chosen == CN_PANEL_NONE) {
    return key == CN_KEYS_ESCAPE && panel->list != CN_PANEL_NONE && escape(panel);
  }
  switch (key) {
  case CN_KEYS_TEXT:
    return type(panel, letter);
  case CN_KEYS_UP:
    step(self, panel->chosen, 1);
    break;
  case CN_KEYS_DOWN:
    step(self, panel->chosen, -1);
    break;
  case CN_KEYS_PAGE_UP:
    step(self, panel->chosen, PAGE);
    break;
  case CN_KEYS_PAGE_DOWN:
    step(self, panel->chosen, -PAGE);
    break;
  case CN_KEYS_NEXT:
    go_on(panel, 1);
    break;
  case CN_KEYS_PREVIOUS:
    go_on(panel, -1);
    break;
  case CN_KEYS_ENTER:
    enter(self);
    break;
  case CN_KEYS_ERASE:
    erase(self);
    break;
  case CN_KEYS_ESCAPE:
    return escape(panel);
  }
  return true;
}
