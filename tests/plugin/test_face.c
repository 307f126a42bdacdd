// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_face.c
   What the window shows, compared with golden pictures; tolerant of other fonts, as these differ.

   Their controls are those of face_controls.c, so that a new control of the plugin changes no picture.
   CN_GOLDEN=write writes the pictures anew, after they have been looked at.
*/

#include "tests/support/pixels.h"
#include "tests/window/face_example.h"

#include "plugin/lv2/ports.h"

#include <cairo.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SHRINK 3        ///< A golden pixel is the mean of so many by so many
#define TOLERANCE 40    ///< Of 255, by which few of its channels may be off
#define N_OFF 400       ///< So many of the roll, which has only the numbers of bars in letters
#define N_OFF_TEXT 8000 ///< So many of all else, of some 160000

static cairo_surface_t*
draw(const CnFace* const face, const int width, const int height)
{
  cairo_surface_t* const page = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  cairo_t* const         cr   = cairo_create(page);
  cn_face_draw(cr, face, width, height);
  assert_int_equal(cairo_status(cr), CAIRO_STATUS_SUCCESS); // Else the rest is missing
  cairo_destroy(cr);
  cairo_surface_flush(page);
  return page;
}

static unsigned
channel(cairo_surface_t* const surface, const int x, const int y, const unsigned c)
{
  const unsigned char* const data = cairo_image_surface_get_data(surface);
  return data[y * cairo_image_surface_get_stride(surface) + 4 * x + (int)c];
}

static cairo_surface_t*
shrink(cairo_surface_t* const page)
{
  const int        width  = cairo_image_surface_get_width(page) / SHRINK;
  const int        height = cairo_image_surface_get_height(page) / SHRINK;
  cairo_surface_t* small  = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  unsigned char*   data   = cairo_image_surface_get_data(small);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (unsigned c = 0; c < 3; ++c) {
        unsigned sum = 0;
        for (int i = 0; i < SHRINK * SHRINK; ++i) {
          sum += channel(page, x * SHRINK + i % SHRINK, y * SHRINK + i / SHRINK, c);
        }
        data[y * cairo_image_surface_get_stride(small) + 4 * x + (int)c] =
            (unsigned char)(sum / (SHRINK * SHRINK));
      }
    }
  }
  cairo_surface_mark_dirty(small);
  cairo_surface_destroy(page);
  return small;
}

/// Number of channels that are off between two lines of two pictures of the same size
static unsigned
count_off(cairo_surface_t* const a, cairo_surface_t* const b, const int from, const int to)
{
  unsigned n = 0;
  for (int y = from; y < to; ++y) {
    for (int x = 0; x < cairo_image_surface_get_width(a); ++x) {
      for (unsigned c = 0; c < 3; ++c) {
        n += abs((int)channel(a, x, y, c) - (int)channel(b, x, y, c)) > TOLERANCE;
      }
    }
  }
  return n;
}

/// True if two pictures are the same, but for the shapes of letters
static bool
is_alike(cairo_surface_t* const a, cairo_surface_t* const b)
{
  const CnFaceLayout layout = cn_face_layout(CN_FACE_WIDTH, CN_FACE_HEIGHT);
  const int          height = cairo_image_surface_get_height(a);
  const int          top    = (int)layout.roll.y / SHRINK;
  const int          bottom = (int)(layout.roll.y + layout.roll.height) / SHRINK;
  if (cairo_image_surface_get_width(b) != cairo_image_surface_get_width(a) ||
      cairo_image_surface_get_height(b) != height) {
    return false;
  }
  return count_off(a, b, top, bottom) <= N_OFF &&
         count_off(a, b, 0, top) + count_off(a, b, bottom, height) <= N_OFF_TEXT;
}

static void
compare(const char* const name, const CnFace* const face)
{
  char path[128];
  snprintf(path, sizeof(path), CN_BUILD_DIR "/window-%s.png", name);
  cairo_surface_t* const whole = draw(face, CN_FACE_WIDTH, CN_FACE_HEIGHT);
  assert_int_equal(cairo_surface_write_to_png(whole, path), CAIRO_STATUS_SUCCESS);
  snprintf(path, sizeof(path), "tests/reference/window-%s.png", name);
  cairo_surface_t* const seen = shrink(whole);
  const char* const      mode = getenv("CN_GOLDEN");
  if (mode && !strcmp(mode, "write")) {
    assert_int_equal(cairo_surface_write_to_png(seen, path), CAIRO_STATUS_SUCCESS);
  }
  cairo_surface_t* const golden = cn_png_read(path);
  assert_true(is_alike(seen, golden));
  cairo_surface_destroy(golden);
  cairo_surface_destroy(seen);
}

