// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/run/train_run.h"

#include "tools/base/file.h"
#include "tools/base/options.h"
#include "tools/corpus/corpus.h"
#include "tools/judge/lineage.h"
#include "tools/judge/weights.h"
#include "tools/learn/ranks.h"
#include "tools/run/train_check.h"
#include "tools/run/train_checkpoint.h"
#include "tools/run/train_common.h"
#include "tools/run/train_play.h"
#include "tools/run/train_recipe.h"
#include "tools/run/train_report.h"
#include "tools/run/train_rounding.h"
#include "tools/run/train_summary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_NOTES 16384U // Of a piece that is played in one go, as each stream has room for one

static const char command[] = "train";

// A run under way
typedef struct {
  const CnTrainJob* job;
  const CnCorpus*   corpus;
  CnRecipe          recipe; // With nothing left open
  const CnModel*    start;  // Weights to begin with, or null
  const CnLearnt*   known;  // Pieces that those have learnt
  const CnLineage*  lineage;
  CnLayout          layout;
  CnTrainer*        trainer;
  CnTrainReport*    report;
  CnTrainCheckpoint checkpoint;
  CnDtype           dtype; // Of the weights' file
} Run;

// Agree with the other ranks: false on all of them if something went wrong on one, and that one may say what
static bool
agree(const bool is_well)
{
  const uint32_t first = cn_ranks_find(!is_well);
  if (first < cn_ranks_count()) {
    cn_ranks_voice(first);
  }
  return first == cn_ranks_count();
}

// Results, which the first rank writes for all

static CnStatus
save_weights(const Run* const run, const float* const parameters)
{
  const CnTrainJob* const job = run->job;
  CnTensorsMetadata       metadata[CN_N_REPORT_ENTRIES + CN_N_LINEAGE_ENTRIES];
  char                    texts[CN_N_REPORT_ENTRIES][256];
  size_t                  n = cn_train_report_metadata(run->report, metadata, texts);
  n += cn_lineage_metadata(run->lineage, metadata + n);
  return cn_weights_save(job->output, &run->layout, parameters, run->dtype, metadata, n);
}

// Write weights and table; false, having said why, if that fails
static bool
save(const Run* const run, const float* const parameters, const char* const consequence)
{
  CnStatus status = cn_ranks_index() ? CN_STATUS_SUCCESS : save_weights(run, parameters);
  if (!status && !cn_ranks_index()) {
    status = cn_train_report_save(run->report);
  }
  if (status) {
    cn_error_print(command, run->job->output, "%s%s", cn_file_strerror(status), consequence);
  }
  return !status;
}

// What a checkpoint holds of a run
static void
exchange(void* const handle, CnCheckpoint* const fields)
{
  Run* const run = (Run*)handle;
  cn_trainer_exchange(run->trainer, fields);
  cn_train_report_exchange(run->report, fields);
}

// Some rank has been told to end
static bool
is_to_end(void)
{
  return cn_ranks_find(cn_train_is_interrupted()) < cn_ranks_count();
}

// A full disk may have room again when there are better weights, or at the end
static bool
on_progress(void* const handle, const CnProgress* const progress)
{
  Run* const run  = (Run*)handle;
  const bool ends = is_to_end();
  cn_train_report_progress(run->report, progress);
  if (progress->is_validated && progress->is_best) {
    save(run, progress->best, "; the run goes on, and will try again");
  }
  if (ends || progress->seconds >= run->checkpoint.last + 60.0 * run->job->checkpoint_minutes) {
    cn_train_checkpoint_save(&run->checkpoint, progress->seconds, exchange, run);
  }
  return !ends;
}

// Say why a run could not go on; the best weights have been written as they came
static int
explain(const Run* const run, const CnStatus status)
{
  if (status != CN_STATUS_BAD_VALUE) {
    return cn_error_print(command, NULL, "%s", cn_strerror(status));
  }
  cn_train_checkpoint_remove(&run->checkpoint); // It leads here again
  return cn_error_print(command, NULL, "the gradient is no longer a number; a lower --rate may help%s",
                        cn_train_report_has_best(run->report) ? "; the best weights before that are kept"
                                                              : "");
}

