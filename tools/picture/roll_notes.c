// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/picture/roll_draw.h"

#include <math.h>

#define MIN_HEIGHT 3.2 ///< [units] of a note, be its row as low as it may
#define MIN_WIDTH 1.6  ///< [units]
#define GAP 0.5        ///< [units] between a note and the next on its row
#define CORNER 1.6     ///< [units] Radius
#define STEM_WIDTH 1.1 ///< [units] of a velocity

static const CnColor white = {1.0, 1.0, 1.0};
static const CnColor black = {0.0, 0.0, 0.0};

static void
trace_box(cairo_t* const cr, const double x, const double y, const double width, const double height)
{
  const double r = fmin(CORNER, 0.4 * fmin(width, height));
  cairo_new_path(cr);
  cairo_arc(cr, x + width - r, y + r, r, -0.5 * CN_PI, 0.0);
  cairo_arc(cr, x + width - r, y + height - r, r, 0.0, 0.5 * CN_PI);
  cairo_arc(cr, x + r, y + height - r, r, 0.5 * CN_PI, CN_PI);
  cairo_arc(cr, x + r, y + r, r, CN_PI, 1.5 * CN_PI);
  cairo_close_path(cr);
}

void
cn_roll_box(cairo_t* const cr, const double x, const double y, const double width, const double height,
            const CnColor color, const CnNoteStyle style)
{
  const bool pale = style == CN_NOTE_PALE;
  trace_box(cr, x, y, width, height);
  cn_draw_color(cr, pale ? cn_color_mix(color, white, 0.75) : color, 1.0);
  cairo_fill_preserve(cr);
  cn_draw_color(cr, cn_color_mix(color, black, pale ? 0.1 : 0.3), 1.0);
  cairo_set_line_width(cr, pale ? 0.8 : 0.4);
  cairo_stroke(cr);
}

static CnNoteStyle
style_of(const CnRollLayout* const layout, const CnNote* const note)
{
  return layout->has_parts && note->part == CN_PART_MUSICIAN ? CN_NOTE_PALE : CN_NOTE_FILLED;
}

static void
draw_note(cairo_t* const cr, const CnRollLayout* const layout, const CnRollSystem* const system,
          const CnNote* const note)
{
  const double inset  = 0.25; // Half of an outline
  const double height = fmax(MIN_HEIGHT, layout->row) - 2.0 * inset;
  const double x      = cn_roll_x(layout, system, note->onset) + inset;
  const double middle = cn_roll_y(layout, system, note->pitch) + 0.5 * layout->row;
  const double width  = fmax(MIN_WIDTH, note->duration * layout->tick - GAP - inset);
  cn_roll_box(cr, x, middle - 0.5 * height, width, height, cn_color_duration(note->duration),
              style_of(layout, note));
}

/// Draw a stem as high as the note is loud
static void
draw_velocity(cairo_t* const cr, const CnRollLayout* const layout, const CnRollSystem* const system,
              const CnNote* const note)
{
  const double bottom = system->top + cn_roll_rows_height(layout) + CN_STRIP_GAP + CN_STRIP_HEIGHT;
  const double x      = cn_roll_x(layout, system, note->onset) + 0.5 * STEM_WIDTH;
  const double top    = bottom - CN_STRIP_HEIGHT * note->velocity / 127.0;
  const bool   pale   = style_of(layout, note) == CN_NOTE_PALE;
  cn_draw_color(cr, cn_color_duration(note->duration), pale ? 0.55 : 1.0);
  cairo_set_line_width(cr, STEM_WIDTH);
  cairo_move_to(cr, x, bottom);
  cairo_line_to(cr, x, top);
  cairo_stroke(cr);
}

void
cn_roll_draw_notes(cairo_t* const cr, const CnRollLayout* const layout, const CnRollSystem* const system)
{
  const double right = cn_roll_x(layout, system, system->end);
  cairo_save(cr);
  cairo_rectangle(cr, CN_ROLL_LEFT, system->top - 1.0, right - CN_ROLL_LEFT,
                  cn_roll_rows_height(layout) + CN_STRIP_GAP + CN_STRIP_HEIGHT + 1.0);
  cairo_clip(cr);
  for (size_t i = 0; i < layout->score->n_notes; ++i) {
    const CnNote* const note = &layout->score->notes[i];
    if (note->onset < system->end && note->onset + note->duration > system->begin) {
      draw_note(cr, layout, system, note);
      if (note->onset >= system->begin) {
        draw_velocity(cr, layout, system, note);
      }
    }
  }
  cairo_restore(cr);
}
