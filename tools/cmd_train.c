// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "commands.h"
#include "corpus.h"
#include "options.h"
#include "train_report.h"
#include "trainer.h"
#include "weights.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char command[] = "train";

static const char help[] =
    "Usage: continuo train CORPUS_DIR -o WEIGHTS.safetensors [OPTION]...\n"
    "Learn to play like the MIDI files in a folder.\n"
    "\n"
    "All .mid and .midi files below the folder are read; bad ones are listed and left out.  The best\n"
    "weights by validation are written, with a table of the run beside them (WEIGHTS.csv).  Ctrl-C ends\n"
    "the run early and keeps the best weights so far.\n"
    "\n"
    "  -o, --output FILE       where the weights go\n"
    "      --split FILE        table with columns file, work, split (train, valid or test); without it,\n"
    "                          a tenth of the files is kept for validation and a tenth for test\n"
    "      --epochs N          length of the run, times through the corpus (default 20)\n"
    "      --minutes M         length of the run by the clock instead\n"
    "      --patience N        end after N validations without a better one (default 8; 0: never)\n"
    "      --threads N         workers (default: one a processor); the result depends on their number\n"
    "      --seed N            of first weights, order and dropout (default 1)\n"
    "\n"
    "The network:\n"
    "      --cell lstm|gru     kind of the recurrent layer (default gru)\n"
    "      --hidden N          width of the recurrent layer (default 256)\n"
    "      --head N            width of each head's hidden layer (default 128)\n"
    "      --half              write 16-bit floats\n"
    "\n"
    "The recipe:\n"
    "      --rate R            learning rate (default 0.003 for gru, 0.004 for lstm)\n"
    "      --dropout P         share of dropped outputs (default 0.4)\n"
    "      --weight-decay D    pull of the weights towards zero (default 0.02)\n"
    "      --streams N         notes side by side in a batch (default 32)\n"
    "      --steps N           notes one after another in a batch (default 64)\n"
    "\n"
    "About the weights, for their metadata:\n"
    "      --licence TEXT      under which they may be shared\n"
    "      --credit TEXT       whom to thank for the corpus\n"
    "\n"
    "      --help              show this text\n";

// What the command line asks for
typedef struct {
  CnRecipe    recipe;
  const char* folder;
  const char* output;
  const char* split;
  const char* licence;
  const char* credit;
  bool        is_half;
} Options;

enum {
  OPTION_SPLIT = 256,
  OPTION_EPOCHS,
  OPTION_MINUTES,
  OPTION_PATIENCE,
  OPTION_THREADS,
  OPTION_SEED,
  OPTION_CELL,
  OPTION_HIDDEN,
  OPTION_HEAD,
  OPTION_HALF,
  OPTION_RATE,
  OPTION_DROPOUT,
  OPTION_DECAY,
  OPTION_STREAMS,
  OPTION_STEPS,
  OPTION_LICENCE,
  OPTION_CREDIT,
  OPTION_HELP,
};

static const struct option long_options[] = {{"output", required_argument, NULL, 'o'},
                                             {"split", required_argument, NULL, OPTION_SPLIT},
                                             {"epochs", required_argument, NULL, OPTION_EPOCHS},
                                             {"minutes", required_argument, NULL, OPTION_MINUTES},
                                             {"patience", required_argument, NULL, OPTION_PATIENCE},
                                             {"threads", required_argument, NULL, OPTION_THREADS},
                                             {"seed", required_argument, NULL, OPTION_SEED},
                                             {"cell", required_argument, NULL, OPTION_CELL},
                                             {"hidden", required_argument, NULL, OPTION_HIDDEN},
                                             {"head", required_argument, NULL, OPTION_HEAD},
                                             {"half", no_argument, NULL, OPTION_HALF},
                                             {"rate", required_argument, NULL, OPTION_RATE},
                                             {"dropout", required_argument, NULL, OPTION_DROPOUT},
                                             {"weight-decay", required_argument, NULL, OPTION_DECAY},
                                             {"streams", required_argument, NULL, OPTION_STREAMS},
                                             {"steps", required_argument, NULL, OPTION_STEPS},
                                             {"licence", required_argument, NULL, OPTION_LICENCE},
                                             {"credit", required_argument, NULL, OPTION_CREDIT},
                                             {"help", no_argument, NULL, OPTION_HELP},
                                             {NULL, 0, NULL, 0}};

