// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_bars.c
   What the mouse does to bars of the roll, and to their chords.
*/

#include "tests/window/touched.h"

#include "plugin/draw/tray.h"
#include "plugin/touch/bars.h"

#include "dsp/music/chord.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/// Choose a line of the open list
static void
choose(CnTouched* const host, const CnBox* const list, const CnBarDo what)
{
  const double x = list->x + 20.0;
  const double y = list->y + 4.0 + 22.0 * (double)what + 11.0;
  cn_touch_press(&host->touch, x, y, host->time += 1000);
  cn_touch_release(&host->touch);
  assert_int_equal(host->touch.face->panel.list, CN_PANEL_NONE);
}

static void
test_a_click_on_a_bar_keeps_rerolls_and_clears_it(void** state)
{
  CnTouched* const host = *state;
  cn_touched_show_bars(host);
  CnBox list = cn_touched_click_bar(host, 0.36); // Just after the playhead
  choose(host, &list, CN_BAR_DO_KEEP);
  assert_int_equal(host->sheet.n_bars, 1);
  assert_int_equal(cn_sheet_read(&host->sheet, 10).stands, CN_BAR_KEPT);
  list = cn_touched_click_bar(host, 0.36);
  choose(host, &list, CN_BAR_DO_ANOTHER);
  assert_int_equal(cn_sheet_read(&host->sheet, 10).another, 1);
  assert_int_equal(cn_sheet_read(&host->sheet, 10).stands, CN_BAR_FREE);
  list = cn_touched_click_bar(host, 0.6); // A coming one
  choose(host, &list, CN_BAR_DO_REST);
  assert_int_equal(host->sheet.n_bars, 2);
  assert_true(host->sheet.bars[1].bar > 10);
  assert_int_equal(host->sheet.bars[1].stands, CN_BAR_RESTS);
  list = cn_touched_click_bar(host, 0.6);
  choose(host, &list, CN_BAR_DO_FREE);
  assert_int_equal(host->sheet.n_bars, 1);
  list = cn_touched_click_bar(host, 0.2); // A past one
  choose(host, &list, CN_BAR_DO_UNDO);
  assert_int_equal(host->n_undos, 1);
  assert_int_equal(host->sheet.n_bars, 1);
}

/// What is done to a marked bar is done to all of them, at once; a chord is its own
static void
test_marked_bars_are_revised_together(void** state)
{
  CnTouched* const host = *state;
  CnFace* const    face = host->touch.face;
  cn_touched_show_bars(host);
  face->mark = (CnMark){true, 12, 9}; // Backwards
  for (unsigned i = 1; i <= 2; ++i) {
    face->panel.bar = 10;
    cn_bars_revise(&host->touch, CN_BAR_DO_ANOTHER);
    assert_int_equal(host->n_writes, i);
    assert_int_equal(host->sheet.n_bars, 4);
    for (int32_t bar = 9; bar <= 12; ++bar) {
      assert_int_equal(cn_sheet_read(&host->sheet, bar).another, i);
    }
  }
  strcpy(face->panel.typed, "Am");
  cn_bars_revise(&host->touch, CN_BAR_DO_CHORD);
  assert_int_not_equal(cn_sheet_read(&host->sheet, 10).chord, CN_CHORD_NONE);
  assert_int_equal(cn_sheet_read(&host->sheet, 11).chord, CN_CHORD_NONE);
  cn_bars_revise(&host->touch, CN_BAR_DO_FREE);
  assert_int_equal(host->sheet.n_bars, 1); // The chord stays
  face->panel.bar = 13;                    // Beside the mark
  cn_bars_revise(&host->touch, CN_BAR_DO_KEEP);
  assert_int_equal(host->sheet.n_bars, 2);
}

/// More than a sheet has room for is not done to a part of them
static void
test_too_many_marked_bars_stay_as_they_are(void** state)
{
  CnTouched* const host = *state;
  CnFace* const    face = host->touch.face;
  cn_touched_show_bars(host);
  face->mark      = (CnMark){true, 0, CN_SHEET_BARS};
  face->panel.bar = 3;
  cn_bars_revise(&host->touch, CN_BAR_DO_KEEP);
  assert_int_equal(host->n_writes, 0);
  assert_int_equal(face->scene.sheet.n_bars, 0);
}

