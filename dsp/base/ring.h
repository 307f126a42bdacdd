// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file ring.h
   A queue of records of one size, from one thread to one other, that never blocks either.

   Lamport's single-producer, single-consumer ring ("Specifying concurrent program modules", 1983)
   on C11 atomics: each side writes its own index only, and publishes it by a release store.
*/

#ifndef CN_RING_H
#define CN_RING_H

#include "dsp/base/attributes.h"
#include "dsp/base/status.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The queue; its indices run freely and wrap around
typedef struct {
  uint8_t*              records;
  size_t                record_size; ///< [bytes]
  uint32_t              n_records;   ///< A power of two
  atomic_uint_least32_t n_pushed;    ///< Written by the producer
  atomic_uint_least32_t n_popped;    ///< Written by the consumer
} CnRing;

/**
   Make an empty ring.

   @param n_records Most records in it at a time; a power of two.
   @param record_size [bytes]
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: INIT
*/
CnStatus
cn_ring_init(CnRing* ring, uint32_t n_records, size_t record_size);

/// Free what a ring holds; one of all zeros is allowed.  Thread: INIT
void
cn_ring_clear(CnRing* ring);

/// Append a record; false if there is no space.  Thread: AUDIO, the producer
CN_AUDIO bool
cn_ring_push(CnRing* ring, const void* record);

/// Take the oldest record; false if there is none.  Thread: AUDIO, the consumer
CN_AUDIO bool
cn_ring_pop(CnRing* ring, void* record);

/// Number of records that surely find space now.  Thread: AUDIO, the producer
CN_AUDIO uint32_t
cn_ring_room(const CnRing* ring);

/// How many records were ever pushed, modulo 2^32.  Thread: AUDIO, the producer
CN_AUDIO uint32_t
cn_ring_pushed(const CnRing* ring);

/// How many records were ever popped, modulo 2^32.  Thread: AUDIO, the consumer
CN_AUDIO uint32_t
cn_ring_popped(const CnRing* ring);

/// True if all that was pushed has been popped.  Thread: ANY
CN_AUDIO bool
cn_ring_is_empty(const CnRing* ring);

#endif // CN_RING_H
