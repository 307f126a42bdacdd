// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/base/options.h"
#include "tools/command/commands.h"
#include "tools/run/train_check.h"
#include "tools/run/train_common.h"
#include "tools/run/train_recipe.h"
#include "tools/run/train_run.h"

#include "dsp/network/architecture.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char command[] = "train";

static const char help[] =
    "Usage: continuo train CORPUS_DIR -o WEIGHTS.safetensors [OPTION]...\n"
    "Learn to play like the MIDI files in a folder.\n"
    "\n"
    "All .mid, .midi, .kar and .rmi files below the folder are read; bad ones are listed and left out, and\n"
    "so are those with the notes of another one.  The weights are written whenever they are the best so far "
    "by\n"
    "validation.  Beside them go a table of the run (WEIGHTS.csv), a picture of it (WEIGHTS.png), and the\n"
    "split, if it was drawn (WEIGHTS.split.tsv).  Ctrl-C ends the run early; what it needs to go on is in\n"
    "WEIGHTS.checkpoint until it has come to its end.\n"
    "\n"
    "  -o, --output FILE       where the weights go\n"
    "      --split FILE        table with columns file, work, split (train, valid or test); without it, a\n"
    "                          tenth of the files is kept for validation and a tenth for test, 200 at most\n"
    "      --no-velocity       learn no velocities; without it, from the files whose velocities somebody "
    "played,\n"
    "                          as the table's fourth column has it, or as they look\n"
    "      --pedal             learn how long the sustain pedal lets notes sound, not how long the keys are "
    "down\n"
    "      --epochs N          length of the run, times through the corpus (default by size)\n"
    "      --minutes M         length of the run by the clock; of both, the last one counts\n"
    "      --patience N        end after N validations without a better one (default by size; 0: never)\n"
    "      --threads N         workers (default: one a processor); the result depends on their number\n"
    "      --seed N            random seed, of first weights, order and dropout (default 1)\n"
    "      --checkpoint M      minutes between two checkpoints (default 1)\n"
    "      --no-play           do not compare at the end what it plays with how pieces go on\n"
    "      --resume            go on from the checkpoint of a run that was interrupted; all else must be\n"
    "                          as it was, and the weights will be as if nothing had happened\n"
    "\n"
    "The network:\n"
    "      --arch KIND         continuo (default), attention, which is the same with a Transformer's trunk,\n"
    "                          or notebook; see continuo train --arch notebook --help\n"
    "      --from default|FILE begin with trained weights, of which the network then is: the ones that come\n"
    "                          with continuo, or others; licence and credit are inherited\n"
    "      --cell lstm|gru     kind of the recurrent layer (default gru)\n"
    "      --hidden N          width of the trunk (default by the size of the corpus)\n"
    "      --layers N          layers of the trunk (default 1, of attention by size)\n"
    "      --heads N           heads of each of them, a divisor of the width (default 4)\n"
    "      --window N          notes that each of them hears, itself included (default 512)\n"
    "      --distance KIND     by what attention knows how far apart notes are: rotary, queries and keys\n"
    "                          that are rotated by their onsets (default), time, learnt biases for spans\n"
    "                          of bars and beats, or notes, learnt biases for how many notes ago\n"
    "      --head N            width of each head's hidden layer (default by size)\n"
    "      --half              write 16-bit floats; by default 8-bit integers are written if validation\n"
    "                          loses at most 0.005 nats a note by them\n"
    "      --float             write 32-bit floats\n"
    "\n"
    "The recipe:\n"
    "      --rate R            learning rate (default 0.003 for gru, 0.004 for lstm, 0.001 for attention,\n"
    "                          0.0003 with --from)\n"
    "      --dropout P         share of dropped outputs (default by size)\n"
    "      --weight-decay D    pull of the weights towards zero (default 0.02)\n"
    "      --streams N         notes side by side in a batch (default by size)\n"
    "      --steps N           notes one after another in a batch (default 64)\n"
    "      --own SHARE         in a share of the stretches of a batch, which grows from 0 to this, let the\n"
    "                          network go on from notes of its own (default 0; a step takes half as long "
    "again)\n"
    "      --only-chords       with --from: learn what chords mean, and leave all else as it is; chords are\n"
    "                          always told, in validation, too (rate 0.003, no dropout)\n"
    "      --following SHARE   in a share of the stretches, tell what follows some bars later, so that the\n"
    "                          network learns to lead there (default 0.25)\n"
    "      --only-following    with --from: learn to lead into what follows, and leave all else as it is; "
    "that\n"
    "                          is always told, in validation, too (rate 0.0005)\n"
    "\n"
    "About the weights, for their metadata:\n"
    "      --licence TEXT      under which they may be shared\n"
    "      --credit TEXT       whom to thank for the corpus\n"
    "\n"
    "      --force             write over weights, or another file, that stand at the output's place\n"
    "      --help              show this text\n";

