// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  train: which kind of network is meant; each has options of its own.
*/

#include "tools/base/options.h"
#include "tools/command/commands.h"
#include "tools/command/toolsets.h"
#include "tools/learn/ranks.h"

#include "dsp/model/architectures.h"

#include <string.h>

static const char command[] = "train";

// What --arch says, or null
static const char*
find_word(const int argc, char** const argv)
{
  for (int i = 1; i < argc; ++i) {
    if (!strcmp(argv[i], "--arch")) {
      return i + 1 < argc ? argv[i + 1] : "";
    }
    if (!strncmp(argv[i], "--arch=", 7)) {
      return argv[i] + 7;
    }
  }
  return NULL;
}

// Those that can be trained, with commas between them
static void
list_words(char* const text, const size_t size)
{
  const CnArchitecture* architecture = NULL;
  size_t                length       = 0;
  text[0]                            = '\0';
  for (size_t i = 0; (architecture = cn_architecture_get(i)) && length < size; ++i) {
    if (cn_toolset_of(architecture)->train) {
      length +=
          (size_t)snprintf(text + length, size - length, "%s%s", length ? ", " : "", architecture->name);
    }
  }
}

static int
train(const int argc, char** const argv)
{
  char                        words[256];
  const char* const           word         = find_word(argc, argv);
  const CnArchitecture* const architecture = word ? cn_architecture_find(word) : cn_architecture_get(0);
  const CnToolset* const      toolset      = cn_toolset_of(architecture);
  list_words(words, sizeof(words));
  if (!toolset->train) {
    return cn_usage_error(command, "--arch", "'%s' is none of %s, nor attention; lstm and gru go by --cell",
                          word, words);
  }
  if (cn_ranks_count() > 1 && !toolset->learns_in_ranks) {
    return cn_usage_error(command, "--arch", "networks of this kind learn in one process only");
  }
  return toolset->train(argc, argv);
}

int
cn_cmd_train(const int argc, char** const argv)
{
  cn_ranks_join();
  cn_ranks_voice(0);
  const int result = train(argc, argv);
  cn_ranks_leave();
  return result;
}
