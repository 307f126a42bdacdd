// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/base/options.h"
#include "tools/notebook/run.h"
#include "tools/run/train_check.h"
#include "tools/run/train_common.h"

#include "dsp/notebook/architecture.h"

#include <getopt.h>
#include <string.h>

static const char command[] = "train";

static const char help[] =
    "Usage: continuo train --arch notebook CORPUS_DIR -o WEIGHTS.safetensors [OPTION]...\n"
    "Train the two networks that this project grew from: pitch, and duration and step, each from the last\n"
    "notes.  Files, tables, interrupts and checkpoints are as for the other networks, see\n"
    "continuo train --help.\n"
    "\n"
    "  -o, --output FILE       where the weights of both go\n"
    "      --split FILE        table with columns file, work, split (train, valid or test)\n"
    "      --pedal             learn how long the sustain pedal lets notes sound, not how long the keys are "
    "down\n"
    "      --epochs N          length of the run, times through all windows (default 1)\n"
    "      --minutes M         length of the run by the clock, instead\n"
    "      --threads N         workers, at most one a window of a batch (default: one a processor); the "
    "result\n"
    "                          depends on their number\n"
    "      --seed N            random seed, of first weights, order and dropout (default 1)\n"
    "      --checkpoint M      minutes between two checkpoints (default 1)\n"
    "      --resume            go on from the checkpoint of a run that was interrupted; all else must be\n"
    "                          as it was, and the weights will be as if nothing had happened\n"
    "\n"
    "      --from FILE         begin with weights of these networks, which say what they are and what they "
    "read;\n"
    "                          licence and credit are inherited\n"
    "\n"
    "The networks (the author's own: --pitch-layers 512,256,128 --timing-layers 256,256):\n"
    "      --pitch-layers N,...   widths of bidirectional LSTMs, then of the last LSTM (default 96,96)\n"
    "      --timing-layers N,...  the same for duration and step (default 48,48)\n"
    "      --step drawn|mean   when the next note comes: drawn from the residuals of the regression, so "
    "that\n"
    "                          there are chords, or the mean that it has learnt (default drawn)\n"
    "      --half              write 16-bit floats\n"
    "\n"
    "What they read:\n"
    "      --window N          notes (default 50)\n"
    "      --unit beats|seconds   of durations and steps (default beats)\n"
    "      --min-count N       pitches that occur less often are left out (default 100)\n"
    "\n"
    "The recipe:\n"
    "      --rate R            learning rate of Adam (default 0.004); over the last two fifths of the run\n"
    "                          it goes down to nothing\n"
    "      --dropout P         share of dropped outputs (default 0.05)\n"
    "      --batch N           windows at once (default 16)\n"
    "      --round N           windows between validations (default 16384)\n"
    "      --plateau N         halve the rate after N rounds without a better one (default 3)\n"
    "      --patience N        end after N rounds without a better one (default 10; 0: never)\n"
    "\n"
    "About the weights, for their metadata:\n"
    "      --licence TEXT      under which they may be shared\n"
    "      --credit TEXT       whom to thank for the corpus\n"
    "\n"
    "      --force             write over weights, or another file, that stand at the output's place\n"
    "      --help              show this text\n";

enum {
  OPTION_ARCH = 256,
  OPTION_SPLIT,
  OPTION_PEDAL,
  OPTION_EPOCHS,
  OPTION_MINUTES,
  OPTION_SEED,
  OPTION_FROM,
  OPTION_PITCH_LAYERS,
  OPTION_TIMING_LAYERS,
  OPTION_THREADS,
  OPTION_CHECKPOINT,
  OPTION_RESUME,
  OPTION_STEP,
  OPTION_HALF,
  OPTION_WINDOW,
  OPTION_UNIT,
  OPTION_MIN_COUNT,
  OPTION_RATE,
  OPTION_DROPOUT,
  OPTION_BATCH,
  OPTION_ROUND,
  OPTION_PLATEAU,
  OPTION_PATIENCE,
  OPTION_LICENCE,
  OPTION_CREDIT,
  OPTION_FORCE,
  OPTION_HELP,
};

