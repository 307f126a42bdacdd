// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/draw/face.h"

#include "plugin/draw/track.h"
#include "plugin/draw/tray.h"
#include "plugin/draw/turn.h"
#include "plugin/lv2/ports.h"

#include "dsp/music/chord.h"

#include <math.h>
#include <string.h>

#define MODEL_HEIGHT 26.0 ///< [units] of the line with the model's name
#define MARGIN 18.0       ///< [units] around everything
#define TURN_HEIGHT 100.0
#define BUTTON_WIDTH 96.0
#define BUTTON_HEIGHT 28.0
#define PANIC_HEIGHT 34.0
#define TIP_HEIGHT 24.0
#define TRAY_HEIGHT 26.0
#define ROLL_TOP (14.0 + TURN_HEIGHT + TRAY_HEIGHT) ///< [units]
#define LEAST_ROLL 150.0                            ///< [units] The roll is no lower, if all is to fit
#define FIT_STEP 0.98                               ///< By which it is tried

void
cn_face_init(CnFace* const face, const bool is_dark)
{
  memset(face, 0, sizeof(*face));
  cn_panel_init(&face->panel);
  face->theme         = cn_theme(is_dark);
  face->carried.chord = CN_CHORD_NONE;
  face->bars          = CN_FACE_BARS;
}

CnFaceLayout
cn_face_layout(const double width, const double height)
{
  const double inner = width - 2.0 * MARGIN;
  const double panel = cn_panel_height(inner);
  const double left  = width - MARGIN - BUTTON_WIDTH;
  CnFaceLayout layout;
  layout.all     = (CnBox){0.0, 0.0, width, height};
  layout.turn    = (CnBox){MARGIN, 14.0, inner - BUTTON_WIDTH - 22.0, TURN_HEIGHT};
  layout.presets = (CnBox){left, 14.0, BUTTON_WIDTH, BUTTON_HEIGHT};
  layout.save    = (CnBox){left, 47.0, BUTTON_WIDTH, BUTTON_HEIGHT};
  layout.panic   = (CnBox){left, 80.0, BUTTON_WIDTH, PANIC_HEIGHT};
  layout.model   = (CnBox){MARGIN, layout.turn.y + TURN_HEIGHT - MODEL_HEIGHT, 0.4 * inner, MODEL_HEIGHT};
  layout.tip     = (CnBox){MARGIN, height - TIP_HEIGHT - 4.0, inner, TIP_HEIGHT};
  layout.panel   = (CnBox){MARGIN, fmax(layout.tip.y - panel, ROLL_TOP + 70.0), inner, panel};
  layout.tray    = (CnBox){MARGIN, layout.turn.y + TURN_HEIGHT, inner, TRAY_HEIGHT};
  layout.phrase  = (CnBox){left, layout.tray.y + 3.0, BUTTON_WIDTH, TRAY_HEIGHT - 4.0};
  layout.roll    = (CnBox){MARGIN, ROLL_TOP, inner, fmax(layout.panel.y - ROLL_TOP - 10.0, 60.0)};
  return layout;
}

double
cn_face_fit(const double width, const double height)
{
  double fit = 1.0;
  while (fit > CN_FACE_MIN_FIT && cn_face_layout(width / fit, height / fit).roll.height < LEAST_ROLL) {
    fit *= FIT_STEP;
  }
  return fit;
}

CnRollView
cn_face_view(const CnFace* const face, const CnBox* const roll)
{
  return cn_roll_view(&face->scene, roll, face->tick, face->bars, face->back);
}

/// A button over the roll; the pointer or the keyboard may be at it
static void
draw_button(cairo_t* const cr, const CnFace* const face, const CnSpotKind kind, const CnBox* const box,
            const char* const text, const CnColor color)
{
  const bool is_hot = face->panel.hot.kind == kind;
  cn_paint_color(cr, color, is_hot ? 0.28 : 0.12);
  cn_paint_box(cr, box, 6.0);
  cairo_set_line_width(cr, face->panel.chosen.kind == kind ? 3.0 : 1.0);
  cn_paint_color(cr, color, 0.8);
  cn_paint_frame(cr, box, 6.0);
  cn_paint_color(cr, is_hot ? face->theme.ink : color, 1.0);
  cn_paint_bold(cr, box->x + 0.5 * box->width, box->y + 0.5 * box->height + 5.0, 14.0, CN_TEXT_CENTER,
                box->width - 8.0, text);
}

/// What the pointer is at, or else the keyboard
static CnSpot
hot_spot(const CnPanel* const panel)
{
  return panel->hot.kind == CN_SPOT_NOTHING || panel->hot.kind == CN_SPOT_ENTRY ? panel->chosen : panel->hot;
}

