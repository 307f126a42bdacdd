// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_third_architecture.c
   The outer door: with its own file and one row in the table, a third architecture is known to generate,
   evaluate, info, and the plugin.
*/

#include "tests/support/midi_file.h"
#include "tests/tools/command/last_bar.h"

#include "plugin/model/model_cache.h"
#include "plugin/model/model_file.h"
#include "tools/base/file.h"
#include "tools/base/options.h"
#include "tools/command/commands.h"

#include <fcntl.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { N_BARS = 4, N_MORE = 3, BAR = 96, N_IN_BAR = 3, MAX_ARGUMENTS = 16, MAX_OUTPUT = 1 << 16 };

static char folder[] = "/tmp/continuo-third-XXXXXX";
static char weights[64];
static char phrase[64];
static char longer[64];
static char printed[64];
static char output[MAX_OUTPUT]; ///< What the last command printed, on both outputs

/// Bars of three notes, no two of them the same
static void
write_phrase(void)
{
  CnNote notes[N_BARS * N_IN_BAR];
  for (int32_t i = 0; i < N_BARS * N_IN_BAR; ++i) {
    const int32_t bar = i / N_IN_BAR;
    notes[i]          = (CnNote){.onset    = bar * BAR + (i % N_IN_BAR) * (20 + bar),
                                 .duration = 10 + i,
                                 .pitch    = (uint8_t)(50 + 2 * i),
                                 .velocity = 80,
                                 .part     = CN_PART_MUSICIAN};
  }
  midi_file_write_notes(phrase, notes, N_BARS * N_IN_BAR, NULL, 0);
}

static int
set_up(void** const state)
{
  (void)state;
  assert_non_null(mkdtemp(folder));
  snprintf(weights, sizeof(weights), "%s/w.safetensors", folder);
  snprintf(phrase, sizeof(phrase), "%s/phrase.mid", folder);
  snprintf(longer, sizeof(longer), "%s/longer.mid", folder);
  snprintf(printed, sizeof(printed), "%s/printed", folder);
  assert_int_equal(cn_last_bar_save(weights, 70.0F), CN_STATUS_SUCCESS);
  write_phrase();
  return 0;
}

static int
tear_down(void** const state)
{
  (void)state;
  remove(weights);
  remove(phrase);
  remove(longer);
  remove(printed);
  return rmdir(folder);
}

/// Let both outputs go to a file, or back to where they went
static void
redirect(int saved[2], const int to_file)
{
  fflush(stdout);
  fflush(stderr);
  const int file = to_file ? open(printed, O_CREAT | O_TRUNC | O_WRONLY, 0600) : -1;
  for (int i = 0; i < 2; ++i) {
    if (to_file) {
      saved[i] = dup(STDOUT_FILENO + i);
    }
    assert_true(dup2(to_file ? file : saved[i], STDOUT_FILENO + i) >= 0);
    close(to_file ? -1 : saved[i]);
  }
  close(file);
}

/// Run a command with arguments up to a null; @return its exit status
static int
run(int (*const command)(int, char**), ...)
{
  char*   arguments[MAX_ARGUMENTS] = {(char[]){"continuo"}};
  int     n                        = 1;
  int     saved[2]                 = {-1, -1};
  va_list args;
  va_start(args, command);
  while (n < MAX_ARGUMENTS - 1 && (arguments[n] = va_arg(args, char*))) {
    ++n;
  }
  va_end(args);
  optind = 0; // Of another command
  redirect(saved, 1);
  const int status = command(n, arguments);
  redirect(saved, 0);

  uint8_t* data = NULL;
  size_t   size = 0;
  assert_int_equal(cn_file_read(printed, MAX_OUTPUT - 1, &data, &size), CN_STATUS_SUCCESS);
  memcpy(output, data, size);
  output[size] = '\0';
  free(data);
  return status;
}

static void
assert_told(const char* const text)
{
  if (!strstr(output, text)) {
    fail_msg("'%s' is not in: %s", text, output);
  }
}

static void
test_generate_plays_it(void** const state)
{
  (void)state;
  assert_int_equal(
      run(cn_cmd_generate, "-m", weights, "--seed", phrase, "--bars", "3", "-o", longer, (char*)NULL),
      CN_EXIT_OK);
  CnScore* const score = midi_file_read_score(longer);
  assert_int_equal(score->n_notes, (N_BARS + N_MORE) * N_IN_BAR);
  for (size_t i = N_BARS * N_IN_BAR; i < score->n_notes; ++i) {
    const CnNote* const note   = &score->notes[i];
    const CnNote* const before = &score->notes[i - N_IN_BAR];
    assert_int_equal(note->onset, before->onset + BAR);
    assert_int_equal(note->pitch, before->pitch);
    assert_int_equal(note->duration, before->duration);
    assert_int_equal(note->velocity, 70);
    assert_int_equal(note->part, CN_PART_CONTINUO);
  }
  cn_score_free(score);
}

