// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/take/recorder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/// A timeline, and an ear with a take of the musician's notes at 0, 20, 40, .. 180 and the model's between
typedef struct {
  CnTimeline* timeline;
  CnRecorder  recorder;
} Ear;

static void
strike(Ear* const ear, const int32_t tick, const unsigned pitch)
{
  cn_recorder_on(&ear->recorder, &(CnCommand){
                                     .kind     = CN_COMMAND_ON,
                                     .tick     = tick,
                                     .played   = tick,
                                     .pitch    = (uint8_t)pitch,
                                     .velocity = 70,
                                     .bar      = {0, 96},
                                 });
}

static void
release(Ear* const ear, const int32_t tick, const unsigned pitch)
{
  cn_recorder_off(&ear->recorder,
                  &(CnCommand){.kind = CN_COMMAND_OFF, .tick = tick, .pitch = (uint8_t)pitch});
}

static int
set_up(void** const state)
{
  Ear* const ear = (Ear*)calloc(1, sizeof(Ear));
  *state         = ear;
  if (!ear || !(ear->timeline = cn_timeline_new()) || cn_recorder_init(&ear->recorder, ear->timeline)) {
    return -1;
  }
  for (int32_t i = 0; i < 10; ++i) {
    strike(ear, 20 * i, 60);
    release(ear, 20 * i + 5, 60);
  }
  for (int32_t i = 0; i < 10; ++i) {
    const CnNote note = {
        .onset = 20 * i + 10, .duration = 5, .pitch = 80, .velocity = 1, .part = CN_PART_CONTINUO};
    cn_take_insert(&ear->recorder.take, &note, 0);
  }
  cn_recorder_halt(&ear->recorder, 200);
  cn_recorder_begin_pass(&ear->recorder);
  return 0;
}

static int
tear_down(void** const state)
{
  Ear* const ear = (Ear*)*state;
  cn_recorder_clear(&ear->recorder);
  cn_timeline_free(ear->timeline);
  free(ear);
  return 0;
}

/// Number of a part's notes from a tick on
static unsigned
count(const Ear* const ear, const CnPart part, const int32_t tick)
{
  const CnTake* const take = &ear->recorder.take;
  unsigned            n    = 0;
  for (uint32_t i = cn_take_find(take, tick); i < take->n_notes; ++i) {
    n += take->notes[i].part == part;
  }
  return n;
}

static void
assert_counts(const Ear* const ear, const unsigned n_musician, const unsigned n_own)
{
  assert_int_equal(count(ear, CN_PART_MUSICIAN, INT32_MIN), n_musician);
  assert_int_equal(count(ear, CN_PART_CONTINUO, INT32_MIN), n_own);
}

static int32_t
duration_at(const Ear* const ear, const int32_t onset)
{
  const CnTake* const take = &ear->recorder.take;
  return take->notes[cn_take_find_played(take, onset, 60)].duration;
}

static void
test_same_notes_change_nothing(void** const state)
{
  Ear* const ear = (Ear*)*state;
  for (int32_t i = 0; i < 10; ++i) {
    strike(ear, 20 * i + (i % 3) - 1, 60);
    release(ear, 20 * i + 5 - (i % 3) + 1, 60);
    assert_int_equal(duration_at(ear, 20 * i), 5);
  }
  cn_recorder_halt(&ear->recorder, 200);
  assert_counts(ear, 10, 10);
}

static void
test_other_note_forgets_what_follows(void** const state)
{
  Ear* const ear = (Ear*)*state;
  strike(ear, 20, 60);
  release(ear, 25, 60);
  strike(ear, 50, 61); // The model's note at 50 is cut, too
  assert_counts(ear, 4, 2);
  release(ear, 55, 61);
  assert_int_equal(count(ear, CN_PART_MUSICIAN, 51), 0);
}

