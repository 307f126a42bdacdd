// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/draw/roll.h"

#include "plugin/draw/strokes.h"
#include "plugin/draw/track.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#define USUAL_LOW 33     ///< Lowest key that is shown at least
#define USUAL_HIGH 93    ///< Highest
#define SLIM_KEYS 24     ///< Keys that are shown at least where there is little room
#define MIN_BEAT 14.0    ///< [units] Beats that are closer have no lines
#define MIN_NUMBER 34.0  ///< [units] Numbers of bars are no closer
#define LONG_BACK 1200   ///< [ticks] The longest note that reaches into what is shown
#define HEAD 3.0         ///< [units] of a note that was heard
#define BLACK_KEYS 0x54A ///< Bits of C sharp, E flat, F sharp, A flat, B flat

/// What is drawn, and where
typedef struct {
  cairo_t*          cr;
  const CnTheme*    theme;
  const CnScene*    scene;
  const CnRollView* view;
  CnBox             notes; ///< Where they lie
  int               low;   ///< Lowest key
  int               high;  ///< Highest key
  double            row;   ///< [units] of a key
} Sheet;

CnRollView
cn_roll_view(const CnScene* const scene, const CnBox* const box, const double tick, const double bars,
             const double back)
{
  const double width = fmax(box->width - CN_ROLL_KEYS, 1.0);
  const double scale = width / (bars * cn_track_bar_length(scene));
  return (CnRollView){.tick = tick, .from = tick - back - width / (3.0 * scale), .scale = scale};
}

CnRollView
cn_roll_view_slim(const CnScene* const scene, const CnBox* const box, const double tick, const double bars)
{
  const double before = bars * cn_track_bar_length(scene);
  const double scale  = fmax(box->width, 1.0) / (2.0 * before);
  return (CnRollView){.tick = tick, .from = tick - before, .scale = scale, .slim = true};
}

static double
x_of(const Sheet* const sheet, const double tick)
{
  return sheet->notes.x + (tick - sheet->view->from) * sheet->view->scale;
}

static double
y_of(const Sheet* const sheet, const int pitch)
{
  return sheet->notes.y + (sheet->high - pitch) * sheet->row;
}

static double
end_of(const Sheet* const sheet)
{
  return sheet->view->from + sheet->notes.width / sheet->view->scale;
}

static bool
is_black(const int pitch)
{
  return (BLACK_KEYS >> (unsigned)(pitch % 12)) & 1U;
}

/// Find the lowest and the highest key of the notes that are shown; none: `low` stays above `high`
static void
find_keys(Sheet* const sheet)
{
  const int32_t first = cn_segment_at((int32_t)sheet->view->from);
  const int32_t last  = cn_segment_at((int32_t)end_of(sheet));
  sheet->low          = CN_PITCH_MAX + 1;
  sheet->high         = CN_PITCH_MIN - 1;
  for (int layer = 0; layer < CN_N_LAYERS; ++layer) {
    for (int32_t k = first; k <= last; ++k) {
      const CnSceneSegment* const place = cn_scene_find(sheet->scene, (CnLayer)layer, k);
      for (uint32_t i = 0; place && i < place->n_notes; ++i) {
        const int pitch = place->notes[i].pitch;
        sheet->low      = pitch < sheet->low ? pitch : sheet->low;
        sheet->high     = pitch > sheet->high ? pitch : sheet->high;
      }
    }
  }
}

/// Show the usual keys, and all if one of the notes is beyond; where there is little room, those of the notes
static void
choose_keys(Sheet* const sheet)
{
  find_keys(sheet);
  if (sheet->low > sheet->high) {
    sheet->low  = USUAL_LOW;
    sheet->high = USUAL_HIGH;
  } else if (sheet->view->slim) {
    const int missing = SLIM_KEYS - (sheet->high - sheet->low);
    sheet->low -= missing > 2 ? missing / 2 : 1;
    sheet->high += missing > 2 ? missing - missing / 2 : 1;
  } else {
    sheet->low  = sheet->low < USUAL_LOW ? CN_PITCH_MIN : USUAL_LOW;
    sheet->high = sheet->high > USUAL_HIGH ? CN_PITCH_MAX : USUAL_HIGH;
  }
  sheet->row = sheet->notes.height / (sheet->high - sheet->low + 1);
}

static void
draw_rows(const Sheet* const sheet)
{
  cairo_t* const cr = sheet->cr;
  cn_paint_color(cr, sheet->theme->surface, 1.0);
  cairo_rectangle(cr, sheet->notes.x, sheet->notes.y, sheet->notes.width, sheet->notes.height);
  cairo_fill(cr);
  cn_paint_color(cr, sheet->theme->ground, 0.55);
  for (int pitch = sheet->low; pitch <= sheet->high; ++pitch) {
    if (is_black(pitch)) {
      cairo_rectangle(cr, sheet->notes.x, y_of(sheet, pitch), sheet->notes.width, sheet->row);
    }
  }
  cairo_fill(cr);
}

