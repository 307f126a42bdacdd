// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/take/recorder.h"

#include "dsp/part/lead.h"
#include "dsp/take/role.h"

#include <stddef.h>
#include <string.h>

#define N_KEYS 128
#define N_CHANNELS 16
#define EVERY_KEY N_KEYS

/// [ticks] An event this near to where it was before is the same
#define MATCH_TICKS 1

static int32_t
max(const int32_t a, const int32_t b)
{
  return a > b ? a : b;
}

static int32_t
min(const int32_t a, const int32_t b)
{
  return a < b ? a : b;
}

CnStatus
cn_recorder_init(CnRecorder* const self, CnTimeline* const timeline)
{
  memset(self, 0, sizeof(*self));
  self->timeline = timeline;
  self->pass     = 1;
  return cn_take_init(&self->take);
}

void
cn_recorder_clear(CnRecorder* const self)
{
  cn_take_clear(&self->take);
}

void
cn_recorder_begin_pass(CnRecorder* const self)
{
  ++self->pass;
}

// Overwriting

/// True if a struck key takes the word, so that the continuation falls silent
static bool
interrupts(const CnRecorder* const self, const unsigned pitch, const unsigned channel)
{
  return self->role == CN_ROLE_CONTINUE && !cn_lead_has(&self->rules, pitch, channel);
}

/// Cut the notes of one key, or EVERY_KEY, of one stored segment at a tick, and drop those not yet `played`
static void
trim_segment(CnRecorder* const self, const int32_t number, const unsigned pitch, const int32_t tick,
             const int32_t played)
{
  CnSegment     segment;
  const int32_t start = number * CN_SEGMENT_TICKS;
  if (!cn_timeline_read(self->timeline, number, &segment)) {
    return;
  }
  uint32_t n       = 0;
  bool     changed = false;
  for (uint32_t i = 0; i < segment.n_notes; ++i) {
    CnTimedNote   note  = segment.notes[i];
    const int32_t onset = start + note.offset;
    const bool    meant = pitch == EVERY_KEY || pitch == note.pitch;
    if (meant) {
      changed |= onset >= played || onset + note.duration > tick;
      note.duration = (uint16_t)min(note.duration, max(tick - onset, 1));
    }
    if (!meant || onset < played) {
      segment.notes[n++] = note;
    }
  }
  segment.n_notes = n;
  if (changed) {
    cn_timeline_write(self->timeline, &segment);
  }
}

/// Leave a key to the musician, who strikes it
static void
cede(CnRecorder* const self, const CnCommand* const command)
{
  const int32_t end = cn_role_next_segment(command->tick);
  if (interrupts(self, command->pitch, command->channel)) {
    return;
  }
  for (int32_t number = cn_segment_at(command->played - CN_OWN_DURATION_MAX); number < end; ++number) {
    trim_segment(self, number, command->pitch, command->tick, command->played);
  }
}

/// As a key is struck or held on: forget what the model plays from `tick` on, except that what sounds before
/// `played` did sound
static void
overwrite(CnRecorder* const self, const CnOpenNote* const open, const int32_t tick, const int32_t played)
{
  const unsigned key = (unsigned)(open - self->open[0]);
  if (!interrupts(self, key % N_KEYS, key / N_KEYS)) {
    const int32_t next = cn_role_next_segment(tick);
    cn_take_erase_own(&self->take, next * CN_SEGMENT_TICKS);
    cn_timeline_erase(self->timeline, next);
    return;
  }
  const int32_t last = cn_segment_at(played - 1);
  cn_take_erase_own(&self->take, tick);
  cn_timeline_erase(self->timeline, last + 1);
  for (int32_t number = cn_segment_at(tick - CN_OWN_DURATION_MAX); number <= last; ++number) {
    trim_segment(self, number, EVERY_KEY, tick, played);
  }
}

// Hearing

/// Index of the musician's note that is heard again, `n_notes` if there is none
static uint32_t
recall(const CnRecorder* const self, const CnCommand* const command)
{
  static const int32_t offsets[] = {0, -MATCH_TICKS, MATCH_TICKS};
  const CnTake* const  take      = &self->take;
  for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); ++i) {
    const uint32_t index = cn_take_find_played(take, command->tick + offsets[i], command->pitch);
    if (index < take->n_notes && take->passes[index] != self->pass) {
      return index;
    }
  }
  return take->n_notes;
}

/// Index of the note of an open key in the take
static uint32_t
find_note(const CnRecorder* const self, const CnOpenNote* const open, const unsigned pitch)
{
  return cn_take_find_played(&self->take, open->onset, pitch);
}

