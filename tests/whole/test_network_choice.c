// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_network_choice.c
   The bundle's networks and the ways to time as controls: changed while notes sound, refused, saved.
*/

#include "tests/host/bundle.h"
#include "tests/host/host.h"
#include "tests/support/phrase.h"
#include "tests/support/tiny_model.h"

#include "dsp/base/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MODEL "urn:continuo:model"

enum { QUARTERS = 24 }; ///< Heard after the phrase

static void
choose(CnHost* const host, const float network)
{
  assert_true(cn_host_set(host, "network", network));
  cn_bundle_settle(host);
}

/// Hash of the notes that sounded since the last forgetting, and of their places in the song
static uint32_t
hash_music(const CnHost* const host)
{
  size_t n = 0;
  cn_host_output(host, &n);
  assert_true(n > 40);
  return cn_bundle_hash(host);
}

/// Play the phrase, let Continuo go on, and say what it played
static uint32_t
perform(CnHost* const host)
{
  cn_host_set(host, "thru", 0.0F);
  cn_bundle_perform(host, QUARTERS);
  cn_bundle_stop(host);
  return hash_music(host);
}

/// The same from the start while nobody plays
static uint32_t
roll_again(CnHost* const host)
{
  cn_host_set(host, "thru", 0.0F);
  cn_host_set_tempo(host, CN_BUNDLE_BPM);
  cn_host_set_metre(host, CN_PHRASE_NUMERATOR, CN_PHRASE_DENOMINATOR);
  cn_host_locate(host, 0.0);
  cn_host_run(host, 1000);
  cn_host_forget(host);
  cn_host_roll(host, true);
  cn_host_run(host, (uint64_t)CN_BUNDLE_QUARTER * (CN_BUNDLE_PHRASE + QUARTERS));
  cn_bundle_stop(host);
  cn_bundle_assert_silent(host);
  return hash_music(host);
}

static void
test_network_is_chosen_by_a_control(void** const state)
{
  CnBundle* const bundle = *state;
  CnHost* const   host   = cn_bundle_start(bundle, &cn_bundle_plain);
  choose(host, 1.0F);
  cn_bundle_assert_chosen(host, bundle->notebook);
  assert_non_null(strstr(cn_host_log(host), "the notebook's networks"));
  assert_true(cn_host_get(host, "model_status") == 0.0F);
  choose(host, 0.0F);
  cn_bundle_assert_chosen(host, bundle->weights);
  assert_int_equal(cn_host_complaints(host), 0);
}

static void
test_full_worker_is_tried_again(void** const state)
{
  CnBundle* const bundle = *state;
  CnHost* const   host   = cn_bundle_start(bundle, &cn_bundle_plain);
  cn_host_refuse_work(host, 20);
  cn_host_set(host, "network", 1.0F);
  cn_host_run(host, 20 * 256);
  cn_bundle_settle(host);
  cn_bundle_assert_chosen(host, bundle->notebook);
}

static void
test_networks_and_timings_play_otherwise_and_the_same_again(void** const state)
{
  CnHost* const  host      = cn_bundle_start(*state, &cn_bundle_plain);
  const uint32_t first     = perform(host);
  uint32_t       others[4] = {0};
  assert_int_equal(roll_again(host), first);
  for (unsigned i = 0; i < 8; ++i) { // All four, twice
    cn_host_set(host, "timing", (float)(i / 2 % 2));
    choose(host, (float)(i % 2));
    const uint32_t music = roll_again(host);
    others[i % 4]        = i < 4 ? music : others[i % 4];
    assert_int_equal(music, others[i % 4]);
    assert_int_equal(music == first, i % 4 == 0);
  }
  assert_int_not_equal(others[1], others[2]);
  assert_int_not_equal(others[1], others[3]);
  assert_int_not_equal(others[2], others[3]);
}

/// Changed every few hundred frames, also between a note-on and its note-off
static void
test_change_while_notes_sound_leaves_none_behind(void** const state)
{
  CnHost* const host      = cn_bundle_start(*state, &cn_bundle_plain);
  unsigned      n_changes = 0;
  cn_bundle_perform(host, 8);
  for (unsigned i = 0; i < 200; ++i) {
    n_changes += cn_host_sounding(host) > 0;
    cn_host_set(host, "network", (float)(i % 2));
    cn_host_set(host, "timing", (float)(i / 2 % 2));
    cn_host_run(host, 700 + 13 * i);
    if (i % 3 == 0) {
      cn_host_sync_worker(host);
    }
  }
  assert_true(n_changes > 50); // It did change while keys sounded
  cn_bundle_stop(host);
  cn_bundle_assert_silent(host);
  assert_int_equal(cn_host_complaints(host), 0);
}

