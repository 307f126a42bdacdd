// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/alloc.h"
#include "tests/support/scratch.h"
#include "tests/support/tiny_notebook.h"

#include "dsp/file/safetensors.h"
#include "dsp/notebook/features.h"
#include "dsp/notebook/model.h"
#include "dsp/notebook/network.h"
#include "tools/base/file.h"
#include "tools/notebook/weights.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_NOTES 80

static void
make_notes(CnNote* const notes, const uint32_t n)
{
  int32_t onset = 0;
  for (uint32_t i = 0; i < n; ++i) {
    onset += (int32_t)(i * 7 % 5) * 3;
    notes[i] = (CnNote){.onset    = onset,
                        .duration = 3 + (int32_t)(i * 5 % 40),
                        .pitch    = (uint8_t)(40 + i * 11 % 37),
                        .velocity = 64};
  }
}

static size_t
count(const CnNotebookTask task, const char* const widths)
{
  CnNotebookStack stack;
  CnNotebookNet   net;
  assert_true(cn_notebook_stack_parse(widths, &stack));
  assert_int_equal(cn_notebook_net_init(&net, task, &stack), CN_STATUS_SUCCESS);
  return cn_notebook_net_count(&net);
}

static void
test_the_authors_sizes_count_as_his(void** const state)
{
  (void)state;
  assert_int_equal(count(CN_NOTEBOOK_PITCH, "512,256,128"), 5076568);
  assert_int_equal(count(CN_NOTEBOOK_TIMING, "256,256"), 1320450);
}

static void
test_widths_are_read_and_written(void** const state)
{
  (void)state;
  static const char* const bad[] = {
      "", ",", "0", "8,", ",8", "8,,8", "8;8", "-8", " 8", "2049", "1,2,3,4,5,6,7", "99999999999999999999"};

  CnNotebookStack stack;
  char            text[64];
  assert_true(cn_notebook_stack_parse("512,256,128", &stack));
  assert_int_equal(stack.n_layers, 3);
  assert_int_equal(stack.width[1], 256);
  cn_notebook_stack_format(&stack, text, sizeof(text));
  assert_string_equal(text, "512,256,128");
  for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); ++i) {
    if (cn_notebook_stack_parse(bad[i], &stack)) {
      fail_msg("'%s' is taken for widths", bad[i]);
    }
  }
}

static CnNotebookModel*
load(const char* const path, char fault[128])
{
  uint8_t*         data  = NULL;
  size_t           size  = 0;
  CnNotebookModel* model = NULL;
  fault[0]               = '\0';
  assert_int_equal(cn_file_read(path, 1 << 24, &data, &size), CN_STATUS_SUCCESS);
  const CnStatus status = cn_notebook_model_load(data, size, &model, ((CnFault){fault, 128}));
  assert_int_equal(!model, status != CN_STATUS_SUCCESS);
  free(data);
  return model;
}

static void
test_a_file_gives_back_what_was_written(void** const state)
{
  (void)state;
  const char* const path = cn_scratch_own("model.safetensors");

  char fault[128];
  assert_int_equal(cn_tiny_notebook(path, 3, CN_NOTEBOOK_SECONDS), CN_STATUS_SUCCESS);
  CnNotebookModel* const model   = load(path, fault);
  CnNotebookModel* const written = cn_tiny_notebook_model(3, CN_NOTEBOOK_SECONDS);
  CnNotebookModel* const other   = cn_tiny_notebook_model(4, CN_NOTEBOOK_SECONDS);
  assert_non_null(model);

  const CnNotebookScale scale = cn_tiny_notebook_scale(CN_NOTEBOOK_SECONDS);
  assert_memory_equal(cn_notebook_model_scale(model), &scale, sizeof(scale));
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    CnNotebookTensor           tensors[CN_NOTEBOOK_MAX_TENSORS];
    const CnNotebookNet* const net = cn_notebook_model_net(model, (CnNotebookTask)i);
    const size_t               n   = cn_notebook_net_tensors(net, (CnNotebookTask)i, tensors);
    const float* const         is  = cn_notebook_model_parameters(model, (CnNotebookTask)i);
    const float* const         was = cn_notebook_model_parameters(written, (CnNotebookTask)i);
    for (size_t k = 0; k < n; ++k) {
      for (size_t j = 0; j < tensors[k].rows; ++j) {
        const size_t at = tensors[k].offset + j;
        assert_float_equal(is[at], was[at], 0.0005F);
      }
    }
  }
  assert_int_not_equal(cn_notebook_model_id(written), cn_notebook_model_id(other));
  assert_int_not_equal(cn_notebook_model_id(written), cn_notebook_model_id(model)); // 16 bits lose some
  cn_notebook_model_free(model);
  cn_notebook_model_free(written);
  cn_notebook_model_free(other);
  remove(path);
}

