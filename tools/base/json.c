// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/base/json.h"

#include <stdlib.h>
#include <string.h>

json_t*
cn_json_text(const char* const text)
{
  json_t* json = json_string(text);
  if (!json) { // Not UTF-8
    char* const copy = strdup(text);
    for (char* c = copy; c && *c; ++c) {
      *c = (unsigned char)*c < 0x80 ? *c : '?';
    }
    json = copy ? json_string(copy) : NULL;
    free(copy);
  }
  return json;
}
