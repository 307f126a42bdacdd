// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file toolsets.h
   What the command can do with each architecture.
*/

#ifndef CN_TOOLSETS_H
#define CN_TOOLSETS_H

#include "tools/judge/judge.h"

#include "dsp/compose/architecture.h"

#include <stdbool.h>

/// The command's side of an architecture
typedef struct {
  const CnArchitecture* architecture; ///< Null: any that has no row of its own
  const CnJudge*        judge;
  int (*train)(int argc, char** argv); ///< `train --arch` with its arguments; null: it cannot be trained here
  bool learns_in_ranks;                ///< Whether many processes may train it
} CnToolset;

/// The row of an architecture, or the one for those without.  Thread: ANY
const CnToolset*
cn_toolset_of(const CnArchitecture* architecture);

#endif // CN_TOOLSETS_H
