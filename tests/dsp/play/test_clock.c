// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/base/random.h"
#include "dsp/play/clock.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define RATE 48000.0
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define PLACE (CN_POSITION_BAR | CN_POSITION_BAR_BEAT)
#define METRE (CN_POSITION_BEATS_PER_BAR | CN_POSITION_BEAT_UNIT)
#define ALL (CN_POSITION_FRAME | CN_POSITION_SPEED | CN_POSITION_BPM | PLACE | METRE)

/// A position in 4/4 at 120 BPM, rolling, with all parts
static CnPosition
position_at(const int64_t frame, const double quarter)
{
  const double bar = floor(quarter / 4.0);
  return (CnPosition){
      .parts         = ALL,
      .frame         = frame,
      .speed         = 1.0,
      .bar           = (int64_t)bar,
      .bar_beat      = quarter - 4.0 * bar,
      .beat_unit     = 4.0,
      .beats_per_bar = 4.0,
      .bpm           = 120.0,
  };
}

static CnClock
rolling_clock(void)
{
  CnClock          clock;
  const CnPosition position = position_at(0, 0.0);
  cn_clock_init(&clock, RATE);
  assert_int_equal(cn_clock_tell(&clock, 0, &position), CN_CLOCK_STARTED | CN_CLOCK_LOCATED);
  return clock;
}

static void
test_stands_until_told(void** const state)
{
  (void)state;
  CnClock clock;
  cn_clock_init(&clock, RATE);
  assert_false(cn_clock_is_rolling(&clock));
  assert_true(cn_clock_waits(&clock));
  assert_true(cn_clock_frame(&clock, 1) == INT64_MAX);
  cn_clock_run_free(&clock, 1000);
  assert_true(cn_clock_is_rolling(&clock));
  assert_false(cn_clock_waits(&clock));
  assert_true(cn_clock_frame(&clock, CN_FREE_TICK) == 1000);
  assert_true(cn_clock_frame(&clock, CN_FREE_TICK + 48) == 1000 + 48000);
  assert_int_equal(CN_FREE_TICK % 96, 0);
  assert_int_equal(cn_clock_bar_number(&clock, CN_FREE_TICK), 0);
  assert_int_equal(cn_clock_bar_number(&clock, CN_FREE_TICK + 200), 2);
}

static void
test_frames_and_ticks_agree(void** const state)
{
  (void)state;
  const CnClock clock = rolling_clock();
  for (int32_t tick = -100; tick < 10000; ++tick) {
    const int64_t frame = cn_clock_frame(&clock, tick);
    assert_true(frame == (int64_t)tick * 1000);
    assert_true(fabs(cn_clock_tick(&clock, frame) - tick) < 1e-9);
  }
}

static void
test_no_drift_in_an_hour(void** const state)
{
  (void)state;
  CnClock clock = rolling_clock();
  for (int64_t frame = 0; frame < 3600 * 48000; frame += 1024) {
    const CnPosition position = position_at(frame, (double)frame / 24000.0);
    assert_int_equal(cn_clock_tell(&clock, frame, &position), 0);
  }
  assert_true(llabs(cn_clock_frame(&clock, 172800) - 172800000) <= 1);
}

/// Host's rounding to 1/1920 beats moves the clock by less than a frame once it has averaged
static void
test_rounding_is_averaged(void** const state)
{
  (void)state;
  CnClock clock = rolling_clock();
  double  worst = 0.0;
  for (int64_t frame = 0; frame < 60 * 48000; frame += 333) {
    const double     quarter  = round((double)frame / 24000.0 * 1920.0) / 1920.0;
    const CnPosition position = position_at(frame, quarter);
    assert_int_equal(cn_clock_tell(&clock, frame, &position), 0);
    const double off = fabs(cn_clock_tick(&clock, frame) * 1000.0 - (double)frame);
    worst            = frame > 48000 ? fmax(worst, off) : worst;
  }
  assert_true(worst < 1.0);
}

