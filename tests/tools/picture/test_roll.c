// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/pixels.h"

#include "dsp/music/colormap.h"
#include "dsp/music/score.h"
#include "tools/picture/roll.h"
#include "tools/picture/roll_layout.h"

#include <cairo.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WIDTH 2000 ///< [pixels], two a unit of the page
#define BAR 96     ///< [ticks] of 4/4
#define FAULT_SIZE 256

/// Bytes of a picture, and how far they were read
typedef struct {
  uint8_t* data;
  size_t   size;
  size_t   place;
} Picture;

static CnNote
make_note(const int32_t onset, const int32_t duration, const uint8_t pitch, const CnPart part)
{
  return (CnNote){onset, duration, {0, 0}, pitch, 64, 0, (uint8_t)part};
}

static CnScore*
make_score(const CnNote* const notes, const size_t n_notes)
{
  CnScore* score = NULL;
  assert_int_equal(cn_score_new(notes, n_notes, NULL, 0, NULL, 0, &score), CN_STATUS_SUCCESS);
  return score;
}

/// A score of `n_bars` bars of 4/4 with a note at the start of each
static CnScore*
make_long_score(const size_t n_bars)
{
  CnNote* const notes = (CnNote*)calloc(n_bars, sizeof(CnNote));
  for (size_t i = 0; i < n_bars; ++i) {
    notes[i] = make_note((int32_t)i * BAR, 24, 60, CN_PART_MUSICIAN);
  }
  CnScore* const score = make_score(notes, n_bars);
  free(notes);
  return score;
}

static const CnRollOptions all_bars = {CN_PICTURE_PNG, "Title", WIDTH, 1, 0};

static Picture
render(const CnScore* const score, const CnRollOptions options)
{
  char    fault[FAULT_SIZE] = "x";
  Picture picture           = {NULL, 0, 0};
  if (cn_roll_render(score, &options, &picture.data, &picture.size, CN_FAULT(fault))) {
    fail_msg("refused: %s", fault);
  }
  assert_string_equal(fault, "");
  assert_non_null(picture.data);
  return picture;
}

/// Assert that nothing is drawn, for the reason in `status`, and in words that hold `words`
static void
assert_refused(const CnScore* const score, const CnRollOptions options, const CnStatus status,
               const char* const words)
{
  char     fault[FAULT_SIZE] = "";
  uint8_t* data              = (uint8_t*)fault;
  size_t   size              = 1;
  assert_int_equal(cn_roll_render(score, &options, &data, &size, CN_FAULT(fault)), status);
  assert_null(data);
  assert_int_equal(size, 0);
  if (!strstr(fault, words)) {
    fail_msg("fault \"%s\" has no \"%s\"", fault, words);
  }
}