static int
summarise(const Run* const run)
{
  const CnProgress* const best   = cn_train_report_best(run->report);
  CnModel* const          model  = cn_model_new(&run->layout, cn_trainer_result(run->trainer));
  CnStatus                status = CN_STATUS_NO_MEMORY;
  if (model) {
    const CnTrainOutcome outcome = {.model  = model,
                                    .corpus = run->corpus,
                                    .known  = run->start ? run->known : NULL,
                                    .before = cn_train_report_before(run->report),
                                    .after  = best,
                                    .rate   = run->recipe.rate};
    status                       = cn_train_summary_print(stderr, &outcome);
    if (!status && !run->job->is_unplayed) {
      cn_model_set_adaptation(model, CN_ADAPTATION_RATE); // As the file says
      status = cn_train_play_print(stderr, model, run->corpus);
    }
  }
  cn_model_free(model);
  return status ? cn_error_print(command, NULL, "no summary: %s", cn_strerror(status)) : CN_EXIT_OK;
}

// The first steps of a run, which no validation has judged, are worth less than weights that are there
static bool
keeps_old_weights(const Run* const run, const bool is_over)
{
  return !is_over && !cn_train_report_has_best(run->report) && !access(run->job->output, F_OK);
}

// At the end, 8 bits suffice, unless it is told otherwise or validation says that they do not
static void
choose_dtype(Run* const run)
{
  double loss = 0.0;
  if (run->job->is_half || run->job->is_float || cn_ranks_index()) {
    return;
  }
  if (cn_train_rounding_loss(&run->layout, cn_trainer_result(run->trainer), run->corpus, &loss)) {
    fprintf(stderr, "no memory to try 8 bits: the weights are floats\n");
  } else if (isnan(loss)) {
    fprintf(stderr, "nothing to judge 8 bits by: the weights are floats\n");
  } else {
    run->dtype = loss <= CN_MOST_ROUNDING_LOSS ? CN_DTYPE_I8 : CN_DTYPE_F32;
    fprintf(stderr, "8 bits cost %.4f nats a note in validation%s\n", loss,
            run->dtype == CN_DTYPE_I8 ? ", so the weights are written in them" : ": the weights are floats");
  }
}

// Write what the run has led to, or as far as it came
static int
finish(Run* const run)
{
  const bool is_over   = cn_trainer_is_over(run->trainer);
  bool       keeps_old = keeps_old_weights(run, is_over);
  cn_ranks_broadcast(&keeps_old, sizeof(keeps_old)); // The weights are the first rank's
  if (keeps_old) {
    return cn_train_leave_old(run->job->output);
  }
  if (is_over) {
    choose_dtype(run);
  }
  if (!agree(save(run, cn_trainer_result(run->trainer), ""))) { // The table has rows since the best weights
    if (is_over) {
      cn_train_checkpoint_rescue(&run->checkpoint, exchange, run);
    }
    return CN_EXIT_FAILURE;
  }
  if (cn_ranks_index()) {
    return is_over ? CN_EXIT_OK : cn_train_interruption();
  }

  int result = cn_train_split_keep(run->job, run->corpus);
  if (cn_train_report_has_best(run->report)) {
    result = cn_train_curves_save(run->job->output) ? CN_EXIT_FAILURE : result;
  }
  cn_train_report_end(run->report, run->job->output, is_over);
  if (!is_over) { // Who has interrupted it does not want to wait
    return result ? result : cn_train_interruption();
  }
  cn_train_checkpoint_remove(&run->checkpoint);
  return summarise(run) ? CN_EXIT_FAILURE : result;
}

// Go on from the checkpoint if that is wanted
static int
resume(Run* const run)
{
  char fault[2048];
  if (!run->job->is_resumed) {
    cn_train_checkpoint_remind(&run->checkpoint);
    return CN_EXIT_OK;
  }
  const CnStatus status = cn_train_checkpoint_load(&run->checkpoint, exchange, run, CN_FAULT(fault));
  return agree(!status) ? CN_EXIT_OK : cn_error_print(command, NULL, "%s", fault);
}

// Begin with weights that were trained before
static CnStatus
start_from(const Run* const run)
{
  float* const parameters = calloc(run->layout.n_parameters, sizeof(float));
  if (!parameters) {
    return CN_STATUS_NO_MEMORY;
  }
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    cn_model_read_weight(run->start, w, parameters + run->layout.place[w].offset);
  }
  const CnStatus status = cn_trainer_start_from(run->trainer, parameters);
  free(parameters);
  return status;
}