static void
test_tempo_changes_at_its_frame(void** const state)
{
  (void)state;
  CnClock          clock    = rolling_clock();
  const CnPosition position = {.parts = CN_POSITION_BPM, .bpm = 60.0};
  assert_int_equal(cn_clock_tell(&clock, 10000, &position), 0);
  assert_true(cn_clock_frame(&clock, 10) == 10000);
  assert_true(cn_clock_frame(&clock, 34) == 10000 + 48000);
}

/// [quarters] after `seconds` of a ramp of `bpm` that gains `gain` BPM a second
static double
ramp(const double bpm, const double gain, const double seconds)
{
  return (bpm * seconds + 0.5 * gain * seconds * seconds) / 60.0;
}

static void
test_ramps_are_followed_within_a_frame(void** const state)
{
  static const double gains[] = {2.0, -1.5, 0.7};
  (void)state;
  CnClock clock   = rolling_clock();
  double  bpm     = 120.0;
  double  quarter = 0.0;
  int64_t start   = 0;
  for (size_t i = 0; i < 60; ++i) { // Ramps of 20 seconds, and steady tempo between them
    const double  gain = i % 2 ? gains[i / 2 % 3] : 0.0;
    const int64_t n    = 20 * 48000;
    for (int64_t frame = 0; frame < n; frame += 1000) {
      const double seconds  = (double)frame / RATE;
      const double now      = quarter + ramp(bpm, gain, seconds);
      CnPosition   position = position_at(start + frame, now);
      position.bpm          = bpm + gain * seconds;
      assert_int_equal(cn_clock_tell(&clock, start + frame, &position), 0);
      const double frames =
          fabs(cn_clock_tick(&clock, start + frame) / 24.0 - now) * 60.0 / position.bpm * RATE;
      assert_true(frames < 1.0);
    }
    quarter += ramp(bpm, gain, 20.0);
    bpm = fmax(bpm + gain * 20.0, 40.0);
    start += n;
  }
}

static void
test_locate_is_told_from_rounding(void** const state)
{
  (void)state;
  CnClock    clock    = rolling_clock();
  CnPosition position = position_at(24000, 1.0005);
  assert_int_equal(cn_clock_tell(&clock, 24000, &position), 0);
  position = position_at(192000, 8.0);
  assert_int_equal(cn_clock_tell(&clock, 48000, &position), CN_CLOCK_LOCATED);
  assert_true(fabs(cn_clock_tick(&clock, 48000) - 192.0) < 0.03);
  position.parts = CN_POSITION_SPEED;
  position.speed = 0.0;
  assert_int_equal(cn_clock_tell(&clock, 49000, &position), CN_CLOCK_STOPPED);
  assert_false(cn_clock_waits(&clock)); // It is the host's to start it
  assert_true(fabs(cn_clock_tick(&clock, 99000) - 193.0) < 0.03);
  position.speed = 1.0;
  assert_int_equal(cn_clock_tell(&clock, 99000, &position), CN_CLOCK_STARTED);
}

static void
test_frames_settle_a_rounded_locate(void** const state)
{
  (void)state;
  CnClock          clock    = rolling_clock();
  const CnPosition position = position_at(192000, 8.0005);
  assert_int_equal(cn_clock_tell(&clock, 1000, &position), CN_CLOCK_LOCATED);
  assert_true(fabs(cn_clock_tick(&clock, 1000) - 192.0) < 1e-6);
}

static void
test_frames_alone_locate(void** const state)
{
  (void)state;
  CnClock          clock = rolling_clock();
  const CnPosition same  = {.parts = CN_POSITION_FRAME | CN_POSITION_SPEED, .frame = 24000, .speed = 1.0};
  assert_int_equal(cn_clock_tell(&clock, 24000, &same), 0);
  const CnPosition back = {.parts = CN_POSITION_FRAME | CN_POSITION_SPEED, .frame = 12000, .speed = 1.0};
  assert_int_equal(cn_clock_tell(&clock, 48000, &back), CN_CLOCK_LOCATED);
  assert_true(cn_clock_frame(&clock, 12) == 48000);
}

