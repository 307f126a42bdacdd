// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/base/json.h"
#include "tools/base/now.h"
#include "tools/base/options.h"
#include "tools/base/output.h"
#include "tools/between/infill.h"
#include "tools/command/commands.h"
#include "tools/command/evaluate_between.h"
#include "tools/command/evaluate_play.h"
#include "tools/command/toolsets.h"
#include "tools/corpus/corpus.h"
#include "tools/judge/judge.h"
#include "tools/judge/ngram.h"
#include "tools/judge/weights.h"
#include "tools/picture/picture.h"

#include "dsp/model/any_model.h"

#include <getopt.h>
#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char command[] = "evaluate";

static const char help[] =
    "Usage: continuo evaluate [-m WEIGHTS.safetensors] MIDI... [--no-motif] [--json]\n"
    "       continuo evaluate [-m WEIGHTS.safetensors] CORPUS_DIR --split FILE [--side SIDE] ...\n"
    "       continuo evaluate --baseline [-m WEIGHTS.safetensors] CORPUS_DIR --split FILE ...\n"
    "Say how well a model predicts music, in nats a note: lower is better.  It counts the pieces that the\n"
    "model has learnt, as far as its weights say so.\n"
    "\n"
    "Each note is predicted from those before it, from which the model learns, too, if it does so while\n"
    "it listens.  It has four factors: dt (time since the note before), pitch, duration, velocity.  The\n"
    "first note of a piece is left out.  Notes before which no motif of ten notes comes again are also\n"
    "counted alone (\"new\"): a piece that repeats itself is easy.\n"
    "Errors of step (from onset to onset) and duration are in beats, the guess being the mean of what\n"
    "the model holds possible: their mean size, and the root of their mean square.  The notebook's networks\n"
    "tell pitch and timing alone; beside them stands the guess of the mean step and duration that they "
    "learnt.\n"
    "\n"
    "  -m, --model FILE   the weights (default: those of the installed plugin)\n"
    "      --no-motif     without motifs: hide from the model where one comes again\n"
    "      --no-adaptation\n"
    "                     let the model learn nothing from the pieces while it listens\n"
    "      --chords       tell the model the chord of each half bar, as it is heard in what sounds there\n"
    "      --following N  tell the model what follows each line of N bars\n"
    "      --pedal        take notes to be as long as the sustain pedal lets them sound, not as the keys "
    "are\n"
    "                     down, which is what models learn\n"
    "      --split FILE   take from the folder the files that this table puts on one side\n"
    "      --side SIDE    train, valid or test (default test)\n"
    "      --baseline     score an interpolated trigram, too, and the guess that all notes have the mean\n"
    "                     step and duration; they learn from the train side.  Without -m, only them\n"
    "      --play BARS    let the model go on with the first eight bars of each piece for BARS bars, 8 to "
    "256,\n"
    "                     and compare that with how the piece goes on; see continuo compare --help\n"
    "      --between BARS let the model lead from the first eight bars of each piece to those BARS bars "
    "later,\n"
    "                     and say how surprised it is by the two that follow: after the piece's own bars,\n"
    "                     after a plain continuation, after one that is told what follows, and after the\n"
    "                     best of 16 of these; see continuo generate --help\n"
    "      --takes N      how often it goes on with each piece (default 3)\n"
    "      --pieces N     go on with the first N pieces only\n"
    "      --picture FILE draw that comparison; the suffix chooses PNG, SVG or PDF\n"
    "      --force        write the picture over a file that is none\n"
    "      --json         print one JSON object\n"
    "      --help         show this text\n";

typedef struct {
  const char* model;
  const char* split;
  CnSplit     side;
  CnLengths   lengths;
  bool        has_side;
  bool        has_baseline;
  bool        is_bare;
  bool        is_held; // The model learns nothing while it listens
  bool        has_chords;
  uint32_t    following;
  bool        is_json;
  uint32_t    play_bars;    // 0: it is not to play
  uint32_t    between_bars; // 0: it is not to lead anywhere
  bool        is_forced;
  const char* picture;  // Of how it plays, or null
  uint32_t    n_takes;  // 0: TAKES
  uint32_t    n_pieces; // To play at most; 0: all
} Options;

enum { TAKES = 3 };