/// What can be done to that
static const char*
tip_of(const CnFace* const face)
{
  const CnPanel* const panel = &face->panel;
  const CnSpot         spot  = hot_spot(panel);
  switch (spot.kind) {
  case CN_SPOT_CONTROL:
    return cn_controls[spot.index].comment;
  case CN_SPOT_MODEL:
    return "The model by which it plays: click to choose another file, if the host can ask for one";
  case CN_SPOT_PHRASE:
    return "A MIDI file that it goes on from, as if you had played it: click to choose one, if the host can "
           "ask, or drop one here";
  case CN_SPOT_CHORD:
    return "A chord of the key that you play in: drag it onto a bar. Any other can be typed, once a bar was "
           "clicked";
  case CN_SPOT_TRACK:
    return "Drag it to another bar, with Shift to have it here as well, or off the roll to be rid of it";
  case CN_SPOT_SAVE:
    return face->mark.is_set ? "Saves the marked bars as a MIDI file, in your folder for music"
                             : "Saves all that was played as a MIDI file, in your folder for music; or mark "
                               "bars before, with Shift and the mouse";
  case CN_SPOT_ROLL:
    return face->mark.is_set ? "Drag the marked bars to a track or a folder: they are a MIDI file there; or "
                               "click one: what is "
                               "done to it is done to all"
           : panel->chosen.kind == CN_SPOT_ROLL
               ? "Arrows: bar, zoom.  Enter: all that can be done.  k keep, n another way, r rest, f free, u "
                 "undo, m mark.  "
                 "Capitals: a chord, Delete: none.  Page Up: back, 0: now"
               : "Click a bar for what can be done to it, drag to go back, "
                 "turn the wheel with Control to zoom, drag with Shift to mark bars";
  case CN_SPOT_PRESETS:
  case CN_SPOT_PANIC:
  case CN_SPOT_ENTRY:
  case CN_SPOT_NOTHING:
    break;
  }
  return "";
}

/// What came of files goes before
static void
draw_tip(cairo_t* const cr, const CnFace* const face, const CnBox* const box)
{
  const CnSaid* const said = &face->said;
  if (said->text[0]) {
    cn_paint_color(cr, said->warns ? face->theme.warns : face->theme.plays, 1.0);
    cn_paint_bold(cr, box->x + 3.0, box->y + 16.0, 12.0, CN_TEXT_LEFT, box->width - 6.0, said->text);
    return;
  }
  cn_paint_color(cr, face->theme.faint, 1.0);
  cn_paint_text(cr, box->x + 3.0, box->y + 16.0, 12.0, CN_TEXT_LEFT, box->width - 6.0, tip_of(face));
}

CnMark
cn_face_marked(const CnFace* const face)
{
  const CnMark* const mark     = &face->mark;
  const bool          in_order = mark->first < mark->last;
  return (CnMark){mark->is_set, in_order ? mark->first : mark->last, in_order ? mark->last : mark->first};
}

bool
cn_face_is_marked(const CnFace* const face, const int32_t bar)
{
  const CnMark mark = cn_face_marked(face);
  return mark.is_set && bar >= mark.first && bar <= mark.last;
}

/// Show which bars are marked
static void
draw_mark(cairo_t* const cr, const CnFace* const face, const CnFaceLayout* const layout,
          const CnRollView* const view)
{
  const CnMark mark = cn_face_marked(face);
  if (mark.is_set && face->scene.has_state) {
    const CnBox first = cn_track_place(&face->scene, &layout->roll, view, mark.first);
    const CnBox last  = cn_track_place(&face->scene, &layout->roll, view, mark.last);
    const CnBox all   = {first.x, first.y, last.x + last.width - first.x, first.height};
    cn_track_frame(cr, &layout->roll, &all, face->theme.listens, 0.14, 0.9);
  }
}

/// Show which bar the fingers are at, and the chord between them
static void
draw_fingers(cairo_t* const cr, const CnFace* const face, const CnFaceLayout* const layout,
             const CnRollView* const view)
{
  const CnPanel* const   panel   = &face->panel;
  const CnCarried* const carried = &face->carried;
  const bool             carries = carried->chord != CN_CHORD_NONE;
  const bool             at_bar  = panel->chosen.kind == CN_SPOT_ROLL || panel->list == CN_LIST_BAR;
  char                   name[CN_CHORD_NAME_SIZE];
  if (carries ? carried->onto != CN_FACE_NO_BAR : at_bar && face->scene.has_state) {
    const int32_t bar   = carries ? carried->onto : panel->bar;
    const CnBox   place = cn_track_place(&face->scene, &layout->roll, view, bar);
    cn_track_frame(cr, &layout->roll, &place, face->theme.ink, 0.0, 0.7);
  }
  if (carries) {
    const CnBox chip = {carried->x - 28.0, carried->y - 11.0, 56.0, 22.0};
    cn_chord_print(carried->chord, name);
    cn_paint_chip(cr, &face->theme, &chip, name, true);
  }
}