static void
test_chord_keeps_what_was_heard_of_it(void** const state)
{
  Ear* const ear = (Ear*)*state;
  strike(ear, 40, 60);
  strike(ear, 40, 61);
  strike(ear, 41, 60); // Heard already: another note
  assert_int_equal(count(ear, CN_PART_MUSICIAN, 40), 3);
  assert_int_equal(duration_at(ear, 40), 1);
}

static void
test_shorter_note_overwrites_from_its_end(void** const state)
{
  Ear* const ear = (Ear*)*state;
  strike(ear, 40, 60);
  release(ear, 42, 60);
  assert_int_equal(duration_at(ear, 40), 5); // The transport may still halt
  cn_recorder_check(&ear->recorder, 44);
  assert_int_equal(duration_at(ear, 40), 2);
  assert_int_equal(count(ear, CN_PART_CONTINUO, INT32_MIN), 2);
  assert_int_equal(count(ear, CN_PART_MUSICIAN, INT32_MIN), 10);
}

static void
test_longer_note_overwrites_from_where_it_shows(void** const state)
{
  Ear* const ear = (Ear*)*state;
  strike(ear, 40, 60);
  cn_recorder_check(&ear->recorder, 46); // Might end a tick late
  assert_int_equal(count(ear, CN_PART_CONTINUO, INT32_MIN), 10);
  cn_recorder_check(&ear->recorder, 48);
  assert_int_equal(duration_at(ear, 40), CN_DURATION_HELD);
  assert_int_equal(count(ear, CN_PART_CONTINUO, INT32_MIN), 2);
  release(ear, 59, 60);
  assert_int_equal(duration_at(ear, 40), 19);
}

static void
test_halt_is_no_change(void** const state)
{
  Ear* const ear = (Ear*)*state;
  strike(ear, 40, 60);
  release(ear, 42, 60);
  cn_recorder_halt(&ear->recorder, 42);
  cn_recorder_begin_pass(&ear->recorder);
  strike(ear, 40, 60);
  cn_recorder_halt(&ear->recorder, 43);
  cn_recorder_check(&ear->recorder, 100);
  assert_int_equal(duration_at(ear, 40), 5);
  assert_counts(ear, 10, 10);
}

static void
test_halt_ends_new_notes(void** const state)
{
  Ear* const ear = (Ear*)*state;
  strike(ear, 300, 60);
  cn_recorder_halt(&ear->recorder, 310);
  assert_int_equal(duration_at(ear, 300), 10);
}

static void
test_other_channels_release_is_not_ours(void** const state)
{
  Ear* const ear = (Ear*)*state;
  strike(ear, 300, 60);
  cn_recorder_off(&ear->recorder,
                  &(CnCommand){.kind = CN_COMMAND_OFF, .tick = 305, .pitch = 60, .channel = 4});
  assert_int_equal(duration_at(ear, 300), CN_DURATION_HELD);
}

static void
lift(Ear* const ear, const int32_t tick, const unsigned pitch)
{
  cn_recorder_lift(&ear->recorder,
                   &(CnCommand){.kind = CN_COMMAND_LIFT, .tick = tick, .pitch = (uint8_t)pitch});
}

static int32_t
key_at(const Ear* const ear, const int32_t onset)
{
  const CnTake* const take = &ear->recorder.take;
  return take->keys[cn_take_find_played(take, onset, 60)];
}

static void
test_pedal_holds_a_note_for_a_bar(void** const state)
{
  Ear* const ear = (Ear*)*state;
  strike(ear, 300, 60);
  assert_int_equal(key_at(ear, 300), CN_DURATION_HELD);
  lift(ear, 306, 60);
  assert_int_equal(key_at(ear, 300), 6);
  cn_recorder_check(&ear->recorder, 306 + 95);
  assert_int_equal(duration_at(ear, 300), CN_DURATION_HELD);
  cn_recorder_check(&ear->recorder, 306 + 96);
  assert_int_equal(duration_at(ear, 300), 6 + 96);
  release(ear, 500, 60); // The pedal, at last
  assert_int_equal(duration_at(ear, 300), 6 + 96);
  strike(ear, 510, 60);
  lift(ear, 520, 60);
  release(ear, 530, 60);
  assert_int_equal(duration_at(ear, 510), 20);
  assert_int_equal(key_at(ear, 510), 10);
}