// Everything that has a say in the weights
static void
describe_recipe(const CnRecipe* const recipe, const uint64_t start_id, char* const text, const size_t size)
{
  snprintf(text, size,
           "continuo %s, %s of %u, heads of %u, %u layers of %u over %u%s%s, %u ranks of %u workers, %u x %u "
           "notes, seed %u, %.17g "
           "epochs, %.17g minutes, "
           "rate %.9g, warm-up %u, weight decay %.9g, clip %.9g, dropout %.9g, hidden %.9g and %.9g, texture "
           "%.9g, following %.9g, noise %.9g, own %.9g, "
           "patience %u%s, from %016llx",
           CN_VERSION, cn_cell_name(recipe->shape.cell), recipe->shape.hidden, recipe->shape.head,
           recipe->shape.layers, recipe->shape.heads, recipe->shape.window,
           recipe->shape.distance ? " by " : "",
           recipe->shape.distance ? cn_distance_name(recipe->shape.distance) : "", cn_ranks_count(),
           recipe->n_threads, recipe->n_streams, recipe->n_steps, recipe->seed, recipe->epochs,
           recipe->minutes, (double)recipe->rate, recipe->warmup, (double)recipe->weight_decay,
           (double)recipe->clip, (double)recipe->dropout, (double)recipe->hide_motif,
           (double)recipe->hide_chord, (double)recipe->show_texture, (double)recipe->show_following,
           (double)recipe->noise, (double)recipe->own, recipe->patience,
           recipe->lesson == CN_LESSON_ALL      ? ""
           : recipe->lesson == CN_LESSON_CHORDS ? ", chords alone"
                                                : ", following alone",
           (unsigned long long)start_id);
}

// Make all that a run needs
static CnStatus
prepare(Run* const run)
{
  const char* const output = run->job->output;
  char              recipe[512];
  describe_recipe(&run->recipe, run->start ? cn_model_id(run->start) : 0, recipe, sizeof(recipe));
  CN_TRY(cn_layout_init(&run->layout, &run->recipe.shape));
  CN_TRY(cn_train_checkpoint_init(&run->checkpoint, output, recipe, run->corpus));
  CN_TRY(cn_trainer_new(run->corpus, &run->recipe, &run->layout, &run->trainer));
  run->report = cn_train_report_new(output, &run->recipe, run->corpus, &run->layout);
  if (!run->report) {
    return CN_STATUS_NO_MEMORY;
  }
  return run->start ? start_from(run) : CN_STATUS_SUCCESS;
}

// All ranks must have found the same
static int
compare(const char* const subject, const char* const ours)
{
  char first[512];
  snprintf(first, sizeof(first), "%s", ours);
  cn_ranks_broadcast(first, sizeof(first));
  return agree(!strcmp(first, ours))
             ? CN_EXIT_OK
             : cn_error_print(command, subject, "here %s; for the first rank %s", ours, first);
}

static int
train(Run* const run)
{
  CnStatus status = prepare(run);
  if (!agree(!status)) {
    return cn_error_print(command, NULL, "%s", cn_strerror(status));
  }
  int result = compare(run->job->folder, run->checkpoint.corpus);
  result     = result ? result : compare("recipe", run->checkpoint.recipe);
  result     = result ? result : resume(run);
  if (result) {
    return result;
  }
  status = cn_trainer_run(run->trainer, on_progress, run);
  return status ? explain(run, status) : finish(run);
}

// Heads of attention share its width, and which that is may be known only now
static int
check_heads(const CnShape* const shape)
{
  return shape->cell == CN_CELL_ATTENTION && shape->hidden % shape->heads
             ? cn_usage_error(command, "--heads", "%u is no divisor of the width, which is %u", shape->heads,
                              shape->hidden)
             : CN_EXIT_OK;
}

