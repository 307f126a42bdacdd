// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file chord.h
   Chords: how they are numbered, named, and recognised.

   A chord's number is root + 12 * quality, with C as root 0, and + CN_CHORD_SLASH * (1 + bass) where
   another note than the root is in the bass.  The first four qualities, major, minor, dominant seventh and
   diminished, are the CN_N_CHORDS that every network knows; the others have one of these that is nearest.
*/

#ifndef CN_CHORD_H
#define CN_CHORD_H

#include "dsp/base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_CHORD_NONE (-1)
#define CN_N_CHORDS 48 ///< That all networks know: 12 roots, each major, minor, dominant seventh, diminished
#define CN_N_CHORD_QUALITIES 20
#define CN_CHORD_SLASH 1024                ///< The part of a number that is the bass, plus 1
#define CN_CHORD_END (13 * CN_CHORD_SLASH) ///< No number is higher
#define CN_CHORD_NAME_SIZE 16              ///< [bytes] of the longest name, with its null

/// Whether a number is that of a chord.  Thread: ANY
CN_AUDIO bool
cn_chord_is_valid(int32_t chord);

/// Pitch classes of a chord as bits, bit 0 for C, its bass among them; all bits for CN_CHORD_NONE.
/// Thread: ANY
CN_AUDIO uint16_t
cn_chord_pitch_classes(int32_t chord);

/// The nearest of the CN_N_CHORDS, of the same root; CN_CHORD_NONE for none.  Thread: ANY
CN_AUDIO int32_t
cn_chord_nearest(int32_t chord);

/// The pitch class of the bass where it is another than the root; else -1.  Thread: ANY
CN_AUDIO int
cn_chord_slash(int32_t chord);

/// A chord so many semitones higher, with its bass; CN_CHORD_NONE for none.  Thread: ANY
int32_t
cn_chord_transpose(int32_t chord, int semitones);

/**
   The chord that explains best what sounds.

   @param weights (12) how much each pitch class sounds, not negative.
   @return One of the CN_N_CHORDS, or CN_CHORD_NONE if none explains most of it.

   Thread: ANY
*/
int32_t
cn_chord_estimate(const float weights[12]);

/**
   The same among all chords: each tone that it has has to be worth it.

   @param weights (12) how much each pitch class sounds, not negative.
   @param bass Pitch class of the bass, or -1: unknown.
   @return A chord, over that bass, or CN_CHORD_NONE.

   Thread: ANY
*/
int32_t
cn_chord_hear(const float weights[12], int bass);

/**
   The chord that keys held together are, as a musician would call it.

   The lowest key is the bass: if it is not the root, the chord is an inversion, or stands over a foreign
   bass.  The fifth may be missing where there is a seventh, and a third or a fifth alone is enough.

   @param keys MIDI note numbers as bits.
   @return CN_CHORD_NONE if it has no name here.

   Thread: ANY
*/
int32_t
cn_chord_recognise(const uint64_t keys[2]);

/**
   Read a chord from a name: C, F#m, Bb7, Edim, Dm7b5, Abmaj7, G/B.

   Common other ways to write are understood: Cmin, C-, CM7, Co7, C+, Csus.

   @return CN_CHORD_NONE if it is none.

   Thread: ANY
*/
CN_AUDIO int32_t
cn_chord_parse(const char* name);

/**
   Write a chord's name.

   @param[out] name CN_CHORD_NAME_SIZE bytes.

   Thread: ANY
*/
CN_AUDIO void
cn_chord_print(int32_t chord, char* name);

#endif // CN_CHORD_H
