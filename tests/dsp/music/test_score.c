// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/alloc.h"
#include "tests/support/midi_file.h"

#include "dsp/music/score.h"
#include "dsp/music/score_part.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static CnScore*
make_score(const CnNote* notes, const size_t n_notes)
{
  CnScore* score = NULL;
  assert_int_equal(cn_score_new(notes, n_notes, NULL, 0, NULL, 0, &score), CN_STATUS_SUCCESS);
  assert_canonical(score);
  return score;
}

static CnScore*
make_metres(const CnMeterChange* meters, const size_t n_meters)
{
  CnScore* score = NULL;
  assert_int_equal(cn_score_new(NULL, 0, NULL, 0, meters, n_meters, &score), CN_STATUS_SUCCESS);
  return score;
}

static void
assert_bar(const CnScore* score, const int32_t tick, const int32_t start, const int length)
{
  const CnBar bar = cn_score_bar(score, tick);
  assert_int_equal(bar.start, start);
  assert_int_equal(bar.length, length);
}

static void
test_orders_notes(void** state)
{
  const CnNote notes[] = {
      {24, 4, {0, 1}, 60, 80, 0, 0}, {0, 4, {0, 1}, 67, 80, 0, 0}, {0, 4, {0, 1}, 64, 80, 0, 0}};
  CnScore* score = make_score(notes, N(notes));
  (void)state;
  assert_int_equal(score->notes[0].pitch, 64);
  assert_int_equal(score->notes[1].pitch, 67);
  assert_int_equal(score->notes[2].pitch, 60);
  assert_int_equal(score->end, 28);
  cn_score_free(score);
}

static void
test_merges_duplicates(void** state)
{
  const CnNote notes[] = {{0, 9, {0, 1}, 60, 80, 2, CN_PART_CONTINUO},
                          {0, 4, {0, 1}, 60, 50, 5, CN_PART_MUSICIAN}};
  CnScore*     score   = make_score(notes, N(notes));
  (void)state;
  assert_int_equal(score->n_notes, 1);
  assert_int_equal(score->info.n_merged, 1);
  assert_int_equal(score->notes[0].duration, 9);
  assert_int_equal(score->notes[0].velocity, 80);
  assert_int_equal(score->notes[0].part, CN_PART_MUSICIAN);
  assert_int_equal(score->notes[0].channel, 5);
  cn_score_free(score);
}

static void
test_ends_a_key_where_any_part_strikes_it_again(void** state)
{
  const CnNote notes[] = {{0, 48, {0, 1}, 60, 50, 0, CN_PART_MUSICIAN},
                          {0, 48, {0, 1}, 64, 50, 0, CN_PART_MUSICIAN},
                          {24, 6, {0, 1}, 60, 50, 1, CN_PART_CONTINUO}};
  CnScore*     score   = make_score(notes, N(notes));
  (void)state;
  assert_int_equal(score->info.n_overlaps, 1);
  assert_int_equal(score->notes[0].duration, 24);
  assert_int_equal(score->notes[1].duration, 48);
  assert_int_equal(score->notes[2].duration, 6);
  cn_score_free(score);
}

static void
test_starts_a_bar_with_each_metre(void** state)
{
  const CnMeterChange meters[] = {{96 + 24, 3, 8}, {96 + 24 + 72, 2, 2}};
  CnScore*            score    = make_metres(meters, N(meters));
  (void)state;
  assert_int_equal(score->n_meters, 3);
  assert_bar(score, -1, -96, 96);
  assert_bar(score, 0, 0, 96);
  assert_bar(score, 119, 96, 96); // Cut short after a beat
  assert_bar(score, 120, 120, 36);
  assert_bar(score, 157, 156, 36);
  assert_bar(score, 192 + 97, 192 + 96, 96);
  cn_score_free(score);
}

static void
test_measures_the_longest_and_the_shortest_bar(void** state)
{
  const CnMeterChange meters[] = {{0, 255, 1}, {30000, 1, 64}};
  CnScore*            score    = make_metres(meters, N(meters));
  (void)state;
  assert_bar(score, 24479, 0, 24480);
  assert_bar(score, 30003, 30002, 2); // One and a half ticks, rounded
  cn_score_free(score);
}