static int
train_by_recipe(Run* const run)
{
  run->recipe = run->job->recipe;
  if (run->start) {
    run->recipe.shape = cn_model_layout(run->start)->shape;
  }
  const char* const size =
      cn_recipe_complete(&run->recipe, run->corpus->n_notes_in[CN_SPLIT_TRAIN], run->start != NULL);
  const int usage = check_heads(&run->recipe.shape);
  if (usage) {
    return usage;
  }
  cn_train_report_recipe(&run->recipe, size);
  const int result = train(run);
  cn_train_checkpoint_clear(&run->checkpoint);
  cn_train_report_free(run->report);
  cn_trainer_free(run->trainer);
  return result;
}

// Add to what is inherited what the weights will have learnt, and say what was known
static CnStatus
prepare_lineage(const CnTrainJob* const job, const CnCorpus* const corpus, const bool has_start,
                CnLineage* const lineage, CnLearnt* const known)
{
  *known = (CnLearnt){.has_others = lineage->learnt.has_others};
  CN_TRY(cn_learnt_add(known, lineage->learnt.ids, lineage->learnt.n));
  if (has_start) {
    cn_train_report_known(corpus, known);
  }
  if (job->licence && lineage->licence && strcmp(job->licence, lineage->licence)) {
    fprintf(stderr, "the weights that it begins with are under %s, which may ask for the same of these\n",
            lineage->licence);
  }
  return cn_lineage_complete(lineage, corpus, job->licence, job->credit);
}

static int
train_on_corpus(const CnTrainJob* const job, CnCorpus* const corpus, const CnModel* const start,
                CnLineage* const lineage)
{
  CnLearnt   known = {0};
  const bool is_split =
      job->split || !start || !cn_corpus_draw_split(corpus, job->recipe.seed, &lineage->learnt);
  int result = agree(is_split) ? CN_EXIT_OK : cn_error_print(command, NULL, "out of memory");
  if (!result) {
    cn_train_report_corpus(corpus, job->folder, job->split);
    result =
        !agree(corpus->n_in_split[CN_SPLIT_TRAIN] > 0)
            ? cn_error_print(command, job->folder, "no file to learn from")
        : !agree(!cn_corpus_cut(corpus, MOST_NOTES) && !prepare_lineage(job, corpus, start, lineage, &known))
            ? cn_error_print(command, NULL, "out of memory")
            : CN_EXIT_OK;
  }
  if (!result) {
    Run run = {.job     = job,
               .corpus  = corpus,
               .start   = start,
               .known   = &known,
               .lineage = lineage,
               .dtype   = job->is_half ? CN_DTYPE_F16 : CN_DTYPE_F32};
    result  = train_by_recipe(&run);
  }
  cn_learnt_clear(&known);
  return result;
}

static int
load_and_train(const CnTrainJob* const job, const CnModel* const start, CnLineage* const lineage)
{
  CnCorpus       corpus;
  char           fault[512] = "";
  int            result     = CN_EXIT_OK;
  const CnStatus loaded =
      cn_corpus_load(job->folder, job->split, job->recipe.seed, job->lengths, &corpus, CN_FAULT(fault));
  for (size_t i = 0; job->has_no_velocity && i < corpus.n_pieces; ++i) {
    corpus.pieces[i].is_notated = true;
  }
  if (agree(!loaded)) {
    result = train_on_corpus(job, &corpus, start, lineage);
  } else {
    cn_train_report_bad_files(&corpus);
    result = cn_error_print(command, NULL, "%s", fault);
  }
  cn_corpus_clear(&corpus);
  return result;
}

int
cn_train_run(const CnTrainJob* const job)
{
  CnModel*  start   = NULL;
  CnLineage lineage = {.parent = ""};
  int       result  = cn_ranks_index() ? CN_EXIT_OK : cn_train_check(job);
  if (!agree(!result)) {
    return result ? result : CN_EXIT_FAILURE;
  }

  cn_train_catch_signals();
  if (!cn_ranks_index()) {
    cn_train_sweep(job->output);
  }
  if (job->from) {
    start = cn_weights_load(command, strcmp(job->from, "default") ? job->from : NULL, &lineage);
  }
  if (agree(start || !job->from)) {
    result = load_and_train(job, start, &lineage);
  } else {
    result = cn_ranks_index() ? cn_error_print(command, job->from, "cannot be used here") : CN_EXIT_FAILURE;
  }
  cn_lineage_clear(&lineage);
  cn_model_free(start);
  return result;
}
