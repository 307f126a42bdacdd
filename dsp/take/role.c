// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/take/role.h"

#include "dsp/compose/mask.h"
#include "dsp/music/chord.h"
#include "dsp/part/timeline.h"

#define OPENING_LOWEST 55 ///< G below middle C
#define OPENING_VELOCITY 60
#define OPENING_DURATION 24 ///< [ticks]
#define OPENING_CHORD 0     ///< C major

// Turns

/// Number of the turn that a tick is in: even ones are the musician's
static int64_t
turn_at(const CnRolePlace* const place, const int32_t tick)
{
  const int64_t bar = place->number + cn_divide_down((int64_t)tick - place->bar.start, place->bar.length);
  return cn_divide_down(bar, place->turn);
}

/// [ticks] where a turn begins, if the metre holds
static int64_t
turn_start(const CnRolePlace* const place, const int64_t turn)
{
  return place->bar.start + (turn * place->turn - place->number) * place->bar.length;
}

static bool
is_own_turn(const int64_t turn)
{
  return turn % 2 != 0;
}

static int32_t
clamp_tick(const int64_t tick)
{
  return tick > INT32_MAX ? INT32_MAX : tick < INT32_MIN ? INT32_MIN : (int32_t)tick;
}

/// Play in a turn of one's own that a segment from `start` on is or ends in, if the musician used the one
/// before
static void
place_answer(CnRolePlace* const place, const CnPast* const past, const int32_t start)
{
  const int64_t first = turn_at(place, start);
  const int64_t turn  = is_own_turn(first) ? first : turn_at(place, start + CN_SEGMENT_TICKS - 1);
  place->may_play     = is_own_turn(turn) && (cn_past_is_given(past) ||
                                          cn_past_has_onset(past, clamp_tick(turn_start(place, turn - 1)),
                                                                clamp_tick(turn_start(place, turn))));
  place->closes       = place->may_play;
  place->close        = place->may_play ? clamp_tick(turn_start(place, turn + 1)) : 0;
}

// Taking over

/// The first place of a grid of bars at or after a tick
static int64_t
next_on_grid(const CnBar bar, const int64_t tick, const int32_t grid)
{
  const int64_t line  = bar.start + cn_divide_down(tick - bar.start, bar.length) * bar.length;
  const int64_t steps = (tick - line + grid - 1) / grid;
  const int64_t place = line + steps * grid;
  return place < line + bar.length ? place : line + bar.length;
}

static int32_t
entry_grid(const CnEntry entry, const CnBar bar)
{
  return entry == CN_ENTRY_BAR    ? bar.length
         : entry == CN_ENTRY_BEAT ? cn_bar_beat(bar.length)
                                  : CN_ENTRY_GRID;
}

/// Find out whether, and from where on, a continuation goes on after the musician's last note
static void
place_continuation(CnRolePlace* const place, const CnCommand* const ask, const CnPast* const past,
                   const bool has_entered)
{
  const int32_t start  = ask->segment * CN_SEGMENT_TICKS;
  const int64_t rested = (int64_t)past->end + CN_REST_TICKS;
  if (cn_past_is_given(past)) { // From where it has ended on
    place->may_play = true;
    return;
  }
  if (has_entered || cn_past_is_own(past)) {
    place->may_play = rested <= start;
    return;
  }
  const CnEntry entry = (CnEntry)ask->params.entry;
  const int64_t from  = next_on_grid(ask->bar, rested > start ? rested : start, entry_grid(entry, ask->bar));
  const int64_t until = entry == CN_ENTRY_AT_ONCE ? (int64_t)past->end + CN_ENTRY_TICKS : from;
  place->enters       = true;
  place->from         = clamp_tick(from);
  place->until        = clamp_tick(until > from ? until : from);
  place->may_play     = from < start + CN_SEGMENT_TICKS;
}

// Public

