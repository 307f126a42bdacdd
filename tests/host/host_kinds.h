// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file host_kinds.h
   The ways of the hosts that people have, for the test host to behave like each of them.

   Observed with a probe in Ardour 7.3, Carla 2.6.0-alpha1 and jalv 1.6.6; what Carla and Qtractor do with a
   state, and when Qtractor tells its transport, was read in their sources.
*/

#ifndef CN_HOST_KINDS_H
#define CN_HOST_KINDS_H

#include "tests/host/host.h"

typedef struct {
  const char*   name;
  CnHostConfig  config; ///< Without bundle and session
  CnHostKeeping keeping;
} CnHostKind;

extern const CnHostKind cn_host_ardour;
extern const CnHostKind
    cn_host_carla; ///< Its rack and patchbay; with a JACK client a plugin, nothing is told late
extern const CnHostKind cn_host_jalv;
extern const CnHostKind cn_host_qtractor;

#endif // CN_HOST_KINDS_H
