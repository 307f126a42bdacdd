// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file last_bar.h
   A third architecture, for a test: it repeats the bar before, with a velocity that it "learnt".
*/

#ifndef CN_LAST_BAR_H
#define CN_LAST_BAR_H

#include "dsp/base/status.h"
#include "dsp/compose/architecture.h"

extern const CnArchitecture cn_last_bar_architecture; ///< "last-bar"

/// Write a weights file of it
CnStatus
cn_last_bar_save(const char* path, float velocity);

#endif // CN_LAST_BAR_H
