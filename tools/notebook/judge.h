// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file judge.h
   The notebook's networks as the command scores and describes them.
*/

#ifndef CN_NOTEBOOK_JUDGE_H
#define CN_NOTEBOOK_JUDGE_H

#include "tools/judge/judge.h"

extern const CnJudge cn_judge_of_notebook; ///< Its models are CnNotebookModel

#endif // CN_NOTEBOOK_JUDGE_H
