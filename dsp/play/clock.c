// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/play/clock.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/// [quarters] Positions this near to what was expected are rounding: hosts' 1/1920 beats, as a float
#define TOLERANCE 0.001

/// [seconds] Over which the offsets of positions within TOLERANCE are averaged
#define SMOOTHING 10.0

/// [deviations of a mean] Further off than this it hardly is, where what it is of lies anywhere up to 1 off
#define CERTAIN 2.0

/// [steps] A beat this near to a step of a grid is on it: hosts tell beats as floats
#define ON_GRID 0.002

/// [ticks] A position further off than this is a locate, unless the song's frames say otherwise
#define LEAP 1.0

/// [ticks] A position further off than this is a locate whatever the frames say
#define FAR_LEAP 24.0

/// [seconds] Offset of the song's frames that is no locate
#define FRAME_SLACK 0.002

/// [frames] A tick that is due this little after a frame is due at it
#define EARLY 0.01

/// [frames] Less is no doubt, but what comes of whole frames
#define LEAST_DOUBT 2.0

/// [frames] More is made nothing of
#define MAX_DOUBT 1000.0

/// [frames] Up to here a double holds each
#define MAX_FRAME 9007199254740992.0

/// [beats], or [bars]: no song is longer
#define MAX_BEAT 1e8

static bool
has(const CnPosition* const position, const unsigned parts)
{
  return (position->parts & parts) == parts;
}

static double
clamp(const double value, const double low, const double high)
{
  return value < low ? low : value > high ? high : value;
}

// What is told

/// Drop the parts of a position that no song can have
static CnPosition
sift(const CnPosition* const position)
{
  CnPosition     sane    = *position;
  const unsigned wrong[] = {
      fabs((double)position->frame) <= MAX_FRAME ? 0 : CN_POSITION_FRAME,
      isfinite(position->speed) ? 0 : CN_POSITION_SPEED,
      fabs((double)position->bar) <= MAX_BEAT ? 0 : CN_POSITION_BAR,
      fabs(position->bar_beat) <= MAX_BEAT ? 0 : CN_POSITION_BAR_BEAT,
      fabs(position->beat) <= MAX_BEAT ? 0 : CN_POSITION_BEAT,
      position->beat_unit >= 1.0 && position->beat_unit <= 128.0 ? 0 : CN_POSITION_BEAT_UNIT,
      position->beats_per_bar >= 0.25 && position->beats_per_bar <= 128.0 ? 0 : CN_POSITION_BEATS_PER_BAR,
      position->bpm >= 1.0 && position->bpm <= 4000.0 ? 0 : CN_POSITION_BPM,
  };
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); ++i) {
    sane.parts &= ~wrong[i];
  }
  return sane;
}

/// Read the metre, if told, into the map; `now` is the expected [ticks].  Returns the one that holds
static CnMetre
read_metre(CnClock* const clock, const CnPosition* const position, const double now)
{
  const bool           has_bar = has(position, CN_POSITION_BAR);
  const CnMetre* const known =
      has_bar ? cn_metre_map_of_bar(&clock->map, position->bar) : cn_metre_map_at(&clock->map, now);
  CnMetre metre = *known;
  if (has(position, CN_POSITION_BEAT_UNIT)) {
    metre.beat_unit = position->beat_unit;
  }
  if (has(position, CN_POSITION_BEATS_PER_BAR)) {
    metre.beats_per_bar = position->beats_per_bar;
  }
  if (metre.beat_unit == known->beat_unit && metre.beats_per_bar == known->beats_per_bar) {
    return metre;
  }
  if (!clock->told) {
    metre.bar = 0;
  } else if (has_bar) {
    metre.tick = cn_metre_map_tick(&clock->map, position->bar);
    metre.bar  = position->bar;
  } else {
    metre.tick = has(position, CN_POSITION_BAR_BEAT) ? now - position->bar_beat * cn_metre_beat(&metre) : now;
    metre.bar  = known->bar + (int64_t)cn_metre_count(known, now);
  }
  return *cn_metre_map_insert(&clock->map, &metre);
}

