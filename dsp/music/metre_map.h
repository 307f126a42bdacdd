// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file metre_map.h
   The metres of a song, and the bars where they begin, as far as a host has told them.

   By it a bar's number leads to one tick, wherever metres change, and the row of ticks is unbroken.
*/

#ifndef CN_METRE_MAP_H
#define CN_METRE_MAP_H

#include "dsp/base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_METRE_MAP_SIZE 4096 ///< Most changes of metre that are remembered; of more, the last stands

/// A metre, and the bar line from which it holds
typedef struct {
  int64_t bar;           ///< Number of the bar, from 0
  double  tick;          ///< [ticks] of its bar line
  double  beats_per_bar; ///< [beats]
  double  beat_unit;     ///< 4: a beat is a quarter note
} CnMetre;

/// The map; never empty
typedef struct {
  uint32_t n_metres;
  bool     is_full;                   ///< A change found no room, and stands in the place of the one before
  CnMetre  metres[CN_METRE_MAP_SIZE]; ///< By bar
} CnMetreMap;

/// [ticks] of a beat.  Thread: ANY
CN_AUDIO double
cn_metre_beat(const CnMetre* metre);

/// [ticks] of a bar.  Thread: ANY
CN_AUDIO double
cn_metre_bar(const CnMetre* metre);

/// The metre as it is written: `numerator` 1..255, `denominator` 1, 2, 4 .. 64.  Thread: ANY
CN_AUDIO void
cn_metre_write(const CnMetre* metre, uint8_t* numerator, uint8_t* denominator);

/// Number of the bar line at or before `tick`, counted from where the metre begins.  Thread: ANY
CN_AUDIO double
cn_metre_count(const CnMetre* metre, double tick);

/// Let a song have one metre, from bar 0 at tick 0 on.  Thread: AUDIO
CN_AUDIO void
cn_metre_map_init(CnMetreMap* map, double beats_per_bar, double beat_unit);

/// The metre of a bar.  Thread: AUDIO
CN_AUDIO const CnMetre*
cn_metre_map_of_bar(const CnMetreMap* map, int64_t bar);

/// The metre at a place [ticks].  Thread: AUDIO
CN_AUDIO const CnMetre*
cn_metre_map_at(const CnMetreMap* map, double tick);

/// [ticks] of a bar line.  Thread: AUDIO
CN_AUDIO double
cn_metre_map_tick(const CnMetreMap* map, int64_t bar);

/**
   Let a metre begin at its bar, the song's first at bar 0; what was known beyond is forgotten.

   @return The metre as it stands in the map.

   Thread: AUDIO
*/
CN_AUDIO const CnMetre*
cn_metre_map_insert(CnMetreMap* map, const CnMetre* metre);

#endif // CN_METRE_MAP_H
