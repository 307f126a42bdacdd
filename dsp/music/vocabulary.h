// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file vocabulary.h
   Vocabulary 1: the classes that the network reads and predicts, four factors a note.

   Notes come by onset, and within a chord from low to high, so that a dt of 0 always goes with a
   higher pitch than the note before.
*/

#ifndef CN_VOCABULARY_H
#define CN_VOCABULARY_H

#include "dsp/base/attributes.h"
#include "dsp/music/note.h"

#include <stdbool.h>
#include <stddef.h>

#define CN_VOCABULARY_VERSION 1

#define CN_DT_LONG 96      ///< The class of 96 ticks or more
#define CN_N_DTS 97        ///< Ticks since the previous onset: 0..95, and CN_DT_LONG
#define CN_N_PITCHES 88    ///< Keys of a piano, from CN_PITCH_MIN
#define CN_N_DURATIONS 42  ///< See cn_duration_ticks()
#define CN_N_VELOCITIES 32 ///< Bins of 4
#define CN_MAX_CLASSES 97  ///< Of the largest factor

/// The factors of a note in the order in which they are predicted
typedef enum {
  CN_FACTOR_DT,
  CN_FACTOR_PITCH,
  CN_FACTOR_DURATION,
  CN_FACTOR_VELOCITY,
} CnFactor;

#define CN_N_FACTORS 4

/// A note in classes, indexed by CnFactor; the first note of a piece has no meaningful dt
typedef struct {
  uint8_t factor[CN_N_FACTORS];
} CnToken;

/// Number of classes of a factor.  Thread: ANY
CN_AUDIO size_t
cn_factor_classes(CnFactor factor);

/// A constant lower-case word: dt, pitch, duration, velocity.  Thread: ANY
const char*
cn_factor_name(CnFactor factor);

/// True if the note's pitch is a key of a piano, so that the vocabulary has it.  Thread: ANY
CN_AUDIO bool
cn_note_is_speakable(const CnNote* note);

/**
   Quantise a note.

   @param note A speakable note.
   @param previous Onset of the note before [ticks]; not after this one's.

   Thread: ANY
*/
CN_AUDIO CnToken
cn_note_token(const CnNote* note, int32_t previous);

/// Nearest duration class of a duration in [ticks]; the shorter one if two are as near.  Thread: ANY
CN_AUDIO uint8_t
cn_duration_class(int32_t ticks);

/// Duration of a class [ticks].  Thread: ANY
CN_AUDIO int32_t
cn_duration_ticks(uint8_t duration_class);

/// Velocity in the middle of a class, 2..126.  Thread: ANY
CN_AUDIO uint8_t
cn_velocity_of_class(uint8_t velocity_class);

#endif // CN_VOCABULARY_H
