// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/state_value.h"

#include <stdlib.h>
#include <string.h>

bool
cn_state_value_get(CnStateValue* const value, const LV2_URID key, const LV2_State_Retrieve_Function retrieve,
                   const LV2_State_Handle handle)
{
  size_t            size  = 0;
  uint32_t          type  = 0;
  uint32_t          flags = 0;
  const void* const body  = retrieve(handle, key, &size, &type, &flags);
  *value                  = (CnStateValue){0};
  if (!body) {
    return true;
  }
  uint8_t* const copy = size < SIZE_MAX ? (uint8_t*)malloc(size + 1U) : NULL;
  if (!copy) {
    return false;
  }
  memcpy(copy, body, size);
  copy[size] = '\0';
  *value     = (CnStateValue){copy, size, type};
  return true;
}

void
cn_state_value_clear(CnStateValue* const value)
{
  free(value->body);
  *value = (CnStateValue){0};
}

bool
cn_state_value_integer(const CnStateValue* const value, const CnUris* const uris, int64_t* const number)
{
  int32_t narrow = 0;
  if (value->body && value->type == uris->atom_Int && value->size == sizeof(narrow)) {
    memcpy(&narrow, value->body, sizeof(narrow));
    *number = narrow;
    return true;
  }
  if (value->body && value->type == uris->atom_Long && value->size == sizeof(*number)) {
    memcpy(number, value->body, sizeof(*number));
    return true;
  }
  return false;
}

const char*
cn_state_value_text(const CnStateValue* const value, const CnUris* const uris, const size_t max_size)
{
  const bool is_text = value->type == uris->atom_Path || value->type == uris->atom_String;
  if (!value->body || !is_text) {
    return NULL;
  }
  const char* const text = (const char*)value->body;
  return strlen(text) < max_size ? text : NULL;
}
