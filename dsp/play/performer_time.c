// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/play/performer_private.h"

#include "dsp/part/lead.h"
#include "dsp/take/role.h"

#include <math.h>

/// Most commands that one event brings: a pedal that rises ends 128 notes, a slip passes cuts
#define EVENT_COMMANDS 256

#define PATIENCE 0.125     ///< Share of a lead that the engine may take until it looks what it is asked
#define MOST_PATIENCE 0.03 ///< [s]

// Engine

/// [ticks a frame] with which the transport rolls, or would
static CN_AUDIO double
slope(const CnPerformer* const self)
{
  return fmax(self->clock.speed, 1.0) * cn_clock_tempo(&self->clock) * CN_TICKS_PER_QUARTER /
         (60.0 * self->rate);
}

/// True if a segment may begin in the very block in which it is asked for, as none shorter than a lead can
/// have
static CN_AUDIO bool
is_long_block(const CnPerformer* const self)
{
  return self->n_frames * slope(self) > CN_LEAD_TICKS - 1;
}

CN_AUDIO double
cn_performer_patience(const CnPerformer* const self)
{
  const double lead = (CN_LEAD_TICKS / slope(self) - 2.0 * self->n_frames) / self->rate;
  return fmin(lead * PATIENCE, MOST_PATIENCE);
}

/// True if the engine composes while run() waits for it: its thread would come too late
CN_AUDIO bool
cn_performer_is_inline(const CnPerformer* const self)
{
  return self->is_offline || is_long_block(self);
}

/// Run the engine here and now, if it would come too late otherwise
CN_AUDIO void
cn_performer_run_inline(CnPerformer* const self)
{
  if (self->is_offline && !cn_engine_is_idle(self->engine)) { // An empty inbox may mean: just taken out
    cn_engine_run(self->engine);
  } else if (is_long_block(self) && !cn_ring_is_empty(cn_engine_inbox(self->engine))) {
    cn_engine_try_run(self->engine);
  }
}

/**
   See that all that one event brings finds room in the engine's inbox.

   As the engine's thread sleeps until the block ends, a block of very many events is obeyed from here.
*/
CN_AUDIO void
cn_performer_make_room(CnPerformer* const self)
{
  if (cn_ring_room(cn_engine_inbox(self->engine)) >= EVENT_COMMANDS) {
    return;
  }
  if (self->is_offline) {
    cn_engine_run(self->engine);
  } else {
    cn_engine_try_run(self->engine);
  }
}

/// Leave word for the engine, which need not be woken for it
static CN_AUDIO void
leave_word(CnPerformer* const self, const CnCommand* const command)
{
  if (!cn_ring_push(cn_engine_inbox(self->engine), command)) {
    ++self->listener.n_lost;
  }
}

/// Tell the engine something that is due a lead later
static CN_AUDIO void
tell_in_time(CnPerformer* const self, const CnCommand* const command)
{
  leave_word(self, command);
  self->is_asking = true;
}

CN_AUDIO void
cn_performer_tell(CnPerformer* const self, const CnCommand* const command)
{
  tell_in_time(self, command);
  self->is_pressing = true;
}

/// True if Play is off, and the bar in which it went off is not over
static CN_AUDIO bool
is_closing(const CnPerformer* const self)
{
  return !self->controls.play && self->cursor <= self->close;
}

/// Ask for a segment that is due a lead later; again: its cut is past
static CN_AUDIO void
ask_in_time(CnPerformer* const self, const int32_t segment, const bool again)
{
  const CnCommand command = {
      .kind       = CN_COMMAND_PLAN,
      .again      = again,
      .segment    = segment,
      .bar        = cn_clock_bar(&self->clock, segment * CN_SEGMENT_TICKS),
      .bar_number = cn_clock_bar_number(&self->clock, segment * CN_SEGMENT_TICKS),
      .tempo      = (float)cn_clock_tempo(&self->clock),
      .params     = self->params,
      .closes     = is_closing(self),
      .close      = self->close,
  };
  tell_in_time(self, &command);
  cn_sequencer_expect(&self->sequencer, segment, self->params.take);
  cn_performer_run_inline(self);
}

