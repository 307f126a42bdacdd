// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/scratch.h"

#include "tests/support/midi_file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

const char*
cn_scratch_path(const char* const folder, const char* const name)
{
  static char     paths[4][256];
  static unsigned next = 0;
  char* const     path = paths[next++ % 4];
  snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
  return path;
}

const char*
cn_scratch_own(const char* const name)
{
  char own[128];
  snprintf(own, sizeof(own), "continuo-%ld-%s", (long)getpid(), name);
  return cn_scratch_path("/tmp", own);
}

bool
cn_scratch_has(const char* const folder, const char* const name)
{
  return !access(cn_scratch_path(folder, name), F_OK);
}

bool
cn_scratch_is_same(const char* const folder, const char* const a, const char* const b)
{
  char command[256];
  snprintf(command, sizeof(command), "cmp -s %s/%s.safetensors %s/%s.safetensors", folder, a, folder, b);
  return system(command) == 0;
}

unsigned
cn_scratch_count(const char* const folder, const char* const beginning)
{
  DIR* const           dir   = opendir(folder);
  const struct dirent* entry = NULL;
  unsigned             n     = 0;
  while (dir && (entry = readdir(dir))) {
    const bool is_named = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    n += is_named && !strncmp(entry->d_name, beginning, strlen(beginning));
  }
  if (dir) {
    closedir(dir);
  }
  return n;
}

int
cn_scratch_remove(const char* const folder)
{
  char line[512];
  snprintf(line, sizeof(line), "rm -rf '%s'", folder);
  return system(line);
}

char*
cn_scratch_home(void)
{
  static char home[32];
  strcpy(home, "/tmp/continuo-XXXXXX");
  assert_non_null(mkdtemp(home));
  setenv("HOME", home, 1);
  unsetenv("XDG_MUSIC_DIR");
  unsetenv("XDG_CONFIG_HOME");
  unsetenv("XDG_CACHE_HOME");
  return home;
}

void
cn_scratch_make_corpus(const char* const folder, const char* const name, const unsigned n_pieces,
                       const unsigned n_quarters, const unsigned more)
{
  assert_int_equal(mkdir(cn_scratch_path(folder, name), 0777), 0);
  for (unsigned p = 0; p < n_pieces; ++p) {
    char path[64];
    snprintf(path, sizeof(path), "%s/p%u.mid", name, p);
    midi_file_write_quarters(cn_scratch_path(folder, path), n_quarters + more * p, (uint8_t)(50 + p), NULL,
                             0);
  }
}
