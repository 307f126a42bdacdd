// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/touch/keys.h"

#include "plugin/touch/bars.h"
#include "plugin/touch/knobs.h"

#define PAGE 10 ///< Steps of a page key

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

bool
cn_keys_press(CnTouch* const self, const CnKeys key, const char letter)
{
  CnPanel* const panel = &self->face->panel;
  if (panel->list == CN_LIST_BAR) {
    return key == CN_KEYS_ESCAPE ? escape(panel) : cn_bars_key(self, key, letter);
  }
  if (panel->chosen == CN_PANEL_NONE) {
    return key == CN_KEYS_ESCAPE && panel->list != CN_PANEL_NONE && escape(panel);
  }
  switch (key) {
  case CN_KEYS_TEXT:
    return cn_knobs_type(panel, letter);
  case CN_KEYS_UP:
    cn_knobs_step(self, panel->chosen, 1);
    break;
  case CN_KEYS_DOWN:
    cn_knobs_step(self, panel->chosen, -1);
    break;
  case CN_KEYS_PAGE_UP:
    cn_knobs_step(self, panel->chosen, PAGE);
    break;
  case CN_KEYS_PAGE_DOWN:
    cn_knobs_step(self, panel->chosen, -PAGE);
    break;
  case CN_KEYS_NEXT:
    go_on(panel, 1);
    break;
  case CN_KEYS_PREVIOUS:
    go_on(panel, -1);
    break;
  case CN_KEYS_ENTER:
    cn_knobs_enter(self);
    break;
  case CN_KEYS_ERASE:
    cn_knobs_erase(self);
    break;
  case CN_KEYS_ESCAPE:
    return escape(panel);
  }
  return true;
}
