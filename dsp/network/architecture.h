// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file architecture.h
   Our own network as one architecture of several: "continuo".
*/

#ifndef CN_NETWORK_ARCHITECTURE_H
#define CN_NETWORK_ARCHITECTURE_H

#include "dsp/compose/architecture.h"

extern const CnArchitecture cn_network_architecture; ///< Its models are CnModel

#endif // CN_NETWORK_ARCHITECTURE_H
