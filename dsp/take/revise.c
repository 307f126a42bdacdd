// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/take/revise.h"

#include "dsp/take/engine.h"
#include "dsp/take/engine_private.h"

#define USUAL_BAR (4 * CN_TICKS_PER_QUARTER) ///< [ticks] until a metre was told

// Where bars are

static int32_t
clamp_tick(const int64_t tick)
{
  return (int32_t)(tick < -CN_TICK_LIMIT ? -CN_TICK_LIMIT : tick > CN_TICK_LIMIT ? CN_TICK_LIMIT : tick);
}

/// [ticks] of a bar's line, as the metre has it that was told last
static int32_t
line_of(const CnEngine* const engine, const int32_t bar)
{
  const CnCommand* const last   = &engine->revision.last;
  const int64_t          length = last->bar.length ? last->bar.length : USUAL_BAR;
  return clamp_tick(last->bar.start + ((int64_t)bar - last->bar_number) * length);
}

/// The segments that begin in a bar
static CnKeptBar
place_of(const CnEngine* const engine, const int32_t bar)
{
  return (CnKeptBar){bar, cn_segment_at(line_of(engine, bar) + CN_SEGMENT_TICKS - 1),
                     cn_segment_at(line_of(engine, bar + 1) + CN_SEGMENT_TICKS - 1)};
}

// Keeping

/// Who knows a segment: the engine, the one that plans ahead, or null
static const CnEngine*
find_source(const CnEngine* const engine, const int32_t number, CnSegment* const segment)
{
  const CnAhead* const ahead = &engine->ahead;
  if (cn_timeline_read(engine->timeline, number, segment)) {
    return engine;
  }
  const bool is_planned = ahead->has_ask && !ahead->is_stale && number >= ahead->first && number < ahead->end;
  return is_planned && cn_timeline_read(ahead->shadow->timeline, number, segment) ? ahead->shadow : NULL;
}

/// A note of the take, with how it is delivered
static CnKeptNote
as_delivered(const CnNote* const note, const CnSegment* const segment)
{
  CnKeptNote kept = {.note = *note};
  for (uint32_t i = 0; i < segment->n_notes && !kept.sounds; ++i) {
    const CnTimedNote* const timed = &segment->notes[i];
    const int32_t            place = segment->segment * CN_SEGMENT_TICKS + timed->offset - timed->moved;
    kept.sounds                    = timed->pitch == note->pitch && place == note->onset;
    kept.timed                     = *timed;
  }
  return kept;
}

/// Keep a segment as it is known; false if it is not, or there is no room
static bool
keep_segment(CnEngine* const engine, const int32_t bar, const int32_t number)
{
  CnSegment  segment;
  CnNote     notes[CN_SEGMENT_NOTES];
  CnKeptNote kept[CN_SEGMENT_NOTES];
  if (cn_kept_has(&engine->revision.kept, number)) {
    return true;
  }
  const CnEngine* const source = find_source(engine, number, &segment);
  if (!source) {
    return false;
  }
  const uint32_t n = cn_take_copy_own(&source->recorder.take, number * CN_SEGMENT_TICKS, notes);
  for (uint32_t i = 0; i < n; ++i) {
    kept[i] = as_delivered(&notes[i], &segment);
  }
  return cn_kept_add(&engine->revision.kept, bar, number, kept, n);
}

/// Say in the sheet whether a bar is kept, and whether it rests
static void
mark(CnEngine* const engine, const int32_t bar)
{
  const CnKept* const    kept  = &engine->revision.kept;
  const CnKeptBar* const place = cn_kept_find(kept, bar);
  CnSheetBar             sheet = cn_sheet_read(&engine->sheet, bar);
  bool                   rests = true;
  CnKeptNote             notes[CN_SEGMENT_NOTES];
  for (int32_t k = place ? place->first : 0; place && k < place->end; ++k) {
    rests &= cn_kept_read(kept, k, notes) == 0;
  }
  sheet.stands = !place ? CN_BAR_FREE : rests ? CN_BAR_RESTS : CN_BAR_KEPT;
  if (!cn_sheet_write(&engine->sheet, sheet)) {
    cn_kept_remove(&engine->revision.kept, bar);
  }
}

/// Keep what is known of a bar; false if that is nothing.  One that is kept where another metre has it stays
static bool
keep(CnEngine* const engine, const int32_t bar)
{
  const CnKeptBar* const kept  = cn_kept_find(&engine->revision.kept, bar);
  const CnKeptBar        place = place_of(engine, bar);
  int32_t                k     = place.first;
  if (kept && (kept->first < place.first || kept->end > place.end)) {
    mark(engine, bar);
    return true;
  }
  while (k < place.end && keep_segment(engine, bar, k)) {
    ++k;
  }
  mark(engine, bar);
  return k > place.first;
}

/// The last of the bars known from one on that has notes; one less: none has
static int32_t
find_last(const CnEngine* const engine, const int32_t first)
{
  int32_t   last = first - 1;
  CnSegment segment;
  for (int32_t bar = first; bar < first + CN_SHEET_BARS; ++bar) {
    const CnKeptBar place = place_of(engine, bar);
    for (int32_t k = place.first; k < place.end; ++k) {
      if (!find_source(engine, k, &segment)) {
        return last;
      }
      last = segment.n_notes > 0 ? bar : last;
    }
  }
  return last;
}

/// Keep what is known from a bar on, but for silence at the end: nobody has played yet, or Continuo waits,
/// and what comes of that is not settled
static void
keep_from(CnEngine* const engine, const int32_t first)
{
  const int32_t last = find_last(engine, first);
  for (int32_t bar = first; bar <= last && keep(engine, bar); ++bar) {
  }
}

