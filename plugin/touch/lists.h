// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file lists.h
   What mouse and keyboard do to the open list.  All thread class WORKER.
*/

#ifndef CN_LISTS_H
#define CN_LISTS_H

#include "plugin/touch/keys.h"

#include <stdbool.h>

/// Choose a line, or none, and close the list.  Thread: WORKER
void
cn_lists_choose(CnTouch* touch, int entry);

/// Press a key: go from line to line, choose one, or close it; false if the key is for something else.
/// Thread: WORKER
bool
cn_lists_key(CnTouch* touch, CnKeys key);

#endif // CN_LISTS_H
