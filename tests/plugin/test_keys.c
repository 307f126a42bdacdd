// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_keys.c
   What the keyboard does to the window, and what it leaves to the host.
*/

#include "tests/window/touched.h"

#include "plugin/touch/keys.h"

#include "dsp/music/chord.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool
key(CnTouched* const host, const CnKeys key)
{
  return cn_keys_press(&host->touch, key, 0);
}

static bool
letter(CnTouched* const host, const char letter)
{
  return cn_keys_press(&host->touch, CN_KEYS_TEXT, letter);
}

static void
type(CnTouched* const host, const char* text)
{
  for (; *text; ++text) {
    assert_true(letter(host, *text));
  }
  assert_true(key(host, CN_KEYS_ENTER));
}

static void
test_keys_are_the_hosts_until_a_control_is_clicked(void** state)
{
  CnTouched* const host = *state;
  assert_false(letter(host, '5'));
  assert_false(key(host, CN_KEYS_UP));
  cn_touched_click(host, CN_PORT_TEMPERATURE);
  assert_false(letter(host, ' ')); // Roll, stop
  assert_false(letter(host, 'r')); // It has no names
  assert_true(letter(host, '1'));
  assert_true(key(host, CN_KEYS_ESCAPE)); // What was typed
  assert_true(key(host, CN_KEYS_ESCAPE)); // The control
  assert_false(key(host, CN_KEYS_UP));
}

static void
test_values_are_typed_as_numbers_names_and_keys(void** state)
{
  CnTouched* const host = *state;
  cn_touched_click(host, CN_PORT_TEMPERATURE);
  type(host, "1.25");
  assert_true(host->values[CN_PORT_TEMPERATURE] == 1.25F);
  cn_touched_click(host, CN_PORT_TAKE);
  type(host, "5000");
  assert_true(host->values[CN_PORT_TAKE] == 999.0F);
  cn_touched_click(host, CN_PORT_HOLD);
  type(host, "0.3"); // To the plugin it is on above 0
  assert_true(host->values[CN_PORT_HOLD] == 1.0F);
  type(host, "off");
  assert_true(host->values[CN_PORT_HOLD] == 0.0F);
  type(host, "0.3");
  assert_true(host->values[CN_PORT_HOLD] == 1.0F);
  cn_touched_click(host, CN_PORT_LOWEST);
  type(host, "F#3");
  assert_true(host->values[CN_PORT_LOWEST] == 54.0F);
  cn_touched_click(host, CN_PORT_SCALE);
  key(host, CN_KEYS_ESCAPE); // The list
  type(host, "dori");
  assert_true(host->values[CN_PORT_SCALE] == 5.0F);
}

static void
test_nonsense_that_is_typed_changes_nothing(void** state)
{
  CnTouched* const host = *state;
  cn_touched_click(host, CN_PORT_LOWEST);
  const unsigned n = host->n_changes;
  type(host, "H9");
  assert_int_equal(host->n_changes, n);
}

static void
test_the_tab_key_goes_as_one_reads(void** state)
{
  CnTouched* const   host   = *state;
  const CnFaceLayout layout = cn_touched_layout();
  cn_touched_click(host, CN_PORT_PLAY); // The first of all controls
  CnBox before = cn_panel_place(&layout.panel, cn_touched_panel(host)->chosen.index);
  for (size_t i = 1; i < cn_n_controls; ++i) {
    assert_true(key(host, CN_KEYS_NEXT));
    const CnBox place = cn_panel_place(&layout.panel, cn_touched_panel(host)->chosen.index);
    assert_true(place.y > before.y || (place.y == before.y && place.x > before.x));
    before = place;
  }
}