static cairo_status_t
read_bytes(void* const closure, unsigned char* const data, const unsigned length)
{
  Picture* const picture = (Picture*)closure;
  if (length > picture->size - picture->place) {
    return CAIRO_STATUS_READ_ERROR;
  }
  memcpy(data, picture->data + picture->place, length);
  picture->place += length;
  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t*
decode(Picture* const picture)
{
  cairo_surface_t* const surface = cairo_image_surface_create_from_png_stream(read_bytes, picture);
  assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
  return surface;
}

/// Draw a score and pick the pixel in the middle of each note
static void
pick_notes(const CnScore* const score, CnPixel* const pixels)
{
  Picture                picture = render(score, all_bars);
  cairo_surface_t* const surface = decode(&picture);
  CnRollLayout           layout;
  assert_int_equal(cn_roll_layout_init(&layout, score, &all_bars, CN_NO_FAULT), CN_STATUS_SUCCESS);
  for (size_t i = 0; i < score->n_notes; ++i) {
    const CnNote* const note   = &score->notes[i];
    const int32_t       middle = note->onset + note->duration / 2;
    size_t              s      = 0;
    while (layout.systems[s].end <= middle) {
      ++s;
    }
    pixels[i] = cn_pixel(surface, cn_roll_x(&layout, &layout.systems[s], middle),
                         cn_roll_y(&layout, &layout.systems[s], note->pitch) + 0.5 * layout.row);
  }
  cn_roll_layout_clear(&layout);
  cairo_surface_destroy(surface);
  free(picture.data);
}

static int
measure_light(const CnPixel pixel)
{
  return (int)(2126 * (pixel >> 16) + 7152 * ((pixel >> 8) & 0xFF) + 722 * (pixel & 0xFF));
}

static void
test_png_has_the_width_asked_for(void** state)
{
  (void)state;
  const CnNote   note    = make_note(0, 24, 60, CN_PART_MUSICIAN);
  CnScore* const score   = make_score(&note, 1);
  Picture        picture = render(score, all_bars);
  assert_memory_equal(picture.data, "\x89PNG\r\n\x1A\n", 8);
  cairo_surface_t* const surface = decode(&picture);
  assert_int_equal(cairo_image_surface_get_width(surface), WIDTH);
  assert_in_range(cairo_image_surface_get_height(surface), 300, 1400);
  cairo_surface_destroy(surface);
  free(picture.data);
  cn_score_free(score);
}

static void
test_svg_and_pdf_have_their_signatures(void** state)
{
  (void)state;
  const CnNote   note    = make_note(0, 24, 60, CN_PART_MUSICIAN);
  CnScore* const score   = make_score(&note, 1);
  CnRollOptions  options = all_bars;
  options.format         = CN_PICTURE_SVG;
  Picture picture        = render(score, options);
  assert_memory_equal(picture.data, "<?xml", 5);
  free(picture.data);
  options.format = CN_PICTURE_PDF;
  picture        = render(score, options);
  assert_memory_equal(picture.data, "%PDF-", 5);
  free(picture.data);
  cn_score_free(score);
}

static void
test_longer_notes_are_lighter(void** state)
{
  (void)state;
  static const int32_t durations[] = {3, 6, 12, 24, 48, 96, 192};
  enum { N = sizeof(durations) / sizeof(durations[0]) };
  CnNote  notes[N];
  CnPixel pixels[N];
  for (int i = 0; i < N; ++i) {
    notes[i] = make_note(0, durations[i], (uint8_t)(60 + i), CN_PART_MUSICIAN);
  }
  CnScore* const score = make_score(notes, N);
  pick_notes(score, pixels);
  for (int i = 1; i < N - 1; ++i) {
    assert_true(measure_light(pixels[i]) > measure_light(pixels[i - 1]) + 100000);
  }
  assert_int_equal(pixels[N - 1], pixels[N - 2]); // Longer than the scale
  cn_score_free(score);
}

static void
test_phrase_is_paler_than_continuo(void** state)
{
  (void)state;
  const CnNote notes[]   = {make_note(0, 24, 60, CN_PART_MUSICIAN), make_note(BAR, 24, 60, CN_PART_CONTINUO)};
  CnPixel      pixels[2] = {0};
  CnScore*     score     = make_score(notes, 2);
  pick_notes(score, pixels);
  assert_true(measure_light(pixels[0]) > measure_light(pixels[1]) + 500000);
  const CnPixel filled = pixels[1];
  cn_score_free(score);

  // Alone, the musician's notes are filled as well
  score = make_score(notes, 1);
  pick_notes(score, pixels);
  assert_int_equal(pixels[0], filled);
  cn_score_free(score);
}

static void
test_ground_is_tinted_up_to_the_entry(void** state)
{
  (void)state;
  const CnNote           notes[] = {make_note(0, 24, 60, CN_PART_MUSICIAN),
                                    make_note(2 * BAR - 24, 24, 72, CN_PART_CONTINUO)};
  CnScore* const         score   = make_score(notes, 2);
  Picture                picture = render(score, all_bars);
  cairo_surface_t* const surface = decode(&picture);
  CnRollLayout           layout;
  assert_int_equal(cn_roll_layout_init(&layout, score, &all_bars, CN_NO_FAULT), CN_STATUS_SUCCESS);
  const CnRollSystem* const system = &layout.systems[0];
  assert_int_equal(layout.entry, 2 * BAR - 24);
  assert_true(system->has_entry);
  const double y = cn_roll_y(&layout, system, 65) + 0.5 * layout.row; // An F's row, white
  assert_int_not_equal(cn_pixel(surface, cn_roll_x(&layout, system, layout.entry - 3), y), 0xFFFFFF);
  assert_int_equal(cn_pixel(surface, cn_roll_x(&layout, system, layout.entry + 3), y), 0xFFFFFF);
  cn_roll_layout_clear(&layout);
  cairo_surface_destroy(surface);
  free(picture.data);
  cn_score_free(score);
}

static void
test_only_pitches_in_use_are_shown(void** state)
{
  (void)state;
  const CnNote   notes[] = {make_note(0, 24, 40, CN_PART_MUSICIAN), make_note(0, 24, 80, CN_PART_MUSICIAN),
                            make_note(9 * BAR, 24, 100, CN_PART_MUSICIAN)};
  CnScore* const score   = make_score(notes, 3);
  CnRollOptions  options = all_bars;
  CnRollLayout   layout;
  options.last_bar = 8;
  assert_int_equal(cn_roll_layout_init(&layout, score, &options, CN_NO_FAULT), CN_STATUS_SUCCESS);
  assert_int_equal(layout.low, 38);
  assert_int_equal(layout.high, 82);
  assert_int_equal(layout.n_notes, 2);
  assert_true(cn_roll_y(&layout, layout.systems, layout.high) == layout.systems->top);
  assert_true(cn_roll_y(&layout, layout.systems, 80) < cn_roll_y(&layout, layout.systems, 40));
  cn_roll_layout_clear(&layout);
  cn_score_free(score);
}

/// Assert that systems have all bars in order, and fit on the page
static void
assert_systems_are_sound(const CnRollLayout* const layout)
{
  size_t bar = 0;
  double y   = 0.0;
  for (size_t i = 0; i < layout->n_systems; ++i) {
    const CnRollSystem* const system = &layout->systems[i];
    assert_int_equal(system->first_bar, bar);
    assert_true(system->n_bars > 0);
    bar += system->n_bars;
    assert_int_equal(system->begin, layout->lines[system->first_bar]);
    assert_int_equal(system->end, layout->lines[bar]);
    assert_true(cn_roll_x(layout, system, system->end) <= CN_ROLL_RIGHT + 1e-6);
    assert_true(system->top > y);
    y = system->top + cn_roll_rows_height(layout) + CN_STRIP_GAP + CN_STRIP_HEIGHT;
  }
  assert_int_equal(bar, layout->n_bars);
  assert_true(layout->height > y);
}

static void
test_long_pieces_are_broken_into_systems(void** state)
{
  (void)state;
  static const struct {
    size_t n_bars;
    size_t n_systems;
    size_t n_first; ///< Bars in the first system
  } cases[] = {{1, 1, 1}, {12, 1, 12}, {16, 2, 8}, {18, 2, 9}, {40, 5, 8}, {200, 13, 16}, {2000, 63, 32}};
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    CnScore* const score = make_long_score(cases[i].n_bars);
    CnRollLayout   layout;
    assert_int_equal(cn_roll_layout_init(&layout, score, &all_bars, CN_NO_FAULT), CN_STATUS_SUCCESS);
    assert_int_equal(layout.n_bars, cases[i].n_bars);
    assert_int_equal(layout.n_systems, cases[i].n_systems);
    assert_int_equal(layout.systems[0].n_bars, cases[i].n_first);
    assert_systems_are_sound(&layout);
    cn_roll_layout_clear(&layout);
    cn_score_free(score);
  }
}

