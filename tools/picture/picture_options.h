// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file picture_options.h
   Options that all commands have that draw: where the picture goes, what it says and how wide it is.
*/

#ifndef CN_PICTURE_OPTIONS_H
#define CN_PICTURE_OPTIONS_H

#include "tools/picture/picture.h"

#include <stdbool.h>

/// What the command line says of a picture
typedef struct {
  const char*     output; ///< Where it goes, or null
  const char*     title;  ///< Or null: the command's own
  long            width;  ///< [pixels]
  CnPictureFormat format; ///< By the suffix of `output`
  bool            is_forced;
  bool            help; ///< Only the help is wanted
} CnPictureOptions;

/// Nothing said
#define CN_PICTURE_OPTIONS_DEFAULT    \
  (CnPictureOptions)                  \
  {                                   \
    .width = CN_PICTURE_WIDTH_DEFAULT \
  }

/// Short options for getopt_long()
#define CN_PICTURE_OPTIONS_SHORT "o:"

// clang-format off
/// Entries for getopt_long(), whose values are letters
#define CN_PICTURE_OPTIONS_LONG               \
  {"output", required_argument, NULL, 'o'},   \
  {"title", required_argument, NULL, 't'},    \
  {"width", required_argument, NULL, 'w'},    \
  {"force", no_argument, NULL, 'f'},          \
  {"help", no_argument, NULL, 'h'}
// clang-format on

/**
   Read an option; prints what is wrong with its argument.

   @param option As getopt_long() has returned it, with `optarg`.
   @return False if it is wrong, or none of these.

   Thread: ANY
*/
bool
cn_picture_option_read(const char* command, int option, CnPictureOptions* options);

/**
   See that the picture can be written where it is to go, and of which kind it is.

   @param is_wanted Whether the command does nothing without.
   @return #CN_EXIT_OK, or #CN_EXIT_USAGE once the reason is printed.

   Thread: WORKER
*/
int
cn_picture_options_check(const char* command, CnPictureOptions* options, bool is_wanted);

#endif // CN_PICTURE_OPTIONS_H
