// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file classes.h
   Sets of the twelve pitch classes, as bits: bit 0 is C.
*/

#ifndef CN_CLASSES_H
#define CN_CLASSES_H

#include <stdint.h>

#define CN_ALL_CLASSES 0xFFFU

/// A set, all of it so many semitones higher.  @return The set.  Thread: ANY
static inline uint16_t
cn_classes_turn(const unsigned classes, const unsigned semitones)
{
  const unsigned bits = classes << semitones % 12U;
  return (uint16_t)((bits | bits >> 12U) & CN_ALL_CLASSES);
}

/// How many there are in a set.  @return 0..12.  Thread: ANY
static inline unsigned
cn_classes_count(unsigned classes)
{
  unsigned n = 0;
  for (; classes; classes &= classes - 1) {
    ++n;
  }
  return n;
}

#endif // CN_CLASSES_H
