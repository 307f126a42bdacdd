// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/take/engine.h"

#include "dsp/music/scale.h"
#include "dsp/part/delivery.h"
#include "dsp/part/lead.h"
#include "dsp/take/engine_private.h"
#include "dsp/take/role.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N_COMMANDS 4096 ///< Room for several seconds of the densest playing
#define N_PITCHES 128

/// [ns] Between two looks whether another thread is done with the engine
#define WAIT_NANOSECONDS 50000

static int32_t
min(const int32_t a, const int32_t b)
{
  return a < b ? a : b;
}

static int32_t
max(const int32_t a, const int32_t b)
{
  return a > b ? a : b;
}

// Planning

/// Tick of the musician's first onset at or after `tick`, but for keys that lead; INT32_MAX if there is none
static int32_t
find_entry(const CnTake* const take, const int32_t tick, const CnRules* const rules)
{
  for (uint32_t i = cn_take_find(take, tick); i < take->n_notes; ++i) {
    const CnNote* const note = &take->notes[i];
    if (note->part == CN_PART_MUSICIAN && !cn_lead_has(rules, note->pitch, note->channel)) {
      return take->notes[i].onset;
    }
  }
  return INT32_MAX;
}

/// Look back from a segment's cut; a given phrase that has no place yet has it in the segment's bar
static void
look_back(CnEngine* const engine, const CnCommand* const ask)
{
  const CnTake* const take  = &engine->recorder.take;
  const int32_t       start = ask->segment * CN_SEGMENT_TICKS;
  const int32_t       cut   = start - CN_LEAD_TICKS;
  if (!engine->phrase) {
    cn_past_look(&engine->past, take, cut, &ask->params.rules);
    return;
  }
  if (engine->given_line == CN_GIVEN_OPEN) {
    engine->given_line = start - cn_bar_place(ask->bar, start).offset;
  }
  cn_past_look_given(&engine->past, take, cut, &ask->params.rules, engine->phrase, engine->given_line);
}

/// Copy the model's notes from `cut` to `start`; returns their number
static uint32_t
copy_recent(const CnTake* const take, const int32_t cut, const int32_t start, CnNote* const recent)
{
  uint32_t n = 0;
  for (uint32_t i = cn_take_find(take, cut); i < take->n_notes && take->notes[i].onset < start; ++i) {
    if (take->notes[i].part == CN_PART_CONTINUO && n < CN_SEGMENT_NOTES) {
      recent[n++] = take->notes[i];
    }
  }
  return n;
}

_Static_assert(CN_LEAD_TICKS <= CN_SEGMENT_TICKS, "the recent notes are those of one segment at most");

/// Hash of the past that a segment continues
static uint64_t
hash_past(const CnEngine* const engine, const CnPlanRequest* const request)
{
  uint64_t hash = cn_hash_mix(engine->past.hash, engine->planner.id);
  hash          = cn_hash_mix(hash, request->params.take);
  for (uint32_t i = 0; i < request->n_recent; ++i) {
    hash = cn_hash_note(hash, &request->recent[i]);
  }
  return hash;
}

static uint64_t
hash_float(const uint64_t hash, const float value)
{
  uint32_t bits = 0;
  memcpy(&bits, &value, sizeof(bits));
  return cn_hash_mix(hash, bits);
}

/// [quarters a minute] for a planner that needs it, and 0 for all others
static float
tempo_of(const CnEngine* const engine, const CnCommand* const ask)
{
  return engine->planner.needs_tempo ? ask->tempo : 0.0F;
}

/// Hash of what is asked for; what is not leaves it as it was, so that old sessions' hashes hold
static uint64_t
hash_rules(uint64_t hash, const CnRules* const rules)
{
  uint8_t bytes[sizeof(CnRules)];
  memcpy(bytes, rules, sizeof(bytes));
  for (uint32_t i = 0; i < sizeof(bytes); ++i) {
    hash = bytes[i] ? cn_hash_mix(hash, i << 8U | bytes[i]) : hash;
  }
  return hash;
}

