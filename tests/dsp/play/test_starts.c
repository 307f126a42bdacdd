// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_starts.c
   What the first block of a song has to hold, and what one block can hold.
*/

#include "tests/support/fake_planner.h"

#include "dsp/play/performer.h"
#include "dsp/play/performer_private.h"
#include "dsp/take/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define RATE 48000.0
#define TICK 1000    // [frames] at 120 BPM
#define BLOCK 256    // [frames]
#define SEGMENT 12   // [ticks]
#define N_STRIKES 64 // Kept

/// A performer, and the first notes that it strikes
typedef struct {
  CnPerformer* performer;
  CnControls   controls;
  int64_t      stream; ///< [frames] since the first block
  int64_t      song;   ///< [frames] of the song
  bool         rolls;
  size_t       n_strikes;
  int64_t      strikes[N_STRIKES]; ///< [frames] of the stream
  uint8_t      channel;            ///< Of the last one
} Room;

static bool
write_message(void* const handle, const uint32_t frame, const uint8_t* const message, const uint32_t size)
{
  Room* const room = (Room*)handle;
  assert_int_equal(size, 3);
  if ((message[0] & 0xF0U) == 0x90 && room->n_strikes < N_STRIKES) {
    room->strikes[room->n_strikes++] = room->stream + frame;
    room->channel                    = message[0] & 0x0FU;
  }
  return true;
}

static int
make(void** const state, const bool threaded)
{
  Room* const     room    = (Room*)calloc(1, sizeof(Room));
  const CnPlanner planner = fake_planner(1);
  *state                  = room;
  if (!room || !(room->performer = cn_performer_new(RATE, threaded))) {
    return -1;
  }
  room->controls = (CnControls){.enabled = true, .play = true, .take = 1, .role = CN_ROLE_SOLO, .channel = 1};
  return cn_engine_set_planner(cn_performer_engine(room->performer), &planner);
}

static int
set_up(void** const state)
{
  return make(state, true);
}

/// With an engine that is never busy when a full block wants it to read
static int
set_up_alone(void** const state)
{
  return make(state, false);
}

static int
tear_down(void** const state)
{
  Room* const room = (Room*)*state;
  cn_performer_free(room->performer);
  free(room);
  return 0;
}

static void
begin(Room* const room, const CnMidiSink* const sink, const uint32_t n_frames)
{
  const CnPosition here = {.parts =
                               CN_POSITION_FRAME | CN_POSITION_BEAT | CN_POSITION_SPEED | CN_POSITION_BPM,
                           .frame = room->song,
                           .beat  = (double)room->song / (24.0 * TICK),
                           .speed = room->rolls ? 1.0 : 0.0,
                           .bpm   = 120.0};
  cn_performer_begin(room->performer, &room->controls, sink, n_frames);
  cn_performer_position(room->performer, 0, &here);
}

static void
end(Room* const room, const uint32_t n_frames)
{
  cn_performer_end(room->performer);
  cn_performer_wake(room->performer);
  cn_performer_sync(room->performer);
  room->stream += n_frames;
  room->song += room->rolls ? n_frames : 0;
}

static void
run(Room* const room, const uint32_t n_frames)
{
  const CnMidiSink sink = {room, write_message};
  begin(room, &sink, n_frames);
  end(room, n_frames);
}

static void
test_solo_begins_in_the_first_block(void** const state)
{
  Room* const room = (Room*)*state;
  room->rolls      = true;
  run(room, BLOCK);
  assert_int_equal(room->n_strikes, 3); // A chord
  assert_int_equal(room->strikes[2], 0);
  while (room->song < 4 * SEGMENT * TICK) {
    run(room, BLOCK);
  }
  assert_true(room->n_strikes > 6);
  assert_true(room->strikes[3] < 3 * SEGMENT * TICK);
  assert_int_equal(cn_performer_late_notes(room->performer), 0);
}

/// As in Carla's rack: the song is a block on when the host tells that it rolls
static void
test_start_told_a_block_late(void** const state)
{
  static const uint32_t blocks[] = {64, BLOCK, 4096};
  Room* const           room     = (Room*)*state;
  for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); ++i) {
    room->rolls     = false;
    room->song      = 0;
    room->n_strikes = 0;
    run(room, blocks[i]);
    run(room, blocks[i]);
    const int64_t start = room->stream;
    room->rolls         = true;
    room->song          = blocks[i];
    run(room, blocks[i]);
    assert_true(room->n_strikes >= 3);
    assert_int_equal(room->strikes[0], start);
    assert_int_equal(room->strikes[2], start);
  }
}

