// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/touch/typed.h"

#include <stddef.h>
#include <string.h>

bool
cn_typed_add(CnPanel* const panel, const char letter)
{
  const size_t length = strlen(panel->typed);
  if (length + 1 >= CN_PANEL_TYPED) {
    return false;
  }
  panel->typed[length]     = letter;
  panel->typed[length + 1] = '\0';
  return true;
}

bool
cn_typed_erase(CnPanel* const panel)
{
  const size_t length = strlen(panel->typed);
  if (length > 0) {
    panel->typed[length - 1] = '\0';
  }
  return length > 0;
}
