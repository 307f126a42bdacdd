// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/part/timeline.h"
#include "dsp/take/take.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define N_ROUNDS 20000

/// A segment all of whose parts tell its `seed`
static CnSegment
make_segment(const int32_t number, const uint32_t seed)
{
  CnSegment segment = {
      .segment = number, .take = seed, .past = seed, .place = seed, .n_notes = seed % (CN_SEGMENT_NOTES + 1)};
  for (uint32_t i = 0; i < segment.n_notes; ++i) {
    segment.notes[i] = (CnTimedNote){(uint16_t)(seed + i), (uint8_t)(i % 12), (uint8_t)(seed % 128),
                                     1 + i % 127,          (uint8_t)(i % 64), (int8_t)(5 - i % 11)};
  }
  return segment;
}

static bool
is_whole(const CnSegment* const segment)
{
  const uint32_t seed = segment->take;
  bool           whole =
      segment->past == seed && segment->place == seed && segment->n_notes == seed % (CN_SEGMENT_NOTES + 1);
  for (uint32_t i = 0; whole && i < segment->n_notes; ++i) {
    const CnTimedNote note = segment->notes[i];
    whole = note.duration == (uint16_t)(seed + i) && note.offset == i % 12 && note.pitch == seed % 128 &&
            note.velocity == 1 + i % 127;
  }
  return whole;
}

static void
test_segments_are_kept_by_number(void** const state)
{
  static const int32_t numbers[] = {-5, -1, 0, 1, 100, 7 + CN_TIMELINE_SLOTS};
  (void)state;
  CnTimeline* const timeline = cn_timeline_new();
  CnSegment         segment;
  assert_non_null(timeline);
  assert_false(cn_timeline_read(timeline, 0, &segment));
  for (uint32_t i = 0; i < 6; ++i) {
    segment = make_segment(numbers[i], 20 + i);
    cn_timeline_write(timeline, &segment);
  }
  for (uint32_t i = 0; i < 6; ++i) {
    assert_true(cn_timeline_read(timeline, numbers[i], &segment));
    assert_int_equal(segment.take, 20 + i);
    assert_true(is_whole(&segment));
  }
  assert_false(cn_timeline_read(timeline, 7, &segment));
  cn_timeline_free(timeline);
}

static void
test_erase_forgets_from_there(void** const state)
{
  (void)state;
  CnTimeline* const timeline = cn_timeline_new();
  CnSegment         segment;
  assert_non_null(timeline);
  for (int32_t i = -10; i < 10; ++i) {
    segment = make_segment(i, 3);
    cn_timeline_write(timeline, &segment);
  }
  segment = make_segment(100 + 3 * CN_TIMELINE_SLOTS, 3);
  cn_timeline_write(timeline, &segment);
  cn_timeline_erase(timeline, 4);
  for (int32_t i = -10; i < 10; ++i) {
    assert_int_equal(cn_timeline_read(timeline, i, &segment), i < 4);
  }
  assert_false(cn_timeline_read(timeline, 100 + 3 * CN_TIMELINE_SLOTS, &segment));
  cn_timeline_free(timeline);
}

static void
test_segment_of_a_tick(void** const state)
{
  (void)state;
  for (int32_t tick = -100; tick < 100; ++tick) {
    const int32_t start = cn_segment_at(tick) * CN_SEGMENT_TICKS;
    assert_in_range(tick - start, 0, CN_SEGMENT_TICKS - 1);
  }
}

/// A writer in a thread of its own
typedef struct {
  CnTimeline* timeline;
  atomic_bool is_done;
} Writer;

static void*
write_on(void* const handle)
{
  Writer* const writer = (Writer*)handle;
  for (uint32_t i = 0; i < N_ROUNDS; ++i) {
    const CnSegment segment = make_segment(5, i);
    cn_timeline_write(writer->timeline, &segment);
    if (i % 100 == 0) {
      cn_timeline_erase(writer->timeline, 5);
    }
  }
  atomic_store(&writer->is_done, true);
  return NULL;
}

