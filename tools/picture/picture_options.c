// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/picture/picture_options.h"

#include "tools/base/options.h"
#include "tools/base/output.h"

#include <getopt.h>
#include <stddef.h>

bool
cn_picture_option_read(const char* const command, const int option, CnPictureOptions* const options)
{
  switch (option) {
  case 'o':
    options->output = optarg;
    return true;
  case 't':
    options->title = optarg;
    return true;
  case 'w':
    return cn_option_integer(command, "--width", optarg, CN_PICTURE_WIDTH_MIN, CN_PICTURE_WIDTH_MAX,
                             &options->width);
  case 'f':
    options->is_forced = true;
    return true;
  case 'h':
    options->help = true;
    return true;
  default:
    return false;
  }
}

int
cn_picture_options_check(const char* const command, CnPictureOptions* const options, const bool is_wanted)
{
  if (!options->output) {
    return is_wanted ? cn_usage_error(command, NULL, "where to? Say -o FILE") : CN_EXIT_OK;
  }
  if (!cn_picture_format(options->output, &options->format)) {
    return cn_usage_error(command, options->output, CN_PICTURE_UNKNOWN);
  }
  return cn_output_check(command, NULL, options->output, CN_OUTPUT_PICTURE, options->is_forced);
}