static void
test_it_plays_in_the_dark(void** state)
{
  (void)state;
  CnFace* const face = cn_face_example(true);
  compare("dark", face);
  free(face);
}

static void
test_it_lists_in_the_light(void** state)
{
  (void)state;
  CnFace* const face = cn_face_example(false);
  face->scene.state.flags &= ~(uint32_t)CN_WIRE_PLAYING;
  face->scene.state.flags |= CN_WIRE_HEARS;
  face->panel.list  = (int)cn_control_of_port(CN_PORT_SCALE);
  face->panel.entry = 5;
  face->panel.hot   = (CnSpot){CN_SPOT_CONTROL, face->panel.list};
  compare("light", face);
  free(face);
}

static void
test_it_shows_what_is_written_down(void** state)
{
  (void)state;
  CnFace* const face = cn_face_example(true);
  assert_true(cn_scene_read_sheet(&face->scene, "11:F 12:Bb 12:keep 13:+2 14:rest 15:C7"));
  face->panel.list  = CN_LIST_BAR;
  face->panel.bar   = 14;
  face->panel.bar_x = 640.0;
  face->panel.bar_y = 300.0;
  face->panel.entry = CN_BAR_DO_ANOTHER;
  compare("bars", face);
  free(face);
}

static void
test_it_knows_nothing_yet(void** state)
{
  (void)state;
  CnFace* const face = malloc(sizeof(CnFace));
  cn_face_init(face, true);
  compare("empty", face);
  free(face);
}

/// True if two faces are drawn alike
static bool
looks_alike(const CnFace* const a, const CnFace* const b)
{
  cairo_surface_t* const seen  = shrink(draw(a, CN_FACE_WIDTH, CN_FACE_HEIGHT));
  cairo_surface_t* const other = shrink(draw(b, CN_FACE_WIDTH, CN_FACE_HEIGHT));
  const bool             alike = is_alike(seen, other);
  cairo_surface_destroy(seen);
  cairo_surface_destroy(other);
  return alike;
}

static void
test_what_is_another_state_does_not_look_alike(void** state)
{
  (void)state;
  CnFace* const face  = cn_face_example(true);
  CnFace* const other = cn_face_example(true);
  assert_true(looks_alike(face, other));
  other->tick += 24.0;
  assert_false(looks_alike(face, other));
  other->tick       = face->tick;
  other->panel.list = (int)cn_control_of_port(CN_PORT_SCALE);
  assert_false(looks_alike(face, other));
  other->panel.list = CN_PANEL_NONE;
  other->panel.hot  = (CnSpot){CN_SPOT_MODEL, 0}; // Its card comes up
  assert_false(looks_alike(face, other));
  other->panel.hot = (CnSpot){CN_SPOT_NOTHING, 0};
  other->mark      = (CnMark){true, 11, 12};
  assert_false(looks_alike(face, other));
  other->mark.is_set = false;
  memset(other->scene.layers[CN_LAYER_PLANNED], 0, sizeof(other->scene.layers[CN_LAYER_PLANNED]));
  assert_false(looks_alike(face, other));
  free(face);
  free(other);
}

/// What came of a file is said in the last line, instead of what can be done, and in red if nothing did
static void
test_what_came_of_a_file_is_said(void** state)
{
  (void)state;
  CnFace* const face = cn_face_example(true);
  face->panel.hot    = (CnSpot){CN_SPOT_ROLL, 0};
  strcpy(face->said.text, "Saved as /home/a/Music/Continuo 2026-11-27 06.43.38.mid");
  cairo_surface_t* page = draw(face, CN_FACE_WIDTH, CN_FACE_HEIGHT);
  const unsigned   n    = cn_pixel_count(page, face->theme.plays);
  const unsigned   red  = cn_pixel_count(page, face->theme.warns);
  cairo_surface_destroy(page);
  face->said.warns = true;
  page             = draw(face, CN_FACE_WIDTH, CN_FACE_HEIGHT);
  assert_true(cn_pixel_count(page, face->theme.plays) + 100 < n);
  assert_true(cn_pixel_count(page, face->theme.warns) > red + 100);
  cairo_surface_destroy(page);
  free(face);
}

