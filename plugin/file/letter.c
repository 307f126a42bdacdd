// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/file/letter.h"

#include <string.h>

CN_AUDIO bool
cn_letter_post(CnLetter* const letter, const char* const path)
{
  if (atomic_load_explicit(&letter->is_posted, memory_order_acquire)) {
    return false;
  }
  memcpy(letter->text, path, strlen(path) + 1U);
  atomic_store_explicit(&letter->is_posted, true, memory_order_release);
  return true;
}

bool
cn_letter_read(CnLetter* const letter, char path[CN_PATH_SIZE])
{
  if (!atomic_load_explicit(&letter->is_posted, memory_order_acquire)) {
    return false;
  }
  memcpy(path, letter->text, CN_PATH_SIZE);
  path[CN_PATH_SIZE - 1U] = '\0';
  atomic_store_explicit(&letter->is_posted, false, memory_order_release);
  return true;
}
