// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  Checkpoints: what is written comes back or is refused, and a run that goes on from one ends as the run
  that was never interrupted.
*/

#include "tests/support/small_corpus.h"

#include "tools/base/file.h"
#include "tools/learn/checkpoint.h"
#include "tools/learn/trainer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define TO_THE_END UINT64_MAX

static char path[64];

static int
setup(void** const state)
{
  (void)state;
  snprintf(path, sizeof(path), "/tmp/continuo-checkpoint-XXXXXX");
  const int file = mkstemp(path);
  assert_true(file >= 0);
  return close(file);
}

static int
teardown(void** const state)
{
  (void)state;
  return remove(path);
}

// The file

static void
write_some(void)
{
  CnCheckpoint checkpoint = {0};
  uint32_t     number     = 7;
  char         word[]     = "any length";
  char*        text       = word;
  double       numbers[3] = {1.0, 2.0, 3.0};
  cn_checkpoint_field(&checkpoint, &number, sizeof(number));
  cn_checkpoint_text(&checkpoint, &text);
  cn_checkpoint_field(&checkpoint, numbers, sizeof(numbers));
  assert_int_equal(cn_checkpoint_save(&checkpoint, path), CN_STATUS_SUCCESS);
  cn_checkpoint_clear(&checkpoint);
}

static CnStatus
load(CnCheckpoint* const checkpoint, const char* const reason)
{
  char           fault[256] = "";
  const CnStatus status     = cn_checkpoint_load(checkpoint, path, CN_FAULT(fault));
  if (status && (!strstr(fault, path) || !strstr(fault, reason))) {
    fail_msg("'%s' does not tell '%s' of %s", fault, reason, path);
  }
  return status;
}

static void
test_fields_come_back(void** const state)
{
  (void)state;
  CnCheckpoint checkpoint = {0};
  uint32_t     number     = 0;
  char*        text       = NULL;
  double       numbers[3] = {0.0, 0.0, 0.0};
  write_some();
  assert_int_equal(load(&checkpoint, ""), CN_STATUS_SUCCESS);
  cn_checkpoint_field(&checkpoint, &number, sizeof(number));
  cn_checkpoint_text(&checkpoint, &text);
  cn_checkpoint_field(&checkpoint, numbers, sizeof(numbers));
  assert_int_equal(checkpoint.status, CN_STATUS_SUCCESS);
  assert_int_equal(number, 7);
  assert_string_equal(text, "any length");
  assert_true(numbers[0] == 1.0 && numbers[1] == 2.0 && numbers[2] == 3.0);
  cn_checkpoint_field(&checkpoint, &number, sizeof(number)); // There is no more
  assert_int_equal(checkpoint.status, CN_STATUS_TRUNCATED);
  free(text);
  cn_checkpoint_clear(&checkpoint);
}

static void
test_field_of_another_size_is_refused(void** const state)
{
  (void)state;
  CnCheckpoint checkpoint = {0};
  uint64_t     number     = 1;
  write_some();
  assert_int_equal(load(&checkpoint, ""), CN_STATUS_SUCCESS);
  cn_checkpoint_field(&checkpoint, &number, sizeof(number));
  assert_int_equal(checkpoint.status, CN_STATUS_BAD_SHAPE);
  assert_int_equal(number, 1);
  cn_checkpoint_clear(&checkpoint);
}

static void
test_damaged_files_are_refused(void** const state)
{
  (void)state;
  CnCheckpoint checkpoint = {0};
  uint8_t*     data       = NULL;
  size_t       size       = 0;
  write_some();
  assert_int_equal(cn_file_read(path, 1000, &data, &size), CN_STATUS_SUCCESS);
  for (size_t cut = 0; cut < size; ++cut) {
    assert_int_equal(cn_file_write(path, data, cut), CN_STATUS_SUCCESS);
    assert_true(load(&checkpoint, cut < 40 ? "not a checkpoint" : "its end is missing"));
    assert_null(checkpoint.data);
  }
  for (size_t i = 0; i < size; ++i) {
    data[i] ^= 1U;
    assert_int_equal(cn_file_write(path, data, size), CN_STATUS_SUCCESS);
    assert_true(load(&checkpoint, i < 24   ? "not a checkpoint"
                                  : i < 32 ? "its end is missing"
                                           : "it is damaged"));
    data[i] ^= 1U;
  }
  free(data);
  assert_int_equal(remove(path), 0);
  assert_int_equal(load(&checkpoint, "No such file"), CN_STATUS_IO);
  write_some();
}

// Streams