static void
test_a_drag_scrolls_and_opens_no_bar(void** state)
{
  CnTouched* const   host   = *state;
  const CnFaceLayout layout = cn_touched_layout();
  cn_touched_show_bars(host);
  cn_touch_press(&host->touch, layout.roll.x + 200.0, layout.roll.y + 100.0, host->time += 1000);
  cn_touch_move(&host->touch, layout.roll.x + 300.0, layout.roll.y + 100.0, false);
  cn_touch_release(&host->touch);
  assert_int_equal(host->touch.face->panel.list, CN_PANEL_NONE);
  assert_true(host->touch.face->back > 0.0);
}

/// Press at a place, move to another by way of the middle, and let go there
static void
drag_to(CnTouched* const host, const CnBox* const from, const double x, const double y, const bool with_shift)
{
  const double left = from->x + 0.5 * from->width;
  const double top  = from->y + 0.5 * from->height;
  cn_touch_press(&host->touch, left, top, host->time += 1000);
  cn_touch_move(&host->touch, 0.5 * (left + x), 0.5 * (top + y), with_shift);
  cn_touch_move(&host->touch, x, y, with_shift);
  cn_touch_release(&host->touch);
  assert_int_equal(host->touch.face->carried.chord, CN_CHORD_NONE);
}

static void
drag_chord(CnTouched* const host, const int index, const int32_t bar)
{
  const CnFaceLayout layout = cn_touched_layout();
  const CnBox        chord  = cn_tray_place(&layout.tray, index);
  const CnBox        onto   = cn_touched_bar(host, bar);
  drag_to(host, &chord, onto.x + 10.0, onto.y + 80.0, false);
}

/// Where the chord of a bar can be taken
static CnBox
grip_of(const CnTouched* const host, const int32_t bar)
{
  const CnBox place = cn_touched_bar(host, bar);
  return (CnBox){place.x, place.y, place.width, CN_ROLL_RULER};
}

static void
test_a_chord_of_the_tray_is_dragged_onto_a_bar(void** state)
{
  CnTouched* const host = *state;
  cn_touched_show_bars(host);
  drag_chord(host, 5, 12); // Of no key that is known: C major
  assert_int_equal(host->sheet.n_bars, 1);
  assert_int_equal(cn_sheet_read(&host->sheet, 12).chord, cn_chord_parse("G7"));
  host->touch.face->scene.state.key = 1 + 12 + 9; // A minor
  drag_chord(host, 5, 9);
  assert_int_equal(cn_sheet_read(&host->sheet, 9).chord, cn_chord_parse("E7"));
  drag_chord(host, 0, 9);
  assert_int_equal(cn_sheet_read(&host->sheet, 9).chord, cn_chord_parse("Am"));
  cn_touched_panel(host)->values[cn_control_of_port(CN_PORT_SCALE)] =
      1.0F; // D major goes before what is heard
  cn_touched_panel(host)->values[cn_control_of_port(CN_PORT_ROOT)] = 2.0F;
  assert_int_equal(cn_tray_key(&host->touch.face->scene, cn_touched_panel(host)), 2);
  drag_chord(host, 4, 9);
  assert_int_equal(cn_sheet_read(&host->sheet, 9).chord, cn_chord_parse("A"));
  assert_int_equal(host->sheet.n_bars, 2);
}

static void
test_every_key_has_eight_chords(void** state)
{
  (void)state;
  for (int key = 0; key < 24; ++key) {
    for (int i = 0; i < CN_TRAY_CHORDS; ++i) {
      assert_true(cn_chord_is_valid(cn_tray_chord(key, i)));
      for (int other = 0; other < i; ++other) {
        assert_int_not_equal(cn_tray_chord(key, i), cn_tray_chord(key, other));
      }
    }
  }
}

static void
test_a_chord_beside_the_roll_is_nobodys(void** state)
{
  CnTouched* const   host   = *state;
  const CnFaceLayout layout = cn_touched_layout();
  const CnBox        chord  = cn_tray_place(&layout.tray, 0);
  cn_touched_show_bars(host);
  drag_to(host, &chord, layout.panel.x + 40.0, layout.panel.y + 40.0, false);
  assert_int_equal(host->n_writes, 0);
  cn_touch_press(&host->touch, chord.x + 5.0, chord.y + 5.0, host->time += 1000); // No drag
  cn_touch_release(&host->touch);
  assert_int_equal(host->n_writes, 0);
}

