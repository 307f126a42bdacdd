// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/part/delivery.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { SEGMENT = 8, START = SEGMENT * CN_SEGMENT_TICKS }; // A bar line of 4/4

static CnNote
note_at(const int32_t onset)
{
  return (CnNote){.onset    = onset,
                  .duration = 6,
                  .bar      = cn_bar_place((CnBar){0, 96}, onset),
                  .pitch    = 60,
                  .velocity = 64,
                  .part     = CN_PART_CONTINUO};
}

static CnTimedNote
deliver(const CnPlanRequest* const request, const float tempo, const CnNote note)
{
  CnDelivery delivery = cn_delivery_begin(request, tempo, &note, 1);
  return cn_delivery_note(&delivery, &note, note.onset + note.duration, INT32_MAX);
}

/// [ticks] from the start of the segment
static double
place_of(const CnTimedNote* const note)
{
  return note->offset + (double)note->late / CN_LATE_PARTS;
}

static void
test_nothing_asked_changes_nothing(void** const state)
{
  (void)state;
  const CnPlanRequest request = {.segment = SEGMENT};
  for (int32_t i = 0; i < CN_SEGMENT_TICKS; ++i) {
    const CnTimedNote note = deliver(&request, 120.0F, note_at(START + i));
    assert_int_equal(note.offset, i);
    assert_int_equal(note.duration, 6);
    assert_int_equal(note.velocity, 64);
    assert_int_equal(note.late, 0);
    assert_int_equal(note.moved, 0);
  }
}

static void
test_swing_delays_second_halves(void** const state)
{
  (void)state;
  CnPlanRequest request      = {.segment = SEGMENT + 1};
  request.params.rules.swing = 75;
  const CnTimedNote second   = deliver(&request, 120.0F, note_at(START + 12));
  assert_int_equal(second.offset, 6);
  assert_int_equal(second.moved, 6);
  assert_int_equal(second.duration, 3); // Its end is delayed, too, but less
  const CnTimedNote middle = deliver(&request, 120.0F, note_at(START + 18));
  assert_int_equal(middle.offset, 9);
  request.segment          = SEGMENT;
  const CnTimedNote longer = deliver(&request, 120.0F, note_at(START + 6));
  assert_int_equal(longer.duration, 12); // Up to the delayed place after it
  const CnTimedNote first = deliver(&request, 120.0F, note_at(START + 6));
  assert_int_equal(first.moved, 0);
}

/// Deliver many takes; places must be in reach, and reach far enough
static void
check_spread(CnPlanRequest request, const float tempo, const int32_t onset, const double least,
             const double most)
{
  double lowest  = 1000.0;
  double highest = -1000.0;
  for (uint32_t take = 0; take < 500; ++take) {
    request.params.take    = take;
    const CnTimedNote note = deliver(&request, tempo, note_at(onset));
    lowest                 = fmin(lowest, place_of(&note));
    highest                = fmax(highest, place_of(&note));
    assert_int_equal(request.segment * CN_SEGMENT_TICKS + note.offset - note.moved, onset);
    assert_true(note.duration >= 1);
  }
  assert_true(lowest >= least && lowest < least + 0.5);
  assert_true(highest <= most && highest > most - 0.5);
}

static void
test_hands_are_off_by_milliseconds(void** const state)
{
  (void)state;
  CnPlanRequest request            = {.segment = SEGMENT};
  request.params.rules.humanise_ms = 50;
  check_spread(request, 60.0F, START + 6, 6 - 1.2, 6 + 1.2); // A tick is 41.7 ms
  check_spread(request, 120.0F, START + 6, 6 - 2.4, 6 + 2.4);
  check_spread(request, 0.0F, START + 6, 6 - 2.4, 6 + 2.4);
}

static void
test_bounds_are_kept(void** const state)
{
  (void)state;
  CnPlanRequest request            = {.segment = SEGMENT};
  request.params.rules.humanise_ms = 50;
  check_spread(request, 120.0F, START, 0, 2.4);       // Not before the segment, a bar line
  check_spread(request, 120.0F, START + 11, 8.6, 12); // Nor after it
  request.enters = true;
  request.from   = START + 5;
  check_spread(request, 120.0F, START + 6, 5, 8.4); // Nor before it may enter

  request.enters    = false; // A bar line within the segment: 5/8 and a sixteenth
  CnNote     before = note_at(START + 3);
  CnNote     after  = note_at(START + 4);
  CnDelivery delivery;
  before.bar = (CnBarPlace){59, 60};
  after.bar  = (CnBarPlace){0, 60};
  for (uint32_t take = 0; take < 500; ++take) {
    request.params.take = take;
    delivery            = cn_delivery_begin(&request, 120.0F, &before, 1);
    const CnTimedNote a = cn_delivery_note(&delivery, &before, before.onset + 6, INT32_MAX);
    const CnTimedNote b = cn_delivery_note(&delivery, &after, after.onset + 6, INT32_MAX);
    assert_true(place_of(&a) < 4 && place_of(&b) >= 4);
  }
}

static void
test_loudness_is_beside_the_musician(void** const state)
{
  (void)state;
  CnNote past[8];
  for (int32_t i = 0; i < 8; ++i) {
    past[i]          = note_at(12 * i);
    past[i].velocity = i % 2 ? 100 : 50; // He plays 50, and the model 100
    past[i].part     = i % 2 ? CN_PART_CONTINUO : CN_PART_MUSICIAN;
  }
  CnPlanRequest request         = {.segment = SEGMENT, .history = past, .n_history = 8};
  request.params.rules.loudness = 80;
  CnNote note                   = note_at(START);
  note.velocity                 = 100;
  assert_int_equal(deliver(&request, 120.0F, note).velocity, 40);
  request.params.rules.loudness = 0;
  assert_int_equal(deliver(&request, 120.0F, note).velocity, 100);
  request.params.rules.loudness = 200;
  request.n_history             = 0; // Beside nobody
  assert_int_equal(deliver(&request, 120.0F, note).velocity, 127);
  request.params.rules = (CnRules){.humanise_velocity = 20};
  unsigned n           = 0;
  for (uint32_t take = 0; take < 100; ++take) {
    request.params.take = take;
    const int velocity  = deliver(&request, 120.0F, note_at(START)).velocity;
    assert_in_range(velocity, 44, 84);
    n += velocity != 64;
  }
  assert_true(n > 80);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_nothing_asked_changes_nothing),
      cmocka_unit_test(test_swing_delays_second_halves),
      cmocka_unit_test(test_hands_are_off_by_milliseconds),
      cmocka_unit_test(test_bounds_are_kept),
      cmocka_unit_test(test_loudness_is_beside_the_musician),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
