// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/file/ending.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

const char* const cn_endings_of_weights[] = {CN_ENDING_WEIGHTS, CN_ENDING_WEIGHTS CN_ENDING_COMPRESSED, NULL};
const char* const cn_endings_of_midi[]    = {".mid", ".midi", ".kar", ".rmi", NULL};

bool
cn_ending_is(const char* const path, const char* const ending)
{
  const size_t length = strlen(path);
  const size_t n      = strlen(ending);
  return n <= length && !strcasecmp(path + length - n, ending);
}

bool
cn_ending_is_among(const char* const path, const char* const* endings)
{
  while (*endings && !cn_ending_is(path, *endings)) {
    ++endings;
  }
  return *endings;
}
