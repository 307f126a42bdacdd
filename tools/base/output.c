// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/base/output.h"

#include "tools/base/file.h"
#include "tools/base/options.h"

#include "dsp/file/compressed.h"
#include "dsp/file/ending.h"
#include "dsp/file/safetensors.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
  HEAD    = 20, // [bytes] That are looked at
  INSIDE  = 8,  // [bytes] Where a safetensors file's length ends, and a RIFF file's kind stands
  N_HEADS = 4,
};

// What files of a kind are called, how they begin, and what stands inside
static const struct {
  const char* name;
  const char* heads[N_HEADS];
  const char* inside;
} kinds[] = {
    [CN_OUTPUT_MIDI]       = {"MIDI file", {"MThd"}, ""},
    [CN_OUTPUT_WEIGHTS]    = {"file of weights", {""}, "{"},
    [CN_OUTPUT_WAV]        = {"WAV file", {"RIFF"}, "WAVE"},
    [CN_OUTPUT_PICTURE]    = {"picture", {"\x89PNG", "%PDF", "<?xml", "<svg"}, ""},
    [CN_OUTPUT_TABLE]      = {"table of a run", {"step,"}, ""},
    [CN_OUTPUT_SPLIT]      = {"split table", {"file\twork\tsplit"}, ""},
    [CN_OUTPUT_CHECKPOINT] = {"checkpoint", {"continuo checkpoint"}, ""},
};

static bool
begins_with(const char* const bytes, const char* const head)
{
  return !strncmp(bytes, head, strlen(head));
}

// Whether what is compressed in a file is weights: others compress, too
static bool
has_weights(const char* const path)
{
  uint8_t*   data    = NULL;
  size_t     size    = 0;
  CnTensors* tensors = NULL;
  const bool is_one  = !cn_file_read(path, CN_COMPRESSED_MOST_SIZE, &data, &size) &&
                      !cn_tensors_open(data, size, &tensors, CN_NO_FAULT);
  cn_tensors_free(tensors);
  free(data);
  return is_one;
}

// Whether a file begins as those of a kind do; what can't be read is told by whoever writes it
static bool
is_of_kind(const char* const path, const CnOutputKind kind)
{
  char         head[HEAD + 1] = {0};
  FILE* const  file           = fopen(path, "rb");
  const size_t size           = file ? fread(head, 1, HEAD, file) : 0;
  bool         is_one         = !size;
  if (file) {
    fclose(file);
  }
  if (kind == CN_OUTPUT_WEIGHTS && cn_is_compressed((const uint8_t*)head, size)) {
    return has_weights(path);
  }
  for (unsigned i = 0; i < N_HEADS && kinds[kind].heads[i]; ++i) {
    is_one =
        is_one || (begins_with(head, kinds[kind].heads[i]) && begins_with(head + INSIDE, kinds[kind].inside));
  }
  return is_one;
}

int
cn_output_check(const char* const command, const char* const input, const char* const path,
                const CnOutputKind kind, const bool force)
{
  struct stat old;
  if (force || stat(path, &old) || !S_ISREG(old.st_mode)) {
    return CN_EXIT_OK;
  }
  if (cn_file_is_same(path, input)) {
    return cn_usage_error(command, path, "is what is read; --force writes over it");
  }
  if (!is_of_kind(path, kind)) {
    return cn_usage_error(command, path, "stands there and is no %s; --force writes over it",
                          kinds[kind].name);
  }
  return CN_EXIT_OK;
}

int
cn_output_check_plain(const char* const command, const char* const path)
{
  return cn_ending_is(path, CN_ENDING_COMPRESSED)
             ? cn_usage_error(command, path, "is a name for compressed files, as convert --small writes them")
             : CN_EXIT_OK;
}
