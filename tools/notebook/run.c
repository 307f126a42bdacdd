// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/notebook/run.h"

#include "tools/base/file.h"
#include "tools/base/options.h"
#include "tools/corpus/corpus.h"
#include "tools/judge/lineage.h"
#include "tools/notebook/pieces.h"
#include "tools/notebook/report.h"
#include "tools/notebook/weights.h"
#include "tools/run/train_check.h"
#include "tools/run/train_common.h"
#include "tools/run/train_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char command[] = "train";

// A run under way
typedef struct {
  const CnNotebookJob* job;
  const CnCorpus*      corpus;
  CnNotebookPieces     pieces[2]; // To learn from, to choose by
  CnNotebookTarget*    targets[2];
  CnNotebookDataset    dataset;
  CnNotebookNet        nets[CN_N_NOTEBOOK_TASKS];
  float*               parameters[CN_N_NOTEBOOK_TASKS];
  CnNotebookReport*    report;
  CnLineage            lineage;
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
  n += cn_lineage_metadata(&run->lineage, metadata + n);

  const float* const parameters[CN_N_NOTEBOOK_TASKS] = {run->parameters[0], run->parameters[1]};
  CnStatus status = cn_notebook_weights_save(files->output, run->nets, &run->dataset.scale, parameters,
                                             files->is_half ? CN_DTYPE_F16 : CN_DTYPE_F32, metadata, n);
  status          = status ? status : cn_notebook_report_save(run->report);
  if (status) {
    cn_error_print(command, files->output, "%s%s", cn_file_strerror(status), consequence);
  }
  return !status;
}

// A full disk may have room again when there are better weights, or at the end
static bool
on_progress(void* const handle, const CnNotebookProgress* const progress)
{
  const Run* const run = (const Run*)handle;
  cn_notebook_report_progress(run->report, progress);
  if (progress->is_validated && (progress->net[0].is_best || progress->net[1].is_best)) {
    save(run, "; the run goes on, and will try again");
  }
  return !cn_train_is_interrupted();
}

// Write what the run has led to
static int
finish(const Run* const run)
{
  const CnTrainJob* const files    = &run->job->files;
  const bool              has_best = cn_notebook_report_has_best(run->report);
  if (cn_train_is_interrupted() && !has_best && !access(files->output, F_OK)) { // Worth more than first steps
    fprintf(stderr, "interrupted before the first validation: %s stays as it was\n", files->output);
    return CN_EXIT_OK;
  }
  if (!save(run, "")) { // The table has rows since the best weights
    return CN_EXIT_FAILURE;
  }
  int result = cn_train_split_keep(files, run->corpus);
  if (has_best) {
    result = cn_train_curves_save(files->output) ? CN_EXIT_FAILURE : result;
  }
  cn_notebook_report_end(run->report, files->output);
  return result;
}

static int
train(Run* const run)
{
  const CnStatus status =
      cn_notebook_train(&run->dataset, &run->job->recipe, run->nets, on_progress, run, run->parameters);
  if (status == CN_STATUS_BAD_VALUE) {
    return cn_error_print(command, NULL, "the loss is no longer a number; a lower --rate may help");
  }
  return status ? cn_error_print(command, NULL, "%s", cn_strerror(status)) : finish(run);
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
  if (cn_notebook_scale_learn(run->pieces[0].pieces, run->pieces[0].n_pieces, recipe->unit, recipe->window,
                              recipe->min_count, &dataset->scale)) {
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

static int
prepare_networks(Run* const run)
{
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    if (cn_notebook_net_init(&run->nets[i], (CnNotebookTask)i, &run->job->recipe.stack[i])) {
      return cn_error_print(command, NULL, "impossible sizes");
    }
    run->parameters[i] = calloc(run->nets[i].n_parameters, sizeof(float));
  }
  const CnTrainJob* const files = &run->job->files;
  run->report                   = cn_notebook_report_new(files->output);
  if (!run->parameters[0] || !run->parameters[1] || !run->report ||
      cn_lineage_complete(&run->lineage, run->corpus, files->licence, files->credit)) {
    return cn_error_print(command, NULL, "out of memory");
  }
  return CN_EXIT_OK;
}

static void
clear(Run* const run)
{
  for (unsigned i = 0; i < 2; ++i) {
    cn_notebook_pieces_clear(&run->pieces[i]);
    free(run->targets[i]);
    free(run->parameters[i]);
  }
  cn_notebook_report_free(run->report);
  cn_lineage_clear(&run->lineage);
}

static int
prepare_and_train(const CnNotebookJob* const job, const CnCorpus* const corpus)
{
  Run run    = {.job = job, .corpus = corpus};
  int result = prepare_lessons(&run);
  result     = result ? result : prepare_networks(&run);
  if (!result) {
    cn_notebook_report_begin(&run.dataset, run.nets);
    result = train(&run);
  }
  clear(&run);
  return result;
}

int
cn_notebook_run(const CnNotebookJob* const job)
{
  CnCorpus corpus;
  char     fault[512] = "";
  int      result     = cn_train_check(&job->files);
  if (result) {
    return result;
  }

  const CnTrainJob* const files = &job->files;
  cn_train_catch_signals();
  cn_train_sweep(files->output);
  if (cn_corpus_load(files->folder, files->split, job->recipe.seed, &corpus, CN_FAULT(fault))) {
    cn_train_report_bad_files(&corpus);
    result = cn_error_print(command, NULL, "%s", fault);
  } else {
    cn_train_report_corpus(&corpus, files->folder, files->split);
    result = corpus.n_in_split[CN_SPLIT_TRAIN]
                 ? prepare_and_train(job, &corpus)
                 : cn_error_print(command, files->folder, "no file to learn from");
  }
  cn_corpus_clear(&corpus);
  return result;
}