static void
test_every_control_is_reached_and_turned_by_keys(void** state)
{
  CnTouched* const host = *state;
  cn_touched_click(host, CN_PORT_TEMPERATURE);
  bool reached[CN_N_PORTS] = {false};
  for (size_t i = 0; i < cn_n_controls + 6; ++i) { // The roll and five buttons are on the way
    assert_true(key(host, CN_KEYS_NEXT));
    if (cn_touched_panel(host)->chosen.kind != CN_SPOT_CONTROL) {
      continue;
    }
    const CnControl* const control = &cn_controls[cn_touched_panel(host)->chosen.index];
    const unsigned         n       = host->n_changes;
    key(host, control->is_trigger ? CN_KEYS_ENTER : CN_KEYS_UP);
    key(host, CN_KEYS_DOWN);
    assert_true(host->n_changes > n);
    reached[control->port] = true;
  }
  for (size_t i = 0; i < cn_n_controls; ++i) {
    assert_true(reached[cn_controls[i].port]);
  }
}

static void
test_a_chord_is_typed_onto_a_bar(void** state)
{
  CnTouched* const host = *state;
  cn_touched_show_bars(host);
  cn_touched_click_bar(host, 0.36);
  for (const char* text = "Am7x"; *text; ++text) {
    assert_true(letter(host, *text));
  }
  assert_true(key(host, CN_KEYS_ERASE));
  assert_false(letter(host, ' ')); // The host's
  assert_true(key(host, CN_KEYS_ENTER));
  assert_int_equal(cn_sheet_read(&host->sheet, 10).chord, cn_chord_parse("Am7"));
  assert_int_equal(host->touch.face->panel.list, CN_PANEL_NONE);
  cn_touched_click_bar(host, 0.36);
  cn_touched_choose(host, CN_BAR_DO_CHORD); // Nothing is typed: none
  assert_int_equal(host->sheet.n_bars, 0);
}

/// Click a bar, and close its list
static void
go_to_bar(CnTouched* const host, const double share)
{
  cn_touched_show_bars(host);
  cn_touched_click_bar(host, share);
  assert_true(key(host, CN_KEYS_ESCAPE));
  assert_int_equal(cn_touched_panel(host)->list, CN_PANEL_NONE);
}

static void
test_bars_are_revised_by_letters(void** state)
{
  CnTouched* const host = *state;
  go_to_bar(host, 0.36);
  assert_int_equal(cn_touched_panel(host)->bar, 10);
  assert_true(letter(host, 'k'));
  assert_int_equal(cn_sheet_read(&host->sheet, 10).stands, CN_BAR_KEPT);
  assert_true(key(host, CN_KEYS_RIGHT));
  assert_true(letter(host, 'r'));
  assert_int_equal(cn_sheet_read(&host->sheet, 11).stands, CN_BAR_RESTS);
  assert_true(letter(host, 'n'));
  assert_int_equal(cn_sheet_read(&host->sheet, 11).another, 1);
  assert_true(letter(host, 'f'));
  assert_int_equal(host->sheet.n_bars, 1);
  assert_true(letter(host, 'u'));
  assert_int_equal(host->n_undos, 1);
  assert_true(letter(host, 'A')); // A capital begins a chord
  assert_true(letter(host, 'm'));
  assert_true(letter(host, '7'));
  assert_false(letter(host, ' ')); // The host's, even now
  assert_true(key(host, CN_KEYS_ENTER));
  assert_int_equal(cn_sheet_read(&host->sheet, 11).chord, cn_chord_parse("Am7"));
  assert_true(key(host, CN_KEYS_ERASE));
  assert_int_equal(cn_sheet_read(&host->sheet, 11).chord, CN_CHORD_NONE);
  assert_false(letter(host, ' '));
  assert_false(letter(host, 'x'));
}

static void
test_a_bars_list_is_worked_by_keys(void** state)
{
  CnTouched* const host = *state;
  go_to_bar(host, 0.36);
  for (int what = 0; what < CN_N_BAR_DOS; ++what) {
    assert_true(key(host, CN_KEYS_ENTER));
    assert_int_equal(cn_touched_panel(host)->list, CN_LIST_BAR);
    for (int i = 0; i <= what; ++i) {
      assert_true(key(host, CN_KEYS_DOWN));
    }
    assert_int_equal(cn_touched_panel(host)->entry, what);
    const unsigned n = host->n_writes + host->n_undos;
    assert_true(key(host, CN_KEYS_ENTER));
    assert_int_equal(cn_touched_panel(host)->list, CN_PANEL_NONE);
    assert_int_equal(host->n_writes + host->n_undos, n + 1);
  }
}