enum {
  OPTION_SPLIT = 256,
  OPTION_NO_VELOCITY,
  OPTION_PEDAL,
  OPTION_EPOCHS,
  OPTION_MINUTES,
  OPTION_PATIENCE,
  OPTION_THREADS,
  OPTION_SEED,
  OPTION_CHECKPOINT,
  OPTION_NO_PLAY,
  OPTION_RESUME,
  OPTION_ARCH,
  OPTION_FROM,
  OPTION_CELL,
  OPTION_HIDDEN,
  OPTION_HEAD,
  OPTION_LAYERS,
  OPTION_HEADS,
  OPTION_WINDOW,
  OPTION_DISTANCE,
  OPTION_HALF,
  OPTION_FLOAT,
  OPTION_RATE,
  OPTION_DROPOUT,
  OPTION_DECAY,
  OPTION_STREAMS,
  OPTION_STEPS,
  OPTION_OWN,
  OPTION_ONLY_CHORDS,
  OPTION_FOLLOWING,
  OPTION_ONLY_FOLLOWING,
  OPTION_LICENCE,
  OPTION_CREDIT,
  OPTION_FORCE,
  OPTION_HELP,
};

static const struct option long_options[] = {{"output", required_argument, NULL, 'o'},
                                             {"split", required_argument, NULL, OPTION_SPLIT},
                                             {"no-velocity", no_argument, NULL, OPTION_NO_VELOCITY},
                                             {"pedal", no_argument, NULL, OPTION_PEDAL},
                                             {"epochs", required_argument, NULL, OPTION_EPOCHS},
                                             {"minutes", required_argument, NULL, OPTION_MINUTES},
                                             {"patience", required_argument, NULL, OPTION_PATIENCE},
                                             {"threads", required_argument, NULL, OPTION_THREADS},
                                             {"seed", required_argument, NULL, OPTION_SEED},
                                             {"checkpoint", required_argument, NULL, OPTION_CHECKPOINT},
                                             {"no-play", no_argument, NULL, OPTION_NO_PLAY},
                                             {"resume", no_argument, NULL, OPTION_RESUME},
                                             {"arch", required_argument, NULL, OPTION_ARCH},
                                             {"from", required_argument, NULL, OPTION_FROM},
                                             {"cell", required_argument, NULL, OPTION_CELL},
                                             {"hidden", required_argument, NULL, OPTION_HIDDEN},
                                             {"head", required_argument, NULL, OPTION_HEAD},
                                             {"layers", required_argument, NULL, OPTION_LAYERS},
                                             {"heads", required_argument, NULL, OPTION_HEADS},
                                             {"window", required_argument, NULL, OPTION_WINDOW},
                                             {"distance", required_argument, NULL, OPTION_DISTANCE},
                                             {"half", no_argument, NULL, OPTION_HALF},
                                             {"float", no_argument, NULL, OPTION_FLOAT},
                                             {"rate", required_argument, NULL, OPTION_RATE},
                                             {"dropout", required_argument, NULL, OPTION_DROPOUT},
                                             {"weight-decay", required_argument, NULL, OPTION_DECAY},
                                             {"streams", required_argument, NULL, OPTION_STREAMS},
                                             {"steps", required_argument, NULL, OPTION_STEPS},
                                             {"own", required_argument, NULL, OPTION_OWN},
                                             {"only-chords", no_argument, NULL, OPTION_ONLY_CHORDS},
                                             {"following", required_argument, NULL, OPTION_FOLLOWING},
                                             {"only-following", no_argument, NULL, OPTION_ONLY_FOLLOWING},
                                             {"licence", required_argument, NULL, OPTION_LICENCE},
                                             {"credit", required_argument, NULL, OPTION_CREDIT},
                                             {"force", no_argument, NULL, OPTION_FORCE},
                                             {"help", no_argument, NULL, OPTION_HELP},
                                             {NULL, 0, NULL, 0}};