static void
test_beats_alone_locate(void** const state)
{
  (void)state;
  CnClock          clock = rolling_clock();
  const CnPosition there = {.parts = CN_POSITION_BEAT, .beat = 10.0};
  assert_int_equal(cn_clock_tell(&clock, 100, &there), CN_CLOCK_LOCATED);
  assert_true(cn_clock_frame(&clock, 240) == 100);
}

static void
test_metre_change_keeps_ticks_unbroken(void** const state)
{
  (void)state;
  CnClock    clock     = rolling_clock();
  CnPosition change    = position_at(192000, 8.0); // Bar 2: from here on 3/8
  change.beats_per_bar = 3.0;
  change.beat_unit     = 8.0;
  change.bpm           = 240.0;
  assert_int_equal(cn_clock_tell(&clock, 192000, &change), 0);
  assert_true(cn_clock_frame(&clock, 192 + 36) == 192000 + 36000);
  assert_int_equal(cn_clock_bar(&clock, 230).start, 228);
  assert_int_equal(cn_clock_bar(&clock, 230).length, 36);
  assert_int_equal(cn_clock_bar_number(&clock, 192), 2);
  assert_int_equal(cn_clock_bar_number(&clock, 230), 3);
  assert_true(fabs(cn_clock_tempo(&clock) - 120.0) < 1e-9);

  CnPosition back = position_at(0, 0.0);
  assert_int_equal(cn_clock_tell(&clock, 300000, &back), CN_CLOCK_LOCATED);
  assert_int_equal(cn_clock_bar(&clock, 100).start, 96);
  assert_int_equal(cn_clock_bar(&clock, 100).length, 96);

  change.bar      = 5; // Three bars into the 3/8
  change.bar_beat = 1.0;
  change.frame    = 192000 + 3 * 36000 + 12000;
  assert_int_equal(cn_clock_tell(&clock, 310000, &change), CN_CLOCK_LOCATED);
  assert_true(fabs(cn_clock_tick(&clock, 310000) - (192.0 + 108.0 + 12.0)) < 1e-6);
}

/// Ardour 7 in 6/8 tells quarters a minute, and the part of a beat in quarters
static void
test_ardours_eighths_are_understood(void** const state)
{
  (void)state;
  CnClock clock;
  cn_clock_init(&clock, RATE);
  for (int64_t frame = 0; frame < 480000; frame += 1024) {
    const double eighths   = (double)frame / 12000.0;
    CnPosition   position  = position_at(frame, 0.0);
    position.beats_per_bar = 6.0;
    position.beat_unit     = 8.0;
    position.bar           = (int64_t)(eighths / 6.0);
    position.bar_beat      = floor(eighths) - 6.0 * (double)position.bar + 0.5 * (eighths - floor(eighths));
    const unsigned changed = cn_clock_tell(&clock, frame, &position);
    assert_int_equal(changed, frame ? 0 : CN_CLOCK_LOCATED | CN_CLOCK_STARTED);
    if (frame > 14000) { // A beat, to find out
      assert_true(fabs(cn_clock_tick(&clock, frame) - 12.0 * eighths) < 0.03);
    }
  }
  assert_true(fabs(cn_clock_tick(&clock, 480000) - 480.0) < 0.03);
}

