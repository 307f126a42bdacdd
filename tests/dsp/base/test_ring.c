// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // RUSAGE_THREAD

#include "dsp/base/ring.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#define N_RECORDS 8
#define N_PASSED 20000

/// A record that shows if it was torn
typedef struct {
  uint32_t number;
  uint32_t twice;
  uint32_t thrice;
} Record;

static Record
make_record(const uint32_t number)
{
  return (Record){number, 2 * number, 3 * number};
}

static void
assert_record(const Record record, const uint32_t number)
{
  assert_int_equal(record.number, number);
  assert_int_equal(record.twice, 2 * number);
  assert_int_equal(record.thrice, 3 * number);
}

static void
test_records_come_out_in_order(void** const state)
{
  (void)state;
  CnRing ring;
  Record record;
  assert_int_equal(cn_ring_init(&ring, N_RECORDS, sizeof(Record)), CN_STATUS_SUCCESS);
  assert_true(cn_ring_is_empty(&ring));
  assert_false(cn_ring_pop(&ring, &record));
  uint32_t pushed = 0;
  uint32_t popped = 0;
  for (uint32_t step = 0; step < 100; ++step) {
    for (uint32_t i = 0; i <= step % N_RECORDS; ++i) {
      record = make_record(pushed++);
      assert_true(cn_ring_push(&ring, &record));
    }
    while (cn_ring_pop(&ring, &record)) {
      assert_record(record, popped++);
    }
    assert_int_equal(popped, pushed);
    assert_int_equal(cn_ring_pushed(&ring), pushed);
    assert_int_equal(cn_ring_popped(&ring), popped);
  }
  cn_ring_clear(&ring);
}

static void
test_full_ring_refuses(void** const state)
{
  (void)state;
  CnRing ring;
  Record record = make_record(1);
  assert_int_equal(cn_ring_init(&ring, N_RECORDS, sizeof(Record)), CN_STATUS_SUCCESS);
  for (uint32_t i = 0; i < N_RECORDS; ++i) {
    assert_true(cn_ring_push(&ring, &record));
  }
  const Record other = make_record(2);
  assert_false(cn_ring_push(&ring, &other));
  assert_true(cn_ring_pop(&ring, &record));
  assert_record(record, 1);
  assert_true(cn_ring_push(&ring, &other));
  assert_false(cn_ring_is_empty(&ring));
  cn_ring_clear(&ring);
}

static void
test_indices_wrap_around(void** const state)
{
  (void)state;
  CnRing ring;
  assert_int_equal(cn_ring_init(&ring, N_RECORDS, sizeof(Record)), CN_STATUS_SUCCESS);
  atomic_init(&ring.n_pushed, UINT32_MAX - 2);
  atomic_init(&ring.n_popped, UINT32_MAX - 2);
  for (uint32_t i = 0; i < N_RECORDS; ++i) {
    const Record record = make_record(i);
    assert_true(cn_ring_push(&ring, &record));
  }
  assert_false(cn_ring_push(&ring, &(Record){0}));
  for (uint32_t i = 0; i < N_RECORDS; ++i) {
    Record record;
    assert_true(cn_ring_pop(&ring, &record));
    assert_record(record, i);
  }
  assert_true(cn_ring_is_empty(&ring));
  cn_ring_clear(&ring);
}

static void*
produce(void* const handle)
{
  CnRing* const ring = (CnRing*)handle;
  for (uint32_t i = 0; i < N_PASSED;) {
    const Record record = make_record(i);
    if (cn_ring_push(ring, &record)) {
      ++i;
    } else {
      sched_yield();
    }
  }
  return NULL;
}

static void
test_threads_pass_whole_records(void** const state)
{
  (void)state;
  CnRing    ring;
  pthread_t producer;
  assert_int_equal(cn_ring_init(&ring, N_RECORDS, sizeof(Record)), CN_STATUS_SUCCESS);
  assert_int_equal(pthread_create(&producer, NULL, produce, &ring), 0);
  for (uint32_t i = 0; i < N_PASSED;) {
    Record record;
    if (cn_ring_pop(&ring, &record)) {
      assert_record(record, i++);
    } else {
      sched_yield();
    }
  }
  pthread_join(producer, NULL);
  assert_true(cn_ring_is_empty(&ring));
  cn_ring_clear(&ring);
}

/// The audio thread pushes, and must not wait for the system to find it a page
static void
test_pages_are_there_before_the_first_push(void** const state)
{
  enum { N_LARGE = 4096, SIZE = 128 };
  static uint8_t record[SIZE];
  struct rusage  before;
  struct rusage  after;
  CnRing         ring;
  (void)state;
  assert_int_equal(cn_ring_init(&ring, N_LARGE, SIZE), CN_STATUS_SUCCESS);
  assert_true(cn_ring_push(&ring, record)); // What the first call alone costs
  assert_int_equal(getrusage(RUSAGE_THREAD, &before), 0);
  while (cn_ring_push(&ring, record)) {
  }
  assert_int_equal(getrusage(RUSAGE_THREAD, &after), 0);
  assert_true(after.ru_minflt - before.ru_minflt < N_LARGE * SIZE / 4096 / 8);
  cn_ring_clear(&ring);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_records_come_out_in_order),
      cmocka_unit_test(test_full_ring_refuses),
      cmocka_unit_test(test_indices_wrap_around),
      cmocka_unit_test(test_threads_pass_whole_records),
      cmocka_unit_test(test_pages_are_there_before_the_first_push),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
