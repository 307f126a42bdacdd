// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file smf_track.h
   The events of one track; private to the reader.
*/

#ifndef CN_SMF_TRACK_H
#define CN_SMF_TRACK_H

#include "dsp/base/fault.h"
#include "dsp/file/smf_events.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CN_SMF_CHUNK_HEAD 8 ///< [bytes] Type and length

/// The bytes, where we are in them, and what they told
typedef struct {
  const uint8_t* data;
  size_t         at;    ///< Next byte to read
  size_t         limit; ///< End of the chunk or file that is read
  unsigned       track; ///< Number of the track that is read, from 1
  CnSmfEvents    events;
  CnFault        fault;
} CnSmfReader;

/// Count a fault that does not keep us from reading on.  Thread: WORKER
static inline void
cn_smf_note_fault(CnSmfReader* const reader, const CnFileFault fault)
{
  ++reader->events.info.faults[fault];
}

/// A number of up to four bytes, the highest first.  Thread: ANY
static inline uint32_t
cn_smf_read_big(const uint8_t* const bytes, const unsigned n)
{
  uint32_t value = 0;
  for (unsigned i = 0; i < n; ++i) {
    value = value << 8 | bytes[i];
  }
  return value;
}

/// True if another track begins at a place before `limit`.  Thread: WORKER
bool
cn_smf_is_track(const CnSmfReader* reader, size_t at, size_t limit);

/**
   Read the events of a track, whose chunk ends at the reader's limit, to its end.

   What counts is the data: where the chunk ends before the track does, and no other one begins there, it
   goes on.

   @param file_limit Where the file ends.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_smf_read_track(CnSmfReader* reader, size_t file_limit);

#endif // CN_SMF_TRACK_H
