// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/notebook/run.h"

#include "tools/base/file.h"
#include "tools/base/options.h"
#include "tools/corpus/corpus.h"
#include "tools/judge/lineage.h"
#include "tools/judge/weights.h"
#include "tools/notebook/pieces.h"
#include "tools/notebook/report.h"
#include "tools/notebook/weights.h"
#include "tools/run/train_check.h"
#include "tools/run/train_checkpoint.h"
#include "tools/run/train_common.h"
#include "tools/run/train_report.h"

#include "dsp/model/any_model.h"
#include "dsp/notebook/architecture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char command[] = "train";

// A run under way
typedef struct {
  const CnNotebookJob*   job;
  const CnCorpus*        corpus;
  CnNotebookPieces       pieces[2]; // To learn from, to choose by
  CnNotebookTarget*      targets[2];
  CnNotebookDataset      dataset;
  CnNotebookNet          nets[CN_N_NOTEBOOK_TASKS];
  CnNotebookTrainer*     trainer;
  CnNotebookReport*      report;
  CnTrainCheckpoint      checkpoint;
  CnLineage*             lineage;
  const CnNotebookModel* start; // Weights to begin with, or null
} Run;

// Write weights and table; false, having said why, if that fails
static bool
save(const Run* const run, const char* const consequence)
{
  const CnTrainJob* const files = &run->job->files;
  CnTensorsMetadata       metadata[4 + CN_N_LINEAGE_ENTRIES];
  char                    texts[4][256];
  size_t n = cn_notebook_report_metadata(run->report, &run->job->recipe, run->nets, run->pieces[0].n_pieces,
                                         run->dataset.n_targets[0], metadata, texts);
  n += cn_lineage_metadata(run->lineage, metadata + n);

  const float* const parameters[CN_N_NOTEBOOK_TASKS] = {
      cn_notebook_trainer_result(run->trainer, CN_NOTEBOOK_PITCH),
      cn_notebook_trainer_result(run->trainer, CN_NOTEBOOK_TIMING)};
  CnNotebookSteps steps;
  const bool      has_steps = !run->job->keeps_mean && cn_notebook_trainer_steps(run->trainer, &steps);
  CnStatus        status =
      cn_notebook_weights_save(files->output, run->nets, &run->dataset.scale, has_steps ? &steps : NULL,
                               parameters, files->is_half ? CN_DTYPE_F16 : CN_DTYPE_F32, metadata, n);
  status = status ? status : cn_notebook_report_save(run->report);
  if (status) {
    cn_error_print(command, files->output, "%s%s", cn_file_strerror(status), consequence);
  }
  return !status;
}

// What a checkpoint holds of a run
static void
exchange(void* const handle, CnCheckpoint* const fields)
{
  Run* const run = (Run*)handle;
  cn_notebook_trainer_exchange(run->trainer, fields);
  cn_notebook_report_exchange(run->report, fields);
}

// A full disk may have room again when there are better weights, or at the end
static bool
on_progress(void* const handle, const CnNotebookProgress* const progress)
{
  Run* const run  = (Run*)handle;
  const bool ends = cn_train_is_interrupted();
  cn_notebook_report_progress(run->report, progress);
  if (progress->is_validated && (progress->net[0].is_best || progress->net[1].is_best)) {
    save(run, "; the run goes on, and will try again");
  }
  if (ends || progress->seconds >= run->checkpoint.last + 60.0 * run->job->files.checkpoint_minutes) {
    cn_train_checkpoint_save(&run->checkpoint, progress->seconds, exchange, run);
  }
  return !ends;
}

// Write what the run has led to, or as far as it came
static int
finish(Run* const run)
{
  const CnTrainJob* const files    = &run->job->files;
  const bool              has_best = cn_notebook_report_has_best(run->report);
  const bool              is_over  = cn_notebook_trainer_is_over(run->trainer);
  if (!is_over && !has_best && !access(files->output, F_OK)) { // Worth more than first steps
    return cn_train_leave_old(files->output);
  }
  if (!save(run, "")) { // The table has rows since the best weights
    if (is_over) {
      cn_train_checkpoint_rescue(&run->checkpoint, exchange, run);
    }
    return CN_EXIT_FAILURE;
  }
  int result = cn_train_split_keep(files, run->corpus);
  if (has_best) {
    result = cn_train_curves_save(files->output) ? CN_EXIT_FAILURE : result;
  }
  cn_notebook_report_end(run->report, files->output, is_over);
  if (!is_over) {
    return result ? result : cn_train_interruption();
  }
  cn_train_checkpoint_remove(&run->checkpoint);
  return result;
}

