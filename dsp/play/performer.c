// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/play/performer.h"

#include "dsp/music/chord.h"
#include "dsp/music/scale.h"
#include "dsp/play/midi.h"
#include "dsp/play/performer_private.h"
#include "dsp/play/view.h"
#include "dsp/take/role.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/// [frames] Longer blocks no sound card has: whoever asks for them renders offline, and need not say so
#define LIVE_FRAMES 8192

/// [s] that the engine need not know of notes, if it is asked for nothing
#define UNREAD_SECONDS 0.25

/// [ns] Between two looks whether the engine has done its work
#define SYNC_NANOSECONDS 20000

// Blocks

/// Strike what is due between two ticks before a frame of this block, up to where the cursor is next
static CN_AUDIO void
strike_waiting(CnPerformer* const self, const int64_t frame)
{
  double due = cn_sequencer_due(&self->sequencer);
  while (due < self->cursor) {
    const int64_t at = cn_clock_frame_at(&self->clock, due) - self->start;
    if (at >= frame) {
      break;
    }
    self->now = at > self->now ? (uint32_t)at : self->now;
    cn_sequencer_strike(&self->sequencer, self->now, due);
    due = cn_sequencer_due(&self->sequencer);
  }
}

/**
   Play up to a frame of this block, and not what begins in it.

   @param doubt [frames] before it in which nothing begins yet: a loop may end there, or the transport stop,
   and the host's rounding had it come too early.
*/
static CN_AUDIO void
advance(CnPerformer* const self, const uint32_t frame, const uint32_t doubt)
{
  const int64_t end = (int64_t)frame - doubt;
  cn_performer_make_room(self);
  if (self->carry.is_due && frame > self->now) {
    cn_performer_carry_keys(self);
    cn_performer_make_room(self);
  }
  while (self->cursor < CN_TICK_LIMIT) {
    const int64_t due = cn_clock_frame(&self->clock, self->cursor) - self->start;
    strike_waiting(self, due < end ? due : end);
    if (due >= end) {
      break;
    }
    self->now = due > self->now ? (uint32_t)due : self->now;
    cn_performer_visit(self, true);
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
  CnRules rules    = *asked;
  rules.scale      = asked->scale < CN_N_SCALES ? asked->scale : CN_SCALE_OFF;
  rules.root       = asked->scale == CN_SCALE_OFF ? 0 : asked->root % 12;
  rules.lowest     = asked->lowest <= CN_PITCH_MIN ? 0 : asked->lowest;
  rules.highest    = asked->highest >= CN_PITCH_MAX ? 0 : asked->highest;
  rules.swing      = asked->swing <= CN_SWING_EVEN  ? 0
                     : asked->swing < CN_SWING_MOST ? asked->swing
                                                    : CN_SWING_MOST;
  rules.chord_rule = asked->chord_rule < CN_N_CHORD_RULES ? asked->chord_rule : CN_CHORD_RULE_ALL;
  rules.chord_keys = asked->chord_keys < CN_N_CHORD_KEYS ? asked->chord_keys : CN_CHORD_KEYS_OFF;
  rules.chord_at   = rules.chord_keys ? asked->chord_at : 0;
  return rules;
}

static CN_AUDIO CnParams
read_params(const CnControls* const controls)
{
  const bool has_chord = cn_chord_is_valid(controls->chord - 1);
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
  const CnRules* const rules = &self->params.rules;
  const bool is_lead = self->told_lead[0] == rules->chord_keys && self->told_lead[1] == rules->chord_at;
  const bool is_known =
      is_lead && self->told_role == (CnRole)self->params.role && self->told_hold == self->controls.hold;
  if (is_known) {
    return;
  }
  const CnCommand command = {
      .kind   = CN_COMMAND_MODE,
      .tick   = (int32_t)lround(cn_performer_tick(self)),
      .hold   = self->controls.hold,
      .params = self->params,
  };
  if (cn_ring_push(cn_engine_inbox(self->engine), &command)) {
    self->told_role    = (CnRole)self->params.role;
    self->told_hold    = command.hold;
    self->told_lead[0] = rules->chord_keys;
    self->told_lead[1] = rules->chord_at;
  }
}

/**
   Begin a new take, if it is asked for: from the first segment that was not asked for.

   Not while a host renders offline, which is to be what was heard.
*/
static CN_AUDIO void
read_new_take(CnPerformer* const self)
{
  const bool asked   = self->foot_new || (self->controls.new_take && !self->was_new_take);
  self->foot_new     = false;
  self->was_new_take = self->controls.new_take;
  if (!asked || self->controls.hold || self->controls.freewheeling) {
    return;
  }
  const int32_t here = (int32_t)ceil(cn_performer_tick(self) - CN_ON_TICK);
  const int32_t next =
      cn_clock_is_rolling(&self->clock) ? cn_role_next_segment(self->cursor - 2) : cn_segment_at(here);
  cn_engine_add_edition(self->engine);
  cn_performer_tell(self, &(CnCommand){.kind = CN_COMMAND_ANEW, .segment = next});
}

static CN_AUDIO void
choose_channel(CnPerformer* const self)
{
  const int  channel   = self->controls.channel;
  const bool is_chosen = channel >= 1 && channel <= 16;
  cn_ledger_set_channel(&self->ledger, is_chosen ? (unsigned)channel - 1 : self->listener.channel);
}

/// Whose turn it is by foot
enum { TURN_OF_ROLE, TURN_OWN, TURN_HIS };

/// Let what the feet did go before what the controls say
static CN_AUDIO void
follow_feet(CnPerformer* const self)
{
  self->controls.hold ^= self->foot_hold;
  if (self->turn == TURN_OWN) {
    self->params.role = CN_ROLE_SOLO;
  } else if (self->turn == TURN_HIS) {
    self->controls.play = false;
  }
}

/// Where Play goes off while there is something to close, let the bar come to its end
static CN_AUDIO void
follow_play(CnPerformer* const self, const bool was_playing)
{
  const bool goes_off = was_playing && !self->controls.play && self->controls.enabled;
  if (goes_off && cn_clock_is_rolling(&self->clock)) {
    const CnBar bar = cn_clock_bar(&self->clock, self->cursor - 1);
    self->close     = bar.start + bar.length;
  } else if (self->controls.play || !self->controls.enabled) {
    self->close = INT32_MIN;
  }
}

/// A foot that gets another controller is not down by the one before
static CN_AUDIO void
move_feet(CnPerformer* const self)
{
  for (unsigned foot = 0; foot < CN_N_FEET; ++foot) {
    self->is_down[foot] &= self->controls.feet[foot] == self->asked.feet[foot];
  }
}

/// Let the controls that are asked for hold from now on
static CN_AUDIO void
latch_asked(CnPerformer* const self)
{
  const bool was_audible = cn_performer_is_audible(self);
  const bool was_playing = self->controls.play && cn_performer_playing(self);
  move_feet(self);
  self->controls = self->asked;
  self->params   = read_params(&self->asked);
  follow_feet(self);
  follow_play(self, was_playing);
  if (was_audible && !cn_performer_is_audible(self)) {
    cn_sequencer_yield(&self->sequencer, self->now, self->sequencer.hush);
  }
  const float tempo = self->asked.tempo == 0.0F ? (float)CN_FREE_BPM : self->asked.tempo;
  cn_clock_set_free_tempo(&self->clock, self->start,
                          (double)clamp(tempo, CN_FREE_BPM_MIN, CN_FREE_BPM_MAX, (float)CN_FREE_BPM));
  choose_channel(self);
  read_new_take(self);
}

/// Do what a controller is for that has gone down
static CN_AUDIO void
press_foot(CnPerformer* const self, const CnFoot foot)
{
  switch (foot) {
  case CN_FOOT_TURN:
    self->turn = self->turn == TURN_OWN ? TURN_HIS : TURN_OWN;
    break;
  case CN_FOOT_NEW_TAKE:
    self->foot_new = true;
    break;
  case CN_FOOT_HOLD:
    self->foot_hold = !self->foot_hold;
    break;
  case CN_FOOT_PANIC:
    cn_performer_panic(self);
    return;
  }
  latch_asked(self);
  tell_mode(self);
}

/// True if a controller lifts a pedal that fell before it was a foot's
static CN_AUDIO bool
lifts_pedal(const CnPerformer* const self, const uint8_t* const message)
{
  const CnListener* const listener = &self->listener;
  const unsigned          channel  = cn_midi_channel(message);
  return message[2] < CN_PEDAL_DOWN &&
         ((message[1] == CN_CONTROL_SUSTAIN && listener->has_pedal[channel]) ||
          (message[1] == CN_CONTROL_SOSTENUTO && listener->has_sostenuto[channel]));
}

/// Hear a controller that is a foot's; false if a message is anything else
static CN_AUDIO bool
hear_foot(CnPerformer* const self, const uint8_t* const message, const uint32_t size)
{
  bool is_foot = false;
  for (unsigned foot = 0; size == 3 && cn_midi_kind(message) == CN_MIDI_CONTROL && foot < CN_N_FEET; ++foot) {
    if (self->controls.feet[foot] && self->controls.feet[foot] == message[1]) {
      const bool was_down = self->is_down[foot];
      is_foot             = true;
      self->is_down[foot] = message[2] >= CN_PEDAL_DOWN;
      if (self->is_down[foot] && !was_down) {
        press_foot(self, (CnFoot)foot);
      }
    }
  }
  return is_foot && !lifts_pedal(self, message);
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
  const int32_t tick = (int32_t)lround(cn_performer_tick(self));
  if (!self->clock.told) {
    cn_clock_init(&self->clock, self->rate);
  }
  const uint8_t channel = self->listener.channel; // Still the musician's last
  cn_listener_init(&self->listener, cn_engine_inbox(self->engine));
  self->listener.channel = channel;
  cn_ledger_owe_all(&self->ledger);
  cn_fingers_init(&self->fingers);
  cn_notices_init(&self->notices);
  cn_sequencer_init(&self->sequencer, cn_engine_timeline(self->engine), &self->ledger);
  self->carry.is_due       = false;
  self->last_jump.is_valid = false;
  self->preroll.is_valid   = false;
  self->was_new_take       = true;
  self->turn               = TURN_OF_ROLE;
  self->foot_hold          = false;
  memset(self->is_down, 0, sizeof(self->is_down));
  self->is_woken = false;
  self->n_frames = 0;
  self->is_anew  = true;
  self->now      = 0;
  self->cursor   = 0;
  self->close    = INT32_MIN;
  cn_performer_tell(self, &(CnCommand){.kind = CN_COMMAND_HALT, .tick = tick});
}

CN_AUDIO void
cn_performer_begin(CnPerformer* const self, const CnControls* const controls, const CnMidiSink* const sink,
                   const uint32_t n_frames)
{
  self->n_before = self->n_frames;
  self->n_frames = n_frames;
  self->is_woken = false;
  self->now      = 0;
  cn_ledger_begin(&self->ledger, sink);
  if (controls) {
    self->asked = *controls;
  }
  if (controls || self->is_anew) {
    latch_asked(self);
  }
  tell_mode(self); // Again, if its inbox was full
  self->is_offline = self->controls.freewheeling || n_frames > LIVE_FRAMES;
  cn_performer_run_inline(self);
  cn_sequencer_begin(&self->sequencer, self->params.take, self->controls.hold);
  if (self->is_anew && cn_clock_is_rolling(&self->clock)) { // The host may not tell again what it has told
    cn_performer_begin_pass(self, cn_performer_tick(self));
  }
  self->is_anew = false;
}

CN_AUDIO void
cn_performer_position(CnPerformer* const self, const uint32_t frame, const CnPosition* const position)
{
  advance(self, place_event(self, frame), cn_clock_doubt(&self->clock));
  cn_notices_hear(&self->notices, false);
  const bool     was_told = self->clock.told;
  const bool     rolled   = cn_clock_is_rolling(&self->clock);
  const double   tick     = cn_performer_tick(self);
  const unsigned changed  = cn_clock_tell(&self->clock, self->start + self->now, position);
  const bool     rolls    = cn_clock_is_rolling(&self->clock);
  if (was_told && rolled && rolls && (changed & CN_CLOCK_LOCATED) && cn_performer_follow_slip(self, tick)) {
    return;
  }
  if (rolled && (changed & (CN_CLOCK_STOPPED | CN_CLOCK_LOCATED))) {
    cn_performer_halt(self, tick);
  }
  if (rolls && (changed & (CN_CLOCK_STARTED | CN_CLOCK_LOCATED))) {
    cn_performer_begin_pass(self, rolled && was_told ? cn_performer_tick(self)
                                                     : cn_performer_first_place(self, was_told, tick));
  }
}

CN_AUDIO void
cn_performer_midi(CnPerformer* const self, const uint32_t frame, const uint8_t* const message,
                  const uint32_t size)
{
  advance(self, place_event(self, frame), 0);
  if (hear_foot(self, message, size)) {
    return;
  }
  if (cn_clock_waits(&self->clock) && cn_listener_is_note(message, size)) {
    cn_clock_run_free(&self->clock, self->start + self->now);
    cn_performer_begin_pass(self, CN_FREE_TICK);
  }
  cn_fingers_follow(&self->fingers, self->start + self->now, message, size);
  cn_notices_hear(&self->notices, cn_listener_is_note(message, size));
  const double   tick   = cn_performer_tick(self);
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
    cn_performer_make_way(self, moment.tick, message[1]);
  }
  cn_ledger_pass(&self->ledger, self->now, message, size, self->controls.thru || !self->controls.enabled);
}