/// Hash of the parameters, metre and tempo at a segment's place
static uint64_t
hash_place(const CnEngine* const engine, const CnCommand* const ask)
{
  const CnParams* const params = &ask->params;
  uint64_t              hash   = hash_float(0, params->temperature);
  hash                         = hash_float(hash, params->top_p);
  hash                         = hash_float(hash, params->motif);
  hash                         = cn_hash_mix(hash, (uint32_t)params->chord);
  hash                         = cn_hash_mix(hash, params->role);
  hash                         = cn_hash_mix(hash, (uint32_t)ask->bar.start);
  hash                         = cn_hash_mix(hash, ask->bar.length);
  if (params->timing != CN_TIMING_MODEL) { // Sessions that know of no timing have hashes without
    hash = cn_hash_mix(hash, params->timing);
  }
  if (engine->planner.needs_tempo) {
    hash = hash_float(hash, ask->tempo);
  }
  if (params->role == CN_ROLE_CONTINUE && params->entry != CN_ENTRY_AT_ONCE) {
    hash = cn_hash_mix(hash, params->entry);
  }
  if (params->role == CN_ROLE_ANSWER) {
    hash = cn_hash_mix(hash, params->answer_bars);
    hash = cn_hash_mix(hash, (uint32_t)ask->bar_number);
  }
  if (ask->closes) {
    hash = cn_hash_mix(hash, (uint32_t)ask->close);
  }
  return hash_rules(hash, &params->rules);
}

/// A note that may begin in the segment from `start` on
static bool
fits(const CnEngine* const engine, const CnRolePlace* const place, const CnNote* const note,
     const int32_t start)
{
  return note->onset >= (place->enters && place->from > start ? place->from : start) &&
         note->onset < start + CN_SEGMENT_TICKS && note->onset < cn_role_limit(place, note->onset) &&
         note->duration >= 1 && note->pitch < N_PITCHES && note->velocity >= 1 && note->velocity <= 127 &&
         !cn_past_is_held(&engine->past, note->pitch);
}

/// Let the planner write a segment, or the seed of a solo out of nothing; returns the number of notes
static uint32_t
write_notes(const CnEngine* const engine, const CnRolePlace* const place, const CnPlanRequest* const request,
            CnNote* const notes)
{
  const CnPlanner* const planner = &engine->planner;
  uint32_t               n       = 0;
  if (!planner->plan || !place->may_play) {
    return 0;
  }
  if (place->role == CN_ROLE_SOLO && request->n_history + request->n_recent == 0) {
    return cn_role_opening(request, notes);
  }
  return planner->plan(planner->handle, request, notes, &n) ? 0 : n;
}

/// Write those notes of a segment that may be; returns their number
static uint32_t
compose(const CnEngine* const engine, const CnRolePlace* const place, const CnPlanRequest* const request,
        CnNote* const notes)
{
  const int32_t  start   = request->segment * CN_SEGMENT_TICKS;
  const uint32_t n_notes = write_notes(engine, place, request, notes);
  uint32_t       n_fit   = 0;
  for (uint32_t i = 0; i < n_notes && i < CN_SEGMENT_NOTES; ++i) {
    if (fits(engine, place, &notes[i], start)) {
      notes[n_fit]          = notes[i];
      notes[n_fit].bar      = cn_bar_place(request->bar, notes[i].onset);
      notes[n_fit].channel  = 0;
      notes[n_fit].part     = CN_PART_CONTINUO;
      notes[n_fit].duration = min(notes[i].duration, CN_OWN_DURATION_MAX);
      ++n_fit;
    }
  }
  return n_fit;
}

// Storing

/// True if the take has these notes of the model's in a segment, and no others
static bool
has_notes(const CnTake* const take, const int32_t start, const CnNote* const notes, const uint32_t n_notes)
{
  uint32_t n = 0;
  for (uint32_t i = cn_take_find(take, start);
       i < take->n_notes && take->notes[i].onset < start + CN_SEGMENT_TICKS; ++i) {
    if (take->notes[i].part == CN_PART_CONTINUO &&
        (n == n_notes || memcmp(&take->notes[i], &notes[n++], sizeof(CnNote)) != 0)) {
      return false;
    }
  }
  return n == n_notes;
}

