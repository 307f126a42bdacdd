// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/draw/tray.h"

#include "plugin/lv2/ports.h"

#include "dsp/music/chord.h"
#include "dsp/music/scale.h"

#include <math.h>
#include <stdio.h>

#define HEAD 132.0 ///< [units] of what is written before the chords
#define CHIP 56.0  ///< [units] of a chord
#define GAP 6.0    ///< [units] between them

enum { MAJOR, MINOR, SEVENTH, DIMINISHED }; // The first qualities of chord.h

/// A step of a key, and the chord on it
typedef struct {
  int semitones;
  int quality;
} Step;

static const Step steps[2][CN_TRAY_CHORDS] = {
    {{0, MAJOR}, {2, MINOR}, {4, MINOR}, {5, MAJOR}, {7, MAJOR}, {7, SEVENTH}, {9, MINOR}, {11, DIMINISHED}},
    {{0, MINOR}, {2, DIMINISHED}, {3, MAJOR}, {5, MINOR}, {7, MINOR}, {7, SEVENTH}, {8, MAJOR}, {10, MAJOR}},
};

static unsigned
number_of(const CnPanel* const panel, const CnPort port)
{
  return (unsigned)fmaxf(cn_panel_value(panel, port), 0.0F);
}

int
cn_tray_key(const CnScene* const scene, const CnPanel* const panel)
{
  const unsigned scale   = number_of(panel, CN_PORT_SCALE);
  const unsigned root    = number_of(panel, CN_PORT_ROOT) % 12U;
  const uint16_t classes = cn_scale_classes(scale, root, NULL, 0);
  const bool     has_key = scene->has_state && scene->state.key > 0 && scene->state.key <= CN_N_KEYS;
  if (has_key && (scale == CN_SCALE_OFF || scale >= CN_SCALE_PLAYED)) {
    return scene->state.key - 1;
  }
  const bool is_major = classes >> (root + 4U) % 12U & 1U;
  return (int)(root + (is_major ? 0U : 12U));
}

int32_t
cn_tray_chord(const int key, const int index)
{
  const Step* const step = &steps[key / 12][index];
  return (key + step->semitones) % 12 + 12 * step->quality;
}

CnBox
cn_tray_place(const CnBox* const box, const int index)
{
  return (CnBox){box->x + HEAD + index * (CHIP + GAP), box->y + 1.0, CHIP, box->height - 4.0};
}

int
cn_tray_find(const CnBox* const box, const double x, const double y)
{
  for (int i = 0; i < CN_TRAY_CHORDS; ++i) {
    const CnBox place = cn_tray_place(box, i);
    if (cn_box_has(&place, x, y)) {
      return i;
    }
  }
  return CN_PANEL_NONE;
}

void
cn_tray_draw(cairo_t* const cr, const CnTheme* const theme, const CnBox* const box, const int key,
             const CnSpot* const hot)
{
  char name[CN_CHORD_NAME_SIZE];
  char text[64];
  cn_chord_print(key % 12, name);
  snprintf(text, sizeof(text), "Chords of %s %s", name, key < 12 ? "major" : "minor");
  cn_paint_color(cr, theme->faint, 1.0);
  cn_paint_text(cr, box->x, box->y + 15.0, 12.0, CN_TEXT_LEFT, HEAD - 8.0, text);
  for (int i = 0; i < CN_TRAY_CHORDS; ++i) {
    const CnBox place = cn_tray_place(box, i);
    cn_chord_print(cn_tray_chord(key, i), name);
    cn_paint_chip(cr, theme, &place, name, hot->kind == CN_SPOT_CHORD && hot->index == i);
  }
}
