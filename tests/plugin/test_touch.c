// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_touch.c
   What the mouse does to the window's controls.
*/

#include "tests/window/touched.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
test_a_click_turns_a_switch(void** state)
{
  CnTouched* const host      = *state;
  host->values[CN_PORT_PLAY] = NAN;
  cn_touched_click(host, CN_PORT_PLAY);
  assert_true(host->values[CN_PORT_PLAY] == 0.0F);
  cn_touched_click(host, CN_PORT_PLAY);
  assert_true(host->values[CN_PORT_PLAY] == 1.0F);
  assert_int_equal(host->n_changes, 2);
  assert_int_equal(host->n_grabs, 2);
}

static void
test_a_trigger_goes_back_by_itself(void** state)
{
  CnTouched* const host = *state;
  cn_touched_click(host, CN_PORT_NEW_TAKE);
  assert_false(cn_touch_idle(&host->touch, 5.0));
  assert_false(cn_touch_idle(&host->touch, 5.19)); // A block later at the earliest
  assert_int_equal(host->n_changes, 1);
  assert_true(host->values[CN_PORT_NEW_TAKE] == 1.0F);
  assert_true(cn_touch_idle(&host->touch, 5.21));
  assert_int_equal(host->n_changes, 2);
  assert_true(host->values[CN_PORT_NEW_TAKE] == 0.0F);
  assert_int_equal(host->n_releases, 1);
  assert_false(cn_touch_idle(&host->touch, 9.0));
}