/// A face that says a text wherever one may come from without
static cairo_surface_t*
draw_text(const char* const text)
{
  CnFace* const face = cn_face_example(true);
  face->panel.hot    = (CnSpot){CN_SPOT_MODEL, 0}; // Its card has the text in lines
  snprintf(face->scene.path, sizeof(face->scene.path), "/home/a/%s.safetensors", text);
  snprintf(face->scene.kind, sizeof(face->scene.kind), "by %s of %s", text, text);
  snprintf(face->said.text, sizeof(face->said.text), "Goes on from %s", text);
  cairo_surface_t* const page = draw(face, CN_FACE_WIDTH, CN_FACE_HEIGHT);
  free(face);
  return page;
}

/// Names of files are any bytes, and what is too long is cut within a letter
static void
test_what_is_no_utf_8_is_drawn_as_question_marks(void** state)
{
  (void)state;
  static const char* const texts[][2] = {
      {"mod\xE8le", "mod?le"},       // Latin-1
      {"\xE2\x80", "??"},            // Cut
      {"\xF0\x9F\x8E", "???"},       // Cut
      {"a\x80z", "a?z"},             // Begins nowhere
      {"\xC0\xAF", "??"},            // Longer than need be
      {"\xE0\x80\xAF", "???"},       // The same
      {"\xED\xA0\x80", "???"},       // Half of a pair
      {"\xEF\xB7\x90", "???"},       // No letter
      {"\xEF\xBF\xBF", "???"},       // No letter
      {"\xF4\x90\x80\x80", "????"},  // Beyond the last
      {"\xFF\xFE", "??"},            // UTF-16
      {"\xC3\xA9\xC3", "\xC3\xA9?"}, // The first is one
  };
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); ++i) {
    cairo_surface_t* const seen  = draw_text(texts[i][0]);
    cairo_surface_t* const meant = draw_text(texts[i][1]);
    assert_memory_equal(cairo_image_surface_get_data(seen), cairo_image_surface_get_data(meant),
                        (size_t)cairo_image_surface_get_stride(seen) *
                            (size_t)cairo_image_surface_get_height(seen));
    cairo_surface_destroy(seen);
    cairo_surface_destroy(meant);
  }
}

static cairo_surface_t*
draw_model(const char* const path)
{
  CnFace* const face = cn_face_example(true);
  snprintf(face->scene.path, sizeof(face->scene.path), "%s", path);
  cairo_surface_t* const page = draw(face, CN_FACE_WIDTH, CN_FACE_HEIGHT);
  free(face);
  return page;
}

static void
test_a_model_is_called_without_its_endings(void** state)
{
  static const char* const paths[] = {"/a/mine.safetensors", "/a/mine.safetensors.zst", "/a/mine.safe"};
  cairo_surface_t* const   meant   = draw_model("/a/mine");
  (void)state;
  for (size_t i = 0; i < 3; ++i) {
    cairo_surface_t* const seen = draw_model(paths[i]);
    const size_t           size = (size_t)cairo_image_surface_get_stride(seen) * CN_FACE_HEIGHT;
    assert_int_equal(
        memcmp(cairo_image_surface_get_data(seen), cairo_image_surface_get_data(meant), size) == 0, i < 2);
    cairo_surface_destroy(seen);
  }
  cairo_surface_destroy(meant);
}

static void
test_any_size_and_any_number_can_be_drawn(void** state)
{
  (void)state;
  CnFace* const face = cn_face_example(true);
  cn_face_crowd(face, 20000);
  for (int size = 1; size < 2000; size = size * 2 + 1) {
    cairo_surface_destroy(draw(face, size, 2000 - size));
  }
  face->panel.hot = (CnSpot){CN_SPOT_MODEL, 0};
  memset(face->scene.kind, 'm', sizeof(face->scene.kind) - 1); // A word that no line has room for
  face->bars                   = CN_FACE_MOST;
  face->back                   = CN_FACE_MAX_BACK;
  face->scene.state.bar.length = 1;
  face->scene.state.bar_number = INT32_MAX;
  cairo_surface_destroy(draw(face, 800, 600));
  free(face);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_it_plays_in_the_dark),
      cmocka_unit_test(test_it_lists_in_the_light),
      cmocka_unit_test(test_it_shows_what_is_written_down),
      cmocka_unit_test(test_it_knows_nothing_yet),
      cmocka_unit_test(test_what_is_another_state_does_not_look_alike),
      cmocka_unit_test(test_what_came_of_a_file_is_said),
      cmocka_unit_test(test_what_is_no_utf_8_is_drawn_as_question_marks),
      cmocka_unit_test(test_a_model_is_called_without_its_endings),
      cmocka_unit_test(test_any_size_and_any_number_can_be_drawn),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