static const struct option long_options[] = {{"output", required_argument, NULL, 'o'},
                                             {"arch", required_argument, NULL, OPTION_ARCH},
                                             {"split", required_argument, NULL, OPTION_SPLIT},
                                             {"pedal", no_argument, NULL, OPTION_PEDAL},
                                             {"epochs", required_argument, NULL, OPTION_EPOCHS},
                                             {"minutes", required_argument, NULL, OPTION_MINUTES},
                                             {"seed", required_argument, NULL, OPTION_SEED},
                                             {"from", required_argument, NULL, OPTION_FROM},
                                             {"pitch-layers", required_argument, NULL, OPTION_PITCH_LAYERS},
                                             {"timing-layers", required_argument, NULL, OPTION_TIMING_LAYERS},
                                             {"threads", required_argument, NULL, OPTION_THREADS},
                                             {"checkpoint", required_argument, NULL, OPTION_CHECKPOINT},
                                             {"resume", no_argument, NULL, OPTION_RESUME},
                                             {"step", required_argument, NULL, OPTION_STEP},
                                             {"half", no_argument, NULL, OPTION_HALF},
                                             {"window", required_argument, NULL, OPTION_WINDOW},
                                             {"unit", required_argument, NULL, OPTION_UNIT},
                                             {"min-count", required_argument, NULL, OPTION_MIN_COUNT},
                                             {"rate", required_argument, NULL, OPTION_RATE},
                                             {"dropout", required_argument, NULL, OPTION_DROPOUT},
                                             {"batch", required_argument, NULL, OPTION_BATCH},
                                             {"round", required_argument, NULL, OPTION_ROUND},
                                             {"plateau", required_argument, NULL, OPTION_PLATEAU},
                                             {"patience", required_argument, NULL, OPTION_PATIENCE},
                                             {"licence", required_argument, NULL, OPTION_LICENCE},
                                             {"credit", required_argument, NULL, OPTION_CREDIT},
                                             {"force", no_argument, NULL, OPTION_FORCE},
                                             {"help", no_argument, NULL, OPTION_HELP},
                                             {NULL, 0, NULL, 0}};

static bool
read_stack(const char* const option, CnNotebookStack* const stack)
{
  if (!cn_notebook_stack_parse(optarg, stack)) {
    cn_error_print(command, option, "'%s' is no list of one to %d widths from 1 to %d", optarg,
                   CN_NOTEBOOK_MAX_LAYERS, CN_NOTEBOOK_MAX_WIDTH);
    return false;
  }
  return true;
}

static bool
read_unit(CnNotebookUnit* const unit)
{
  if (strcmp(optarg, "beats") && strcmp(optarg, "seconds")) {
    cn_error_print(command, "--unit", "'%s' is neither beats nor seconds", optarg);
    return false;
  }
  *unit = strcmp(optarg, "seconds") ? CN_NOTEBOOK_BEATS : CN_NOTEBOOK_SECONDS;
  return true;
}

static bool
read_step(bool* const keeps_mean)
{
  if (strcmp(optarg, "drawn") && strcmp(optarg, "mean")) {
    cn_error_print(command, "--step", "'%s' is neither drawn nor mean", optarg);
    return false;
  }
  *keeps_mean = !strcmp(optarg, "mean");
  return true;
}

