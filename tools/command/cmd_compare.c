// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/command/commands.h"

#include "tools/base/file.h"
#include "tools/base/json.h"
#include "tools/base/options.h"
#include "tools/compare/chart.h"
#include "tools/compare/compare.h"
#include "tools/compare/report.h"
#include "tools/picture/picture_options.h"

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
    "  -o, --output=FILE  draw it, too; the suffix chooses PNG, SVG or PDF\n"
    "      --title=TEXT   what to write above the picture; the default is the real folder's name\n"
    "      --width=PX     width of the picture in pixels, 300 to 8000; the default is 1800\n"
    "      --bars=N       how many bars after the phrase are looked at, 8 to 256; the default is 64\n"
    "      --json         print one JSON object, of an object a folder\n"
    "      --force        write over a file that is no picture\n"
    "      --help         show this and exit\n"
    "\n"
    "Exit status: 0 done, 1 something failed, 2 wrong usage.\n";

/// The command line
typedef struct {
  const char*        real;
  const char* const* own; ///< (n_own)
  size_t             n_own;
  CnPictureOptions   picture;
  long               bars;
  bool               is_json;
} Arguments;

enum { OPTION_BARS = 256, OPTION_JSON };

/// Take one option; false if it is wrong, which has then been said
static bool
parse_option(Arguments* const arguments, const int option)
{
  switch (option) {
  case OPTION_BARS:
    return cn_option_integer(NAME, "--bars", optarg, CN_SECTION_BARS, CN_SECTION_BARS * CN_MAX_SECTIONS,
                             &arguments->bars);
  case OPTION_JSON:
    arguments->is_json = true;
    return true;
  default:
    return cn_picture_option_read(NAME, option, &arguments->picture);
  }
}

static int
parse_arguments(Arguments* const arguments, const int argc, char** const argv)
{
  static const struct option long_options[] = {
      CN_PICTURE_OPTIONS_LONG,
      {"bars", required_argument, NULL, OPTION_BARS},
      {"json", no_argument, NULL, OPTION_JSON},
      {NULL, 0, NULL, 0},
  };

  optind = 1;
  for (int option = 0;
       (option = getopt_long(argc, argv, CN_PICTURE_OPTIONS_SHORT, long_options, NULL)) != -1;) {
    if (!parse_option(arguments, option)) {
      return cn_usage_hint(NAME);
    }
  }
  if (arguments->picture.help) {
    return CN_EXIT_OK;
  }
  if (argc - optind < 2) {
    return cn_usage_error(NAME, NULL, "name a folder of real music, and one of what is to be compared");
  }
  arguments->real  = argv[optind];
  arguments->own   = (const char* const*)argv + optind + 1;
  arguments->n_own = (size_t)(argc - optind - 1);
  return cn_picture_options_check(NAME, &arguments->picture, false);
}

/// Compare a folder; null, having said why, if that fails
static CnComparison*
compare_folder(const CnExcerpts* const real, const char* const folder, const unsigned n_sections)
{
  CnComparison* const comparison = malloc(sizeof(CnComparison));
  CnExcerpts          own        = {0};
  CnStatus            status     = CN_STATUS_NO_MEMORY;
  bool                is_told    = false;
  if (comparison) {
    is_told = !cn_excerpts_load(&own, NAME, folder, n_sections);
    status  = is_told ? CN_STATUS_NOT_FOUND : cn_compare(real, &own, n_sections, comparison);
  }
  cn_excerpts_clear(&own);
  if (!status) {
    return comparison;
  }
  if (!is_told) {
    cn_error_print(NAME, folder, "%s",
                   status == CN_STATUS_NOT_FOUND ? "no eight bars to compare" : cn_strerror(status));
  }
  free(comparison);
  return NULL;
}

static void
print(const Arguments* const arguments, CnComparison* const* const comparisons)
{
  json_t* const object = arguments->is_json ? json_object() : NULL;
  for (size_t i = 0; i < arguments->n_own; ++i) {
    if (object) {
      json_t* const name = cn_json_text(arguments->own[i]);
      json_object_set_new(object, json_string_value(name), cn_comparison_json(comparisons[i]));
      json_decref(name);
    } else {
      cn_comparison_print(stdout, arguments->own[i], comparisons[i]);
    }
  }
  if (object) {
    json_dumpf(object, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
    putchar('\n');
  }
  json_decref(object);
}

/// Draw the comparisons under the names of their folders, after which that of the real one stands
static int
draw(const Arguments* const arguments, CnComparison* const* const comparisons, char* const* const names)
{
  const char* const title = arguments->picture.title ? arguments->picture.title : names[arguments->n_own];
  char              fault[256] = "";
  const CnChart chart = {(const CnComparison* const*)comparisons, (const char* const*)names, arguments->n_own,
                         title};
  const CnPage  page  = cn_chart_page(&chart, arguments->picture.format, (int)arguments->picture.width);
  return cn_picture_save(&page, arguments->picture.output, CN_FAULT(fault))
             ? cn_error_print(NAME, arguments->picture.output, "%s", fault)
             : CN_EXIT_OK;
}

static int
name_and_draw(const Arguments* const arguments, CnComparison* const* const comparisons)
{
  const size_t n     = arguments->n_own + 1;
  char** const names = (char**)calloc(n, sizeof(char*));
  bool         named = names;
  for (size_t i = 0; named && i < n; ++i) {
    names[i] = cn_path_name(i < arguments->n_own ? arguments->own[i] : arguments->real);
    named    = names[i];
  }
  const int result =
      named ? draw(arguments, comparisons, names) : cn_error_print(NAME, NULL, "out of memory");
  for (size_t i = 0; names && i < n; ++i) {
    free(names[i]);
  }
  free(names);
  return result;
}

static int
compare_folders(const Arguments* const arguments, const CnExcerpts* const real,
                CnComparison** const comparisons)
{
  for (size_t i = 0; i < arguments->n_own; ++i) {
    comparisons[i] = compare_folder(real, arguments->own[i], (unsigned)(arguments->bars / CN_SECTION_BARS));
    if (!comparisons[i]) {
      return CN_EXIT_FAILURE;
    }
  }
  print(arguments, comparisons);
  return arguments->picture.output ? name_and_draw(arguments, comparisons) : CN_EXIT_OK;
}

static int
compare(const Arguments* const arguments, const CnExcerpts* const real)
{
  CnComparison** const comparisons = calloc(arguments->n_own + 1, sizeof(CnComparison*));
  if (!comparisons) {
    return cn_error_print(NAME, NULL, "out of memory");
  }
  const int result = compare_folders(arguments, real, comparisons);
  for (size_t i = 0; i < arguments->n_own; ++i) {
    free(comparisons[i]);
  }
  free(comparisons);
  return result;
}

int
cn_cmd_compare(int argc, char** argv)
{
  Arguments arguments = {.bars = 64, .picture = CN_PICTURE_OPTIONS_DEFAULT};
  int       result    = parse_arguments(&arguments, argc, argv);
  if (result || arguments.picture.help) {
    return result ? result : cn_help_print(help_text);
  }

  CnExcerpts     real       = {0};
  const unsigned n_sections = (unsigned)(arguments.bars / CN_SECTION_BARS);
  result = cn_excerpts_load(&real, NAME, arguments.real, n_sections) ? compare(&arguments, &real)
                                                                     : CN_EXIT_FAILURE;
  cn_excerpts_clear(&real);
  return result;
}