static void
draw_keys(const Sheet* const sheet)
{
  cairo_t* const cr    = sheet->cr;
  const double   left  = sheet->notes.x - CN_ROLL_KEYS;
  const double   right = sheet->notes.x - 1.0;
  char           name[16];
  for (int pitch = sheet->low; pitch <= sheet->high; ++pitch) {
    const double y = y_of(sheet, pitch);
    if (is_black(pitch)) {
      cn_paint_color(cr, sheet->theme->faint, 0.5);
      cairo_rectangle(cr, right - 8.0, y, 8.0, sheet->row);
      cairo_fill(cr);
    } else if (pitch % 12 == 0) {
      cn_paint_color(cr, sheet->theme->line, 1.0);
      cairo_rectangle(cr, sheet->notes.x, floor(y + sheet->row), sheet->notes.width, 1.0);
      cairo_fill(cr);
      cn_paint_color(cr, sheet->theme->faint, 1.0);
      snprintf(name, sizeof(name), "C%d", pitch / 12 - 1);
      cn_paint_text(cr, left, y + 0.5 * sheet->row + 3.5, 10.0, CN_TEXT_LEFT, 0.0, name);
    }
  }
}

static void
draw_line(const Sheet* const sheet, const double tick, const CnColor color, const double alpha)
{
  cn_paint_color(sheet->cr, color, alpha);
  cairo_rectangle(sheet->cr, floor(x_of(sheet, tick)), sheet->notes.y, 1.0, sheet->notes.height);
  cairo_fill(sheet->cr);
}

static void
draw_beats(const Sheet* const sheet, const double bar, const double length)
{
  const double beat = sheet->scene->state.beat;
  if (beat * sheet->view->scale < MIN_BEAT) {
    return;
  }
  for (int i = 1; i * beat < length - 0.5; ++i) {
    draw_line(sheet, bar + i * beat, sheet->theme->line, 0.45);
  }
}

/// Draw the bars, and their numbers, as far apart as they can be read
static void
draw_bars(const Sheet* const sheet)
{
  const CnWireState* const state  = &sheet->scene->state;
  const double             length = state->bar.length;
  const int64_t            first  = (int64_t)floor((sheet->view->from - state->bar.start) / length);
  const int64_t            last   = (int64_t)ceil((end_of(sheet) - state->bar.start) / length);
  int                      every  = 1;
  char                     number[24];
  while (every < 4096 && every * length * sheet->view->scale < MIN_NUMBER) {
    every *= 2;
  }
  for (int64_t i = first; i <= last; ++i) {
    const double  tick = state->bar.start + (double)i * length;
    const int64_t bar  = state->bar_number + i;
    draw_beats(sheet, tick, length);
    if (bar % every == 0) {
      draw_line(sheet, tick, sheet->theme->line, 1.0);
    }
    if (bar >= 0 && bar % every == 0 && !sheet->view->slim) {
      cn_paint_color(sheet->cr, sheet->theme->faint, 1.0);
      snprintf(number, sizeof(number), "%lld", (long long)bar + 1);
      cn_paint_text(sheet->cr, x_of(sheet, tick) + 4.0, sheet->notes.y - 6.0, 11.0, CN_TEXT_LEFT, 0.0,
                    number);
    }
  }
}

// Notes

/// On dark ground the darkest colours could not be seen
static CnColor
color_in_dark(const double hue)
{
  return cn_color_viridis(0.3 + 0.7 * hue);
}

/// On light ground the lightest could not
static CnColor
color_in_light(const double hue)
{
  return cn_color_viridis(0.95 * hue);
}

static CnColor
color_of(const Sheet* const sheet, const double duration)
{
  const double hue = log2(duration / CN_SHORTEST) / log2(CN_LONGEST / CN_SHORTEST);
  return sheet->theme->is_dark ? color_in_dark(hue) : color_in_light(hue);
}

/// A full box for what is Continuo's, a slim one with a head for what was heard, an outline for what is
/// planned
static void
add_shape(CnStrokes* const strokes, const CnLayer layer, const CnBox* const box, const CnColor color,
          const double opacity)
{
  const CnBox head = {box->x, box->y, fmin(box->width, HEAD), box->height};
  const CnBox tail = {box->x + HEAD, box->y + floor(0.3 * box->height), box->width - HEAD,
                      fmax(ceil(0.4 * box->height), 2.0)};
  if (layer == CN_LAYER_OWN) {
    cn_strokes_add(strokes, box, color, opacity);
  } else if (layer == CN_LAYER_PLANNED) {
    cn_strokes_add_edges(strokes, box, color, opacity);
  } else {
    cn_strokes_add(strokes, &head, color, opacity);
    if (tail.width > 0.0) {
      cn_strokes_add(strokes, &tail, color, opacity);
    }
  }
}

