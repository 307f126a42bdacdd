// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/draft.h"
#include "dsp/music/vocabulary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/// A network that wants a note every 2 ticks, on the lowest key that it may play
typedef struct {
  CnNote   last;
  int64_t  want;       ///< [ticks] the onset that it would like best for its first note
  unsigned n_possible; ///< Keys that it was given last
  int32_t  duration;   ///< [ticks] of its notes; 0: one
} Voice;

static const CnNote*
last_note(void* const handle)
{
  return &((const Voice*)handle)->last;
}

static int64_t
find_onset(void* const handle, CnDraft* const draft)
{
  const Voice* const voice = (const Voice*)handle;
  const int64_t      next  = voice->last.part == CN_PART_MUSICIAN ? voice->want : voice->last.onset + 2;
  return next > draft->start ? next : draft->start;
}

static uint8_t
find_pitch(void* const handle, CnDraft* const draft, const bool* const is_possible)
{
  (void)draft;
  Voice* const voice = (Voice*)handle;
  uint8_t      pitch = 0;
  voice->n_possible  = 0;
  for (unsigned p = CN_N_PITCHES; p > 0; --p) {
    pitch = is_possible[p - 1] ? (uint8_t)(CN_PITCH_MIN + p - 1) : pitch;
    voice->n_possible += is_possible[p - 1];
  }
  return pitch;
}

static int32_t
find_duration(void* const handle, CnDraft* const draft)
{
  const Voice* const voice = (const Voice*)handle;
  (void)draft;
  return voice->duration ? voice->duration : 1;
}

static uint8_t
find_velocity(void* const handle, CnDraft* const draft)
{
  (void)handle;
  (void)draft;
  return 64;
}

static CnStatus
absorb(void* const handle, const CnNote* const note)
{
  ((Voice*)handle)->last = *note;
  return CN_STATUS_SUCCESS;
}

/// Write segment 10, from tick 120 on, as a request binds it
static uint32_t
write(Voice* const voice, CnPlanRequest request, CnNote* const notes)
{
  const CnWriter writer = {.handle   = voice,
                           .last     = last_note,
                           .onset    = find_onset,
                           .pitch    = find_pitch,
                           .duration = find_duration,
                           .velocity = find_velocity,
                           .absorb   = absorb,
                           .keys     = cn_keys_all()};
  voice->last           = (CnNote){.onset = 90, .duration = 6, .pitch = 60, .part = CN_PART_MUSICIAN};
  request.segment       = 10;
  request.bar           = (CnBar){0, 96};
  request.params.chord  = CN_CHORD_NONE;
  CnDraft draft         = cn_draft_begin(&request);
  return cn_draft_write(&draft, &writer, notes);
}

static void
test_held_keys_are_not_offered(void** const state)
{
  (void)state;
  Voice  voice = {.want = 120};
  CnNote notes[CN_SEGMENT_NOTES];
  assert_int_equal(write(&voice, (CnPlanRequest){0}, notes), 6);
  assert_int_equal(notes[0].pitch, CN_PITCH_MIN);
  assert_int_equal(voice.n_possible, CN_N_PITCHES);
  assert_int_equal(write(&voice, (CnPlanRequest){.held = {UINT64_C(3) << 21U, 1}}, notes), 6); // A0, A#0, E4
  assert_int_equal(notes[5].pitch, 23);
  assert_int_equal(voice.n_possible, CN_N_PITCHES - 3);
  assert_int_equal(write(&voice, (CnPlanRequest){.held = {UINT64_MAX, UINT64_MAX}}, notes), 0);
}

static void
test_first_note_is_bound(void** const state)
{
  (void)state;
  Voice         voice = {.want = 100};
  CnNote        notes[CN_SEGMENT_NOTES];
  CnPlanRequest bound = {.enters = true, .from = 126, .until = 128};
  assert_int_equal(write(&voice, bound, notes), 3);
  assert_int_equal(notes[0].onset, 126);
  assert_int_equal(notes[1].onset, 128);
  voice.want = 300;
  assert_int_equal(write(&voice, bound, notes), 2);
  assert_int_equal(notes[0].onset, 128);
  assert_int_equal(notes[1].onset, 130); // The next is free
  bound.until = 140;
  assert_int_equal(write(&voice, bound, notes), 0); // There is time yet
  bound.enters = false;
  voice.want   = 100;
  assert_int_equal(write(&voice, bound, notes), 6);
  assert_int_equal(notes[0].onset, 120);
}

static void
test_no_note_sounds_beyond_the_close(void** const state)
{
  (void)state;
  Voice         voice = {.want = 120, .duration = 9};
  CnNote        notes[CN_SEGMENT_NOTES];
  CnPlanRequest request = {.closes = true, .close = 132};
  assert_int_equal(write(&voice, request, notes), 6);
  assert_int_equal(notes[1].duration, 9); // From 122 on
  assert_int_equal(notes[2].duration, 8);
  assert_int_equal(notes[5].duration, 2);
  request.close = 126; // Inside of the segment; whoever asks leaves out what begins there
  assert_int_equal(write(&voice, request, notes), 6);
  assert_int_equal(notes[2].duration, 2);
  assert_int_equal(notes[3].duration, 9);
}

static void
test_limit_of_keys_at_once_is_kept(void** const state)
{
  (void)state;
  Voice         voice = {.want = 120, .duration = 5};
  CnNote        notes[CN_SEGMENT_NOTES];
  CnPlanRequest request = {.params.rules.polyphony = 2};
  assert_int_equal(write(&voice, request, notes), 5); // At 120, 122, 125 where a key is free again, 127, 130
  assert_int_equal(notes[1].onset, 122);
  assert_int_equal(notes[2].onset, 125);
  assert_int_equal(notes[3].onset, 127);
  assert_int_equal(notes[4].onset, 130);

  voice.duration = 300;
  assert_int_equal(write(&voice, request, notes), 2);
  assert_int_equal(notes[0].duration, 300);
  assert_true(notes[1].duration < 100); // The last key is given back before long

  // What sounds on from before counts, the musician's does not
  const CnNote past[] = {
      {.onset = 80, .duration = 45, .pitch = 70, .part = CN_PART_CONTINUO},
      {.onset = 90, .duration = 40, .pitch = 72, .part = CN_PART_MUSICIAN},
  };
  request.history   = past;
  request.n_history = 2;
  voice.duration    = 20;
  assert_int_equal(write(&voice, request, notes), 2);
  assert_int_equal(notes[0].onset, 120);
  assert_int_equal(notes[1].onset, 125);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_held_keys_are_not_offered),
      cmocka_unit_test(test_first_note_is_bound),
      cmocka_unit_test(test_no_note_sounds_beyond_the_close),
      cmocka_unit_test(test_limit_of_keys_at_once_is_kept),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
