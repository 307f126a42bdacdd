// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/command/commands.h"

#include "tools/base/file.h"
#include "tools/base/options.h"
#include "tools/corpus/score_file.h"
#include "tools/picture/picture_options.h"
#include "tools/picture/roll.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define NAME "roll"

static const char help_text[] =
    "Usage: continuo roll IN.mid... -o OUT.png|OUT.svg|OUT.pdf [OPTION]...\n"
    "\n"
    "Draw a MIDI file as a piano roll: time to the right, pitch upwards, colour for the\n"
    "length of a note, stems beneath for velocities.  In a file that 'continuo generate'\n"
    "made, the phrase is pale on a tinted ground, and a line shows where Continuo comes in.\n"
    "\n"
    "Several files, up to 64, are drawn one beneath the other, or side by side, as one row of\n"
    "bars each.\n"
    "\n"
    "Options:\n"
    "  -o, --output=FILE  the picture; its suffix chooses PNG, SVG or PDF\n"
    "      --from=BAR     first bar to draw, counted from 1\n"
    "      --to=BAR       last bar to draw; the default is the piece's last\n"
    "      --title=TEXT   what to write above; the default is the name of the file\n"
    "      --columns=N    how many of several files are side by side, 1 to 4; the default is 1\n"
    "      --width=PX     width in pixels, 300 to 8000; the default is 1800.  The height\n"
    "                     follows from the number of bars\n"
    "      --force        write over a file that is no picture\n"
    "      --help         show this and exit\n"
    "\n"
    "Exit status: 0 done, 1 something failed and no picture was written, 2 wrong usage.\n"
    "\n"
    "Example:\n"
    "  continuo generate --phrase phrase.mid -o tune.mid && continuo roll tune.mid -o tune.png\n"
    "  continuo roll piece.mid tune.mid --columns 2 --to 24 -o both.png\n";

enum { OPTION_FROM = 256, OPTION_TO, OPTION_COLUMNS };

static const struct option long_options[] = {
    CN_PICTURE_OPTIONS_LONG,
    {"from", required_argument, NULL, OPTION_FROM},
    {"to", required_argument, NULL, OPTION_TO},
    {"columns", required_argument, NULL, OPTION_COLUMNS},
    {NULL, 0, NULL, 0},
};

/// The command line
typedef struct {
  char* const*     inputs; ///< (n_inputs)
  size_t           n_inputs;
  CnPictureOptions picture; ///< Without a title, the name of the file is its title
  uint32_t         n_columns;
  long             from;
  long             to; ///< 0: to the end
} Arguments;

/// Take one option; false if it is wrong, which has then been said
static bool
parse_option(Arguments* const arguments, const int option)
{
  switch (option) {
  case OPTION_FROM:
    return cn_option_integer(NAME, "--from", optarg, 1, INT_MAX, &arguments->from);
  case OPTION_TO:
    return cn_option_integer(NAME, "--to", optarg, 1, INT_MAX, &arguments->to);
  case OPTION_COLUMNS:
    return cn_option_unsigned(NAME, "--columns", optarg, 1, CN_ROLL_COLUMNS_MAX, &arguments->n_columns);
  default:
    return cn_picture_option_read(NAME, option, &arguments->picture);
  }
}

static int
parse_arguments(Arguments* const arguments, const int argc, char** const argv)
{
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
  if (optind == argc) {
    return cn_usage_error(NAME, NULL, "which MIDI file?");
  }
  if (argc - optind > CN_ROLL_PANELS_MAX) {
    return cn_usage_error(NAME, NULL, "at most %d files at a time", CN_ROLL_PANELS_MAX);
  }
  if (arguments->to && arguments->to < arguments->from) {
    return cn_usage_error(NAME, "--to", "bar %ld is before bar %ld", arguments->to, arguments->from);
  }
  arguments->inputs   = argv + optind;
  arguments->n_inputs = (size_t)(argc - optind);
  return cn_picture_options_check(NAME, &arguments->picture, true);
}

/// Read a score as it sounds, or print why it could not be used
static int
read_score(const char* const path, CnScore** const score)
{
  char fault[256] = "";
  if (cn_score_load(path, score, CN_FAULT(fault))) {
    return cn_error_print(NAME, path, "%s", fault);
  }
  cn_score_warn(path, *score);
  cn_score_sustain(*score);
  return CN_EXIT_OK;
}

/// Read all files, with their names
static int
read_panels(const Arguments* const arguments, CnRollPanel* const panels, CnScore** const scores,
            char** const names)
{
  int status = CN_EXIT_OK;
  for (size_t i = 0; !status && i < arguments->n_inputs; ++i) {
    names[i] = cn_path_stem(arguments->inputs[i]);
    status =
        names[i] ? read_score(arguments->inputs[i], &scores[i]) : cn_error_print(NAME, NULL, "out of memory");
    panels[i] = (CnRollPanel){scores[i], names[i]};
  }
  return status;
}

/// Say why a picture could not be drawn
static int
explain(const Arguments* const arguments, const CnStatus status, const char* const fault)
{
  const char* const subject = arguments->n_inputs == 1 ? arguments->inputs[0] : NULL;
  return cn_error_print(NAME, subject, "%s", fault[0] ? fault : cn_strerror(status));
}

static int
write_picture(const Arguments* const arguments, const CnRollPanel* const panels)
{
  const bool          is_alone = arguments->n_inputs == 1;
  const char* const   title    = arguments->picture.title ? arguments->picture.title
                                 : is_alone               ? panels[0].name
                                                          : "";
  const CnRollOptions options  = {arguments->picture.format, title, (int)arguments->picture.width,
                                  (int32_t)arguments->from, (int32_t)arguments->to};

  char     fault[256] = "";
  uint8_t* data       = NULL;
  size_t   size       = 0;
  int      status     = CN_EXIT_OK;
  CnStatus st         = is_alone ? cn_roll_render(panels[0].score, &options, &data, &size, CN_FAULT(fault))
                                 : cn_roll_sheet_render(panels, arguments->n_inputs, arguments->n_columns, &options,
                                                        &data, &size, CN_FAULT(fault));
  if (st) {
    status = explain(arguments, st, fault);
  } else if ((st = cn_file_write(arguments->picture.output, data, size))) {
    status = cn_error_print(NAME, arguments->picture.output, "%s",
                            st == CN_STATUS_IO && errno ? strerror(errno) : cn_strerror(st));
  }
  free(data);
  return status;
}

int
cn_cmd_roll(int argc, char** argv)
{
  Arguments   arguments                  = {.n_columns = 1, .picture = CN_PICTURE_OPTIONS_DEFAULT, .from = 1};
  CnRollPanel panels[CN_ROLL_PANELS_MAX] = {0};
  CnScore*    scores[CN_ROLL_PANELS_MAX] = {0};
  char*       names[CN_ROLL_PANELS_MAX]  = {0};

  int status = parse_arguments(&arguments, argc, argv);
  if (status || arguments.picture.help) {
    return status ? status : cn_help_print(help_text);
  }
  assert(arguments.n_inputs && arguments.picture.output);
  status = read_panels(&arguments, panels, scores, names);
  if (!status) {
    status = write_picture(&arguments, panels);
  }
  for (size_t i = 0; i < arguments.n_inputs; ++i) {
    cn_score_free(scores[i]);
    free(names[i]);
  }
  return status;
}