// What all pitches and both times are after some notes
static void
predict(const CnNotebookModel* const model, float out[CN_N_PITCHES + 2])
{
  CnNotebookNetwork* const network = cn_notebook_network_new(model);
  CnNote                   notes[N_NOTES];
  assert_non_null(network);
  make_notes(notes, N_NOTES);
  cn_notebook_network_pitch(network, notes, N_NOTES, out);
  cn_notebook_network_timing(network, notes, N_NOTES, &out[CN_N_PITCHES], &out[CN_N_PITCHES + 1]);
  cn_notebook_network_free(network);
}

static void
save_eight(const char* const path, const CnNotebookModel* const model)
{
  const CnNotebookNet nets[2]       = {*cn_notebook_model_net(model, 0), *cn_notebook_model_net(model, 1)};
  const float* const  parameters[2] = {cn_notebook_model_parameters(model, 0),
                                       cn_notebook_model_parameters(model, 1)};
  assert_int_equal(cn_notebook_weights_save(path, nets, cn_notebook_model_scale(model), NULL, parameters,
                                            CN_DTYPE_I8, NULL, 0),
                   CN_STATUS_SUCCESS);
}

// A file of 8 bits plays by them, and nearly as floats of the same numbers do
static void
test_eight_bits_play_nearly_as_floats(void** const state)
{
  (void)state;
  const char* const path = cn_scratch_own("eight.safetensors");

  char                   fault[128];
  float                  is[CN_N_PITCHES + 2];
  float                  by_floats[CN_N_PITCHES + 2];
  bool                   differs = false;
  CnNotebookModel* const model   = cn_tiny_notebook_model(5, CN_NOTEBOOK_BEATS);
  const CnNotebookNet    nets[2] = {*cn_notebook_model_net(model, 0), *cn_notebook_model_net(model, 1)};
  save_eight(path, model);
  CnNotebookModel* const eight = load(path, fault);
  assert_non_null(eight);
  const float* const     rounded[2] = {cn_notebook_model_parameters(eight, 0),
                                       cn_notebook_model_parameters(eight, 1)};
  CnNotebookModel* const floats = cn_notebook_model_new(nets, cn_notebook_model_scale(model), NULL, rounded);
  assert_int_equal(cn_notebook_model_matrices(eight, CN_NOTEBOOK_PITCH, 1)->input.kind, CN_NUMBER_INT8);
  assert_int_equal(cn_notebook_model_matrices(floats, CN_NOTEBOOK_PITCH, 1)->input.kind, CN_NUMBER_FLOAT);
  assert_int_not_equal(cn_notebook_model_id(eight), cn_notebook_model_id(floats));

  predict(eight, is);
  predict(floats, by_floats);
  for (unsigned i = 0; i < CN_N_PITCHES + 2; ++i) {
    assert_float_equal(is[i], by_floats[i], 0.02F);
    differs = differs || is[i] != by_floats[i];
  }
  assert_true(differs);
  cn_notebook_model_free(model);
  cn_notebook_model_free(eight);
  cn_notebook_model_free(floats);
  remove(path);
}

