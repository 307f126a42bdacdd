// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file typed.h
   What is being typed, letter by letter.  All thread class WORKER.
*/

#ifndef CN_TYPED_H
#define CN_TYPED_H

#include "plugin/draw/panel.h"

#include <stdbool.h>

/// Add a letter; false if there is no room for it.  Thread: WORKER
bool
cn_typed_add(CnPanel* panel, char letter);

/// Take a letter back; false if there is none.  Thread: WORKER
bool
cn_typed_erase(CnPanel* panel);

#endif // CN_TYPED_H
