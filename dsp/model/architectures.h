// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file architectures.h
   The architectures that are known, by name.
*/

#ifndef CN_ARCHITECTURES_H
#define CN_ARCHITECTURES_H

#include "dsp/compose/architecture.h"

#include <stddef.h>

/// Architecture number `i`, or null if there are not so many.  Thread: ANY
const CnArchitecture*
cn_architecture_get(size_t i);

/// The architecture that a word, which may be null, is a name of; or null.  Thread: ANY
const CnArchitecture*
cn_architecture_find(const char* word);

#endif // CN_ARCHITECTURES_H