static void
test_nonsense_is_survived(void** const state)
{
  static const double odd[] = {NAN, INFINITY, -INFINITY, 1e300, -1e300, 0.0, -1.0, 1e-300, 4.0};
  (void)state;
  CnClock  clock  = rolling_clock();
  CnRandom random = cn_random(1, 2, 3, 4, 5);
  for (int64_t i = 0; i < 20000; ++i) {
    const CnPosition position = {
        .parts         = cn_random_bits(&random) & 255U,
        .frame         = cn_random_below(&random, 2) ? INT64_MAX : INT64_MIN,
        .speed         = odd[cn_random_below(&random, COUNT(odd))],
        .bar           = cn_random_below(&random, 2) ? INT64_C(1) << 53 : -(INT64_C(1) << 53),
        .bar_beat      = odd[cn_random_below(&random, COUNT(odd))],
        .beat          = odd[cn_random_below(&random, COUNT(odd))],
        .beat_unit     = odd[cn_random_below(&random, COUNT(odd))],
        .beats_per_bar = odd[cn_random_below(&random, COUNT(odd))],
        .bpm           = odd[cn_random_below(&random, COUNT(odd))],
    };
    cn_clock_tell(&clock, i * 100, &position);
    const double tick = cn_clock_tick(&clock, i * 100);
    assert_true(isfinite(tick) && fabs(tick) <= CN_TICK_LIMIT);
    assert_true(cn_clock_bar(&clock, (int32_t)tick).length > 0);
  }
}

// From a whole beat on, which a host tells exactly, its rounding of what follows must hardly show
static void
test_rounding_hardly_shows_after_a_whole_beat(void** const state)
{
  static const int64_t blocks[] = {64, 1024, 4096};
  static const double  tempi[]  = {61.0, 90.0, 133.0, 240.0};

  (void)state;
  for (size_t i = 0; i < COUNT(blocks) * COUNT(tempi); ++i) {
    const int64_t block   = blocks[i % COUNT(blocks)];
    const double  bpm     = tempi[i / COUNT(blocks)];
    const double  quarter = RATE * 60.0 / bpm; // [frames]
    CnClock       clock;
    cn_clock_init(&clock, RATE);
    for (int64_t frame = 0; frame < 20 * (int64_t)quarter; frame += block) {
      CnPosition position = position_at(frame, round((double)frame / quarter * 1920.0) / 1920.0);
      position.bpm        = bpm;
      cn_clock_tell(&clock, frame, &position);

      const int32_t tick = (int32_t)ceil((double)frame / quarter * CN_TICKS_PER_QUARTER);
      const double  due  = (double)tick * quarter / CN_TICKS_PER_QUARTER;
      assert_true(fabs((double)cn_clock_frame(&clock, tick) - due) < 1.5);
    }
  }
}

// A host may tell where it is, and never how fast
static void
test_own_tempo_holds_until_one_is_told(void** const state)
{
  (void)state;
  CnClock    clock;
  CnPosition position = {.parts = CN_POSITION_FRAME | CN_POSITION_SPEED, .frame = 0, .speed = 1.0};
  cn_clock_init(&clock, RATE);
  cn_clock_tell(&clock, 0, &position);
  cn_clock_set_free_tempo(&clock, 48000, 60.0);
  assert_true(cn_clock_frame(&clock, 48) == 48000); // Two quarters of the old tempo, then slower
  assert_true(cn_clock_frame(&clock, 72) == 48000 + 48000);
  position.frame = 96000; // As expected: no locate
  assert_int_equal(cn_clock_tell(&clock, 96000, &position), 0);

  const CnPosition told = {.parts = CN_POSITION_BPM, .bpm = 120.0};
  cn_clock_tell(&clock, 96000, &told);
  cn_clock_set_free_tempo(&clock, 96000, 30.0);
  assert_true(cn_clock_frame(&clock, 96) == 96000 + 24000);
}

/// Beats rounded down to 1 / `grid`, and the frames exact or not told: the clock goes by frames and tempo
static void
check_rounded_beats(const double grid, const unsigned parts, const int64_t block)
{
  CnClock clock = rolling_clock();
  for (int64_t frame = block; frame < 60 * 48000; frame += block) {
    CnPosition position = position_at(frame, floor((double)frame / 24000.0 * grid + 1e-9) / grid);
    position.parts &= parts;
    assert_int_equal(cn_clock_tell(&clock, frame, &position), 0);
    assert_true(fabs(cn_clock_tick(&clock, frame) * 1000.0 - (double)frame) < 1.0);
  }
}