static void
test_what_was_typed_goes_with_its_list(void** state)
{
  CnTouched* const host = *state;
  go_to_bar(host, 0.36);
  assert_true(letter(host, 'C'));
  assert_true(key(host, CN_KEYS_ENTER));
  assert_int_equal(cn_sheet_read(&host->sheet, 10).chord, cn_chord_parse("C"));
  assert_true(letter(host, 'A'));
  assert_true(letter(host, 'm'));
  assert_true(key(host, CN_KEYS_ESCAPE));
  assert_string_equal(cn_touched_panel(host)->typed, "");
  assert_true(key(host, CN_KEYS_ERASE)); // No chord, not the one that was given up
  assert_int_equal(host->sheet.n_bars, 0);
  assert_true(letter(host, 'A'));
  cn_touched_choose(host, CN_BAR_DO_KEEP);
  assert_string_equal(cn_touched_panel(host)->typed, "");
}

/// In hosts Return may locate, and Delete remove what is selected
static void
test_an_open_list_keeps_return_and_delete_from_the_host(void** state)
{
  CnTouched* const host = *state;
  go_to_bar(host, 0.36);
  assert_true(key(host, CN_KEYS_ENTER));
  const unsigned n = host->n_writes;
  assert_true(key(host, CN_KEYS_ENTER));
  assert_true(letter(host, '='));
  assert_true(letter(host, 'C'));
  assert_true(key(host, CN_KEYS_ERASE));
  assert_true(key(host, CN_KEYS_ERASE));
  assert_int_equal(cn_touched_panel(host)->list, CN_LIST_BAR);
  assert_int_equal(host->n_writes, n);
}

/// While it plays the bar moves on, and may be seen no more
static void
test_the_list_is_of_the_bar_that_the_keyboard_is_at(void** state)
{
  CnTouched* const host = *state;
  go_to_bar(host, 0.36);
  for (int quarter = 0; quarter < 48; ++quarter) {
    host->touch.face->tick = (10 * 4 + quarter) * 24.0;
    assert_true(key(host, CN_KEYS_ENTER));
    assert_int_equal(cn_touched_panel(host)->list, CN_LIST_BAR);
    assert_int_equal(cn_touched_panel(host)->bar, 10);
    assert_true(key(host, CN_KEYS_ESCAPE));
    assert_true(letter(host, 'C'));
    assert_int_equal(cn_touched_panel(host)->bar, 10);
    assert_true(key(host, CN_KEYS_ESCAPE));
  }
}

static void
test_only_so_much_can_be_typed(void** state)
{
  CnTouched* const host = *state;
  go_to_bar(host, 0.36);
  for (size_t i = 0; i + 1 < CN_PANEL_TYPED; ++i) {
    assert_true(letter(host, 'C'));
    assert_int_equal(strlen(cn_touched_panel(host)->typed), i + 1);
  }
  assert_false(letter(host, 'C'));
  assert_int_equal(strlen(cn_touched_panel(host)->typed), CN_PANEL_TYPED - 1);
}

