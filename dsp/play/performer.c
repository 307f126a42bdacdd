// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/play/performer.h"

#include "dsp/play/clock.h"
#include "dsp/play/ledger.h"
#include "dsp/play/listener.h"
#include "dsp/play/sequencer.h"
#include "dsp/take/command.h"
#include "dsp/take/engine.h"
#include "dsp/take/engine_thread.h"
#include "dsp/take/role.h"

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
  uint32_t planner; ///< Serial number of the planner
  uint32_t edition; ///< Of the take
  uint32_t take;    ///< Number of the performance
  uint8_t  role;    ///< CnRole
  uint8_t  turn;    ///< [bars]
} Preroll;

/// All that the audio thread owns
struct CnPerformer {
  CnClock     clock;
  CnListener  listener;
  CnLedger    ledger;
  CnSequencer sequencer;
  Preroll     preroll;
  CnControls  controls;     ///< Of this block
  CnParams    params;       ///< Of this block
  CnRole      told_role;    ///< That the engine knows of
  bool        told_hold;    ///< That the engine knows of
  bool        was_new_take; ///< The control in the last block
  double      rate;         ///< [frames a second]
  int64_t     start;        ///< [frames] of the stream where this block starts
  uint32_t    n_frames;     ///< Length of this block
  uint32_t    now;          ///< [frames] of this block up to which all is played
  int32_t     cursor;       ///< [ticks] the next that the playhead visits

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
      .kind       = CN_COMMAND_PLAN,
      .again      = again,
      .segment    = segment,
      .bar        = cn_clock_bar(&self->clock, segment * CN_SEGMENT_TICKS),
      .bar_number = cn_clock_bar_number(&self->clock, segment * CN_SEGMENT_TICKS),
      .tempo      = (float)cn_clock_tempo(&self->clock),
      .params     = self->params,
  };
  tell(self, &command);
  cn_sequencer_expect(&self->sequencer, segment);
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
  cn_sequencer_visit(&self->sequencer, self->now, tick, is_audible(self));
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
  cn_sequencer_halt(&self->sequencer, self->now);
  cn_listener_halt(&self->listener);
  tell(self, &(CnCommand){.kind = CN_COMMAND_HALT, .tick = (int32_t)lround(tick)});
}

/**
   Ask for the segments whose cut the pass is too late for, unless they stand.

   They would come too late for this pass, more or less, so it is silent until the first that comes in
   time; the next pass has them.
*/
static CN_AUDIO void
fill_in(CnPerformer* const self)
{
  const int32_t last = cn_role_next_segment(self->cursor - 2) - 1; // That visit() does not ask for
  for (int32_t k = cn_segment_at(self->cursor); k <= last && is_audible(self); ++k) {
    if (!cn_sequencer_has(&self->sequencer, k)) {
      if (!self->controls.freewheeling) { // Nothing is too late then
        cn_sequencer_skip(&self->sequencer, (k + 1) * CN_SEGMENT_TICKS);
      }
      ask_for_segment(self, k, true);
    }
  }
}

/// Begin to visit ticks from where the clock is
static CN_AUDIO void
begin_pass(CnPerformer* const self)
{
  self->cursor           = (int32_t)ceil(tick_now(self) - ON_TICK);
  self->preroll.is_valid = false;
  tell(self, &(CnCommand){.kind = CN_COMMAND_PASS});
  fill_in(self);
}

static CN_AUDIO bool
is_same_preroll(const Preroll* const a, const Preroll* const b)
{
  return a->is_valid == b->is_valid && a->tick == b->tick && a->planner == b->planner &&
         a->edition == b->edition && a->take == b->take && a->role == b->role && a->turn == b->turn;
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
      .planner  = cn_engine_planner_serial(self->engine),
      .edition  = cn_engine_edition(self->engine),
      .take     = self->params.take,
      .role     = self->params.role,
      .turn     = self->params.answer_bars,
  };
  const Preroll last = self->preroll;
  if (is_same_preroll(&last, &next)) {
    return;
  }
  // A knob that is turned here and now acts at once; where the transport only comes by, what stands stands
  const bool turned =
      last.is_valid && last.tick == next.tick && (last.role != next.role || last.turn != next.turn);
  self->preroll = next;
  for (int32_t k = cn_segment_at(next.tick); k <= cn_segment_at(next.tick + CN_LEAD_TICKS); ++k) {
    ask_for_segment(self, k, !turned);
  }
}

// Controls

static CN_AUDIO float
clamp(const float value, const float low, const float high, const float otherwise)
{
  return isnan(value) ? otherwise : fminf(fmaxf(value, low), high);
}

