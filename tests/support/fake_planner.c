// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/fake_planner.h"

#include "dsp/base/hash.h"
#include "dsp/take/take.h"

#include <string.h>
#include <time.h>

static uint64_t
hash_float(const uint64_t hash, const float value)
{
  uint32_t bits = 0;
  memcpy(&bits, &value, sizeof(bits));
  return cn_hash_mix(hash, bits);
}

static uint64_t
hash_request(const CnPlanRequest* const request)
{
  uint64_t hash = cn_hash_mix(0, (uint32_t)request->segment);
  hash          = cn_hash_mix(hash, (uint32_t)request->bar.start);
  hash          = cn_hash_mix(hash, request->bar.length);
  hash          = hash_float(hash, request->params.temperature);
  hash          = hash_float(hash, request->params.top_p);
  hash          = hash_float(hash, request->params.motif);
  hash          = cn_hash_mix(hash, (uint32_t)request->params.chord);
  hash          = cn_hash_mix(hash, request->params.take);
  hash          = cn_hash_mix(hash, request->params.timing);
  for (size_t i = 0; i < sizeof(CnRules); ++i) {
    hash = cn_hash_mix(hash, ((const uint8_t*)&request->params.rules)[i]);
  }
  if (request->enters) {
    hash = cn_hash_mix(hash, (uint32_t)request->from ^ (uint32_t)request->until << 16U);
  }
  if (request->following) {
    hash = cn_hash_bytes(hash, request->following, sizeof(*request->following));
  }
  for (uint32_t i = 0; i < request->n_history; ++i) {
    hash = cn_hash_note(hash, &request->history[i]);
  }
  for (uint32_t i = 0; i < request->n_recent; ++i) {
    hash = cn_hash_note(hash, &request->recent[i]);
  }
  return hash;
}

/// Write a chord of up to four notes, low to high
static uint32_t
write_chord(uint64_t hash, const CnPlanRequest* const request, const int32_t onset, CnNote* const notes)
{
  const uint32_t n     = 1 + (uint32_t)(hash >> 60U) % 4;
  unsigned       pitch = 40 + (unsigned)(hash >> 50U) % 16;
  for (uint32_t i = 0; i < n; ++i) {
    hash     = cn_hash_mix(hash, i);
    notes[i] = (CnNote){
        .onset    = onset,
        .duration = 1 + (int32_t)(hash >> 40U) % 30,
        .bar      = cn_bar_place(request->bar, onset),
        .pitch    = (uint8_t)pitch,
        .velocity = (uint8_t)(1 + (hash >> 30U) % 127),
        .part     = CN_PART_CONTINUO,
    };
    pitch += 1 + (unsigned)(hash >> 20U) % 9;
  }
  return n;
}

static CnStatus
plan(void* const handle, const CnPlanRequest* const request, CnNote* const notes, uint32_t* const n_notes)
{
  (void)handle;
  const uint64_t hash = hash_request(request);
  *n_notes            = 0;
  for (int32_t tick = 0; tick < CN_SEGMENT_TICKS; ++tick) {
    const uint64_t draw = cn_hash_mix(hash, (uint64_t)tick);
    if (draw % 4 == 0 && *n_notes + 4 <= CN_SEGMENT_NOTES) {
      const int32_t onset = request->segment * CN_SEGMENT_TICKS + tick;
      *n_notes += write_chord(draw, request, onset, notes + *n_notes);
    }
  }
  return CN_STATUS_SUCCESS;
}

static CnStatus
plan_slowly(void* const handle, const CnPlanRequest* const request, CnNote* const notes,
            uint32_t* const n_notes)
{
  const struct timespec pause = {0, (long)(hash_request(request) % 2000000)};
  nanosleep(&pause, NULL);
  return plan(handle, request, notes, n_notes);
}

CnPlanner
fake_planner(const uint64_t id)
{
  return (CnPlanner){.plan = plan, .id = id};
}

CnPlanner
leading_planner(const uint64_t id)
{
  CnPlanner planner = fake_planner(id);
  planner.leads     = true;
  return planner;
}

CnPlanner
slow_planner(const uint64_t id)
{
  return (CnPlanner){.plan = plan_slowly, .id = id};
}
