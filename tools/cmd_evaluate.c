// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "commands.h"
#include "corpus.h"
#include "evaluation.h"
#include "info.h"
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
    "Say how well a model predicts music that it has not seen, in nats a note: lower is better.\n"
    "\n"
    "Each note is predicted from those before it, in four factors: dt (time since the note before),\n"
    "pitch, duration, velocity.  The first note of a piece is left out.  Notes before which no motif of\n"
    "ten notes comes again are also counted alone (\"new\"): a piece that repeats itself is easy.\n"
    "\n"
    "  -m, --model FILE   the weights (default: those of the installed plugin)\n"
    "      --no-motif     hide motif matches from the model\n"
    "      --split FILE   take from the folder the files that this table puts on one side\n"
    "      --side SIDE    train, valid or test (default test)\n"
    "      --json         print one JSON object\n"
    "      --help         show this text\n";

typedef struct {
  const char* model;
  const char* split;
  CnSplit     side;
  bool        has_side;
  bool        is_bare;
  bool        is_json;
} Options;

// The pieces to be scored, and how it went
typedef struct {
  CnCorpus  corpus;
  CnScoring total;
  size_t    n_scored;
  json_t*   files; // List, or null without --json
} Job;

static void
add_factors(json_t* const object, const CnLoss* const loss)
{
  json_t* const nll = json_object();
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    json_object_set_new(nll, cn_factor_name((CnFactor)f),
                        loss->n_notes > 0.0 ? json_real(loss->nll[f] / loss->n_notes) : json_null());
  }
  json_object_set_new(nll, "total", loss->n_notes > 0.0 ? json_real(cn_loss_mean(loss)) : json_null());
  json_object_set_new(object, "notes", json_integer((json_int_t)loss->n_notes));
  json_object_set_new(object, "nll", nll);
  json_object_set_new(object, "pitch_accuracy",
                      loss->n_notes > 0.0 ? json_real(loss->n_right / loss->n_notes) : json_null());
}

static json_t*
scoring_json(const CnScoring* const scoring)
{
  json_t* const object     = json_object();
  json_t* const non_repeat = json_object();
  add_factors(object, &scoring->all);
  add_factors(non_repeat, &scoring->non_repeat);
  json_object_set_new(object, "non_repeat", non_repeat);
  return object;
}

static void
print_loss(const char* const title, const CnLoss* const loss)
{
  if (loss->n_notes > 0.0) {
    printf("%-9s %9.0f", title, loss->n_notes);
    for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
      printf("  %8.4f", loss->nll[f] / loss->n_notes);
    }
    printf("  %8.4f  %7.1f %%\n", cn_loss_mean(loss), 100.0 * loss->n_right / loss->n_notes);
  }
}

static void
print_result(const Job* const job, const Options* const options)
{
  if (options->is_json) {
    json_t* const object = scoring_json(&job->total);
    json_object_set_new(object, "motif", json_boolean(!options->is_bare));
    json_object_set(object, "files", job->files);
    json_dumpf(object, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
    putchar('\n');
    json_decref(object);
    return;
  }
  printf("%zu %s, motif matches %s; nats a note:\n", job->n_scored, job->n_scored == 1 ? "piece" : "pieces",
         options->is_bare ? "hidden" : "shown");
  printf("              notes        dt     pitch  duration  velocity     total  pitch right\n");
  print_loss("all", &job->total.all);
  print_loss("new", &job->total.non_repeat);
}

static int
score_pieces(Job* const job, const Options* const options, const CnModel* const model)
{
  CnEvaluator* const evaluator = cn_evaluator_new(model, job->corpus.longest);
  if (!evaluator) {
    return cn_error_print(command, NULL, "out of memory");
  }
  for (size_t i = 0; i < job->corpus.n_pieces; ++i) {
    const CnPiece* const piece = &job->corpus.pieces[i];
    if (options->split && piece->split != options->side) {
      continue;
    }
    const CnScoring scoring = cn_evaluator_score(evaluator, piece, !options->is_bare);
    cn_scoring_add(&job->total, &scoring);
    ++job->n_scored;
    if (job->files) {
      json_t* const file = scoring_json(&scoring);
      json_object_set_new(file, "file", cn_json_text(piece->name));
      json_array_append_new(job->files, file);
    }
  }
  cn_evaluator_free(evaluator);
  return CN_EXIT_OK;
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
  return job->n_scored && !isfinite(total)
             ? cn_error_print(command, NULL,
                              "the model's predictions are not numbers: its weights are absurd")
             : CN_EXIT_OK;
}

static int
evaluate(const Options* const options, char* const* const paths, const size_t n_paths)
{
  CnModel* const model = cn_weights_load(command, options->model);
  if (!model) {
    return CN_EXIT_FAILURE;
  }

  Job job    = {.files = options->is_json ? json_array() : NULL};
  int result = n_paths == 1 && is_folder(paths[0]) ? load_folder(&job, options, paths[0])
                                                   : load_files(&job, paths, n_paths);
  if (job.corpus.n_pieces) {
    const int scored = score_pieces(&job, options, model);
    result           = scored ? scored : result;
    if (check_result(&job)) {
      result = CN_EXIT_FAILURE;
    } else {
      print_result(&job, options);
    }
  }
  json_decref(job.files);
  cn_corpus_clear(&job.corpus);
  cn_model_free(model);
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
  enum { OPTION_BARE = 256, OPTION_SPLIT, OPTION_SIDE, OPTION_JSON, OPTION_HELP };
  static const struct option long_options[] = {{"model", required_argument, NULL, 'm'},
                                               {"no-motif", no_argument, NULL, OPTION_BARE},
                                               {"split", required_argument, NULL, OPTION_SPLIT},
                                               {"side", required_argument, NULL, OPTION_SIDE},
                                               {"json", no_argument, NULL, OPTION_JSON},
                                               {"help", no_argument, NULL, OPTION_HELP},
                                               {NULL, 0, NULL, 0}};

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
  if (options.has_side && !options.split) {
    return cn_usage_error(command, "--side", "goes with --split");
  }
  return evaluate(&options, argv + optind, (size_t)(argc - optind));
}
