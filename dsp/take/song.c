// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/take/song.h"

#include <string.h>

/// Number of changes before a tick
static uint32_t
count_before(const CnSongMap* const map, const int32_t tick)
{
  uint32_t low  = 0;
  uint32_t high = map->n;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (map->changes[middle].tick < tick) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/// Put changes in the place of those from `first` to before `last`
static void
replace(CnSongMap* const map, const uint32_t first, const uint32_t last, const CnSongChange* const changes,
        const uint32_t n)
{
  if (map->n - (last - first) + n <= CN_SONG_CHANGES) { // Else it is as well remembered as can be
    memmove(map->changes + first + n, map->changes + last, (map->n - last) * sizeof(CnSongChange));
    memcpy(map->changes + first, changes, n * sizeof(CnSongChange));
    map->n += n - (last - first);
  }
}

void
cn_song_map_set(CnSongMap* const map, const int32_t from, const int32_t until, const uint32_t value)
{
  const uint32_t first = count_before(map, from);
  uint32_t       last  = count_before(map, until);
  CnSongChange   changes[2];
  uint32_t       n = 0;
  if (from >= until) {
    return;
  }
  map->end           = map->n ? map->end : until;
  const bool is_same = first > 0 && map->changes[first - 1].value == value;
  if (!is_same) {
    changes[n++] = (CnSongChange){from, value};
  }
  const bool has_next = last < map->n && map->changes[last].tick == until;
  if ((has_next || (last == 0 && map->n > 0)) && map->changes[last].value == value) {
    ++last; // It holds on
  } else if (!has_next && until < map->end && last > 0 && map->changes[last - 1].value != value) {
    changes[n++] = (CnSongChange){until, map->changes[last - 1].value};
  }
  replace(map, first, last, changes, n);
  map->end = until > map->end ? until : map->end;
}

void
cn_song_roll(CnSong* const song, const int32_t tick)
{
  if (!song->rolls || tick <= song->from) {
    return;
  }
  cn_song_map_set(&song->tempi, song->from, tick, song->tempo);
  cn_song_map_set(&song->metres, song->line, tick, song->metre);
  song->from = tick;
}

void
cn_song_tell(CnSong* const song, const CnCommand* const command)
{
  cn_song_roll(song, command->tick);
  song->rolls = true;
  song->from  = command->tick;
  song->line  = command->bar.start < command->tick ? command->bar.start : command->tick;
  song->tempo = command->microseconds;
  song->metre = command->numerator * 256U + command->denominator;
}

void
cn_song_halt(CnSong* const song, const int32_t tick)
{
  cn_song_roll(song, tick);
  song->rolls = false;
}

/// The place of a tick's segment
static uint32_t
slot_of(const int32_t tick)
{
  return cn_timeline_slot(cn_segment_at(tick));
}

/// Bit of a tick among those of its segment
static uint16_t
bit_of(const int32_t tick)
{
  return (uint16_t)(1U << (unsigned)(tick - cn_segment_at(tick) * CN_SEGMENT_TICKS));
}

void
cn_song_sound(CnSong* const song, const int32_t tick, const uint32_t ticks)
{
  for (int32_t i = 0; i < 32; ++i) {
    if (ticks >> (unsigned)i & 1U) {
      song->sounded[slot_of(tick + i)] |= bit_of(tick + i);
    }
  }
}

void
cn_song_forget(CnSong* const song, const int32_t segment)
{
  song->sounded[cn_timeline_slot(segment)] = 0;
}

bool
cn_song_has_sounded(const CnSong* const song, const int32_t tick)
{
  return song->sounded[slot_of(tick)] & bit_of(tick);
}
