// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/model/architectures.h"

#include "dsp/network/architecture.h"
#include "dsp/notebook/architecture.h"

#ifdef CN_MORE_ARCHITECTURES // Rows that a test has more
extern const CnArchitecture CN_MORE_ARCHITECTURES;
#  define MORE_ROWS &CN_MORE_ARCHITECTURES,
#else
#  define MORE_ROWS
#endif

// clang-format off
/// A new kind of network is a new room, and a row here
static const CnArchitecture* const architectures[] = {
    &cn_network_architecture,
    &cn_notebook_architecture,
    MORE_ROWS
};
// clang-format on

const CnArchitecture*
cn_architecture_get(const size_t i)
{
  return i < sizeof(architectures) / sizeof(architectures[0]) ? architectures[i] : NULL;
}

const CnArchitecture*
cn_architecture_find(const char* const word)
{
  const CnArchitecture* architecture = NULL;
  for (size_t i = 0; (architecture = cn_architecture_get(i)); ++i) {
    if (cn_architecture_is_called(architecture, word)) {
      break;
    }
  }
  return architecture;
}