/// A place further on was gone to, so that the notes before it are not heard
static void
test_start_elsewhere_is_not_late(void** const state)
{
  Room* const room = (Room*)*state;
  run(room, BLOCK);
  room->rolls = true;
  room->song  = 2 * TICK;
  run(room, BLOCK);
  assert_int_equal(room->n_strikes, 0);
}

/// It stood far away, was taken to the song's start, and of that nothing is told but the roll, a block late
static void
test_start_of_the_song_told_a_block_late(void** const state)
{
  Room* const room = (Room*)*state;
  room->rolls      = true;
  run(room, BLOCK); // It is composed
  room->rolls     = false;
  room->song      = 400 * TICK;
  room->n_strikes = 0;
  run(room, BLOCK);
  room->rolls = true;
  room->song  = BLOCK;
  run(room, BLOCK);
  assert_int_equal(room->n_strikes, 3);
}

/// On which channel the musician plays is known after activation, too
static void
test_channel_is_known_when_activated_again(void** const state)
{
  static const uint8_t on[]  = {0x94, 60, 80};
  static const uint8_t off[] = {0x84, 60, 80};
  Room* const          room  = (Room*)*state;
  const CnMidiSink     sink  = {room, write_message};
  room->controls.channel     = 0;
  begin(room, &sink, BLOCK);
  cn_performer_midi(room->performer, 0, on, 3);
  cn_performer_midi(room->performer, 10, off, 3);
  end(room, BLOCK);
  cn_performer_reset(room->performer);
  room->rolls = true;
  run(room, BLOCK);
  assert_int_equal(room->n_strikes, 3);
  assert_int_equal(room->channel, 4);
}

/// Strike and release each key in turn, more often than the engine's inbox has room
static void
test_thousands_of_events_in_a_block(void** const state)
{
  enum { N_NOTES = 20000, FRAMES = 8192 };
  Room* const      room  = (Room*)*state;
  const CnMidiSink sink  = {room, write_message};
  CnScore*         score = NULL;
  room->controls.role    = CN_ROLE_CONTINUE;
  room->rolls            = true;
  for (unsigned block = 0; block < 4;
       ++block) { // All within an eighth, so that nothing runs inline for its length
    begin(room, &sink, FRAMES / 8);
    for (unsigned i = 0; i < N_NOTES / 4; ++i) {
      const uint8_t on[]  = {0x90, (uint8_t)(i % 128), 80};
      const uint8_t off[] = {0x80, (uint8_t)(i % 128), 64};
      cn_performer_midi(room->performer, i * (FRAMES / 8) / (N_NOTES / 4), on, 3);
      cn_performer_midi(room->performer, i * (FRAMES / 8) / (N_NOTES / 4), off, 3);
    }
    end(room, FRAMES / 8);
  }
  assert_int_equal(cn_performer_notices(room->performer), 0);
  assert_int_equal(cn_engine_score(cn_performer_engine(room->performer), &score), CN_STATUS_SUCCESS);
  assert_true(score->n_notes >=
              4 * 128); // Each key in each block; struck again within a tick, it is the same note
  cn_score_free(score);
}

/// Run, as in real time, without waiting for the engine
static void
run_alone(Room* const room, const uint32_t n_frames)
{
  const CnMidiSink sink = {room, write_message};
  begin(room, &sink, n_frames);
  cn_performer_end(room->performer);
  cn_performer_wake(room->performer);
  room->song += n_frames;
}

/// True if the engine comes to read all that it was told, within seconds
static bool
is_read(Room* const room)
{
  const CnRing* const inbox = cn_engine_inbox(cn_performer_engine(room->performer));
  for (unsigned i = 0; i < 5000 && !cn_ring_is_empty(inbox); ++i) {
    nanosleep(&(struct timespec){0, 1000000}, NULL);
  }
  return cn_ring_is_empty(inbox);
}

