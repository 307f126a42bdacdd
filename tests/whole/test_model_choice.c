// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_model_choice.c
   The model as a parameter: chosen, told, refused, and changed while the music plays.
*/

#include "tests/host/bundle.h"
#include "tests/host/host.h"
#include "tests/support/tiny_model.h"

#include "dsp/base/status.h"
#include "tools/base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define MODEL "urn:continuo:model"

static char other[128]; ///< Path of another model

static int
set_up(void** const state)
{
  cn_bundle_set_up(state);
  const CnBundle* const bundle = *state;
  snprintf(other, sizeof(other), "%s/other.safetensors", bundle->folder);
  assert_int_equal(cn_tiny_model(other, 2), CN_STATUS_SUCCESS);
  return 0;
}

static int
tear_down(void** const state)
{
  remove(other);
  return cn_bundle_tear_down(state);
}

static void
test_model_is_told_when_asked_for(void** const state)
{
  unsigned        n_told = 0;
  CnBundle* const bundle = *state;
  CnHost* const   host   = cn_bundle_start(bundle, &cn_bundle_plain);
  cn_host_run(host, 1000);
  cn_host_chosen(host, &n_told);
  assert_int_equal(n_told, 0);
  cn_host_ask(host, MODEL);
  cn_host_run(host, 1000);
  cn_bundle_assert_chosen(host, bundle->weights);
  cn_host_ask(host, "urn:continuo:nothing");
  cn_host_run(host, 1000);
  cn_host_chosen(host, &n_told);
  assert_int_equal(n_told, 1);
  cn_bundle_assert_sound(host);
}

static void
check_choice(CnBundle* const bundle, const CnHostConfig* const config)
{
  unsigned      n_told = 0;
  CnHost* const host   = cn_bundle_start(bundle, config);
  cn_host_run(host, 512);
  cn_host_choose(host, MODEL, other);
  cn_bundle_settle(host);
  cn_bundle_assert_chosen(host, other);
  cn_host_chosen(host, &n_told);
  assert_int_equal(n_told, 1);
  assert_non_null(strstr(cn_host_log(host), "plays with"));
  assert_non_null(strstr(cn_host_log(host), other));
  assert_true(cn_host_get(host, "model_status") == 0.0F);
  assert_int_equal(cn_host_complaints(host), 0);
  cn_bundle_assert_sound(host);
}

static void
test_model_is_chosen_by_the_worker(void** const state)
{
  check_choice(*state, &cn_bundle_plain);
}

/// As Ardour while it exports
static void
test_model_is_chosen_by_a_worker_in_run(void** const state)
{
  const CnHostConfig config = {.block = 256, .working = CN_HOST_WORKS_INLINE};
  check_choice(*state, &config);
}

static void
test_model_is_chosen_without_a_worker(void** const state)
{
  const CnHostConfig config = {.block = 256, .working = CN_HOST_WORKS_NOT};
  CnHost* const      host   = cn_bundle_start(*state, &config);
  unsigned           n_told = 0;
  cn_host_choose(host, MODEL, other);
  while (n_told == 0) { // by a thread of its own
    cn_host_run(host, 256);
    cn_host_chosen(host, &n_told);
  }
  cn_bundle_assert_chosen(host, other);
}

static void
test_full_worker_is_tried_again(void** const state)
{
  CnHost* const host = cn_bundle_start(*state, &cn_bundle_plain);
  cn_host_refuse_work(host, 20);
  cn_host_choose(host, MODEL, other);
  cn_host_run(host, 20 * 256);
  cn_bundle_settle(host);
  cn_bundle_assert_chosen(host, other);
}

static void
test_last_choice_counts(void** const state)
{
  CnBundle* const bundle = *state;
  CnHost* const   host   = cn_bundle_start(bundle, &cn_bundle_plain);
  for (unsigned i = 0; i < 20; ++i) {
    cn_host_choose(host, MODEL, i % 2 ? bundle->weights : other);
    cn_host_run(host, 256);
  }
  cn_host_choose(host, MODEL, other);
  for (unsigned i = 0; i < 3; ++i) {
    cn_bundle_settle(host);
  }
  cn_bundle_assert_chosen(host, other);
}

