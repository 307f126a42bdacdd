// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file controls.h
   The host's control ports, and what the musician asks for by them.
*/

#ifndef CN_CONTROL_PORTS_H
#define CN_CONTROL_PORTS_H

#include "plugin/lv2/ports.h"

#include "dsp/base/attributes.h"
#include "dsp/play/performer.h"

#include <stdbool.h>

/// The ports; begins as zeros
typedef struct {
  float*     places[CN_N_PORTS]; ///< The host's, by CnPort, null if not connected; the sequences' stay null
  float      values[CN_N_PORTS]; ///< Of the inputs, in this block
  CnControls asked;              ///< That they mean
  bool       is_read;            ///< All this has been read once
} CnControlPorts;

/// Read all inputs; false if they are those of the block before.  Thread: AUDIO
CN_AUDIO bool
cn_control_ports_read(CnControlPorts* ports);

/// An input of whole numbers, as it was read; what is not a number is the lowest.  Thread: AUDIO
CN_AUDIO int
cn_control_ports_integer(const CnControlPorts* ports, CnPort port, float lowest, float highest);

/// Write an output.  Thread: AUDIO
CN_AUDIO void
cn_control_ports_write(const CnControlPorts* ports, CnPort port, float value);

#endif // CN_CONTROL_PORTS_H
