// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file song.h
   What is told of a song while it rolls: its tempi and metres, and what of the take has sounded.

   Only what the transport has rolled over is known, and what it rolls over again is told anew.  Of each
   segment it is known at which of its ticks notes have sounded since it was composed.
*/

#ifndef CN_SONG_H
#define CN_SONG_H

#include "dsp/part/timeline.h"
#include "dsp/take/command.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_SONG_CHANGES 4096                           ///< Most changes that a map keeps
#define CN_SOUNDED_ALL ((1U << CN_SEGMENT_TICKS) - 1U) ///< All ticks of a segment, as bits

/// A value that holds from some tick on
typedef struct {
  int32_t  tick; ///< [ticks]
  uint32_t value;
} CnSongChange;

/// A value at each place of a song; all zero is empty
typedef struct {
  uint32_t     n;
  int32_t      end;                      ///< [ticks] up to which it is known
  CnSongChange changes[CN_SONG_CHANGES]; ///< By tick
} CnSongMap;

/// All zero is a song of which nothing is known
typedef struct {
  CnSongMap tempi;  ///< [microseconds a quarter]
  CnSongMap metres; ///< numerator * 256 + denominator; each from a bar line on
  bool      rolls;
  int32_t   from;  ///< [ticks] up to where the transport has rolled
  int32_t   line;  ///< [ticks] of the bar line where the metre begins
  uint32_t  tempo; ///< That is told for `from`
  uint32_t  metre;
  uint16_t  sounded[CN_TIMELINE_SLOTS]; ///< Ticks of each slot's segment at which something did, as bits
} CnSong;

/// Let a value hold from one tick to before another; what is known beyond stands.  Thread: ENGINE
void
cn_song_map_set(CnSongMap* map, int32_t from, int32_t until, uint32_t value);

/// Take in a #CN_COMMAND_SONG: from here on it rolls so.  Thread: ENGINE
void
cn_song_tell(CnSong* song, const CnCommand* command);

/// The transport has rolled up to a tick, if it rolls at all.  Thread: ENGINE
void
cn_song_roll(CnSong* song, int32_t tick);

/// The transport has rolled up to a tick, and rolls no more from there.  Thread: ENGINE
void
cn_song_halt(CnSong* song, int32_t tick);

/// Notes have begun to sound at ticks, as bits, the lowest of which is `tick` [ticks].  Thread: ENGINE
void
cn_song_sound(CnSong* song, int32_t tick, uint32_t ticks);

/// A segment is composed anew.  Thread: ENGINE
void
cn_song_forget(CnSong* song, int32_t segment);

/// True if notes have sounded at a tick since what is there was composed.  Thread: ENGINE
bool
cn_song_has_sounded(const CnSong* song, int32_t tick);

#endif // CN_SONG_H