static bool
read_unsigned(const char* const option, const long min, const long max, uint32_t* const value)
{
  long n = 0;
  if (!cn_option_integer(command, option, optarg, min, max, &n)) {
    return false;
  }
  *value = (uint32_t)n;
  return true;
}

static bool
read_float(const char* const option, const double min, const double max, float* const value)
{
  double number = 0.0;
  if (!cn_option_number(command, option, optarg, min, max, &number)) {
    return false;
  }
  *value = (float)number;
  return true;
}

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

// The options of network and recipe
static bool
read_recipe_option(const int option, CnRecipe* const recipe)
{
  switch (option) {
  case OPTION_EPOCHS:
    return cn_option_number(command, "--epochs", optarg, 0.001, 1e6, &recipe->epochs);
  case OPTION_MINUTES:
    return cn_option_number(command, "--minutes", optarg, 0.001, 1e6, &recipe->minutes);
  case OPTION_PATIENCE:
    return read_unsigned("--patience", 0, 1000000, &recipe->patience);
  case OPTION_THREADS:
    return read_unsigned("--threads", 1, 256, &recipe->n_threads);
  case OPTION_SEED:
    return read_unsigned("--seed", 0, 0x7FFFFFFF, &recipe->seed);
  case OPTION_CELL:
    return read_cell(&recipe->shape.cell);
  case OPTION_HIDDEN:
    return read_unsigned("--hidden", 8, 2048, &recipe->shape.hidden);
  case OPTION_HEAD:
    return read_unsigned("--head", 8, 1024, &recipe->shape.head);
  case OPTION_RATE:
    return read_float("--rate", 1e-6, 1.0, &recipe->rate);
  case OPTION_DROPOUT:
    return read_float("--dropout", 0.0, 0.9, &recipe->dropout);
  case OPTION_DECAY:
    return read_float("--weight-decay", 0.0, 10.0, &recipe->weight_decay);
  case OPTION_STREAMS:
    return read_unsigned("--streams", 1, 4096, &recipe->n_streams);
  case OPTION_STEPS:
    return read_unsigned("--steps", 1, 4096, &recipe->n_steps);
  default:
    return false;
  }
}

static bool
read_option(const int option, Options* const options)
{
  switch (option) {
  case 'o':
    options->output = optarg;
    return true;
  case OPTION_SPLIT:
    options->split = optarg;
    return true;
  case OPTION_HALF:
    options->is_half = true;
    return true;
  case OPTION_LICENCE:
    options->licence = optarg;
    return true;
  case OPTION_CREDIT:
    options->credit = optarg;
    return true;
  default:
    return read_recipe_option(option, &options->recipe);
  }
}

static uint32_t
n_processors(void)
{
  const long n = sysconf(_SC_NPROCESSORS_ONLN);
  return n < 1 ? 1U : n > 16 ? 16U : (uint32_t)n;
}

static int
check_options(Options* const options, const int argc, char** const argv)
{
  CnRecipe* const recipe = &options->recipe;
  if (optind == argc) {
    return cn_usage_error(command, NULL, "no folder of MIDI files is named");
  }
  if (optind + 1 < argc) {
    return cn_usage_error(command, argv[optind + 1], "one folder at a time");
  }
  if (!options->output) {
    return cn_usage_error(command, NULL, "-o: no file for the weights is named");
  }
  options->folder = argv[optind];
  if (recipe->rate <= 0.0F) {
    recipe->rate = recipe->shape.cell == CN_CELL_GRU ? 3e-3F : 4e-3F;
  }
  while (recipe->n_streams % recipe->n_threads) {
    ++recipe->n_streams; // The same number of streams for each worker
  }
  return CN_EXIT_OK;
}

