// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/command/commands.h"

#include "tools/base/options.h"
#include "tools/base/output.h"
#include "tools/picture/curves.h"

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

#define NAME "curves"

static const char help_text[] =
    "Usage: continuo curves RUN.csv... -o OUT.png|OUT.svg|OUT.pdf [OPTION]...\n"
    "\n"
    "Draw the learning curves of training runs, up to 16 in one picture, from the tables that\n"
    "'continuo train' writes beside its weights.  All columns of losses are drawn, and the best\n"
    "validation is marked.\n"
    "\n"
    "Options:\n"
    "  -o, --output=FILE  the picture; its suffix chooses PNG, SVG or PDF\n"
    "      --over=COLUMN  what goes to the right, such as seconds; the default is epoch\n"
    "      --title=TEXT   what to write above; the default is the name of the table\n"
    "      --width=PX     width in pixels, 300 to 8000; the default is 1800\n"
    "      --force        write over a file that is no picture\n"
    "      --help         show this and exit\n"
    "\n"
    "Exit status: 0 done, 1 something failed and no picture was written, 2 wrong usage.\n";

enum { OPTION_OVER = 256, OPTION_TITLE, OPTION_WIDTH, OPTION_FORCE, OPTION_HELP };

/// Take one option; false if it is wrong, which has then been said
static bool
parse_option(CnCurvesOptions* const options, bool* const is_forced, bool* const help, const int option)
{
  long width = 0;
  switch (option) {
  case OPTION_OVER:
    options->over = optarg;
    return true;
  case 'o':
    options->output = optarg;
    return true;
  case OPTION_TITLE:
    options->title = optarg;
    return true;
  case OPTION_WIDTH:
    if (!cn_option_integer(NAME, "--width", optarg, CN_PICTURE_WIDTH_MIN, CN_PICTURE_WIDTH_MAX, &width)) {
      return false;
    }
    options->width = (int)width;
    return true;
  case OPTION_FORCE:
    *is_forced = true;
    return true;
  case OPTION_HELP:
    *help = true;
    return true;
  default:
    return false;
  }
}

static int
parse_arguments(CnCurvesOptions* const options, bool* const help, const int argc, char** const argv)
{
  static const struct option long_options[] = {
      {"output", required_argument, NULL, 'o'},
      {"over", required_argument, NULL, OPTION_OVER},
      {"title", required_argument, NULL, OPTION_TITLE},
      {"width", required_argument, NULL, OPTION_WIDTH},
      {"force", no_argument, NULL, OPTION_FORCE},
      {"help", no_argument, NULL, OPTION_HELP},
      {NULL, 0, NULL, 0},
  };

  CnPictureFormat format    = CN_PICTURE_PNG;
  bool            is_forced = false;
  optind                    = 1;
  for (int option = 0; (option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1;) {
    if (!parse_option(options, &is_forced, help, option)) {
      return cn_usage_hint(NAME);
    }
  }
  if (*help) {
    return CN_EXIT_OK;
  }
  if (optind == argc) {
    return cn_usage_error(NAME, NULL, "which table of a training run?");
  }
  if (argc - optind > CN_CURVES_MAX_RUNS) {
    return cn_usage_error(NAME, NULL, "at most %d tables at a time", CN_CURVES_MAX_RUNS);
  }
  if (!options->output) {
    return cn_usage_error(NAME, NULL, "where to? Say -o FILE");
  }
  if (!cn_picture_format(options->output, &format)) {
    return cn_usage_error(NAME, options->output, CN_PICTURE_UNKNOWN);
  }
  options->paths   = (const char* const*)(argv + optind);
  options->n_paths = (size_t)(argc - optind);
  return cn_output_check(NAME, NULL, options->output, CN_OUTPUT_PICTURE, is_forced);
}

int
cn_cmd_curves(int argc, char** argv)
{
  CnCurvesOptions options    = {.width = CN_PICTURE_WIDTH_DEFAULT};
  bool            help       = false;
  char            fault[512] = "";

  const int status = parse_arguments(&options, &help, argc, argv);
  if (status || help) {
    return status ? status : cn_help_print(help_text);
  }
  return cn_curves_draw(&options, CN_FAULT(fault)) ? cn_error_print(NAME, NULL, "%s", fault) : CN_EXIT_OK;
}