// Tempo

/// [ticks a frame] at full speed
static double
full_slope(const CnClock* const clock, const double bpm, const double beat_unit, const bool quarters)
{
  return 4.0 * CN_TICKS_PER_QUARTER / (quarters ? 4.0 : beat_unit) * bpm / (60.0 * clock->rate);
}

/// [beats a minute], where a beat is `beat_unit`; a tempo of our own is as fast in quarters
static double
read_bpm(const CnClock* const clock, const CnPosition* const position, const double beat_unit)
{
  return has(position, CN_POSITION_BPM) ? position->bpm
         : clock->has_bpm               ? clock->bpm
                                        : clock->bpm * beat_unit / clock->beat_unit;
}

/// [ticks a frame] at the speed and tempo of now
static double
present_slope(const CnClock* const clock)
{
  return clock->speed * full_slope(clock, clock->bpm, clock->beat_unit, clock->quarters);
}

/// Read tempo and speed, where a beat is `beat_unit`
static void
read_tempo(CnClock* const clock, const CnPosition* const position, const double beat_unit)
{
  const double quarters = clock->bpm / clock->beat_unit;
  clock->bpm            = read_bpm(clock, position, beat_unit);
  clock->has_bpm |= has(position, CN_POSITION_BPM);
  clock->beat_unit = beat_unit;
  if (has(position, CN_POSITION_SPEED)) {
    clock->speed = clamp(position->speed, 0.0, 16.0); // Backwards is as good as standing
  }
  clock->slope   = present_slope(clock);
  clock->ramping = clock->bpm / clock->beat_unit != quarters;
}

// Place

/// [frames] of the song at a frame of the stream, as expected
static double
expect_song_frame(const CnClock* const clock, const int64_t frame)
{
  return (double)clock->song_frame + (double)(frame - clock->frame) * clock->speed;
}

/// [frames] by which the song's frame is not the expected one; infinite if nothing is known
static double
song_frame_offset(const CnClock* const clock, const int64_t frame, const CnPosition* const position)
{
  return has(position, CN_POSITION_FRAME) && clock->has_song_frame
             ? (double)position->frame - expect_song_frame(clock, frame)
             : INFINITY;
}

/**
   [beats] since the bar line.

   Ardour 7 counts the part of a beat in quarters, whatever the unit of the beat: of the readings,
   the host's own holds unless another is what was `expected`, within `slack`.
*/
static double
read_bar_beat(const double bar_beat, const double beat_unit, const double expected, const double slack)
{
  for (int i = 0; i < 2; ++i) {
    const double whole = floor(bar_beat) - i;
    const double part  = (bar_beat - whole) * beat_unit / 4.0;
    if (part < 1.0 && fabs(whole + part - expected) < fmin(slack, fabs(bar_beat - expected))) {
      return whole + part;
    }
  }
  return bar_beat;
}

/// [ticks] for `frame` by the song's frame alone, at the present tempo
static double
read_song_frame(const CnClock* const clock, const int64_t frame, const CnPosition* const position,
                const double now)
{
  const double offset = song_frame_offset(clock, frame, position);
  return isfinite(offset) ? now + offset * full_slope(clock, clock->bpm, clock->beat_unit, clock->quarters)
                          : now;
}

/// [ticks] that the host tells for `frame`, where `now` is expected
static double
read_place(const CnClock* const clock, const int64_t frame, const CnPosition* const position,
           const double now)
{
  const CnMetre* const metre = cn_metre_map_at(&clock->map, now);
  if (has(position, CN_POSITION_BAR | CN_POSITION_BAR_BEAT)) {
    const CnMetre* const there = cn_metre_map_of_bar(&clock->map, position->bar);
    const double         line  = cn_metre_map_tick(&clock->map, position->bar);
    const double         beat  = cn_metre_beat(there);
    return line +
           beat * read_bar_beat(position->bar_beat, there->beat_unit, (now - line) / beat, LEAP / beat);
  }
  if (has(position, CN_POSITION_BEAT)) {
    return position->beat * cn_metre_beat(metre);
  }
  if (has(position, CN_POSITION_BAR_BEAT)) { // In the nearest bar
    const double in_bar = metre->tick + position->bar_beat * cn_metre_beat(metre);
    const double length = cn_metre_bar(metre);
    return in_bar + round((now - in_bar) / length) * length;
  }
  return read_song_frame(clock, frame, position, now);
}

