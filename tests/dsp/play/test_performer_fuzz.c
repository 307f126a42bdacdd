// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC
//
// A host that does whatever hosts and users may do, in any order.  Whatever it is: messages come in order
// and inside the block, no key sounds twice, what is saved can be restored, and in the end no key is left.

#include "tests/support/fake_planner.h"

#include "dsp/base/random.h"
#include "dsp/play/performer.h"
#include "dsp/take/engine.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_BLOCKS 30000
#define N_EVENTS 12
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

typedef struct {
  CnPerformer* performer;
  CnRandom     random;
  bool         threaded;
  CnControls   controls;
  bool         rolls;
  double       quarter; ///< [quarters] where the transport is
  double       bpm;
  double       metre;           ///< [quarters a bar]
  bool         held[16][128];   ///< Keys that the musician holds
  bool         sounds[16][128]; ///< Keys that sound at the output
  uint32_t     n_frames;
  uint32_t     frame;    ///< Of the last event told
  uint32_t     last;     ///< Frame of the last message written
  uint32_t     capacity; ///< Of the sink, in messages
  unsigned     n_faults;
  unsigned     n_own; ///< Notes at the output that are not the musician's
  bool         rests; ///< The musician takes a rest
  CnSheet      sheet; ///< That was written down last
} Host;

static uint32_t
below(Host* const host, const uint32_t n)
{
  return cn_random_below(&host->random, n);
}

static double
odd_number(Host* const host)
{
  static const double numbers[] = {NAN, INFINITY, -INFINITY, 0.0, -1.0, 1.0,
                                   0.5, 1e300,    1e-300,    4.0, 8.0,  120.0};
  return numbers[below(host, COUNT(numbers))];
}

static bool
write_message(void* const handle, const uint32_t frame, const uint8_t* const message, const uint32_t size)
{
  Host* const host = (Host*)handle;
  if (host->capacity == 0) {
    return false;
  }
  --host->capacity;
  host->n_faults += frame < host->last || frame >= (host->n_frames ? host->n_frames : 1) || size == 0;
  host->last = frame;
  if (size == 3 && (message[0] & 0xE0U) == 0x80) {
    bool* const sounds = &host->sounds[message[0] & 0x0FU][message[1]];
    const bool  on     = message[0] >= 0x90 && message[2] > 0;
    host->n_faults += on && *sounds;
    host->n_own += on && !host->held[message[0] & 0x0FU][message[1]];
    *sounds = on;
  }
  return true;
}

static void
tell_sane_position(Host* const host, const bool complete)
{
  const double     beats    = host->quarter;
  const CnPosition position = {
      .parts     = complete ? CN_POSITION_SPEED | CN_POSITION_BAR | CN_POSITION_BAR_BEAT | CN_POSITION_BPM |
                              CN_POSITION_BEAT_UNIT | CN_POSITION_BEATS_PER_BAR
                            : CN_POSITION_SPEED | CN_POSITION_FRAME,
      .frame     = llround(host->quarter * 24000.0),
      .speed     = host->rolls ? 1.0 : 0.0,
      .bar       = (int64_t)floor(beats / host->metre),
      .bar_beat  = beats - host->metre * floor(beats / host->metre),
      .beat_unit = 4.0,
      .beats_per_bar = host->metre,
      .bpm           = host->bpm,
  };
  cn_performer_position(host->performer, host->frame, &position);
}

static void
tell_odd_position(Host* const host)
{
  const CnPosition position = {
      .parts         = cn_random_bits(&host->random) & 255U,
      .frame         = (int64_t)cn_random_bits(&host->random) << below(host, 32),
      .speed         = odd_number(host),
      .bar           = (int64_t)cn_random_bits(&host->random) - INT32_MAX,
      .bar_beat      = odd_number(host),
      .beat          = odd_number(host),
      .beat_unit     = odd_number(host),
      .beats_per_bar = odd_number(host),
      .bpm           = odd_number(host),
  };
  cn_performer_position(host->performer, host->frame, &position);
}