static bool
read_cell(CnCell* const cell)
{
  if (strcmp(optarg, "lstm") && strcmp(optarg, "gru")) {
    cn_error_print(command, "--cell", "'%s' is neither lstm nor gru", optarg);
    return false;
  }
  *cell = strcmp(optarg, "gru") ? CN_CELL_LSTM : CN_CELL_GRU;
  return true;
}

static bool
read_distance(CnDistance* const distance)
{
  if (!cn_distance_find(optarg, distance)) {
    cn_error_print(command, "--distance", "'%s' is none of time, rotary and notes", optarg);
    return false;
  }
  return true;
}

// The options of network and recipe
static bool
read_lesson(const CnLesson lesson, CnRecipe* const recipe)
{
  if (recipe->lesson != CN_LESSON_ALL && recipe->lesson != lesson) {
    cn_error_print(command, "--only-chords", "does not go with --only-following");
    return false;
  }
  recipe->lesson = lesson;
  return true;
}

static bool
read_recipe_option(const int option, CnRecipe* const recipe)
{
  switch (option) {
  case OPTION_EPOCHS:
    recipe->minutes = 0.0;
    return cn_option_number(command, "--epochs", optarg, 0.001, 1e6, &recipe->epochs);
  case OPTION_MINUTES:
    return cn_option_number(command, "--minutes", optarg, 0.001, 1e6, &recipe->minutes);
  case OPTION_PATIENCE:
    return cn_option_unsigned(command, "--patience", optarg, 0, 1000000, &recipe->patience);
  case OPTION_THREADS:
    return cn_option_unsigned(command, "--threads", optarg, 1, 256, &recipe->n_threads);
  case OPTION_SEED:
    return cn_option_unsigned(command, "--seed", optarg, 0, 0x7FFFFFFF, &recipe->seed);
  case OPTION_HIDDEN:
    return cn_option_unsigned(command, "--hidden", optarg, 8, 2048, &recipe->shape.hidden);
  case OPTION_HEAD:
    return cn_option_unsigned(command, "--head", optarg, 8, 1024, &recipe->shape.head);
  case OPTION_LAYERS:
    return cn_option_unsigned(command, "--layers", optarg, 1, 16, &recipe->shape.layers);
  case OPTION_HEADS:
    return cn_option_unsigned(command, "--heads", optarg, 1, 16, &recipe->shape.heads);
  case OPTION_WINDOW:
    return cn_option_unsigned(command, "--window", optarg, 8, 4096, &recipe->shape.window);
  case OPTION_RATE:
    return cn_option_float(command, "--rate", optarg, 1e-6, 1.0, &recipe->rate);
  case OPTION_DROPOUT:
    return cn_option_float(command, "--dropout", optarg, 0.0, 0.9, &recipe->dropout);
  case OPTION_DECAY:
    return cn_option_float(command, "--weight-decay", optarg, 0.0, 10.0, &recipe->weight_decay);
  case OPTION_STREAMS:
    return cn_option_unsigned(command, "--streams", optarg, 1, 4096, &recipe->n_streams);
  case OPTION_STEPS:
    return cn_option_unsigned(command, "--steps", optarg, 1, 4096, &recipe->n_steps);
  case OPTION_OWN:
    return cn_option_float(command, "--own", optarg, 0.0, 1.0, &recipe->own);
  case OPTION_ONLY_CHORDS:
    return read_lesson(CN_LESSON_CHORDS, recipe);
  case OPTION_FOLLOWING:
    return cn_option_float(command, "--following", optarg, 0.0, 1.0, &recipe->show_following);
  case OPTION_ONLY_FOLLOWING:
    return read_lesson(CN_LESSON_FOLLOWING, recipe);
  default:
    return false;
  }
}