// Go on from the checkpoint if that is wanted
static int
resume(Run* const run)
{
  char fault[2048];
  if (!run->job->files.is_resumed) {
    cn_train_checkpoint_remind(&run->checkpoint);
    return CN_EXIT_OK;
  }
  return cn_train_checkpoint_load(&run->checkpoint, exchange, run, CN_FAULT(fault))
             ? cn_error_print(command, NULL, "%s", fault)
             : CN_EXIT_OK;
}

static int
train(Run* const run)
{
  const int resumed = resume(run);
  if (resumed) {
    return resumed;
  }
  const CnStatus status = cn_notebook_trainer_run(run->trainer, on_progress, run);
  if (status) {
    cn_train_checkpoint_remove(&run->checkpoint); // It leads here again
    return cn_error_print(command, NULL, "the loss is no longer a number; a lower --rate may help");
  }
  return finish(run);
}

// Both sides as pieces and targets, with the scale of the first
static int
prepare_lessons(Run* const run)
{
  const CnNotebookRecipe* const recipe     = &run->job->recipe;
  CnNotebookDataset* const      dataset    = &run->dataset;
  char                          fault[512] = "";
  for (unsigned i = 0; i < 2; ++i) {
    if (cn_notebook_pieces_init(run->corpus, run->job->files.folder, i ? CN_SPLIT_VALID : CN_SPLIT_TRAIN,
                                recipe->unit, &run->pieces[i], CN_FAULT(fault))) {
      return cn_error_print(command, NULL, "%s", fault);
    }
  }
  if (run->start) {
    dataset->scale = *cn_notebook_model_scale(run->start);
  } else if (cn_notebook_scale_learn(run->pieces[0].pieces, run->pieces[0].n_pieces, recipe->unit,
                                     recipe->window, recipe->min_count, &dataset->scale)) {
    return cn_error_print(command, "--min-count", "no pitch occurs %u times in the files to learn from",
                          recipe->min_count);
  }
  for (unsigned i = 0; i < 2; ++i) {
    run->targets[i] = cn_notebook_targets(run->pieces[i].pieces, run->pieces[i].n_pieces, &dataset->scale,
                                          false, &dataset->n_targets[i]);
    if (!run->targets[i]) {
      return cn_error_print(command, NULL, "out of memory");
    }
    dataset->pieces[i]  = run->pieces[i].pieces;
    dataset->targets[i] = run->targets[i];
  }
  return dataset->n_targets[0] ? CN_EXIT_OK : cn_error_print(command, NULL, "no note to learn from");
}

// All that has a say in the weights
static void
describe_recipe(const CnNotebookJob* const job, const uint64_t start_id, char* const text, const size_t size)
{
  const CnNotebookRecipe* const recipe = &job->recipe;
  char                          widths[CN_N_NOTEBOOK_TASKS][64];
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    cn_notebook_stack_format(&recipe->stack[i], widths[i], sizeof(widths[i]));
  }
  snprintf(
      text, size,
      "continuo %s, pitch %s, timing %s, %s, window %u, counts from %u, %u workers, seed %u, batches of "
      "%u, rounds "
      "of %u, plateau %u, patience %u, rate %.9g, dropout %.9g, %.17g epochs, %.17g minutes, from %016llx",
      CN_VERSION, widths[0], widths[1], cn_notebook_unit_name(recipe->unit), recipe->window,
      recipe->min_count, recipe->n_threads, recipe->seed, recipe->n_batch, recipe->n_round, recipe->plateau,
      recipe->patience, (double)recipe->rate, (double)recipe->dropout, recipe->epochs, recipe->minutes,
      (unsigned long long)start_id);
}

static CnStatus
prepare_files(Run* const run)
{
  const CnTrainJob* const files = &run->job->files;
  char                    recipe[1024];
  describe_recipe(run->job, run->start ? cn_notebook_model_id(run->start) : 0, recipe, sizeof(recipe));
  run->report = cn_notebook_report_new(files->output);
  CN_TRY(run->report ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY);
  CN_TRY(cn_train_checkpoint_init(&run->checkpoint, files->output, recipe, run->corpus));
  return cn_lineage_complete(run->lineage, run->corpus, files->licence, files->credit);
}