void
cn_engine_remember(CnEngine* const engine, const int32_t segment, const CnNote* const notes,
                   const uint32_t n_notes)
{
  CnTake* const take  = &engine->recorder.take;
  const int32_t start = segment * CN_SEGMENT_TICKS;
  if (has_notes(take, start, notes, n_notes)) {
    return;
  }
  cn_song_forget(&engine->song, segment);
  if (engine->recorder.hold) {
    cn_take_erase_own_between(take, start, start + CN_SEGMENT_TICKS);
  } else {
    cn_revise_erase(engine, segment, true);
  }
  for (uint32_t i = 0; i < n_notes; ++i) {
    cn_take_insert(take, &notes[i], 0);
  }
}

/// Put the notes of a segment on the timeline, as they are delivered, and as the musician lets them sound
static void
store(CnEngine* const engine, CnSegment* const segment, const CnRolePlace* const place,
      CnDelivery* const delivery, const CnNote* const notes, const uint32_t n_notes)
{
  const int32_t start = segment->segment * CN_SEGMENT_TICKS;
  for (uint32_t i = 0; i < n_notes; ++i) {
    const CnNote* const note   = &notes[i];
    const int32_t       limit  = cn_role_limit(place, note->onset);
    const int32_t       end    = cn_recorder_fit(&engine->recorder, note, start - CN_LEAD_TICKS);
    const int32_t       most   = max(min(end, limit), note->onset + 1); // Those left out are delivered, too
    const bool          is_cut = most < note->onset + note->duration;
    const CnTimedNote   timed  = cn_delivery_note(delivery, note, most, is_cut ? most : limit);
    if (end > note->onset) {
      segment->notes[segment->n_notes++] = timed;
    }
  }
  cn_timeline_write(engine->timeline, segment);
}

/// Make the key of a segment, as composed in an edition of its take
static CnSegment
make_key(const CnEngine* const engine, const CnCommand* const ask, CnPlanRequest* const request,
         const uint32_t edition)
{
  const uint32_t another = cn_sheet_read(&engine->sheet, ask->bar_number).another;
  request->params.take   = ask->params.take + CN_EDITION_TAKES * edition + CN_ANOTHER_TAKES * another;
  return (CnSegment){
      .segment = ask->segment,
      .take    = ask->params.take,
      .edition = edition,
      .past    = hash_past(engine, request),
      .place   = hash_place(engine, ask),
  };
}

/// True if what is stored stands, as all that it is a function of is the same
static bool
stands(const CnEngine* const engine, const CnCommand* const ask, CnPlanRequest* const request)
{
  CnSegment stored;
  if (!cn_timeline_read(engine->timeline, ask->segment, &stored)) {
    return false;
  }
  const CnSegment key = make_key(engine, ask, request, stored.edition);
  return engine->recorder.hold ||
         (stored.take == key.take && stored.past == key.past && (ask->again || stored.place == key.place));
}

/// The chord at a place: what the leading hand says, or what is written down for the bar, or what is asked
/// for
static int32_t
find_chord(const CnEngine* const engine, const CnCommand* const ask, const int32_t cut)
{
  const CnPast* const past    = &engine->past;
  const int32_t       written = cn_sheet_read(&engine->sheet, ask->bar_number).chord;
  const int32_t       held    = ask->params.rules.chord_keys == CN_CHORD_KEYS_OFF
                                    ? CN_CHORD_NONE
                                    : cn_lead_chord(&ask->params.rules, past->notes, past->n_notes, cut);
  return held != CN_CHORD_NONE ? held : written != CN_CHORD_NONE ? written : ask->params.chord;
}

/// Let how a chord binds count only where there is one, so that it changes nothing elsewhere
static void
set_chord(CnParams* const params, const int32_t chord)
{
  params->chord = chord;
  if (chord == CN_CHORD_NONE) {
    params->rules.chord_rule     = CN_CHORD_RULE_ALL;
    params->rules.chord_guidance = 0;
  }
  if (params->role != CN_ROLE_ACCOMPANY) { // Likewise
    params->rules.support = CN_SUPPORT_SUPPORT;
  }
}

