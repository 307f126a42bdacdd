// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/play/performer.h"

#include "dsp/music/scale.h"
#include "dsp/play/clock.h"
#include "dsp/play/fingers.h"
#include "dsp/play/ledger.h"
#include "dsp/play/listener.h"
#include "dsp/play/midi.h"
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

/// [ticks] A jump up to this long while rolling is the host's slip, as after an xrun: an eighth
#define SLIP_TICKS (12.0 + ON_TICK)

/// [ticks] If slips leave the transport further behind what has sounded, it did not slip, but go there
#define BEHIND_TICKS 96

/// [ticks] Two jumps back that agree as well as this are turns of a loop: rounding allows for it, chance does
/// not
#define SAME_TURN 0.02

/// [ticks] A segment that is asked for no earlier than this before its start is not counted upon
#define SHORT_NOTICE 3

/// [frames] Longer blocks no sound card has: whoever asks for them renders offline, and need not say so
#define LIVE_FRAMES 8192

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

/// Keys that were down as the pass began, and are to be heard in it
typedef struct {
  bool    is_due;
  double  first; ///< [ticks] The earliest that one of them can belong to
  double  tick;  ///< [ticks] where the pass begins
  int64_t frame; ///< [frames] of the stream there
} Carry;

/// The last jump back that was taken for a slip: one that comes again is a loop
typedef struct {
  bool   is_valid;
  double from; ///< [ticks]
  double to;   ///< [ticks]
} Return;

/// All that the audio thread owns
struct CnPerformer {
  CnClock     clock;
  CnListener  listener;
  CnLedger    ledger;
  CnSequencer sequencer;
  CnFingers   fingers;
  Preroll     preroll;
  Carry       carry;
  Return      last_return;
  CnControls  controls;     ///< Of this block
  CnParams    params;       ///< Of this block
  CnRole      told_role;    ///< That the engine knows of
  bool        told_hold;    ///< That the engine knows of
  bool        is_anew;      ///< Nothing has run since activation
  bool        was_new_take; ///< The control in the last block
  double      rate;         ///< [frames a second]
  int64_t     start;        ///< [frames] of the stream where this block starts
  uint32_t    n_frames;     ///< Length of this block
  bool        is_offline;   ///< The host renders: the engine runs inline, and nothing is late
  uint32_t    now;          ///< [frames] of this block up to which all is played
  int32_t     cursor;       ///< [ticks] the next that the playhead visits

  CnEngine*       engine; ///< Shared: its inbox is written here, its timeline read
  CnEngineThread* thread; ///< Null if the engine is run from here or by cn_performer_sync() only
};

// Engine

/// True if a segment may begin in the very block in which it is asked for, as none shorter than a lead can
/// have
static CN_AUDIO bool
is_long_block(const CnPerformer* const self)
{
  const double slope = fmax(self->clock.speed, 1.0) * cn_clock_tempo(&self->clock) * CN_TICKS_PER_QUARTER /
                       (60.0 * self->rate);
  return self->n_frames * slope > CN_LEAD_TICKS - 1;
}

/// True if the engine composes while run() waits for it: its thread would come too late
static CN_AUDIO bool
is_inline(const CnPerformer* const self)
{
  return self->is_offline || is_long_block(self);
}