static int
prepare_networks(Run* const run)
{
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    if (cn_notebook_net_init(&run->nets[i], (CnNotebookTask)i, &run->job->recipe.stack[i])) {
      return cn_error_print(command, NULL, "impossible sizes");
    }
  }
  if (prepare_files(run) ||
      cn_notebook_trainer_new(&run->dataset, &run->job->recipe, run->nets, &run->trainer)) {
    return cn_error_print(command, NULL, "out of memory");
  }
  if (run->start) {
    const float* const parameters[CN_N_NOTEBOOK_TASKS] = {
        cn_notebook_model_parameters(run->start, CN_NOTEBOOK_PITCH),
        cn_notebook_model_parameters(run->start, CN_NOTEBOOK_TIMING)};
    cn_notebook_trainer_start_from(run->trainer, parameters);
  }
  return CN_EXIT_OK;
}

static void
clear(Run* const run)
{
  for (unsigned i = 0; i < 2; ++i) {
    cn_notebook_pieces_clear(&run->pieces[i]);
    free(run->targets[i]);
  }
  cn_notebook_trainer_free(run->trainer);
  cn_train_checkpoint_clear(&run->checkpoint);
  cn_notebook_report_free(run->report);
}

static int
prepare_and_train(const CnNotebookJob* const job, const CnCorpus* const corpus,
                  const CnNotebookModel* const start, CnLineage* const lineage)
{
  Run run    = {.job = job, .corpus = corpus, .start = start, .lineage = lineage};
  int result = prepare_lessons(&run);
  result     = result ? result : prepare_networks(&run);
  if (!result) {
    cn_notebook_report_begin(&run.dataset, run.nets);
    result = train(&run);
  }
  clear(&run);
  return result;
}

static int
load_and_train(const CnNotebookJob* const job, const CnNotebookModel* const start, CnLineage* const lineage)
{
  const CnTrainJob* const files = &job->files;
  CnCorpus                corpus;
  char                    fault[512] = "";
  int                     result     = CN_EXIT_OK;
  if (cn_corpus_load(files->folder, files->split, job->recipe.seed, files->lengths, &corpus,
                     CN_FAULT(fault))) {
    cn_train_report_bad_files(&corpus);
    result = cn_error_print(command, NULL, "%s", fault);
  } else if (start && !files->split && cn_corpus_draw_split(&corpus, job->recipe.seed, &lineage->learnt)) {
    result = cn_error_print(command, NULL, "out of memory");
  } else {
    cn_train_report_corpus(&corpus, files->folder, files->split);
    if (start) {
      cn_train_report_known(&corpus, &lineage->learnt);
    }
    result = corpus.n_in_split[CN_SPLIT_TRAIN]
                 ? prepare_and_train(job, &corpus, start, lineage)
                 : cn_error_print(command, files->folder, "no file to learn from");
  }
  cn_corpus_clear(&corpus);
  return result;
}

// Have weights say what the networks are, and what they read
static void
follow(CnNotebookRecipe* const recipe, const CnNotebookModel* const start)
{
  const CnNotebookScale* const scale = cn_notebook_model_scale(start);
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    const CnNotebookNet* const net = cn_notebook_model_net(start, (CnNotebookTask)i);
    recipe->stack[i].n_layers      = net->n_layers;
    for (uint32_t l = 0; l < net->n_layers; ++l) {
      recipe->stack[i].width[l] = net->layer[l].hidden;
    }
  }
  recipe->window    = scale->window;
  recipe->unit      = scale->unit;
  recipe->min_count = scale->min_count;
}

static int
train_from(const CnNotebookJob* const job)
{
  CnNotebookJob tuning  = *job;
  CnAnyModel    model   = {NULL, NULL};
  CnLineage     lineage = {.parent = ""};
  int           result  = CN_EXIT_FAILURE;
  if (cn_weights_load_lineage(command, job->files.from, &model, &lineage)) {
    if (model.architecture == &cn_notebook_architecture) {
      follow(&tuning.recipe, model.handle);
      result = load_and_train(&tuning, model.handle, &lineage);
    } else {
      cn_error_print(command, job->files.from, "no weights of the notebook's networks");
    }
  }
  cn_any_model_free(&model);
  cn_lineage_clear(&lineage);
  return result;
}

int
cn_notebook_run(const CnNotebookJob* const job)
{
  CnLineage lineage = {.parent = ""};
  int       result  = cn_train_check(&job->files);
  if (result) {
    return result;
  }
  cn_train_catch_signals();
  cn_train_sweep(job->files.output);
  result = job->files.from ? train_from(job) : load_and_train(job, NULL, &lineage);
  cn_lineage_clear(&lineage);
  return result;
}
