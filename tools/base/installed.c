// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/base/installed.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef CN_LV2DIR // Of a program that was not installed
#  define CN_BINDIR "/usr/local/bin"
#  define CN_LV2DIR "/usr/local/lib/lv2"
#endif

// The model of the bundle in a folder, of which the name may be without an end
static bool
find_model(const char* const folder, const size_t length, const char* const inner, char* const path,
           const size_t size)
{
  static const char model[] = "continuo.lv2/models/default.safetensors.zst";
  return snprintf(path, size, "%.*s%s/%s", (int)length, folder, inner, model) < (int)size &&
         !access(path, R_OK);
}

// By the folder of the program: in a build folder, in a prefix, or as far from it as it was installed
static bool
find_by_program(const char* const folder, const size_t length, char* const path, const size_t size)
{
  const size_t n_inner = sizeof(CN_BINDIR) - 1;
  if (find_model(folder, length, "", path, size) || find_model(folder, length, "/../lib/lv2", path, size)) {
    return true;
  }
  return length >= n_inner && !strncmp(folder + length - n_inner, CN_BINDIR, n_inner) &&
         find_model(folder, length - n_inner, CN_LV2DIR, path, size);
}

// In one of the folders that LV2 hosts look in
static bool
find_in_lv2_path(char* const path, const size_t size)
{
  const char* const home = getenv("HOME");
  const char*       rest = getenv("LV2_PATH");
  while (rest && *rest) {
    const size_t length = strcspn(rest, ":");
    if (length && find_model(rest, length, "", path, size)) {
      return true;
    }
    rest += length + (rest[length] == ':');
  }
  return home && find_model(home, strlen(home), "/.lv2", path, size);
}

bool
cn_default_model(char* const path, const size_t size)
{
  char          program[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
  if (length > 0) {
    program[length]         = '\0';
    const char* const slash = strrchr(program, '/');
    if (slash && find_by_program(program, (size_t)(slash - program), path, size)) {
      return true;
    }
  }
  return find_in_lv2_path(path, size) || find_model(CN_LV2DIR, sizeof(CN_LV2DIR) - 1, "", path, size);
}
