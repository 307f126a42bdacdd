// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file host_store.h
   Saved states as hosts keep them that have a store of their own, and not lilv's: Carla and Qtractor.

   What is handed out is poisoned and freed at the earliest moment at which a host does so, and is of exactly
   the size that is told: who reads it later or beyond reads nonsense, or is stopped by a sanitizer.

   All functions: Thread: INIT
*/

#ifndef CN_HOST_STORE_H
#define CN_HOST_STORE_H

#include "tests/host/host_features.h"

#include <lilv/lilv.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CN_HOST_STORE_SIZE 16

/// What a host does with a plugin's state
typedef struct {
  bool keeps_keys;  ///< A key that is not stored again stays (Carla)
  bool keeps_types; ///< So does the type of one that is stored again (Carla)
  bool bare_texts;  ///< Texts and paths are handed out without their null (Carla, Qtractor)
  bool frees_each;  ///< A value lives until the next is asked for (Carla), otherwise until the end
  bool maps_paths;  ///< Paths become links in a folder of the session (Carla)
} CnHostKeeping;

typedef struct {
  char     key[64];
  char     type[64];
  size_t   size;
  uint8_t* bytes; ///< Owned
} CnHostValue;

/// The state of one plugin in a session
typedef struct {
  CnHostKeeping keeping;
  char          folder[96]; ///< Where links go; "" if paths are not mapped
  CnHostValue   values[CN_HOST_STORE_SIZE];
  size_t        n_values;
} CnHostStore;

/// Free all values
void
cn_host_store_clear(CnHostStore* store);

/// A value, null if there is none
CnHostValue*
cn_host_store_find(CnHostStore* store, const char* key);

/// Put other bytes in a value's place; copied
void
cn_host_value_set(CnHostValue* value, const void* bytes, size_t size);

/// Copy all values, in a session of its own
void
cn_host_store_copy(const CnHostStore* store, CnHostStore* copy);

/// Let a plugin save; false if it says that it could not
bool
cn_host_store_save(CnHostStore* store, CnHostFeatures* features, LilvInstance* instance);

/// Let a plugin restore; false if it says that it could not
bool
cn_host_store_restore(CnHostStore* store, CnHostFeatures* features, LilvInstance* instance);

#endif // CN_HOST_STORE_H
