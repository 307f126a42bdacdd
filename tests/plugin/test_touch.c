// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_touch.c
   What mouse and keyboard do to the window's controls, and what they leave to the host.
*/

#include "plugin/lv2/ports.h"
#include "plugin/touch/keys.h"

#include "dsp/music/chord.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WIDTH 1080.0
#define HEIGHT 720.0

/// The host: what came last of each port, and how often anything did
typedef struct {
  CnTouch  touch;
  float    values[CN_N_PORTS];
  unsigned n_changes;
  unsigned n_panics;
  unsigned n_models;
  unsigned n_undos;
  CnSheet  sheet; ///< That was written down last
  unsigned n_grabs;
  uint32_t time;
} Host;

static void
change(void* const handle, const uint32_t port, const float value)
{
  Host* const host   = handle;
  host->values[port] = value;
  ++host->n_changes;
}

static void
grab(void* const handle, const uint32_t port, const bool grabbed)
{
  (void)port;
  ((Host*)handle)->n_grabs += grabbed;
}

static void
panic(void* const handle)
{
  ++((Host*)handle)->n_panics;
}

static void
model(void* const handle)
{
  ++((Host*)handle)->n_models;
}

static void
write_down(void* const handle, const CnSheet* const sheet)
{
  ((Host*)handle)->sheet = *sheet;
}

static void
undo(void* const handle)
{
  ++((Host*)handle)->n_undos;
}

static int
set_up(void** state)
{
  Host* const   host = calloc(1, sizeof(Host));
  CnFace* const face = malloc(sizeof(CnFace));
  cn_face_init(face, true);
  host->touch = (CnTouch){.face   = face,
                          .host   = {host, change, grab, panic, model, write_down, undo},
                          .width  = WIDTH,
                          .height = HEIGHT};
  *state      = host;
  return 0;
}

static int
tear_down(void** state)
{
  Host* const host = *state;
  free(host->touch.face);
  free(host);
  return 0;
}

static CnPanel*
panel_of(Host* const host)
{
  return &host->touch.face->panel;
}

static void
middle(const CnPort port, double* const x, double* const y)
{
  const CnFaceLayout layout = cn_face_layout(WIDTH, HEIGHT);
  const CnBox        cell   = cn_panel_place(&layout.panel, (int)cn_control_of_port(port));
  *x                        = cell.x + 0.5 * cell.width;
  *y                        = cell.y + 0.3 * cell.height;
}

/// Press at a control and let go; a second after the last time
static void
click(Host* const host, const CnPort port)
{
  double x = 0.0;
  double y = 0.0;
  middle(port, &x, &y);
  cn_touch_press(&host->touch, x, y, host->time += 1000);
  cn_touch_release(&host->touch);
}

static void
type(Host* const host, const char* text)
{
  for (; *text; ++text) {
    assert_true(cn_keys_press(&host->touch, CN_KEYS_TEXT, *text));
  }
  assert_true(cn_keys_press(&host->touch, CN_KEYS_ENTER, 0));
}

static void
test_a_click_turns_a_switch(void** state)
{
  Host* const host           = *state;
  host->values[CN_PORT_PLAY] = NAN;
  click(host, CN_PORT_PLAY);
  assert_true(host->values[CN_PORT_PLAY] == 0.0F);
  click(host, CN_PORT_PLAY);
  assert_true(host->values[CN_PORT_PLAY] == 1.0F);
  assert_int_equal(host->n_changes, 2);
  assert_int_equal(host->n_grabs, 2);
}

static void
test_a_trigger_goes_back_by_itself(void** state)
{
  Host* const host = *state;
  click(host, CN_PORT_NEW_TAKE);
  assert_int_equal(host->n_changes, 2);
  assert_true(host->values[CN_PORT_NEW_TAKE] == 0.0F);
}

static void
test_a_knob_is_dragged_as_far_as_it_goes(void** state)
{
  Host* const host = *state;
  double      x    = 0.0;
  double      y    = 0.0;
  middle(CN_PORT_TEMPERATURE, &x, &y);
  cn_touch_press(&host->touch, x, y, 1000);
  cn_touch_move(&host->touch, x, y - 18.0, false);
  assert_true(fabsf(host->values[CN_PORT_TEMPERATURE] - 1.05F) < 0.001F);
  cn_touch_move(&host->touch, x, y - 36.0, true);
  assert_true(fabsf(host->values[CN_PORT_TEMPERATURE] - 1.06F) < 0.001F);
  cn_touch_move(&host->touch, x, y - 1000.0, false);
  assert_true(host->values[CN_PORT_TEMPERATURE] == 1.5F);
  cn_touch_release(&host->touch);
  const unsigned n = host->n_changes;
  cn_touch_move(&host->touch, x, y + 500.0, false);
  assert_int_equal(host->n_changes, n);
}