static void
set_duration(CnRecorder* const self, const CnOpenNote* const open, const unsigned pitch,
             const int32_t duration)
{
  const uint32_t index = find_note(self, open, pitch);
  if (index < self->take.n_notes) {
    cn_take_set_duration(&self->take, index, duration);
  }
}

static void
set_key(CnRecorder* const self, const CnOpenNote* const open, const unsigned pitch, const int32_t held)
{
  const uint32_t index = find_note(self, open, pitch);
  if (index < self->take.n_notes) {
    cn_take_set_key(&self->take, index, held);
  }
}

/// Give the note of an open key its end
static void
end_note(CnRecorder* const self, const CnOpenNote* const open, const unsigned pitch, const int32_t end)
{
  set_duration(self, open, pitch, max(end - open->onset, 1));
}

/// Tick where the note of an open key ended before; only if it is recalled
static int64_t
recall_end(const CnRecorder* const self, const CnOpenNote* const open, const unsigned pitch)
{
  const uint32_t index = find_note(self, open, pitch);
  return index < self->take.n_notes ? (int64_t)open->onset + self->take.notes[index].duration : 0;
}

/// Tick where the finger left the key before; only if it is recalled
static int64_t
recall_lift(const CnRecorder* const self, const CnOpenNote* const open, const unsigned pitch)
{
  const uint32_t index = find_note(self, open, pitch);
  return index < self->take.n_notes ? (int64_t)open->onset + self->take.keys[index] : 0;
}

/// Number of the other channels that hold the same note; with fingers, if only these count
static unsigned
count_sharers(const CnRecorder* const self, const CnOpenNote* const open, const unsigned pitch,
              const bool with_fingers)
{
  unsigned n = 0;
  for (unsigned channel = 0; channel < N_CHANNELS; ++channel) {
    const CnOpenNote* const other = &self->open[channel][pitch];
    n +=
        other != open && other->is_open && other->onset == open->onset && !(with_fingers && other->is_lifted);
  }
  return n;
}

/// Let the finger leave a key; of a recalled note it may do so before it did, as long as the note sounds
static void
lift_key(CnRecorder* const self, CnOpenNote* const open, const unsigned pitch, const int32_t tick)
{
  if (!open->is_open || open->is_lifted) {
    return;
  }
  open->is_lifted = true;
  open->lift      = max(tick, open->onset + 1);
  if (!open->is_recalled && !count_sharers(self, open, pitch, true)) {
    set_key(self, open, pitch, open->lift - open->onset);
  }
}

static void
close_note(CnRecorder* const self, CnOpenNote* const open, const unsigned pitch, const int32_t tick)
{
  if (!open->is_open) {
    return;
  }
  lift_key(self, open, pitch, tick);
  if (count_sharers(self, open, pitch, false)) {
    open->is_open = false;
    return;
  }
  if (!open->is_recalled) {
    end_note(self, open, pitch, tick);
  } else if (tick + MATCH_TICKS < recall_end(self, open, pitch)) {
    open->is_released = true;
    open->end         = max(tick, open->onset + 1);
    return;
  }
  open->is_open = false;
}

/// End a note that only a pedal holds, and has held for a bar
static void
check_pedal(CnRecorder* const self, CnOpenNote* const open, const unsigned pitch, const int32_t tick)
{
  const uint32_t index = find_note(self, open, pitch);
  if (open->is_lifted && !open->is_released && index < self->take.n_notes) {
    const int64_t end = (int64_t)open->lift + self->take.notes[index].bar.length;
    if (tick >= end) {
      close_note(self, open, pitch, (int32_t)end);
    }
  }
}

/// See whether a recalled note ended elsewhere than before
static void
check_recalled(CnRecorder* const self, CnOpenNote* const open, const unsigned pitch, const int32_t tick)
{
  if (open->is_released) {
    if (tick > open->end + MATCH_TICKS) {
      end_note(self, open, pitch, open->end);
      overwrite(self, open, open->end, open->end);
      open->is_open = false;
    }
    return;
  }
  const bool is_held = !open->is_lifted && tick > recall_lift(self, open, pitch) + MATCH_TICKS;
  if (is_held || tick > recall_end(self, open, pitch) + MATCH_TICKS) {
    set_duration(self, open, pitch, CN_DURATION_HELD);
    if (!open->is_lifted) {
      set_key(self, open, pitch, CN_DURATION_HELD);
    }
    overwrite(self, open, tick, tick);
    open->is_recalled = false;
  }
}

