// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file chord.h
   The chords that a continuation can be asked for: 12 roots, each major, minor, dominant seventh and
   diminished.  A chord's number is root + 12 * quality, with C as root 0.
*/

#ifndef CN_CHORD_H
#define CN_CHORD_H

#include "dsp/base/attributes.h"

#include <stdint.h>

#define CN_CHORD_NONE (-1)
#define CN_N_CHORDS 48 ///< 12 roots, each major, minor, dominant seventh, diminished

/// Pitch classes of a chord as bits, bit 0 for C; all bits for CN_CHORD_NONE.  Thread: ANY
CN_AUDIO uint16_t
cn_chord_pitch_classes(int32_t chord);

/**
   The chord that explains best what sounds.

   @param weights (12) how much each pitch class sounds, not negative.
   @return A chord, or CN_CHORD_NONE if none explains most of it.

   Thread: ANY
*/
int32_t
cn_chord_estimate(const float weights[12]);

/// Read a chord from a name: C, F#m, Bb7, Edim.  CN_CHORD_NONE if it is none.  Thread: ANY
int32_t
cn_chord_parse(const char* name);

/**
   Write a chord's name.

   @param[out] name At least 8 bytes.

   Thread: ANY
*/
void
cn_chord_print(int32_t chord, char* name);

#endif // CN_CHORD_H
