// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/host/bundle.h"
#include "tests/host/host.h"

#include "dsp/compose/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// --- Playing

static void
test_phrase_is_continued(void** const state)
{
  CnHost* const host = cn_bundle_start(*state, &cn_bundle_plain);
  cn_host_set(host, "thru", 0.0F);
  assert_true(cn_host_get(host, "playing") == 0.0F);
  cn_bundle_perform(host, 32);
  assert_true(cn_host_get(host, "playing") == 1.0F);
  assert_true(cn_host_get(host, "late_notes") == 0.0F);
  assert_int_equal(cn_host_complaints(host), 0);
  assert_true(cn_bundle_count(host, 0) > 16);
  // Nothing before the musician has rested for a beat
  assert_int_equal(cn_bundle_count(host, 0), cn_bundle_count(host, CN_BUNDLE_QUARTER * CN_BUNDLE_PHRASE));

  cn_bundle_stop(host);
  assert_true(cn_host_get(host, "playing") == 0.0F);
  cn_bundle_assert_silent(host);
}

/// The output must be that of the reference, to `tolerance` frames
static void
assert_same_output(CnHost* const host, const CnHostEvent* const expected, const size_t n_expected,
                   const uint64_t tolerance)
{
  size_t                   n      = 0;
  const CnHostEvent* const events = cn_host_output(host, &n);
  assert_int_equal(n, n_expected);
  for (size_t i = 0; i < n; ++i) {
    const uint64_t a = events[i].frame;
    const uint64_t b = expected[i].frame;
    assert_true((a > b ? a - b : b - a) <= tolerance);
    assert_int_equal(events[i].size, expected[i].size);
    assert_memory_equal(events[i].bytes, expected[i].bytes, events[i].size);
  }
}

/// Perform in a role as `config`, and compare with the cn_bundle_plain host
static void
check_same_music_as(CnBundle* const fixture, const CnHostConfig* const config, const float role,
                    const float freewheeling, const uint64_t tolerance)
{
  size_t        n    = 0;
  CnHost* const host = cn_bundle_start(fixture, &cn_bundle_plain);
  cn_host_set(host, "role", role);
  cn_bundle_perform(host, 24);
  cn_bundle_stop(host);
  const CnHostEvent* const events   = cn_host_output(host, &n);
  CnHostEvent* const       expected = (CnHostEvent*)malloc(n * sizeof(CnHostEvent));
  assert_true(n > 150);
  assert_non_null(expected);
  memcpy(expected, events, n * sizeof(CnHostEvent));

  CnHost* const other = cn_bundle_start(fixture, config);
  cn_host_set(other, "role", role);
  cn_host_set(other, "freewheeling", freewheeling);
  cn_bundle_perform(other, 24);
  cn_bundle_stop(other);
  cn_bundle_assert_silent(other);
  assert_same_output(other, expected, n, tolerance);
  free(expected);
}

/// Perform in each role
static void
check_same_music(CnBundle* const fixture, const CnHostConfig* const config, const float freewheeling,
                 const uint64_t tolerance)
{
  for (int role = 0; role < CN_N_ROLES; ++role) {
    check_same_music_as(fixture, config, (float)role, freewheeling, tolerance);
  }
}

static void
test_block_sizes_agree(void** const state)
{
  static const uint32_t blocks[] = {1, 16, 64, 1000, 4096};
  for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); ++i) {
    const CnHostConfig config = {.block = blocks[i], .sequence_size = 65536};
    check_same_music(*state, &config, 0.0F, 0);
  }
}

static void
test_ways_of_telling_the_transport_agree(void** const state)
{
  const CnHostConfig changes = {.block = 256, .telling = CN_HOST_TELLS_CHANGES};
  const CnHostConfig blank   = {.block = 256, .blank = true};
  const CnHostConfig rounded = {.block = 256, .beat_grid = 1920.0};
  const CnHostConfig last    = {.block = 2048, .told_last = true}; // Qtractor
  const CnHostConfig both    = {.block = 2048, .told_last = true, .telling = CN_HOST_TELLS_CHANGES};
  check_same_music(*state, &changes, 0.0F, 1);
  check_same_music(*state, &last, 0.0F, 1);
  check_same_music(*state, &both, 0.0F, 1);
  check_same_music(*state, &blank, 0.0F, 1);
  check_same_music(*state, &rounded, 0.0F, 3); // 1/1920 beat is 2 frames
}