static void
test_the_roll_is_walked_and_turned_back_by_keys(void** state)
{
  CnTouched* const host = *state;
  CnFace* const    face = host->touch.face;
  go_to_bar(host, 0.36);
  for (int bar = 9; bar >= 0; --bar) {
    assert_true(key(host, CN_KEYS_LEFT));
    assert_int_equal(cn_touched_panel(host)->bar, bar);
    const CnBox place = cn_touched_bar(host, bar);
    assert_true(place.x > cn_touched_layout().roll.x); // Seen
  }
  assert_true(key(host, CN_KEYS_LEFT));
  assert_int_equal(cn_touched_panel(host)->bar, 0); // There are none before
  assert_true(face->back > 0.0);
  assert_true(key(host, CN_KEYS_HOME));
  assert_true(face->back == 0.0);
  assert_int_equal(cn_touched_panel(host)->bar, 10);
  assert_true(key(host, CN_KEYS_PAGE_UP));
  const double back = face->back;
  assert_true(back > 96.0);
  assert_true(key(host, CN_KEYS_PAGE_UP));
  assert_true(face->back > back);
  assert_true(key(host, CN_KEYS_PAGE_DOWN));
  assert_true(key(host, CN_KEYS_PAGE_DOWN));
  assert_true(face->back == 0.0);
  const double bars = face->bars;
  assert_true(key(host, CN_KEYS_UP));
  assert_true(face->bars < bars);
  assert_true(key(host, CN_KEYS_DOWN));
  for (int i = 0; i < 40; ++i) {
    assert_true(key(host, CN_KEYS_RIGHT)); // What is to come can be seen only so far
  }
  const CnBox place = cn_touched_bar(host, cn_touched_panel(host)->bar);
  assert_true(place.x < CN_TOUCHED_WIDTH);
}

static void
test_buttons_are_pressed_by_keys(void** state)
{
  CnTouched* const host = *state;
  cn_touched_click(host, CN_PORT_PLAY); // The first of all controls
  assert_true(key(host, CN_KEYS_PREVIOUS));
  assert_int_equal(cn_touched_panel(host)->chosen.kind, CN_SPOT_ROLL);
  assert_false(key(host, CN_KEYS_ENTER)); // It shows no bars yet
  assert_true(key(host, CN_KEYS_PREVIOUS));
  assert_true(key(host, CN_KEYS_ENTER));
  assert_int_equal(host->n_phrases, 1);
  assert_true(key(host, CN_KEYS_PREVIOUS));
  assert_true(key(host, CN_KEYS_ENTER));
  assert_int_equal(host->n_models, 1);
  assert_true(key(host, CN_KEYS_PREVIOUS));
  assert_false(letter(host, ' '));
  assert_int_equal(host->n_panics, 0);
  assert_true(key(host, CN_KEYS_ENTER));
  assert_int_equal(host->n_panics, 1);
  assert_true(key(host, CN_KEYS_PREVIOUS));
  assert_true(key(host, CN_KEYS_ENTER));
  assert_int_equal(host->n_saves, 1);
  assert_true(key(host, CN_KEYS_PREVIOUS));
  cn_touched_panel(host)->values[cn_control_of_port(CN_PORT_TEMPERATURE)] = 1.5F;
  assert_true(key(host, CN_KEYS_ENTER));
  assert_int_equal(cn_touched_panel(host)->list, CN_LIST_PRESETS);
  assert_true(key(host, CN_KEYS_RIGHT));
  assert_true(key(host, CN_KEYS_UP));
  assert_true(key(host, CN_KEYS_LEFT));
  assert_int_equal(cn_touched_panel(host)->entry, 0);
  assert_true(key(host, CN_KEYS_ENTER));
  assert_true(fabsf(host->values[CN_PORT_TEMPERATURE] - 0.9F) < 1e-6F);
  assert_true(key(host, CN_KEYS_ESCAPE));
  assert_false(key(host, CN_KEYS_NEXT)); // All is the host's again
}

/// Ardour keeps Tab, Return, Left, Right and Home for itself
static void
test_keys_that_hosts_keep_have_others_beside_them(void** state)
{
  CnTouched* const host = *state;
  go_to_bar(host, 0.36);
  assert_true(letter(host, ';'));
  assert_int_equal(cn_touched_panel(host)->bar, 9);
  assert_true(letter(host, '\''));
  assert_int_equal(cn_touched_panel(host)->bar, 10);
  assert_true(key(host, CN_KEYS_PAGE_UP));
  assert_true(letter(host, '0'));
  assert_true(host->touch.face->back == 0.0);
  assert_true(letter(host, 'C'));
  assert_true(letter(host, '='));
  assert_int_equal(cn_sheet_read(&host->sheet, 10).chord, cn_chord_parse("C"));
  assert_true(letter(host, ']'));
  assert_int_equal(cn_touched_panel(host)->chosen.kind, CN_SPOT_CONTROL);
  assert_true(letter(host, '['));
  assert_int_equal(cn_touched_panel(host)->chosen.kind, CN_SPOT_ROLL);
  cn_touched_click(host, CN_PORT_TEMPERATURE);
  for (const char* text = "1.25="; *text; ++text) {
    assert_true(letter(host, *text));
  }
  assert_true(host->values[CN_PORT_TEMPERATURE] == 1.25F);
}

