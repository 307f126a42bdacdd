// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/touch/bars.h"

#include "dsp/music/chord.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

void
cn_bars_revise(CnTouch* const self, const CnBarDo what)
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

/// [ticks]
static double
bar_length(const CnFace* const face)
{
  return face->scene.has_state ? face->scene.state.bar.length : 4.0 * CN_TICKS_PER_QUARTER;
}

void
cn_bars_scroll(CnFace* const face, const double bars)
{
  face->back = fmin(fmax(face->back + bars * bar_length(face), 0.0), CN_FACE_MAX_BACK);
}

void
cn_bars_open(CnTouch* const self)
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

bool
cn_bars_key(CnTouch* const self, const CnKeys key, const char letter)
{
  CnPanel* const panel  = &self->face->panel;
  const size_t   length = strlen(panel->typed);
  if (key == CN_KEYS_ENTER && length > 0) {
    cn_bars_revise(self, CN_BAR_DO_CHORD);
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
