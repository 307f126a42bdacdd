// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "commands.h"
#include "corpus.h"
#include "evaluation.h"
#include "info.h"
#include "ngram.h"
#include "options.h"
#include "weights.h"

#include <getopt.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char command[] = "evaluate";

static const char help[] =
    "Usage: continuo evaluate [-m WEIGHTS.safetensors] MIDI... [--no-motif] [--json]\n"
    "       continuo evaluate [-m WEIGHTS.safetensors] CORPUS_DIR --split FILE [--side SIDE] ...\n"
    "       continuo evaluate --baseline [-m WEIGHTS.safetensors] CORPUS_DIR --split FILE ...\n"
    "Say how well a model predicts music that it has not seen, in nats a note: lower is better.\n"
    "\n"
    "Each note is predicted from those before it, in four factors: dt (time since the note before),\n"
    "pitch, duration, velocity.  The first note of a piece is left out.  Notes before which no motif of\n"
    "ten notes comes again are also counted alone (\"new\"): a piece that repeats itself is easy.\n"
    "Errors of step (from onset to onset) and duration are in beats, the guess being the mean of what\n"
    "the model holds possible: their mean size, and the root of their mean square.\n"
    "\n"
    "  -m, --model FILE   the weights (default: those of the installed plugin)\n"
    "      --no-motif     hide motif matches from the model\n"
    "      --split FILE   take from the folder the files that this table puts on one side\n"
    "      --side SIDE    train, valid or test (default test)\n"
    "      --baseline     score an interpolated trigram, too, and the guess that all notes have the mean\n"
    "                     step and duration; they learn from the train side.  Without -m, only them\n"
    "      --json         print one JSON object\n"
    "      --help         show this text\n";

typedef struct {
  const char* model;
  const char* split;
  CnSplit     side;
  bool        has_side;
  bool        has_baseline;
  bool        is_bare;
  bool        is_json;
} Options;

// The pieces to be scored, and how it went
typedef struct {
  CnCorpus  corpus;
  CnModel*  model;    // Or null
  CnNgram*  baseline; // Or null
  CnScoring total;
  CnScoring trigram;
  CnScoring mean;
  size_t    n_scored;
  json_t*   files; // List, or null without --json
} Job;