CnRolePlace
cn_role_place(const CnCommand* const ask, const CnPast* const past, const bool has_entered,
              const int32_t entry)
{
  const int32_t start = ask->segment * CN_SEGMENT_TICKS;
  CnRolePlace   place = {
        .role   = (CnRole)ask->params.role,
        .entry  = entry,
        .bar    = ask->bar,
        .number = ask->bar_number,
        .turn   = ask->params.answer_bars > 0 ? ask->params.answer_bars : 1,
  };
  const bool    is_given  = cn_past_is_given(past);
  const bool    was_heard = is_given || (past->end != INT32_MIN && past->n_notes > 0);
  const int64_t silence   = (int64_t)start - (is_given ? past->given_end : past->end);
  switch (place.role) {
  case CN_ROLE_CONTINUE:
    if (was_heard && entry > start) {
      place_continuation(&place, ask, past, has_entered);
    }
    break;
  case CN_ROLE_ANSWER:
    place_answer(&place, past, start);
    break;
  case CN_ROLE_ACCOMPANY:
    place.may_play = was_heard && silence < (int64_t)CN_ACCOMPANY_BARS * place.bar.length;
    break;
  case CN_ROLE_SOLO:
    place.may_play = true;
    break;
  }
  place.may_play &= start >= past->given_end;
  if (past->awaits && past->n_notes == 0 && !has_entered) {
    place.may_play = false; // The music does not begin before the phrase does
  }
  if (ask->closes && !(place.closes && place.close < ask->close)) {
    place.closes = true;
    place.close  = ask->close;
  }
  return place;
}

void
cn_role_bind(const CnRolePlace* const place, CnPlanRequest* const request)
{
  request->enters = place->enters;
  request->from   = place->from;
  request->until  = place->until;
  request->closes = place->closes;
  request->close  = place->close;
}

/// [ticks] until which the role itself lets a note sound that begins at `tick`
static int32_t
own_limit(const CnRolePlace* const place, const int32_t tick)
{
  if (!place->may_play) {
    return tick;
  }
  if (place->role == CN_ROLE_CONTINUE) {
    return place->entry;
  }
  if (place->role == CN_ROLE_ANSWER) {
    const int64_t turn = turn_at(place, tick);
    return is_own_turn(turn) ? clamp_tick(turn_start(place, turn + 1)) : tick;
  }
  return INT32_MAX;
}

int32_t
cn_role_limit(const CnRolePlace* const place, const int32_t tick)
{
  const int32_t limit = own_limit(place, tick);
  return place->closes && place->close < limit ? place->close : limit;
}

CN_AUDIO int32_t
cn_role_next_segment(const int32_t tick)
{
  return cn_segment_at(tick + CN_LEAD_TICKS) + 1;
}

/// Where the octave of the opening lies: as low as it may, but not below what is usual if there is anything
static unsigned
lowest_of_octave(const CnMask* const mask)
{
  unsigned pitch = OPENING_LOWEST;
  while (pitch <= CN_PITCH_MAX && !cn_keys_have(mask->keys, pitch)) {
    ++pitch;
  }
  if (pitch <= CN_PITCH_MAX) {
    return pitch < OPENING_LOWEST + 12 ? OPENING_LOWEST : pitch;
  }
  while (pitch > CN_PITCH_MIN && !cn_keys_have(mask->keys, pitch)) {
    --pitch;
  }
  return pitch > 11 ? pitch - 11 : 0;
}

uint32_t
cn_role_opening(const CnPlanRequest* const request, CnNote* const notes)
{
  const int32_t start   = request->segment * CN_SEGMENT_TICKS;
  CnPlanRequest opening = *request;
  uint32_t      n       = 0;
  if (opening.params.chord == CN_CHORD_NONE) {
    opening.params.chord = OPENING_CHORD;
  }
  const CnMask   mask  = cn_mask_of(&opening, cn_keys_all());
  const unsigned first = lowest_of_octave(&mask);
  for (unsigned pitch = first; pitch < first + 12 && n < 4 && n < mask.at_once; ++pitch) {
    if (cn_keys_have(mask.keys, pitch)) {
      notes[n++] = (CnNote){
          .onset    = start,
          .duration = OPENING_DURATION,
          .bar      = cn_bar_place(request->bar, start),
          .pitch    = (uint8_t)pitch,
          .velocity = OPENING_VELOCITY,
          .part     = CN_PART_CONTINUO,
      };
    }
  }
  return n;
}
