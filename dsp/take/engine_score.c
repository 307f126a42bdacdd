// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/take/engine.h"

#include "dsp/music/score_part.h"
#include "dsp/take/engine_private.h"

#include <math.h>
#include <stdlib.h>

#define MICROSECONDS_A_MINUTE 60e6
#define ANY_ORIGIN (-1) ///< Of the song, or if there is none, of a free performance

/// [ticks] from which on notes belong into the score: a host's song, or else a free performance
static int32_t
find_origin(const CnTake* const take)
{
  const int32_t first = (int32_t)cn_take_find(take, 0);
  const int32_t later = (int32_t)cn_take_find(take, CN_FREE_TICK);
  return first < later ? 0 : CN_FREE_TICK;
}

/// How long a note sounded [ticks]; 0: not at all.  What was composed is changed to how it was delivered
static int32_t
sounding(const CnEngine* const engine, CnNote* const note)
{
  CnSegment     segment;
  const int32_t number = cn_segment_at(note->onset);
  if (note->part == CN_PART_MUSICIAN) {
    const int32_t so_far = engine->tick > note->onset ? engine->tick - note->onset : 1;
    return note->duration == CN_DURATION_HELD ? so_far : note->duration;
  }
  if (!cn_timeline_read(engine->timeline, number, &segment)) {
    return 0;
  }
  for (uint32_t i = 0; i < segment.n_notes; ++i) {
    const CnTimedNote* const timed = &segment.notes[i];
    if (number * CN_SEGMENT_TICKS + timed->offset - timed->moved == note->onset &&
        timed->pitch == note->pitch) {
      note->onset += timed->moved;
      note->velocity  = timed->velocity;
      const bool sang = engine->recorder.hold || cn_song_has_sounded(&engine->song, note->onset);
      return sang ? timed->duration : 0;
    }
  }
  return 0;
}

/// A metre whose bars have some length [ticks], as well as can be told
static CnMeterChange
name_meter(const int32_t tick, const unsigned length)
{
  unsigned denominator = 4;
  while (denominator < 32 && length % (4 * CN_TICKS_PER_QUARTER / denominator)) {
    denominator *= 2;
  }
  const unsigned beats = length * denominator / (4 * CN_TICKS_PER_QUARTER);
  return (CnMeterChange){tick, (uint8_t)(beats < 1 ? 1 : beats < 255 ? beats : 255), (uint8_t)denominator};
}

/// Take down the metre that a note stands in, if it is another one than before
static void
draft_meter(CnScore* const draft, const CnNote* const note)
{
  const int32_t        line = note->onset - note->bar.offset;
  const CnMeterChange  next = name_meter(line > 0 ? line : 0, note->bar.length);
  CnMeterChange* const last = draft->n_meters > 0 ? &draft->meters[draft->n_meters - 1] : NULL;
  if (!last) {
    draft->meters[draft->n_meters++] = (CnMeterChange){0, next.numerator, next.denominator};
  } else if ((last->numerator != next.numerator || last->denominator != next.denominator) &&
             next.tick > last->tick) {
    draft->meters[draft->n_meters++] = next;
  }
}

/// The changes of a map from some tick on, the first being the one that holds there
static const CnSongChange*
find_changes(const CnSongMap* const map, const int32_t origin, uint32_t* const n)
{
  uint32_t first = 0;
  uint32_t last  = map->n;
  while (first + 1 < map->n && map->changes[first + 1].tick <= origin) {
    ++first;
  }
  while (origin < CN_FREE_TICK && last > first && map->changes[last - 1].tick >= CN_FREE_TICK) {
    --last;
  }
  *n = last - first;
  return map->changes + first;
}

/// Take down the tempi of the song; where they were never told, the last one that was
static void
draft_tempi(CnScore* const draft, const CnEngine* const engine, const int32_t origin)
{
  uint32_t                  n       = 0;
  const CnSongChange* const changes = find_changes(&engine->song.tempi, origin, &n);
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t tempo = changes[i].value < CN_TEMPO_MAX ? changes[i].value : CN_TEMPO_MAX;
    draft->tempi[i]      = (CnTempoChange){i > 0 ? changes[i].tick - origin : 0, tempo};
  }
  draft->n_tempi = n;
  if (n == 0 && engine->tempo > 0.0F) {
    const uint32_t tempo =
        (uint32_t)fmin(lround(MICROSECONDS_A_MINUTE / (double)engine->tempo), CN_TEMPO_MAX);
    draft->tempi[draft->n_tempi++] = (CnTempoChange){0, tempo};
  }
}