static void
test_stream_goes_on_from_any_place(void** const state)
{
  (void)state;
  static CnSmallCorpus   small;
  const CnStreamSettings settings = {.corpus         = &small.corpus,
                                     .split          = CN_SPLIT_TRAIN,
                                     .n_streams      = 3,
                                     .seed           = 5,
                                     .lowest_shift   = -5,
                                     .highest_shift  = 6,
                                     .loudness       = 12,
                                     .hide_motif     = 0.5F,
                                     .hide_chord     = 0.5F,
                                     .show_following = 0.7F};
  CnBatch                batch;
  CnBatch                again;
  cn_small_corpus_init(&small);
  assert_int_equal(cn_batch_init(&batch, 1, 37), CN_STATUS_SUCCESS);
  assert_int_equal(cn_batch_init(&again, 1, 37), CN_STATUS_SUCCESS);
  CnStream* const stream = cn_stream_new(&settings, 1);
  CnStream* const other  = cn_stream_new(&settings, 1);
  for (unsigned i = 0; i < 40; ++i) { // Through more than three deals, seams of pieces among the places
    const CnStreamPlace place = cn_stream_place(stream);
    assert_int_equal(cn_stream_seek(other, &place), CN_STATUS_SUCCESS);
    cn_stream_fill(stream, &batch, 0);
    cn_stream_fill(other, &again, 0);
    assert_memory_equal(batch.inputs, again.inputs, 37 * sizeof(CnNoteInput));
    assert_memory_equal(batch.sites, again.sites, CN_N_FACTORS * 37 * sizeof(CnHeadInput));
    assert_memory_equal(batch.begins, again.begins, 37);
  }
  CnStreamPlace place = cn_stream_place(stream);
  place.position      = CN_SMALL_NOTES + 1;
  assert_int_equal(cn_stream_seek(other, &place), CN_STATUS_BAD_VALUE);
  place.n_played = 1000;
  assert_int_equal(cn_stream_seek(other, &place), CN_STATUS_BAD_VALUE);
  cn_stream_free(stream);
  cn_stream_free(other);
  cn_batch_clear(&batch);
  cn_batch_clear(&again);
}

// Runs

typedef struct {
  CnTrainer*   trainer;
  uint64_t     last_step; // At which a checkpoint is written, and the run ends
  unsigned     n_validations;
  CnCheckpoint checkpoint;
} Run;

static bool
on_progress(void* const handle, const CnProgress* const progress)
{
  Run* const run = handle;
  run->n_validations += progress->is_validated;
  if (progress->step == run->last_step) {
    cn_checkpoint_rewind(&run->checkpoint);
    cn_trainer_exchange(run->trainer, &run->checkpoint);
    assert_int_equal(cn_checkpoint_save(&run->checkpoint, path), CN_STATUS_SUCCESS);
    return false;
  }
  return true;
}

static CnRecipe
make_recipe(const CnCell cell, const uint32_t n_threads)
{
  const bool is_attention = cell == CN_CELL_ATTENTION;
  return (CnRecipe){.shape          = {.cell   = cell,
                                       .hidden = 8,
                                       .head   = 8,
                                       .layers = is_attention ? 2 : 0,
                                       .heads  = is_attention ? 2 : 0,
                                       .window = is_attention ? 21 : 0}, // Longer than a batch
                    .n_threads      = n_threads,
                    .n_streams      = 8,
                    .n_steps        = 16,
                    .seed           = 1,
                    .epochs         = 4.0,
                    .rate           = 0.01F,
                    .dropout        = 0.3F,
                    .clip           = 1.0F,
                    .patience       = 3,
                    .hide_motif     = 0.5F,
                    .hide_chord     = 0.4F,
                    .show_following = 0.6F};
}

// Train up to a step, from a checkpoint or from the start, or from weights; the result if that is the end
static void
run_from(const CnSmallCorpus* const small, const CnRecipe* const recipe, const float* const weights,
         const bool is_resumed, const uint64_t last_step, float* const result)
{
  Run      run = {.last_step = last_step};
  CnLayout layout;
  assert_int_equal(cn_layout_init(&layout, &recipe->shape), CN_STATUS_SUCCESS);
  assert_int_equal(cn_trainer_new(&small->corpus, recipe, &layout, &run.trainer), CN_STATUS_SUCCESS);
  if (weights) {
    assert_int_equal(cn_trainer_start_from(run.trainer, weights), CN_STATUS_SUCCESS);
  }
  if (is_resumed) {
    assert_int_equal(load(&run.checkpoint, ""), CN_STATUS_SUCCESS);
    cn_trainer_exchange(run.trainer, &run.checkpoint);
    assert_int_equal(run.checkpoint.status, CN_STATUS_SUCCESS);
  }
  assert_int_equal(cn_trainer_run(run.trainer, on_progress, &run), CN_STATUS_SUCCESS);
  assert_int_equal(cn_trainer_is_over(run.trainer), last_step == TO_THE_END);
  memcpy(result, cn_trainer_result(run.trainer), layout.n_parameters * sizeof(float));
  cn_trainer_free(run.trainer);
  cn_checkpoint_clear(&run.checkpoint);
}

