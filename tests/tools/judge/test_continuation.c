// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/judge/continuation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_REQUESTS = 200 };

// A planner that plays one note a segment, and writes down what it was asked
typedef struct {
  CnPlanRequest requests[MAX_REQUESTS];
  CnNote        last[MAX_REQUESTS]; // Note of the history
  unsigned      n;
  CnStatus      status; // To answer with
} Diary;

static CnStatus
plan(void* const handle, const CnPlanRequest* const request, CnNote* const notes, uint32_t* const n_notes)
{
  Diary* const  diary = handle;
  const int32_t start = request->segment * CN_SEGMENT_TICKS;
  assert_true(diary->n < MAX_REQUESTS);
  diary->last[diary->n]       = request->history[request->n_history - 1];
  diary->requests[diary->n++] = *request;
  notes[0]                    = (CnNote){.onset    = start,
                                         .duration = 6,
                                         .bar      = cn_bar_place(request->bar, start),
                                         .pitch    = (uint8_t)(40 + request->segment % 40),
                                         .velocity = 64,
                                         .part     = CN_PART_CONTINUO};
  *n_notes                    = diary->status ? 0 : 1;
  return diary->status;
}

// A seed of one note that ends at a tick
static CnScore*
make_seed(const int32_t end, const CnMeterChange* const meters, const size_t n_meters)
{
  const CnNote note = {.onset = 0, .duration = end, .pitch = 60, .velocity = 64};
  CnScore*     seed = NULL;
  assert_int_equal(cn_score_new(&note, 1, NULL, 0, meters, n_meters, &seed), CN_STATUS_SUCCESS);
  return seed;
}

// Continue such a seed, and check what holds for all
static CnContinuation
continue_seed(Diary* const diary, const int32_t end, const CnMeterChange* const meters, const size_t n_meters,
              const CnContinuationSettings* const settings)
{
  const CnPlanner planner = {.handle = diary, .plan = plan, .id = 1};
  CnScore* const  seed    = make_seed(end, meters, n_meters);
  CnScore*        result  = NULL;
  CnContinuation  place;
  memset(diary, 0, sizeof(*diary));
  assert_int_equal(cn_score_continue(seed, &planner, settings, &result, &place), CN_STATUS_SUCCESS);

  assert_int_equal(place.n_notes, diary->n);
  assert_int_equal(result->n_notes, 1 + place.n_notes);
  assert_int_equal(result->notes[1].onset, place.start);
  assert_int_equal(cn_score_bar(seed, place.end).start, place.end);
  for (unsigned i = 0; i < diary->n; ++i) {
    const int32_t start = place.start + (int32_t)i * CN_SEGMENT_TICKS;
    const CnBar   bar   = cn_score_bar(seed, start);
    assert_int_equal(diary->requests[i].segment * CN_SEGMENT_TICKS, start);
    assert_int_equal(diary->requests[i].bar.start, bar.start);
    assert_int_equal(diary->requests[i].bar.length, bar.length);
    assert_int_equal(diary->requests[i].n_history, 1 + i); // It hears itself
    assert_int_equal(diary->last[i].onset, i ? start - CN_SEGMENT_TICKS : 0);
  }
  cn_score_free(result);
  cn_score_free(seed);
  return place;
}

static void
test_continuation_begins_after_the_seed_and_ends_on_a_bar_line(void** const state)
{
  static const struct {
    int32_t end, start, stop;
  } cases[] = {{96, 96, 288}, {97, 108, 384}, {90, 96, 288}, {50, 60, 288}};

  (void)state;
  const CnContinuationSettings settings = {.params = {.take = 7}, .n_bars = 2};
  Diary                        diary;
  for (unsigned c = 0; c < 4; ++c) {
    const CnContinuation place = continue_seed(&diary, cases[c].end, NULL, 0, &settings);
    assert_int_equal(place.start, cases[c].start);
    assert_int_equal(place.end, cases[c].stop);
    assert_int_equal(diary.n, (cases[c].stop - cases[c].start) / CN_SEGMENT_TICKS);
    assert_int_equal(diary.requests[0].params.take, 7);
  }
}

static void
test_each_bar_has_its_chord(void** const state)
{
  static const int32_t chords[] = {3, CN_CHORD_NONE, 20};

  (void)state;
  const CnContinuationSettings settings = {.chords = chords, .n_chords = 3, .n_bars = 6};
  const CnMeterChange          waltz    = {0, 3, 4};
  Diary                        diary;
  const CnContinuation         place = continue_seed(&diary, 100, &waltz, 1, &settings);
  assert_int_equal(place.start, 108); // Half a bar before the line at 144
  assert_int_equal(place.end, 144 + 6 * 72);
  for (unsigned i = 0; i < diary.n; ++i) {
    const int32_t bar = (place.start + (int32_t)i * CN_SEGMENT_TICKS) / 72 - 1;
    assert_int_equal(diary.requests[i].params.chord, chords[bar % 3]);
  }
}

