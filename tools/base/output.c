// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/base/output.h"

#include "tools/base/options.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { LENGTH = 8 }; // [bytes] Of the length before a safetensors file's JSON
enum { HEAD = 12 };  // [bytes] Of a RIFF file

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
  switch (kind) {
  case CN_OUTPUT_MIDI:
    return !memcmp(head, "MThd", 4);
  case CN_OUTPUT_WAV:
    return !memcmp(head, "RIFF", 4) && !memcmp(head + 8, "WAVE", 4);
  case CN_OUTPUT_WEIGHTS:
    break;
  }
  return head[LENGTH] == '{';
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
  static const char* const kinds[] = {
      [CN_OUTPUT_MIDI] = "MIDI file", [CN_OUTPUT_WEIGHTS] = "file of weights", [CN_OUTPUT_WAV] = "WAV file"};
  struct stat old;
  if (force || stat(path, &old) || !S_ISREG(old.st_mode)) {
    return CN_EXIT_OK;
  }
  if (is_same_file(&old, input)) {
    return cn_usage_error(command, path, "is what is read; --force writes over it");
  }
  if (!is_of_kind(path, kind)) {
    return cn_usage_error(command, path, "stands there and is no %s; --force writes over it", kinds[kind]);
  }
  return CN_EXIT_OK;
}
