// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file scale.h
   Scales, and the key that music is in.

   A scale's number and its root (C as 0) name the pitch classes that it has.  Two scales are none by
   themselves: they follow what the musician plays.
*/

#ifndef CN_SCALE_H
#define CN_SCALE_H

#include "dsp/music/note.h"

#include <stdint.h>

/// Scales; files of sessions and presets know their numbers
typedef enum {
  CN_SCALE_OFF,              ///< All twelve
  CN_SCALE_MAJOR,            ///<
  CN_SCALE_MINOR,            ///< Natural
  CN_SCALE_HARMONIC_MINOR,   ///<
  CN_SCALE_MELODIC_MINOR,    ///< Upwards
  CN_SCALE_DORIAN,           ///<
  CN_SCALE_PHRYGIAN,         ///<
  CN_SCALE_LYDIAN,           ///<
  CN_SCALE_MIXOLYDIAN,       ///<
  CN_SCALE_LOCRIAN,          ///<
  CN_SCALE_MAJOR_PENTATONIC, ///<
  CN_SCALE_MINOR_PENTATONIC, ///<
  CN_SCALE_BLUES,            ///< Minor pentatonic and the tritone
  CN_SCALE_MAJOR_BLUES,      ///< Major pentatonic and the minor third
  CN_SCALE_WHOLE_TONE,       ///<
  CN_SCALE_OCTATONIC_HALF,   ///< Half tone first
  CN_SCALE_OCTATONIC_WHOLE,  ///< Whole tone first
  CN_SCALE_PLAYED,           ///< Of the key of what the musician plays, root or not
  CN_SCALE_HELD,             ///< Of the keys that he last held together, CN_HELD_CLASSES or more, root or not
} CnScale;

#define CN_N_SCALES 19
#define CN_HELD_CLASSES 5 ///< So many keys held together are a scale

#define CN_KEY_NONE (-1)
#define CN_N_KEYS 24 ///< 12 roots, each major and minor; a key's number is root + 12 if minor

/// A constant lower-case word for a scale: off, major, harmonic-minor.  Thread: ANY
const char*
cn_scale_name(CnScale scale);

/// Scale of that name, -1 if it is none.  Thread: ANY
int
cn_scale_parse(const char* name);

/**
   Pitch classes of a scale as bits, bit 0 for C.

   @param scale Anything; what is no scale is #CN_SCALE_OFF.
   @param root 0..11.
   @param notes (n_notes) by onset, of which a scale that follows the musician reads his.

   @return All bits, too, where such a scale finds nothing.

   Thread: ENGINE
*/
uint16_t
cn_scale_classes(unsigned scale, unsigned root, const CnNote* notes, uint32_t n_notes);

/**
   The key that fits best how much each pitch class sounds: Krumhansl, "Cognitive Foundations of Musical
   Pitch" (1990), chapter 4, by correlation with the profiles of Krumhansl and Kessler.

   @param chroma (12), not negative.
   @param[out] fit The correlation, 0 if there is no key; may be null.
   @return A key, or #CN_KEY_NONE if all sound alike.

   Thread: ANY
*/
int
cn_key_estimate(const double chroma[12], double* fit);

/**
   The key of the musician's latest notes, as cn_key_estimate() has it; a note counts half as much as one
   that is 32 quarters later.

   @param notes (n_notes) by onset.
   @return #CN_KEY_NONE if they are fewer than 8.

   Thread: ENGINE
*/
int
cn_key_of_notes(const CnNote* notes, uint32_t n_notes);

#endif // CN_SCALE_H
