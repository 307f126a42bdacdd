// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/touch/knobs.h"

#include "plugin/touch/typed.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define DRAG_RANGE 180.0 ///< [units] of a drag from the lowest to the highest
#define FINE 0.1         ///< A fine drag's share of that
#define STEPS 100        ///< Notches of the wheel from the lowest to the highest
#define PULL_SECONDS 0.2 ///< [s] that a trigger is on at least, which is longer than the longest block

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

/// Turn a switch on, or off
static void
flip(CnTouch* const self, const int control)
{
  set(self, control, self->face->panel.values[control] > 0.0F ? 0.0F : 1.0F);
}

static float
step_of(const CnControl* const control)
{
  const float range = control->highest - control->lowest;
  return control->is_integer || control->is_toggled ? 1.0F : range / STEPS;
}

void
cn_knobs_step(CnTouch* const self, const int control, const int n)
{
  const CnControl* const row = &cn_controls[control];
  if (!row->is_trigger) {
    set(self, control, self->face->panel.values[control] + (float)n * step_of(row));
  }
}

/// Let a trigger go back, once that can have been seen
static void
let_back(CnTouch* const self, const int control)
{
  self->pulled    = control + 1;
  self->pulled_at = -1.0;
}

static void
pull(CnTouch* const self, const int control)
{
  self->host.grab(self->host.handle, cn_controls[control].port, true);
  set(self, control, 1.0F);
  let_back(self, control);
}

bool
cn_knobs_idle(CnTouch* const self, const double time)
{
  const int control = self->pulled - 1;
  if (control < 0) {
    return false;
  }
  self->pulled_at = self->pulled_at < 0.0 ? time : self->pulled_at;
  if (time - self->pulled_at < PULL_SECONDS) {
    return false;
  }
  self->pulled = 0;
  set(self, control, 0.0F);
  self->host.grab(self->host.handle, cn_controls[control].port, false);
  return true;
}

void
cn_knobs_preset(CnTouch* const self, const int index)
{
  const CnPreset* const preset = &cn_presets[index];
  self->face->panel.preset     = index;
  for (size_t v = 0; v < preset->n_values; ++v) {
    for (size_t i = 0; i < cn_panel_n_controls(); ++i) {
      if (!strcmp(cn_controls[i].symbol, preset->values[v].symbol)) {
        set(self, (int)i, preset->values[v].value);
      }
    }
  }
}

void
cn_knobs_press(CnTouch* const self, const int control, const bool twice)
{
  const CnControl* const row   = &cn_controls[control];
  CnPanel* const         panel = &self->face->panel;
  panel->chosen                = (CnSpot){CN_SPOT_CONTROL, control};
  panel->typed[0]              = '\0';
  self->from                   = panel->values[control];
  self->host.grab(self->host.handle, row->port, true);
  if (row->is_trigger) {
    set(self, control, 1.0F);
  } else if (row->is_toggled) {
    flip(self, control);
  } else if (row->is_choice) {
    cn_panel_list(panel, control);
  } else if (twice) {
    set(self, control, row->usual);
    self->from = row->usual;
  }
}

void
cn_knobs_push(CnTouch* const self, const CnSpotKind button)
{
  void* const handle = self->host.handle;
  switch (button) {
  case CN_SPOT_PRESETS:
    cn_panel_list(&self->face->panel, CN_LIST_PRESETS);
    break;
  case CN_SPOT_SAVE:
    self->host.save(handle);
    break;
  case CN_SPOT_PANIC:
    self->host.panic(handle);
    break;
  case CN_SPOT_MODEL:
    self->host.model(handle);
    break;
  case CN_SPOT_PHRASE:
    self->host.phrase(handle);
    break;
  default:
    break;
  }
}

void
cn_knobs_drag(CnTouch* const self, const double x, const double y, const bool fine)
{
  const CnControl* const row = &cn_controls[self->held.index];
  if (!row->is_toggled && !row->is_choice) {
    const double range = (double)row->highest - row->lowest;
    const double by    = (self->last_y - y + x - self->last_x) * range / DRAG_RANGE;
    self->from         = fminf(fmaxf(self->from + (float)(fine ? FINE * by : by), row->lowest), row->highest);
    set(self, self->held.index, self->from);
  }
}

void
cn_knobs_release(CnTouch* const self)
{
  const CnControl* const row = &cn_controls[self->held.index];
  if (row->is_trigger) {
    let_back(self, self->held.index);
  } else {
    self->host.grab(self->host.handle, row->port, false);
  }
}

void
cn_knobs_choose(CnTouch* const self, const int control, const size_t point)
{
  set(self, control, cn_controls[control].points[point].value);
}

// Keys

void
cn_knobs_enter(CnTouch* const self)
{
  CnPanel* const         panel  = &self->face->panel;
  const int              chosen = cn_panel_chosen(panel);
  const CnControl* const row    = &cn_controls[chosen];
  float                  value  = 0.0F;
  if (panel->typed[0]) {
    if (cn_control_read(row, panel->typed, &value)) {
      set(self, chosen, value);
    }
    cn_panel_list(panel, CN_PANEL_NONE);
  } else if (row->is_choice) {
    cn_panel_list(panel, chosen);
  } else if (row->is_trigger) {
    pull(self, chosen);
  } else if (row->is_toggled) {
    flip(self, chosen);
  }
}

void
cn_knobs_erase(CnTouch* const self)
{
  CnPanel* const panel  = &self->face->panel;
  const int      chosen = cn_panel_chosen(panel);
  if (!cn_typed_erase(panel) && !cn_controls[chosen].is_trigger) {
    set(self, chosen, cn_controls[chosen].usual);
  }
}

bool
cn_knobs_type(CnPanel* const panel, const char letter)
{
  if (!isprint((unsigned char)letter) || (letter == ' ' && !panel->typed[0])) {
    return false;
  }
  const CnControl* const row       = &cn_controls[cn_panel_chosen(panel)];
  const bool             is_number = isdigit((unsigned char)letter) || letter == '-' || letter == '.';
  const bool             has_names = row->n_points > 0 || row->is_toggled || !strcmp(row->unit, "key");
  return (is_number || has_names) && cn_typed_add(panel, letter);
}
