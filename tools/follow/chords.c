// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/follow/chords.h"

#include "dsp/music/chord.h"
#include "dsp/part/given_phrase.h"

#include <stdlib.h>

#define MOST_BARS 512

const unsigned cn_follow_strengths[CN_N_FOLLOW_STRENGTHS] = {0, 35, 70, 85, 100};

/// Chords of bars in a row, all of the same length
typedef struct {
  int32_t start;  ///< [ticks] of the first of them
  int32_t bar;    ///< [ticks] length
  int32_t n_bars; ///< Up to MOST_BARS
  int32_t chords[MOST_BARS];
} Harmony;

typedef struct {
  const CnPlanner*        planner;
  const CnFollowSettings* settings;
  CnFollowedAllChords*    followed;
} Job;

static int32_t
chord_of_bar(const CnScore* const score, const int32_t from, const int32_t to)
{
  float weights[12] = {0.0F};
  for (size_t i = 0; i < score->n_notes && score->notes[i].onset < to; ++i) {
    weights[score->notes[i].pitch % 12] += (float)cn_note_overlap(&score->notes[i], from, to);
  }
  return cn_chord_estimate(weights);
}

/// The chords of a piece from the bar on in which a phrase's continuation begins
static void
hear(const CnScore* const piece, const CnScore* const phrase, const int32_t n_bars, Harmony* const harmony)
{
  harmony->bar    = cn_score_bar(phrase, 0).length;
  harmony->start  = cn_phrase_start(phrase) / harmony->bar * harmony->bar;
  harmony->n_bars = n_bars < MOST_BARS ? n_bars : MOST_BARS;
  for (int32_t b = 0; b < harmony->n_bars; ++b) {
    const int32_t line = harmony->start + b * harmony->bar;
    harmony->chords[b] = chord_of_bar(piece, line, line + harmony->bar);
  }
}

/// Measure notes of a part against the chords of their bars
static void
measure(const CnScore* const score, const unsigned part, const Harmony* const harmony,
        CnFollowedChords* const followed)
{
  for (size_t i = 0; i < score->n_notes; ++i) {
    const CnNote* const note = &score->notes[i];
    for (int32_t b = 0; note->part == part && b < harmony->n_bars; ++b) {
      const int32_t line  = harmony->start + b * harmony->bar;
      const int32_t ticks = cn_note_overlap(note, line, line + harmony->bar);
      if (ticks && harmony->chords[b] != CN_CHORD_NONE) {
        followed->all += ticks;
        followed->in += cn_chord_pitch_classes(harmony->chords[b]) >> note->pitch % 12 & 1U ? ticks : 0;
      }
    }
  }
}

/// Play on chords, or on none
static CnStatus
play(const Job* const job, const CnScore* const phrase, const Harmony* const harmony, const int strength,
     CnFollowedChords* const followed)
{
  CnContinuationSettings settings = cn_continuation_settings(job->settings->n_bars);
  CnScore*               score    = NULL;
  if (strength >= 0) {
    settings.chords   = harmony->chords;
    settings.n_chords = (uint32_t)harmony->n_bars;
    cn_rules_set_chord_strength(&settings.params.rules, (unsigned)strength);
  }
  CN_TRY(cn_score_continue(phrase, job->planner, &settings, &score, NULL));
  measure(score, CN_PART_CONTINUO, harmony, followed);
  cn_score_free(score);
  return CN_STATUS_SUCCESS;
}

static CnStatus
play_chords(void* const handle, const CnPiece* const piece, const CnScore* const phrase)
{
  const Job* const           job      = (const Job*)handle;
  CnFollowedAllChords* const followed = job->followed;
  CnScore*                   whole    = NULL;
  Harmony                    harmony;
  CN_TRY(cn_score_of_passage(piece->notes, piece->n_notes, &whole));
  hear(whole, phrase, job->settings->n_bars, &harmony);
  measure(whole, CN_PART_MUSICIAN, &harmony, &followed->real);
  cn_score_free(whole);
  CN_TRY(play(job, phrase, &harmony, -1, &followed->free));
  for (unsigned s = 0; s < CN_N_FOLLOW_STRENGTHS; ++s) {
    CN_TRY(play(job, phrase, &harmony, (int)cn_follow_strengths[s], &followed->strengths[s]));
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_follow_chords_play(const CnPlanner* const planner, const CnCorpus* const corpus,
                      const CnFollowSettings* const settings, CnFollowedAllChords* const followed)
{
  Job job = {planner, settings, followed};
  return cn_follow_visit(corpus, settings, play_chords, &job);
}