/// Run the engine here and now, if it would come too late otherwise
static CN_AUDIO void
run_inline(CnPerformer* const self)
{
  if (cn_ring_is_empty(cn_engine_inbox(self->engine))) {
    return;
  }
  if (self->is_offline) {
    cn_engine_run(self->engine);
  } else if (is_long_block(self)) {
    cn_engine_try_run(self->engine);
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
  cn_sequencer_expect(&self->sequencer, segment, self->params.take);
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

   @param heard False: nothing begins.
*/
static CN_AUDIO void
visit(CnPerformer* const self, const bool heard)
{
  const int32_t tick = self->cursor++;
  const int32_t cut  = tick - 1;
  if (is_audible(self) && cn_segment_at(cut) * CN_SEGMENT_TICKS == cut) {
    ask_for_segment(self, cn_segment_at(cut + CN_LEAD_TICKS), false);
  }
  cn_sequencer_visit(&self->sequencer, self->now, tick, heard && is_audible(self));
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

/// Let a key that was down before be struck where it belongs: where the pass begins, or shortly before
static CN_AUDIO void
carry_key(CnPerformer* const self, const int key)
{
  const Carry* const carry = &self->carry;
  const int64_t      since = carry->frame - self->fingers.frames[key];
  const double       before =
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
    make_way(self, moment.tick, message[1]);
  }
}

/**
   Hear the keys that are down since before the pass began.

   Only once the frame is over where it did: some hosts release there what belongs to the place they left.
*/
static CN_AUDIO void
carry_keys(CnPerformer* const self)
{
  self->carry.is_due = false;
  for (int key = cn_fingers_next(&self->fingers, -1); key >= 0; key = cn_fingers_next(&self->fingers, key)) {
    const bool is_heard = self->listener.keys[key / 128][key % 128];
    if (!is_heard) { // Else it was struck since
      carry_key(self, key);
    }
  }
}

/// Play up to a frame of this block, and not what begins in it
static CN_AUDIO void
advance(CnPerformer* const self, const uint32_t frame)
{
  if (self->carry.is_due && frame > self->now) {
    carry_keys(self);
  }
  while (self->cursor < CN_TICK_LIMIT) {
    const int64_t due = cn_clock_frame(&self->clock, self->cursor) - self->start;
    if (due >= frame) {
      break;
    }
    self->now = due > self->now ? (uint32_t)due : self->now;
    visit(self, true);
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
  self->carry.is_due = false;
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
      if (!is_inline(self)) {
        cn_sequencer_skip(&self->sequencer, (k + 1) * CN_SEGMENT_TICKS);
      }
      ask_for_segment(self, k, true);
    }
  }
}

/// Begin to visit ticks from where the clock is; no key that is down belongs before `first` [ticks]
static CN_AUDIO void
begin_pass(CnPerformer* const self, const double first)
{
  const double tick      = tick_now(self);
  self->cursor           = (int32_t)ceil(tick - ON_TICK);
  self->preroll.is_valid = false;
  self->carry            = (Carry){true, first, tick, self->start + self->now};
  tell(self, &(CnCommand){.kind = CN_COMMAND_PASS});
  fill_in(self);
}

/**
   [ticks] The earliest place of keys that are down as the transport rolls from now on.

   @param was_told It stood at a place, or free ran, before.
   @param tick [ticks] of that place.
*/
static CN_AUDIO double
first_place(const CnPerformer* const self, const bool was_told, const double tick)
{
  const double here  = tick_now(self);
  const double first = was_told ? tick : fmax(here - SLIP_TICKS, fmin(here, 0.0));
  return first <= here && here - first <= SLIP_TICKS ? first : here;
}

/// True if the transport, which rolls on, has gone from `tick` [ticks] to where it is by a slip of the host's
static CN_AUDIO bool
is_slip(CnPerformer* const self, const double tick)
{
  const double        here    = tick_now(self);
  const Return        again   = {here < tick, tick, here};
  const Return* const last    = &self->last_return;
  const bool          is_loop = again.is_valid && last->is_valid && fabs(last->from - tick) < SAME_TURN &&
                       fabs(last->to - here) < SAME_TURN;
  const bool is_near = fabs(here - tick) <= SLIP_TICKS && self->cursor - here <= BEHIND_TICKS;
  if (!is_near || again.is_valid) {
    self->last_return = again;
    self->last_return.is_valid &= is_near;
  }
  return is_near && !is_loop;
}

/// Leave out the segments that the ticks from `first` to the cursor asked for, and that will hardly come in
/// time
static CN_AUDIO void
skip_hasty(CnPerformer* const self, const int32_t first)
{
  const double  block = (double)(self->n_frames - self->now) * self->clock.slope;
  const int32_t near  = self->cursor + SHORT_NOTICE + (int32_t)block;
  const int32_t last  = cn_role_next_segment(self->cursor - 2) - 1;
  for (int32_t k = cn_role_next_segment(first - 2); k <= last && !is_inline(self); ++k) {
    if (k * CN_SEGMENT_TICKS < near && !cn_sequencer_has(&self->sequencer, k)) {
      cn_sequencer_skip(&self->sequencer, (k + 1) * CN_SEGMENT_TICKS);
    }
  }
}

/// Go where the host has slipped to: ticks that it leaves out pass unheard, none is played again
static CN_AUDIO void
slip(CnPerformer* const self)
{
  const int32_t first = self->cursor;
  const int32_t here  = (int32_t)ceil(tick_now(self) - ON_TICK);
  while (self->cursor < here) {
    visit(self, false);
  }
  skip_hasty(self, first);
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

/// What is asked for, as far as it makes sense
static CN_AUDIO CnRules
read_rules(const CnRules* const asked)
{
  CnRules rules = *asked;
  rules.scale   = asked->scale < CN_N_SCALES ? asked->scale : CN_SCALE_OFF;
  rules.root    = asked->scale == CN_SCALE_OFF ? 0 : asked->root % 12;
  rules.lowest  = asked->lowest <= CN_PITCH_MIN ? 0 : asked->lowest;
  rules.highest = asked->highest >= CN_PITCH_MAX ? 0 : asked->highest;
  return rules;
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
      .entry       = (unsigned)controls->entry < CN_N_ENTRIES ? (uint8_t)controls->entry : CN_ENTRY_AT_ONCE,
      .timing      = controls->timing == CN_TIMING_AVERAGE ? CN_TIMING_AVERAGE : CN_TIMING_MODEL,
      .rules       = read_rules(&controls->rules),
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
  if (!self->clock.told) {
    cn_clock_init(&self->clock, self->rate);
  }
  cn_listener_init(&self->listener, cn_engine_inbox(self->engine));
  cn_ledger_owe_all(&self->ledger);
  cn_fingers_init(&self->fingers);
  cn_sequencer_init(&self->sequencer, cn_engine_timeline(self->engine), &self->ledger);
  self->carry.is_due         = false;
  self->last_return.is_valid = false;
  self->preroll.is_valid     = false;
  self->was_new_take         = true;
  self->is_anew              = true;
  self->now                  = 0;
  self->cursor               = 0;
  tell(self, &(CnCommand){.kind = CN_COMMAND_HALT, .tick = tick});
}

CN_AUDIO void
cn_performer_begin(CnPerformer* const self, const CnControls* const controls, const CnMidiSink* const sink,
                   const uint32_t n_frames)
{
  self->n_frames   = n_frames;
  self->now        = 0;
  self->is_offline = controls->freewheeling || n_frames > LIVE_FRAMES;
  cn_ledger_begin(&self->ledger, sink);
  latch_controls(self, controls);
  run_inline(self);
  cn_sequencer_begin(&self->sequencer, self->params.take, self->controls.hold);
  if (self->is_anew && cn_clock_is_rolling(&self->clock)) { // The host may not tell again what it has told
    begin_pass(self, tick_now(self));
  }
  self->is_anew = false;
}

CN_AUDIO void
cn_performer_position(CnPerformer* const self, const uint32_t frame, const CnPosition* const position)
{
  advance(self, place_event(self, frame));
  const bool     was_told = self->clock.told;
  const bool     rolled   = cn_clock_is_rolling(&self->clock);
  const double   tick     = tick_now(self);
  const unsigned changed  = cn_clock_tell(&self->clock, self->start + self->now, position);
  const bool     rolls    = cn_clock_is_rolling(&self->clock);
  if (was_told && rolled && rolls && (changed & CN_CLOCK_LOCATED) && is_slip(self, tick)) {
    slip(self);
    return;
  }
  if (rolled && (changed & (CN_CLOCK_STOPPED | CN_CLOCK_LOCATED))) {
    halt(self, tick);
  }
  if (rolls && (changed & (CN_CLOCK_STARTED | CN_CLOCK_LOCATED))) {
    begin_pass(self, rolled && was_told ? tick_now(self) : first_place(self, was_told, tick));
  }
}

CN_AUDIO void
cn_performer_midi(CnPerformer* const self, const uint32_t frame, const uint8_t* const message,
                  const uint32_t size)
{
  advance(self, place_event(self, frame));
  if (!self->clock.told && !cn_clock_is_rolling(&self->clock) && cn_listener_is_note(message, size)) {
    cn_clock_run_free(&self->clock, self->start + self->now);
    begin_pass(self, CN_FREE_TICK);
  }
  cn_fingers_follow(&self->fingers, self->start + self->now, message, size);
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

CN_AUDIO int
cn_performer_key(const CnPerformer* const self)
{
  return cn_engine_key(self->engine);
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
