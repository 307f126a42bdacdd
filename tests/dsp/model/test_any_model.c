// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/scratch.h"
#include "tests/support/tiny_model.h"
#include "tests/support/tiny_notebook.h"

#include "dsp/file/safetensors.h"
#include "dsp/model/any_model.h"
#include "dsp/network/architecture.h"
#include "dsp/network/model.h"
#include "dsp/notebook/architecture.h"
#include "dsp/notebook/model.h"
#include "tools/base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char* path;

static int
set_up(void** const state)
{
  (void)state;
  path = cn_scratch_own("any.safetensors");
  return 0;
}

static int
tear_down(void** const state)
{
  (void)state;
  remove(path);
  return 0;
}

// Load the first bytes of the file; 0: all of it
static CnStatus
load(const size_t n_bytes, CnAnyModel* const model, char fault[128])
{
  uint8_t* data = NULL;
  size_t   size = 0;
  fault[0]      = '\0';
  assert_int_equal(cn_file_read(path, 1 << 24, &data, &size), CN_STATUS_SUCCESS);
  const size_t   n    = n_bytes && n_bytes < size ? n_bytes : size;
  uint8_t* const part = malloc(n); // So that a sanitizer sees where it ends
  assert_non_null(part);
  memcpy(part, data, n);
  const CnStatus status = cn_any_model_load(part, n, model, ((CnFault){fault, 128}));
  assert_int_equal(cn_any_model_is_there(model), status == CN_STATUS_SUCCESS);
  assert_int_equal(fault[0] != '\0', status != CN_STATUS_SUCCESS);
  free(part);
  free(data);
  return status;
}

// A model plays by a composer of its kind
static void
check_plays(const CnAnyModel* const model, const uint64_t id)
{
  const CnNote        note    = {.duration = 24, .bar = {0, 96}, .pitch = 60, .velocity = 64};
  const CnPlanRequest request = {
      .segment   = 9,
      .bar       = {0, 96},
      .params    = {.temperature = 1.0F, .top_p = 1.0F, .chord = CN_CHORD_NONE, .take = 1},
      .history   = &note,
      .n_history = 1,
  };
  CnAnyComposer composer;
  CnNote        notes[CN_SEGMENT_NOTES];
  uint32_t      n = 0;
  assert_int_equal(cn_any_composer_init(&composer, model), CN_STATUS_SUCCESS);
  const CnPlanner planner = cn_any_composer_planner(&composer);
  assert_true(planner.id == id);
  assert_int_equal(planner.plan(planner.handle, &request, notes, &n), CN_STATUS_SUCCESS);
  assert_true(n > 0);
  cn_any_composer_clear(&composer);
  cn_any_composer_clear(&composer);
}

static void
test_continuo_is_known(void** const state)
{
  (void)state;
  CnAnyModel model;
  char       text[160];
  assert_int_equal(cn_tiny_model(path, 1), CN_STATUS_SUCCESS);
  assert_int_equal(load(0, &model, text), CN_STATUS_SUCCESS);
  assert_ptr_equal(model.architecture, &cn_network_architecture);
  assert_true(cn_any_model_id(&model) == cn_model_id(model.handle));
  check_plays(&model, cn_model_id(model.handle));
  cn_any_model_describe(&model, text, sizeof(text));
  assert_string_equal(text, "lstm of 8");
  cn_any_model_free(&model);
  cn_any_model_free(&model);
  assert_false(cn_any_model_is_there(&model));
}

static void
test_notebook_is_known(void** const state)
{
  (void)state;
  CnAnyModel model;
  char       text[160];
  assert_int_equal(cn_tiny_notebook(path, 1, CN_NOTEBOOK_SECONDS), CN_STATUS_SUCCESS);
  assert_int_equal(load(0, &model, text), CN_STATUS_SUCCESS);
  assert_ptr_equal(model.architecture, &cn_notebook_architecture);
  assert_true(cn_any_model_id(&model) == cn_notebook_model_id(model.handle));
  check_plays(&model, cn_notebook_model_id(model.handle));
  cn_any_model_describe(&model, text, sizeof(text));
  assert_non_null(strstr(text, "seconds"));
  cn_any_model_free(&model);
}