CN_AUDIO void
cn_performer_ask(CnPerformer* const self, const int32_t segment, const bool again)
{
  ask_in_time(self, segment, again);
  self->is_pressing = true;
}

// Time

CN_AUDIO double
cn_performer_tick(const CnPerformer* const self)
{
  return cn_clock_tick(&self->clock, self->start + self->now);
}

CN_AUDIO bool
cn_performer_is_audible(const CnPerformer* const self)
{
  return self->controls.enabled && (self->controls.play || is_closing(self));
}

/// Ask for the segment of which a tick is the cut, unless it lies behind the close
static CN_AUDIO void
ask_at(CnPerformer* const self, const int32_t cut)
{
  const int32_t segment = cn_segment_at(cut + CN_LEAD_TICKS);
  if (cn_segment_at(cut) * CN_SEGMENT_TICKS == cut &&
      (self->controls.play || segment * CN_SEGMENT_TICKS < self->close)) {
    ask_in_time(self, segment, false);
  }
}

/// Tell the engine the tempo and metre of a tick, if they are not those of the one before
static CN_AUDIO void
tell_song(CnPerformer* const self, const int32_t tick)
{
  const CnCommand* const told = &self->told_song;
  CnCommand song    = {.kind = CN_COMMAND_SONG, .tick = tick, .bar = cn_clock_bar(&self->clock, tick)};
  song.microseconds = (uint32_t)lround(60e6 / (double)cn_clock_tempo(&self->clock));
  cn_metre_write(&self->clock.metre, &song.numerator, &song.denominator);
  if (told->kind != song.kind || told->microseconds != song.microseconds ||
      told->numerator != song.numerator || told->denominator != song.denominator) {
    tell_in_time(self, &song);
    self->told_song = song;
  }
}

CN_AUDIO void
cn_performer_tell_struck(CnPerformer* const self)
{
  const CnStruck struck = cn_sequencer_fetch_struck(&self->sequencer);
  if (struck.ticks) {
    leave_word(self, &(CnCommand){.kind = CN_COMMAND_STRUCK, .tick = struck.tick, .ticks = struck.ticks});
  }
}

/**
   Visit the next tick: play it, and ask for the segment that was cut a tick before.

   A metre often begins at a cut, and rounding decides which is told first: a tick later it is known.

   @param heard False: nothing begins.
*/
CN_AUDIO void
cn_performer_visit(CnPerformer* const self, const bool heard)
{
  const int32_t tick = self->cursor++;
  tell_song(self, tick);
  if (cn_performer_is_audible(self)) {
    ask_at(self, tick - 1);
    self->is_pressing |= !heard; // The playhead is further on
  }
  cn_sequencer_visit(&self->sequencer, self->now, tick, heard && cn_performer_is_audible(self));
  if (tick % CN_SEGMENT_TICKS == 0) { // At the latest before the sequencer forgets the first
    cn_performer_tell_struck(self);
  }
  if (tick == self->close) { // What was composed before Play went off may sound on
    cn_ledger_release_all(&self->ledger, self->now);
  }
}

/// The musician struck a key: leave everything, or just this key, to him; a held take plays on
CN_AUDIO void
cn_performer_make_way(CnPerformer* const self, const int32_t tick, const uint8_t pitch)
{
  if (self->controls.hold) {
    return;
  }
  const bool leads = cn_lead_has(&self->params.rules, pitch, self->listener.channel);
  if (self->params.role == CN_ROLE_CONTINUE && !leads) {
    cn_sequencer_yield(&self->sequencer, self->now, tick + CN_REST_TICKS);
  } else {
    cn_sequencer_cede(&self->sequencer, self->now, pitch, cn_role_next_segment(tick) * CN_SEGMENT_TICKS);
  }
}