// Write a model whose scale is changed, and expect it to be refused
static void
check_refused(void (*const spoil)(CnNotebookScale*))
{
  const char* const path = cn_scratch_own("bad.safetensors");

  char                   fault[128];
  CnNotebookModel* const model         = cn_tiny_notebook_model(1, CN_NOTEBOOK_BEATS);
  const CnNotebookNet    nets[2]       = {*cn_notebook_model_net(model, 0), *cn_notebook_model_net(model, 1)};
  const float* const     parameters[2] = {cn_notebook_model_parameters(model, 0),
                                          cn_notebook_model_parameters(model, 1)};
  CnNotebookScale        scale         = *cn_notebook_model_scale(model);
  spoil(&scale);
  assert_int_equal(cn_notebook_weights_save(path, nets, &scale, NULL, parameters, CN_DTYPE_F16, NULL, 0),
                   CN_STATUS_SUCCESS);
  assert_null(load(path, fault));
  assert_non_null(strstr(fault, "scale"));
  cn_notebook_model_free(model);
  remove(path);
}

static void
spoil_window(CnNotebookScale* const scale)
{
  scale->window = CN_NOTEBOOK_MAX_WINDOW + 1;
}

static void
spoil_pitch(CnNotebookScale* const scale)
{
  scale->pitch[0] = 60.0F;
}

static void
spoil_duration(CnNotebookScale* const scale)
{
  scale->duration[0] = 0.0F;
}

static void
spoil_step(CnNotebookScale* const scale)
{
  scale->step[1] = -1.0F;
}

static void
spoil_counts(CnNotebookScale* const scale)
{
  memset(scale->counts, 0, sizeof(scale->counts));
}

static void
test_impossible_preprocessing_is_refused(void** const state)
{
  (void)state;
  check_refused(spoil_window);
  check_refused(spoil_pitch);
  check_refused(spoil_duration);
  check_refused(spoil_step);
  check_refused(spoil_counts);
}

// Write a model with steps; they are read as they were written
static CnNotebookModel*
write_steps(const CnNotebookSteps* const steps, char fault[128])
{
  const char* const path = cn_scratch_own("steps.safetensors");

  CnNotebookModel* const model         = cn_tiny_notebook_model(1, CN_NOTEBOOK_BEATS);
  const CnNotebookNet    nets[2]       = {*cn_notebook_model_net(model, 0), *cn_notebook_model_net(model, 1)};
  const float* const     parameters[2] = {cn_notebook_model_parameters(model, 0),
                                          cn_notebook_model_parameters(model, 1)};
  assert_null(cn_notebook_model_steps(model));
  assert_int_equal(cn_notebook_weights_save(path, nets, cn_notebook_model_scale(model), steps, parameters,
                                            CN_DTYPE_F16, NULL, 0),
                   CN_STATUS_SUCCESS);
  cn_notebook_model_free(model);
  CnNotebookModel* const read = load(path, fault);
  remove(path);
  return read;
}

static void
test_steps_travel_with_the_weights(void** const state)
{
  (void)state;
  char            fault[128];
  CnNotebookSteps steps = {{0}, {{0}}};
  for (unsigned b = 0; b < CN_NOTEBOOK_STEP_BINS; ++b) {
    for (unsigned q = 0; q < CN_NOTEBOOK_STEP_QUANTILES; ++q) {
      steps.came[b][q] = 0.01F * (float)(b * q);
    }
    steps.edges[b ? b - 1 : 0] = 0.1F * (float)b;
  }
  CnNotebookModel* const model = write_steps(&steps, fault);
  assert_non_null(model);
  assert_memory_equal(cn_notebook_model_steps(model), &steps, sizeof(steps));
  cn_notebook_model_free(model);

  steps.came[3][5] = -1.0F;
  assert_null(write_steps(&steps, fault));
  assert_non_null(strstr(fault, "out of order"));
  steps.came[3][5] = 0.15F;
  steps.edges[4]   = 9.0F;
  assert_null(write_steps(&steps, fault));
}