static bool
is_near(const double a, const double b)
{
  return fabs(a - b) <= TOLERANCE * CN_TICKS_PER_QUARTER;
}

/**
   [ticks] expected at `frame` if the host's bpm counts quarters where it was thought to count beats, or
   the other way round.

   Reckoned from the last place that is known for certain: where Ardour 7 counts both tempo and parts of
   a beat in quarters, it takes a whole beat to find out.
*/
static double
expect_otherwise(const CnClock* const clock, const int64_t frame)
{
  const double slope = clock->speed * full_slope(clock, clock->bpm, clock->beat_unit, !clock->quarters);
  return clock->sure_tick + (double)(frame - clock->sure_frame) * slope;
}

/// [ticks] expected at `frame`, where the host tells `told`: on second thoughts about the tempo
static double
reconsider(CnClock* const clock, const int64_t frame, const CnPosition* const position,
           const double beat_unit, const double told)
{
  const double n = (double)(frame - clock->frame);
  const double next =
      clock->speed * full_slope(clock, read_bpm(clock, position, beat_unit), beat_unit, clock->quarters);
  const double steady = clock->tick + n * clock->slope;
  const double ramped = clock->tick + n * 0.5 * (clock->slope + next);
  const double other  = expect_otherwise(clock, frame);
  if (is_near(steady, told)) {
    return clock->ramping && is_near(ramped, told) ? ramped : steady;
  }
  if (clock->beat_unit != 4.0 && fabs(other - told) < fmin(LEAP, 0.25 * fabs(steady - told))) {
    clock->quarters = !clock->quarters;
    return other;
  }
  return fabs(ramped - told) < fabs(steady - told) ? ramped : steady;
}

// Rounded beats

/// Learn from a position how coarse the host's beats are
static void
learn_grid(CnClock* const clock, const CnPosition* const position)
{
  static const unsigned grids[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 96};
  const unsigned        known   = clock->grid;
  if (!(position->parts & (CN_POSITION_BAR_BEAT | CN_POSITION_BEAT)) || known == 0) {
    return;
  }
  const double beat = has(position, CN_POSITION_BAR_BEAT) ? position->bar_beat : position->beat;
  clock->grid       = 0;
  for (size_t i = 0; i < sizeof(grids) / sizeof(grids[0]) && clock->grid == 0; ++i) {
    const double steps = beat * grids[i];
    if (grids[i] % known == 0 && fabs(steps - round(steps)) < ON_GRID) {
      clock->grid = grids[i];
    }
  }
}

/// True if the host tells a rounded beat, `told`, of the place that was `expected`, and nothing speaks
/// against it
static bool
is_rounded(const CnClock* const clock, const int64_t frame, const CnPosition* const position,
           const double told, const double expected)
{
  if (clock->grid == 0 || !clock->told || !cn_clock_is_rolling(clock)) {
    return false;
  }
  const double step       = cn_metre_beat(cn_metre_map_at(&clock->map, expected)) / clock->grid;
  const bool   continuous = !has(position, CN_POSITION_FRAME) ||
                          fabs(song_frame_offset(clock, frame, position)) <= FRAME_SLACK * clock->rate;
  const bool is_dense =
      expected - clock->tick <= 2.0 * fmax(step, LEAP); // Else it tells changes, and they are exact
  return continuous && is_dense && fabs(told - expected) < step;
}