static void
test_freewheeling_is_as_live(void** const state)
{
  const CnHostConfig config = {.block = 4096, .live = true}; // far too fast for a thread
  check_same_music(*state, &config, 1.0F, 0);
}

/// Hash of the pitches that are played with a control set
static uint32_t
hash_performance(CnBundle* const fixture, const char* const symbol, const float value)
{
  CnHost* const host = cn_bundle_start(fixture, &cn_bundle_plain);
  assert_true(cn_host_set(host, symbol, value));
  cn_bundle_perform(host, 24);

  size_t                   n      = 0;
  uint32_t                 hash   = 0;
  const CnHostEvent* const events = cn_host_output(host, &n);
  for (size_t i = 0; i < n; ++i) {
    hash = 31 * hash + events[i].bytes[1];
  }
  return hash;
}

static void
test_each_knob_changes_the_music(void** const state)
{
  const uint32_t hash = hash_performance(*state, "play", 1.0F);
  assert_int_equal(hash_performance(*state, "take", 1.0F), hash);
  assert_int_not_equal(hash_performance(*state, "take", 2.0F), hash);
  assert_int_not_equal(hash_performance(*state, "temperature", 0.5F), hash);
  assert_int_not_equal(hash_performance(*state, "temperature", 1.5F), hash);
  assert_int_not_equal(hash_performance(*state, "focus", 50.0F), hash);
  assert_int_not_equal(hash_performance(*state, "focus", 100.0F), hash);
  assert_int_not_equal(hash_performance(*state, "motif", 0.0F), hash);
  assert_int_not_equal(hash_performance(*state, "motif", 50.0F), hash);
}

static void
test_play_off_only_listens(void** const state)
{
  CnHost* const host = cn_bundle_start(*state, &cn_bundle_plain);
  cn_host_set(host, "thru", 0.0F);
  cn_host_set(host, "play", 0.0F);
  cn_bundle_perform(host, 16);
  assert_int_equal(cn_bundle_count(host, 0), 0);
  assert_true(cn_host_get(host, "playing") == 0.0F);
}

// --- No hung notes

static void
test_stop_ends_all_notes(void** const state)
{
  for (unsigned i = 0; i < 16; ++i) {
    CnHost* const host = cn_bundle_start(*state, &cn_bundle_plain);
    cn_bundle_perform(host, 8);
    cn_host_run(host, 271 * i);
    cn_bundle_stop(host);
    cn_bundle_assert_silent(host);
  }
}

static void
test_locate_ends_all_notes(void** const state)
{
  CnHost* const host = cn_bundle_start(*state, &cn_bundle_plain);
  cn_bundle_perform(host, 8);
  for (unsigned i = 0; i < 16; ++i) {
    cn_host_locate(host, i % 2 ? CN_BUNDLE_PHRASE + 2.0 : 3.7 * i);
    cn_host_run(host, CN_BUNDLE_QUARTER + 271 * i);
    cn_bundle_assert_sound(host);
  }
  cn_bundle_stop(host);
  cn_bundle_assert_silent(host);
}

static void
test_bypass_ends_all_notes_and_passes_the_musician(void** const state)
{
  static const uint8_t on[]  = {0x90, 30, 90};
  static const uint8_t off[] = {0x80, 30, 64};

  CnHost* const host = cn_bundle_start(*state, &cn_bundle_plain);
  cn_bundle_perform(host, 16);
  assert_true(cn_host_get(host, "playing") == 1.0F);
  cn_host_set(host, "enabled", 0.0F);
  cn_host_run(host, CN_BUNDLE_QUARTER);
  cn_bundle_assert_silent(host);
  assert_true(cn_host_get(host, "playing") == 0.0F);

  cn_host_send(host, cn_host_frame(host) + 10, on, sizeof(on));
  cn_host_run(host, CN_BUNDLE_QUARTER);
  assert_int_equal(cn_host_sounding(host), 1);
  cn_host_send(host, cn_host_frame(host) + 10, off, sizeof(off));
  cn_host_run(host, CN_BUNDLE_QUARTER);
  cn_bundle_assert_silent(host);
}

static void
test_full_output_hangs_no_note(void** const state)
{
  const CnHostConfig tiny = {.block = 1024, .sequence_size = 8 + 2 * 24}; // two messages
  CnHost* const      host = cn_bundle_start(*state, &tiny);
  cn_bundle_perform(host, 24);
  cn_host_roll(host, false);
  cn_host_run(host, 8ULL * CN_BUNDLE_QUARTER);
  assert_int_equal(cn_host_sounding(host), 0); // there are note-offs whose note-ons found no room
  assert_int_equal(cn_host_faults(host).malformed, 0);
  assert_int_equal(cn_host_faults(host).backwards, 0);
}

