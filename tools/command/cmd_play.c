// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/base/options.h"
#include "tools/base/output.h"
#include "tools/command/commands.h"
#include "tools/corpus/score_file.h"
#include "tools/sound/render.h"

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

static const char command[] = "play";

static const char help[] =
    "Usage: continuo play IN.mid -o OUT.wav [OPTION]...\n"
    "Play a MIDI file into a sound file, by FluidSynth and a SoundFont.\n"
    "\n"
    "All notes are played, drums too, by the programs that the file tells, with the pedal, and so loud that\n"
    "the loudest moment is at -3 dBFS.\n"
    "\n"
    "  -o, --output FILE      where the sound goes: a WAV file, 44100 Hz, 16 bits, stereo\n"
    "      --soundfont FILE   what plays it (default " CN_SOUNDFONT_DEFAULT ")\n"
    "      --force            write over a file that is no WAV file\n"
    "      --help             show this text\n";

typedef struct {
  const char* input;
  const char* output;
  const char* soundfont; // Or null
  bool        force;
  bool        help;
} Options;

enum { OPTION_SOUNDFONT = 256, OPTION_FORCE, OPTION_HELP };

static const struct option long_options[] = {{"output", required_argument, NULL, 'o'},
                                             {"soundfont", required_argument, NULL, OPTION_SOUNDFONT},
                                             {"force", no_argument, NULL, OPTION_FORCE},
                                             {"help", no_argument, NULL, OPTION_HELP},
                                             {NULL, 0, NULL, 0}};

static bool
read_option(const int option, Options* const options)
{
  switch (option) {
  case 'o':
    options->output = optarg;
    return true;
  case OPTION_SOUNDFONT:
    options->soundfont = optarg;
    return true;
  case OPTION_FORCE:
    options->force = true;
    return true;
  case OPTION_HELP:
    options->help = true;
    return true;
  default:
    return false;
  }
}

static int
read_options(const int argc, char** const argv, Options* const options)
{
  for (int option = 0; (option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1;) {
    if (!read_option(option, options)) {
      return cn_usage_hint(command);
    }
  }
  if (options->help) {
    return CN_EXIT_OK;
  }
  if (argc - optind != 1) {
    return cn_usage_error(command, NULL, optind < argc ? "one MIDI file at a time" : "which MIDI file?");
  }
  if (!options->output || !cn_render_is_wav(options->output)) {
    return cn_usage_error(command, options->output, "where to? Say -o FILE.wav");
  }
  options->input = argv[optind];
  return cn_output_check(command, options->input, options->output, CN_OUTPUT_WAV, options->force);
}

static int
play(const Options* const options)
{
  CnScore* score      = NULL;
  char     fault[256] = "";
  if (cn_score_load(options->input, &score, CN_FAULT(fault))) {
    return cn_error_print(command, options->input, "%s", fault);
  }
  cn_score_warn(options->input, score);
  cn_score_sustain(score);
  int status = CN_EXIT_OK;
  if (score->n_notes + score->sound.n_drums == 0) {
    status = cn_error_print(command, options->input, "there is no note in it");
  } else if (cn_render_score(score, options->soundfont, options->output, CN_FAULT(fault))) {
    status = cn_error_print(command, options->output, "%s", fault);
  }
  cn_score_free(score);
  return status;
}

int
cn_cmd_play(const int argc, char** const argv)
{
  Options   options = {0};
  const int status  = read_options(argc, argv, &options);
  return status ? status : options.help ? cn_help_print(help) : play(&options);
}
