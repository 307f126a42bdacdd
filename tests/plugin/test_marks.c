// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_marks.c
   Bars are marked with Shift, saved, and dragged away; all else that mouse and keyboard did to the roll
   stays as it was.
*/

#include "tests/window/touched.h"

#include "plugin/touch/bars.h"
#include "plugin/touch/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define Y 200.0 ///< [units] Among the notes

static double
middle_of(const CnTouched* const host, const int32_t bar)
{
  const CnBox place = cn_touched_bar(host, bar);
  return place.x + 0.5 * place.width;
}

/// Pull from the middle of a bar to that of another
static void
pull(CnTouched* const host, const int32_t from, const int32_t to, const bool shifted)
{
  const double x = middle_of(host, from);
  const double z = middle_of(host, to);
  cn_touch_move(&host->touch, x, Y, shifted);
  cn_touch_press(&host->touch, x, Y, host->time += 1000);
  cn_touch_move(&host->touch, x + 1.0, Y, shifted);
  cn_touch_move(&host->touch, 0.5 * (x + z), from == to ? Y : Y + 10.0,
                shifted); // Else a hand that shakes a little
  cn_touch_move(&host->touch, z, Y, shifted);
  cn_touch_release(&host->touch);
}

static void
test_shift_marks_bars_either_way(void** state)
{
  CnTouched* const host = *state;
  CnFace* const    face = host->touch.face;
  cn_touched_show_bars(host);
  pull(host, 9, 12, true);
  assert_true(face->mark.is_set);
  assert_false(cn_face_is_marked(face, 8));
  assert_true(cn_face_is_marked(face, 9) && cn_face_is_marked(face, 12));
  assert_false(cn_face_is_marked(face, 13));
  assert_true(face->back == 0.0);
  assert_int_equal(face->panel.list, CN_PANEL_NONE);
  pull(host, 14, 13, true);
  assert_true(cn_face_is_marked(face, 13) && cn_face_is_marked(face, 14));
  assert_false(cn_face_is_marked(face, 12) || cn_face_is_marked(face, 15));
  assert_int_equal(host->n_drags, 0);
}

static void
test_marked_bars_are_dragged_and_others_scroll(void** state)
{
  CnTouched* const host = *state;
  CnFace* const    face = host->touch.face;
  cn_touched_show_bars(host);
  pull(host, 9, 10, true);
  pull(host, 10, 12, false);
  assert_int_equal(host->n_drags, 1);
  assert_true(face->back == 0.0);
  assert_true(face->mark.is_set);
  pull(host, 12, 14, false);
  assert_int_equal(host->n_drags, 1);
  assert_true(face->back > 0.0);
  assert_true(face->mark.is_set);
}

static void
test_a_click_opens_the_list_and_elsewhere_ends_the_mark(void** state)
{
  CnTouched* const host = *state;
  CnFace* const    face = host->touch.face;
  cn_touched_show_bars(host);
  pull(host, 9, 12, true);
  pull(host, 10, 10, false);
  assert_int_equal(face->panel.list, CN_LIST_BAR);
  assert_true(face->mark.is_set);
  assert_int_equal(host->n_drags, 0);
  cn_keys_press(&host->touch, CN_KEYS_ESCAPE, 0);
  pull(host, 14, 14, true);
  assert_int_equal(face->panel.list, CN_LIST_BAR);
  assert_false(face->mark.is_set);
}

static void
test_nothing_is_marked_before_anything_is_known(void** state)
{
  CnTouched* const host = *state;
  cn_touch_press(&host->touch, 300.0, Y, 1000);
  cn_touch_move(&host->touch, 500.0, Y, true);
  cn_touch_release(&host->touch);
  assert_false(host->touch.face->mark.is_set);
  cn_touched_show_bars(host);
  host->touch.face->scene.state.bar        = (CnBar){0, 96};
  host->touch.face->scene.state.bar_number = 0;
  host->touch.face->tick                   = 0.0;
  pull(host, -3, 1, true); // What is before bar 1 is none
  assert_int_equal(host->touch.face->mark.first, 0);
  assert_int_equal(host->touch.face->mark.last, 1);
}

static void
test_the_button_saves_by_mouse_and_keyboard(void** state)
{
  CnTouched* const   host   = *state;
  const CnFaceLayout layout = cn_touched_layout();
  const double       x      = layout.save.x + 10.0;
  const double       y      = layout.save.y + 10.0;
  cn_touch_press(&host->touch, x, y, 1000);
  cn_touch_release(&host->touch);
  assert_int_equal(host->n_saves, 1);
  assert_int_equal(host->n_panics, 0);
  assert_true(cn_keys_press(&host->touch, CN_KEYS_ENTER, 0));
  assert_int_equal(host->n_saves, 2);
}

static void
test_the_keyboard_marks_bars(void** state)
{
  CnTouched* const host = *state;
  CnFace* const    face = host->touch.face;
  cn_touched_show_bars(host);
  cn_keys_choose(&host->touch, (CnSpot){CN_SPOT_ROLL, 0});
  cn_bars_go(&host->touch, 0);
  const int32_t bar = face->panel.bar;
  assert_true(cn_keys_press(&host->touch, CN_KEYS_TEXT, 'm'));
  assert_true(cn_face_is_marked(face, bar));
  cn_keys_press(&host->touch, CN_KEYS_RIGHT, 0);
  cn_keys_press(&host->touch, CN_KEYS_RIGHT, 0);
  cn_keys_press(&host->touch, CN_KEYS_TEXT, 'm');
  assert_true(cn_face_is_marked(face, bar + 1) && cn_face_is_marked(face, bar + 2));
  cn_keys_press(&host->touch, CN_KEYS_TEXT, 'm');
  assert_false(face->mark.is_set);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CN_TOUCHED_TEST(test_shift_marks_bars_either_way),
      CN_TOUCHED_TEST(test_marked_bars_are_dragged_and_others_scroll),
      CN_TOUCHED_TEST(test_a_click_opens_the_list_and_elsewhere_ends_the_mark),
      CN_TOUCHED_TEST(test_nothing_is_marked_before_anything_is_known),
      CN_TOUCHED_TEST(test_the_button_saves_by_mouse_and_keyboard),
      CN_TOUCHED_TEST(test_the_keyboard_marks_bars),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
