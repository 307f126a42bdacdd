// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file clock.h
   The musical clock: frames of the audio stream to ticks of the song, and back.

   The clock holds an anchor, a frame whose tick is known, and a slope.  Between two positions of the
   host it extrapolates; a position that says what was expected, give or take the host's rounding
   (barBeat comes in 1/1920 beats), does not move it but by a fraction that averages the rounding out.

   Ticks come from the number of the bar and the beat in it.  As bars differ in length, the clock
   keeps a map of the metres that it has been told and of the bars where they begin: a song with a
   change of metre keeps one unbroken row of ticks, and a locate across the change finds the same
   ticks again.  A bar beyond a change that was never played is counted in the metre known before it.
   Where all beats that the host tells are multiples of some coarse part of a beat, it is taken to round
   them, and its frames, or else its tempo, are believed as long as the rounding allows for it.

   A host that tells no bars is followed by its beats, and one that tells no beats by its frames, at
   the present tempo.

   Until a position is told the clock stands, or runs freely in 4/4 at CN_FREE_BPM if it is let
   (cn_clock_run_free), far from where any song lies.
*/

#ifndef CN_CLOCK_H
#define CN_CLOCK_H

#include "dsp/base/attributes.h"
#include "dsp/music/metre_map.h"
#include "dsp/music/note.h"
#include "dsp/play/position.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_FREE_BPM_MIN 20.0F
#define CN_FREE_BPM_MAX 400.0F
#define CN_FREE_BPM 120.0 ///< [quarters a minute] until a host tells its own tempo

/// What a position changed
typedef enum {
  CN_CLOCK_STARTED = 1 << 0, ///< The transport stood, and rolls
  CN_CLOCK_STOPPED = 1 << 1, ///< The transport rolled, and stands
  CN_CLOCK_LOCATED = 1 << 2, ///< The playhead is elsewhere than expected
} CnClockChange;

/// The clock; all members are its own
typedef struct {
  double     rate;       ///< [frames a second]
  bool       told;       ///< The host has told a position
  bool       has_bpm;    ///< The host has told a tempo
  int64_t    frame;      ///< [frames] of the stream: the anchor
  double     tick;       ///< [ticks] at the anchor
  double     bpm;        ///< As the host tells it
  double     beat_unit;  ///< As the host tells it
  double     speed;      ///< 0: the transport stands
  double     slope;      ///< [ticks a frame]; 0 while the transport stands
  bool       quarters;   ///< The host's bpm counts quarters, whatever the unit of its beats
  bool       ramping;    ///< The tempo changed at the anchor
  unsigned   grid;       ///< All beats told are multiples of 1 / grid of a beat; 0: of nothing as coarse
  double     settled;    ///< [frames] over which positions have agreed
  double     rough;      ///< [ticks] by which positions that agreed were off, at most
  double     doubt;      ///< [ticks] by which the anchor may be off
  int64_t    sure_frame; ///< [frames] of the stream since which nothing was unexpected
  double     sure_tick;  ///< [ticks] there
  bool       has_song_frame;
  int64_t    song_frame; ///< [frames] of the song, as the host told it, at the anchor
  CnMetre    metre;      ///< That was told last
  CnMetreMap map;
} CnClock;

/// Set a clock to stand at tick 0; `rate` in [frames a second].  Thread: ANY
CN_AUDIO void
cn_clock_init(CnClock* clock, double rate);

/// Run freely from CN_FREE_TICK at `frame`, until a position is told.  Thread: AUDIO
CN_AUDIO void
cn_clock_run_free(CnClock* clock, int64_t frame);

/// Set the tempo [quarters a minute] that holds from `frame` on, until a position is told.  Thread: AUDIO
CN_AUDIO void
cn_clock_set_free_tempo(CnClock* clock, int64_t frame, double bpm);

/**
   Tell a position that holds from `frame` of the stream on.

   @return The CnClockChange bits of what it changed; 0 if it is as was expected.

   Thread: AUDIO
*/
CN_AUDIO unsigned
cn_clock_tell(CnClock* clock, int64_t frame, const CnPosition* position);

/// True if time passes.  Thread: AUDIO
CN_AUDIO bool
cn_clock_is_rolling(const CnClock* clock);

/// True if no position was told, and it does not run freely yet: that is to begin with the first note.
/// Thread: AUDIO
CN_AUDIO bool
cn_clock_waits(const CnClock* clock);

/// [ticks] at a frame of the stream, by the anchor and slope of now.  Thread: AUDIO
CN_AUDIO double
cn_clock_tick(const CnClock* clock, int64_t frame);

/// First [frames] of the stream at or after a place [ticks] between two; INT64_MAX while the transport
/// stands. Thread: AUDIO
CN_AUDIO int64_t
cn_clock_frame_at(const CnClock* clock, double place);

/// First [frames] of the stream at or after a tick; INT64_MAX while the transport stands.  Thread: AUDIO
CN_AUDIO int64_t
cn_clock_frame(const CnClock* clock, int32_t tick);

/// [frames] by which the host's rounding may make a tick due too early.  Thread: AUDIO
CN_AUDIO uint32_t
cn_clock_doubt(const CnClock* clock);

/// The last bar line at or before `tick`, and the length of its bar, as if the metre that was told last
/// held there: what the map knows of later metres would not be known when played first.  Thread: AUDIO
CN_AUDIO CnBar
cn_clock_bar(const CnClock* clock, int32_t tick);

/// Number of that bar, from 0 where the song begins, or free running.  Thread: AUDIO
CN_AUDIO int32_t
cn_clock_bar_number(const CnClock* clock, int32_t tick);

/// [quarters a minute] now.  Thread: AUDIO
CN_AUDIO double
cn_clock_tempo(const CnClock* clock);

#endif // CN_CLOCK_H
