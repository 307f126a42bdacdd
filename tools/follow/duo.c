// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/follow/duo.h"

#include "dsp/take/engine.h"

#include <stdlib.h>

#define OCTAVE 6   // [keys] to either side
#define TOGETHER 1 // [ticks]

typedef struct {
  const CnPlanner*        planner;
  const CnFollowSettings* settings;
  CnFollowedDuo*          followed;
} Job;

/// A melody in even bars
typedef struct {
  CnNote* notes; ///< By onset, one at a time
  size_t  n;
  int32_t bar; ///< [ticks]
  int32_t end; ///< [ticks]
} Melody;

// The melody

/// Take the highest notes of the onsets, each until the next one at most
static CnStatus
find_melody(const CnScore* const piece, const int32_t n_bars, Melody* const melody)
{
  melody->bar   = cn_score_bar(piece, 0).length;
  melody->end   = n_bars * melody->bar;
  melody->n     = 0;
  melody->notes = malloc(piece->n_notes * sizeof(CnNote));
  if (!melody->notes) {
    return CN_STATUS_NO_MEMORY;
  }
  for (size_t i = 0; i < piece->n_notes && piece->notes[i].onset < melody->end; ++i) {
    CnNote* const last = melody->n ? &melody->notes[melody->n - 1] : NULL;
    if (last && last->onset == piece->notes[i].onset) {
      *last = piece->notes[i]; // Within an onset notes go upwards
      continue;
    }
    if (last && last->onset + last->duration > piece->notes[i].onset) {
      last->duration = piece->notes[i].onset - last->onset;
    }
    melody->notes[melody->n++] = piece->notes[i];
  }
  return CN_STATUS_SUCCESS;
}

// The engine

static bool
tell(CnEngine* const engine, const CnCommand command)
{
  const bool is_told = cn_ring_push(cn_engine_inbox(engine), &command);
  cn_engine_run(engine);
  return is_told;
}

static CnCommand
ask_for(const Melody* const melody, const int32_t segment, const CnParams params)
{
  const int32_t number = segment * CN_SEGMENT_TICKS / melody->bar;
  return (CnCommand){.kind       = CN_COMMAND_PLAN,
                     .segment    = segment,
                     .bar        = {number * melody->bar, (uint16_t)melody->bar},
                     .bar_number = number,
                     .params     = params};
}

/// Play the melody in time, and ask for each segment a tick after its cut
static void
perform(CnEngine* const engine, const Melody* const melody, const CnParams params)
{
  const CnNote* note    = melody->notes; // That is struck next
  const CnNote* held    = melody->notes; // That is let go next
  const CnNote* end     = melody->notes + melody->n;
  const CnBar   bar     = {0, (uint16_t)melody->bar};
  int32_t       segment = 1;
  tell(engine, (CnCommand){.kind = CN_COMMAND_MODE, .params = params});
  for (int32_t tick = 0; tick < melody->end; ++tick) {
    for (; held < note && held->onset + held->duration <= tick; ++held) {
      tell(engine, (CnCommand){.kind = CN_COMMAND_OFF, .tick = tick, .pitch = held->pitch});
    }
    for (; note < end && note->onset <= tick; ++note) {
      tell(engine, (CnCommand){.kind     = CN_COMMAND_ON,
                               .tick     = tick,
                               .played   = tick,
                               .pitch    = note->pitch,
                               .velocity = note->velocity,
                               .bar      = bar});
    }
    if (segment * CN_SEGMENT_TICKS - CN_LEAD_TICKS < tick) {
      tell(engine, ask_for(melody, segment++, params));
    }
  }
}

// What came of it

/// The melody's note that was struck last at a tick; null: none
static const CnNote*
heard_at(const Melody* const melody, const int32_t tick)
{
  const CnNote* heard = NULL;
  for (size_t i = 0; i < melody->n && melody->notes[i].onset <= tick; ++i) {
    heard = &melody->notes[i];
  }
  return heard;
}

static void
add_note(const Melody* const melody, const CnTimedNote* const note, const int32_t onset,
         CnFollowedDuo* const followed)
{
  for (int32_t tick = onset; tick < onset + note->duration; ++tick) {
    const CnNote* const his   = heard_at(melody, tick);
    const int           apart = his ? abs((int)his->pitch - (int)note->pitch) : OCTAVE + 1;
    followed->in_octave += apart <= OCTAVE;
  }
  followed->sounding += note->duration;
  followed->velocities += note->velocity;
  ++followed->notes;
}

static void
add_onset(const Melody* const melody, const int32_t onset, CnFollowedDuo* const followed)
{
  const CnNote* const his = heard_at(melody, onset + TOGETHER);
  followed->together += his && his->onset >= onset - TOGETHER;
  ++followed->onsets;
}

static void
measure(const CnEngine* const engine, const Melody* const melody, CnFollowedDuo* const followed)
{
  int32_t last = -1; // Onset
  for (int32_t k = 0; k < melody->end / CN_SEGMENT_TICKS; ++k) {
    CnSegment segment;
    if (cn_timeline_read(cn_engine_timeline(engine), k, &segment)) {
      for (uint32_t i = 0; i < segment.n_notes; ++i) {
        const int32_t onset = k * CN_SEGMENT_TICKS + segment.notes[i].offset;
        add_note(melody, &segment.notes[i], onset, followed);
        if (onset != last) {
          add_onset(melody, onset, followed);
        }
        last = onset;
      }
    }
  }
  for (size_t i = 0; i < melody->n; ++i) {
    followed->his_velocities += melody->notes[i].velocity;
    ++followed->his_notes;
  }
}

static CnStatus
play(const CnPlanner* const planner, const Melody* const melody, const unsigned support,
     CnFollowedDuo* const followed)
{
  CnParams        params = cn_continuation_settings(1).params;
  CnEngine* const engine = cn_engine_new();
  if (!engine) {
    return CN_STATUS_NO_MEMORY;
  }
  params.role           = CN_ROLE_ACCOMPANY;
  params.rules.support  = (uint8_t)support;
  const CnStatus status = cn_engine_set_planner(engine, planner);
  if (!status) {
    perform(engine, melody, params);
    measure(engine, melody, followed);
  }
  cn_engine_free(engine);
  return status;
}

static CnStatus
play_duos(void* const handle, const CnPiece* const piece, const CnScore* const phrase)
{
  const Job* const job    = (const Job*)handle;
  CnScore*         whole  = NULL;
  Melody           melody = {0};
  (void)phrase;
  CN_TRY(cn_score_of_passage(piece->notes, piece->n_notes, &whole));
  CnStatus status = find_melody(whole, job->settings->n_bars, &melody);
  cn_score_free(whole);
  for (unsigned s = 0; !status && s < CN_N_SUPPORTS; ++s) {
    status = play(job->planner, &melody, s, &job->followed[s]);
  }
  free(melody.notes);
  return status;
}

CnStatus
cn_follow_duos_play(const CnPlanner* const planner, const CnCorpus* const corpus,
                    const CnFollowSettings* const settings, CnFollowedDuo followed[CN_N_SUPPORTS])
{
  Job job = {planner, settings, followed};
  return cn_follow_visit(corpus, settings, play_duos, &job);
}