static void
test_metres_change_where_they_should(void** state)
{
  (void)state;
  const CnMeterChange meters[] = {{0, 3, 4}, {2 * 72 + 24, 6, 8}, {2 * 72 + 24 + 72, 255, 1}};
  const CnNote        note     = make_note(20000, 24000, 60, CN_PART_MUSICIAN);
  CnScore*            score    = NULL;
  CnRollLayout        layout;
  assert_int_equal(cn_score_new(&note, 1, NULL, 0, meters, 3, &score), CN_STATUS_SUCCESS);
  assert_int_equal(cn_roll_layout_init(&layout, score, &all_bars, CN_NO_FAULT), CN_STATUS_SUCCESS);
  static const int32_t lines[] = {0, 72, 144, 168, 240, 240 + 255 * BAR, 240 + 2 * 255 * BAR};
  assert_int_equal(layout.n_bars, 6);
  assert_memory_equal(layout.lines, lines, sizeof(lines));
  assert_systems_are_sound(&layout);
  assert_true(cn_roll_beat(&layout, 0) == 24.0);
  assert_true(cn_roll_beat(&layout, 168) == 36.0);
  assert_true(cn_roll_beat(&layout, 240) == 96.0);
  cn_roll_layout_clear(&layout);
  free(render(score, all_bars).data);
  cn_score_free(score);
}