static void
test_evaluate_says_what_it_cannot_tell(void** const state)
{
  (void)state;
  assert_int_equal(run(cn_cmd_evaluate, "-m", weights, phrase, (char*)NULL), CN_EXIT_OK);
  assert_told("last-bar: a kind of model that tells no likelihoods");
  assert_int_equal(run(cn_cmd_evaluate, "-m", weights, "--json", phrase, (char*)NULL), CN_EXIT_OK);
  json_t* const json = json_loads(output, 0, NULL);
  assert_int_equal(json_integer_value(json_object_get(json, "notes")), N_BARS * N_IN_BAR - 1);
  assert_true(json_is_null(json_object_get(json_object_get(json, "nll"), "pitch")));
  assert_true(json_is_null(json_object_get(json_object_get(json, "nll"), "total")));
  json_decref(json);
}

static void
test_info_describes_it(void** const state)
{
  (void)state;
  assert_int_equal(run(cn_cmd_info, weights, (char*)NULL), CN_EXIT_OK);
  assert_told("network      the last bar, at 70");
  assert_told("parameters   1 in 1 tensors");
  assert_int_equal(run(cn_cmd_info, "--json", weights, (char*)NULL), CN_EXIT_OK);
  json_t* const       json  = json_loads(output, 0, NULL);
  const json_t* const model = json_object_get(json, "model");
  assert_string_equal(json_string_value(json_object_get(model, "architecture")), "last-bar");
  assert_string_equal(json_string_value(json_object_get(model, "description")), "the last bar, at 70");
  json_decref(json);
}

static void
test_bad_weights_are_refused(void** const state)
{
  (void)state;
  assert_int_equal(cn_last_bar_save(weights, 200.0F), CN_STATUS_SUCCESS);
  assert_int_equal(run(cn_cmd_info, weights, (char*)NULL), CN_EXIT_FAILURE);
  assert_told("no velocity: 200");
  assert_int_equal(run(cn_cmd_evaluate, "-m", weights, phrase, (char*)NULL), CN_EXIT_FAILURE);
  assert_told("no velocity: 200");
  assert_int_equal(cn_last_bar_save(weights, 70.0F), CN_STATUS_SUCCESS);
}

// No row of the command's own says how
static void
test_train_cannot_make_it(void** const state)
{
  (void)state;
  assert_int_equal(run(cn_cmd_train, "--arch", "last-bar", folder, "-o", longer, (char*)NULL), CN_EXIT_USAGE);
  assert_told("'last-bar' is none of continuo, notebook");
}

static void
test_plugin_plays_it(void** const state)
{
  (void)state;
  char        fault[128] = "";
  CnAnyModel  model;
  CnModelFile file;
  assert_int_equal(cn_model_cache_get(weights, &model, CN_FAULT(fault)), CN_STATUS_SUCCESS);
  assert_ptr_equal(model.architecture, &cn_last_bar_architecture);
  assert_int_equal(cn_model_file_load(weights, &file, CN_FAULT(fault)), CN_STATUS_SUCCESS);
  assert_ptr_equal(file.model.handle, model.handle); // One copy for both
  assert_true(file.planner.id == cn_any_model_id(&model));

  const CnNote        note    = {.onset = 4, .duration = 24, .bar = {4, BAR}, .pitch = 60, .velocity = 64};
  const CnPlanRequest request = {
      .segment = BAR / CN_SEGMENT_TICKS, .bar = {BAR, BAR}, .history = &note, .n_history = 1};
  CnNote   notes[CN_SEGMENT_NOTES];
  uint32_t n = 0;
  assert_int_equal(file.planner.plan(file.planner.handle, &request, notes, &n), CN_STATUS_SUCCESS);
  assert_int_equal(n, 1);
  assert_int_equal(notes[0].onset, BAR + 4);
  assert_int_equal(notes[0].velocity, 70);
  cn_model_file_clear(&file);
  cn_model_cache_put(&model);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_generate_plays_it),    cmocka_unit_test(test_evaluate_says_what_it_cannot_tell),
      cmocka_unit_test(test_info_describes_it),    cmocka_unit_test(test_bad_weights_are_refused),
      cmocka_unit_test(test_train_cannot_make_it), cmocka_unit_test(test_plugin_plays_it),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
