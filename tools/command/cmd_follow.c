// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/command/commands.h"

#include "tools/base/options.h"
#include "tools/corpus/corpus.h"
#include "tools/follow/chords.h"
#include "tools/follow/duo.h"
#include "tools/follow/follow.h"
#include "tools/follow/spread.h"
#include "tools/judge/weights.h"

#include "dsp/model/any_model.h"

#include <getopt.h>
#include <stdio.h>

static const char command[] = "follow";

static const char help[] =
    "Usage: continuo follow [-m WEIGHTS.safetensors] CORPUS_DIR [OPTION]...\n"
    "Say whether a model plays what it is asked for.\n"
    "\n"
    "It goes on with the first eight bars of each piece, by one control at a time: what was asked for, what\n"
    "was played, on average over the pieces, and the share of pieces that are within 15 per cent of it (of\n"
    "keys: of an octave); and how far the number of notes of a bar is from its mean, beside the pieces.\n"
    "Then it plays on the chords that the pieces go on with, one a bar, and accompanies their melodies, the\n"
    "highest notes of each onset.  Bad files are told, and left out.\n"
    "\n"
    "  -m, --model FILE   the weights (default: those of the installed plugin)\n"
    "      --split FILE   take the files that this table puts on one side\n"
    "      --side SIDE    train, valid or test (default test)\n"
    "      --bars N       for how many bars it plays, 8 to 512 (default 64)\n"
    "      --pieces N     the first N pieces only (default 20)\n"
    "      --help         show this text\n";

typedef struct {
  const char*      model;
  const char*      folder;
  const char*      split;
  bool             has_side;
  CnFollowSettings settings;
} Options;

/// What was played
typedef struct {
  CnFollowed          controls[CN_N_FOLLOW_CONTROLS][CN_FOLLOW_SETTINGS];
  CnFollowedSpreads   spreads;
  CnFollowedAllChords chords;
  CnFollowedDuo       duos[CN_N_SUPPORTS];
} Results;

// Printing

static void
print_control(const CnFollowControl* const control, const CnFollowed* const followed)
{
  for (unsigned s = 0; s < control->n_settings; ++s) {
    const double asked  = control->settings[s];
    const double played = followed[s].sum / (double)followed[s].n;
    const double scale  = control->range > 0.0 ? control->range : asked;
    printf("%-12s %-13s %7g %8.2f %+6.0f %% %7.2f\n", s ? "" : control->name, s ? "" : control->unit, asked,
           played, 100.0 * (played - asked) / scale, (double)followed[s].n_near / (double)followed[s].n);
  }
}

static void
print_mean(const char* const name, const double sum, const double n)
{
  printf("%-25s %8.2f\n", name, n > 0.0 ? sum / n : 0.0);
}

static void
print_spread(const char* const name, const CnSpread* const spread)
{
  print_mean(name, spread->sum, (double)spread->n);
}

static void
print_spreads(const Results* const results)
{
  const unsigned               density = cn_follow_control(CN_MEASURE_DENSITY);
  const CnFollowControl* const control = &cn_follow_controls[density];
  printf("\n%-25s %8s\n", "Notes of a bar", "spread");
  print_spread("the pieces themselves", &results->spreads.real);
  print_spread("no density asked for", &results->spreads.free);
  for (unsigned s = 0; s < control->n_settings; ++s) {
    char name[32];
    snprintf(name, sizeof(name), "%g notes a beat", control->settings[s]);
    print_spread(name, &results->controls[density][s].spread);
  }
}

static void
print_share(const char* const name, const CnFollowedChords* const chords)
{
  print_mean(name, chords->in, chords->all);
}

static void
print_chords(const CnFollowedAllChords* const chords)
{
  printf("\n%-25s %8s\n", "Chords", "of tones");
  print_share("the pieces themselves", &chords->real);
  print_share("no chord told", &chords->free);
  for (unsigned s = 0; s < CN_N_FOLLOW_STRENGTHS; ++s) {
    char name[32];
    snprintf(name, sizeof(name), "strength %u %%", cn_follow_strengths[s]);
    print_share(name, &chords->strengths[s]);
  }
}

static void
print_duos(const CnFollowedDuo* const duos)
{
  static const char* const names[CN_N_SUPPORTS] = {"Support", "Equal", "Lead"};
  printf("\n%-12s %12s %12s %12s %12s\n", "Accompany as", "notes to his", "in his octave", "with his",
         "velocity");
  for (unsigned s = 0; s < CN_N_SUPPORTS; ++s) {
    const CnFollowedDuo* const duo = &duos[s];
    const double               n   = duo->notes > 0.0 ? duo->notes : 1.0;
    printf("%-12s %12.2f %12.2f %12.2f %12.2f\n", names[s], duo->notes / duo->his_notes,
           duo->sounding > 0.0 ? duo->in_octave / duo->sounding : 0.0,
           duo->onsets > 0.0 ? duo->together / duo->onsets : 0.0,
           duo->velocities / n / (duo->his_velocities / duo->his_notes));
  }
}