static void
test_a_knob_is_dragged_as_far_as_it_goes(void** state)
{
  CnTouched* const host = *state;
  double           x    = 0.0;
  double           y    = 0.0;
  cn_touched_middle(CN_PORT_TEMPERATURE, &x, &y);
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
test_a_button_that_is_lost_lets_go(void** state)
{
  CnTouched* const host = *state;
  double           x    = 0.0;
  double           y    = 0.0;
  cn_touch_lose(&host->touch); // As nothing is held
  assert_int_equal(host->n_grabs, 0);
  cn_touched_middle(CN_PORT_TEMPERATURE, &x, &y);
  cn_touch_press(&host->touch, x, y, 1000);
  host->touch.face->carried.chord = 1;
  cn_touch_lose(&host->touch);
  const unsigned n = host->n_changes;
  cn_touch_move(&host->touch, x, y + 50.0, false);
  assert_int_equal(host->n_changes, n);
  assert_int_equal(host->touch.face->carried.chord, CN_CHORD_NONE);
  assert_int_equal(host->n_releases, 1);
}

static void
test_a_double_click_sets_the_default(void** state)
{
  CnTouched* const host = *state;
  double           x    = 0.0;
  double           y    = 0.0;
  cn_touched_middle(CN_PORT_FOCUS, &x, &y);
  cn_touch_wheel(&host->touch, x, y, -20, false);
  assert_true(host->values[CN_PORT_FOCUS] == 87.0F);
  cn_touch_press(&host->touch, x, y, 1000);
  cn_touch_release(&host->touch);
  cn_touch_press(&host->touch, x, y, 1200);
  assert_true(host->values[CN_PORT_FOCUS] == 97.0F);
}

static void
test_a_list_chooses_and_closes(void** state)
{
  CnTouched* const host = *state;
  cn_touched_click(host, CN_PORT_ROLE);
  assert_int_equal(cn_touched_panel(host)->list, (int)cn_control_of_port(CN_PORT_ROLE));
  cn_touched_choose(host, 2);
  assert_true(host->values[CN_PORT_ROLE] == (float)2);
  assert_int_equal(cn_touched_panel(host)->list, CN_PANEL_NONE);
}

static void
test_every_list_lies_in_the_window(void** state)
{
  CnTouched* const host   = *state;
  const int        width  = CN_FACE_MIN_WIDTH;
  const int        height = CN_FACE_MIN_HEIGHT;
  for (int list = CN_LIST_PRESETS; list < (int)cn_n_controls; ++list) {
    cn_touched_panel(host)->list = list;
    const size_t n               = list == CN_PANEL_NONE ? 0 : cn_panel_n_entries(cn_touched_panel(host));
    uint64_t     found           = 0;
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
test_every_control_lies_in_the_window(void** state)
{
  (void)state;
  for (int width = CN_FACE_MIN_WIDTH; width < 2600; width += 97) {
    for (int height = CN_FACE_MIN_HEIGHT; height < 1500; height += 53) {
      const double       fit    = cn_face_fit(width, height);
      const CnFaceLayout layout = cn_face_layout(width / fit, height / fit);
      assert_true(fit <= 1.0 && fit > 0.5);
      assert_true(layout.roll.height >= 149.0);
      for (size_t i = 0; i < cn_n_controls; ++i) {
        const CnBox cell = cn_panel_place(&layout.panel, (int)i);
        assert_true(cell.x + cell.width <= width / fit && cell.y >= layout.roll.y + layout.roll.height);
        assert_true(cell.y + cell.height <= height / fit);
      }
    }
  }
  assert_true(cn_face_fit(CN_FACE_WIDTH, CN_FACE_HEIGHT) == 1.0);
}

static void
test_a_preset_sets_its_controls(void** state)
{
  CnTouched* const host                                                   = *state;
  cn_touched_panel(host)->values[cn_control_of_port(CN_PORT_TEMPERATURE)] = 1.5F;
  cn_touched_panel(host)->list                                            = CN_LIST_PRESETS;
  cn_touched_choose(host, 0);
  assert_int_equal(cn_touched_panel(host)->preset, 0);
  assert_true(fabsf(host->values[CN_PORT_TEMPERATURE] - 0.9F) < 1e-6F);
}

static void
test_panic_is_one_click(void** state)
{
  CnTouched* const   host   = *state;
  const CnFaceLayout layout = cn_touched_layout();
  cn_touch_press(&host->touch, layout.panic.x + 5.0, layout.panic.y + 5.0, 1000);
  assert_int_equal(host->n_panics, 1);
}

static void
test_model_and_phrase_are_asked_for(void** state)
{
  CnTouched* const   host   = *state;
  const CnFaceLayout layout = cn_touched_layout();
  cn_touch_press(&host->touch, layout.model.x + 5.0, layout.model.y + 5.0, 1000);
  assert_int_equal(host->n_models, 1);
  cn_touch_press(&host->touch, layout.model.x + 5.0, layout.model.y - 5.0, 3000);
  assert_int_equal(host->n_models, 1);
  cn_touch_press(&host->touch, layout.phrase.x + 5.0, layout.phrase.y + 5.0, 5000);
  assert_int_equal(host->n_phrases, 1);
}

static void
test_the_roll_scrolls_zooms_and_comes_back(void** state)
{
  CnTouched* const   host   = *state;
  CnFace* const      face   = host->touch.face;
  const CnFaceLayout layout = cn_touched_layout();
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

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CN_TOUCHED_TEST(test_a_click_turns_a_switch),
      CN_TOUCHED_TEST(test_a_trigger_goes_back_by_itself),
      CN_TOUCHED_TEST(test_a_knob_is_dragged_as_far_as_it_goes),
      CN_TOUCHED_TEST(test_a_button_that_is_lost_lets_go),
      CN_TOUCHED_TEST(test_a_double_click_sets_the_default),
      CN_TOUCHED_TEST(test_a_list_chooses_and_closes),
      CN_TOUCHED_TEST(test_every_list_lies_in_the_window),
      cmocka_unit_test(test_every_control_lies_in_the_window),
      CN_TOUCHED_TEST(test_a_preset_sets_its_controls),
      CN_TOUCHED_TEST(test_panic_is_one_click),
      CN_TOUCHED_TEST(test_model_and_phrase_are_asked_for),
      CN_TOUCHED_TEST(test_the_roll_scrolls_zooms_and_comes_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