static void
add_note(const Sheet* const sheet, CnStrokes* const strokes, const CnLayer layer,
         const CnTimedNote* const note, const int32_t onset)
{
  const double now    = sheet->view->tick;
  const double end    = note->duration == UINT16_MAX ? fmax(now, onset + 1.0) : onset + note->duration;
  const double left   = fmax(x_of(sheet, onset), sheet->notes.x - 2.0);
  const double right  = fmin(x_of(sheet, end), sheet->notes.x + sheet->notes.width + 2.0);
  const double x      = round(left);
  const double height = fmax(round(sheet->row) - 1.0, sheet->view->slim ? 3.0 : 4.0);
  const CnBox  box    = {
          .x      = x,
          .y      = round(y_of(sheet, note->pitch) + 0.5 * (sheet->row - height)),
          .width  = fmax(round(right) - x - 1.0, layer == CN_LAYER_PLANNED ? 4.0 : 2.0),
          .height = height,
  };
  if (right >= sheet->notes.x && left <= sheet->notes.x + sheet->notes.width) {
    add_shape(strokes, layer, &box, color_of(sheet, end - onset), 0.35 + 0.65 * note->velocity / 127.0);
  }
}

static void
draw_layer(const Sheet* const sheet, CnStrokes* const strokes, const CnLayer layer)
{
  const int32_t first = cn_segment_at((int32_t)sheet->view->from - LONG_BACK);
  const int32_t last  = cn_segment_at((int32_t)end_of(sheet));
  for (int32_t k = first; k <= last; ++k) {
    const CnSceneSegment* const place = cn_scene_find(sheet->scene, layer, k);
    for (uint32_t i = 0; place && i < place->n_notes; ++i) {
      add_note(sheet, strokes, layer, &place->notes[i], k * CN_SEGMENT_TICKS + place->notes[i].offset);
    }
  }
}

static void
draw_notes(const Sheet* const sheet)
{
  CnStrokes strokes;
  if (cn_strokes_begin(&strokes, sheet->cr, &sheet->notes)) {
    draw_layer(sheet, &strokes, CN_LAYER_HEARD);
    draw_layer(sheet, &strokes, CN_LAYER_PLANNED);
    draw_layer(sheet, &strokes, CN_LAYER_OWN);
    cn_strokes_end(&strokes, sheet->cr);
  }
}

static void
draw_playhead(const Sheet* const sheet)
{
  cairo_t* const cr = sheet->cr;
  const double   x  = floor(x_of(sheet, sheet->view->tick));
  cn_paint_color(cr, sheet->theme->ink, 0.9);
  cairo_rectangle(cr, x - 0.5, sheet->notes.y, 2.0, sheet->notes.height);
  cairo_fill(cr);
  cairo_move_to(cr, x - 5.5, sheet->notes.y - 7.0);
  cairo_line_to(cr, x + 6.5, sheet->notes.y - 7.0);
  cairo_line_to(cr, x + 0.5, sheet->notes.y);
  cairo_close_path(cr);
  cairo_fill(cr);
}

void
cn_roll_draw(cairo_t* const cr, const CnTheme* const theme, const CnBox* const box,
             const CnRollView* const view, const CnScene* const scene)
{
  Sheet sheet = {
      .cr    = cr,
      .theme = theme,
      .scene = scene,
      .view  = view,
      .notes = *box,
  };
  if (!view->slim) {
    sheet.notes = (CnBox){box->x + CN_ROLL_KEYS, box->y + CN_ROLL_RULER, box->width - CN_ROLL_KEYS,
                          box->height - CN_ROLL_RULER};
  }
  if (sheet.notes.width < 1.0 || sheet.notes.height < 1.0) {
    return;
  }
  choose_keys(&sheet);
  cairo_save(cr);
  draw_rows(&sheet);
  if (!view->slim) {
    draw_keys(&sheet);
  }
  cairo_rectangle(cr, sheet.notes.x, box->y, sheet.notes.width, box->height);
  cairo_clip(cr);
  if (scene->has_state) {
    draw_bars(&sheet);
    if (!view->slim) {
      cn_track_draw(cr, theme, box, view, scene);
    }
    draw_notes(&sheet);
    draw_playhead(&sheet);
  }
  cairo_restore(cr);
}