static void
test_a_double_click_sets_the_default(void** state)
{
  Host* const host = *state;
  double      x    = 0.0;
  double      y    = 0.0;
  middle(CN_PORT_FOCUS, &x, &y);
  cn_touch_wheel(&host->touch, x, y, -20, false);
  assert_true(host->values[CN_PORT_FOCUS] == 87.0F);
  cn_touch_press(&host->touch, x, y, 1000);
  cn_touch_release(&host->touch);
  cn_touch_press(&host->touch, x, y, 1200);
  assert_true(host->values[CN_PORT_FOCUS] == 97.0F);
}

static void
test_values_are_typed_as_numbers_names_and_keys(void** state)
{
  Host* const host = *state;
  click(host, CN_PORT_TEMPERATURE);
  type(host, "1.25");
  assert_true(host->values[CN_PORT_TEMPERATURE] == 1.25F);
  click(host, CN_PORT_TAKE);
  type(host, "5000");
  assert_true(host->values[CN_PORT_TAKE] == 999.0F);
  click(host, CN_PORT_LOWEST);
  type(host, "F#3");
  assert_true(host->values[CN_PORT_LOWEST] == 54.0F);
  click(host, CN_PORT_SCALE);
  cn_keys_press(&host->touch, CN_KEYS_ESCAPE, 0); // The list
  type(host, "dori");
  assert_true(host->values[CN_PORT_SCALE] == 5.0F);
}

static void
test_nonsense_that_is_typed_changes_nothing(void** state)
{
  Host* const host = *state;
  click(host, CN_PORT_LOWEST);
  const unsigned n = host->n_changes;
  type(host, "H9");
  assert_int_equal(host->n_changes, n);
}

/// Click an entry of the open list, which must be somewhere
static void
press_entry(Host* const host, const int index)
{
  for (int y = 0; y < (int)HEIGHT; y += 4) {
    for (int x = 0; x < (int)WIDTH; x += 4) {
      const CnSpot spot = cn_face_find(host->touch.face, WIDTH, HEIGHT, x, y);
      if (spot.kind == CN_SPOT_ENTRY && (int)spot.index == index) {
        cn_touch_press(&host->touch, x, y, 5000);
        return;
      }
    }
  }
  fail();
}

static void
test_a_list_chooses_and_closes(void** state)
{
  Host* const host = *state;
  click(host, CN_PORT_ROLE);
  assert_int_equal(panel_of(host)->list, (int)cn_control_of_port(CN_PORT_ROLE));
  press_entry(host, 2);
  assert_true(host->values[CN_PORT_ROLE] == (float)2);
  assert_int_equal(panel_of(host)->list, CN_PANEL_NONE);
}

static void
test_every_list_lies_in_the_window(void** state)
{
  Host* const host   = *state;
  const int   width  = CN_FACE_MIN_WIDTH;
  const int   height = CN_FACE_MIN_HEIGHT;
  for (int list = CN_LIST_PRESETS; list < (int)cn_n_controls; ++list) {
    panel_of(host)->list = list;
    const size_t n       = list == CN_PANEL_NONE ? 0 : cn_panel_n_entries(panel_of(host));
    uint64_t     found   = 0;
    for (int y = 1; y < height; y += 5) {
      for (int x = 1; x < width; x += 20) {
        const CnSpot spot = cn_face_find(host->touch.face, width, height, x, y);
        found |= spot.kind == CN_SPOT_ENTRY ? UINT64_C(1) << (unsigned)spot.index : 0;
      }
    }
    assert_int_equal(found, n ? (UINT64_C(1) << n) - 1 : 0);
  }
}

static void
test_a_preset_sets_its_controls(void** state)
{
  Host* const host                                                = *state;
  panel_of(host)->values[cn_control_of_port(CN_PORT_TEMPERATURE)] = 1.5F;
  panel_of(host)->list                                            = CN_LIST_PRESETS;
  press_entry(host, 0);
  assert_int_equal(panel_of(host)->preset, 0);
  assert_true(fabsf(host->values[CN_PORT_TEMPERATURE] - 0.8F) < 1e-6F);
}

static void
test_panic_is_one_click(void** state)
{
  Host* const        host   = *state;
  const CnFaceLayout layout = cn_face_layout(WIDTH, HEIGHT);
  cn_touch_press(&host->touch, layout.panic.x + 5.0, layout.panic.y + 5.0, 1000);
  assert_int_equal(host->n_panics, 1);
}