/// True if a bar is composed another way, so that it leads into what is kept
static bool
leads(const CnEngine* const engine, const int32_t bar)
{
  return engine->planner.leads && bar >= 0 && cn_sheet_read(&engine->sheet, bar).another &&
         !cn_kept_find(&engine->revision.kept, bar);
}

/// Keep the bars just before one that lead into what has followed so far
static void
keep_before(CnEngine* const engine, const int32_t bar)
{
  for (int32_t b = bar - 1; leads(engine, b) && keep(engine, b); --b) {
  }
}

/// Keep a bar without notes
static void
silence(CnEngine* const engine, const int32_t bar)
{
  const CnKeptBar place = place_of(engine, bar);
  cn_kept_remove(&engine->revision.kept, bar);
  for (int32_t k = place.first; k < place.end; ++k) {
    cn_kept_add(&engine->revision.kept, bar, k, NULL, 0);
  }
  mark(engine, bar);
}

// What stands on the timeline

/// Put a bar that is kept into its place, as far as the music has come
static void
put_bar(CnEngine* const engine, const CnKeptBar place)
{
  for (int32_t k = place.first; k < place.end && k <= engine->revision.last.segment; ++k) {
    cn_engine_put_kept(engine, k, engine->revision.last.params.take);
  }
}

/// Compose a bar, as far as the music has come, as it would be if it came now
static void
compose_bar(CnEngine* const engine, const int32_t bar)
{
  const CnKeptBar place = place_of(engine, bar);
  CnCommand       ask   = engine->revision.last;
  ask.bar.start         = line_of(engine, bar);
  ask.bar_number        = bar;
  ask.again             = false;
  for (int32_t k = place.first; k < place.end && k <= engine->revision.last.segment; ++k) {
    ask.segment = k;
    cn_engine_plan(engine, &ask);
  }
}

/// Let a bar be composed, together with those just before it
static void
await_bar(CnEngine* const engine, const int32_t bar)
{
  CnRevision* const revision = &engine->revision;
  if (bar != revision->end || revision->first == revision->end) {
    cn_revise_settle(engine);
    revision->first = bar;
  }
  revision->end = bar + 1;
}

// Edits

static void
copy_edit(CnEdit* const edit, const CnEdit* const from)
{
  edit->sheet = from->sheet;
  cn_kept_copy(&edit->kept, &from->kept);
}

/// Remember what is written down, if an edit begins; beyond CN_UNDO_MOST the oldest is forgotten
static void
begin_edit(CnEngine* const engine)
{
  CnRevision* const revision = &engine->revision;
  if (!revision->begins) {
    return;
  }
  if (revision->n_edits == CN_UNDO_MOST) {
    for (uint32_t i = 1; i < CN_UNDO_MOST; ++i) {
      copy_edit(&revision->edits[i - 1], &revision->edits[i]);
    }
    --revision->n_edits;
  }
  CnEdit* const edit = &revision->edits[revision->n_edits++];
  edit->sheet        = engine->sheet;
  cn_kept_copy(&edit->kept, &revision->kept);
  revision->begins = false;
}

/// Do what is new in a bar
static void
apply(CnEngine* const engine, const CnSheetBar* const old, const CnSheetBar* const new)
{
  const bool is_another = new->another != old->another;
  if (is_another || new->stands == CN_BAR_FREE) {
    cn_kept_remove(&engine->revision.kept, new->bar);
    mark(engine, new->bar);
    if (is_another) {
      await_bar(engine, new->bar);
    }
  } else if (new->stands == CN_BAR_RESTS && old->stands != CN_BAR_RESTS) {
    silence(engine, new->bar);
    put_bar(engine, place_of(engine, new->bar));
  } else if (new->stands == CN_BAR_KEPT) {
    keep(engine, new->bar);
  }
}

void
cn_revise_write(CnEngine* const engine, const CnCommand* const command)
{
  CnSheet* const sheet    = &engine->sheet;
  const CnSheetBar new    = {.bar     = command->bar_number,
                             .chord   = command->params.chord,
                             .another = command->another,
                             .stands  = command->stands};
  engine->must_tell_sheet = true;
  if (new.bar == CN_SHEET_ALL) {
    begin_edit(engine);
    sheet->n_bars                 = 0;
    engine->revision.first        = engine->revision.end;
    engine->revision.kept.n_bars  = 0;
    engine->revision.kept.n_notes = 0;
    return;
  }
  const CnSheetBar old = cn_sheet_read(sheet, new.bar);
  const bool alone = new.another != old.another || (new.stands == CN_BAR_RESTS&& old.stands != CN_BAR_RESTS);
  if (engine->revision.begins && (alone || new.stands != old.stands)) {
    keep_before(engine, new.bar);
  }
  if (alone) {
    keep_from(engine, new.bar);
  }
  begin_edit(engine);
  if (cn_sheet_write(sheet, new)) {
    apply(engine, &old, &new);
  }
}

void
cn_revise_settle(CnEngine* const engine)
{
  CnRevision* const revision = &engine->revision;
  int32_t           bar      = revision->first;
  while (bar < revision->end && leads(engine, bar - 1)) { // That leads elsewhere now
    --bar;
  }
  for (; bar < revision->end && revision->last.bar.length; ++bar) {
    compose_bar(engine, bar);
  }
  revision->first = revision->end;
}

void
cn_revise_undo(CnEngine* const engine)
{
  CnRevision* const revision = &engine->revision;
  if (revision->n_edits == 0) {
    return;
  }
  const CnEdit* const edit = &revision->edits[--revision->n_edits];
  engine->sheet            = edit->sheet;
  engine->must_tell_sheet  = true;
  cn_kept_copy(&revision->kept, &edit->kept);
  for (uint32_t i = 0; i < revision->kept.n_bars; ++i) {
    put_bar(engine, revision->kept.bars[i]);
  }
}
