// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/picture/roll_draw.h"

#include <stdio.h>

#define BLACK_KEY 0.6    ///< Share of a white key's length
#define NUMBER_SIZE 9.0  ///< [units] Font size of bar numbers and names of keys
#define NUMBER_ROOM 20.0 ///< [units] that a bar number needs
#define MIN_BEAT 7.0     ///< [units] Beats closer than that have no lines

static const CnColor row_of_black = {0.948, 0.952, 0.962};
static const CnColor octave_line  = {0.82, 0.83, 0.86};
static const CnColor phrase_tint  = {0.98, 0.74, 0.30};
static const CnColor accent       = {0.80, 0.22, 0.16};

static void
draw_key(cairo_t* const cr, const CnRollLayout* const layout, const double y, const int pitch)
{
  const double right = CN_KEYS_LEFT + CN_KEYS_WIDTH;
  const double black = CN_KEYS_LEFT + BLACK_KEY * CN_KEYS_WIDTH;
  cairo_set_line_width(cr, 0.4);
  cn_draw_color(cr, CN_RULE, 1.0);
  if (cn_key_is_black(pitch)) {
    cn_draw_line(cr, black, y + 0.5 * layout->row, right, y + 0.5 * layout->row);
    cn_draw_color(cr, CN_INK, 1.0);
    cairo_rectangle(cr, CN_KEYS_LEFT, y, BLACK_KEY * CN_KEYS_WIDTH, layout->row);
    cairo_fill(cr);
  } else if (!cn_key_is_black(pitch - 1)) {
    cn_draw_line(cr, CN_KEYS_LEFT, y + layout->row, right, y + layout->row);
  }
}

void
cn_roll_draw_keys(cairo_t* const cr, const CnRollLayout* const layout, const CnRollSystem* const system)
{
  const double height = cn_roll_rows_height(layout);
  cairo_rectangle(cr, CN_KEYS_LEFT, system->top, CN_KEYS_WIDTH, height);
  cn_draw_color(cr, CN_PAPER, 1.0);
  cairo_fill(cr);
  for (int pitch = layout->low; pitch <= layout->high; ++pitch) {
    const double y = cn_roll_y(layout, system, pitch);
    draw_key(cr, layout, y, pitch);
    if (cn_key_is_octave(pitch)) {
      char name[16];
      snprintf(name, sizeof(name), "C%d", pitch / 12 - 1);
      cn_draw_color(cr, CN_INK_FAINT, 1.0);
      cn_draw_text(cr, CN_KEYS_LEFT - 4.0, y + 0.5 * layout->row + 0.36 * NUMBER_SIZE, NUMBER_SIZE,
                   CN_ALIGN_RIGHT, name);
    }
  }
  cairo_rectangle(cr, CN_KEYS_LEFT, system->top, CN_KEYS_WIDTH, height);
  cn_draw_color(cr, CN_RULE, 1.0);
  cairo_set_line_width(cr, 0.6);
  cairo_stroke(cr);
}

static void
draw_rows(cairo_t* const cr, const CnRollLayout* const layout, const CnRollSystem* const system)
{
  const double right = cn_roll_x(layout, system, system->end);
  cairo_set_line_width(cr, 0.5);
  for (int pitch = layout->low; pitch <= layout->high; ++pitch) {
    const double y = cn_roll_y(layout, system, pitch);
    if (cn_key_is_black(pitch)) {
      cn_draw_color(cr, row_of_black, 1.0);
      cairo_rectangle(cr, CN_ROLL_LEFT, y, right - CN_ROLL_LEFT, layout->row);
      cairo_fill(cr);
    } else if (cn_key_is_octave(pitch) && pitch > layout->low) {
      cn_draw_color(cr, octave_line, 1.0);
      cn_draw_line(cr, CN_ROLL_LEFT, y + layout->row, right, y + layout->row);
    }
  }
}

/// Tint what comes before Continuo
static void
draw_phrase_tint(cairo_t* const cr, const CnRollLayout* const layout, const CnRollSystem* const system)
{
  const int32_t end = layout->entry < system->end ? layout->entry : system->end;
  if (end > system->begin) {
    cn_draw_color(cr, phrase_tint, 0.13);
    cairo_rectangle(cr, CN_ROLL_LEFT, system->top, cn_roll_x(layout, system, end) - CN_ROLL_LEFT,
                    cn_roll_rows_height(layout) + CN_STRIP_GAP + CN_STRIP_HEIGHT);
    cairo_fill(cr);
  }
}