static void
test_features_are_those_of_the_book(void** const state)
{
  (void)state;
  CnNotebookScale scale = cn_tiny_notebook_scale(CN_NOTEBOOK_BEATS);
  scale.window          = 2;

  const CnNote notes[] = {{.onset = 0, .duration = 24, .pitch = 21},
                          {.onset = 24, .duration = 96, .pitch = 106},
                          {.onset = 30, .duration = 12, .pitch = 108}, // Left out
                          {.onset = 36, .duration = 200, .pitch = 21}};

  float row[2][CN_NOTEBOOK_FEATURES];
  assert_int_equal(cn_notebook_features(&scale, notes, 4, 24.0, row[0]), 2);
  assert_float_equal(row[0][0], 1.0, 1e-6); // The window begins with the second note
  assert_float_equal(row[0][1], 1.0, 1e-6);
  assert_float_equal(row[0][2], 0.430677, 1e-6); // log 2 / log 5
  assert_float_equal(row[1][0], 0.0, 1e-6);
  assert_float_equal(row[1][1], 1.0, 1e-6);      // No more than the largest
  assert_float_equal(row[1][2], 0.251930, 1e-6); // log 1.5 / log 5
  assert_int_equal(cn_notebook_features(&scale, notes, 1, 24.0, row[0]), 1);
  assert_float_equal(row[0][2], 0.0, 1e-6);
  assert_int_equal(cn_notebook_features(&scale, notes, 0, 24.0, row[0]), 0);
  assert_float_equal(cn_notebook_denormalise(scale.step, 0.430677F), 1.0, 1e-5);
}

static void
test_prediction_is_of_the_window_alone(void** const state)
{
  (void)state;
  CnNotebookModel* const   model   = cn_tiny_notebook_model(1, CN_NOTEBOOK_BEATS);
  CnNotebookNetwork* const network = cn_notebook_network_new(model);
  CnNote                   notes[N_NOTES];
  float                    logits[3][CN_N_PITCHES];
  float                    time[3][2];
  make_notes(notes, N_NOTES);

  cn_notebook_network_pitch(network, notes, N_NOTES, logits[0]);
  cn_notebook_network_timing(network, notes, N_NOTES, &time[0][0], &time[0][1]);
  notes[N_NOTES - 52].pitch = 50; // Before the window
  cn_notebook_network_pitch(network, notes, N_NOTES, logits[1]);
  cn_notebook_network_timing(network, notes, N_NOTES, &time[1][0], &time[1][1]);
  notes[N_NOTES - 1].pitch = 50; // Its last note
  cn_notebook_network_pitch(network, notes, N_NOTES, logits[2]);
  cn_notebook_network_timing(network, notes, N_NOTES, &time[2][0], &time[2][1]);

  assert_memory_equal(logits[0], logits[1], sizeof(logits[0]));
  assert_memory_equal(time[0], time[1], sizeof(time[0]));
  assert_memory_not_equal(logits[0], logits[2], sizeof(logits[0]));
  assert_memory_not_equal(time[0], time[2], sizeof(time[0]));
  assert_true(logits[0][CN_N_PITCHES - 1] <= CN_NOTEBOOK_LOGIT_NEVER);
  assert_true(logits[0][CN_N_PITCHES - 3] > -100.0F);
  assert_true(time[0][0] > 0.0F && time[0][0] < 4.0F && time[0][1] > 0.0F && time[0][1] < 4.0F);
  cn_notebook_network_free(network);
  cn_notebook_model_free(model);
}

static void
test_few_notes_are_enough(void** const state)
{
  (void)state;
  CnNotebookModel* const   model   = cn_tiny_notebook_model(1, CN_NOTEBOOK_BEATS);
  CnNotebookNetwork* const network = cn_notebook_network_new(model);
  const CnNote             rare    = {.onset = 0, .duration = 24, .pitch = CN_PITCH_MAX};
  CnNote                   notes[1];
  float                    none[CN_N_PITCHES];
  float                    one[CN_N_PITCHES];
  float                    duration = 0.0F;
  float                    step     = 0.0F;
  make_notes(notes, 1);
  cn_notebook_network_pitch(network, notes, 1, one);
  cn_notebook_network_pitch(network, notes, 0, none);
  assert_memory_not_equal(one, none, sizeof(one));
  cn_notebook_network_pitch(network, &rare, 1, one);
  assert_memory_equal(one, none, sizeof(one));
  cn_notebook_network_timing(network, NULL, 0, &duration, &step);
  assert_true(duration > 0.0F && step > 0.0F);
  cn_notebook_network_free(network);
  cn_notebook_model_free(model);
}

