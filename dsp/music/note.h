// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file note.h
   Notes and metre on the musical clock: the one type that every room shares.

   Musical time is counted in integer [ticks], CN_TICKS_PER_QUARTER of them a quarter note, from the
   start of the song (bar 1, beat 1 is tick 0; a pre-roll is negative).
*/

#ifndef CN_NOTE_H
#define CN_NOTE_H

#include <stdint.h>

#define CN_TICKS_PER_QUARTER 24
#define CN_TICK_LIMIT (1 << 28) ///< [ticks] No song is longer: 130 hours at 1440 quarters a minute
#define CN_FREE_TICK          \
  (CN_TICKS_PER_QUARTER * 4 * \
   1000000) ///< [ticks] where time without a host starts: a bar line, far from where any song lies

#define CN_PITCH_MIN 21  ///< A0, the lowest key of a piano, as a MIDI note number
#define CN_PITCH_MAX 108 ///< C8, the highest

/// Whose note it is
typedef enum {
  CN_PART_MUSICIAN, ///< Played by the musician (or read from a file)
  CN_PART_CONTINUO, ///< Played by the model
} CnPart;

/// Where an onset lies in its bar
typedef struct {
  uint16_t offset; ///< [ticks] since the bar line
  uint16_t length; ///< [ticks] of the whole bar; never 0
} CnBarPlace;

/// One note; 16 bytes, no padding, so that notes can be compared and hashed as memory
typedef struct {
  int32_t    onset;    ///< [ticks]
  int32_t    duration; ///< [ticks], at least 1
  CnBarPlace bar;      ///< Place of the onset in its bar
  uint8_t    pitch;    ///< MIDI note number
  uint8_t    velocity; ///< 1..127
  uint8_t    channel;  ///< MIDI channel, 0..15
  uint8_t    part;     ///< CnPart
} CnNote;

/// Metre around some position: one bar line and the length of the bars after it
typedef struct {
  int32_t  start;  ///< [ticks] of a bar line
  uint16_t length; ///< [ticks] of a bar; never 0
} CnBar;

/// Place of `tick` in the bars of `bar`, which may start after it.  Thread: ANY
static inline CnBarPlace
cn_bar_place(const CnBar bar, const int32_t tick)
{
  const int64_t length = bar.length;
  const int64_t offset = (((int64_t)tick - bar.start) % length + length) % length;
  return (CnBarPlace){(uint16_t)offset, bar.length};
}

/// The integer at or below a / b, where b is above 0.  Thread: ANY
static inline int64_t
cn_divide_down(const int64_t a, const int64_t b)
{
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

/// [ticks] of a beat in bars of some length [ticks]: a quarter, or an eighth where quarters do not fill them.
/// Thread: ANY
static inline int32_t
cn_bar_beat(const int32_t length)
{
  return length % CN_TICKS_PER_QUARTER ? CN_TICKS_PER_QUARTER / 2 : CN_TICKS_PER_QUARTER;
}

/// [ticks] for which a note sounds between two places [ticks].  Thread: ANY
static inline int32_t
cn_note_overlap(const CnNote* const note, const int32_t from, const int32_t until)
{
  const int32_t start = note->onset > from ? note->onset : from;
  const int32_t over  = note->onset + note->duration;
  const int32_t end   = over < until ? over : until;
  return end > start ? end - start : 0;
}

#endif // CN_NOTE_H