/// A file that is missing or bad: the log and the port say so, the music plays on, the choice stands
static void
check_refused(CnBundle* const bundle, const char* const path, const char* const reason)
{
  CnHost* const host = cn_bundle_start(bundle, &cn_bundle_plain);
  cn_host_choose(host, MODEL, path);
  cn_bundle_settle(host);
  cn_bundle_assert_chosen(host, path);
  assert_int_not_equal(cn_host_complaints(host), 0);
  assert_non_null(strstr(cn_host_log(host), reason));
  assert_true(cn_host_get(host, "model_status") == 1.0F);
  cn_bundle_perform(host, 16);
  assert_true(cn_bundle_count(host, (int64_t)CN_BUNDLE_QUARTER * CN_BUNDLE_PHRASE) > 0);

  char* const state = cn_host_save(host);
  assert_non_null(state);
  assert_non_null(strstr(state, path));
  free(state);
  cn_host_choose(host, MODEL, other);
  cn_bundle_settle(host);
  assert_true(cn_host_get(host, "model_status") == 0.0F);
}

static void
test_missing_model_is_refused(void** const state)
{
  check_refused(*state, "/nowhere/at/all.safetensors", "No such file");
}

static void
test_bad_model_is_refused(void** const state)
{
  const CnBundle* const bundle = *state;
  char                  path[128];
  snprintf(path, sizeof(path), "%s/bad.safetensors", bundle->folder);
  assert_int_equal(cn_file_write(path, "garbage, more of it", 19), CN_STATUS_SUCCESS);
  check_refused(*state, path, "header");
  remove(path);
}

static void
test_pipe_is_refused(void** const state)
{
  const CnBundle* const bundle = *state;
  char                  path[128];
  snprintf(path, sizeof(path), "%s/pipe", bundle->folder);
  assert_return_code(mkfifo(path, 0600), 0);
  alarm(60); // instead of a test that hangs
  check_refused(*state, path, "not a regular file");
  check_refused(*state, "/dev/zero", "not a regular file");
  check_refused(*state, bundle->folder, "not a regular file");
  alarm(0);
  remove(path);
}

/// A host that closes waits for the plugin's own thread, whatever that has been asked for
static void
test_host_closes_while_a_pipe_is_chosen(void** const state)
{
  const CnHostConfig    config = {.block = 256, .working = CN_HOST_WORKS_NOT};
  const CnBundle* const bundle = *state;
  char                  path[128];
  snprintf(path, sizeof(path), "%s/pipe", bundle->folder);
  assert_return_code(mkfifo(path, 0600), 0);
  alarm(60);
  for (int i = 0; i < 5; ++i) {
    CnHost* const host = cn_bundle_start(*state, &config);
    cn_host_choose(host, MODEL, path);
    cn_host_run(host, 256);
  }
  cn_bundle_start(*state, &cn_bundle_plain); // ends the last one
  alarm(0);
  remove(path);
}

/// Notes that sound at the change end as they would; the ones after are the other model's
static void
test_model_changes_without_a_gap(void** const state)
{
  const int64_t after = (int64_t)CN_BUNDLE_QUARTER * (CN_BUNDLE_PHRASE + 17);
  CnHost* const host  = cn_bundle_start(*state, &cn_bundle_plain);
  cn_bundle_perform(host, 16);
  cn_host_choose(host, MODEL, other);
  cn_bundle_settle(host);
  cn_host_run(host, (uint64_t)CN_BUNDLE_QUARTER * 16);
  assert_true(cn_bundle_count(host, after) > 8);
  assert_true(cn_host_get(host, "late_notes") == 0.0F);
  cn_bundle_stop(host);
  cn_bundle_assert_silent(host);
}

/// Two that play by one model have the same notes as one that has changed to it
static void
test_chosen_model_is_the_one_that_plays(void** const state)
{
  size_t        n    = 0;
  CnHost* const host = cn_bundle_start(*state, &cn_bundle_plain);
  cn_host_choose(host, MODEL, other);
  cn_bundle_settle(host);
  cn_bundle_perform(host, 24);
  const CnHostEvent* const events   = cn_host_output(host, &n);
  CnHostEvent* const       expected = (CnHostEvent*)malloc(n * sizeof(CnHostEvent));
  assert_non_null(expected);
  memcpy(expected, events, n * sizeof(CnHostEvent));

  const CnBundle* const bundle = *state;
  assert_int_equal(cn_tiny_model(bundle->weights, 2), CN_STATUS_SUCCESS);
  CnHost* const again = cn_bundle_start(*state, &cn_bundle_plain);
  cn_host_run(again, 1024);
  cn_bundle_perform(again, 24);
  size_t                   n_again = 0;
  const CnHostEvent* const same    = cn_host_output(again, &n_again);
  assert_true(n > 200);
  assert_int_equal(n_again, n);
  for (size_t i = 0; i < n; ++i) {
    assert_int_equal(same[i].frame, expected[i].frame);
    assert_memory_equal(same[i].bytes, expected[i].bytes, expected[i].size);
  }
  free(expected);
}

