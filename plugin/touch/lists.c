// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/touch/lists.h"

#include "plugin/touch/bars.h"
#include "plugin/touch/knobs.h"

void
cn_lists_choose(CnTouch* const self, const int entry)
{
  CnPanel* const panel = &self->face->panel;
  const int      list  = panel->list;
  if (entry == CN_PANEL_NONE) {
    // It is only closed
  } else if (list == CN_LIST_PRESETS) {
    cn_knobs_preset(self, entry);
  } else if (list == CN_LIST_BAR) {
    cn_bars_revise(self, (CnBarDo)entry);
  } else {
    cn_knobs_choose(self, list, (size_t)entry);
  }
  cn_panel_list(panel, CN_PANEL_NONE); // With what was typed for it
}

/// Point at a line so many below, or at the first or last
static void
step(CnPanel* const panel, const int by)
{
  const int n  = (int)cn_panel_n_entries(panel);
  const int to = panel->entry + by;
  panel->entry = panel->entry == CN_PANEL_NONE ? (by > 0 ? 0 : n - 1) : to < 0 ? 0 : to < n ? to : n - 1;
}

bool
cn_lists_key(CnTouch* const self, const CnKeys key)
{
  CnPanel* const panel = &self->face->panel;
  switch (key) {
  case CN_KEYS_UP:
    step(panel, -1);
    return true;
  case CN_KEYS_DOWN:
    step(panel, 1);
    return true;
  case CN_KEYS_LEFT:
    step(panel, -CN_LIST_COLUMN);
    return true;
  case CN_KEYS_RIGHT:
    step(panel, CN_LIST_COLUMN);
    return true;
  case CN_KEYS_ESCAPE:
    cn_lists_choose(self, CN_PANEL_NONE);
    return true;
  case CN_KEYS_ENTER:
    if (panel->typed[0]) {
      return false;
    }
    if (panel->entry != CN_PANEL_NONE) {
      cn_lists_choose(self, panel->entry);
    }
    return true; // With no line chosen, too: in hosts it may roll, or locate
  default:
    return false;
  }
}
