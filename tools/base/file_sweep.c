// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Whether `name` is `stem`.tmpPID-N, as cn_file_write() calls its files, of a process that is no more
static bool
is_abandoned(const char* const name, const char* const stem)
{
  static const char mark[] = ".tmp";

  const size_t length = strlen(stem);
  if (strncmp(name, stem, length) || strncmp(name + length, mark, sizeof(mark) - 1)) {
    return false;
  }
  char*      end = NULL;
  const long pid = strtol(name + length + sizeof(mark) - 1, &end, 10);
  return pid > 0 && *end == '-' && end[1] && !end[1 + strspn(end + 1, "0123456789")] && kill((pid_t)pid, 0) &&
         errno == ESRCH;
}

static void
sweep_folder(const char* const folder, const char* const stem)
{
  DIR* const dir = opendir(folder);
  for (const struct dirent* item = dir ? readdir(dir) : NULL; item; item = readdir(dir)) {
    if (is_abandoned(item->d_name, stem)) {
      const size_t size = strlen(folder) + strlen(item->d_name) + 2;
      char* const  path = malloc(size);
      if (path) {
        snprintf(path, size, "%s/%s", folder, item->d_name);
        unlink(path);
      }
      free(path);
    }
  }
  if (dir) {
    closedir(dir);
  }
}

void
cn_file_sweep(const char* const path)
{
  const char* const slash  = strrchr(path, '/');
  char* const       folder = slash ? strdup(path) : strdup(".");
  if (folder && slash) {
    folder[slash == path ? 1 : slash - path] = '\0';
  }
  if (folder) {
    sweep_folder(folder, slash ? slash + 1 : path);
  }
  free(folder);
}