static void
run_to(const CnSmallCorpus* const small, const CnRecipe* const recipe, const bool is_resumed,
       const uint64_t last_step, float* const result)
{
  run_from(small, recipe, NULL, is_resumed, last_step, result);
}

// Interrupted at every few steps, before, at and after validations, which are every 10
static void
check_resuming(const CnCell cell, const CnDistance distance, const uint32_t n_threads)
{
  static const uint64_t steps[] = {1, 3, 9, 10, 11, 25, 39, TO_THE_END};

  static CnSmallCorpus small;
  CnRecipe             recipe = make_recipe(cell, n_threads);
  CnLayout             layout;
  recipe.shape.distance = distance;
  recipe.own            = 1.0F; // What is drawn is the same again
  cn_small_corpus_init(&small);
  assert_int_equal(cn_layout_init(&layout, &recipe.shape), CN_STATUS_SUCCESS);
  float* const whole = calloc(layout.n_parameters, sizeof(float));
  float* const parts = calloc(layout.n_parameters, sizeof(float));
  run_to(&small, &recipe, false, TO_THE_END, whole);
  for (unsigned i = 0; i < sizeof(steps) / sizeof(*steps); ++i) {
    run_to(&small, &recipe, i > 0, steps[i], parts);
    assert_int_equal(!memcmp(whole, parts, layout.n_parameters * sizeof(float)), steps[i] == TO_THE_END);
  }
  free(whole);
  free(parts);
}

static void
test_resumed_gru_is_the_same_bit_for_bit(void** const state)
{
  (void)state;
  check_resuming(CN_CELL_GRU, CN_DISTANCE_TIME, 1);
}

static void
test_resumed_lstm_of_two_workers_is_the_same_bit_for_bit(void** const state)
{
  (void)state;
  check_resuming(CN_CELL_LSTM, CN_DISTANCE_TIME, 2);
}

static void
test_resumed_attention_of_two_workers_is_the_same_bit_for_bit(void** const state)
{
  (void)state;
  check_resuming(CN_CELL_ATTENTION, CN_DISTANCE_TIME, 2);
  check_resuming(CN_CELL_ATTENTION, CN_DISTANCE_ROTARY, 2);
}

static void
test_patience_is_not_renewed_by_an_interruption(void** const state)
{
  (void)state;
  static CnSmallCorpus small;
  CnRecipe             recipe = make_recipe(CN_CELL_GRU, 1);
  CnLayout             layout;
  recipe.rate     = 0.0F; // Nothing ever gets better
  recipe.patience = 1;
  cn_small_corpus_init(&small);
  assert_int_equal(cn_layout_init(&layout, &recipe.shape), CN_STATUS_SUCCESS);
  Run run = {.last_step = TO_THE_END};
  assert_int_equal(cn_trainer_new(&small.corpus, &recipe, &layout, &run.trainer), CN_STATUS_SUCCESS);
  assert_int_equal(cn_trainer_run(run.trainer, on_progress, &run), CN_STATUS_SUCCESS);
  cn_trainer_exchange(run.trainer, &run.checkpoint);
  assert_int_equal(cn_checkpoint_save(&run.checkpoint, path), CN_STATUS_SUCCESS);
  cn_trainer_free(run.trainer);
  cn_checkpoint_clear(&run.checkpoint);

  run.n_validations = 0;
  assert_int_equal(cn_trainer_new(&small.corpus, &recipe, &layout, &run.trainer), CN_STATUS_SUCCESS);
  assert_int_equal(load(&run.checkpoint, ""), CN_STATUS_SUCCESS);
  cn_trainer_exchange(run.trainer, &run.checkpoint);
  assert_true(cn_trainer_is_over(run.trainer));
  assert_int_equal(cn_trainer_run(run.trainer, on_progress, &run), CN_STATUS_SUCCESS);
  assert_int_equal(run.n_validations, 0);
  cn_trainer_free(run.trainer);
  cn_checkpoint_clear(&run.checkpoint);
}