static void
draw_beats(cairo_t* const cr, const CnRollLayout* const layout, const CnRollSystem* const system,
           const int32_t begin, const int32_t end)
{
  const double bottom = system->top + cn_roll_rows_height(layout);
  const double beat   = cn_roll_beat(layout, begin);
  if (beat * layout->tick >= MIN_BEAT) {
    cn_draw_color(cr, CN_RULE_FAINT, 1.0);
    cairo_set_line_width(cr, 0.5);
    for (int i = 1; begin + i * beat < end; ++i) {
      const double x = cn_roll_x(layout, system, begin) + i * beat * layout->tick;
      cn_draw_line(cr, x, system->top, x, bottom);
    }
  }
}

static void
draw_bar_line(cairo_t* const cr, const CnRollLayout* const layout, const CnRollSystem* const system,
              const size_t bar)
{
  const double x      = cn_roll_x(layout, system, layout->lines[bar]);
  const double bottom = system->top + cn_roll_rows_height(layout);
  cn_draw_color(cr, CN_RULE, 1.0);
  cairo_set_line_width(cr, 0.7);
  cn_draw_line(cr, x, system->top, x, bottom);
  cn_draw_line(cr, x, bottom + CN_STRIP_GAP, x, bottom + CN_STRIP_GAP + CN_STRIP_HEIGHT);
}

static void
draw_numbers(cairo_t* const cr, const CnRollLayout* const layout, const CnRollSystem* const system)
{
  const double width = (system->end - system->begin) * layout->tick / (double)system->n_bars;
  size_t       step  = 1;
  while ((double)step * width < NUMBER_ROOM) {
    step *= 2;
  }
  cn_draw_color(cr, CN_INK_FAINT, 1.0);
  for (size_t i = 0; i < system->n_bars; i += step) {
    char number[16];
    snprintf(number, sizeof(number), "%d", (int)(layout->first_number + (int32_t)(system->first_bar + i)));
    cn_draw_text(cr, cn_roll_x(layout, system, layout->lines[system->first_bar + i]) + 2.5, system->top - 4.0,
                 NUMBER_SIZE, CN_ALIGN_LEFT, number);
  }
}

void
cn_roll_draw_grid(cairo_t* const cr, const CnRollLayout* const layout, const CnRollSystem* const system)
{
  draw_rows(cr, layout, system);
  draw_phrase_tint(cr, layout, system);
  for (size_t i = 0; i < system->n_bars; ++i) {
    const size_t bar = system->first_bar + i;
    draw_beats(cr, layout, system, layout->lines[bar], layout->lines[bar + 1]);
  }
  for (size_t i = 0; i <= system->n_bars; ++i) {
    draw_bar_line(cr, layout, system, system->first_bar + i);
  }
  draw_numbers(cr, layout, system);

  const double bottom = system->top + cn_roll_rows_height(layout) + CN_STRIP_GAP + CN_STRIP_HEIGHT;
  cn_draw_line(cr, CN_ROLL_LEFT, bottom, cn_roll_x(layout, system, system->end), bottom);
  cn_draw_color(cr, CN_INK_FAINT, 1.0);
  cn_draw_text(cr, CN_ROLL_LEFT - 3.0, bottom - 0.5 * CN_STRIP_HEIGHT + 2.5, 7.5, CN_ALIGN_RIGHT, "velocity");
}

void
cn_roll_draw_entry(cairo_t* const cr, const CnRollLayout* const layout, const CnRollSystem* const system)
{
  if (!system->has_entry) {
    return;
  }
  const double x    = cn_roll_x(layout, system, layout->entry);
  const double y    = system->top - 17.0;
  const double size = 9.5;
  cn_draw_color(cr, accent, 1.0);
  cairo_set_line_width(cr, 1.2);
  cn_draw_line(cr, x, y - 8.0, x, system->top + cn_roll_rows_height(layout) + CN_STRIP_GAP + CN_STRIP_HEIGHT);
  if (x - cn_draw_text_width(cr, size, "phrase") > CN_ROLL_LEFT) {
    cn_draw_text(cr, x - 5.0, y, size, CN_ALIGN_RIGHT, "phrase");
  }
  cn_draw_text(cr, x + 5.0, y, size, CN_ALIGN_LEFT, "Continuo");
}
