// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/draw/face.h"

#include "plugin/draw/turn.h"
#include "plugin/lv2/ports.h"

#include <math.h>
#include <string.h>

#define MODEL_HEIGHT 26.0 ///< [units] of the line with the model's name
#define MARGIN 18.0       ///< [units] around everything
#define TURN_HEIGHT 100.0
#define BUTTON_WIDTH 96.0
#define BUTTON_HEIGHT 42.0
#define TIP_HEIGHT 24.0

void
cn_face_init(CnFace* const face, const bool is_dark)
{
  memset(face, 0, sizeof(*face));
  cn_panel_init(&face->panel);
  face->theme = cn_theme(is_dark);
  face->bars  = CN_FACE_BARS;
}

CnFaceLayout
cn_face_layout(const double width, const double height)
{
  const double inner = width - 2.0 * MARGIN;
  const double panel = cn_panel_height(inner);
  const double left  = width - MARGIN - BUTTON_WIDTH;
  CnFaceLayout layout;
  layout.all       = (CnBox){0.0, 0.0, width, height};
  layout.turn      = (CnBox){MARGIN, 14.0, inner - BUTTON_WIDTH - 22.0, TURN_HEIGHT};
  layout.presets   = (CnBox){left, 18.0, BUTTON_WIDTH, 34.0};
  layout.panic     = (CnBox){left, 62.0, BUTTON_WIDTH, BUTTON_HEIGHT};
  layout.model     = (CnBox){MARGIN, layout.turn.y + TURN_HEIGHT - MODEL_HEIGHT, 0.4 * inner, MODEL_HEIGHT};
  layout.tip       = (CnBox){MARGIN, height - TIP_HEIGHT - 4.0, inner, TIP_HEIGHT};
  layout.panel     = (CnBox){MARGIN, fmax(layout.tip.y - panel, TURN_HEIGHT + 130.0), inner, panel};
  const double top = layout.turn.y + TURN_HEIGHT + 2.0;
  layout.roll      = (CnBox){MARGIN, top, inner, fmax(layout.panel.y - top - 10.0, 60.0)};
  return layout;
}

static float
value_of(const CnPanel* const panel, const CnPort port)
{
  const size_t control = cn_control_of_port(port);
  return control < CN_PANEL_CONTROLS && control < cn_n_controls ? panel->values[control] : 0.0F;
}

static void
draw_button(cairo_t* const cr, const CnTheme* const theme, const CnBox* const box, const char* const text,
            const CnColor color, const bool is_hot)
{
  cn_paint_color(cr, color, is_hot ? 0.28 : 0.12);
  cn_paint_box(cr, box, 6.0);
  cairo_set_line_width(cr, 1.0);
  cn_paint_color(cr, color, 0.8);
  cn_paint_frame(cr, box, 6.0);
  cn_paint_color(cr, is_hot ? theme->ink : color, 1.0);
  cn_paint_bold(cr, box->x + 0.5 * box->width, box->y + 0.5 * box->height + 5.0, 14.0, CN_TEXT_CENTER,
                box->width - 8.0, text);
}

/// What the control under the pointer, or else the one that was clicked, is for
static void
draw_tip(cairo_t* const cr, const CnFace* const face, const CnBox* const box)
{
  const CnPanel* const panel   = &face->panel;
  const int            control = panel->hovered != CN_PANEL_NONE ? panel->hovered : panel->chosen;
  if (panel->hot.kind == CN_SPOT_MODEL) {
    cn_paint_color(cr, face->theme.faint, 1.0);
    cn_paint_text(cr, box->x + 3.0, box->y + 16.0, 12.0, CN_TEXT_LEFT, box->width - 6.0,
                  "The model by which it plays: click to choose another file, if the host can ask for one");
  } else if (control != CN_PANEL_NONE) {
    cn_paint_color(cr, face->theme.faint, 1.0);
    cn_paint_text(cr, box->x + 3.0, box->y + 16.0, 12.0, CN_TEXT_LEFT, box->width - 6.0,
                  cn_controls[control].comment);
  }
}

void
cn_face_draw(cairo_t* const cr, const CnFace* const face, const double width, const double height)
{
  const CnFaceLayout layout = cn_face_layout(width, height);
  const CnPanel*     panel  = &face->panel;
  const CnTurn       turn   = cn_turn(&face->scene, face->tick, value_of(panel, CN_PORT_PLAY) > 0.0F,
                                      value_of(panel, CN_PORT_HOLD) > 0.0F);
  const CnRollView   view   = cn_roll_view(&face->scene, &layout.roll, face->tick, face->bars, face->back);
  cn_paint_color(cr, face->theme.ground, 1.0);
  cairo_paint(cr);
  cn_turn_draw(cr, &face->theme, &layout.turn, &face->scene, &turn, face->tick);
  draw_button(cr, &face->theme, &layout.presets, "Presets", face->theme.faint,
              panel->hot.kind == CN_SPOT_PRESETS);
  draw_button(cr, &face->theme, &layout.panic, "Panic", face->theme.warns, panel->hot.kind == CN_SPOT_PANIC);
  cn_roll_draw(cr, &face->theme, &layout.roll, &view, &face->scene);
  cn_panel_draw(cr, &face->theme, &layout.panel, panel);
  draw_tip(cr, face, &layout.tip);
  cn_panel_draw_list(cr, &face->theme, &layout.panel, &layout.all, panel);
}

CnSpot
cn_face_find(const CnFace* const face, const double width, const double height, const double x,
             const double y)
{
  const CnFaceLayout layout = cn_face_layout(width, height);
  if (face->panel.list != CN_PANEL_NONE) {
    const int entry = cn_panel_find_entry(&layout.panel, &layout.all, &face->panel, x, y);
    return (CnSpot){entry == CN_PANEL_NONE ? CN_SPOT_NOTHING : CN_SPOT_ENTRY, entry};
  }
  if (cn_box_has(&layout.presets, x, y)) {
    return (CnSpot){CN_SPOT_PRESETS, 0};
  }
  if (cn_box_has(&layout.panic, x, y)) {
    return (CnSpot){CN_SPOT_PANIC, 0};
  }
  if (cn_box_has(&layout.model, x, y)) {
    return (CnSpot){CN_SPOT_MODEL, 0};
  }
  if (cn_box_has(&layout.roll, x, y)) {
    return (CnSpot){CN_SPOT_ROLL, 0};
  }
  const int control = cn_panel_find(&layout.panel, x, y);
  return (CnSpot){control == CN_PANEL_NONE ? CN_SPOT_NOTHING : CN_SPOT_CONTROL, control};
}
