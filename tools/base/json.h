// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file json.h
   The words of JSON output.
*/

#ifndef CN_JSON_H
#define CN_JSON_H

#include <jansson.h>

/// A JSON string of any text: bytes that are not UTF-8, as paths may have, become '?'.  Thread: ANY
json_t*
cn_json_text(const char* text);

#endif // CN_JSON_H