// The pieces to be scored, and how it went
typedef struct {
  CnCorpus       corpus;
  const char*    folder;   // Of the corpus, or null if its names are paths
  CnAnyModel     model;    // Or none
  const CnJudge* judge;    // Of the model
  CnLineage      lineage;  // Of the model, as it says
  CnNgram*       baseline; // Or null
  CnScoring      total;
  CnScoring      trigram;
  CnScoring      mean; // That the trigram learnt, or a model that knows it
  size_t         n_scored;
  size_t         n_learnt; // Of those
  json_t*        files;    // List, or null without --json
} Job;

// What there is to tell of the scores, as JSON
static json_t*
make_json(const Job* const job, const Options* const options)
{
  const bool    has_model = cn_any_model_is_there(&job->model);
  json_t* const object    = has_model ? cn_scoring_json(&job->total) : json_object();
  if (has_model) {
    json_object_set_new(object, "motif", json_boolean(job->judge->hears_motifs && !options->is_bare));
    json_object_set_new(object, "chords", json_boolean(job->judge->hears_motifs && options->has_chords));
    json_object_set_new(object, "following", json_integer(job->judge->hears_motifs ? options->following : 0));
    json_object_set_new(object, "learnt", json_integer((json_int_t)job->n_learnt));
    json_object_set(object, "files", job->files);
  }
  if (job->baseline) {
    json_object_set_new(object, "trigram", cn_scoring_json(&job->trigram));
  }
  if (job->mean.all.n_notes > 0.0) {
    json_object_set_new(object, "mean", cn_scoring_json(&job->mean));
  }
  return object;
}

// What the table calls the model
static const char*
label(const Job* const job)
{
  return job->judge->label ? job->judge->label(job->model.handle) : job->model.architecture->name;
}

static void
print_result(const Job* const job, const Options* const options)
{
  const bool has_model = cn_any_model_is_there(&job->model);
  printf("%zu %s", job->n_scored, job->n_scored == 1 ? "piece" : "pieces");
  if (job->n_learnt) {
    printf(", %zu of which the model has learnt", job->n_learnt);
  }
  if (has_model && job->judge->hears_motifs) {
    printf(", %s motifs%s", options->is_bare ? "without" : "with",
           options->has_chords ? ", with chords" : "");
  }
  if (has_model && job->judge->hold && options->is_held) {
    printf(", without adaptation");
  }
  if (has_model && job->judge->hears_motifs && options->following) {
    printf(", told what follows each %u bars", options->following);
  }
  puts("; nats a note, errors in beats:");
  cn_scoring_print_heading(stdout);
  if (has_model) {
    cn_scoring_print(stdout, label(job), &job->total);
  }
  if (job->baseline) {
    cn_scoring_print(stdout, "trigram", &job->trigram);
  }
  cn_scoring_print(stdout, "train's mean", &job->mean);
  if (has_model && !job->judge->factors) {
    printf("%s: a kind of model that tells no likelihoods, so that there is nothing to score it by\n",
           label(job));
  }
}

// What scores: those that are wanted
typedef struct {
  void*      model;   // Of the judge
  CnContext* context; // Of the baseline
} Scorers;

static bool
init_scorers(Scorers* const scorers, const Job* const job)
{
  const uint32_t longest   = job->corpus.longest;
  const bool     has_model = cn_any_model_is_there(&job->model);
  scorers->model           = has_model ? job->judge->scorer_new(job->model.handle, longest) : NULL;
  scorers->context         = job->baseline ? cn_context_new(longest) : NULL;
  return !scorers->model == !has_model && !scorers->context == !job->baseline;
}

static void
clear_scorers(const Scorers* const scorers, const Job* const job)
{
  job->judge->scorer_free(scorers->model);
  cn_context_free(scorers->context);
}

static void
add_scoring(Job* const job, const CnPiece* const piece, const CnScoring* const scoring)
{
  cn_scoring_add(&job->total, scoring);
  if (job->files) {
    json_t* const file = cn_scoring_json(scoring);
    json_object_set_new(file, "file", cn_json_text(piece->name));
    json_object_set_new(file, "learnt", json_boolean(cn_learnt_has(&job->lineage.learnt, piece->id)));
    json_array_append_new(job->files, file);
  }
}