/// Notice what the musician ought to be told
static CN_AUDIO void
notice(CnPerformer* const self)
{
  CnNotices* const notices = &self->notices;
  cn_notices_look(notices, &self->clock, self->n_frames, self->fingers.n_down);
  cn_notices_raise(notices, CN_NOTICE_LOST, self->listener.n_lost > 0);
  cn_notices_raise(notices, CN_NOTICE_FULL_OUTPUT, self->ledger.n_refused > 0);
  cn_notices_raise(notices, CN_NOTICE_METRES, self->clock.map.is_full);
  cn_notices_raise(notices, CN_NOTICE_LONG_TAKE, cn_engine_has_forgotten(self->engine));
}

CN_AUDIO void
cn_performer_end(CnPerformer* const self)
{
  advance(self, self->n_frames, cn_clock_doubt(&self->clock));
  cn_performer_tell_struck(self);
  cn_performer_prepare_start(self);
  cn_performer_run_inline(self);
  notice(self);
  self->start += self->n_frames;
}

/// What the engine was told is known to its thread, or will be in time
static CN_AUDIO void
expect_nothing(CnPerformer* const self)
{
  self->is_asking   = false;
  self->is_pressing = false;
  self->is_watching = false;
  self->unread      = 0;
}

/// Call the engine's thread; a host that waits for the engine wakes it, if need be, as it does so
static CN_AUDIO void
call_thread(CnPerformer* const self)
{
  const double patience = cn_performer_patience(self);
  if (self->is_pressing || patience <= 0.0 || (self->is_synced && self->is_watching)) {
    cn_engine_thread_wake(self->thread);
    self->is_woken = true;
  } else if (!self->is_synced) {
    self->is_woken = cn_engine_thread_expect(self->thread, patience);
  } else {
    return;
  }
  expect_nothing(self);
}

