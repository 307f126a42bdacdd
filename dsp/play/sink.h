// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file sink.h
   Where MIDI output goes.
*/

#ifndef CN_SINK_H
#define CN_SINK_H

#include <stdbool.h>
#include <stdint.h>

/// Where MIDI output goes
typedef struct {
  void* handle;
  /// Write one message at `frame` of this block; false if there is no space for it
  bool (*write)(void* handle, uint32_t frame, const uint8_t* message, uint32_t size);
} CnMidiSink;

#endif // CN_SINK_H