// On a bar line, or in the middle of a bar, which ends there
static void
test_bars_are_those_of_a_new_metre(void** const state)
{
  static const int32_t chords[] = {0, 1, 2, 3};

  (void)state;
  const CnContinuationSettings settings = {.chords = chords, .n_chords = 4, .n_bars = 3};
  Diary                        diary;
  for (int32_t change = 192; change >= 144; change -= 48) {
    const CnMeterChange  meters[] = {{0, 4, 4}, {change, 3, 4}};
    const CnContinuation place    = continue_seed(&diary, 96, meters, 2, &settings);
    assert_int_equal(place.start, 96);
    assert_int_equal(place.end, change + 2 * 72);
    for (unsigned i = 0; i < diary.n; ++i) {
      const int32_t since = place.start + (int32_t)i * CN_SEGMENT_TICKS - change;
      assert_int_equal(diary.requests[i].params.chord, since < 0 ? 0 : 1 + since / 72);
    }
  }
}

// A planner that counts in seconds is told the tempo of each segment's place, and only such a one
static void
test_tempo_is_told_where_it_is_needed(void** const state)
{
  (void)state;
  const CnTempoChange          tempi[]  = {{0, 500000}, {192, 1000000}};
  const CnContinuationSettings settings = {.n_bars = 2};
  const CnNote                 note     = {.onset = 0, .duration = 96, .pitch = 60, .velocity = 64};
  for (unsigned needs = 0; needs < 2; ++needs) {
    Diary           diary   = {.n = 0};
    const CnPlanner planner = {.handle = &diary, .plan = plan, .id = 1, .needs_tempo = needs};
    CnScore*        seed    = NULL;
    CnScore*        result  = NULL;
    assert_int_equal(cn_score_new(&note, 1, tempi, 2, NULL, 0, &seed), CN_STATUS_SUCCESS);
    assert_int_equal(cn_score_continue(seed, &planner, &settings, &result, NULL), CN_STATUS_SUCCESS);
    assert_int_equal(diary.n, 16);
    for (unsigned i = 0; i < diary.n; ++i) {
      assert_float_equal(diary.requests[i].tempo, needs ? i < 8 ? 120.0F : 60.0F : 0.0F, 0.0F);
    }
    cn_score_free(result);
    cn_score_free(seed);
  }
}

static void
test_failure_of_the_planner_is_passed_on(void** const state)
{
  (void)state;
  const CnContinuationSettings settings = {.n_bars = 1};
  Diary                        diary    = {.status = CN_STATUS_OVERFLOW};
  const CnPlanner              planner  = {.handle = &diary, .plan = plan, .id = 1};
  CnScore* const               seed     = make_seed(96, NULL, 0);
  CnScore*                     result   = seed;
  assert_int_equal(cn_score_continue(seed, &planner, &settings, &result, NULL), CN_STATUS_OVERFLOW);
  assert_null(result);
  cn_score_free(seed);
}

static void
test_a_passage_begins_with_its_bar(void** const state)
{
  (void)state;
  static const uint16_t      lengths[] = {96, 72, 36, 18, 35};
  static const CnMeterChange meters[]  = {{0, 4, 4}, {0, 3, 4}, {0, 3, 8}, {0, 3, 16}, {0, 4, 4}};

  for (unsigned i = 0; i < 5; ++i) {
    const CnNote notes[] = {
        {.onset = 1005, .duration = 5, .bar = {5, lengths[i]}, .pitch = 60, .velocity = 64},
        {.onset = 1200, .duration = 5, .bar = {0, 96}, .pitch = 60, .velocity = 64}};
    CnScore* score = NULL;
    assert_int_equal(cn_score_of_passage(notes, 2, &score), CN_STATUS_SUCCESS);
    assert_int_equal(score->n_notes, 2);
    assert_int_equal(score->notes[0].onset, 5);
    assert_int_equal(score->notes[1].onset, 200);
    assert_int_equal(score->n_meters, 1);
    assert_int_equal(score->meters[0].numerator, meters[i].numerator);
    assert_int_equal(score->meters[0].denominator, meters[i].denominator);
    cn_score_free(score);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_continuation_begins_after_the_seed_and_ends_on_a_bar_line),
      cmocka_unit_test(test_each_bar_has_its_chord),
      cmocka_unit_test(test_bars_are_those_of_a_new_metre),
      cmocka_unit_test(test_tempo_is_told_where_it_is_needed),
      cmocka_unit_test(test_failure_of_the_planner_is_passed_on),
      cmocka_unit_test(test_a_passage_begins_with_its_bar),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
