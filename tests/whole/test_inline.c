// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_inline.c
   The picture in the host's mixer: what is in it, how often it is asked for, and by whom it is drawn.
*/

#include "tests/host/bundle.h"
#include "tests/host/host.h"

#include "plugin/inline/strip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { RATE = 48000, WIDTH = 240, HEIGHT = 80 };

static unsigned n_asked;

static void
queue_draw(void* const handle)
{
  ++*(unsigned*)handle;
}

static const LV2_Inline_Display display = {&n_asked, queue_draw};
static const LV2_Feature        feature = {LV2_INLINEDISPLAY__queue_draw, (void*)(uintptr_t)&display};
static const CnHostConfig       mixer   = {.feature = &feature};

static const LV2_Inline_Display_Image_Surface*
render(const CnHost* const host, const uint32_t width, const uint32_t max_height)
{
  const void*      data   = NULL;
  const LV2_Handle handle = cn_host_extension(host, LV2_INLINEDISPLAY__interface, &data);
  assert_non_null(data);
  return ((const LV2_Inline_Display_Interface*)data)->render(handle, width, max_height);
}

/// A row's pixels; the picture is as wide as it was asked for
static const uint32_t*
row_of(const LV2_Inline_Display_Image_Surface* const image, const int y)
{
  return (const uint32_t*)(const void*)(image->data + (size_t)y * (size_t)image->stride);
}

/// Pixels of notes in some columns: strong colours; all else is grey
static unsigned
count_colours(const LV2_Inline_Display_Image_Surface* const image, const int from, const int to)
{
  unsigned n = 0;
  for (int y = 20; y < image->height; ++y) { // Below the words
    for (int x = from; x < to; ++x) {
      const uint32_t pixel = row_of(image, y)[x];
      const int      red   = (int)(pixel >> 16U & 0xFFU);
      const int      green = (int)(pixel >> 8U & 0xFFU);
      const int      blue  = (int)(pixel & 0xFFU);
      n += abs(red - green) > 48 || abs(green - blue) > 48;
    }
  }
  return n;
}

static void
test_picture_has_the_size_that_is_asked_for(void** state)
{
  CnHost* const host = cn_bundle_start(*state, &mixer);
  cn_host_run(host, RATE / 10);
  const LV2_Inline_Display_Image_Surface* image = render(host, WIDTH, HEIGHT);
  assert_non_null(image);
  assert_int_equal(image->width, WIDTH);
  assert_int_equal(image->height, HEIGHT);
  assert_true(image->stride >= 4 * WIDTH);

  image = render(host, WIDTH, 9); // Less room
  assert_int_equal(image->height, 9);
  image = render(host, 30, 1000); // More than it needs
  assert_in_range(image->height, 1, 30);
  image = render(host, 1, 1);
  assert_non_null(image);
  assert_null(render(host, 0, HEIGHT));
  assert_null(render(host, WIDTH, 0));
}

static void
test_notes_are_in_it_played_and_planned(void** state)
{
  CnHost* const host = cn_bundle_start(*state, &mixer);
  cn_host_run(host, RATE / 10);
  assert_int_equal(count_colours(render(host, WIDTH, HEIGHT), 0, WIDTH), 0);
  cn_host_roll(host, true);
  cn_bundle_perform(host, 2);
  for (unsigned i = 0; i < 10; ++i) { // While it is looked at, it is planned ahead
    render(host, WIDTH, HEIGHT);
    cn_host_run(host, RATE / 10);
  }
  const LV2_Inline_Display_Image_Surface* const image = render(host, WIDTH, HEIGHT);
  assert_true(count_colours(image, 0, WIDTH / 2) > 20);
  assert_true(count_colours(image, WIDTH / 2 + 10, WIDTH) > 20);
}

static void
test_host_is_asked_seldom_and_only_while_it_draws(void** state)
{
  CnHost* const host = cn_bundle_start(*state, &mixer);
  n_asked            = 0;
  cn_host_roll(host, true);
  cn_host_run(host, 2 * RATE);
  assert_int_equal(n_asked, 0);
  render(host, WIDTH, HEIGHT);
  cn_host_run(host, 2 * RATE);
  assert_in_range(n_asked, CN_STRIP_RATE, 2 * CN_STRIP_RATE + 1);
  cn_host_run(host, 2 * RATE);
  const unsigned n = n_asked;
  cn_host_run(host, 2 * RATE);
  assert_int_equal(n_asked, n);
}

static void
test_nothing_new_is_not_asked_for(void** state)
{
  CnHost* const host = cn_bundle_start(*state, &mixer);
  cn_host_run(host, RATE);
  render(host, WIDTH, HEIGHT);
  n_asked = 0;
  cn_host_run(host, 2 * RATE); // The transport stands
  assert_true(n_asked <= 1);
}

static void
test_host_without_a_mixer_has_no_part_in_it(void** state)
{
  CnHost* const host = cn_bundle_start(*state, &cn_bundle_plain);
  cn_bundle_perform(host, 2);
  const LV2_Inline_Display_Image_Surface* const image = render(host, WIDTH, HEIGHT);
  assert_non_null(image); // It may ask all the same, and sees that nothing was told
  assert_int_equal(count_colours(image, 0, WIDTH), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CN_BUNDLE_TEST(test_picture_has_the_size_that_is_asked_for),
      CN_BUNDLE_TEST(test_notes_are_in_it_played_and_planned),
      CN_BUNDLE_TEST(test_host_is_asked_seldom_and_only_while_it_draws),
      CN_BUNDLE_TEST(test_nothing_new_is_not_asked_for),
      CN_BUNDLE_TEST(test_host_without_a_mixer_has_no_part_in_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