void
cn_engine_plan(CnEngine* const engine, const CnCommand* const command)
{
  CnCommand     asked = *command;
  const int32_t start = asked.segment * CN_SEGMENT_TICKS;
  const int32_t cut   = start - CN_LEAD_TICKS;
  cn_recorder_check(&engine->recorder, cut + 1); // A tick later it was asked for
  look_back(engine, &asked);
  set_chord(&asked.params, find_chord(engine, &asked, cut));
  const CnCommand* const ask = &asked;
  atomic_store_explicit(&engine->key, cn_key_of_notes(engine->past.notes, engine->past.n_notes),
                        memory_order_relaxed);

  if (cn_revise_put(engine, ask->segment, ask->params.take)) {
    return;
  }

  CnNote         recent[CN_SEGMENT_NOTES];
  CnNote         notes[CN_SEGMENT_NOTES];
  const CnNote*  history   = engine->past.notes;
  const uint32_t n_history = engine->past.n_notes;
  CnPlanRequest  request   = {
         .segment   = ask->segment,
         .bar       = ask->bar,
         .params    = ask->params,
         .history   = history,
         .n_history = n_history,
         .recent    = recent,
         .n_recent  = copy_recent(&engine->recorder.take, cut, start, recent),
         .tempo     = tempo_of(engine, ask),
         .origin    = engine->past.origin,
  };
  if (stands(engine, ask, &request)) {
    return;
  }
  CnSegment         segment = make_key(engine, ask, &request, cn_engine_edition(engine));
  const int32_t     entry   = find_entry(&engine->recorder.take, cut, &ask->params.rules);
  const CnRolePlace place   = cn_role_place(ask, &engine->past, request.n_recent > 0, entry);
  cn_role_bind(&place, &request);
  memcpy(request.held, engine->past.held, sizeof(request.held));
  // Though the timeline may have lost it, the take has what is held
  uint32_t n_notes = engine->recorder.hold ? cn_take_copy_own(&engine->recorder.take, start, notes) : 0;
  if (!n_notes && !cn_ahead_find(engine, &segment, notes, &n_notes)) {
    n_notes = compose(engine, &place, &request, notes);
  }
  cn_engine_remember(engine, ask->segment, notes, n_notes);
  CnDelivery delivery = cn_delivery_begin(&request, ask->tempo, notes, n_notes);
  store(engine, &segment, &place, &delivery, notes, n_notes);
}

/// Forget what was composed from a segment on, but what is kept
static void
forget(CnEngine* const engine, const int32_t segment)
{
  cn_revise_erase(engine, segment, false);
}

/// Let a given phrase lie where the transport rolls, not where it has stood until then
static void
place_phrase(CnEngine* const engine, const CnCommand* const ask)
{
  const int32_t step = ask->segment - engine->given_asked;
  if (!engine->phrase || engine->is_begun || engine->recorder.hold) {
    return;
  }
  if (engine->given_line != CN_GIVEN_OPEN && (step < -2 || step > 1)) { // That was for a start elsewhere
    forget(engine, cn_segment_at(engine->given_line));
    engine->given_line = CN_GIVEN_OPEN;
  }
  engine->given_asked = ask->segment;
  engine->is_begun    = engine->song.rolls;
}

/// Give a given phrase a place anew, if a new take begins there or before
static void
release_phrase(CnEngine* const engine, const int32_t segment)
{
  if (segment <= cn_segment_at(engine->given_line)) {
    engine->given_line = CN_GIVEN_OPEN;
    engine->is_begun   = false;
  }
}

void
cn_engine_tell_sheet(CnEngine* const engine)
{
  if (engine->must_tell_sheet && !atomic_load_explicit(&engine->is_sheet_told, memory_order_acquire)) {
    engine->told_sheet      = engine->sheet;
    engine->must_tell_sheet = false;
    atomic_store_explicit(&engine->is_sheet_told, true, memory_order_release);
  }
}