static void
test_a_choice_is_listed_and_chosen_by_keys(void** state)
{
  CnTouched* const host = *state;
  cn_touched_click(host, CN_PORT_ANSWER_BARS);
  while (cn_touched_panel(host)->chosen.index != (int)cn_control_of_port(CN_PORT_SCALE)) {
    assert_true(key(host, CN_KEYS_NEXT));
  }
  assert_true(key(host, CN_KEYS_ENTER));
  assert_int_equal(cn_touched_panel(host)->list, (int)cn_control_of_port(CN_PORT_SCALE));
  assert_true(key(host, CN_KEYS_DOWN));
  assert_true(key(host, CN_KEYS_DOWN));
  assert_true(key(host, CN_KEYS_ENTER));
  assert_true(host->values[CN_PORT_SCALE] == 1.0F);
  assert_true(key(host, CN_KEYS_ENTER));
  assert_true(key(host, CN_KEYS_NEXT)); // Goes on, and closes it
  assert_int_equal(cn_touched_panel(host)->list, CN_PANEL_NONE);
}

static void
test_a_list_opens_with_no_line_pointed_at(void** state)
{
  CnTouched* const host = *state;
  cn_touched_click(host, CN_PORT_SCALE);
  assert_true(key(host, CN_KEYS_DOWN));
  assert_true(letter(host, 'D'));
  assert_true(key(host, CN_KEYS_ENTER));
  assert_int_equal(cn_touched_panel(host)->list, CN_PANEL_NONE);
  assert_true(host->values[CN_PORT_SCALE] == 5.0F); // Dorian
  assert_true(key(host, CN_KEYS_ENTER));
  assert_int_equal(cn_touched_panel(host)->list, (int)cn_control_of_port(CN_PORT_SCALE));
  assert_int_equal(cn_touched_panel(host)->entry, CN_PANEL_NONE);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CN_TOUCHED_TEST(test_keys_are_the_hosts_until_a_control_is_clicked),
      CN_TOUCHED_TEST(test_values_are_typed_as_numbers_names_and_keys),
      CN_TOUCHED_TEST(test_nonsense_that_is_typed_changes_nothing),
      CN_TOUCHED_TEST(test_the_tab_key_goes_as_one_reads),
      CN_TOUCHED_TEST(test_every_control_is_reached_and_turned_by_keys),
      CN_TOUCHED_TEST(test_a_chord_is_typed_onto_a_bar),
      CN_TOUCHED_TEST(test_bars_are_revised_by_letters),
      CN_TOUCHED_TEST(test_a_bars_list_is_worked_by_keys),
      CN_TOUCHED_TEST(test_what_was_typed_goes_with_its_list),
      CN_TOUCHED_TEST(test_an_open_list_keeps_return_and_delete_from_the_host),
      CN_TOUCHED_TEST(test_the_list_is_of_the_bar_that_the_keyboard_is_at),
      CN_TOUCHED_TEST(test_only_so_much_can_be_typed),
      CN_TOUCHED_TEST(test_the_roll_is_walked_and_turned_back_by_keys),
      CN_TOUCHED_TEST(test_buttons_are_pressed_by_keys),
      CN_TOUCHED_TEST(test_keys_that_hosts_keep_have_others_beside_them),
      CN_TOUCHED_TEST(test_a_choice_is_listed_and_chosen_by_keys),
      CN_TOUCHED_TEST(test_a_list_opens_with_no_line_pointed_at),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