void
cn_face_draw(cairo_t* const cr, const CnFace* const face, const double width, const double height)
{
  const CnFaceLayout layout = cn_face_layout(width, height);
  const CnPanel*     panel  = &face->panel;
  const CnTurn       turn   = cn_turn(&face->scene, face->tick, cn_panel_value(panel, CN_PORT_PLAY) > 0.0F,
                                      cn_panel_value(panel, CN_PORT_HOLD) > 0.0F);
  const CnRollView   view   = cn_face_view(face, &layout.roll);
  cn_paint_color(cr, face->theme.ground, 1.0);
  cairo_paint(cr);
  cn_turn_draw(cr, &face->theme, &layout.turn, &face->scene, &turn, face->tick);
  draw_button(cr, face, CN_SPOT_PRESETS, &layout.presets, "Presets", face->theme.faint);
  draw_button(cr, face, CN_SPOT_SAVE, &layout.save, face->mark.is_set ? "Save bars" : "Save MIDI",
              face->theme.faint);
  draw_button(cr, face, CN_SPOT_PHRASE, &layout.phrase, "Phrase\xE2\x80\xA6", face->theme.faint);
  draw_button(cr, face, CN_SPOT_PANIC, &layout.panic, "Panic", face->theme.warns);
  if (panel->chosen.kind == CN_SPOT_MODEL) {
    cairo_set_line_width(cr, 1.0);
    cn_paint_color(cr, face->theme.faint, 1.0);
    cn_paint_frame(cr, &layout.model, 4.0);
  }
  cn_tray_draw(cr, &face->theme, &layout.tray, cn_tray_key(&face->scene, panel), &panel->hot);
  cn_roll_draw(cr, &face->theme, &layout.roll, &view, &face->scene);
  cn_panel_draw(cr, &face->theme, &layout.panel, panel);
  draw_mark(cr, face, &layout, &view);
  draw_tip(cr, face, &layout.tip);
  draw_fingers(cr, face, &layout, &view);
  if (hot_spot(panel).kind == CN_SPOT_MODEL && panel->list == CN_PANEL_NONE) {
    cn_turn_draw_card(cr, &face->theme, &layout.roll, &face->scene);
  }
  cn_panel_draw_list(cr, &face->theme, &layout.panel, &layout.all, panel);
}

/// A chord that is written over the roll, or the roll
static CnSpot
find_in_roll(const CnFace* const face, const CnBox* const roll, const double x, const double y)
{
  const CnScene* const scene = &face->scene;
  const CnRollView     view  = cn_face_view(face, roll);
  const int32_t        bar   = cn_track_bar_at(scene, roll, &view, x);
  if (scene->has_state && x >= roll->x + CN_ROLL_KEYS && y < roll->y + CN_ROLL_RULER &&
      cn_sheet_read(&scene->sheet, bar).chord != CN_CHORD_NONE) {
    return (CnSpot){CN_SPOT_TRACK, bar};
  }
  return (CnSpot){CN_SPOT_ROLL, 0};
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
  const struct {
    const CnBox* box;
    CnSpotKind   kind;
  } buttons[] = {{&layout.presets, CN_SPOT_PRESETS},
                 {&layout.save, CN_SPOT_SAVE},
                 {&layout.panic, CN_SPOT_PANIC},
                 {&layout.model, CN_SPOT_MODEL},
                 {&layout.phrase, CN_SPOT_PHRASE}};
  for (size_t i = 0; i < sizeof(buttons) / sizeof(buttons[0]); ++i) {
    if (cn_box_has(buttons[i].box, x, y)) {
      return (CnSpot){buttons[i].kind, 0};
    }
  }
  if (cn_box_has(&layout.roll, x, y)) {
    return find_in_roll(face, &layout.roll, x, y);
  }
  const int chord   = cn_tray_find(&layout.tray, x, y);
  const int control = cn_panel_find(&layout.panel, x, y);
  if (chord != CN_PANEL_NONE) {
    return (CnSpot){CN_SPOT_CHORD, chord};
  }
  return (CnSpot){control == CN_PANEL_NONE ? CN_SPOT_NOTHING : CN_SPOT_CONTROL, control};
}