static void
obey(CnEngine* const engine, const CnCommand* const command)
{
  switch ((CnCommandKind)command->kind) {
  case CN_COMMAND_ON:
    cn_recorder_on(&engine->recorder, command);
    break;
  case CN_COMMAND_OFF:
    cn_recorder_off(&engine->recorder, command);
    break;
  case CN_COMMAND_LIFT:
    cn_recorder_lift(&engine->recorder, command);
    break;
  case CN_COMMAND_HALT:
    cn_song_halt(&engine->song, command->tick);
    cn_recorder_halt(&engine->recorder, command->tick);
    break;
  case CN_COMMAND_SONG:
    cn_song_tell(&engine->song, command);
    break;
  case CN_COMMAND_PASS:
    engine->song.rolls = false;
    cn_recorder_begin_pass(&engine->recorder);
    return;
  case CN_COMMAND_PLAN:
    engine->tempo = command->tempo;
    engine->tick  = command->segment * CN_SEGMENT_TICKS - CN_LEAD_TICKS;
    cn_song_roll(&engine->song, engine->tick);
    place_phrase(engine, command);
    engine->revision.last = *command;
    cn_engine_plan(engine, command);
    return;
  case CN_COMMAND_MODE:
    cn_recorder_set_mode(&engine->recorder, command);
    return;
  case CN_COMMAND_SHEET:
    cn_revise_write(engine, command);
    return;
  case CN_COMMAND_EDIT:
    engine->revision.begins = true;
    return;
  case CN_COMMAND_UNDO:
    cn_revise_undo(engine);
    return;
  case CN_COMMAND_ANEW:
    forget(engine, command->segment);
    release_phrase(engine, command->segment);
    return;
  case CN_COMMAND_STRUCK:
    cn_song_sound(&engine->song, command->tick, command->ticks);
    return;
  }
  engine->tick = command->tick;
  cn_song_roll(&engine->song, engine->tick);
}

// Ownership

void
cn_engine_acquire(CnEngine* const engine)
{
  const struct timespec pause = {0, WAIT_NANOSECONDS};
  while (atomic_exchange_explicit(&engine->is_busy, true, memory_order_acquire)) {
    nanosleep(&pause, NULL);
  }
}

void
cn_engine_release(CnEngine* const engine)
{
  const CnTake* const take = &engine->recorder.take;
  atomic_store_explicit(&engine->has_notes, take->n_notes > 0 || engine->phrase, memory_order_relaxed);
  atomic_store_explicit(&engine->has_forgotten, take->has_forgotten, memory_order_relaxed);
  atomic_store_explicit(&engine->is_busy, false, memory_order_release);
}

void
cn_engine_obey(CnEngine* const engine)
{
  CnCommand command;
  while (cn_ring_pop(&engine->inbox, &command)) {
    obey(engine, &command);
    cn_ahead_follow(engine, &command);
  }
  cn_engine_tell_sheet(engine);
}

// Public

CnEngine*
cn_engine_new(void)
{
  CnEngine* const engine = (CnEngine*)calloc(1, sizeof(CnEngine));
  if (!engine) {
    return NULL;
  }
  engine->timeline = cn_timeline_new();
  atomic_init(&engine->key, CN_KEY_NONE);
  if (!engine->timeline || cn_ring_init(&engine->inbox, N_COMMANDS, sizeof(CnCommand)) ||
      cn_recorder_init(&engine->recorder, engine->timeline) || cn_past_init(&engine->past)) {
    cn_engine_free(engine);
    return NULL;
  }
  return engine;
}

void
cn_engine_free(CnEngine* const engine)
{
  if (engine) {
    cn_engine_free(engine->ahead.shadow);
    cn_ahead_clear(engine);
    cn_recorder_clear(&engine->recorder);
    cn_past_clear(&engine->past);
    cn_ring_clear(&engine->inbox);
    cn_timeline_free(engine->timeline);
    free(engine);
  }
}

/**
   Let a planner that does not play yet hear the take: what it writes is of no interest.

   If there is no memory for that, its first segment takes the longer.
*/
static void
rehearse(CnEngine* const engine, const CnPlanner* const planner)
{
  CnPast        past    = {0};
  CnPlanRequest request = {.bar = {.length = 4 * CN_TICKS_PER_QUARTER}};
  CnNote        notes[CN_SEGMENT_NOTES];
  uint32_t      n_notes = 0;
  if (!cn_past_init(&past)) {
    cn_engine_acquire(engine);
    cn_past_look(&past, &engine->recorder.take, engine->tick, &(CnRules){0});
    request.segment = cn_segment_at(engine->tick) + 1;
    cn_engine_release(engine);
    request.history   = past.notes;
    request.n_history = past.n_notes;
  }
  if (past.n_notes > 0) {
    planner->plan(planner->handle, &request, notes, &n_notes);
  }
  cn_past_clear(&past);
}