static void
test_reader_sees_whole_segments_only(void** const state)
{
  (void)state;
  Writer    writer = {.timeline = cn_timeline_new()};
  pthread_t thread;
  uint32_t  n_read = 0;
  assert_non_null(writer.timeline);
  assert_int_equal(pthread_create(&thread, NULL, write_on, &writer), 0);
  while (!atomic_load(&writer.is_done) || n_read == 0) {
    CnSegment segment;
    if (cn_timeline_read(writer.timeline, 5, &segment)) {
      ++n_read;
      assert_true(is_whole(&segment));
    }
  }
  pthread_join(thread, NULL);
  cn_timeline_free(writer.timeline);
}

// The take

static CnNote
make_note(const int32_t onset, const unsigned pitch, const CnPart part)
{
  return (CnNote){.onset    = onset,
                  .duration = 5,
                  .bar      = {0, 96},
                  .pitch    = (uint8_t)pitch,
                  .velocity = 64,
                  .part     = (uint8_t)part};
}

static CnTake
make_take(void)
{
  CnTake take;
  assert_int_equal(cn_take_init(&take), CN_STATUS_SUCCESS);
  for (int32_t i = 0; i < 100; ++i) { // In an order that is none
    const int32_t onset = i * 37 % 100;
    const CnNote  note  = make_note(onset, 40, onset % 2 ? CN_PART_MUSICIAN : CN_PART_CONTINUO);
    cn_take_insert(&take, &note, 1U + (uint32_t)onset % 3);
  }
  return take;
}

static void
test_notes_stand_in_order(void** const state)
{
  (void)state;
  CnTake take = make_take();
  assert_int_equal(take.n_notes, 100);
  for (int32_t i = 0; i < 100; ++i) {
    assert_int_equal(take.notes[i].onset, i);
    assert_int_equal(cn_take_find(&take, i), i);
    assert_int_equal(cn_take_find_played(&take, i, 40), i % 2 ? i : 100);
  }
  assert_int_equal(cn_take_find(&take, -5), 0);
  assert_int_equal(cn_take_find(&take, 100), 100);
  cn_take_clear(&take);
}

static void
test_erase_spares_the_musicians(void** const state)
{
  (void)state;
  CnTake take = make_take();
  cn_take_erase_own(&take, 50);
  assert_int_equal(take.n_notes, 75);
  for (uint32_t i = 50; i < 75; ++i) {
    assert_int_equal(take.notes[i].part, CN_PART_MUSICIAN);
  }
  cn_take_erase_unheard(&take, 50, 2);
  for (uint32_t i = 50; i < take.n_notes; ++i) {
    assert_int_equal(take.notes[i].onset % 3, 1);
  }
  assert_int_equal(take.n_notes, 50 + 8);
  cn_take_clear(&take);
}

static void
test_full_take_forgets_the_oldest(void** const state)
{
  (void)state;
  CnTake take;
  assert_int_equal(cn_take_init(&take), CN_STATUS_SUCCESS);
  for (int32_t i = 0; i < CN_TAKE_NOTES + 1; ++i) {
    const CnNote note = make_note(i, 60, CN_PART_MUSICIAN);
    cn_take_insert(&take, &note, 1);
  }
  assert_int_equal(take.n_notes, CN_TAKE_NOTES - CN_TAKE_NOTES / 8 + 1);
  assert_int_equal(take.notes[0].onset, CN_TAKE_NOTES / 8);
  assert_int_equal(take.notes[take.n_notes - 1].onset, CN_TAKE_NOTES);
  cn_take_clear(&take);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_segments_are_kept_by_number),
      cmocka_unit_test(test_erase_forgets_from_there),
      cmocka_unit_test(test_segment_of_a_tick),
      cmocka_unit_test(test_reader_sees_whole_segments_only),
      cmocka_unit_test(test_notes_stand_in_order),
      cmocka_unit_test(test_erase_spares_the_musicians),
      cmocka_unit_test(test_full_take_forgets_the_oldest),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
