// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/base/output.h"

#include "tools/base/options.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { HEAD = 9 }; // [bytes] Where a safetensors file's length ends and its JSON begins

// Whether a file begins as those of a kind do; what can't be read is told by whoever writes it
static bool
is_of_kind(const char* const path, const CnOutputKind kind)
{
  char         head[HEAD] = {0};
  FILE* const  file       = fopen(path, "rb");
  const size_t size       = file ? fread(head, 1, HEAD, file) : 0;
  if (file) {
    fclose(file);
  }
  if (!size) {
    return true;
  }
  return kind == CN_OUTPUT_MIDI ? !memcmp(head, "MThd", 4) : size == HEAD && head[HEAD - 1] == '{';
}

static bool
is_same_file(const struct stat* const a, const char* const path)
{
  struct stat b;
  return path && !stat(path, &b) && a->st_dev == b.st_dev && a->st_ino == b.st_ino;
}

int
cn_output_check(const char* const command, const char* const input, const char* const path,
                const CnOutputKind kind, const bool force)
{
  struct stat old;
  if (force || stat(path, &old) || !S_ISREG(old.st_mode)) {
    return CN_EXIT_OK;
  }
  if (is_same_file(&old, input)) {
    return cn_usage_error(command, path, "is what is read; --force writes over it");
  }
  if (!is_of_kind(path, kind)) {
    return cn_usage_error(command, path, "stands there and is no %s; --force writes over it",
                          kind == CN_OUTPUT_MIDI ? "MIDI file" : "file of weights");
  }
  return CN_EXIT_OK;
}