static void
turn_transport(Host* const host)
{
  switch (below(host, 6)) {
  case 0:
    host->rolls = !host->rolls;
    break;
  case 1:
    host->quarter = below(host, 64) / 4.0;
    break;
  case 2:
    host->quarter -= fmin(host->quarter, 1.0 + below(host, 4)); // A loop
    break;
  case 3:
    host->bpm   = 40.0 + below(host, 200);
    host->metre = 2.0 + below(host, 9);
    break;
  case 4:
    host->rolls = true;
    break;
  default:
    tell_odd_position(host);
    return;
  }
  tell_sane_position(host, below(host, 8) > 0);
}

static void
send(Host* const host, const unsigned status, const unsigned data1, const unsigned data2)
{
  const uint8_t message[3] = {(uint8_t)status, (uint8_t)data1, (uint8_t)data2};
  cn_performer_midi(host->performer, host->frame, message, 3);
}

/// Strike or release a key; nobody strikes one that is down
static void
press(Host* const host, const unsigned channel, const unsigned pitch)
{
  bool* const held = &host->held[channel][pitch];
  *held            = !*held;
  send(host, (*held ? 0x90U : 0x80U) | channel, pitch, *held ? 1 + below(host, 127) : below(host, 128));
}

static void
release_all(Host* const host)
{
  for (unsigned i = 0; i < 16 * 128; ++i) {
    if (host->held[i / 128][i % 128]) {
      press(host, i / 128, i % 128);
    }
  }
}

static void
send_garbage(Host* const host)
{
  uint8_t        message[8];
  const uint32_t size = below(host, 8);
  for (uint32_t i = 0; i < sizeof(message); ++i) {
    message[i] = (uint8_t)cn_random_bits(&host->random);
  }
  if (size == 3 && (message[0] & 0xE0U) == 0x80) {
    message[0] = 0xF0; // Not by accident a note
  }
  cn_performer_midi(host->performer, host->frame, message, size);
}

static void
do_something(Host* const host)
{
  static const uint8_t controls[] = {1, 64, 64, 64, 120, 121, 123, 126};
  switch (below(host, host->rests ? 3 : 16)) {
  case 0:
    turn_transport(host);
    break;
  case 1:
    send_garbage(host);
    break;
  case 2:
    send(host, 0xB0U | below(host, 2), controls[below(host, COUNT(controls))], below(host, 128));
    break;
  case 3:
  case 4:
  case 5:
    press(host, below(host, 8) ? 0 : below(host, 16),
          below(host, 4) ? 55 + below(host, 12) : below(host, 128));
    break;
  default:
    break;
  }
}

static void
turn_knobs(Host* const host)
{
  host->controls = (CnControls){
      .enabled      = below(host, 16) > 0,
      .freewheeling = below(host, 16) == 0,
      .play         = below(host, 16) > 0,
      .thru         = below(host, 4) > 0,
      .temperature  = (float)odd_number(host),
      .top_p        = (float)odd_number(host),
      .motif        = (float)odd_number(host),
      .take         = (int)below(host, 3),
      .role         = (CnRole)below(host, CN_N_ROLES + 1),
      .answer_bars  = (int)below(host, 20) - 1,
      .hold         = below(host, 8) == 0,
      .new_take     = below(host, 8) == 0,
      .channel      = (int)below(host, 18),
      .tempo        = (float)odd_number(host),
      .chord        = (int)below(host, CN_N_CHORDS + 3) - 1,
  };
}

/// Save the session, and sometimes open it again, whole or broken
static void
save_and_restore(Host* const host)
{
  CnEngine* const engine = cn_performer_engine(host->performer);
  uint8_t*        data   = NULL;
  size_t          size   = 0;
  host->n_faults += cn_engine_save(engine, &data, &size) != CN_STATUS_SUCCESS;
  const bool is_broken = below(host, 2);
  if (is_broken) {
    data[below(host, (uint32_t)size)] ^= 1U << below(host, 8);
  }
  host->n_faults += cn_engine_restore(engine, data, size, CN_NO_FAULT) && !is_broken;
  free(data);
}