static CN_AUDIO CnParams
read_params(const CnControls* const controls)
{
  const bool has_chord = controls->chord >= 1 && controls->chord <= CN_N_CHORDS;
  const int  bars      = controls->answer_bars;
  return (CnParams){
      .temperature = clamp(controls->temperature, 0.0F, 4.0F, 1.0F),
      .top_p       = clamp(controls->top_p, 0.0F, 1.0F, 1.0F),
      .motif       = clamp(controls->motif, 0.0F, 1.0F, 0.5F),
      .chord       = has_chord ? controls->chord - 1 : CN_CHORD_NONE,
      .take        = (uint32_t)controls->take,
      .role        = (unsigned)controls->role < CN_N_ROLES ? (uint8_t)controls->role : CN_ROLE_CONTINUE,
      .answer_bars = (uint8_t)(bars < 1                    ? 1
                               : bars < CN_ANSWER_BARS_MAX ? bars
                                                           : CN_ANSWER_BARS_MAX),
      .timing      = controls->timing == CN_TIMING_AVERAGE ? CN_TIMING_AVERAGE : CN_TIMING_MODEL,
  };
}

/// Tell the engine how to hear, if that has changed
static CN_AUDIO void
tell_mode(CnPerformer* const self)
{
  const CnCommand command = {
      .kind   = CN_COMMAND_MODE,
      .tick   = (int32_t)lround(tick_now(self)),
      .hold   = self->controls.hold,
      .params = self->params,
  };
  const bool is_known = self->told_role == (CnRole)self->params.role && self->told_hold == command.hold;
  if (!is_known && cn_ring_push(cn_engine_inbox(self->engine), &command)) {
    self->told_role = (CnRole)self->params.role;
    self->told_hold = command.hold;
  }
}

/**
   Begin a new take, if it is asked for: from the first segment that was not asked for.

   Not while a host renders offline, which is to be what was heard.
*/
static CN_AUDIO void
read_new_take(CnPerformer* const self)
{
  const bool asked   = self->controls.new_take && !self->was_new_take;
  self->was_new_take = self->controls.new_take;
  if (!asked || self->controls.hold || self->controls.freewheeling) {
    return;
  }
  const int32_t here = (int32_t)ceil(tick_now(self) - ON_TICK);
  const int32_t next =
      cn_clock_is_rolling(&self->clock) ? cn_role_next_segment(self->cursor - 2) : cn_segment_at(here);
  cn_engine_add_edition(self->engine);
  tell(self, &(CnCommand){.kind = CN_COMMAND_ANEW, .segment = next});
}

static CN_AUDIO void
choose_channel(CnPerformer* const self)
{
  const int  channel   = self->controls.channel;
  const bool is_chosen = channel >= 1 && channel <= 16;
  cn_ledger_set_channel(&self->ledger, is_chosen ? (unsigned)channel - 1 : self->listener.channel);
}

static CN_AUDIO void
latch_controls(CnPerformer* const self, const CnControls* const controls)
{
  const bool was_audible = is_audible(self);
  self->controls         = *controls;
  self->params           = read_params(controls);
  if (was_audible && !is_audible(self)) {
    cn_ledger_release_all(&self->ledger, 0);
  }
  const float tempo = controls->tempo == 0.0F ? (float)CN_FREE_BPM : controls->tempo;
  cn_clock_set_free_tempo(&self->clock, self->start,
                          (double)clamp(tempo, CN_FREE_BPM_MIN, CN_FREE_BPM_MAX, (float)CN_FREE_BPM));
  choose_channel(self);
  tell_mode(self);
  read_new_take(self);
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
  cn_sequencer_init(&self->sequencer, cn_engine_timeline(self->engine), &self->ledger);
  self->preroll.is_valid = false;
  self->was_new_take     = true;
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
  cn_sequencer_begin(&self->sequencer, self->params.take, self->controls.hold);
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

/// The musician struck a key: leave everything, or just this key, to him; a held take plays on
static CN_AUDIO void
make_way(CnPerformer* const self, const int32_t tick, const uint8_t pitch)
{
  if (self->controls.hold) {
    return;
  }
  if (self->params.role == CN_ROLE_CONTINUE) {
    cn_sequencer_yield(&self->sequencer, self->now, tick + CN_REST_TICKS);
  } else {
    cn_sequencer_cede(&self->sequencer, self->now, pitch, cn_role_next_segment(tick) * CN_SEGMENT_TICKS);
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
  const bool begins = cn_listener_hear(&self->listener, rolls ? &moment : NULL, message, size);
  choose_channel(self);
  if (begins) {
    make_way(self, moment.tick, message[1]);
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
  return self->ledger.n_own > 0 || self->sequencer.has_notes;
}

CN_AUDIO uint32_t
cn_performer_late_notes(const CnPerformer* const self)
{
  return self->sequencer.n_late;
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
