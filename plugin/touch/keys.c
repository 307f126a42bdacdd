// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/touch/keys.h"

#include "plugin/touch/bars.h"
#include "plugin/touch/knobs.h"
#include "plugin/touch/lists.h"
#include "plugin/touch/marks.h"

#define PAGE 10 ///< Steps of a page key

/// What the Tab key goes to before all controls, which it takes as they are shown
static const CnSpotKind places[] = {CN_SPOT_PRESETS, CN_SPOT_SAVE,   CN_SPOT_PANIC,
                                    CN_SPOT_MODEL,   CN_SPOT_PHRASE, CN_SPOT_ROLL};

#define N_PLACES ((int)(sizeof(places) / sizeof(places[0])))

/// Number of a spot in the order of the Tab key; -1: it does not go there
static int
place_of(const CnSpot spot)
{
  for (int i = 0; i < N_PLACES; ++i) {
    if (places[i] == spot.kind) {
      return i;
    }
  }
  return spot.kind == CN_SPOT_CONTROL ? N_PLACES + spot.index : -1;
}

void
cn_keys_choose(CnTouch* const self, const CnSpot spot)
{
  CnPanel* const panel = &self->face->panel;
  const bool     is_at = spot.kind == CN_SPOT_TRACK || place_of(spot) >= 0;
  panel->typed[0]      = '\0';
  panel->chosen        = !is_at                       ? (CnSpot){CN_SPOT_NOTHING, 0}
                         : spot.kind == CN_SPOT_TRACK ? (CnSpot){CN_SPOT_ROLL, 0}
                                                      : spot;
}

static void
go_on(CnTouch* const self, const int by)
{
  const int n     = N_PLACES + (int)cn_panel_n_controls();
  const int place = (place_of(self->face->panel.chosen) + by + n) % n;
  cn_lists_choose(self, CN_PANEL_NONE);
  cn_keys_choose(self,
                 place < N_PLACES ? (CnSpot){places[place], 0} : (CnSpot){CN_SPOT_CONTROL, place - N_PLACES});
  if (self->face->panel.chosen.kind == CN_SPOT_ROLL) {
    cn_bars_go(self, 0);
  }
}

static void
escape(CnTouch* const self)
{
  CnPanel* const panel = &self->face->panel;
  if (panel->typed[0]) {
    panel->typed[0] = '\0';
  } else {
    cn_keys_choose(self, (CnSpot){CN_SPOT_NOTHING, 0});
  }
}

/// Press a key at a control
static bool
press_at_control(CnTouch* const self, const CnKeys key, const char letter)
{
  CnPanel* const panel   = &self->face->panel;
  const int      control = cn_panel_chosen(panel);
  switch (key) {
  case CN_KEYS_TEXT:
    return cn_knobs_type(panel, letter);
  case CN_KEYS_UP:
  case CN_KEYS_RIGHT:
    cn_knobs_step(self, control, 1);
    return true;
  case CN_KEYS_DOWN:
  case CN_KEYS_LEFT:
    cn_knobs_step(self, control, -1);
    return true;
  case CN_KEYS_PAGE_UP:
    cn_knobs_step(self, control, PAGE);
    return true;
  case CN_KEYS_PAGE_DOWN:
    cn_knobs_step(self, control, -PAGE);
    return true;
  case CN_KEYS_ENTER:
    cn_knobs_enter(self);
    return true;
  case CN_KEYS_ERASE:
    cn_knobs_erase(self);
    return true;
  default:
    return false;
  }
}

/// Press a key at a button
static bool
press_at_button(CnTouch* const self, const CnKeys key)
{
  if (key != CN_KEYS_ENTER) {
    return false;
  }
  cn_knobs_push(self, self->face->panel.chosen.kind);
  return true;
}

static bool
press_at_roll(CnTouch* const self, const CnKeys key, const char letter)
{
  return (key == CN_KEYS_TEXT && letter == 'm' && cn_marks_key(self)) || cn_bars_key(self, key, letter);
}

/// Hosts keep some keys for themselves: what else does the same
static CnKeys
translate(const CnKeys key, const char letter)
{
  switch (key == CN_KEYS_TEXT ? letter : '\0') {
  case '[':
    return CN_KEYS_PREVIOUS;
  case ']':
    return CN_KEYS_NEXT;
  case ';':
    return CN_KEYS_LEFT;
  case '\'':
    return CN_KEYS_RIGHT;
  case '=':
    return CN_KEYS_ENTER;
  default:
    return key;
  }
}

bool
cn_keys_press(CnTouch* const self, const CnKeys pressed, const char letter)
{
  const CnKeys         key   = translate(pressed, letter);
  const CnPanel* const panel = &self->face->panel;
  if (panel->list != CN_PANEL_NONE && cn_lists_key(self, key)) {
    return true;
  }
  if (panel->list == CN_LIST_BAR && key != CN_KEYS_NEXT && key != CN_KEYS_PREVIOUS) {
    return cn_bars_type(self, key, letter);
  }
  if (panel->chosen.kind == CN_SPOT_NOTHING) {
    return false;
  }
  switch (key) {
  case CN_KEYS_NEXT:
    go_on(self, 1);
    return true;
  case CN_KEYS_PREVIOUS:
    go_on(self, -1);
    return true;
  case CN_KEYS_ESCAPE:
    escape(self);
    return true;
  default:
    break;
  }
  return panel->chosen.kind == CN_SPOT_CONTROL ? press_at_control(self, key, letter)
         : panel->chosen.kind == CN_SPOT_ROLL  ? press_at_roll(self, key, letter)
                                               : press_at_button(self, key);
}
