// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/play/fingers.h"

#include "dsp/play/midi.h"

#include <string.h>

CN_AUDIO void
cn_fingers_init(CnFingers* const fingers)
{
  memset(fingers, 0, sizeof(*fingers));
}

static CN_AUDIO void
set_key(CnFingers* const fingers, const unsigned key, const uint8_t velocity)
{
  fingers->n_down += (velocity > 0) - (fingers->velocities[key] > 0);
  fingers->velocities[key] = velocity;
}

CN_AUDIO void
cn_fingers_follow(CnFingers* const fingers, const int64_t frame, const uint8_t* const message,
                  const uint32_t size)
{
  if (!cn_midi_is_whole(message, size)) {
    return;
  }
  const unsigned first = 128 * cn_midi_channel(message);
  if (cn_midi_is_strike(message)) {
    set_key(fingers, first + message[1], message[2]);
    fingers->frames[first + message[1]] = frame;
  } else if (cn_midi_is_release(message)) {
    set_key(fingers, first + message[1], 0);
  } else if (cn_midi_is_silence(message)) {
    for (unsigned pitch = 0; fingers->n_down > 0 && pitch < 128; ++pitch) {
      set_key(fingers, first + pitch, 0);
    }
  }
}

CN_AUDIO int
cn_fingers_next(const CnFingers* const fingers, const int previous)
{
  for (int key = previous + 1; fingers->n_down > 0 && key < CN_FINGERS_KEYS; ++key) {
    if (fingers->velocities[key]) {
      return key;
    }
  }
  return -1;
}
