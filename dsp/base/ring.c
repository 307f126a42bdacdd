// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/base/ring.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

CnStatus
cn_ring_init(CnRing* const ring, const uint32_t n_records, const size_t record_size)
{
  assert(n_records > 0 && (n_records & (n_records - 1)) == 0);
  ring->records     = (uint8_t*)calloc(n_records, record_size);
  ring->record_size = record_size;
  ring->n_records   = n_records;
  if (ring->records) { // Else the writer's first round would cost it a page fault a page
    memset(ring->records, 0xFF, n_records * record_size);
  }
  atomic_init(&ring->n_pushed, 0);
  atomic_init(&ring->n_popped, 0);
  return ring->records ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
}

void
cn_ring_clear(CnRing* const ring)
{
  free(ring->records);
  ring->records = NULL;
}

static uint8_t*
record_at(const CnRing* const ring, const uint32_t index)
{
  return ring->records + (size_t)(index & (ring->n_records - 1)) * ring->record_size;
}

CN_AUDIO bool
cn_ring_push(CnRing* const ring, const void* const record)
{
  const uint32_t n_pushed = atomic_load_explicit(&ring->n_pushed, memory_order_relaxed);
  const uint32_t n_popped = atomic_load_explicit(&ring->n_popped, memory_order_acquire);
  if (n_pushed - n_popped == ring->n_records) {
    return false;
  }
  memcpy(record_at(ring, n_pushed), record, ring->record_size);
  atomic_store_explicit(&ring->n_pushed, n_pushed + 1, memory_order_release);
  return true;
}

CN_AUDIO bool
cn_ring_pop(CnRing* const ring, void* const record)
{
  const uint32_t n_popped = atomic_load_explicit(&ring->n_popped, memory_order_relaxed);
  const uint32_t n_pushed = atomic_load_explicit(&ring->n_pushed, memory_order_acquire);
  if (n_pushed == n_popped) {
    return false;
  }
  memcpy(record, record_at(ring, n_popped), ring->record_size);
  atomic_store_explicit(&ring->n_popped, n_popped + 1, memory_order_release);
  return true;
}

CN_AUDIO uint32_t
cn_ring_room(const CnRing* const ring)
{
  return ring->n_records - (atomic_load_explicit(&ring->n_pushed, memory_order_relaxed) -
                            atomic_load_explicit(&ring->n_popped, memory_order_acquire));
}

CN_AUDIO uint32_t
cn_ring_pushed(const CnRing* const ring)
{
  return atomic_load_explicit(&ring->n_pushed, memory_order_relaxed);
}

CN_AUDIO uint32_t
cn_ring_popped(const CnRing* const ring)
{
  return atomic_load_explicit(&ring->n_popped, memory_order_relaxed);
}

CN_AUDIO bool
cn_ring_is_empty(const CnRing* const ring)
{
  return atomic_load_explicit(&ring->n_pushed, memory_order_acquire) ==
         atomic_load_explicit(&ring->n_popped, memory_order_acquire);
}