/// Write something down for a few bars, most of them the first ones
static void
write_sheet(Host* const host)
{
  CnSheet sheet = {0};
  for (uint32_t n = below(host, 5); n > 0; --n) {
    const int32_t bar = (int32_t)below(host, below(host, 4) ? 16 : CN_SHEET_BAR_MAX);
    cn_sheet_write(&sheet,
                   (CnSheetBar){bar, (int32_t)below(host, CN_N_CHORDS), below(host, 3), below(host, 3)});
  }
  cn_performer_set_sheet(host->performer, &host->sheet, &sheet);
  host->sheet = sheet;
}

static void
work_aside(Host* const host)
{
  const CnPlanner planner = fake_planner(below(host, 3));
  switch (below(host, 300)) {
  case 0:
    cn_engine_set_planner(cn_performer_engine(host->performer), &planner);
    break;
  case 1:
    cn_performer_reset(host->performer);
    memset(host->sounds, 0, sizeof(host->sounds));
    break;
  case 2:
    save_and_restore(host);
    break;
  default:
    if (host->threaded || below(host, 4) == 0) {
      cn_performer_sync(host->performer);
    }
  }
}

static void
run_block(Host* const host, const uint32_t n_events)
{
  const CnMidiSink sink = {host, write_message};
  host->frame           = 0;
  host->last            = 0;
  cn_performer_begin(host->performer, &host->controls, &sink, host->n_frames);
  if (host->rests) {
    release_all(host);
  }
  if (below(host, 100) == 0) {
    write_sheet(host);
  }
  for (uint32_t i = 0; i < n_events; ++i) {
    host->frame += below(host, host->n_frames - host->frame + 1);
    do_something(host);
  }
  cn_performer_end(host->performer);
  cn_performer_wake(host->performer);
  host->quarter += host->rolls ? host->n_frames * host->bpm / 60.0 / 48000.0 : 0.0;
}

/// Stop, release all keys, and see that nothing is left
static void
end_performance(Host* const host)
{
  const CnMidiSink sink  = {host, write_message};
  host->n_frames         = 64;
  host->frame            = 0;
  host->last             = 0;
  host->rolls            = false;
  host->capacity         = UINT32_MAX;
  host->controls.enabled = true;
  host->controls.thru    = true;
  cn_performer_begin(host->performer, &host->controls, &sink, host->n_frames);
  tell_sane_position(host, true);
  release_all(host);
  cn_performer_end(host->performer);
  cn_performer_wake(host->performer);
  for (unsigned i = 0; i < 16 * 128; ++i) {
    host->n_faults += host->sounds[i / 128][i % 128];
  }
  assert_false(cn_performer_playing(host->performer));
}

static void
run_host(const bool threaded, const uint32_t seed)
{
  Host* const     host    = (Host*)calloc(1, sizeof(Host));
  const CnPlanner planner = fake_planner(1);
  assert_non_null(host);
  host->random    = cn_random(seed, 0, 0, 0, 0);
  host->threaded  = threaded;
  host->bpm       = 120.0;
  host->metre     = 4.0;
  host->performer = cn_performer_new(48000.0, threaded);
  assert_non_null(host->performer);
  cn_engine_set_planner(cn_performer_engine(host->performer), &planner);
  for (uint32_t i = 0; i < N_BLOCKS; ++i) {
    if (below(host, 50) == 0) {
      turn_knobs(host);
    }
    host->n_frames = below(host, 1U << below(host, 13));
    host->capacity = below(host, 8) ? 1000 : below(host, 6);
    host->rests    = i % 1000 > 100;
    run_block(host, below(host, host->rests ? 20 : 8) ? 0 : below(host, N_EVENTS));
    work_aside(host);
  }
  end_performance(host);
  assert_int_equal(host->n_faults, 0);
  assert_true(host->n_own > N_BLOCKS / 60);
  cn_performer_free(host->performer);
  free(host);
}

static void
test_anything_goes(void** const state)
{
  (void)state;
  for (uint32_t seed = 0; seed < 4; ++seed) {
    run_host(false, seed);
  }
}

static void
test_anything_goes_with_a_thread(void** const state)
{
  (void)state;
  run_host(true, 99);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_anything_goes),
      cmocka_unit_test(test_anything_goes_with_a_thread),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