static void
test_the_models_name_asks_for_another(void** state)
{
  Host* const        host   = *state;
  const CnFaceLayout layout = cn_face_layout(WIDTH, HEIGHT);
  cn_touch_press(&host->touch, layout.model.x + 5.0, layout.model.y + 5.0, 1000);
  assert_int_equal(host->n_models, 1);
  cn_touch_press(&host->touch, layout.model.x + 5.0, layout.model.y - 5.0, 3000);
  assert_int_equal(host->n_models, 1);
}

static void
test_keys_are_the_hosts_until_a_control_is_clicked(void** state)
{
  Host* const host = *state;
  assert_false(cn_keys_press(&host->touch, CN_KEYS_TEXT, '5'));
  assert_false(cn_keys_press(&host->touch, CN_KEYS_UP, 0));
  click(host, CN_PORT_TEMPERATURE);
  assert_false(cn_keys_press(&host->touch, CN_KEYS_TEXT, ' ')); // Roll, stop
  assert_false(cn_keys_press(&host->touch, CN_KEYS_TEXT, 'r')); // It has no names
  assert_true(cn_keys_press(&host->touch, CN_KEYS_TEXT, '1'));
  assert_true(cn_keys_press(&host->touch, CN_KEYS_ESCAPE, 0)); // What was typed
  assert_true(cn_keys_press(&host->touch, CN_KEYS_ESCAPE, 0)); // The control
  assert_false(cn_keys_press(&host->touch, CN_KEYS_UP, 0));
}

static void
test_every_control_is_reached_and_turned_by_keys(void** state)
{
  Host* const host = *state;
  click(host, CN_PORT_TEMPERATURE);
  bool reached[CN_N_PORTS] = {false};
  for (size_t i = 0; i < cn_n_controls; ++i) {
    assert_true(cn_keys_press(&host->touch, CN_KEYS_NEXT, 0));
    const CnControl* const control = &cn_controls[panel_of(host)->chosen];
    const unsigned         n       = host->n_changes;
    cn_keys_press(&host->touch, control->is_trigger ? CN_KEYS_ENTER : CN_KEYS_UP, 0);
    cn_keys_press(&host->touch, CN_KEYS_DOWN, 0);
    assert_true(host->n_changes > n);
    reached[control->port] = true;
  }
  for (size_t i = 0; i < cn_n_controls; ++i) {
    assert_true(reached[cn_controls[i].port]);
  }
}

static void
test_the_roll_scrolls_zooms_and_comes_back(void** state)
{
  Host* const        host   = *state;
  CnFace* const      face   = host->touch.face;
  const CnFaceLayout layout = cn_face_layout(WIDTH, HEIGHT);
  const double       x      = layout.roll.x + 200.0;
  const double       y      = layout.roll.y + 60.0;
  cn_touch_wheel(&host->touch, x, y, 1, false);
  assert_true(face->back > 0.0);
  cn_touch_wheel(&host->touch, x, y, 1000, true);
  assert_true(face->bars == CN_FACE_FEWEST);
  cn_touch_press(&host->touch, x, y, 1000);
  cn_touch_release(&host->touch);
  cn_touch_press(&host->touch, x, y, 1100);
  assert_true(face->back == 0.0);
  cn_touch_release(&host->touch);
  face->scene.has_state = true; // The first click opens the list of a bar
  face->back            = 96.0;
  cn_touch_press(&host->touch, x, y, 3000);
  cn_touch_release(&host->touch);
  cn_touch_press(&host->touch, x, y, 3100);
  assert_true(face->back == 0.0);
  assert_int_equal(face->panel.list, CN_PANEL_NONE);
}

// --- Bars of the roll

/// Open the list of a bar of the roll by a click on it
static CnBox
click_bar(Host* const host, const double share)
{
  const CnFaceLayout layout = cn_face_layout(WIDTH, HEIGHT);
  const double       x      = layout.roll.x + share * layout.roll.width;
  const double       y      = layout.roll.y + 100.0;
  cn_touch_move(&host->touch, x, y, false);
  cn_touch_press(&host->touch, x, y, host->time += 1000);
  cn_touch_release(&host->touch);
  assert_int_equal(host->touch.face->panel.list, CN_LIST_BAR);
  return (CnBox){x, y, 0.0, 0.0};
}