static int
print_results(const Options* const options, const Results* const results)
{
  const size_t n = results->controls[0][0].n;
  if (!n) {
    return cn_error_print(command, options->folder, "no piece with eight bars and eight more to go on with");
  }
  printf("%zu %s, %d bars each\n\n", n, n == 1 ? "piece" : "pieces", options->settings.n_bars);
  printf("%-12s %-13s %7s %8s %8s %7s\n", "Control", "", "asked", "played", "off", "near");
  for (unsigned c = 0; c < CN_N_FOLLOW_CONTROLS; ++c) {
    print_control(&cn_follow_controls[c], results->controls[c]);
  }
  print_spreads(results);
  print_chords(&results->chords);
  print_duos(results->duos);
  return CN_EXIT_OK;
}

// Playing

static CnStatus
play(const CnAnyModel* const model, const CnCorpus* const corpus, const CnFollowSettings* const settings,
     Results* const results)
{
  CnAnyComposer composer;
  CN_TRY(cn_any_composer_init(&composer, model));
  const CnPlanner planner = cn_any_composer_planner(&composer);
  CnStatus        status  = cn_follow_controls_play(&planner, corpus, settings, results->controls);
  if (!status) {
    status = cn_follow_spreads_play(&planner, corpus, settings, &results->spreads);
  }
  if (!status) {
    status = cn_follow_chords_play(&planner, corpus, settings, &results->chords);
  }
  if (!status) {
    status = cn_follow_duos_play(&planner, corpus, settings, results->duos);
  }
  cn_any_composer_clear(&composer);
  return status;
}

static int
follow(const Options* const options, const CnAnyModel* const model)
{
  char     fault[512] = "";
  CnCorpus corpus     = {0};
  Results  results    = {0};
  int      result     = CN_EXIT_OK;
  CnStatus status =
      cn_corpus_load(options->folder, options->split, 0, CN_LENGTHS_FINGERS, &corpus, CN_FAULT(fault));
  cn_corpus_tell_left_out(command, &corpus);
  if (status) {
    result = cn_error_print(command, NULL, "%s", fault);
  } else {
    status = play(model, &corpus, &options->settings, &results);
    result =
        status ? cn_error_print(command, NULL, "%s", cn_strerror(status)) : print_results(options, &results);
  }
  cn_corpus_clear(&corpus);
  return result;
}

// Options

enum { OPTION_SPLIT = 256, OPTION_SIDE, OPTION_BARS, OPTION_PIECES, OPTION_HELP };

static const struct option long_options[] = {{"model", required_argument, NULL, 'm'},
                                             {"split", required_argument, NULL, OPTION_SPLIT},
                                             {"side", required_argument, NULL, OPTION_SIDE},
                                             {"bars", required_argument, NULL, OPTION_BARS},
                                             {"pieces", required_argument, NULL, OPTION_PIECES},
                                             {"help", no_argument, NULL, OPTION_HELP},
                                             {NULL, 0, NULL, 0}};

static bool
read_number(const char* const option, const long lowest, const long highest, long* const number)
{
  return cn_option_integer(command, option, optarg, lowest, highest, number);
}

static bool
read_option(const int option, Options* const options)
{
  long number = 0;
  switch (option) {
  case 'm':
    options->model = optarg;
    return true;
  case OPTION_SPLIT:
    options->split              = optarg;
    options->settings.has_sides = true;
    return true;
  case OPTION_SIDE:
    options->has_side = true;
    return cn_split_option(command, optarg, &options->settings.side);
  case OPTION_BARS:
    if (read_number("--bars", 8, 512, &number)) {
      options->settings.n_bars = (int32_t)number;
    }
    return number > 0;
  case OPTION_PIECES:
    if (read_number("--pieces", 1, 99999, &number)) {
      options->settings.n_pieces = (size_t)number;
    }
    return number > 0;
  default:
    return false;
  }
}

int
cn_cmd_follow(const int argc, char** const argv)
{
  Options options = {.settings = {.n_bars = 64, .n_pieces = 20, .side = CN_SPLIT_TEST}};
  int     option  = 0;
  while ((option = getopt_long(argc, argv, "m:", long_options, NULL)) != -1) {
    if (option == OPTION_HELP) {
      return cn_help_print(help);
    }
    if (option == '?' || !read_option(option, &options)) {
      return cn_usage_hint(command);
    }
  }
  if (optind + 1 != argc) {
    return cn_usage_error(command, NULL, "name one folder of MIDI files");
  }
  if (options.has_side && !options.split) {
    return cn_usage_error(command, "--side", "goes with --split");
  }

  options.folder = argv[optind];
  CnAnyModel model;
  if (!cn_weights_load_any(command, options.model, &model)) {
    return CN_EXIT_FAILURE;
  }
  const int result = follow(&options, &model);
  cn_any_model_free(&model);
  return result;
}