static volatile sig_atomic_t is_interrupted = 0;

static void
interrupt(const int number)
{
  (void)number;
  is_interrupted = 1;
}

static bool
on_progress(void* const handle, const CnProgress* const progress)
{
  cn_train_report_progress((CnTrainReport*)handle, progress);
  return !is_interrupted;
}

static CnStatus
save(const Options* const options, const CnTrainReport* const report, const CnLayout* const layout,
     const float* const parameters)
{
  CnTensorsMetadata metadata[16];
  char              texts[16][256];
  size_t            n = cn_train_report_metadata(report, metadata, texts);
  if (options->licence) {
    metadata[n++] = (CnTensorsMetadata){"licence", options->licence};
  }
  if (options->credit) {
    metadata[n++] = (CnTensorsMetadata){"credit", options->credit};
  }
  return cn_weights_save(options->output, layout, parameters, options->is_half ? CN_DTYPE_F16 : CN_DTYPE_F32,
                         metadata, n);
}

static int
train(const Options* const options, const CnCorpus* const corpus)
{
  CnLayout layout;
  if (cn_layout_init(&layout, &options->recipe.shape)) {
    return cn_error_print(command, NULL, "impossible sizes");
  }
  float* const   parameters = calloc(layout.n_parameters, sizeof(float));
  CnTrainReport* report     = cn_train_report_new(options->output, &options->recipe, corpus, &layout);
  if (!parameters || !report) {
    free(parameters);
    cn_train_report_free(report);
    return cn_error_print(command, options->output, "%s", strerror(errno));
  }

  signal(SIGINT, interrupt);
  signal(SIGTERM, interrupt);
  const CnStatus trained = cn_train(corpus, &options->recipe, &layout, on_progress, report, parameters);
  int            result  = CN_EXIT_OK;
  if (trained == CN_STATUS_BAD_VALUE) {
    result = cn_error_print(command, NULL, "the loss is no longer a number; a lower --rate may help");
  } else if (trained) {
    result = cn_error_print(command, NULL, "%s", cn_strerror(trained));
  }
  if (!trained || (trained == CN_STATUS_BAD_VALUE && cn_train_report_has_best(report))) {
    const CnStatus saved = save(options, report, &layout, parameters);
    if (saved) {
      result = cn_error_print(command, options->output, "%s",
                              saved == CN_STATUS_IO ? strerror(errno) : cn_strerror(saved));
    } else {
      cn_train_report_end(report, options->output);
    }
  }
  cn_train_report_free(report);
  free(parameters);
  return result;
}

int
cn_cmd_train(const int argc, char** const argv)
{
  Options options = {.recipe = {.shape        = {CN_CELL_GRU, 256, 128},
                                .n_threads    = n_processors(),
                                .n_streams    = 32,
                                .n_steps      = 64,
                                .seed         = 1,
                                .epochs       = 20.0,
                                .warmup       = 60,
                                .weight_decay = 0.02F,
                                .clip         = 1.0F,
                                .dropout      = 0.4F,
                                .hide_motif   = 0.5F,
                                .hide_chord   = 0.6F,
                                .patience     = 8}};
  int     option  = 0;
  while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1) {
    if (option == OPTION_HELP) {
      return cn_help_print(help);
    }
    if (option == '?' || !read_option(option, &options)) {
      return cn_usage_hint(command);
    }
  }
  const int usage = check_options(&options, argc, argv);
  if (usage) {
    return usage;
  }

  CnCorpus corpus;
  char     fault[512] = "";
  int      result     = CN_EXIT_FAILURE;
  if (cn_corpus_load(options.folder, options.split, options.recipe.seed, &corpus, fault, sizeof(fault))) {
    cn_error_print(command, NULL, "%s", fault);
  } else if (!corpus.n_in_split[CN_SPLIT_TRAIN]) {
    cn_error_print(command, options.folder, "no file to learn from");
  } else {
    cn_train_report_corpus(&corpus, options.folder, options.split);
    result = train(&options, &corpus);
  }
  cn_corpus_clear(&corpus);
  return result;
}