static void
test_counts_seconds_through_tempi(void** state)
{
  const CnTempoChange tempi[] = {{24, 1000000}, {48, 1}, {48, 250000}};
  CnScore*            score   = NULL;
  (void)state;
  assert_int_equal(cn_score_new(NULL, 0, tempi, N(tempi), NULL, 0, &score), CN_STATUS_SUCCESS);
  assert_int_equal(score->n_tempi, 3);
  assert_float_equal(cn_score_seconds(score, -24), -0.5, 1e-6);
  assert_float_equal(cn_score_seconds(score, 0), 0.0, 1e-6);
  assert_float_equal(cn_score_seconds(score, 24), 0.5, 1e-6);
  assert_float_equal(cn_score_seconds(score, 36), 1.0, 1e-6);
  assert_float_equal(cn_score_seconds(score, 49), 1.5 + 0.25 / 24, 1e-6);
  assert_float_equal(cn_score_seconds(score, 72), 1.75, 1e-6);
  assert_int_equal(score->end, 48);
  cn_score_free(score);
}

static void
test_refuses_values_out_of_range(void** state)
{
  const CnNote        bad_notes[]  = {{-1, 4, {0, 1}, 60, 80, 0, 0},
                                      {0, 0, {0, 1}, 60, 80, 0, 0},
                                      {0, 4, {0, 1}, 128, 80, 0, 0},
                                      {0, 4, {0, 1}, 60, 0, 0, 0},
                                      {0, 4, {0, 1}, 60, 128, 0, 0},
                                      {0, 4, {0, 1}, 60, 80, 16, 0},
                                      {0, 4, {0, 1}, 60, 80, 9, 0},
                                      {0, 4, {0, 1}, 60, 80, 0, 2},
                                      {CN_SCORE_TICKS_MAX, 1, {0, 1}, 60, 80, 0, 0}};
  const CnTempoChange bad_tempi[]  = {{-1, 5}, {0, 0}, {0, CN_TEMPO_MAX + 1}};
  const CnMeterChange bad_meters[] = {{-1, 4, 4}, {0, 0, 4}, {0, 4, 0}, {0, 4, 3}, {0, 4, 128}};
  const CnTempoChange disorder[]   = {{5, 5}, {4, 5}};
  CnScore*            score        = NULL;
  (void)state;
  for (size_t i = 0; i < N(bad_notes); ++i) {
    assert_int_equal(cn_score_new(&bad_notes[i], 1, NULL, 0, NULL, 0, &score), CN_STATUS_BAD_ARG);
  }
  for (size_t i = 0; i < N(bad_tempi); ++i) {
    assert_int_equal(cn_score_new(NULL, 0, &bad_tempi[i], 1, NULL, 0, &score), CN_STATUS_BAD_ARG);
  }
  for (size_t i = 0; i < N(bad_meters); ++i) {
    assert_int_equal(cn_score_new(NULL, 0, NULL, 0, &bad_meters[i], 1, &score), CN_STATUS_BAD_ARG);
  }
  assert_int_equal(cn_score_new(NULL, 0, disorder, N(disorder), NULL, 0, &score), CN_STATUS_BAD_ARG);
  assert_null(score);
}

/// Four bars with a change of tempo and metre in the third
static CnScore*
make_bars(void)
{
  const CnNote        notes[]  = {{0, 200, {0, 1}, 50, 80, 0, 0},  {90, 12, {0, 1}, 60, 80, 0, 0},
                                  {96, 8, {0, 1}, 62, 70, 0, 1},   {180, 40, {0, 1}, 64, 60, 0, 0},
                                  {200, 12, {0, 1}, 65, 80, 0, 0}, {264, 12, {0, 1}, 67, 80, 0, 1}};
  const CnTempoChange tempi[]  = {{0, 600000}, {48, 400000}, {192, 300000}};
  const CnMeterChange meters[] = {{0, 4, 4}, {192, 3, 4}};
  CnScore*            score    = NULL;
  assert_int_equal(cn_score_new(notes, N(notes), tempi, N(tempi), meters, N(meters), &score),
                   CN_STATUS_SUCCESS);
  return score;
}

