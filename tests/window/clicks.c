// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file clicks.c
   Write what check.sh is to do to a window as it opens, and what is to come of it, a line each:

   turn SYMBOL VALUE BUTTON X Y [X Y]   presses of a button of the mouse; the control has the value then
   hold SYMBOL VALUE BUTTON X Y         the same, as long as the button is held
   bar TEXT X Y X Y                     two clicks; what is written down for bars has the text then
   drag TEXT X Y X Y                    from place to place; likewise
   preset NAME X Y X Y                  two clicks choose a preset
   gives SYMBOL VALUE                   what that sets a control to
   keys SYMBOL VALUE X Y KEY...         a click somewhere, and keys; the control has the value then
*/

#include "plugin/draw/tray.h"
#include "tests/window/turning.h"

#include "plugin/draw/face.h"
#include "plugin/lv2/ports.h"

#include "dsp/music/chord.h"

#include <stdio.h>
#include <string.h>

#define RESTS_X 0.5 ///< Of the roll's width: the bar after the playhead's
#define CHORD_X 0.6 ///< A later one

static void
write_place(const CnBox* const box)
{
  printf(" %.0f %.0f", box->x + 0.5 * box->width, box->y + 0.3 * box->height);
}

static void
write_turn(const int control)
{
  const CnControl* const row     = &cn_controls[control];
  const CnTurning        turning = cn_turning(control);
  printf("%s %s %.6g %u", row->is_trigger ? "hold" : "turn", row->symbol, (double)turning.wanted,
         turning.button);
  for (unsigned i = 0; i < turning.n_presses; ++i) {
    write_place(&turning.presses[i]);
  }
  printf("\n");
}

static void
write_bars(const CnFaceLayout* const layout)
{
  const double y     = layout->roll.y + 100.0;
  const CnBox  rests = {layout->roll.x + RESTS_X * layout->roll.width, y, 0.0, 0.0};
  const CnBox  rest  = {rests.x + 20.0, y + 59.0, 0.0, 0.0}; // The third line of the list
  const CnBox  chord = cn_tray_place(&layout->tray, 5);
  const CnBox  onto  = {layout->roll.x + CHORD_X * layout->roll.width, y, 0.0, 0.0};
  char         name[CN_CHORD_NAME_SIZE];
  cn_chord_print(cn_tray_chord(0, 5), name);
  printf("bar rest");
  write_place(&rests);
  write_place(&rest);
  printf("\ndrag %s", name);
  write_place(&chord);
  write_place(&onto);
  printf("\n");
}

/// The last preset, with what it sets
static void
write_preset(const CnFaceLayout* const layout)
{
  const int             index  = (int)cn_n_presets - 1;
  const CnPreset* const preset = &cn_presets[index];
  const CnBox           entry  = cn_turning_entry(CN_LIST_PRESETS, index);
  printf("preset %s", strrchr(preset->uri, ':') + 1);
  write_place(&layout->presets);
  write_place(&entry);
  printf("\n");
  for (size_t i = 0; i < preset->n_values; ++i) {
    printf("gives %s %.6g\n", preset->values[i].symbol, (double)preset->values[i].value);
  }
}

/// Keys for a control and for the one after it
static void
write_keys(const CnFaceLayout* const layout)
{
  const int   control = (int)cn_control_of_port(CN_PORT_TEMPO);
  const CnBox place   = cn_panel_place(&layout->panel, control);
  const int   next    = (int)cn_control_of_port(CN_PORT_CHANNEL);
  printf("keys %s 90", cn_controls[control].symbol);
  write_place(&place);
  printf(" 9 0 Return\nkeys %s 16", cn_controls[next].symbol);
  write_place(&place);
  for (int i = control; i < next; ++i) {
    printf(" Tab");
  }
  printf(" Prior Prior\n");
}

int
main(void)
{
  const CnFaceLayout layout = cn_face_layout(CN_FACE_WIDTH, CN_FACE_HEIGHT);
  write_bars(&layout); // While the tray has the chords of C major
  for (int i = 0; i < (int)cn_n_controls; ++i) {
    write_turn(i);
  }
  write_preset(&layout);
  write_keys(&layout);
  return 0;
}
