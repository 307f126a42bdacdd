// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "performer.h"

#include "clock.h"
#include "command.h"
#include "engine.h"
#include "engine_thread.h"
#include "ledger.h"
#include "listener.h"
#include "player.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

/// [ticks] A playhead this little past a tick is on it: hosts round positions to 1/1920 beats
#define ON_TICK 0.1

/// [ns] Between two looks whether the engine has done its work
#define SYNC_NANOSECONDS 20000

/// What was asked for ahead while the transport stands
typedef struct {
  bool     is_valid;
  int32_t  tick;    ///< [ticks] where the transport stands
  uint32_t take;    ///< Number of the performance
  uint32_t planner; ///< Serial number of the planner
} Preroll;

/// All that the audio thread owns
struct CnPerformer {
  CnClock    clock;
  CnListener listener;
  CnLedger   ledger;
  CnPlayer   player;
  Preroll    preroll;
  CnControls controls; ///< Of this block
  CnParams   params;   ///< Of this block
  double     rate;     ///< [frames a second]
  int64_t    start;    ///< [frames] of the stream where this block starts
  uint32_t   n_frames; ///< Length of this block
  uint32_t   now;      ///< [frames] of this block up to which all is played
  int32_t    cursor;   ///< [ticks] the next that the playhead visits

  CnEngine*       engine; ///< Shared: its inbox is written here, its timeline read
  CnEngineThread* thread; ///< Null if the engine is run from here or by cn_performer_sync() only
};

// Engine

/// Run the engine here and now, if nothing may be late
static CN_AUDIO void
run_inline(CnPerformer* const self)
{
  if (self->controls.freewheeling && !cn_ring_is_empty(cn_engine_inbox(self->engine))) {
    cn_engine_run(self->engine);
  }
}

static CN_AUDIO void
tell(CnPerformer* const self, const CnCommand* const command)
{
  if (!cn_ring_push(cn_engine_inbox(self->engine), command)) {
    ++self->listener.n_lost;
  }
}

static CN_AUDIO void
ask_for_segment(CnPerformer* const self, const int32_t segment, const bool again)
{
  const CnCommand command = {
      .kind    = CN_COMMAND_PLAN,
      .again   = again,
      .segment = segment,
      .bar     = cn_clock_bar(&self->clock, segment * CN_SEGMENT_TICKS),
      .params  = self->params,
  };
  tell(self, &command);
  cn_player_expect(&self->player, segment);
  run_inline(self);
}

// Time

static CN_AUDIO bool
is_audible(const CnPerformer* const self)
{
  return self->controls.enabled && self->controls.play;
}

/**
   Visit the next tick: play it, and ask for the segment that was cut a tick before.

   A metre often begins at a cut, and rounding decides which is told first: a tick later it is known.
*/
static CN_AUDIO void
visit(CnPerformer* const self)
{
  const int32_t tick = self->cursor++;
  const int32_t cut  = tick - 1;
  if (is_audible(self) && cn_segment_at(cut) * CN_SEGMENT_TICKS == cut) {
    ask_for_segment(self, cn_segment_at(cut + CN_LEAD_TICKS), false);
  }
  cn_player_visit(&self->player, self->now, tick, is_audible(self));
}

/// Play up to a frame of this block, and not what begins in it
static CN_AUDIO void
advance(CnPerformer* const self, const uint32_t frame)
{
  while (self->cursor < CN_TICK_LIMIT) {
    const int64_t due = cn_clock_frame(&self->clock, self->cursor) - self->start;
    if (due >= frame) {
      break;
    }
    self->now = due > self->now ? (uint32_t)due : self->now;
    visit(self);
  }
  self->now = frame > self->now ? frame : self->now;
}

/// Frame of an event of this block, not before what is played
static CN_AUDIO uint32_t
place_event(const CnPerformer* const self, const uint32_t frame)
{
  const uint32_t last = self->n_frames > 0 ? self->n_frames - 1 : 0;
  const uint32_t in   = frame < last ? frame : last;
  return in > self->now ? in : self->now;
}

static CN_AUDIO double
tick_now(const CnPerformer* const self)
{
  return cn_clock_tick(&self->clock, self->start + self->now);
}

// Transport

/// End all that sounds, as the transport leaves the place `tick` [ticks]
static CN_AUDIO void
halt(CnPerformer* const self, const double tick)
{
  cn_player_halt(&self->player, self->now);
  cn_listener_halt(&self->listener);
  tell(self, &(CnCommand){.kind = CN_COMMAND_HALT, .tick = (int32_t)lround(tick)});
}

/// Begin to visit ticks from where the clock is
static CN_AUDIO void
begin_pass(CnPerformer* const self)
{
  self->cursor           = (int32_t)ceil(tick_now(self) - ON_TICK);
  self->preroll.is_valid = false;
  tell(self, &(CnCommand){.kind = CN_COMMAND_PASS});
}

/// While the transport stands, ask for the segments that it would miss the cuts of when it starts
static CN_AUDIO void
prepare_start(CnPerformer* const self)
{
  if (!self->clock.told || cn_clock_is_rolling(&self->clock) || !is_audible(self)) {
    return;
  }
  const Preroll next = {
      .is_valid = true,
      .tick     = (int32_t)ceil(tick_now(self) - ON_TICK),
      .take     = self->params.take,
      .planner  = cn_engine_planner_serial(self->engine),
  };
  const Preroll* const last = &self->preroll;
  if (last->is_valid && last->tick == next.tick && last->take == next.take && last->planner == next.planner) {
    return;
  }
  self->preroll = next;
  for (int32_t k = cn_segment_at(next.tick); k <= cn_segment_at(next.tick + CN_LEAD_TICKS); ++k) {
    ask_for_segment(self, k, true);
  }
}

