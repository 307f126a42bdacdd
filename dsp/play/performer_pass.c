// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/play/performer_private.h"

#include "dsp/play/midi.h"
#include "dsp/take/role.h"

#include <math.h>
#include <string.h>

/// [ticks] A jump up to this long while rolling is the host's slip, as after an xrun: an eighth
#define SLIP_TICKS (12.0 + CN_ON_TICK)

/// [ticks] If slips leave the transport further behind what has sounded, it did not slip, but go there
#define BEHIND_TICKS 96

/// [ticks] Two jumps back that agree as well as this are turns of a loop: rounding allows for it, chance does
/// not
#define SAME_TURN 0.02

/// [ticks] A segment that is asked for no earlier than this before its start is not counted upon
#define SHORT_NOTICE 3

// Keys that are down

/// Let a key that was down before be struck where it belongs: where the pass begins, or shortly before
static CN_AUDIO void
carry_key(CnPerformer* const self, const int key)
{
  const CnCarry* const carry = &self->carry;
  const int64_t        since = carry->frame - self->fingers.frames[key];
  const double         before =
      cn_clock_tick(&self->clock, carry->frame) - cn_clock_tick(&self->clock, carry->frame - since);
  const double   tick   = before <= SLIP_TICKS ? fmax(carry->tick - before, carry->first) : carry->tick;
  const CnMoment moment = {
      .tick   = (int32_t)lround(tick),
      .played = self->cursor,
      .bar    = cn_clock_bar(&self->clock, (int32_t)lround(tick)),
  };
  const uint8_t message[3] = {(uint8_t)(CN_MIDI_NOTE_ON | ((unsigned)key / 128U)), (uint8_t)(key % 128),
                              self->fingers.velocities[key]};
  if (cn_listener_hear(&self->listener, &moment, message, sizeof(message))) {
    cn_performer_make_way(self, moment.tick, message[1]);
  }
}

/**
   Hear the keys that are down since before the pass began.

   Only once the frame is over where it did: some hosts release there what belongs to the place they left.
*/
CN_AUDIO void
cn_performer_carry_keys(CnPerformer* const self)
{
  self->carry.is_due = false;
  for (int key = cn_fingers_next(&self->fingers, -1); key >= 0; key = cn_fingers_next(&self->fingers, key)) {
    const bool is_heard = self->listener.keys[key / 128][key % 128];
    if (!is_heard) { // Else it was struck since
      carry_key(self, key);
    }
  }
}

// Stops and starts

/// End all that sounds, as the transport leaves the place `tick` [ticks]
CN_AUDIO void
cn_performer_halt(CnPerformer* const self, const double tick)
{
  self->carry.is_due = false;
  self->close        = INT32_MIN;
  cn_performer_tell_struck(self);
  cn_sequencer_halt(&self->sequencer, self->now);
  cn_listener_halt(&self->listener);
  cn_performer_tell(self, &(CnCommand){.kind = CN_COMMAND_HALT, .tick = (int32_t)lround(tick)});
}

/// Let a solo out of nothing begin where the pass does: its first chord costs the engine no time
static CN_AUDIO void
open_solo(CnPerformer* const self, const int32_t first)
{
  if (self->params.role == CN_ROLE_SOLO && cn_performer_is_audible(self) &&
      self->cursor == first * CN_SEGMENT_TICKS && cn_engine_is_blank(self->engine) &&
      !cn_sequencer_has(&self->sequencer, first)) {
    cn_performer_ask(self, first, true);
    cn_engine_try_run(self->engine);
  }
}

/**
   Ask for the segments whose cut the pass is too late for, unless they stand.

   They would come too late for this pass, more or less, so it is silent until the first that comes in
   time; the next pass has them.
*/
static CN_AUDIO void
fill_in(CnPerformer* const self)
{
  const int32_t first = cn_segment_at(self->cursor);
  const int32_t last  = cn_role_next_segment(self->cursor - 2) - 1; // That visit() does not ask for
  open_solo(self, first);
  for (int32_t k = first; k <= last && cn_performer_is_audible(self); ++k) {
    if (!cn_sequencer_has(&self->sequencer, k)) {
      if (!cn_performer_is_inline(self)) {
        cn_sequencer_skip(&self->sequencer, (k + 1) * CN_SEGMENT_TICKS);
      }
      cn_performer_ask(self, k, true);
    }
  }
}

/// True if a start that is told `here` may be one that was at `first`, and is told a block late
static CN_AUDIO bool
is_told_late(const CnPerformer* const self, const double first, const double here)
{
  return here - first <= self->n_before * self->clock.slope + CN_ON_TICK;
}

/// [ticks] from which on a pass is heard: what was passed over in a block told late sounds at once
static CN_AUDIO double
heard_from(const CnPerformer* const self, const double first, const double here)
{
  return is_told_late(self, first, here) ? first : here;
}

/// Begin to visit ticks from where the clock is; no key that is down belongs before `first` [ticks]
CN_AUDIO void
cn_performer_begin_pass(CnPerformer* const self, const double first)
{
  const double tick      = cn_performer_tick(self);
  self->cursor           = (int32_t)ceil(heard_from(self, first, tick) - CN_ON_TICK);
  self->preroll.is_valid = false;
  self->carry            = (CnCarry){true, first, tick, self->start + self->now};
  cn_performer_tell(self, &(CnCommand){.kind = CN_COMMAND_PASS});
  self->told_song = (CnCommand){.kind = CN_COMMAND_PASS};
  fill_in(self);
}