static void
test_checkpoint_of_another_shape_is_refused(void** const state)
{
  (void)state;
  static CnSmallCorpus small;
  CnRecipe             recipe     = make_recipe(CN_CELL_GRU, 1);
  CnCheckpoint         checkpoint = {0};
  CnTrainer*           trainer    = NULL;
  CnLayout             layout;
  cn_small_corpus_init(&small);
  assert_int_equal(cn_layout_init(&layout, &recipe.shape), CN_STATUS_SUCCESS);
  float* const result = calloc(layout.n_parameters, sizeof(float));
  run_to(&small, &recipe, false, 3, result);
  free(result);

  recipe.n_streams = 16;
  assert_int_equal(cn_trainer_new(&small.corpus, &recipe, &layout, &trainer), CN_STATUS_SUCCESS);
  assert_int_equal(load(&checkpoint, ""), CN_STATUS_SUCCESS);
  cn_trainer_exchange(trainer, &checkpoint);
  assert_int_equal(checkpoint.status, CN_STATUS_BAD_SHAPE);
  cn_trainer_free(trainer);
  cn_checkpoint_clear(&checkpoint);
}

// What has been learnt before is validated first, and kept if nothing is better
static void
test_run_from_weights_is_never_worse_than_they_are(void** const state)
{
  (void)state;
  static CnSmallCorpus small;
  CnRecipe             recipe = make_recipe(CN_CELL_GRU, 1);
  Run                  run    = {.last_step = TO_THE_END};
  CnLayout             layout;
  cn_small_corpus_init(&small);
  assert_int_equal(cn_layout_init(&layout, &recipe.shape), CN_STATUS_SUCCESS);
  float* const before = calloc(layout.n_parameters, sizeof(float));
  run_to(&small, &recipe, false, TO_THE_END, before);

  recipe.rate = 10.0F; // Which only does damage, even halfway
  assert_int_equal(cn_trainer_new(&small.corpus, &recipe, &layout, &run.trainer), CN_STATUS_SUCCESS);
  assert_int_equal(cn_trainer_start_from(run.trainer, before), CN_STATUS_SUCCESS);
  assert_int_equal(cn_trainer_run(run.trainer, on_progress, &run), CN_STATUS_SUCCESS);
  assert_int_equal(run.n_validations, 1 + 3); // Until patience was out
  assert_memory_equal(cn_trainer_result(run.trainer), before, layout.n_parameters * sizeof(float));
  cn_trainer_free(run.trainer);
  free(before);
}

// Even between that validation and the first step
static void
test_run_from_weights_resumes_at_its_start(void** const state)
{
  (void)state;
  static CnSmallCorpus small;
  CnRecipe             recipe = make_recipe(CN_CELL_GRU, 1);
  CnLayout             layout;
  cn_small_corpus_init(&small);
  assert_int_equal(cn_layout_init(&layout, &recipe.shape), CN_STATUS_SUCCESS);
  float* const before = calloc(layout.n_parameters, sizeof(float));
  float* const whole  = calloc(layout.n_parameters, sizeof(float));
  float* const parts  = calloc(layout.n_parameters, sizeof(float));
  run_to(&small, &recipe, false, TO_THE_END, before);

  recipe.patience = 1; // Another validation of the same weights would be the end
  run_from(&small, &recipe, before, false, TO_THE_END, whole);
  run_from(&small, &recipe, before, false, 0, parts);
  run_from(&small, &recipe, before, true, 9, parts);
  run_from(&small, &recipe, before, true, TO_THE_END, parts);
  assert_memory_equal(whole, parts, layout.n_parameters * sizeof(float));
  free(before);
  free(whole);
  free(parts);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fields_come_back),
      cmocka_unit_test(test_field_of_another_size_is_refused),
      cmocka_unit_test(test_damaged_files_are_refused),
      cmocka_unit_test(test_stream_goes_on_from_any_place),
      cmocka_unit_test(test_resumed_gru_is_the_same_bit_for_bit),
      cmocka_unit_test(test_resumed_lstm_of_two_workers_is_the_same_bit_for_bit),
      cmocka_unit_test(test_resumed_attention_of_two_workers_is_the_same_bit_for_bit),
      cmocka_unit_test(test_patience_is_not_renewed_by_an_interruption),
      cmocka_unit_test(test_checkpoint_of_another_shape_is_refused),
      cmocka_unit_test(test_run_from_weights_is_never_worse_than_they_are),
      cmocka_unit_test(test_run_from_weights_resumes_at_its_start),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
