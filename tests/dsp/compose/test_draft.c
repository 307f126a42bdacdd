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

// A phrase of the musician's, and a take of ours that is written behind it, segment after segment
typedef struct {
  CnNote   notes[8192];
  uint32_t n;
  int32_t  step; // [ticks] that the writer wants between notes; 0: a chord without an end
  CnNote   last;
} Take;

enum { PHRASE = 32, TAKE_BAR = 96, TAKE_BARS = 24 };

static const CnNote*
last_of_take(void* const handle)
{
  return &((const Take*)handle)->last;
}

static int64_t
find_even_onset(void* const handle, CnDraft* const draft)
{
  const Take* const take = (const Take*)handle;
  const int64_t     next = take->last.onset + take->step;
  return next > draft->start ? next : draft->start;
}

static uint8_t
find_any_pitch(void* const handle, CnDraft* const draft, const bool* const is_possible)
{
  (void)handle;
  (void)draft;
  unsigned p = 0;
  while (!is_possible[p]) {
    ++p;
  }
  return (uint8_t)(CN_PITCH_MIN + p);
}

static int32_t
find_short_duration(void* const handle, CnDraft* const draft)
{
  (void)handle;
  (void)draft;
  return 3;
}

static CnStatus
absorb_into_take(void* const handle, const CnNote* const note)
{
  ((Take*)handle)->last = *note;
  return CN_STATUS_SUCCESS;
}

/// The musician plays PHRASE eighths; then 24 bars of a writer that wants the same step all the time
static void
write_take(Take* const take, const int32_t step, const uint8_t role)
{
  const CnWriter writer = {.handle   = take,
                           .last     = last_of_take,
                           .onset    = find_even_onset,
                           .pitch    = find_any_pitch,
                           .duration = find_short_duration,
                           .velocity = find_velocity,
                           .absorb   = absorb_into_take,
                           .keys     = cn_keys_all()};
  take->n               = PHRASE;
  take->step            = step;
  for (int32_t i = 0; i < PHRASE; ++i) {
    take->notes[i] = (CnNote){.onset    = 12 * i,
                              .duration = 12,
                              .bar      = cn_bar_place((CnBar){0, TAKE_BAR}, 12 * i),
                              .pitch    = (uint8_t)(60 + i % 5),
                              .velocity = 64};
    take->last     = take->notes[i];
  }
  for (int32_t segment = PHRASE; segment < PHRASE + TAKE_BARS * TAKE_BAR / CN_SEGMENT_TICKS; ++segment) {
    const CnPlanRequest request = {.segment   = segment,
                                   .bar       = {0, TAKE_BAR},
                                   .params    = {.chord = CN_CHORD_NONE, .role = role},
                                   .history   = take->notes,
                                   .n_history = take->n};
    CnDraft             draft   = cn_draft_begin(&request);
    take->n += cn_draft_write(&draft, &writer, take->notes + take->n);
  }
}

static void
test_no_more_than_64_steps_are_alike(void** const state)
{
  (void)state;
  static Take take;
  for (int32_t step = 6; step <= 24; step += 6) {
    uint32_t run     = 0;
    uint32_t longest = 0;
    write_take(&take, step, CN_ROLE_SOLO);
    for (uint32_t i = PHRASE + 1; i < take.n; ++i) {
      run     = take.notes[i].onset - take.notes[i - 1].onset == step ? run + 1 : 0;
      longest = run > longest ? run : longest;
    }
    assert_int_equal(longest, 64);
    assert_int_equal(take.n - PHRASE,
                     TAKE_BARS * TAKE_BAR / step - (uint32_t)(TAKE_BARS * TAKE_BAR / step) / 66);
  }
}

static void
test_no_take_is_twice_as_dense_as_its_phrase(void** const state)
{
  (void)state;
  static Take take;
  write_take(&take, 1, CN_ROLE_CONTINUE);
  assert_true(take.n > PHRASE + 300); // It wants 2304, and has nearly all of the 384 that it may
  for (uint32_t i = PHRASE; i < take.n; ++i) {
    uint32_t n = 0;
    while (i + n < take.n && take.notes[i + n].onset < take.notes[i].onset + 4 * TAKE_BAR) {
      ++n;
    }
    assert_true(n <= 2 * PHRASE); // The phrase has four bars
  }
  write_take(&take, 1, CN_ROLE_SOLO);
  assert_int_equal(take.n, PHRASE + TAKE_BARS * TAKE_BAR - 34);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_held_keys_are_not_offered),
      cmocka_unit_test(test_first_note_is_bound),
      cmocka_unit_test(test_no_note_sounds_beyond_the_close),
      cmocka_unit_test(test_limit_of_keys_at_once_is_kept),
      cmocka_unit_test(test_no_more_than_64_steps_are_alike),
      cmocka_unit_test(test_no_take_is_twice_as_dense_as_its_phrase),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