/// Choose a line of the open list
static void
choose(Host* const host, const CnBox* const list, const CnBarDo what)
{
  const double x = list->x + 20.0;
  const double y = list->y + 4.0 + 22.0 * (double)what + 11.0;
  cn_touch_press(&host->touch, x, y, host->time += 1000);
  cn_touch_release(&host->touch);
  assert_int_equal(host->touch.face->panel.list, CN_PANEL_NONE);
}

static void
show_bars(Host* const host)
{
  CnScene* const scene    = &host->touch.face->scene;
  scene->has_state        = true;
  scene->state.bar        = (CnBar){10 * 96, 96};
  scene->state.beat       = 24.0F;
  scene->state.bar_number = 10;
  host->touch.face->tick  = 10 * 96.0;
}

static void
test_a_click_on_a_bar_keeps_rerolls_and_clears_it(void** state)
{
  Host* const host = *state;
  show_bars(host);
  CnBox list = click_bar(host, 0.36); // Just after the playhead
  choose(host, &list, CN_BAR_DO_KEEP);
  assert_int_equal(host->sheet.n_bars, 1);
  assert_int_equal(cn_sheet_read(&host->sheet, 10).stands, CN_BAR_KEPT);
  list = click_bar(host, 0.36);
  choose(host, &list, CN_BAR_DO_ANOTHER);
  assert_int_equal(cn_sheet_read(&host->sheet, 10).another, 1);
  assert_int_equal(cn_sheet_read(&host->sheet, 10).stands, CN_BAR_FREE);
  list = click_bar(host, 0.6); // A coming one
  choose(host, &list, CN_BAR_DO_REST);
  assert_int_equal(host->sheet.n_bars, 2);
  assert_true(host->sheet.bars[1].bar > 10);
  assert_int_equal(host->sheet.bars[1].stands, CN_BAR_RESTS);
  list = click_bar(host, 0.6);
  choose(host, &list, CN_BAR_DO_FREE);
  assert_int_equal(host->sheet.n_bars, 1);
  list = click_bar(host, 0.2); // A past one
  choose(host, &list, CN_BAR_DO_UNDO);
  assert_int_equal(host->n_undos, 1);
  assert_int_equal(host->sheet.n_bars, 1);
}

static void
test_a_chord_is_typed_onto_a_bar(void** state)
{
  Host* const host = *state;
  show_bars(host);
  click_bar(host, 0.36);
  for (const char* letter = "Am7x"; *letter; ++letter) {
    assert_true(cn_keys_press(&host->touch, CN_KEYS_TEXT, *letter));
  }
  assert_true(cn_keys_press(&host->touch, CN_KEYS_ERASE, 0));
  assert_false(cn_keys_press(&host->touch, CN_KEYS_TEXT, ' ')); // The host's
  assert_true(cn_keys_press(&host->touch, CN_KEYS_ENTER, 0));
  assert_int_equal(cn_sheet_read(&host->sheet, 10).chord, cn_chord_parse("Am7"));
  assert_int_equal(host->touch.face->panel.list, CN_PANEL_NONE);
  const CnBox list = click_bar(host, 0.36);
  choose(host, &list, CN_BAR_DO_CHORD);
  assert_int_equal(host->sheet.n_bars, 0);
}

static void
test_a_drag_scrolls_and_opens_no_bar(void** state)
{
  Host* const        host   = *state;
  const CnFaceLayout layout = cn_face_layout(WIDTH, HEIGHT);
  show_bars(host);
  cn_touch_press(&host->touch, layout.roll.x + 200.0, layout.roll.y + 100.0, host->time += 1000);
  cn_touch_move(&host->touch, layout.roll.x + 300.0, layout.roll.y + 100.0, false);
  cn_touch_release(&host->touch);
  assert_int_equal(host->touch.face->panel.list, CN_PANEL_NONE);
  assert_true(host->touch.face->back > 0.0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_a_click_turns_a_switch, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_trigger_goes_back_by_itself, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_knob_is_dragged_as_far_as_it_goes, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_double_click_sets_the_default, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_values_are_typed_as_numbers_names_and_keys, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_nonsense_that_is_typed_changes_nothing, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_list_chooses_and_closes, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_every_list_lies_in_the_window, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_preset_sets_its_controls, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_panic_is_one_click, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_the_models_name_asks_for_another, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_keys_are_the_hosts_until_a_control_is_clicked, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_every_control_is_reached_and_turned_by_keys, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_the_roll_scrolls_zooms_and_comes_back, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_click_on_a_bar_keeps_rerolls_and_clears_it, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_chord_is_typed_onto_a_bar, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_drag_scrolls_and_opens_no_bar, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
