// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  How a segment is planned: what it is a function of, and what becomes of its notes.
*/

#include "dsp/take/engine.h"
#include "dsp/take/engine_private.h"

#include "dsp/base/hash.h"
#include "dsp/music/scale.h"
#include "dsp/part/delivery.h"
#include "dsp/part/lead.h"
#include "dsp/take/role.h"

#include <string.h>

#define N_PITCHES 128

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

// The segment that is asked for

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

/// Hash of the parameters, metre and tempo at a segment's place, and of what it leads into
static uint64_t
hash_place(const CnEngine* const engine, const CnCommand* const ask, const CnFollowing* const following)
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
  if (following) { // Likewise
    hash = cn_hash_bytes(hash, following, sizeof(*following));
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

void
cn_engine_erase(CnEngine* const engine, const int32_t segment, const bool stays)
{
  const CnKept* const kept = &engine->revision.kept;
  CnTake* const       take = &engine->recorder.take;
  int32_t             at   = segment + 1;
  cn_take_erase_own_between(take, segment * CN_SEGMENT_TICKS, at * CN_SEGMENT_TICKS);
  if (!stays) {
    cn_timeline_erase_between(engine->timeline, segment, at);
  }
  for (const CnKeptBar* bar = cn_kept_next(kept, at); bar; bar = cn_kept_next(kept, at)) {
    if (bar->first > at) {
      cn_take_erase_own_between(take, at * CN_SEGMENT_TICKS, bar->first * CN_SEGMENT_TICKS);
      cn_timeline_erase_between(engine->timeline, at, bar->first);
    }
    at = bar->end;
  }
  cn_take_erase_own(take, at * CN_SEGMENT_TICKS);
  cn_timeline_erase(engine->timeline, at);
}

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

/// Remember the notes of a segment: if they are other ones than before, all that followed is forgotten,
/// unless it is held, or kept
static void
remember(CnEngine* const engine, const int32_t segment, const CnNote* const notes, const uint32_t n_notes)
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
    cn_engine_erase(engine, segment, true);
  }
  for (uint32_t i = 0; i < n_notes; ++i) {
    cn_take_insert(take, &notes[i], 0);
  }
}

bool
cn_engine_put_kept(CnEngine* const engine, const int32_t number, const uint32_t take)
{
  CnKeptNote kept[CN_SEGMENT_NOTES];
  CnNote     notes[CN_SEGMENT_NOTES];
  CnSegment  old;
  CnSegment  segment = {.segment = number, .take = take};
  if (!cn_kept_has(&engine->revision.kept, number)) {
    return false;
  }
  const uint32_t n = cn_kept_read(&engine->revision.kept, number, kept);
  for (uint32_t i = 0; i < n; ++i) {
    notes[i] = kept[i].note;
    if (kept[i].sounds) {
      segment.notes[segment.n_notes++] = kept[i].timed;
    }
  }
  remember(engine, number, notes, n);
  if (!cn_timeline_read(engine->timeline, number, &old) || old.take != take || old.past || old.place ||
      !cn_segment_has_same_notes(&old, &segment)) {
    cn_timeline_write(engine->timeline, &segment);
  }
  return true;
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
      .place   = hash_place(engine, ask, request->following),
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

/// What a segment leads into: if its bar is played another way, what is kept from the next bar on that has
/// notes, if that is not far off and the planner can; null: nothing
static const CnFollowing*
find_following(const CnEngine* const engine, const CnCommand* const ask, CnFollowing* const following)
{
  const CnKept* const kept  = &engine->revision.kept;
  const int32_t       start = ask->segment * CN_SEGMENT_TICKS;
  const int64_t       until = (int64_t)start + (int64_t)CN_FOLLOWING_AHEAD * ask->bar.length;
  const bool          leads = engine->planner.leads && cn_sheet_read(&engine->sheet, ask->bar_number).another;
  return leads && cn_kept_following(kept, start, until, following) ? following : NULL;
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

  if (cn_engine_put_kept(engine, ask->segment, ask->params.take)) {
    return;
  }

  CnFollowing    following;
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
         .following = find_following(engine, ask, &following),
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
  remember(engine, ask->segment, notes, n_notes);
  CnDelivery delivery = cn_delivery_begin(&request, ask->tempo, notes, n_notes);
  store(engine, &segment, &place, &delivery, notes, n_notes);
}

// Editions, which are part of a segment's key

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