static void
test_a_bars_chord_is_dragged_to_another_bar(void** state)
{
  CnTouched* const host = *state;
  cn_touched_show_bars(host);
  assert_true(cn_scene_read_sheet(&host->touch.face->scene, "11:Am7 11:keep 13:F"));
  CnBox grip = grip_of(host, 10); // Bars count from 0 here
  CnBox onto = cn_touched_bar(host, 13);
  drag_to(host, &grip, onto.x + 5.0, onto.y + 5.0, false);
  assert_int_equal(cn_sheet_read(&host->sheet, 13).chord, cn_chord_parse("Am7"));
  assert_int_equal(cn_sheet_read(&host->sheet, 10).chord, CN_CHORD_NONE);
  assert_int_equal(cn_sheet_read(&host->sheet, 10).stands, CN_BAR_KEPT); // It goes by itself
  assert_int_equal(host->n_writes, 1);                                   // One edit, to be taken back at once
  grip = grip_of(host, 12);
  onto = cn_touched_bar(host, 14);
  drag_to(host, &grip, onto.x + 5.0, onto.y + 5.0, true); // With Shift it stays there, too
  assert_int_equal(cn_sheet_read(&host->sheet, 14).chord, cn_chord_parse("F"));
  assert_int_equal(cn_sheet_read(&host->sheet, 12).chord, cn_chord_parse("F"));
  onto = cn_touched_bar(host, 12);
  drag_to(host, &grip, onto.x + 30.0, onto.y + 60.0, false); // Back to where it was
  assert_int_equal(host->n_writes, 2);
  drag_to(host, &grip, 300.0, CN_TOUCHED_HEIGHT - 100.0, false); // Off the roll
  assert_int_equal(cn_sheet_read(&host->sheet, 12).chord, CN_CHORD_NONE);
}

static void
test_a_bar_without_a_chord_scrolls_where_chords_are(void** state)
{
  CnTouched* const host = *state;
  cn_touched_show_bars(host);
  const CnBox grip = grip_of(host, 10);
  drag_to(host, &grip, grip.x + 300.0, grip.y + 5.0, false);
  assert_int_equal(host->n_writes, 0);
  assert_true(host->touch.face->back > 0.0);
}

static void
test_a_click_on_a_chord_lists_what_can_be_done(void** state)
{
  CnTouched* const host = *state;
  cn_touched_show_bars(host);
  assert_true(cn_scene_read_sheet(&host->touch.face->scene, "11:Am7"));
  const CnBox grip = grip_of(host, 10);
  cn_touch_press(&host->touch, grip.x + 30.0, grip.y + 8.0, host->time += 1000);
  cn_touch_release(&host->touch);
  assert_int_equal(cn_touched_panel(host)->list, CN_LIST_BAR);
  cn_touched_choose(host, CN_BAR_DO_CHORD); // Nothing is typed: none
  assert_int_equal(host->sheet.n_bars, 0);
  assert_int_equal(host->n_writes, 1);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CN_TOUCHED_TEST(test_a_click_on_a_bar_keeps_rerolls_and_clears_it),
      CN_TOUCHED_TEST(test_marked_bars_are_revised_together),
      CN_TOUCHED_TEST(test_too_many_marked_bars_stay_as_they_are),
      CN_TOUCHED_TEST(test_a_drag_scrolls_and_opens_no_bar),
      CN_TOUCHED_TEST(test_a_chord_of_the_tray_is_dragged_onto_a_bar),
      cmocka_unit_test(test_every_key_has_eight_chords),
      CN_TOUCHED_TEST(test_a_chord_beside_the_roll_is_nobodys),
      CN_TOUCHED_TEST(test_a_bars_chord_is_dragged_to_another_bar),
      CN_TOUCHED_TEST(test_a_bar_without_a_chord_scrolls_where_chords_are),
      CN_TOUCHED_TEST(test_a_click_on_a_chord_lists_what_can_be_done),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
