// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/draw/track.h"

#include "dsp/music/chord.h"

#include <math.h>
#include <stdio.h>

#define NUMBER 26.0     ///< [units] that a bar's number takes
#define CHIP 64.0       ///< [units] of a chord at most
#define LEAST_CHIP 16.0 ///< [units] Narrower ones cannot be read

double
cn_track_bar_length(const CnScene* const scene)
{
  return scene->has_state ? scene->state.bar.length : 4.0 * CN_TICKS_PER_QUARTER;
}

double
cn_track_tick(const CnScene* const scene, const int32_t bar)
{
  const CnWireState* const state = &scene->state;
  return state->bar.start + ((double)bar - state->bar_number) * state->bar.length;
}

int32_t
cn_track_bar_at(const CnScene* const scene, const CnBox* const roll, const CnRollView* const view,
                const double x)
{
  const CnWireState* const state  = &scene->state;
  const double             length = fmax(state->bar.length, 1.0);
  const double             tick   = view->from + (x - roll->x - CN_ROLL_KEYS) / view->scale;
  return (int32_t)fmin(state->bar_number + floor((tick - state->bar.start) / length), CN_SHEET_BAR_MAX);
}

CnBox
cn_track_place(const CnScene* const scene, const CnBox* const roll, const CnRollView* const view,
               const int32_t bar)
{
  const double tick = cn_track_tick(scene, bar);
  return (CnBox){.x      = roll->x + CN_ROLL_KEYS + (tick - view->from) * view->scale,
                 .y      = roll->y,
                 .width  = scene->state.bar.length * view->scale,
                 .height = roll->height};
}

/// Colour a bar that stands
static void
draw_stand(cairo_t* const cr, const CnTheme* const theme, const CnBox* const place, const bool rests)
{
  cn_paint_color(cr, theme->plays, rests ? 0.1 : 0.16);
  cairo_rectangle(cr, place->x, place->y + CN_ROLL_RULER, place->width, place->height - CN_ROLL_RULER);
  cairo_fill(cr);
  cn_paint_color(cr, theme->plays, 1.0);
  cairo_rectangle(cr, place->x, place->y + CN_ROLL_RULER - 3.0, place->width - 1.0, 3.0);
  cairo_fill(cr);
}

static void
draw_bar(cairo_t* const cr, const CnTheme* const theme, const CnBox* const place, const CnSheetBar* const bar)
{
  char         text[CN_CHORD_NAME_SIZE];
  const double room = place->width - NUMBER - 3.0;
  if (bar->stands) {
    draw_stand(cr, theme, place, bar->stands == CN_BAR_RESTS);
  }
  if (bar->chord != CN_CHORD_NONE && room >= LEAST_CHIP) {
    const double width = fmin(room, CHIP);
    const CnBox  chip  = {place->x + place->width - width - 3.0, place->y + 1.0, width, CN_ROLL_RULER - 5.0};
    cn_chord_print(bar->chord, text);
    cn_paint_chip(cr, theme, &chip, text, bar->stands);
    return;
  }
  snprintf(text, sizeof(text), "%s",
           bar->stands == CN_BAR_KEPT    ? "kept"
           : bar->stands == CN_BAR_RESTS ? "rest"
                                         : "");
  if (bar->another && !text[0]) {
    snprintf(text, sizeof(text), "+%u", (unsigned)bar->another);
  }
  cn_paint_color(cr, bar->stands ? theme->plays : theme->ink, 1.0);
  cn_paint_bold(cr, place->x + place->width - 5.0, place->y + CN_ROLL_RULER - 7.0, 11.0, CN_TEXT_RIGHT,
                fmax(room, LEAST_CHIP), text);
}

void
cn_track_draw(cairo_t* const cr, const CnTheme* const theme, const CnBox* const roll,
              const CnRollView* const view, const CnScene* const scene)
{
  for (uint32_t i = 0; i < scene->sheet.n_bars; ++i) {
    const CnSheetBar* const bar   = &scene->sheet.bars[i];
    const CnBox             place = cn_track_place(scene, roll, view, bar->bar);
    if (place.x < roll->x + roll->width && place.x + place.width > roll->x) {
      draw_bar(cr, theme, &place, bar);
    }
  }
}

void
cn_track_frame(cairo_t* const cr, const CnBox* const roll, const CnBox* const bars, const CnColor color,
               const double fill, const double edge)
{
  cairo_save(cr);
  cairo_rectangle(cr, roll->x + CN_ROLL_KEYS, roll->y, roll->width - CN_ROLL_KEYS, roll->height);
  cairo_clip(cr);
  cn_paint_color(cr, color, fill);
  cn_paint_box(cr, bars, 4.0);
  cairo_set_line_width(cr, 2.0);
  cn_paint_color(cr, color, edge);
  cn_paint_frame(cr, bars, 4.0);
  cairo_restore(cr);
}
