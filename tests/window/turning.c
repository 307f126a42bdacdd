// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/window/turning.h"

#include "plugin/draw/face.h"

static CnFaceLayout
layout_of_all(void)
{
  return cn_face_layout(CN_FACE_WIDTH, CN_FACE_HEIGHT);
}

CnBox
cn_turning_entry(const int list, const int entry)
{
  const CnFaceLayout layout = layout_of_all();
  CnPanel            panel;
  cn_panel_init(&panel);
  panel.list = list;
  for (int y = 3; y < CN_FACE_HEIGHT; y += 6) {
    for (int x = 3; x < CN_FACE_WIDTH; x += 6) {
      if (cn_panel_find_entry(&layout.panel, &layout.all, &panel, x, y) == entry) {
        return (CnBox){x + 6.0, y + 3.0, 0.0, 0.0};
      }
    }
  }
  return (CnBox){-1.0, -1.0, 0.0, 0.0}; // Beside the window
}

CnTurning
cn_turning(const int control)
{
  const CnFaceLayout     layout = layout_of_all();
  const CnControl* const row    = &cn_controls[control];
  CnTurning turning = {.button = 1, .n_presses = 1, .presses = {cn_panel_place(&layout.panel, control)}};
  if (row->is_toggled) {
    turning.wanted = row->is_trigger || row->usual <= 0.0F ? 1.0F : 0.0F;
  } else if (row->is_choice) {
    const int entry    = row->points[0].value == row->usual ? 1 : 0;
    turning.n_presses  = 2;
    turning.presses[1] = cn_turning_entry(control, entry);
    turning.wanted     = row->points[entry].value;
  } else {
    const float step = row->is_integer ? 1.0F : (row->highest - row->lowest) / 100.0F;
    turning.button   = row->usual >= row->highest ? 5 : 4;
    turning.wanted   = row->usual + (turning.button == 5 ? -step : step);
  }
  return turning;
}