// The engine wants to know the notes only when a segment is due
CN_AUDIO void
cn_performer_wake(CnPerformer* const self)
{
  self->unread = cn_ring_is_empty(cn_engine_inbox(self->engine)) ? 0 : self->unread + self->n_frames;
  const bool is_due =
      self->unread > 0 && (self->is_asking || (double)self->unread >= UNREAD_SECONDS * self->rate);
  if (self->thread && (is_due || self->is_watching)) {
    call_thread(self);
  }
  self->is_synced = false;
}

CN_AUDIO bool
cn_performer_playing(const CnPerformer* const self)
{
  return self->ledger.n_own > 0 || self->sequencer.has_notes;
}

/// Write down a bar if it differs from what is known
static CN_AUDIO void
write_bar(CnPerformer* const self, const CnSheet* const known, const CnSheetBar bar)
{
  const CnSheetBar old = cn_sheet_read(known, bar.bar);
  if (bar.chord != old.chord || bar.another != old.another || bar.stands != old.stands) {
    cn_performer_tell(self, &(CnCommand){.kind       = CN_COMMAND_SHEET,
                                         .bar_number = bar.bar,
                                         .another    = bar.another,
                                         .stands     = (uint8_t)bar.stands,
                                         .params     = {.chord = bar.chord}});
    cn_engine_await_sheet(self->engine); // Else what is told of before would go for the latest
  }
}