static void
write_architecture(const char* const name)
{
  uint8_t*               data   = NULL;
  size_t                 size   = 0;
  CnTensorsWriter* const writer = cn_tensors_writer_new();
  if (name) {
    assert_int_equal(cn_tensors_writer_add_metadata(writer, "architecture", name), CN_STATUS_SUCCESS);
  }
  assert_int_equal(cn_tensors_writer_finish(writer, &data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(cn_file_write(path, data, size), CN_STATUS_SUCCESS);
  cn_tensors_writer_free(writer);
  free(data);
}

static void
test_others_are_refused_by_name(void** const state)
{
  (void)state;
  CnAnyModel model;
  char       fault[128];
  write_architecture("transformer");
  assert_int_equal(load(0, &model, fault), CN_STATUS_UNSUPPORTED);
  assert_non_null(strstr(fault, "'architecture' is transformer"));
  write_architecture(NULL);
  assert_int_equal(load(0, &model, fault), CN_STATUS_UNSUPPORTED);
  assert_non_null(strstr(fault, "missing"));
  write_architecture("notebook"); // And nothing else
  assert_int_equal(load(0, &model, fault), CN_STATUS_BAD_VALUE);
  write_architecture("seed"); // The same in old files
  assert_int_equal(load(0, &model, fault), CN_STATUS_BAD_VALUE);
}

// Each is known by its distance, and by its numbers
static void
test_attention_is_known_with_its_distance(void** const state)
{
  (void)state;
  uint64_t ids[3];
  for (unsigned d = CN_DISTANCE_TIME; d <= CN_DISTANCE_NOTES; ++d) {
    CnAnyModel model;
    char       fault[128];
    assert_int_equal(cn_tiny_attention(path, (CnDistance)d, 1), CN_STATUS_SUCCESS);
    assert_int_equal(load(0, &model, fault), CN_STATUS_SUCCESS);
    ids[d] = cn_any_model_id(&model);
    cn_any_model_free(&model);
  }
  assert_true(ids[0] != ids[1] && ids[1] != ids[2] && ids[2] != ids[0]);
}

// Where the file has some words; null if nowhere
static uint8_t*
find_words(uint8_t* const data, const size_t size, const char* const words)
{
  const size_t n = strlen(words);
  for (size_t i = 0; i + n <= size; ++i) {
    if (!memcmp(data + i, words, n)) {
      return data + i;
    }
  }
  return NULL;
}

// Put others in their place, as long
static void
put_words(const char* const from, const char* const to)
{
  uint8_t* data = NULL;
  size_t   size = 0;
  assert_int_equal(cn_file_read(path, 1 << 24, &data, &size), CN_STATUS_SUCCESS);
  uint8_t* const at = find_words(data, size, from);
  assert_non_null(at);
  memcpy(at, to, strlen(from));
  assert_int_equal(cn_file_write(path, data, size), CN_STATUS_SUCCESS);
  free(data);
}

static void
test_another_distance_is_refused_in_words(void** const state)
{
  (void)state;
  CnAnyModel model;
  char       fault[128];
  assert_int_equal(cn_tiny_attention(path, CN_DISTANCE_ROTARY, 1), CN_STATUS_SUCCESS);
  put_words("\"rotary\"", "\"radial\"");
  assert_int_equal(load(0, &model, fault), CN_STATUS_UNSUPPORTED);
  assert_non_null(strstr(fault, "'distance' is none of time, rotary and notes"));

  // Biases that are not there, and those that are of something else
  assert_int_equal(cn_tiny_attention(path, CN_DISTANCE_ROTARY, 1), CN_STATUS_SUCCESS);
  put_words("\"distance\"", "\"distant!\"");
  assert_int_not_equal(load(0, &model, fault), CN_STATUS_SUCCESS);
  assert_non_null(strstr(fault, "attention.spans.bias"));
  assert_int_equal(cn_tiny_attention(path, CN_DISTANCE_NOTES, 1), CN_STATUS_SUCCESS);
  put_words("\"distance\"", "\"distant!\"");
  assert_int_not_equal(load(0, &model, fault), CN_STATUS_SUCCESS);
  assert_non_null(strstr(fault, "attention.spans.bias"));

  // What says nothing is of time, as all files were
  assert_int_equal(cn_tiny_attention(path, CN_DISTANCE_TIME, 1), CN_STATUS_SUCCESS);
  uint8_t* data = NULL;
  size_t   size = 0;
  assert_int_equal(cn_file_read(path, 1 << 24, &data, &size), CN_STATUS_SUCCESS);
  assert_null(find_words(data, size, "distance"));
  free(data);
}

// Wherever a file ends, it is refused
static void
test_cut_files_are_refused(void** const state)
{
  (void)state;
  CnAnyModel model;
  char       fault[128];
  for (unsigned kind = 0; kind < 2; ++kind) {
    assert_int_equal(kind ? cn_tiny_notebook(path, 1, CN_NOTEBOOK_BEATS) : cn_tiny_model(path, 1),
                     CN_STATUS_SUCCESS);
    for (size_t size = 1; size < 6000; size += size < 20 ? 1 : 61) {
      assert_int_not_equal(load(size, &model, fault), CN_STATUS_SUCCESS);
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_continuo_is_known),
      cmocka_unit_test(test_notebook_is_known),
      cmocka_unit_test(test_others_are_refused_by_name),
      cmocka_unit_test(test_attention_is_known_with_its_distance),
      cmocka_unit_test(test_another_distance_is_refused_in_words),
      cmocka_unit_test(test_cut_files_are_refused),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
