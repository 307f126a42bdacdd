// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/drag/dropped.h"

#include "plugin/drag/uri_list.h"

#include "dsp/base/fault.h"
#include "dsp/file/ending.h"

#include <string.h>

const char*
cn_dropped_name(const char* const path)
{
  const char* const slash = strrchr(path, '/');
  return slash && slash[1] ? slash + 1 : path;
}

/// What a file is by the ending of its name
static CnDroppedKind
kind_of(const char* const path)
{
  return cn_ending_is_among(path, cn_endings_of_weights) ? CN_DROPPED_MODEL
         : cn_ending_is_among(path, cn_endings_of_midi)  ? CN_DROPPED_PHRASE
                                                         : CN_DROPPED_NOTHING;
}

/// Say why nothing comes of it, by the first file that was met
static void
say_why(CnDropped* const dropped, const char* const first)
{
  if (*first) {
    cn_fault_say(CN_FAULT(dropped->why),
                 "%.100s is neither a model (.safetensors, .safetensors.zst) nor a MIDI file (.mid, .midi, "
                 ".kar, .rmi)",
                 cn_dropped_name(first));
  } else {
    cn_fault_say(CN_FAULT(dropped->why), "What was dropped is no file on this computer");
  }
}

void
cn_dropped_read(const char* const list, const size_t size, const char* const host, CnDropped* const dropped)
{
  char   first[CN_PATH_SIZE] = "";
  size_t at                  = 0;
  *dropped                   = (CnDropped){.kind = CN_DROPPED_NOTHING};
  while (cn_uri_list_next(list, size, &at, host, dropped->path)) {
    dropped->kind = kind_of(dropped->path);
    if (dropped->kind != CN_DROPPED_NOTHING) {
      return;
    }
    if (!*first) {
      memcpy(first, dropped->path, sizeof(first));
    }
  }
  dropped->path[0] = '\0';
  say_why(dropped, first);
}