/// The engine is not woken for each note; where it is asked for nothing, it is at times
static void
test_notes_are_read_though_nothing_is_asked(void** const state)
{
  static const uint8_t on[] = {0x90, 60, 80};
  Room* const          room = (Room*)*state;
  const CnMidiSink     sink = {room, write_message};
  room->controls.play       = false;
  room->rolls               = true;
  run(room, BLOCK);
  nanosleep(&(struct timespec){0, 20000000}, NULL); // What it was woken for twice is over
  begin(room, &sink, BLOCK);
  cn_performer_midi(room->performer, 0, on, 3);
  cn_performer_end(room->performer);
  cn_performer_wake(room->performer);
  for (unsigned frame = 0; frame < RATE; frame += BLOCK) {
    run_alone(room, BLOCK);
  }
  assert_true(is_read(room));
}

/// In steady time the audio thread leaves it to the engine's to see what it is asked
static void
test_engine_is_seldom_woken(void** const state)
{
  Room* const room    = (Room*)*state;
  unsigned    n_woken = 0;
  room->rolls         = true;
  for (unsigned frame = 0; frame < 16 * RATE; frame += BLOCK) {
    run_alone(room, BLOCK);
    n_woken += room->performer->is_woken;
    if (room->performer->unread == 0) { // Else it is asked nothing, and told of what sounds now and then
      assert_true(is_read(room));
    }
  }
  assert_true(n_woken > 0);
  assert_true(n_woken < 16); // Of 64 segments; of all that, two are pressing
}

enum { N_SENT = 4090, N_KEYS = 60, LOWEST = 30 };

/// What comes out, by key of one channel
typedef struct {
  unsigned n_ons;
  unsigned n_overlaps; ///< Strikes of keys that sound
  bool     sounds[128];
} Keyboard;

static bool
follow_key(void* const handle, const uint32_t frame, const uint8_t* const message, const uint32_t size)
{
  Keyboard* const keyboard = (Keyboard*)handle;
  const uint8_t   pitch    = message[1] % 128U;
  const bool      is_on    = (message[0] & 0xF0U) == 0x90 && message[2];
  (void)frame;
  assert_int_equal(size, 3);
  keyboard->n_ons += is_on;
  keyboard->n_overlaps += is_on && keyboard->sounds[pitch];
  keyboard->sounds[pitch] = is_on;
  return true;
}

/// Strike 60 keys in turn, as a careless sequencer does, each some 68 times before it is let go
static Keyboard
strike_again_and_again(Room* const room, const bool thru)
{
  Keyboard         keyboard = {0};
  const CnMidiSink sink     = {&keyboard, follow_key};
  room->controls.role       = CN_ROLE_CONTINUE;
  room->controls.thru       = thru;
  room->rolls               = true;
  begin(room, &sink, BLOCK);
  for (unsigned i = 0; i < N_SENT; ++i) {
    const uint8_t on[] = {0x90, (uint8_t)(LOWEST + i % N_KEYS), 80};
    cn_performer_midi(room->performer, 0, on, 3);
  }
  for (unsigned i = 0; i < N_KEYS; ++i) {
    const uint8_t off[] = {0x80, (uint8_t)(LOWEST + i), 64};
    cn_performer_midi(room->performer, BLOCK - 1, off, 3);
  }
  end(room, BLOCK);
  for (unsigned i = 0; i < 1000; ++i) {
    begin(room, &sink, BLOCK);
    end(room, BLOCK);
  }
  return keyboard;
}

/// Each strike passes as it came, over a key that sounds or not; nothing of our own is struck over one
static void
test_only_the_musician_strikes_keys_that_sound(void** const state)
{
  const Keyboard passed = strike_again_and_again((Room*)*state, true);
  assert_int_equal(passed.n_overlaps, N_SENT - N_KEYS);
  assert_true(passed.n_ons > N_SENT);
}

static void
test_nothing_of_ours_is_struck_twice(void** const state)
{
  const Keyboard own = strike_again_and_again((Room*)*state, false);
  assert_int_equal(own.n_overlaps, 0);
  assert_true(own.n_ons > 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_solo_begins_in_the_first_block),
      CASE(test_start_told_a_block_late),
      CASE(test_start_elsewhere_is_not_late),
      CASE(test_start_of_the_song_told_a_block_late),
      CASE(test_channel_is_known_when_activated_again),
      cmocka_unit_test_setup_teardown(test_thousands_of_events_in_a_block, set_up_alone, tear_down),
      CASE(test_only_the_musician_strikes_keys_that_sound),
      CASE(test_nothing_of_ours_is_struck_twice),
      CASE(test_notes_are_read_though_nothing_is_asked),
      CASE(test_engine_is_seldom_woken),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
