// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/command/commands.h"

#include "tools/base/file.h"
#include "tools/base/options.h"
#include "tools/corpus/corpus.h"
#include "tools/picture/histogram.h"
#include "tools/picture/picture_options.h"

#include <assert.h>
#include <getopt.h>
#include <stdlib.h>

#define NAME "histogram"

static const char help_text[] =
    "Usage: continuo histogram CORPUS_DIR -o OUT.png|OUT.svg|OUT.pdf [OPTION]...\n"
    "\n"
    "Draw how often each of a piano's keys is struck in the MIDI files of a folder, at any\n"
    "depth.  Bad files are told, and left out.\n"
    "\n"
    "Options:\n"
    "  -o, --output=FILE  the picture; its suffix chooses PNG, SVG or PDF\n"
    "      --title=TEXT   what to write above; the default is the name of the folder\n"
    "      --width=PX     width in pixels, 300 to 8000; the default is 1800\n"
    "      --force        write over a file that is no picture\n"
    "      --help         show this and exit\n"
    "\n"
    "Exit status: 0 done, 1 something failed, 2 wrong usage.\n";

/// The command line
typedef struct {
  const char*      folder;
  CnPictureOptions picture; ///< Without a title, the name of the folder is its title
} Arguments;

static int
parse_arguments(Arguments* const arguments, const int argc, char** const argv)
{
  static const struct option long_options[] = {
      CN_PICTURE_OPTIONS_LONG,
      {NULL, 0, NULL, 0},
  };

  optind = 1;
  for (int option = 0;
       (option = getopt_long(argc, argv, CN_PICTURE_OPTIONS_SHORT, long_options, NULL)) != -1;) {
    if (!cn_picture_option_read(NAME, option, &arguments->picture)) {
      return cn_usage_hint(NAME);
    }
  }
  if (arguments->picture.help) {
    return CN_EXIT_OK;
  }
  if (argc - optind != 1) {
    return cn_usage_error(NAME, NULL, optind < argc ? "one folder at a time" : "which folder?");
  }
  arguments->folder = argv[optind];
  return cn_picture_options_check(NAME, &arguments->picture, true);
}

static int
draw_corpus(const Arguments* const arguments, const CnCorpus* const corpus)
{
  char* const name       = cn_path_name(arguments->folder);
  char        fault[256] = "";
  CnHistogram histogram  = cn_histogram_count(corpus);
  histogram.title        = arguments->picture.title ? arguments->picture.title : name;
  const CnPage page = cn_histogram_page(&histogram, arguments->picture.format, (int)arguments->picture.width);
  const int    status = cn_picture_save(&page, arguments->picture.output, CN_FAULT(fault))
                            ? cn_error_print(NAME, arguments->picture.output, "%s", fault)
                            : CN_EXIT_OK;
  free(name);
  return status;
}

int
cn_cmd_histogram(int argc, char** argv)
{
  Arguments arguments  = {.picture = CN_PICTURE_OPTIONS_DEFAULT};
  CnCorpus  corpus     = {0};
  char      fault[512] = "";

  int status = parse_arguments(&arguments, argc, argv);
  if (status || arguments.picture.help) {
    return status ? status : cn_help_print(help_text);
  }
  assert(arguments.folder && arguments.picture.output);
  const CnStatus loaded =
      cn_corpus_load(arguments.folder, NULL, 0, CN_LENGTHS_FINGERS, &corpus, CN_FAULT(fault));
  cn_corpus_tell_left_out(NAME, &corpus);
  status = loaded ? cn_error_print(NAME, NULL, "%s", fault) : draw_corpus(&arguments, &corpus);
  cn_corpus_clear(&corpus);
  return status;
}