static void
test_missing_network_is_refused(void** const state)
{
  CnBundle* const bundle = *state;
  CnHost* const   host   = cn_bundle_start(bundle, &cn_bundle_plain);
  const uint32_t  first  = perform(host);
  assert_return_code(remove(bundle->notebook), 0);
  choose(host, 1.0F);
  assert_true(cn_host_get(host, "model_status") == 1.0F);
  assert_non_null(strstr(cn_host_log(host), "notebook.safetensors.zst: No such file"));
  assert_int_equal(roll_again(host), first); // The one before plays on
  char* const saved = cn_host_save(host);
  choose(host, 0.0F);
  assert_true(cn_host_get(host, "model_status") == 0.0F);
  assert_int_equal(roll_again(host), first);

  const CnHostConfig config = {.block = 256, .state = saved};
  CnHost* const      next   = cn_bundle_start(bundle, &config);
  cn_host_run(next, 512);
  assert_true(cn_host_get(next, "model_status") == 1.0F);
  assert_int_equal(roll_again(next), first);
  free(saved);
}

static void
test_chosen_file_goes_before(void** const state)
{
  CnBundle* const bundle = *state;
  char            other[128];
  CnHost* const   host = cn_bundle_start(bundle, &cn_bundle_plain);
  snprintf(other, sizeof(other), "%s/other.safetensors", bundle->folder);
  assert_int_equal(cn_tiny_model(other, 2), CN_STATUS_SUCCESS);
  cn_host_choose(host, MODEL, other);
  cn_bundle_settle(host);
  choose(host, 1.0F);
  cn_bundle_assert_chosen(host, other);
  char* const saved = cn_host_save(host);
  cn_host_choose(host, MODEL, "");
  cn_bundle_settle(host);
  cn_bundle_assert_chosen(host, bundle->notebook);
  cn_host_restore(host, saved);
  cn_bundle_settle(host);
  cn_bundle_assert_chosen(host, other);
  choose(host, 0.0F);
  cn_host_choose(host, MODEL, bundle->weights); // The bundle's own, so that the control counts again
  cn_bundle_settle(host);
  choose(host, 1.0F);
  cn_bundle_assert_chosen(host, bundle->notebook);
  free(saved);
  remove(other);
}

/// Whether the host sets the controls before the state or after it, and even if it runs between
static void
test_session_comes_back_in_any_order(void** const state)
{
  CnBundle* const bundle = *state;
  CnHost* const   host   = cn_bundle_start(bundle, &cn_bundle_plain);
  cn_host_set(host, "timing", 1.0F);
  choose(host, 1.0F);
  const uint32_t     music = perform(host);
  char* const        saved = cn_host_save(host);
  const CnHostConfig early = {.block = 256, .state = saved};
  for (unsigned i = 0; i < 3; ++i) {
    CnHost* const next = cn_bundle_start(bundle, i < 2 ? &early : &cn_bundle_plain);
    if (i > 0) {
      cn_host_ask(next, MODEL); // Its controls are those of no session yet
      cn_bundle_settle(next);
      cn_bundle_settle(next);
      cn_bundle_assert_chosen(next, i == 1 ? bundle->notebook : bundle->weights);
    }
    cn_host_set(next, "timing", 1.0F);
    cn_host_set(next, "network", 1.0F);
    if (i == 2) {
      assert_true(cn_host_restore(next, saved));
    }
    assert_int_equal(roll_again(next), music);
    assert_int_equal(cn_host_complaints(next), 0);
  }
  free(saved);
}

/// Let a key of a state be one that nobody knows
static void
forget(char* const state, const char* const key)
{
  char* const place = strstr(state, key);
  assert_non_null(place);
  memcpy(place + strlen("<urn:"), "nothing-", strlen("nothing-")); // over "continuo"
}

/// As a host that restores a session of before there were networks: what plays, plays on
static void
test_session_without_network_leaves_it(void** const state)
{
  CnBundle* const bundle = *state;
  CnHost* const   host   = cn_bundle_start(bundle, &cn_bundle_plain);
  choose(host, 1.0F);
  char* const saved = cn_host_save(host);
  choose(host, 0.0F);
  forget(saved, "<urn:continuo:network>");
  forget(saved, "<urn:continuo:model>");
  assert_true(cn_host_restore(host, saved));
  cn_bundle_settle(host);
  cn_bundle_assert_chosen(host, bundle->weights);
  free(saved);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CN_BUNDLE_TEST(test_network_is_chosen_by_a_control),
      CN_BUNDLE_TEST(test_full_worker_is_tried_again),
      CN_BUNDLE_TEST(test_networks_and_timings_play_otherwise_and_the_same_again),
      CN_BUNDLE_TEST(test_change_while_notes_sound_leaves_none_behind),
      CN_BUNDLE_TEST(test_missing_network_is_refused),
      CN_BUNDLE_TEST(test_chosen_file_goes_before),
      CN_BUNDLE_TEST(test_session_comes_back_in_any_order),
      CN_BUNDLE_TEST(test_session_without_network_leaves_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
