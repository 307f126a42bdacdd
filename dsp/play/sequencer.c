// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/play/sequencer.h"

#include <math.h>
#include <string.h>

static CN_AUDIO void
clear_hush(CnSequencer* const sequencer)
{
  sequencer->hush = INT32_MIN;
  for (unsigned pitch = 0; pitch < 128; ++pitch) {
    sequencer->mutes[pitch] = INT32_MIN;
  }
}

void
cn_sequencer_init(CnSequencer* const sequencer, const CnTimeline* const timeline, CnLedger* const ledger)
{
  memset(sequencer, 0, sizeof(*sequencer));
  sequencer->timeline = timeline;
  sequencer->ledger   = ledger;
  clear_hush(sequencer);
}

/// Index of the request for a segment; CN_SEQUENCER_REQUESTS: it was not asked for
static CN_AUDIO uint32_t
find_request(const CnSequencer* const sequencer, const int32_t segment)
{
  uint32_t i = 0;
  while (i < CN_SEQUENCER_REQUESTS &&
         !(sequencer->requests[i].is_set && sequencer->requests[i].segment == segment)) {
    ++i;
  }
  return i;
}

static CN_AUDIO bool
read(const CnSequencer* const sequencer, const int32_t number, CnSegment* const segment)
{
  const uint32_t request = find_request(sequencer, number);
  const uint32_t take = request < CN_SEQUENCER_REQUESTS ? sequencer->requests[request].take : sequencer->take;
  return cn_timeline_read(sequencer->timeline, number, segment) &&
         (sequencer->any_take || segment->take == take);
}

static CN_AUDIO void
count_late(CnSequencer* const sequencer, CnSequencerRequest* const request)
{
  CnSegment segment;
  if (!read(sequencer, request->segment, &segment)) {
    return;
  }
  for (uint32_t i = 0; i < segment.n_notes; ++i) {
    sequencer->n_late += (request->missed >> segment.notes[i].offset) & 1U;
  }
  request->missed = 0;
}

CN_AUDIO void
cn_sequencer_begin(CnSequencer* const sequencer, const uint32_t take, const bool any_take)
{
  sequencer->take     = take;
  sequencer->any_take = any_take;
  for (uint32_t i = 0; i < CN_SEQUENCER_REQUESTS; ++i) {
    if (sequencer->requests[i].missed) {
      count_late(sequencer, &sequencer->requests[i]);
    }
  }
}

CN_AUDIO bool
cn_sequencer_has(const CnSequencer* const sequencer, const int32_t segment)
{
  CnSegment there;
  return read(sequencer, segment, &there);
}

CN_AUDIO void
cn_sequencer_expect(CnSequencer* const sequencer, const int32_t segment, const uint32_t take)
{
  const uint32_t i = find_request(sequencer, segment);
  if (i < CN_SEQUENCER_REQUESTS) {
    sequencer->requests[i].take = take;
  } else {
    sequencer->requests[sequencer->n_requests++ % CN_SEQUENCER_REQUESTS] =
        (CnSequencerRequest){.is_set = true, .segment = segment, .take = take};
  }
}

/// Note that a tick was visited while its segment was not there
static CN_AUDIO void
miss(CnSequencer* const sequencer, const int32_t number, const int32_t tick)
{
  const uint32_t i = find_request(sequencer, number);
  if (i < CN_SEQUENCER_REQUESTS) {
    sequencer->requests[i].missed |= 1U << (unsigned)(tick - number * CN_SEGMENT_TICKS);
  }
}

/// Let a note wait, in the order in which they are due
static CN_AUDIO void
wait_for(CnSequencer* const sequencer, const CnWaitingNote note)
{
  uint32_t i = sequencer->n_waiting;
  if (i < CN_SEGMENT_NOTES) {
    for (; i > 0 && sequencer->waiting[i - 1].late > note.late; --i) {
      sequencer->waiting[i] = sequencer->waiting[i - 1];
    }
    sequencer->waiting[i] = note;
    ++sequencer->n_waiting;
  }
}

static CN_AUDIO double
due_of(const CnWaitingNote* const note)
{
  return note->tick + (double)note->late / CN_LATE_PARTS;
}

