// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file fuzz_dropped.c
   Read any bytes as a list of files; each path that comes out of it goes into a list, and out of it again.
*/

#include "plugin/drag/dropped.h"
#include "plugin/drag/places.h"
#include "plugin/drag/uri_list.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t* data, const size_t size)
{
  static CnDropped dropped;
  char             path[CN_PATH_SIZE];
  char             again[CN_PATH_SIZE];
  char             list[CN_URI_LIST_SIZE];
  size_t           at = 0;
  while (cn_uri_list_next((const char*)data, size, &at, "desk", path)) {
    size_t start = 0;
    cn_uri_list_write(path, list);
    if (!cn_uri_list_next(list, strlen(list), &start, NULL, again) || strcmp(path, again) != 0) {
      abort();
    }
  }
  cn_dropped_read((const char*)data, size, "desk", &dropped);
  if ((dropped.kind == CN_DROPPED_NOTHING) != !dropped.path[0] ||
      (dropped.kind == CN_DROPPED_NOTHING) != !!dropped.why[0]) {
    abort();
  }
  char* const text = (char*)malloc(size + 1);
  if (text) {
    memcpy(text, data, size);
    text[size] = '\0';
    cn_places_read_music(text, "/home/a", path);
  }
  free(text);
  return 0;
}
