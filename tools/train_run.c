// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "train_run.h"

#include "corpus.h"
#include "file.h"
#include "options.h"
#include "train_report.h"
#include "weights.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char command[] = "train";

// A run under way
typedef struct {
  const CnTrainJob* job;
  const CnCorpus*   corpus;
  CnLayout          layout;
  CnTrainReport*    report;
  bool              has_failed; // To write something, which has been said
} Run;

static volatile sig_atomic_t is_interrupted = 0;

static void
interrupt(const int number)
{
  (void)number;
  is_interrupted = 1;
}

// Checks before hours of work

// A text that can't be stored would only be noticed at the end
static int
check_text(const char* const option, const char* const text)
{
  CnTensorsWriter* const writer = cn_tensors_writer_new();
  const CnStatus         status = !writer ? CN_STATUS_NO_MEMORY
                                  : text  ? cn_tensors_writer_add_metadata(writer, "x", text)
                                          : 0;
  cn_tensors_writer_free(writer);
  return status ? cn_usage_error(command, option, "not text in UTF-8") : CN_EXIT_OK;
}

// A file must be able to come into being at a path
static int
check_output(const char* const path)
{
  struct stat info;
  char* const folder = strdup(path);
  char* const slash  = folder ? strrchr(folder, '/') : NULL;
  int         error  = 0;
  if (slash) {
    slash[slash == folder] = '\0';
  }
  if (!folder) {
    error = ENOMEM;
  } else if (!stat(path, &info) && !S_ISREG(info.st_mode)) {
    error = S_ISDIR(info.st_mode) ? EISDIR : 0; // A device is written to as it is
  } else if (access(slash ? folder : ".", W_OK | X_OK)) {
    error = errno;
  }
  free(folder);
  return error ? cn_error_print(command, path, "%s", strerror(error)) : CN_EXIT_OK;
}

// The table of the run must not take the place of the one of the split
static int
check_tables(const CnTrainJob* const job)
{
  struct stat split;
  struct stat table;
  char* const path    = cn_train_table_path(job->output, ".csv");
  const bool  is_same = path && job->split && !stat(job->split, &split) && !stat(path, &table) &&
                       split.st_dev == table.st_dev && split.st_ino == table.st_ino;
  free(path);
  return is_same ? cn_usage_error(command, job->split, "would be replaced by the table of the run")
                 : CN_EXIT_OK;
}

static int
check(const CnTrainJob* const job)
{
  int result = check_text("--licence", job->licence);
  result     = result ? result : check_text("--credit", job->credit);
  result     = result ? result : check_output(job->output);
  return result ? result : check_tables(job);
}

// Results

static CnStatus
save_weights(const Run* const run, const float* const parameters)
{
  const CnTrainJob* const job = run->job;
  CnTensorsMetadata       metadata[8];
  char                    texts[8][256];
  size_t                  n = cn_train_report_metadata(run->report, metadata, texts);
  if (job->licence) {
    metadata[n++] = (CnTensorsMetadata){"licence", job->licence};
  }
  if (job->credit) {
    metadata[n++] = (CnTensorsMetadata){"credit", job->credit};
  }
  return cn_weights_save(job->output, &run->layout, parameters, job->is_half ? CN_DTYPE_F16 : CN_DTYPE_F32,
                         metadata, n);
}

// Write weights and table; false, having said why, if that fails
static bool
save(Run* const run, const float* const parameters)
{
  CnStatus status = save_weights(run, parameters);
  if (!status) {
    status = cn_train_report_save(run->report);
  }
  if (status) {
    cn_error_print(command, run->job->output, "%s", cn_file_strerror(status));
    run->has_failed = true;
  }
  return !status;
}

// Write down how the pieces were split, so that the test side can be told apart later
static CnStatus
save_split(const Run* const run)
{
  static const char* const sides[CN_N_SPLITS] = {"train", "valid", "test"};

  char*       text   = NULL;
  size_t      length = 0;
  char* const path   = cn_train_table_path(run->job->output, ".split.tsv");
  FILE* const table  = open_memstream(&text, &length);
  CnStatus    status = path && table ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
  if (table) {
    fputs("file\twork\tsplit\n", table);
    for (size_t i = 0; i < run->corpus->n_pieces; ++i) {
      const CnPiece* const piece = &run->corpus->pieces[i];
      fprintf(table, "%s\t%s\t%s\n", piece->name, piece->name, sides[piece->split]);
    }
    fclose(table);
  }
  if (!status) {
    status = cn_file_write(path, text, length);
  }
  free(text);
  free(path);
  return status;
}

static bool
on_progress(void* const handle, const CnProgress* const progress)
{
  Run* const run = (Run*)handle;
  cn_train_report_progress(run->report, progress);
  if (progress->is_validated && progress->is_best && !save(run, progress->best)) {
    return false;
  }
  return !is_interrupted;
}

static void
catch_signals(void)
{
  signal(SIGINT, interrupt);
  signal(SIGTERM, interrupt);
  signal(SIGHUP, interrupt);
  signal(SIGPIPE, SIG_IGN); // Whoever read our progress has gone; the weights are wanted all the same
}

static int
train(Run* const run, float* const parameters)
{
  const CnStatus trained =
      cn_train(run->corpus, &run->job->recipe, &run->layout, on_progress, run, parameters);
  const bool has_best = cn_train_report_has_best(run->report);
  if (trained == CN_STATUS_BAD_VALUE) {
    cn_error_print(command, NULL, "the gradient is no longer a number; a lower --rate may help%s",
                   has_best ? "; the best weights before that are kept" : "");
  } else if (trained) {
    cn_error_print(command, NULL, "%s", cn_strerror(trained));
  } else if (!run->has_failed && save(run, parameters)) { // The table has rows since the best weights
    const CnStatus split = run->job->split ? CN_STATUS_SUCCESS : save_split(run);
    cn_train_report_end(run->report, run->job->output);
    return split ? cn_error_print(command, run->job->output, "its split: %s", cn_file_strerror(split))
                 : CN_EXIT_OK;
  }
  return CN_EXIT_FAILURE;
}

static int
prepare_and_train(const CnTrainJob* const job, const CnCorpus* const corpus)
{
  Run run = {.job = job, .corpus = corpus};
  if (cn_layout_init(&run.layout, &job->recipe.shape)) {
    return cn_error_print(command, NULL, "impossible sizes");
  }
  float* const parameters = calloc(run.layout.n_parameters, sizeof(float));
  run.report              = cn_train_report_new(job->output, &job->recipe, corpus, &run.layout);

  const int result =
      parameters && run.report ? train(&run, parameters) : cn_error_print(command, NULL, "out of memory");
  cn_train_report_free(run.report);
  free(parameters);
  return result;
}

int
cn_train_run(const CnTrainJob* const job)
{
  CnCorpus corpus;
  char     fault[512] = "";
  int      result     = check(job);
  if (result) {
    return result;
  }

  catch_signals();
  const CnStatus loaded =
      cn_corpus_load(job->folder, job->split, job->recipe.seed, &corpus, fault, sizeof(fault));
  if (loaded) {
    cn_train_report_bad_files(&corpus);
    result = cn_error_print(command, NULL, "%s", fault);
  } else {
    cn_train_report_corpus(&corpus, job->folder, job->split);
    result = corpus.n_in_split[CN_SPLIT_TRAIN]
                 ? prepare_and_train(job, &corpus)
                 : cn_error_print(command, job->folder, "no file to learn from");
  }
  cn_corpus_clear(&corpus);
  return result;
}
