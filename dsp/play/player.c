// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/play/player.h"

#include <stddef.h>
#include <string.h>

static CN_AUDIO void
clear_hush(CnPlayer* const player)
{
  player->hush = INT32_MIN;
  for (unsigned pitch = 0; pitch < 128; ++pitch) {
    player->mutes[pitch] = INT32_MIN;
  }
}

void
cn_player_init(CnPlayer* const player, const CnTimeline* const timeline, CnLedger* const ledger)
{
  memset(player, 0, sizeof(*player));
  player->timeline = timeline;
  player->ledger   = ledger;
  clear_hush(player);
}

static CN_AUDIO bool
read(const CnPlayer* const player, const int32_t number, CnSegment* const segment)
{
  return cn_timeline_read(player->timeline, number, segment) &&
         (player->any_take || segment->take == player->take);
}

static CN_AUDIO void
count_late(CnPlayer* const player, CnPlayerRequest* const request)
{
  CnSegment segment;
  if (!read(player, request->segment, &segment)) {
    return;
  }
  for (uint32_t i = 0; i < segment.n_notes; ++i) {
    player->n_late += (request->missed >> segment.notes[i].offset) & 1U;
  }
  request->missed = 0;
}

CN_AUDIO void
cn_player_begin(CnPlayer* const player, const uint32_t take, const bool any_take)
{
  player->take     = take;
  player->any_take = any_take;
  for (uint32_t i = 0; i < CN_PLAYER_REQUESTS; ++i) {
    if (player->requests[i].missed) {
      count_late(player, &player->requests[i]);
    }
  }
}

CN_AUDIO bool
cn_player_has(const CnPlayer* const player, const int32_t segment)
{
  CnSegment there;
  return read(player, segment, &there);
}

static CN_AUDIO CnPlayerRequest*
find_request(CnPlayer* const player, const int32_t segment)
{
  for (uint32_t i = 0; i < CN_PLAYER_REQUESTS; ++i) {
    if (player->requests[i].is_set && player->requests[i].segment == segment) {
      return &player->requests[i];
    }
  }
  return NULL;
}

CN_AUDIO void
cn_player_expect(CnPlayer* const player, const int32_t segment)
{
  if (!find_request(player, segment)) {
    player->requests[player->n_requests++ % CN_PLAYER_REQUESTS] = (CnPlayerRequest){true, segment, 0};
  }
}

/// Note that a tick was visited while its segment was not there
static CN_AUDIO void
miss(CnPlayer* const player, const int32_t number, const int32_t tick)
{
  CnPlayerRequest* const request = find_request(player, number);
  if (request) {
    request->missed |= 1U << (unsigned)(tick - number * CN_SEGMENT_TICKS);
  }
}

CN_AUDIO void
cn_player_visit(CnPlayer* const player, const uint32_t frame, const int32_t tick, const bool audible)
{
  const int32_t number = cn_segment_at(tick);
  CnSegment     segment;
  cn_ledger_release(player->ledger, frame, tick);
  player->has_notes = false;
  if (!audible || tick < player->hush) {
    return;
  }
  if (!read(player, number, &segment)) {
    miss(player, number, tick);
    return;
  }
  player->has_notes = segment.n_notes > 0;
  for (uint32_t i = 0; i < segment.n_notes; ++i) {
    const CnTimedNote* const note = &segment.notes[i];
    if (number * CN_SEGMENT_TICKS + note->offset == tick && tick >= player->mutes[note->pitch]) {
      cn_ledger_strike(player->ledger, frame, note->pitch, note->velocity, tick + note->duration);
    }
  }
}

CN_AUDIO void
cn_player_yield(CnPlayer* const player, const uint32_t frame, const int32_t hush)
{
  cn_ledger_release_all(player->ledger, frame);
  player->hush = hush;
}

CN_AUDIO void
cn_player_skip(CnPlayer* const player, const int32_t hush)
{
  player->hush = hush;
}

CN_AUDIO void
cn_player_cede(CnPlayer* const player, const uint32_t frame, const uint8_t pitch, const int32_t until)
{
  cn_ledger_end(player->ledger, frame, pitch);
  player->mutes[pitch] = until;
}

CN_AUDIO void
cn_player_halt(CnPlayer* const player, const uint32_t frame)
{
  cn_ledger_release_all(player->ledger, frame);
  clear_hush(player);
  player->has_notes = false;
  for (uint32_t i = 0; i < CN_PLAYER_REQUESTS; ++i) {
    player->requests[i].is_set = false;
  }
}
