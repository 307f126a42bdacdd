// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/command/commands.h"

#include "tools/base/options.h"
#include "tools/compare/compare.h"
#include "tools/compare/report.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define NAME "compare"

static const char help_text[] =
    "Usage: continuo compare REAL_DIR OWN_DIR... [OPTION]...\n"
    "\n"
    "Say how far music that was made is from real music: 36 features of each eight bars, such as\n"
    "notes a beat, sizes of chords, how even, how much comes again, beside the range of real\n"
    "music; how far each goes from its phrase; and how often a line through these features tells\n"
    "one from the other, in pieces that it was not drawn by.\n"
    "\n"
    "REAL_DIR has pieces that begin with a phrase of eight bars; OWN_DIR has what was made of\n"
    "their phrases, under the same names, or with the number of a take: tune.2.mid goes with\n"
    "tune.mid.  Each further folder is compared by itself.\n"
    "\n"
    "Options:\n"
    "      --bars=N   how many bars after the phrase are looked at, 8 to 256; the default is 64\n"
    "      --json     print one JSON object, of an object a folder\n"
    "      --help     show this and exit\n"
    "\n"
    "Exit status: 0 done, 1 something failed, 2 wrong usage.\n";

/// The command line
typedef struct {
  const char*        real;
  const char* const* own; ///< (n_own)
  int                n_own;
  long               bars;
  bool               is_json;
  bool               help;
} Arguments;

static int
parse_arguments(Arguments* const arguments, const int argc, char** const argv)
{
  enum { OPTION_BARS = 256, OPTION_JSON, OPTION_HELP };
  static const struct option long_options[] = {
      {"bars", required_argument, NULL, OPTION_BARS},
      {"json", no_argument, NULL, OPTION_JSON},
      {"help", no_argument, NULL, OPTION_HELP},
      {NULL, 0, NULL, 0},
  };

  optind = 1;
  for (int option = 0; (option = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
    if (option == OPTION_BARS && cn_option_integer(NAME, "--bars", optarg, CN_SECTION_BARS,
                                                   CN_SECTION_BARS * CN_MAX_SECTIONS, &arguments->bars)) {
      continue;
    }
    if (option == OPTION_JSON) {
      arguments->is_json = true;
    } else if (option == OPTION_HELP) {
      arguments->help = true;
      return CN_EXIT_OK;
    } else {
      return cn_usage_hint(NAME);
    }
  }
  if (argc - optind < 2) {
    return cn_usage_error(NAME, NULL, "name a folder of real music, and one of what is to be compared");
  }
  arguments->real  = argv[optind];
  arguments->own   = (const char* const*)argv + optind + 1;
  arguments->n_own = argc - optind - 1;
  return CN_EXIT_OK;
}

static int
compare_folder(const Arguments* const arguments, const CnExcerpts* const real, const char* const folder,
               json_t* const object)
{
  const unsigned      n_sections = (unsigned)(arguments->bars / CN_SECTION_BARS);
  CnComparison* const comparison = malloc(sizeof(CnComparison));
  CnExcerpts          own        = {0};
  int                 result     = CN_EXIT_FAILURE;
  if (comparison && cn_excerpts_load(&own, NAME, folder, n_sections)) {
    const CnStatus status = cn_compare(real, &own, n_sections, comparison);
    if (status) {
      cn_error_print(NAME, folder, "%s",
                     status == CN_STATUS_NOT_FOUND ? "no eight bars to compare" : cn_strerror(status));
    } else if (object) {
      json_object_set_new(object, folder, cn_comparison_json(comparison));
      result = CN_EXIT_OK;
    } else {
      cn_comparison_print(stdout, folder, comparison);
      result = CN_EXIT_OK;
    }
  }
  cn_excerpts_clear(&own);
  free(comparison);
  return result;
}

int
cn_cmd_compare(int argc, char** argv)
{
  Arguments arguments = {.bars = 64};
  int       result    = parse_arguments(&arguments, argc, argv);
  if (result || arguments.help) {
    return result ? result : cn_help_print(help_text);
  }

  CnExcerpts    real   = {0};
  json_t* const object = arguments.is_json ? json_object() : NULL;
  if (!cn_excerpts_load(&real, NAME, arguments.real, (unsigned)(arguments.bars / CN_SECTION_BARS))) {
    result = CN_EXIT_FAILURE;
  }
  for (int i = 0; !result && i < arguments.n_own; ++i) {
    result = compare_folder(&arguments, &real, arguments.own[i], object);
  }
  if (!result && object) {
    json_dumpf(object, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
    putchar('\n');
  }
  json_decref(object);
  cn_excerpts_clear(&real);
  return result;
}