/// Take down the metres of the song, if they were told, in the place of what the notes tell
static void
draft_meters(CnScore* const draft, const CnEngine* const engine, const int32_t origin)
{
  uint32_t                  n       = 0;
  const CnSongChange* const changes = find_changes(&engine->song.metres, origin, &n);
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t value  = changes[i].value;
    const int32_t  length = (int32_t)(4 * CN_TICKS_PER_QUARTER * (value >> 8) / (value & 0xFF));
    const int32_t  tick   = changes[i].tick - origin;
    const bool     fits   = tick < 0 || length < 1 || tick % length == 0; // With bars from the start on

    draft->meters[i] = (CnMeterChange){i == 0 && fits ? 0 : tick, (uint8_t)(value >> 8), (uint8_t)value};
  }
  draft->n_meters = n ? n : draft->n_meters;
}

/// Take down what is in the take, which nobody may change meanwhile
static void
draft_take(CnScore* const draft, const CnEngine* const engine, const int32_t origin)
{
  const CnTake* const take = &engine->recorder.take;
  for (uint32_t i = cn_take_find(take, origin); i < take->n_notes; ++i) {
    const bool is_free = take->notes[i].onset >= CN_FREE_TICK;
    CnNote     note    = take->notes[i];
    note.duration      = sounding(engine, &note);
    note.bar.offset    = (uint16_t)(note.bar.offset + note.onset - take->notes[i].onset); // In the same bar
    note.onset -= origin;
    if (note.duration > 0 && is_free == (origin == CN_FREE_TICK)) {
      draft_meter(draft, &note);
      note.channel                   = 0; // Parts are told apart by their tracks, and there are no drums
      draft->notes[draft->n_notes++] = note;
    }
  }
  draft_tempi(draft, engine, origin);
  draft_meters(draft, engine, origin);
}

/// Make a score of what was played from an origin on, 0 or CN_FREE_TICK or ANY_ORIGIN
static CnStatus
score_from(CnEngine* const engine, const int32_t origin, CnScore** const score)
{
  CnScore  draft  = {.notes  = (CnNote*)calloc(CN_TAKE_NOTES, sizeof(CnNote)),
                     .meters = (CnMeterChange*)calloc(CN_TAKE_NOTES + CN_SONG_CHANGES, sizeof(CnMeterChange)),
                     .tempi  = (CnTempoChange*)calloc(CN_SONG_CHANGES, sizeof(CnTempoChange))};
  CnStatus status = draft.notes && draft.meters && draft.tempi ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
  *score          = NULL;
  if (!status) {
    cn_engine_acquire(engine);
    cn_engine_obey(engine);
    draft_take(&draft, engine, origin == ANY_ORIGIN ? find_origin(&engine->recorder.take) : origin);
    cn_engine_release(engine);
    status = draft.n_notes == 0 ? CN_STATUS_NOT_FOUND
                                : cn_score_new(draft.notes, draft.n_notes, draft.tempi, draft.n_tempi,
                                               draft.meters, draft.n_meters, score);
  }
  free(draft.notes);
  free(draft.meters);
  free(draft.tempi);
  return status;
}

CnStatus
cn_engine_score(CnEngine* const engine, CnScore** const score)
{
  return score_from(engine, ANY_ORIGIN, score);
}

CnStatus
cn_engine_score_part(CnEngine* const engine, const int32_t from, const int32_t to, CnScore** const part)
{
  const int32_t origin = from < CN_FREE_TICK ? 0 : CN_FREE_TICK;
  CnScore*      score  = NULL;
  *part                = NULL;
  if (to <= from) {
    return CN_STATUS_BAD_ARG;
  }
  CN_TRY(score_from(engine, origin, &score));
  const int32_t  first = from > origin ? from - origin : 0; // What lies before bar 1 is left out
  const CnStatus status =
      to - origin > first ? cn_score_part(score, first, to - origin, part) : CN_STATUS_NOT_FOUND;
  cn_score_free(score);
  return status;
}