static bool
is_locate(const CnClock* const clock, const int64_t frame, const CnPosition* const position,
          const double offset)
{
  const bool continuous = fabs(song_frame_offset(clock, frame, position)) <= FRAME_SLACK * clock->rate;
  return !clock->told || fabs(offset) > (continuous ? FAR_LEAP : LEAP);
}

/// [ticks] of the new anchor, where the host tells `told` and `expected` was expected
static double
settle(CnClock* const clock, const int64_t frame, const double told, const double expected)
{
  if (!is_near(told, expected)) {
    clock->settled = 0.0;
    return told;
  }
  const double n     = (double)(frame - clock->frame);
  clock->settled     = fmin(clock->settled + n, SMOOTHING * clock->rate);
  clock->rough       = fmax(clock->rough, fabs(told - expected));
  const double share = n / fmax(clock->settled + n, 1.0);
  clock->doubt       = clock->rough * fmin(CERTAIN * sqrt(share), 1.0); // As of a mean of 1 / share positions
  return expected + (told - expected) * share;
}

/// True if the host tells a whole beat: that is exact, as rounding leaves it alone
static bool
is_whole_beat(const CnPosition* const position)
{
  const double beat = has(position, CN_POSITION_BAR_BEAT) ? position->bar_beat : position->beat;
  return (position->parts & (CN_POSITION_BAR_BEAT | CN_POSITION_BEAT)) && beat == floor(beat);
}

/// [ticks] of the new anchor after a locate: frames are exact, where beats agree with them
static double
relocate(CnClock* const clock, const int64_t frame, const CnPosition* const position, const double told,
         const double now)
{
  const double exact = read_song_frame(clock, frame, position, now);
  if (clock->told && is_near(exact, told)) {
    return exact;
  }
  clock->doubt   = clock->rough;
  clock->settled = is_whole_beat(position) ? SMOOTHING * clock->rate : 0.0;
  return told;
}

/// Set the anchor to `frame`, of which all is known but the tempo from there on
static void
set_anchor(CnClock* const clock, const int64_t frame, const double tick, const CnPosition* const position)
{
  const double song_frame =
      has(position, CN_POSITION_FRAME) ? (double)position->frame : expect_song_frame(clock, frame);
  clock->song_frame = (int64_t)clamp(round(song_frame), -MAX_FRAME, MAX_FRAME);
  clock->has_song_frame |= has(position, CN_POSITION_FRAME);
  clock->frame = frame;
  clock->tick  = tick;
  clock->told  = true;
}

/// Follow the host; true if it is elsewhere than expected
static bool
follow(CnClock* const clock, const int64_t frame, const CnPosition* const position)
{
  const double  slope    = clock->slope;
  const double  now      = cn_clock_tick(clock, frame);
  const CnMetre metre    = read_metre(clock, position, now);
  const double  place    = clamp(read_place(clock, frame, position, now), -CN_TICK_LIMIT, CN_TICK_LIMIT);
  const double  expected = reconsider(clock, frame, position, metre.beat_unit, place);
  learn_grid(clock, position);
  const double told    = is_rounded(clock, frame, position, place, expected) ? expected : place;
  const bool   located = is_locate(clock, frame, position, told - expected);
  const double tick =
      located ? relocate(clock, frame, position, told, now) : settle(clock, frame, told, expected);

  set_anchor(clock, frame, tick, position);
  read_tempo(clock, position, metre.beat_unit);
  clock->metre = metre;
  if (located || clock->settled == 0.0 || clock->slope != slope) {
    clock->sure_frame = frame;
    clock->sure_tick  = tick;
  }
  return located;
}

// Public

CN_AUDIO void
cn_clock_init(CnClock* const clock, const double rate)
{
  memset(clock, 0, sizeof(*clock));
  clock->rate      = rate;
  clock->bpm       = CN_FREE_BPM;
  clock->beat_unit = 4.0;
  clock->grid      = 1;
  cn_metre_map_init(&clock->map, 4.0, 4.0);
  clock->metre = clock->map.metres[0];
}

