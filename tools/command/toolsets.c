// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/command/toolsets.h"

#include "tools/command/commands.h"
#include "tools/notebook/judge.h"
#include "tools/notebook/run.h"

#include "dsp/network/architecture.h"
#include "dsp/notebook/architecture.h"

static const CnToolset toolsets[] = {
    {&cn_network_architecture, &cn_judge_of_network, cn_train_network, true},
    {&cn_notebook_architecture, &cn_judge_of_notebook, cn_notebook_command, false},
};

static const CnToolset any = {NULL, &cn_judge_of_any, NULL, false};

const CnToolset*
cn_toolset_of(const CnArchitecture* const architecture)
{
  for (size_t i = 0; i < sizeof(toolsets) / sizeof(toolsets[0]); ++i) {
    if (toolsets[i].architecture == architecture) {
      return &toolsets[i];
    }
  }
  return &any;
}
