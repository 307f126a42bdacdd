// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/metre_map.h"

#include "dsp/music/note.h"

#include <math.h>

/// [ticks] A place this little before a bar line is on it
#define ON_LINE 0.5

CN_AUDIO double
cn_metre_beat(const CnMetre* const metre)
{
  return 4.0 * CN_TICKS_PER_QUARTER / metre->beat_unit;
}

CN_AUDIO double
cn_metre_bar(const CnMetre* const metre)
{
  return metre->beats_per_bar * cn_metre_beat(metre);
}

CN_AUDIO void
cn_metre_write(const CnMetre* const metre, uint8_t* const numerator, uint8_t* const denominator)
{
  unsigned unit = 1;
  while (unit < 64 && 2 * unit <= metre->beat_unit) {
    unit *= 2;
  }
  double beats = metre->beats_per_bar * unit / metre->beat_unit;
  while (unit < 64 && fabs(beats - round(beats)) > 0.01) {
    unit *= 2;
    beats *= 2.0;
  }
  *numerator   = (uint8_t)fmin(fmax(round(beats), 1.0), 255.0);
  *denominator = (uint8_t)unit;
}

CN_AUDIO double
cn_metre_count(const CnMetre* const metre, const double tick)
{
  return floor((tick - metre->tick + ON_LINE) / cn_metre_bar(metre));
}

CN_AUDIO void
cn_metre_map_init(CnMetreMap* const map, const double beats_per_bar, const double beat_unit)
{
  map->n_metres  = 1;
  map->is_full   = false;
  map->metres[0] = (CnMetre){0, 0.0, beats_per_bar, beat_unit};
}

static CN_AUDIO uint32_t
find_bar(const CnMetreMap* const map, const int64_t bar)
{
  uint32_t low  = 0;
  uint32_t high = map->n_metres;
  while (high - low > 1) {
    const uint32_t middle = low + (high - low) / 2;
    if (map->metres[middle].bar > bar) {
      high = middle;
    } else {
      low = middle;
    }
  }
  return low;
}

CN_AUDIO const CnMetre*
cn_metre_map_of_bar(const CnMetreMap* const map, const int64_t bar)
{
  return &map->metres[find_bar(map, bar)];
}

CN_AUDIO const CnMetre*
cn_metre_map_at(const CnMetreMap* const map, const double tick)
{
  uint32_t low  = 0;
  uint32_t high = map->n_metres;
  while (high - low > 1) {
    const uint32_t middle = low + (high - low) / 2;
    if (map->metres[middle].tick > tick + ON_LINE) {
      high = middle;
    } else {
      low = middle;
    }
  }
  return &map->metres[low];
}

CN_AUDIO double
cn_metre_map_tick(const CnMetreMap* const map, const int64_t bar)
{
  const CnMetre* const metre = cn_metre_map_of_bar(map, bar);
  return metre->tick + (double)(bar - metre->bar) * cn_metre_bar(metre);
}

CN_AUDIO const CnMetre*
cn_metre_map_insert(CnMetreMap* const map, const CnMetre* const metre)
{
  uint32_t n = find_bar(map, metre->bar);
  if (metre->bar > map->metres[n].bar) {
    map->is_full |= n + 1 == CN_METRE_MAP_SIZE;
    n += n + 1 < CN_METRE_MAP_SIZE;
  }
  if (n == 0) {
    cn_metre_map_init(map, metre->beats_per_bar, metre->beat_unit);
  } else {
    map->metres[n] = *metre;
    map->n_metres  = n + 1;
  }
  return &map->metres[n];
}