static void
test_the_finer_of_frame_and_beat_wins(void** const state)
{
  static const int64_t blocks[] = {64, 333, 1000, 1024};
  (void)state;
  for (size_t i = 0; i < COUNT(blocks); ++i) {
    check_rounded_beats(48.0, ALL, blocks[i]);
    check_rounded_beats(24.0, ALL, blocks[i]);
    check_rounded_beats(1.0, ALL, blocks[i]);
    check_rounded_beats(1.0, ALL & ~(unsigned)CN_POSITION_FRAME, blocks[i]);
  }
}

/// A tempo of our own counts quarters, whatever the metre that a host tells without a tempo
static void
test_own_tempo_counts_quarters(void** const state)
{
  static const double units[] = {8.0, 2.0, 4.0, 8.0};
  (void)state;
  CnClock clock;
  cn_clock_init(&clock, RATE);
  cn_clock_set_free_tempo(&clock, 0, 90.0);
  for (size_t i = 0; i < COUNT(units); ++i) {
    CnPosition position = position_at(0, 0.0);
    position.parts      = CN_POSITION_SPEED | PLACE | METRE;
    position.beat_unit  = units[i];
    cn_clock_tell(&clock, 0, &position);
    assert_true(fabs(cn_clock_tempo(&clock) - 90.0) < 1e-9);
    assert_true(fabs(cn_clock_tick(&clock, 48000) - cn_clock_tick(&clock, 0) - 36.0) < 1e-9);
  }
  cn_clock_set_free_tempo(&clock, 0, 60.0);
  assert_true(fabs(cn_clock_tempo(&clock) - 60.0) < 1e-9);
  assert_true(fabs(cn_clock_tick(&clock, 48000) - cn_clock_tick(&clock, 0) - 24.0) < 1e-9);
}

/// A locate is one, however coarse the host tells it
static void
test_rounded_beats_hide_no_locate(void** const state)
{
  (void)state;
  CnClock clock = rolling_clock();
  for (int64_t frame = 1024; frame < 100 * 1024; frame += 1024) {
    const CnPosition position = position_at(frame, floor((double)frame / 24000.0));
    assert_int_equal(cn_clock_tell(&clock, frame, &position), 0);
  }
  const CnPosition position = position_at(48000 + 500, 2.0); // From 4.27 to 2.02
  assert_int_equal(cn_clock_tell(&clock, 100 * 1024, &position), CN_CLOCK_LOCATED);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_stands_until_told),
      cmocka_unit_test(test_frames_and_ticks_agree),
      cmocka_unit_test(test_no_drift_in_an_hour),
      cmocka_unit_test(test_rounding_is_averaged),
      cmocka_unit_test(test_tempo_changes_at_its_frame),
      cmocka_unit_test(test_ramps_are_followed_within_a_frame),
      cmocka_unit_test(test_locate_is_told_from_rounding),
      cmocka_unit_test(test_frames_settle_a_rounded_locate),
      cmocka_unit_test(test_frames_alone_locate),
      cmocka_unit_test(test_beats_alone_locate),
      cmocka_unit_test(test_metre_change_keeps_ticks_unbroken),
      cmocka_unit_test(test_ardours_eighths_are_understood),
      cmocka_unit_test(test_rounding_hardly_shows_after_a_whole_beat),
      cmocka_unit_test(test_own_tempo_holds_until_one_is_told),
      cmocka_unit_test(test_own_tempo_counts_quarters),
      cmocka_unit_test(test_the_finer_of_frame_and_beat_wins),
      cmocka_unit_test(test_rounded_beats_hide_no_locate),
      cmocka_unit_test(test_nonsense_is_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