static int
score_by_model(Job* const job, const Options* const options, void* const scorer, const CnPiece* const piece)
{
  char      fault[256] = "";
  char      path[PATH_MAX];
  CnScoring scoring = {.all = {.n_notes = 0.0}};
  CnScoring mean    = {.all = {.n_notes = 0.0}};
  snprintf(path, sizeof(path), "%s%s%s", job->folder ? job->folder : "", job->folder ? "/" : "", piece->name);
  const CnTrial trial = {piece, path, !options->is_bare, options->has_chords, options->following};
  if (job->judge->score(scorer, &trial, &scoring, &mean, CN_FAULT(fault))) {
    return cn_error_print(command, path, "%s", fault);
  }
  add_scoring(job, piece, &scoring);
  if (!job->baseline) {
    cn_scoring_add(&job->mean, &mean);
  }
  return CN_EXIT_OK;
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
score_piece(Job* const job, const Options* const options, const Scorers* const scorers,
            const CnPiece* const piece)
{
  if (scorers->context) {
    score_by_baseline(job, scorers->context, piece);
  }
  ++job->n_scored;
  job->n_learnt += cn_learnt_has(&job->lineage.learnt, piece->id);
  return scorers->model ? score_by_model(job, options, scorers->model, piece) : CN_EXIT_OK;
}

static bool
is_wanted(const Options* const options, const CnPiece* const piece)
{
  return !options->split || piece->split == options->side;
}

// Say on a terminal how far it has come, where that takes a while, and at the end leave nothing of it
static void
show_progress(const Job* const job, const size_t n)
{
  static double last;
  const double  now = cn_now();
  if (!isatty(STDERR_FILENO) || (job->n_scored < n && now - last < 0.5)) {
    return;
  }
  last = now;
  fputs("\r\033[K", stderr);
  if (job->n_scored < n) {
    fprintf(stderr, "%zu of %zu pieces", job->n_scored, n);
  }
}

static int
score_pieces(Job* const job, const Options* const options)
{
  Scorers scorers;
  size_t  n = 0;
  for (size_t i = 0; i < job->corpus.n_pieces; ++i) {
    n += is_wanted(options, &job->corpus.pieces[i]);
  }
  int result = init_scorers(&scorers, job) ? CN_EXIT_OK : cn_error_print(command, NULL, "out of memory");
  for (size_t i = 0; !result && i < job->corpus.n_pieces; ++i) {
    const CnPiece* const piece = &job->corpus.pieces[i];
    if (is_wanted(options, piece)) {
      result = score_piece(job, options, &scorers, piece);
      show_progress(job, n);
    }
  }
  clear_scorers(&scorers, job);
  return result;
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
load_files(Job* const job, const Options* const options, char* const* const paths, const size_t n_paths)
{
  int result         = CN_EXIT_OK;
  job->corpus.pieces = calloc(n_paths, sizeof(CnPiece));
  for (size_t i = 0; job->corpus.pieces && i < n_paths; ++i) {
    char           fault[256] = "";
    CnPiece* const piece      = &job->corpus.pieces[job->corpus.n_pieces];
    if (cn_piece_load(paths[i], options->lengths, piece, CN_FAULT(fault))) {
      result = cn_error_print(command, paths[i], "%s", fault);
    } else {
      piece->name = strdup(paths[i]);
      ++job->corpus.n_pieces;
    }
  }
  cn_corpus_count(&job->corpus);
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
  if (cn_corpus_load(folder, options->split, 0, options->lengths, &job->corpus, CN_FAULT(fault))) {
    print_bad_files(&job->corpus);
    return cn_error_print(command, NULL, "%s", fault);
  }
  int result  = print_bad_files(&job->corpus);
  job->folder = folder;
  if (options->split && !job->corpus.n_in_split[options->side]) {
    result = cn_error_print(command, options->split, "no file on that side");
  }
  return result;
}

// Weights may be numbers and yet absurd
static int
check_result(const Job* const job)
{
  bool is_sound = true;
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    is_sound = is_sound && (!(job->judge->factors >> f & 1U) || isfinite(job->total.all.nll[f]));
  }
  return is_sound ? CN_EXIT_OK
                  : cn_error_print(command, NULL,
                                   "the model's predictions are not numbers: its weights are absurd");
}

static int
play(const Job* const job, const Options* const options, json_t* const object)
{
  const CnPlaySettings settings = {.n_sections = options->play_bars / CN_SECTION_BARS,
                                   .n_takes    = options->n_takes ? options->n_takes : TAKES,
                                   .n_pieces   = options->n_pieces ? options->n_pieces : SIZE_MAX,
                                   .side       = options->side,
                                   .has_sides  = options->split};
  return cn_evaluate_play(&job->model, &job->corpus, &settings, options->picture, object);
}

static int
lead(const Job* const job, const Options* const options, json_t* const object)
{
  const CnBetweenSettings settings = {.n_bars       = (int32_t)options->between_bars,
                                      .n_candidates = CN_INFILL_CANDIDATES,
                                      .n_takes      = options->n_takes ? options->n_takes : TAKES,
                                      .n_pieces     = options->n_pieces ? options->n_pieces : SIZE_MAX,
                                      .side         = options->side,
                                      .has_sides    = options->split};
  return cn_evaluate_between(&job->model, &job->corpus, &settings, object);
}

// Print the scores, and how it plays if that is wanted
static int
tell(const Job* const job, const Options* const options)
{
  json_t* const object = options->is_json ? make_json(job, options) : NULL;
  if (!object) {
    print_result(job, options);
  }
  int result = options->play_bars ? play(job, options, object) : CN_EXIT_OK;
  if (!result && options->between_bars) {
    result = lead(job, options, object);
  }
  if (object) {
    json_dumpf(object, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
    putchar('\n');
  }
  json_decref(object);
  return result;
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
  return result ? result : tell(job, options);
}

static int
evaluate(const Options* const options, char* const* const paths, const size_t n_paths)
{
  Job job = {.files = options->is_json ? json_array() : NULL};
  if (options->model || !options->has_baseline) {
    if (!cn_weights_load_lineage(command, options->model, &job.model, &job.lineage)) {
      json_decref(job.files);
      return CN_EXIT_FAILURE;
    }
  }
  job.judge = cn_toolset_of(job.model.architecture)->judge;
  if (options->is_held && job.judge->hold) {
    job.judge->hold(job.model.handle);
  }

  int result = n_paths == 1 && is_folder(paths[0]) ? load_folder(&job, options, paths[0])
                                                   : load_files(&job, options, paths, n_paths);
  if (options->split ? job.corpus.n_in_split[options->side] : job.corpus.n_pieces) {
    const int scored = score_and_print(&job, options);
    result           = scored ? scored : result;
  }
  json_decref(job.files);
  cn_ngram_free(job.baseline);
  cn_corpus_clear(&job.corpus);
  cn_lineage_clear(&job.lineage);
  cn_any_model_free(&job.model);
  return result;
}

enum {
  OPTION_BARE = 256,
  OPTION_HELD,
  OPTION_CHORDS,
  OPTION_FOLLOWING,
  OPTION_PEDAL,
  OPTION_SPLIT,
  OPTION_SIDE,
  OPTION_BASELINE,
  OPTION_PLAY,
  OPTION_BETWEEN,
  OPTION_TAKES,
  OPTION_PIECES,
  OPTION_PICTURE,
  OPTION_FORCE,
  OPTION_JSON,
  OPTION_HELP
};

static bool
read_option(const int option, Options* const options)
{
  switch (option) {
  case 'm':
    options->model = optarg;
    return true;
  case OPTION_HELD:
    options->is_held = true;
    return true;
  case OPTION_BARE:
    options->is_bare = true;
    return true;
  case OPTION_CHORDS:
    options->has_chords = true;
    return true;
  case OPTION_FOLLOWING:
    return cn_option_unsigned(command, "--following", optarg, 1, 256, &options->following);
  case OPTION_PEDAL:
    options->lengths = CN_LENGTHS_PEDAL;
    return true;
  case OPTION_SPLIT:
    options->split = optarg;
    return true;
  case OPTION_SIDE:
    options->has_side = true;
    return cn_split_option(command, optarg, &options->side);
  case OPTION_BASELINE:
    options->has_baseline = true;
    return true;
  case OPTION_PLAY:
    return cn_option_unsigned(command, "--play", optarg, CN_SECTION_BARS, CN_SECTION_BARS * CN_MAX_SECTIONS,
                              &options->play_bars);
  case OPTION_BETWEEN:
    return cn_option_unsigned(command, "--between", optarg, 1, 64, &options->between_bars);
  case OPTION_TAKES:
    return cn_option_unsigned(command, "--takes", optarg, 1, 1000, &options->n_takes);
  case OPTION_PIECES:
    return cn_option_unsigned(command, "--pieces", optarg, 1, 1000000, &options->n_pieces);
  case OPTION_FORCE:
    options->is_forced = true;
    return true;
  case OPTION_PICTURE:
    options->picture = optarg;
    return true;
  case OPTION_JSON:
    options->is_json = true;
    return true;
  default:
    return false;
  }
}

// What of the command line does not go together
static int
check_options(const Options* const options, const int argc, char** const argv)
{
  if (optind == argc) {
    return cn_usage_error(command, NULL, "no MIDI file is named");
  }
  if (options->split && (optind + 1 < argc || !is_folder(argv[optind]))) {
    return cn_usage_error(command, "--split", "goes with one folder");
  }
  if (options->has_baseline && !options->split) {
    return cn_usage_error(command, "--baseline", "goes with --split, to tell what it may learn from");
  }
  if (options->has_side && !options->split) {
    return cn_usage_error(command, "--side", "goes with --split");
  }
  CnPictureFormat format = CN_PICTURE_PNG;
  if (options->picture && (!options->play_bars || !cn_picture_format(options->picture, &format))) {
    return options->play_bars ? cn_usage_error(command, options->picture, CN_PICTURE_UNKNOWN)
                              : cn_usage_error(command, "--picture", "goes with --play");
  }
  const bool plays = options->play_bars || options->between_bars;
  if (!plays && (options->n_takes || options->n_pieces)) {
    return cn_usage_error(command, options->n_takes ? "--takes" : "--pieces",
                          "goes with --play or --between");
  }
  if (plays && options->has_baseline && !options->model) {
    return cn_usage_error(command, options->play_bars ? "--play" : "--between",
                          "wants a model: name it after -m");
  }
  return options->picture
             ? cn_output_check(command, NULL, options->picture, CN_OUTPUT_PICTURE, options->is_forced)
             : CN_EXIT_OK;
}

int
cn_cmd_evaluate(const int argc, char** const argv)
{
  static const struct option long_options[] = {{"model", required_argument, NULL, 'm'},
                                               {"no-motif", no_argument, NULL, OPTION_BARE},
                                               {"no-adaptation", no_argument, NULL, OPTION_HELD},
                                               {"chords", no_argument, NULL, OPTION_CHORDS},
                                               {"following", required_argument, NULL, OPTION_FOLLOWING},
                                               {"pedal", no_argument, NULL, OPTION_PEDAL},
                                               {"split", required_argument, NULL, OPTION_SPLIT},
                                               {"side", required_argument, NULL, OPTION_SIDE},
                                               {"baseline", no_argument, NULL, OPTION_BASELINE},
                                               {"play", required_argument, NULL, OPTION_PLAY},
                                               {"between", required_argument, NULL, OPTION_BETWEEN},
                                               {"takes", required_argument, NULL, OPTION_TAKES},
                                               {"pieces", required_argument, NULL, OPTION_PIECES},
                                               {"picture", required_argument, NULL, OPTION_PICTURE},
                                               {"force", no_argument, NULL, OPTION_FORCE},
                                               {"json", no_argument, NULL, OPTION_JSON},
                                               {"help", no_argument, NULL, OPTION_HELP},
                                               {NULL, 0, NULL, 0}};

  Options options = {.side = CN_SPLIT_TEST};
  int     option  = 0;
  while ((option = getopt_long(argc, argv, "m:", long_options, NULL)) != -1) {
    if (option == OPTION_HELP) {
      return cn_help_print(help);
    }
    if (!read_option(option, &options)) {
      return cn_usage_hint(command);
    }
  }
  const int usage = check_options(&options, argc, argv);
  return usage ? usage : evaluate(&options, argv + optind, (size_t)(argc - optind));
}