static void
test_a_part_has_what_begins_in_its_bars(void** state)
{
  (void)state;
  CnScore* const score = make_bars();
  CnScore*       part  = NULL;
  assert_int_equal(cn_score_part(score, 96, 192, &part), CN_STATUS_SUCCESS);
  assert_canonical(part);
  assert_int_equal(part->n_notes, 2);
  assert_int_equal(part->notes[0].onset, 0);
  assert_int_equal(part->notes[0].part, CN_PART_CONTINUO);
  assert_int_equal(part->notes[1].onset, 84);
  assert_int_equal(part->notes[1].duration, 12); // No longer than the range
  assert_int_equal(part->end, 96);
  assert_int_equal(part->n_tempi, 1);
  assert_int_equal(part->tempi[0].tempo, 400000); // Told before it
  assert_int_equal(part->n_meters, 1);
  cn_score_free(part);
  assert_int_equal(cn_score_part(score, 96, 264 + 72, &part), CN_STATUS_SUCCESS);
  assert_int_equal(part->n_notes, 4);
  assert_int_equal(part->end, 264 + 72 - 96); // To the range's end, though nothing sounds there
  assert_int_equal(part->n_tempi, 2);
  assert_int_equal(part->tempi[1].tick, 96);
  assert_int_equal(part->n_meters, 2);
  assert_int_equal(part->meters[1].tick, 96);
  assert_int_equal(part->meters[1].numerator, 3);
  cn_score_free(part);
  assert_int_equal(cn_score_part(score, 192, 264, &part), CN_STATUS_SUCCESS); // In the last metre
  assert_int_equal(part->meters[0].numerator, 3);
  assert_int_equal(part->tempi[0].tempo, 300000);
  cn_score_free(part);
  cn_score_free(score);
}

static void
test_no_part_of_nothing(void** state)
{
  (void)state;
  CnScore* const score = make_bars();
  CnScore*       part  = NULL;
  assert_int_equal(cn_score_part(score, 280, 400, &part), CN_STATUS_NOT_FOUND);
  assert_null(part);
  assert_int_equal(cn_score_part(score, 96, 96, &part), CN_STATUS_BAD_ARG);
  assert_int_equal(cn_score_part(score, -1, 96, &part), CN_STATUS_BAD_ARG);
  assert_int_equal(cn_score_part(score, 0, INT32_MAX, &part), CN_STATUS_BAD_ARG);
  CnStatus   status = CN_STATUS_NO_MEMORY;
  const long live   = test_alloc_live();
  for (long n = 0; status == CN_STATUS_NO_MEMORY; ++n) {
    assert_int_equal(test_alloc_live(), live);
    test_alloc_fail_at(n);
    status = cn_score_part(score, 0, 96, &part);
    test_alloc_fail_at(-1);
    assert_true(status == CN_STATUS_NO_MEMORY || n >= 3);
  }
  assert_int_equal(status, CN_STATUS_SUCCESS);
  cn_score_free(part);
  cn_score_free(score);
}

static void
test_survives_failing_allocations(void** state)
{
  const CnNote note   = {0, 4, {0, 1}, 60, 80, 0, 0};
  const long   live   = test_alloc_live();
  CnScore*     score  = NULL;
  CnStatus     status = CN_STATUS_NO_MEMORY;
  long         n      = 0;
  (void)state;
  for (; status == CN_STATUS_NO_MEMORY; ++n) {
    assert_null(score);
    assert_int_equal(test_alloc_live(), live);
    test_alloc_fail_at(n);
    status = cn_score_new(&note, 1, NULL, 0, NULL, 0, &score);
    test_alloc_fail_at(-1);
  }
  assert_int_equal(status, CN_STATUS_SUCCESS);
  assert_true(n > 1);
  cn_score_free(score);
  cn_score_free(NULL);
  assert_int_equal(test_alloc_live(), live);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_orders_notes),
      cmocka_unit_test(test_merges_duplicates),
      cmocka_unit_test(test_ends_a_key_where_any_part_strikes_it_again),
      cmocka_unit_test(test_starts_a_bar_with_each_metre),
      cmocka_unit_test(test_measures_the_longest_and_the_shortest_bar),
      cmocka_unit_test(test_counts_seconds_through_tempi),
      cmocka_unit_test(test_refuses_values_out_of_range),
      cmocka_unit_test(test_a_part_has_what_begins_in_its_bars),
      cmocka_unit_test(test_no_part_of_nothing),
      cmocka_unit_test(test_survives_failing_allocations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