// Controls

static CN_AUDIO float
clamp(const float value, const float low, const float high, const float otherwise)
{
  return isnan(value) ? otherwise : fminf(fmaxf(value, low), high);
}

static CN_AUDIO void
latch_controls(CnPerformer* const self, const CnControls* const controls)
{
  const bool was_audible = is_audible(self);
  self->controls         = *controls;
  self->params           = (CnParams){
                .temperature = clamp(controls->temperature, 0.0F, 4.0F, 1.0F),
                .top_p       = clamp(controls->top_p, 0.0F, 1.0F, 1.0F),
                .motif       = clamp(controls->motif, 0.0F, 1.0F, 0.5F),
                .chord       = CN_CHORD_NONE,
                .take        = (uint32_t)controls->take,
  };
  if (was_audible && !is_audible(self)) {
    cn_ledger_release_all(&self->ledger, 0);
  }
}

// Public

CnPerformer*
cn_performer_new(const double rate, const bool threaded)
{
  CnPerformer* const self = (CnPerformer*)calloc(1, sizeof(CnPerformer));
  if (!self) {
    return NULL;
  }
  self->rate   = rate;
  self->engine = cn_engine_new();
  self->thread = self->engine && threaded ? cn_engine_thread_new(self->engine) : NULL;
  if (!self->engine || (threaded && !self->thread)) {
    cn_performer_free(self);
    return NULL;
  }
  cn_performer_reset(self);
  return self;
}

void
cn_performer_free(CnPerformer* const self)
{
  if (self) {
    cn_engine_thread_free(self->thread);
    cn_engine_free(self->engine);
    free(self);
  }
}

CnEngine*
cn_performer_engine(CnPerformer* const self)
{
  return self->engine;
}

void
cn_performer_reset(CnPerformer* const self)
{
  const int32_t tick = (int32_t)lround(tick_now(self));
  cn_clock_init(&self->clock, self->rate);
  cn_listener_init(&self->listener, cn_engine_inbox(self->engine));
  cn_ledger_init(&self->ledger);
  cn_player_init(&self->player, cn_engine_timeline(self->engine), &self->ledger);
  self->preroll.is_valid = false;
  self->start            = 0;
  self->n_frames         = 0;
  self->now              = 0;
  self->cursor           = 0;
  tell(self, &(CnCommand){.kind = CN_COMMAND_HALT, .tick = tick});
}

CN_AUDIO void
cn_performer_begin(CnPerformer* const self, const CnControls* const controls, const CnMidiSink* const sink,
                   const uint32_t n_frames)
{
  self->n_frames = n_frames;
  self->now      = 0;
  cn_ledger_begin(&self->ledger, sink);
  latch_controls(self, controls);
  run_inline(self);
  cn_player_begin(&self->player, self->params.take);
}

CN_AUDIO void
cn_performer_position(CnPerformer* const self, const uint32_t frame, const CnPosition* const position)
{
  advance(self, place_event(self, frame));
  const bool     rolled  = cn_clock_is_rolling(&self->clock);
  const double   tick    = tick_now(self);
  const unsigned changed = cn_clock_tell(&self->clock, self->start + self->now, position);
  const bool     rolls   = cn_clock_is_rolling(&self->clock);
  if (rolled && (changed & (CN_CLOCK_STOPPED | CN_CLOCK_LOCATED))) {
    halt(self, tick);
  }
  if (rolls && (changed & (CN_CLOCK_STARTED | CN_CLOCK_LOCATED))) {
    begin_pass(self);
  }
}

CN_AUDIO void
cn_performer_midi(CnPerformer* const self, const uint32_t frame, const uint8_t* const message,
                  const uint32_t size)
{
  advance(self, place_event(self, frame));
  if (!self->clock.told && !cn_clock_is_rolling(&self->clock) && cn_listener_is_note(message, size)) {
    cn_clock_run_free(&self->clock, self->start + self->now);
    begin_pass(self);
  }
  const double   tick   = tick_now(self);
  const CnMoment moment = {
      .tick   = (int32_t)lround(tick),
      .played = self->cursor,
      .bar    = cn_clock_bar(&self->clock, (int32_t)lround(tick)),
  };
  const bool rolls = cn_clock_is_rolling(&self->clock);
  if (cn_clock_frame(&self->clock, self->cursor) <= self->start + self->now) {
    cn_ledger_release(&self->ledger, self->now, self->cursor); // Note-offs go first within a frame
  }
  if (cn_listener_hear(&self->listener, rolls ? &moment : NULL, message, size)) {
    cn_player_yield(&self->player, self->now, moment.tick + CN_REST_TICKS);
  }
  cn_ledger_pass(&self->ledger, self->now, message, size, self->controls.thru || !self->controls.enabled);
}

CN_AUDIO void
cn_performer_end(CnPerformer* const self)
{
  advance(self, self->n_frames);
  prepare_start(self);
  run_inline(self);
  if (self->thread && !cn_ring_is_empty(cn_engine_inbox(self->engine))) {
    cn_engine_thread_wake(self->thread);
  }
  self->start += self->n_frames;
}

CN_AUDIO bool
cn_performer_playing(const CnPerformer* const self)
{
  return self->ledger.n_own > 0 || self->player.has_notes;
}

CN_AUDIO uint32_t
cn_performer_late_notes(const CnPerformer* const self)
{
  return self->player.n_late;
}

void
cn_performer_sync(CnPerformer* const self)
{
  const struct timespec pause = {0, SYNC_NANOSECONDS};
  if (!self->thread) {
    cn_engine_run(self->engine);
    return;
  }
  cn_engine_thread_wake(self->thread);
  while (!cn_engine_is_idle(self->engine)) {
    nanosleep(&pause, NULL);
  }
}