static void
test_tempo_counts_for_seconds_alone(void** const state)
{
  (void)state;
  for (unsigned unit = 0; unit < 2; ++unit) {
    CnNotebookModel* const   model   = cn_tiny_notebook_model(1, (CnNotebookUnit)unit);
    CnNotebookNetwork* const network = cn_notebook_network_new(model);
    CnNote                   notes[N_NOTES];
    float                    logits[2][CN_N_PITCHES];
    make_notes(notes, N_NOTES);
    cn_notebook_network_pitch(network, notes, N_NOTES, logits[0]);
    cn_notebook_network_set_tempo(network, 24.0);
    cn_notebook_network_pitch(network, notes, N_NOTES, logits[1]);
    if (unit == CN_NOTEBOOK_SECONDS) {
      assert_memory_not_equal(logits[0], logits[1], sizeof(logits[0]));
    } else {
      assert_memory_equal(logits[0], logits[1], sizeof(logits[0]));
    }
    cn_notebook_network_free(network);
    cn_notebook_model_free(model);
  }
}

// Whichever allocation fails, nothing is left and nothing crashes
static void
test_memory_may_run_out(void** const state)
{
  (void)state;
  const char* const path = cn_scratch_own("memory.safetensors");

  uint8_t* data = NULL;
  size_t   size = 0;
  char     fault[128];

  CnNotebookModel* const written = cn_tiny_notebook_model(1, CN_NOTEBOOK_BEATS);
  save_eight(path, written); // Which takes more memory than floats
  cn_notebook_model_free(written);
  assert_int_equal(cn_file_read(path, 1 << 20, &data, &size), CN_STATUS_SUCCESS);

  const long       before  = test_alloc_live();
  CnNotebookModel* model   = NULL;
  long             n_tries = 0;
  for (; test_alloc_fail_at(n_tries), cn_notebook_model_load(data, size, &model, CN_FAULT(fault));
       ++n_tries) {
    test_alloc_fail_at(-1);
    assert_null(model);
    assert_int_equal(test_alloc_live(), before);
  }
  test_alloc_fail_at(0);
  CnNotebookNetwork* const none = cn_notebook_network_new(model);
  test_alloc_fail_at(-1);
  assert_true(n_tries > 1);
  assert_null(none);
  cn_notebook_model_free(model);
  free(data);
  remove(path);
}

// Nothing is allocated where it plays
static void
test_playing_allocates_nothing(void** const state)
{
  (void)state;
  CnNotebookModel* const   model   = cn_tiny_notebook_model(1, CN_NOTEBOOK_BEATS);
  CnNotebookNetwork* const network = cn_notebook_network_new(model);
  CnNote                   notes[N_NOTES];
  float                    logits[CN_N_PITCHES];
  float                    time[2];
  make_notes(notes, N_NOTES);

  const long before = test_alloc_made();
  cn_notebook_network_pitch(network, notes, N_NOTES, logits);
  cn_notebook_network_timing(network, notes, N_NOTES, &time[0], &time[1]);
  assert_int_equal(test_alloc_made(), before);
  cn_notebook_network_free(network);
  cn_notebook_model_free(model);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_authors_sizes_count_as_his),
      cmocka_unit_test(test_widths_are_read_and_written),
      cmocka_unit_test(test_a_file_gives_back_what_was_written),
      cmocka_unit_test(test_eight_bits_play_nearly_as_floats),
      cmocka_unit_test(test_impossible_preprocessing_is_refused),
      cmocka_unit_test(test_steps_travel_with_the_weights),
      cmocka_unit_test(test_features_are_those_of_the_book),
      cmocka_unit_test(test_prediction_is_of_the_window_alone),
      cmocka_unit_test(test_few_notes_are_enough),
      cmocka_unit_test(test_memory_may_run_out),
      cmocka_unit_test(test_playing_allocates_nothing),
      cmocka_unit_test(test_tempo_counts_for_seconds_alone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