static bool
read_recipe_option(const int option, CnNotebookRecipe* const recipe)
{
  switch (option) {
  case OPTION_ARCH:
    return cn_train_check_arch(&cn_notebook_architecture, optarg);
  case OPTION_EPOCHS:
    recipe->minutes = 0.0;
    return cn_option_number(command, "--epochs", optarg, 0.0001, 1e6, &recipe->epochs);
  case OPTION_MINUTES:
    return cn_option_number(command, "--minutes", optarg, 0.001, 1e6, &recipe->minutes);
  case OPTION_THREADS:
    return cn_option_unsigned(command, "--threads", optarg, 1, 256, &recipe->n_threads);
  case OPTION_SEED:
    return cn_option_unsigned(command, "--seed", optarg, 0, 0x7FFFFFFF, &recipe->seed);
  case OPTION_PITCH_LAYERS:
    return read_stack("--pitch-layers", &recipe->stack[CN_NOTEBOOK_PITCH]);
  case OPTION_TIMING_LAYERS:
    return read_stack("--timing-layers", &recipe->stack[CN_NOTEBOOK_TIMING]);
  case OPTION_WINDOW:
    return cn_option_unsigned(command, "--window", optarg, 1, CN_NOTEBOOK_MAX_WINDOW, &recipe->window);
  case OPTION_UNIT:
    return read_unit(&recipe->unit);
  case OPTION_MIN_COUNT:
    return cn_option_unsigned(command, "--min-count", optarg, 1, 1000000, &recipe->min_count);
  case OPTION_RATE:
    return cn_option_float(command, "--rate", optarg, 1e-6, 1.0, &recipe->rate);
  case OPTION_DROPOUT:
    return cn_option_float(command, "--dropout", optarg, 0.0, 0.9, &recipe->dropout);
  case OPTION_BATCH:
    return cn_option_unsigned(command, "--batch", optarg, 1, 4096, &recipe->n_batch);
  case OPTION_ROUND:
    return cn_option_unsigned(command, "--round", optarg, 1, 100000000, &recipe->n_round);
  case OPTION_PLATEAU:
    return cn_option_unsigned(command, "--plateau", optarg, 1, 1000000, &recipe->plateau);
  case OPTION_PATIENCE:
    return cn_option_unsigned(command, "--patience", optarg, 0, 1000000, &recipe->patience);
  default:
    return false;
  }
}

static bool
read_option(const int option, CnNotebookJob* const job)
{
  switch (option) {
  case 'o':
    job->files.output = optarg;
    return true;
  case OPTION_SPLIT:
    job->files.split = optarg;
    return true;
  case OPTION_PEDAL:
    job->files.lengths = CN_LENGTHS_PEDAL;
    return true;
  case OPTION_CHECKPOINT:
    return cn_option_number(command, "--checkpoint", optarg, 0.0, 1e6, &job->files.checkpoint_minutes);
  case OPTION_RESUME:
    job->files.is_resumed = true;
    return true;
  case OPTION_FROM:
    job->files.from = optarg;
    return true;
  case OPTION_STEP:
    return read_step(&job->keeps_mean);
  case OPTION_HALF:
    job->files.is_half = true;
    return true;
  case OPTION_LICENCE:
    job->files.licence = optarg;
    return true;
  case OPTION_FORCE:
    job->files.is_forced = true;
    return true;
  case OPTION_CREDIT:
    job->files.credit = optarg;
    return true;
  default:
    return read_recipe_option(option, &job->recipe);
  }
}

// What weights that are begun with say themselves
static bool
is_theirs(const int option)
{
  return option == OPTION_PITCH_LAYERS || option == OPTION_TIMING_LAYERS || option == OPTION_WINDOW ||
         option == OPTION_UNIT || option == OPTION_MIN_COUNT;
}

int
cn_notebook_command(const int argc, char** const argv)
{
  CnNotebookJob job    = {.files  = {.checkpoint_minutes = 1.0},
                          .recipe = {.stack     = {{2, {96, 96}}, {2, {48, 48}}},
                                     .unit      = CN_NOTEBOOK_BEATS,
                                     .window    = 50,
                                     .min_count = 100,
                                     .n_threads = cn_train_processors(),
                                     .seed      = 1,
                                     .n_batch   = 16,
                                     .n_round   = 16384,
                                     .plateau   = 3,
                                     .patience  = 10,
                                     .rate      = 4e-3F,
                                     .dropout   = 0.05F,
                                     .epochs    = 1.0}};
  int           option = 0;
  bool          says   = false; // Of the networks and what they read
  while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1) {
    if (option == OPTION_HELP) {
      return cn_help_print(help);
    }
    if (option == '?' || !read_option(option, &job)) {
      return cn_usage_hint(command);
    }
    says = says || is_theirs(option);
  }
  if (job.files.from && says) {
    return cn_usage_error(
        command, "--from",
        "the weights say what the networks are and what they read: no layers, window, unit or count");
  }
  if (job.recipe.n_threads > job.recipe.n_batch) {
    job.recipe.n_threads = job.recipe.n_batch;
  }
  const int usage = cn_train_take_folder(&job.files, argc, argv);
  return usage ? usage : cn_notebook_run(&job);
}
