// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file fingers.h
   Which keys the musician's fingers hold down, whether the transport rolls or not.

   What is heard as notes ends where the transport stops or leaves; the fingers know nothing of that, and
   stay where they are.
*/

#ifndef CN_FINGERS_H
#define CN_FINGERS_H

#include "dsp/base/attributes.h"

#include <stdint.h>

#define CN_FINGERS_KEYS (16 * 128) ///< Keys of all channels; key 128 * channel + pitch

/// The keys
typedef struct {
  uint32_t n_down;
  uint8_t  velocities[CN_FINGERS_KEYS]; ///< 0: the key is up
  int64_t  frames[CN_FINGERS_KEYS];     ///< [frames] of the stream where it was struck
} CnFingers;

/// Lift all fingers.  Thread: ANY
CN_AUDIO void
cn_fingers_init(CnFingers* fingers);

/// Follow a message of `size` bytes that comes at `frame` of the stream, if it moves fingers.  Thread: AUDIO
CN_AUDIO void
cn_fingers_follow(CnFingers* fingers, int64_t frame, const uint8_t* message, uint32_t size);

/**
   Look for the next key that is down.

   @param previous Key to look behind; -1 for the first.
   @return A key, or -1 if there are no more.

   Thread: AUDIO
*/
CN_AUDIO int
cn_fingers_next(const CnFingers* fingers, int previous);

#endif // CN_FINGERS_H
