// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file host_state.h
   The test host's sessions: a plugin's state as a text, or as a folder with files.
*/

#ifndef CN_HOST_STATE_H
#define CN_HOST_STATE_H

#include "tests/host/host_features.h"

#include <lilv/lilv.h>

#include <stdbool.h>

/// Whose state it is, all borrowed
typedef struct {
  LilvWorld*        world;
  const LilvPlugin* plugin;
  LilvInstance*     instance;
  CnHostFeatures*   features;
} CnHostState;

/// Save without files, as Turtle, to be freed with free(); null if there is nothing to save
char*
cn_host_state_print(const CnHostState* state);

/// Restore from Turtle; false if it is none
bool
cn_host_state_scan(const CnHostState* state, const char* text);

/// Save into a folder, with mapPath and makePath; false if that failed
bool
cn_host_state_write(const CnHostState* state, const char* folder);

/// Restore from a folder; false if there is no state
bool
cn_host_state_read(const CnHostState* state, const char* folder);

#endif // CN_HOST_STATE_H