static void
test_nothing_to_draw_is_said(void** state)
{
  (void)state;
  CnScore* const empty   = make_score(NULL, 0);
  const CnNote   notes[] = {make_note(0, 24, 60, CN_PART_MUSICIAN),
                            make_note(8 * BAR, 24, 60, CN_PART_MUSICIAN)};
  CnScore* const sparse  = make_score(notes, 2);
  CnRollOptions  options = all_bars;
  assert_refused(empty, options, CN_STATUS_NOT_FOUND, "no notes");
  options.first_bar = 10;
  assert_refused(sparse, options, CN_STATUS_NOT_FOUND, "no bar 10: the last is 9");
  options.first_bar = 3;
  options.last_bar  = 5;
  assert_refused(sparse, options, CN_STATUS_NOT_FOUND, "no notes in bars 3 to 5");
  options.last_bar = 2;
  assert_refused(sparse, options, CN_STATUS_BAD_ARG, "bar 2 is before bar 3");
  options.last_bar = 99;
  free(render(sparse, options).data);
  cn_score_free(sparse);
  cn_score_free(empty);
}

static void
test_impossible_sizes_are_refused(void** state)
{
  (void)state;
  CnScore* const long_score = make_long_score(2001);
  CnRollOptions  options    = all_bars;
  assert_refused(long_score, options, CN_STATUS_TOO_LARGE, "more than 2000 bars");
  options.last_bar = 2000;
  options.width    = CN_PICTURE_WIDTH_MAX;
  assert_refused(long_score, options, CN_STATUS_TOO_LARGE, "the picture would have 8000 x ");
  options.width = 2400; // Narrow enough for its area, but too high
  assert_refused(long_score, options, CN_STATUS_TOO_LARGE, "the picture would have 2400 x ");
  options.width = CN_PICTURE_WIDTH_MAX + 1;
  assert_refused(long_score, options, CN_STATUS_BAD_ARG, "");
  options.width = CN_PICTURE_WIDTH_MIN - 1;
  assert_refused(long_score, options, CN_STATUS_BAD_ARG, "");
  cn_score_free(long_score);
}

static void
test_any_title_can_be_drawn(void** state)
{
  (void)state;
  char umlauts[1001];
  for (size_t i = 0; i < 1000; i += 2) {
    memcpy(umlauts + i, "\u00E4", 2);
  }
  umlauts[1000] = '\0';

  const char* const titles[] = {NULL, "", "\xFF\xC3 Latin", umlauts, umlauts + 1};
  const CnNote      note     = make_note(0, 24, 60, CN_PART_MUSICIAN);
  CnScore* const    score    = make_score(&note, 1);
  for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); ++i) {
    CnRollOptions options = all_bars;
    options.title         = titles[i];
    free(render(score, options).data);
  }
  cn_score_free(score);
}

static void
test_viridis_is_clamped_and_rises(void** state)
{
  (void)state;
  double light = -1.0;
  for (int i = 0; i <= 100; ++i) {
    const CnColor color = cn_color_viridis(i / 100.0);
    const double  now   = 0.2126 * color.r + 0.7152 * color.g + 0.0722 * color.b;
    assert_true(now > light);
    light = now;
  }
  assert_true(cn_color_viridis(-1.0).b == cn_color_viridis(0.0).b);
  assert_true(cn_color_viridis(2.0).g == cn_color_viridis(1.0).g);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_png_has_the_width_asked_for),
      cmocka_unit_test(test_svg_and_pdf_have_their_signatures),
      cmocka_unit_test(test_longer_notes_are_lighter),
      cmocka_unit_test(test_phrase_is_paler_than_continuo),
      cmocka_unit_test(test_ground_is_tinted_up_to_the_entry),
      cmocka_unit_test(test_only_pitches_in_use_are_shown),
      cmocka_unit_test(test_long_pieces_are_broken_into_systems),
      cmocka_unit_test(test_metres_change_where_they_should),
      cmocka_unit_test(test_nothing_to_draw_is_said),
      cmocka_unit_test(test_impossible_sizes_are_refused),
      cmocka_unit_test(test_any_title_can_be_drawn),
      cmocka_unit_test(test_viridis_is_clamped_and_rises),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