static void
test_restart_forgets_all_that_sounds(void** const state)
{
  CnHost* const host = cn_bundle_start(*state, &cn_bundle_plain);
  cn_bundle_perform(host, 16);
  cn_host_restart(host);
  cn_host_run(host, CN_BUNDLE_QUARTER);
  cn_bundle_stop(host);
  cn_bundle_assert_silent(host);
}

/// Hosts that tell changes only tell nothing as they activate again; the instrument behind sounds on
static void
test_restart_keeps_the_transport(void** const state)
{
  static const uint8_t on[]    = {0x92, 30, 90};
  static const uint8_t pedal[] = {0xB2, 64, 127};
  const CnHostConfig   changes = {.block = 256, .telling = CN_HOST_TELLS_CHANGES};
  CnHost* const        host    = cn_bundle_start(*state, &changes);
  cn_host_set(host, "role", (float)CN_ROLE_SOLO);
  cn_bundle_perform(host, 16);
  cn_host_send(host, cn_host_frame(host) + 10, on, sizeof(on));
  cn_host_send(host, cn_host_frame(host) + 20, pedal, sizeof(pedal));
  cn_host_run(host, 256);
  while (cn_host_sounding(host) < 2) {
    cn_host_run(host, 256);
  }
  cn_host_forget(host);
  cn_host_restart(host);
  cn_host_run_empty(host); // All that sounded ends here
  cn_bundle_assert_silent(host);
  size_t                   n      = 0;
  const CnHostEvent* const events = cn_host_output(host, &n);
  assert_true(n > 2);
  assert_int_equal(events[n - 1].bytes[0], 0xB2); // The pedal rises, too
  assert_int_equal(events[n - 1].bytes[2], 0);
  cn_host_run(host, 8ULL * CN_BUNDLE_QUARTER);
  assert_true(cn_bundle_count(host, 0) > 8);
  cn_bundle_stop(host);
  cn_bundle_assert_silent(host);
}

// --- Thru

static void
test_musician_passes_untouched(void** const state)
{
  static const uint8_t messages[][8] = {
      {0x93, 64, 90}, {0xB3, 64, 127},          {0xE3, 1, 65}, {0xD3, 55}, {0xC3, 9},
      {0x83, 64, 1},  {0xF0, 1, 2, 3, 4, 0xF7}, {0xFA}};
  static const uint32_t sizes[] = {3, 3, 3, 2, 2, 3, 6, 1};

  CnHost* const host = cn_bundle_start(*state, &cn_bundle_plain);
  for (unsigned i = 0; i < 8; ++i) {
    cn_host_send(host, 100 + 77 * i, messages[i], sizes[i]);
  }
  cn_host_run(host, 2000);

  size_t                   n      = 0;
  const CnHostEvent* const events = cn_host_output(host, &n);
  assert_int_equal(n, 8);
  for (unsigned i = 0; i < 8; ++i) {
    assert_int_equal(events[i].frame, 100 + 77 * i);
    assert_int_equal(events[i].size, sizes[i]);
    assert_memory_equal(events[i].bytes, messages[i], sizes[i]);
  }
  cn_bundle_assert_silent(host);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CN_BUNDLE_TEST(test_phrase_is_continued),
      CN_BUNDLE_TEST(test_block_sizes_agree),
      CN_BUNDLE_TEST(test_ways_of_telling_the_transport_agree),
      CN_BUNDLE_TEST(test_freewheeling_is_as_live),
      CN_BUNDLE_TEST(test_each_knob_changes_the_music),
      CN_BUNDLE_TEST(test_play_off_only_listens),
      CN_BUNDLE_TEST(test_stop_ends_all_notes),
      CN_BUNDLE_TEST(test_locate_ends_all_notes),
      CN_BUNDLE_TEST(test_bypass_ends_all_notes_and_passes_the_musician),
      CN_BUNDLE_TEST(test_full_output_hangs_no_note),
      CN_BUNDLE_TEST(test_restart_forgets_all_that_sounds),
      CN_BUNDLE_TEST(test_restart_keeps_the_transport),
      CN_BUNDLE_TEST(test_musician_passes_untouched),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
