// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file following.h
   What is known of the music that follows: where it begins, and what its first two bars are like.

   A pure function of the notes of those bars, in whole numbers, so that it is the same on every machine.  A
   network is trained to go towards what its pieces go on with, and leads into what the musician has kept.
*/

#ifndef CN_FOLLOWING_H
#define CN_FOLLOWING_H

#include "dsp/music/note.h"
#include "dsp/music/texture.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_FOLLOWING_BARS 2  ///< That are looked at
#define CN_FOLLOWING_AHEAD 8 ///< [bars] How far off they are looked for

#define CN_FOLLOWING_STROKES 96 ///< Of more, the last ones are passed over

/// A key that is struck at a place of the bar
typedef struct {
  uint8_t place; ///< As those of a figure
  uint8_t key;
} CnStroke;

/// What follows; no padding, so that it hashes as memory
typedef struct {
  int32_t   line;    ///< [ticks] Where it begins, a bar line
  uint16_t  harmony; ///< Pitch classes that are struck within a beat of its first onset, as bits
  uint16_t  scale;   ///< Those of all of it
  uint8_t   bass;    ///< Lowest key within that beat
  uint8_t   top;     ///< Highest key of the first onset
  CnTexture texture; ///< How it is made
  CnFigure  figure;  ///< Where in its bars its hands strike
  uint16_t  n_strokes;
  CnStroke  stroke[CN_FOLLOWING_STROKES]; ///< Where in its bars keys are struck, in one of them at least
} CnFollowing;

/// [ticks] where the bars end that are looked at, `length` [ticks] each.  Thread: ANY
static inline int32_t
cn_following_until(const int32_t line, const uint16_t length)
{
  return line + CN_FOLLOWING_BARS * length;
}

/**
   Measure what follows.

   @param notes (n) by onset, then pitch; those before the line or beyond its bars, and those that no piano
   has, are passed over.
   @param line [ticks] a bar line.
   @param length [ticks] of the bars from there on.
   @param[out] following Set if there is a note.
   @return Whether there is.

   Thread: ANY
*/
bool
cn_following_measure(const CnNote* notes, uint32_t n, int32_t line, uint16_t length, CnFollowing* following);

#endif // CN_FOLLOWING_H
