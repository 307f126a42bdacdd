// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_turn.c
   What the window says: whose turn it is, and before that what hinders it.
*/

#include "tests/support/pixels.h"
#include "tests/window/face_example.h"

#include "dsp/play/notices.h"
#include "plugin/draw/turn.h"

#include <cairo.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// As in CnModelStatus
enum { PLAYS, REFUSED, NONE };

static CnTurn
turn_of(CnFace* const face, const unsigned status, const unsigned notice)
{
  face->scene.state.status = (uint16_t)status;
  face->scene.state.notice = (uint16_t)notice;
  return cn_turn(&face->scene, face->tick, true, false);
}

static void
test_every_notice_is_said_in_words(void** state)
{
  CnFace* const face  = *state;
  const CnTurn  plain = turn_of(face, PLAYS, CN_NOTICE_NONE);
  assert_false(plain.warns);
  for (unsigned i = CN_NOTICE_NONE + 1; i < CN_N_NOTICES; ++i) {
    const CnTurn turn = turn_of(face, PLAYS, i);
    assert_true(turn.warns);
    assert_true(strlen(turn.detail) > 20);
    assert_string_equal(turn.detail, cn_notice_text((CnNotice)i));
    assert_string_equal(turn.headline, plain.headline); // It is still told whose turn it is
  }
}

static void
test_what_hinders_goes_before_a_refused_model_and_limits_after(void** state)
{
  CnFace* const face = *state;
  assert_non_null(strstr(turn_of(face, REFUSED, CN_NOTICE_NONE).detail, "refused"));
  assert_non_null(strstr(turn_of(face, REFUSED, CN_NOTICE_STANDS).detail, "start it"));
  assert_non_null(strstr(turn_of(face, REFUSED, CN_NOTICE_METRES).detail, "refused"));
  assert_non_null(strstr(turn_of(face, NONE, CN_NOTICE_STANDS).detail, "your notes pass through"));
}

static void
test_before_the_plugin_has_told_anything_nothing_is_wrong(void** state)
{
  CnFace* const face    = *state;
  face->scene.has_state = false;
  assert_false(turn_of(face, REFUSED, CN_NOTICE_STANDS).warns);
}

static void
test_a_rest_between_two_notes_is_no_change_of_turn(void** state)
{
  CnFace* const face  = *state;
  uint32_t*     flags = &face->scene.state.flags;
  assert_int_equal(turn_of(face, PLAYS, CN_NOTICE_NONE).kind, CN_TURN_PLAYS);
  *flags &= ~(uint32_t)CN_WIRE_PLAYING;
  assert_int_equal(turn_of(face, PLAYS, CN_NOTICE_NONE).kind, CN_TURN_PLAYS);
  *flags |= CN_WIRE_HEARS;
  assert_int_equal(turn_of(face, PLAYS, CN_NOTICE_NONE).kind, CN_TURN_ENTERS);
  *flags &= ~(uint32_t)CN_WIRE_HEARS;
  face->tick = 900.0; // In the phrase, before the first note of Continuo's
  assert_int_equal(turn_of(face, PLAYS, CN_NOTICE_NONE).kind, CN_TURN_ENTERS);
  face->tick = 1092.0;
  memset(face->scene.layers[CN_LAYER_OWN], 0, sizeof(face->scene.layers[CN_LAYER_OWN]));
  assert_int_equal(turn_of(face, PLAYS, CN_NOTICE_NONE).kind, CN_TURN_ENTERS);
}

/// Number of pixels in the color of warnings, of the part that says whose turn it is
static unsigned
count_warning_pixels(const CnFace* const face, const CnTurn* const turn)
{
  const CnBox            box  = {0.0, 0.0, 900.0, 100.0};
  cairo_surface_t* const page = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 900, 100);
  cairo_t* const         cr   = cairo_create(page);
  cn_turn_draw(cr, &face->theme, &box, &face->scene, turn, face->tick);
  cairo_surface_flush(page);
  const unsigned n = cn_pixel_count(page, face->theme.warns);
  cairo_destroy(cr);
  cairo_surface_destroy(page);
  return n;
}

static void
test_what_is_wrong_is_painted_as_a_warning(void** state)
{
  CnFace* const face  = *state;
  const CnTurn  plain = turn_of(face, PLAYS, CN_NOTICE_NONE);
  const CnTurn  wrong = turn_of(face, PLAYS, CN_NOTICE_STANDS);
  assert_int_equal(count_warning_pixels(face, &plain), 0);
  assert_true(count_warning_pixels(face, &wrong) > 100);
}

static void
test_loads_that_are_none_are_drawn_in_the_room_there_is(void** state)
{
  CnFace* const face            = *state;
  face->scene.state.late        = 7;
  face->scene.state.audio_load  = 3e38F;
  face->scene.state.engine_load = -3e38F;
  const CnTurn turn             = turn_of(face, PLAYS, CN_NOTICE_NONE);
  assert_true(count_warning_pixels(face, &turn) > 0);
}

static int
set_up(void** state)
{
  *state = cn_face_example(true);
  return *state ? 0 : -1;
}

static int
tear_down(void** state)
{
  free(*state);
  return 0;
}

#define TURN_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TURN_TEST(test_every_notice_is_said_in_words),
      TURN_TEST(test_what_hinders_goes_before_a_refused_model_and_limits_after),
      TURN_TEST(test_a_rest_between_two_notes_is_no_change_of_turn),
      TURN_TEST(test_what_is_wrong_is_painted_as_a_warning),
      TURN_TEST(test_loads_that_are_none_are_drawn_in_the_room_there_is),
      TURN_TEST(test_before_the_plugin_has_told_anything_nothing_is_wrong),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