/// A text with another in the place of each `from`, to be freed
static char*
replace(const char* const text, const char* const from, const char* const to)
{
  const size_t room = (strlen(text) + 1U) * (strlen(to) + 1U);
  char* const  made = (char*)malloc(room);
  char*        end  = made;
  const char*  rest = text;
  assert_non_null(made);
  for (const char* at = NULL; (at = strstr(rest, from)); rest = at + strlen(from)) {
    end += snprintf(end, room - (size_t)(end - made), "%.*s%s", (int)(at - rest), rest, to);
  }
  snprintf(end, room - (size_t)(end - made), "%s", rest);
  return made;
}

/// A host that a session comes back in, where `to` is saved for each `from`
static CnHost*
come_back(CnBundle* const bundle, const char* const saved, const char* const from, const char* const to)
{
  char* const        state  = replace(saved, from, to);
  const CnHostConfig config = {.block = 256, .state = state};
  assert_string_not_equal(state, saved);
  CnHost* const host = cn_bundle_start(bundle, &config);
  cn_host_run(host, 512);
  cn_host_ask(host, MODEL);
  cn_bundle_settle(host);
  free(state);
  return host;
}

/// Sessions, and whoever chooses, may know the bundle's models by the names that they had before they were
/// compressed
static void
test_former_names_are_known(void** const state)
{
  CnBundle* const bundle = *state;
  CnHost* const   host   = cn_bundle_start(bundle, &cn_bundle_plain);
  char            here[128];
  snprintf(here, sizeof(here), "%s/models/default.safetensors", bundle->folder);
  cn_host_choose(host, MODEL, here);
  cn_bundle_settle(host);
  cn_bundle_assert_chosen(host, bundle->weights);
  assert_true(cn_host_get(host, "model_status") == 0.0F);
  cn_host_choose(host, MODEL, other);
  cn_bundle_settle(host);
  char* const saved = cn_host_save(host);

  const char* const names[][2] = {
      {here, bundle->weights},
      {"/nowhere/continuo.lv2/models/default.safetensors", bundle->weights},
      {"/nowhere/continuo.lv2/models/notebook.safetensors", bundle->notebook},
  };
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); ++i) {
    CnHost* const next = come_back(bundle, saved, other, names[i][0]);
    cn_bundle_assert_chosen(next, names[i][1]);
    assert_true(cn_host_get(next, "model_status") == 0.0F);
    assert_null(strstr(cn_host_log(next), "No such file"));
  }
  CnHost* const next = come_back(bundle, saved, other, "/nowhere/continuo.lv2/models/mine.safetensors");
  cn_bundle_assert_chosen(next, "/nowhere/continuo.lv2/models/mine.safetensors");
  assert_true(cn_host_get(next, "model_status") == 1.0F);
  free(saved);
}

/// A file of that name that is there is what was chosen, and what is there no more goes by the session's name
/// for it
static void
test_former_names_are_the_bundles_only_without_a_file(void** const state)
{
  CnBundle* const bundle = *state;
  char            here[128];
  snprintf(here, sizeof(here), "%s/models/default.safetensors", bundle->folder);
  assert_int_equal(cn_tiny_model(here, 3), CN_STATUS_SUCCESS);
  CnHost* const host = cn_bundle_start(bundle, &cn_bundle_plain);
  cn_host_choose(host, MODEL, here);
  cn_bundle_settle(host);
  cn_bundle_assert_chosen(host, here);
  char* const saved = cn_host_save(host);
  assert_return_code(remove(here), 0);
  const CnHostConfig config = {.block = 256, .state = saved};
  CnHost* const      next   = cn_bundle_start(bundle, &config);
  cn_host_run(next, 512);
  cn_host_ask(next, MODEL);
  cn_bundle_settle(next);
  cn_bundle_assert_chosen(next, bundle->weights);
  assert_non_null(strstr(cn_host_log(next), "saved with other weights; what is composed anew will differ"));
  free(saved);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_model_is_told_when_asked_for),
      CASE(test_model_is_chosen_by_the_worker),
      CASE(test_model_is_chosen_by_a_worker_in_run),
      CASE(test_model_is_chosen_without_a_worker),
      CASE(test_full_worker_is_tried_again),
      CASE(test_last_choice_counts),
      CASE(test_missing_model_is_refused),
      CASE(test_bad_model_is_refused),
      CASE(test_pipe_is_refused),
      CASE(test_host_closes_while_a_pipe_is_chosen),
      CASE(test_former_names_are_known),
      CASE(test_former_names_are_the_bundles_only_without_a_file),
      CASE(test_model_changes_without_a_gap),
      CASE(test_chosen_model_is_the_one_that_plays),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