void
cn_recorder_check(CnRecorder* const self, const int32_t tick)
{
  for (unsigned channel = 0; channel < N_CHANNELS; ++channel) {
    for (unsigned pitch = 0; pitch < N_KEYS; ++pitch) {
      CnOpenNote* const open = &self->open[channel][pitch];
      if (open->is_open) {
        check_pedal(self, open, pitch, tick);
      }
      if (open->is_open && open->is_recalled) {
        check_recalled(self, open, pitch, tick);
      }
    }
  }
}

/// The other channel's open key that was struck with this one, so that their note is one; null: none
static const CnOpenNote*
find_twin(const CnRecorder* const self, const CnCommand* const command)
{
  for (unsigned channel = 0; channel < N_CHANNELS; ++channel) {
    const CnOpenNote* const other = &self->open[channel][command->pitch];
    const int32_t           reach = other->is_recalled ? MATCH_TICKS : 0;
    if (channel != command->channel && other->is_open && command->tick - other->onset <= reach &&
        other->onset - command->tick <= reach) {
      return other;
    }
  }
  return NULL;
}

void
cn_recorder_on(CnRecorder* const self, const CnCommand* const command)
{
  CnOpenNote* const open = &self->open[command->channel % N_CHANNELS][command->pitch];
  if (self->hold) {
    return;
  }
  cede(self, command);
  cn_recorder_check(self, command->tick);
  close_note(self, open, command->pitch, command->tick);
  if (open->is_open) { // Released early, and struck again
    end_note(self, open, command->pitch, open->end);
  }
  const uint32_t          index = recall(self, command);
  const CnOpenNote* const twin  = index < self->take.n_notes ? NULL : find_twin(self, command);
  *open                         = (CnOpenNote){.is_open = true, .onset = command->tick};
  if (index < self->take.n_notes) {
    self->take.passes[index] = self->pass;
    open->is_recalled        = true;
    open->onset              = self->take.notes[index].onset;
    return;
  }
  if (twin) {
    open->is_recalled = twin->is_recalled;
    open->onset       = twin->onset;
    return;
  }
  cn_take_erase_unheard(&self->take, command->tick, self->pass);
  overwrite(self, open, command->tick, command->played);
  const uint32_t same = cn_take_find_played(&self->take, command->tick, command->pitch);
  if (same < self->take.n_notes) { // Struck twice within a tick: one note
    cn_take_set_duration(&self->take, same, CN_DURATION_HELD);
    cn_take_set_key(&self->take, same, CN_DURATION_HELD);
    return;
  }
  const CnNote note = {
      .onset    = command->tick,
      .duration = CN_DURATION_HELD,
      .bar      = cn_bar_place(command->bar, command->tick),
      .pitch    = command->pitch,
      .velocity = command->velocity,
      .channel  = command->channel,
      .part     = CN_PART_MUSICIAN,
  };
  cn_take_insert(&self->take, &note, self->pass);
}

void
cn_recorder_off(CnRecorder* const self, const CnCommand* const command)
{
  cn_recorder_check(self, command->tick);
  close_note(self, &self->open[command->channel % N_CHANNELS][command->pitch], command->pitch, command->tick);
}

void
cn_recorder_lift(CnRecorder* const self, const CnCommand* const command)
{
  cn_recorder_check(self, command->tick);
  lift_key(self, &self->open[command->channel % N_CHANNELS][command->pitch], command->pitch, command->tick);
}

void
cn_recorder_halt(CnRecorder* const self, const int32_t tick)
{
  cn_recorder_check(self, tick);
  for (unsigned channel = 0; channel < N_CHANNELS; ++channel) {
    for (unsigned pitch = 0; pitch < N_KEYS; ++pitch) {
      close_note(self, &self->open[channel][pitch], pitch, tick);
      self->open[channel][pitch].is_open = false;
    }
  }
}

void
cn_recorder_set_mode(CnRecorder* const self, const CnCommand* const command)
{
  if (command->hold && !self->hold) {
    cn_recorder_halt(self, command->tick);
  }
  self->hold  = command->hold;
  self->role  = (CnRole)command->params.role;
  self->rules = command->params.rules;
}

int32_t
cn_recorder_fit(const CnRecorder* const self, const CnNote* const note, const int32_t cut)
{
  const CnTake* const take = &self->take;
  const int32_t       end  = note->onset + note->duration;
  for (uint32_t i = cn_take_find(take, cut); i < take->n_notes && take->notes[i].onset < end; ++i) {
    const CnNote* const played = &take->notes[i];
    if (played->part == CN_PART_MUSICIAN && played->pitch == note->pitch) {
      return max(played->onset, note->onset);
    }
  }
  return end;
}