CnStatus
cn_engine_set_planner(CnEngine* const engine, const CnPlanner* const planner)
{
  if (planner && !planner->plan) {
    return CN_STATUS_BAD_ARG;
  }
  if (planner) {
    rehearse(engine, planner);
  }
  cn_engine_acquire(engine);
  engine->planner = planner ? *planner : (CnPlanner){0};
  cn_ahead_forget(engine);
  cn_engine_release(engine);
  atomic_fetch_add_explicit(&engine->planner_serial, 1, memory_order_release);
  return CN_STATUS_SUCCESS;
}

void
cn_engine_set_phrase(CnEngine* const engine, const CnGivenPhrase* const phrase, const int32_t line)
{
  cn_engine_acquire(engine);
  engine->phrase     = phrase;
  engine->given_line = line;
  engine->is_begun   = line != CN_GIVEN_OPEN;
  cn_ahead_forget(engine);
  cn_engine_release(engine);
  atomic_fetch_add_explicit(&engine->planner_serial, 1, memory_order_release);
}

int32_t
cn_engine_given_line(CnEngine* const engine)
{
  cn_engine_acquire(engine);
  cn_engine_obey(engine);
  const int32_t line = engine->phrase ? engine->given_line : CN_GIVEN_OPEN;
  cn_engine_release(engine);
  return line;
}

CN_AUDIO uint32_t
cn_engine_planner_serial(const CnEngine* const engine)
{
  return atomic_load_explicit(&engine->planner_serial, memory_order_acquire);
}

CN_AUDIO bool
cn_engine_hear_sheet(CnEngine* const engine, CnSheet* const sheet)
{
  if (!atomic_load_explicit(&engine->is_sheet_told, memory_order_acquire)) {
    return false;
  }
  memcpy(sheet, &engine->told_sheet, sizeof(*sheet));
  atomic_store_explicit(&engine->is_sheet_told, false, memory_order_release);
  return true;
}

CN_AUDIO int
cn_engine_key(const CnEngine* const engine)
{
  return atomic_load_explicit(&engine->key, memory_order_relaxed);
}

CN_AUDIO uint32_t
cn_engine_edition(const CnEngine* const engine)
{
  return atomic_load_explicit(&engine->edition, memory_order_acquire);
}

CN_AUDIO void
cn_engine_add_edition(CnEngine* const engine)
{
  atomic_fetch_add_explicit(&engine->edition, 1, memory_order_acq_rel);
}

CN_AUDIO bool
cn_engine_is_blank(const CnEngine* const engine)
{
  return !atomic_load_explicit(&engine->has_notes, memory_order_acquire);
}

CN_AUDIO bool
cn_engine_has_forgotten(const CnEngine* const engine)
{
  return atomic_load_explicit(&engine->has_forgotten, memory_order_relaxed);
}

CN_AUDIO CnRing*
cn_engine_inbox(CnEngine* const engine)
{
  return &engine->inbox;
}

CN_AUDIO const CnTimeline*
cn_engine_timeline(const CnEngine* const engine)
{
  return engine->timeline;
}

void
cn_engine_run(CnEngine* const engine)
{
  cn_engine_acquire(engine);
  cn_engine_obey(engine);
  cn_engine_release(engine);
}

void
cn_engine_try_run(CnEngine* const engine)
{
  if (!atomic_exchange_explicit(&engine->is_busy, true, memory_order_acquire)) {
    cn_engine_obey(engine);
    cn_engine_release(engine);
  }
}

bool
cn_engine_is_idle(const CnEngine* const engine)
{
  return cn_ring_is_empty(&engine->inbox) && !atomic_load_explicit(&engine->is_busy, memory_order_acquire);
}