CN_AUDIO void
cn_clock_run_free(CnClock* const clock, const int64_t frame)
{
  clock->frame = frame;
  clock->tick  = CN_FREE_TICK;
  clock->speed = 1.0;
  clock->slope = present_slope(clock);
}

CN_AUDIO void
cn_clock_set_free_tempo(CnClock* const clock, const int64_t frame, const double bpm)
{
  const double beats = bpm * clock->beat_unit / 4.0; // A minute
  if (clock->has_bpm || beats == clock->bpm) {
    return;
  }
  clock->song_frame = (int64_t)llround(expect_song_frame(clock, frame));
  clock->tick       = cn_clock_tick(clock, frame);
  clock->frame      = frame;
  clock->bpm        = beats;
  clock->slope      = present_slope(clock);
}

CN_AUDIO unsigned
cn_clock_tell(CnClock* const clock, const int64_t frame, const CnPosition* const position)
{
  const CnPosition sane    = sift(position);
  const bool       rolled  = cn_clock_is_rolling(clock);
  const bool       located = follow(clock, frame, &sane);
  const bool       rolls   = cn_clock_is_rolling(clock);
  return (located ? (unsigned)CN_CLOCK_LOCATED : 0U) | (rolls && !rolled ? (unsigned)CN_CLOCK_STARTED : 0U) |
         (rolled && !rolls ? (unsigned)CN_CLOCK_STOPPED : 0U);
}

CN_AUDIO bool
cn_clock_is_rolling(const CnClock* const clock)
{
  return clock->speed > 0.0;
}

CN_AUDIO bool
cn_clock_waits(const CnClock* const clock)
{
  return !clock->told && !cn_clock_is_rolling(clock);
}

CN_AUDIO double
cn_clock_tick(const CnClock* const clock, const int64_t frame)
{
  return clamp(clock->tick + (double)(frame - clock->frame) * clock->slope, -CN_TICK_LIMIT, CN_TICK_LIMIT);
}

CN_AUDIO int64_t
cn_clock_frame_at(const CnClock* const clock, const double place)
{
  if (!cn_clock_is_rolling(clock)) {
    return INT64_MAX;
  }
  const double frames = (place - clock->tick) / clock->slope;
  return fabs(frames) < MAX_FRAME ? clock->frame + (int64_t)ceil(frames - EARLY) : INT64_MAX;
}

CN_AUDIO int64_t
cn_clock_frame(const CnClock* const clock, const int32_t tick)
{
  return cn_clock_frame_at(clock, (double)tick);
}

CN_AUDIO uint32_t
cn_clock_doubt(const CnClock* const clock)
{
  const double frames = cn_clock_is_rolling(clock) ? ceil(clock->doubt / clock->slope) : 0.0;
  return frames < LEAST_DOUBT ? 0 : (uint32_t)fmin(frames, MAX_DOUBT);
}

CN_AUDIO CnBar
cn_clock_bar(const CnClock* const clock, const int32_t tick)
{
  const double length = cn_metre_bar(&clock->metre);
  const double start  = clock->metre.tick + cn_metre_count(&clock->metre, (double)tick) * length;
  return (CnBar){(int32_t)lround(start), (uint16_t)clamp(round(length), 1.0, UINT16_MAX)};
}

CN_AUDIO int32_t
cn_clock_bar_number(const CnClock* const clock, const int32_t tick)
{
  const CnMetre* const metre  = &clock->metre;
  const double         number = (double)metre->bar + cn_metre_count(metre, (double)tick);
  const double         first  = clock->told ? 0.0 : CN_FREE_TICK / cn_metre_bar(metre);
  return (int32_t)clamp(number - first, -CN_TICK_LIMIT, CN_TICK_LIMIT);
}

CN_AUDIO double
cn_clock_tempo(const CnClock* const clock)
{
  return clock->quarters ? clock->bpm : clock->bpm * 4.0 / clock->beat_unit;
}