CN_AUDIO double
cn_sequencer_due(const CnSequencer* const sequencer)
{
  return sequencer->n_waiting ? due_of(&sequencer->waiting[0]) : (double)INFINITY;
}

static CN_AUDIO void
write_down(CnStruck* const struck, const int32_t tick)
{
  const int32_t after = tick - struck->tick;
  if (struck->ticks && after >= 0 && after < CN_STRUCK_TICKS) {
    struck->ticks |= 1U << (unsigned)after;
  } else {
    *struck = (CnStruck){tick, 1};
  }
}

CN_AUDIO CnStruck
cn_sequencer_fetch_struck(CnSequencer* const sequencer)
{
  const CnStruck struck   = sequencer->struck;
  sequencer->struck.ticks = 0;
  return struck;
}

CN_AUDIO void
cn_sequencer_strike(CnSequencer* const sequencer, const uint32_t frame, const double place)
{
  uint32_t n = 0;
  while (n < sequencer->n_waiting && due_of(&sequencer->waiting[n]) <= place) {
    const CnWaitingNote* const note = &sequencer->waiting[n++];
    if (cn_ledger_strike(sequencer->ledger, frame, note->pitch, note->velocity, note->end)) {
      write_down(&sequencer->struck, note->tick);
    }
  }
  sequencer->n_waiting -= n;
  memmove(sequencer->waiting, sequencer->waiting + n, sequencer->n_waiting * sizeof(CnWaitingNote));
}

/// Let those that wait for a key, or for any, go unheard
static CN_AUDIO void
forget_waiting(CnSequencer* const sequencer, const int pitch)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < sequencer->n_waiting; ++i) {
    if (pitch >= 0 && sequencer->waiting[i].pitch != pitch) {
      sequencer->waiting[n++] = sequencer->waiting[i];
    }
  }
  sequencer->n_waiting = n;
}

CN_AUDIO void
cn_sequencer_visit(CnSequencer* const sequencer, const uint32_t frame, const int32_t tick, const bool audible)
{
  const int32_t number = cn_segment_at(tick);
  CnSegment     segment;
  cn_sequencer_strike(sequencer, frame, tick);
  cn_ledger_release(sequencer->ledger, frame, tick);
  sequencer->has_notes = false;
  if (!audible || tick < sequencer->hush) {
    return;
  }
  if (!read(sequencer, number, &segment)) {
    miss(sequencer, number, tick);
    return;
  }
  sequencer->has_notes = segment.n_notes > 0;
  for (uint32_t i = 0; i < segment.n_notes; ++i) {
    const CnTimedNote* const note = &segment.notes[i];
    if (number * CN_SEGMENT_TICKS + note->offset == tick && tick >= sequencer->mutes[note->pitch]) {
      wait_for(sequencer,
               (CnWaitingNote){tick, note->late, note->pitch, note->velocity, tick + note->duration});
    }
  }
  cn_sequencer_strike(sequencer, frame, tick);
}

CN_AUDIO void
cn_sequencer_yield(CnSequencer* const sequencer, const uint32_t frame, const int32_t hush)
{
  cn_ledger_release_all(sequencer->ledger, frame);
  forget_waiting(sequencer, -1);
  sequencer->hush = hush;
}

CN_AUDIO void
cn_sequencer_skip(CnSequencer* const sequencer, const int32_t hush)
{
  sequencer->hush = hush > sequencer->hush ? hush : sequencer->hush;
}

CN_AUDIO void
cn_sequencer_cede(CnSequencer* const sequencer, const uint32_t frame, const uint8_t pitch,
                  const int32_t until)
{
  cn_ledger_end(sequencer->ledger, frame, pitch);
  forget_waiting(sequencer, pitch);
  sequencer->mutes[pitch] = until;
}

CN_AUDIO void
cn_sequencer_halt(CnSequencer* const sequencer, const uint32_t frame)
{
  cn_ledger_release_all(sequencer->ledger, frame);
  forget_waiting(sequencer, -1);
  clear_hush(sequencer);
  sequencer->has_notes = false;
  for (uint32_t i = 0; i < CN_SEQUENCER_REQUESTS; ++i) {
    sequencer->requests[i].is_set = false;
  }
}