static void
test_pedalled_note_is_recalled(void** const state)
{
  Ear* const ear = (Ear*)*state;
  strike(ear, 300, 60);
  lift(ear, 306, 60);
  cn_recorder_halt(&ear->recorder, 330);
  strike(ear, 340, 62);
  cn_recorder_halt(&ear->recorder, 350);
  for (int32_t i = -1; i <= 1; ++i) {
    cn_recorder_begin_pass(&ear->recorder);
    strike(ear, 300 + i, 60);
    lift(ear, 306 - i, 60);
    release(ear, 330 + i, 60);
    cn_recorder_check(&ear->recorder, 335);
    assert_int_equal(duration_at(ear, 300), 30);
    assert_int_equal(key_at(ear, 300), 6);
  }
  const CnNote own = {.onset = 320, .duration = 5, .pitch = 80, .velocity = 1, .part = CN_PART_CONTINUO};
  cn_take_insert(&ear->recorder.take, &own, 0);
  cn_recorder_begin_pass(&ear->recorder);
  strike(ear, 300, 60); // Now the finger stays
  cn_recorder_check(&ear->recorder, 307);
  assert_int_equal(count(ear, CN_PART_CONTINUO, 300), 1);
  cn_recorder_check(&ear->recorder, 308);
  assert_int_equal(count(ear, CN_PART_CONTINUO, 300), 0);
  assert_int_equal(key_at(ear, 300), CN_DURATION_HELD);
}

/// Press or release key 60 of a channel
static void
press(Ear* const ear, const int32_t tick, const unsigned channel, const bool is_down)
{
  const CnCommand command = {.kind     = CN_COMMAND_ON,
                             .tick     = tick,
                             .played   = tick,
                             .pitch    = 60,
                             .velocity = 70,
                             .channel  = (uint8_t)channel,
                             .bar      = {0, 96}};
  if (is_down) {
    cn_recorder_on(&ear->recorder, &command);
  } else {
    cn_recorder_off(&ear->recorder, &command);
  }
}

static void
test_key_of_another_channel_is_another(void** const state)
{
  Ear* const ear = (Ear*)*state;
  for (unsigned first = 0; first < 2; ++first) { // Whichever is released first
    for (int32_t gap = 0; gap < 2; ++gap) {      // One note within a tick, or two
      for (int pass = 0; pass < 2; ++pass) {     // The second time it is recalled
        const int32_t onset = 300 + 200 * (int32_t)first + 100 * gap;
        cn_recorder_begin_pass(&ear->recorder);
        press(ear, onset, 3, true);
        press(ear, onset + gap, 5, true);
        press(ear, onset + 10, first ? 5 : 3, false);
        press(ear, onset + 40, first ? 3 : 5, false);
        cn_recorder_check(&ear->recorder, onset + 50);
        const bool is_long = gap == 0 || first == 1; // The note of channel 3, or of both
        assert_int_equal(duration_at(ear, onset), is_long ? 40 : 10);
        assert_int_equal(key_at(ear, onset), is_long ? 40 : 10);
        assert_int_equal(count(ear, CN_PART_MUSICIAN, onset), gap + 1);
        if (gap) {
          assert_int_equal(duration_at(ear, onset + 1), first ? 9 : 39);
        }
      }
    }
  }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_same_notes_change_nothing),
      CASE(test_other_note_forgets_what_follows),
      CASE(test_chord_keeps_what_was_heard_of_it),
      CASE(test_shorter_note_overwrites_from_its_end),
      CASE(test_longer_note_overwrites_from_where_it_shows),
      CASE(test_halt_is_no_change),
      CASE(test_halt_ends_new_notes),
      CASE(test_other_channels_release_is_not_ours),
      CASE(test_pedal_holds_a_note_for_a_bar),
      CASE(test_pedalled_note_is_recalled),
      CASE(test_key_of_another_channel_is_another),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