// Another kind of network has options of its own, and was found before these are read
static bool
read_arch(CnTrainJob* const job)
{
  if (!cn_train_check_arch(&cn_network_architecture, optarg)) {
    return false;
  }
  if (!strcmp(optarg, cn_cell_name(CN_CELL_ATTENTION))) {
    CnShape* const shape = &job->recipe.shape;
    job->is_cell_given   = true;
    shape->cell          = CN_CELL_ATTENTION;
    shape->distance      = job->is_distance_given ? shape->distance : CN_DISTANCE_ROTARY;
  }
  return true;
}

static bool
read_option(const int option, CnTrainJob* const job)
{
  switch (option) {
  case 'o':
    job->output = optarg;
    return true;
  case OPTION_SPLIT:
    job->split = optarg;
    return true;
  case OPTION_PEDAL:
    job->lengths = CN_LENGTHS_PEDAL;
    return true;
  case OPTION_CHECKPOINT:
    return cn_option_number(command, "--checkpoint", optarg, 0.0, 1e6, &job->checkpoint_minutes);
  case OPTION_NO_VELOCITY:
    job->has_no_velocity = true;
    return true;
  case OPTION_NO_PLAY:
    job->is_unplayed = true;
    return true;
  case OPTION_RESUME:
    job->is_resumed = true;
    return true;
  case OPTION_ARCH:
    return read_arch(job);
  case OPTION_FROM:
    job->from = optarg;
    return true;
  case OPTION_CELL:
    job->is_cell_given = true;
    return read_cell(&job->recipe.shape.cell);
  case OPTION_DISTANCE:
    job->is_distance_given = true;
    return read_distance(&job->recipe.shape.distance);
  case OPTION_HALF:
    job->is_half  = true;
    job->is_float = false;
    return true;
  case OPTION_FLOAT:
    job->is_half  = false;
    job->is_float = true;
    return true;
  case OPTION_LICENCE:
    job->licence = optarg;
    return true;
  case OPTION_FORCE:
    job->is_forced = true;
    return true;
  case OPTION_CREDIT:
    job->credit = optarg;
    return true;
  default:
    return read_recipe_option(option, &job->recipe);
  }
}

static int
check_options(CnTrainJob* const job, const int argc, char** const argv)
{
  const CnShape* const shape            = &job->recipe.shape;
  const int            usage            = cn_train_take_folder(job, argc, argv);
  const bool           is_for_attention = shape->heads || shape->window || job->is_distance_given;
  if (!usage && job->from &&
      (job->is_cell_given || shape->hidden || shape->head || shape->layers || is_for_attention)) {
    return cn_usage_error(
        command, "--from",
        "the weights say what the network is, so --cell, --hidden, --head and others of its "
        "kind may not");
  }
  if (!usage && job->recipe.lesson != CN_LESSON_ALL && !job->from) {
    return cn_usage_error(command,
                          job->recipe.lesson == CN_LESSON_CHORDS ? "--only-chords" : "--only-following",
                          "goes with --from: there is nothing else to leave as it is");
  }
  if (!usage && is_for_attention && shape->cell != CN_CELL_ATTENTION) {
    return cn_usage_error(command, job->is_distance_given ? "--distance" : "--heads",
                          "--heads, --window and --distance go with --arch attention");
  }
  return usage;
}

int
cn_train_network(const int argc, char** const argv)
{
  CnTrainJob job       = {.recipe = cn_recipe_open(), .checkpoint_minutes = 1.0};
  job.recipe.n_threads = cn_train_processors();
  int option           = 0;
  while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1) {
    if (option == OPTION_HELP) {
      return cn_help_print(help);
    }
    if (option == '?' || !read_option(option, &job)) {
      return cn_usage_hint(command);
    }
  }
  const int usage = check_options(&job, argc, argv);
  return usage ? usage : cn_train_run(&job);
}