CN_AUDIO void
cn_performer_set_sheet(CnPerformer* const self, const CnSheet* const known, const CnSheet* const sheet)
{
  cn_performer_tell(self, &(CnCommand){.kind = CN_COMMAND_EDIT});
  for (uint32_t i = 0; i < known->n_bars; ++i) {
    write_bar(self, known, cn_sheet_read(sheet, known->bars[i].bar));
  }
  for (uint32_t i = 0; i < sheet->n_bars; ++i) {
    if (!cn_sheet_has(known, sheet->bars[i].bar)) {
      write_bar(self, known, sheet->bars[i]);
    }
  }
}

CN_AUDIO void
cn_performer_undo(CnPerformer* const self)
{
  cn_performer_tell(self, &(CnCommand){.kind = CN_COMMAND_UNDO});
}

CN_AUDIO int
cn_performer_key(const CnPerformer* const self)
{
  return cn_engine_key(self->engine);
}

CN_AUDIO unsigned
cn_performer_notices(const CnPerformer* const self)
{
  return self->notices.raised;
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
  // Once a block: a second call would have the thread look at its inbox in the midst of the next one
  if (!self->is_woken && !cn_ring_is_empty(cn_engine_inbox(self->engine))) {
    cn_engine_thread_wake(self->thread);
  }
  expect_nothing(self);
  self->is_synced = true;
  while (!cn_engine_is_idle(self->engine)) {
    nanosleep(&pause, NULL);
  }
}