/**
   [ticks] The earliest place of keys that are down as the transport rolls from now on.

   @param was_told It stood at a place, or free ran, before.
   @param tick [ticks] of that place.
*/
CN_AUDIO double
cn_performer_first_place(const CnPerformer* const self, const bool was_told, const double tick)
{
  const double here  = cn_performer_tick(self);
  const double start = fmin(here, 0.0); // Of the song
  if (!was_told) {
    return fmax(here - SLIP_TICKS, start);
  }
  if (tick <= here && here - tick <= SLIP_TICKS) {
    return tick;
  }
  return is_told_late(self, start, here) ? start : here; // Carla's rack tells no locate while it stands
}

// Slips

/**
   True if the transport, from `tick` [ticks], is back where the pass began: a loop's first turn.

   After one block that may be a host that tells its start twice; no slip leads just there later, but by
   chance.
*/
static CN_AUDIO bool
is_back_at_start(const CnPerformer* const self, const double tick)
{
  const double start = self->carry.tick;
  return fabs(cn_performer_tick(self) - start) < SAME_TURN &&
         tick - start > fmax(self->n_before * self->clock.slope, 1.0) + CN_ON_TICK;
}

/// True if the transport, which rolls on, has gone from `tick` [ticks] to where it is by a slip of the host's
static CN_AUDIO bool
is_slip(CnPerformer* const self, const double tick)
{
  const double            here    = cn_performer_tick(self);
  const CnJumpBack        again   = {here < tick, tick, here};
  const CnJumpBack* const last    = &self->last_jump;
  const bool              is_loop = again.is_valid && last->is_valid && fabs(last->from - tick) < SAME_TURN &&
                       fabs(last->to - here) < SAME_TURN;
  const bool is_near = fabs(here - tick) <= SLIP_TICKS && self->cursor - here <= BEHIND_TICKS;
  if (!is_near || again.is_valid) {
    self->last_jump = again;
    self->last_jump.is_valid &= is_near;
  }
  return is_near && !is_loop && !is_back_at_start(self, tick);
}

/// Leave out the segments that the ticks from `first` to the cursor asked for, and that will hardly come in
/// time
static CN_AUDIO void
skip_hasty(CnPerformer* const self, const int32_t first)
{
  const double  block = (double)(self->n_frames - self->now) * self->clock.slope;
  const int32_t near  = self->cursor + SHORT_NOTICE + (int32_t)block;
  const int32_t last  = cn_role_next_segment(self->cursor - 2) - 1;
  for (int32_t k = cn_role_next_segment(first - 2); k <= last && !cn_performer_is_inline(self); ++k) {
    if (k * CN_SEGMENT_TICKS < near && !cn_sequencer_has(&self->sequencer, k)) {
      cn_sequencer_skip(&self->sequencer, (k + 1) * CN_SEGMENT_TICKS);
    }
  }
}

/// Go where the host has slipped to: ticks that it leaves out pass unheard, none is played again
static CN_AUDIO void
go_on(CnPerformer* const self)
{
  const int32_t first = self->cursor;
  const int32_t here  = (int32_t)ceil(cn_performer_tick(self) - CN_ON_TICK);
  while (self->cursor < here) {
    cn_performer_visit(self, false);
  }
  skip_hasty(self, first);
}

CN_AUDIO bool
cn_performer_follow_slip(CnPerformer* const self, const double tick)
{
  const bool slips = is_slip(self, tick);
  if (slips) {
    go_on(self);
  }
  return slips;
}

// Starts

// Whether the knobs are where they were; CnRules are bytes
static CN_AUDIO bool
is_same_asked(const CnPreroll* const a, const CnPreroll* const b)
{
  return a->role == b->role && a->turn == b->turn && !memcmp(&a->rules, &b->rules, sizeof(a->rules));
}

static CN_AUDIO bool
is_same_preroll(const CnPreroll* const a, const CnPreroll* const b)
{
  return a->is_valid == b->is_valid && a->tick == b->tick && a->planner == b->planner &&
         a->edition == b->edition && a->take == b->take && is_same_asked(a, b);
}

/// While the transport stands, ask for the segments that it would miss the cuts of when it starts
CN_AUDIO void
cn_performer_prepare_start(CnPerformer* const self)
{
  if (!self->clock.told || cn_clock_is_rolling(&self->clock) || !cn_performer_is_audible(self)) {
    return;
  }
  const CnPreroll next = {
      .is_valid = true,
      .tick     = (int32_t)ceil(cn_performer_tick(self) - CN_ON_TICK),
      .planner  = cn_engine_planner_serial(self->engine),
      .edition  = cn_engine_edition(self->engine),
      .take     = self->params.take,
      .role     = self->params.role,
      .turn     = self->params.answer_bars,
      .rules    = self->params.rules,
  };
  const CnPreroll last = self->preroll;
  if (is_same_preroll(&last, &next)) {
    return;
  }
  // A knob that is turned here and now acts at once; where the transport only comes by, what stands stands
  const bool turned = last.is_valid && last.tick == next.tick && !is_same_asked(&last, &next);
  self->preroll     = next;
  for (int32_t k = cn_segment_at(next.tick); k <= cn_segment_at(next.tick + CN_LEAD_TICKS); ++k) {
    cn_performer_ask(self, k, !turned);
  }
}