static void
print_json(const Job* const job, const Options* const options)
{
  json_t* const object = job->model ? cn_scoring_json(&job->total) : json_object();
  if (job->model) {
    json_object_set_new(object, "motif", json_boolean(!options->is_bare));
    json_object_set(object, "files", job->files);
  }
  if (job->baseline) {
    json_object_set_new(object, "trigram", cn_scoring_json(&job->trigram));
    json_object_set_new(object, "mean", cn_scoring_json(&job->mean));
  }
  json_dumpf(object, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
  putchar('\n');
  json_decref(object);
}

static void
print_result(const Job* const job, const Options* const options)
{
  if (options->is_json) {
    print_json(job, options);
    return;
  }
  printf("%zu %s", job->n_scored, job->n_scored == 1 ? "piece" : "pieces");
  if (job->model) {
    printf(", motif matches %s", options->is_bare ? "hidden" : "shown");
  }
  puts("; nats a note, errors in beats:");
  cn_scoring_print_heading(stdout);
  if (job->model) {
    cn_scoring_print(stdout, cn_cell_name(cn_model_layout(job->model)->shape.cell), &job->total);
  }
  if (job->baseline) {
    cn_scoring_print(stdout, "trigram", &job->trigram);
    cn_scoring_print(stdout, "train's mean", &job->mean);
  }
}

static void
score_by_model(Job* const job, const Options* const options, CnEvaluator* const evaluator,
               const CnPiece* const piece)
{
  const CnScoring scoring = cn_evaluator_score(evaluator, piece, !options->is_bare);
  cn_scoring_add(&job->total, &scoring);
  if (job->files) {
    json_t* const file = cn_scoring_json(&scoring);
    json_object_set_new(file, "file", cn_json_text(piece->name));
    json_array_append_new(job->files, file);
  }
}

static void
score_by_baseline(Job* const job, CnContext* const context, const CnPiece* const piece)
{
  const CnScoring trigram = cn_ngram_score(job->baseline, piece, context);
  const CnScoring mean    = cn_ngram_score_mean(job->baseline, piece);
  cn_scoring_add(&job->trigram, &trigram);
  cn_scoring_add(&job->mean, &mean);
}

static int
score_pieces(Job* const job, const Options* const options)
{
  CnEvaluator* const evaluator = job->model ? cn_evaluator_new(job->model, job->corpus.longest) : NULL;
  CnContext* const   context   = job->baseline ? cn_context_new(job->corpus.longest) : NULL;
  const bool         has_room  = (evaluator || !job->model) && (context || !job->baseline);
  for (size_t i = 0; has_room && i < job->corpus.n_pieces; ++i) {
    const CnPiece* const piece = &job->corpus.pieces[i];
    if (options->split && piece->split != options->side) {
      continue;
    }
    if (evaluator) {
      score_by_model(job, options, evaluator, piece);
    }
    if (context) {
      score_by_baseline(job, context, piece);
    }
    ++job->n_scored;
  }
  cn_evaluator_free(evaluator);
  cn_context_free(context);
  return has_room ? CN_EXIT_OK : cn_error_print(command, NULL, "out of memory");
}

// Learn the baseline from the side that a model learns from
static int
learn_baseline(Job* const job, const Options* const options)
{
  if (!job->corpus.n_in_split[CN_SPLIT_TRAIN]) {
    return cn_error_print(command, options->split, "no file on the side to learn the baseline from");
  }
  job->baseline = cn_ngram_new(&job->corpus);
  return job->baseline ? CN_EXIT_OK : cn_error_print(command, NULL, "out of memory");
}

// Load the files that are named one by one; bad ones are errors, but do not keep the others from us
static int
load_files(Job* const job, char* const* const paths, const size_t n_paths)
{
  int result         = CN_EXIT_OK;
  job->corpus.pieces = calloc(n_paths, sizeof(CnPiece));
  for (size_t i = 0; job->corpus.pieces && i < n_paths; ++i) {
    char           fault[256] = "";
    CnPiece* const piece      = &job->corpus.pieces[job->corpus.n_pieces];
    if (cn_piece_load(paths[i], piece, fault, sizeof(fault))) {
      result = cn_error_print(command, paths[i], "%s", fault);
    } else {
      piece->name         = strdup(paths[i]);
      job->corpus.longest = piece->n_notes > job->corpus.longest ? piece->n_notes : job->corpus.longest;
      ++job->corpus.n_pieces;
    }
  }
  return job->corpus.pieces ? result : cn_error_print(command, NULL, "out of memory");
}

static bool
is_folder(const char* const path)
{
  struct stat info;
  return !stat(path, &info) && S_ISDIR(info.st_mode);
}

static int
print_bad_files(const CnCorpus* const corpus)
{
  int result = CN_EXIT_OK;
  for (size_t i = 0; i < corpus->n_bad_files; ++i) {
    result = cn_error_print(command, corpus->bad_files[i].name, "%s", corpus->bad_files[i].reason);
  }
  return result;
}

static int
load_folder(Job* const job, const Options* const options, const char* const folder)
{
  char fault[512] = "";
  if (cn_corpus_load(folder, options->split, 0, &job->corpus, fault, sizeof(fault))) {
    print_bad_files(&job->corpus);
    return cn_error_print(command, NULL, "%s", fault);
  }
  int result = print_bad_files(&job->corpus);
  if (options->split && !job->corpus.n_in_split[options->side]) {
    result = cn_error_print(command, options->split, "no file on that side");
  }
  return result;
}

// Weights may be numbers and yet absurd
static int
check_result(const Job* const job)
{
  const double total = cn_loss_mean(&job->total.all);
  return job->model && job->n_scored && !isfinite(total)
             ? cn_error_print(command, NULL,
                              "the model's predictions are not numbers: its weights are absurd")
             : CN_EXIT_OK;
}

static int
score_and_print(Job* const job, const Options* const options)
{
  int result = options->has_baseline ? learn_baseline(job, options) : CN_EXIT_OK;
  if (!result) {
    result = score_pieces(job, options);
  }
  if (!result) {
    result = check_result(job);
  }
  if (!result) {
    print_result(job, options);
  }
  return result;
}

static int
evaluate(const Options* const options, char* const* const paths, const size_t n_paths)
{
  Job job = {.files = options->is_json ? json_array() : NULL};
  if (options->model || !options->has_baseline) {
    job.model = cn_weights_load(command, options->model);
    if (!job.model) {
      json_decref(job.files);
      return CN_EXIT_FAILURE;
    }
  }

  int result = n_paths == 1 && is_folder(paths[0]) ? load_folder(&job, options, paths[0])
                                                   : load_files(&job, paths, n_paths);
  if (job.corpus.n_pieces) {
    const int scored = score_and_print(&job, options);
    result           = scored ? scored : result;
  }
  json_decref(job.files);
  cn_ngram_free(job.baseline);
  cn_corpus_clear(&job.corpus);
  cn_model_free(job.model);
  return result;
}

static bool
read_side(CnSplit* const side)
{
  if (cn_split_parse(optarg, side)) {
    return true;
  }
  cn_error_print(command, "--side", "'%s' is not train, valid or test", optarg);
  return false;
}

int
cn_cmd_evaluate(const int argc, char** const argv)
{
  enum { OPTION_BARE = 256, OPTION_SPLIT, OPTION_SIDE, OPTION_BASELINE, OPTION_JSON, OPTION_HELP };
  static const struct option long_options[] = {
      {"model", required_argument, NULL, 'm'},          {"no-motif", no_argument, NULL, OPTION_BARE},
      {"split", required_argument, NULL, OPTION_SPLIT}, {"side", required_argument, NULL, OPTION_SIDE},
      {"baseline", no_argument, NULL, OPTION_BASELINE}, {"json", no_argument, NULL, OPTION_JSON},
      {"help", no_argument, NULL, OPTION_HELP},         {NULL, 0, NULL, 0}};

  Options options = {.side = CN_SPLIT_TEST};
  int     option  = 0;
  while ((option = getopt_long(argc, argv, "m:", long_options, NULL)) != -1) {
    switch (option) {
    case 'm':
      options.model = optarg;
      break;
    case OPTION_BARE:
      options.is_bare = true;
      break;
    case OPTION_SPLIT:
      options.split = optarg;
      break;
    case OPTION_SIDE:
      options.has_side = true;
      if (!read_side(&options.side)) {
        return cn_usage_hint(command);
      }
      break;
    case OPTION_BASELINE:
      options.has_baseline = true;
      break;
    case OPTION_JSON:
      options.is_json = true;
      break;
    case OPTION_HELP:
      return cn_help_print(help);
    default:
      return cn_usage_hint(command);
    }
  }
  if (optind == argc) {
    return cn_usage_error(command, NULL, "no MIDI file is named");
  }
  if (options.split && (optind + 1 < argc || !is_folder(argv[optind]))) {
    return cn_usage_error(command, "--split", "goes with one folder");
  }
  if (options.has_baseline && !options.split) {
    return cn_usage_error(command, "--baseline", "goes with --split, to tell what it may learn from");
  }
  if (options.has_side && !options.split) {
    return cn_usage_error(command, "--side", "goes with --split");
  }
  return evaluate(&options, argv + optind, (size_t)(argc - optind));
}
