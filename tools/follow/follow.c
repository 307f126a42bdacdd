// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/follow/follow.h"

#include <math.h>

#define OCTAVE 12          // [keys]
#define LEAST_NOTES 16     // Of a phrase that is gone on with
#define LEAST_BARS_AFTER 8 // That a piece goes on for

static void
ask_density(CnRules* const rules, const double setting)
{
  rules->density = cn_rules_parts((float)setting, CN_DENSITY_UNIT);
}

static void
ask_length(CnRules* const rules, const double setting)
{
  rules->length = cn_rules_parts((float)setting, CN_TICKS_PER_QUARTER);
}

static void
ask_motion(CnRules* const rules, const double setting)
{
  rules->motion = cn_rules_parts((float)setting, CN_MOTION_UNIT);
}

static void
ask_lowest(CnRules* const rules, const double setting)
{
  rules->lowest = (uint8_t)setting;
}

static void
ask_highest(CnRules* const rules, const double setting)
{
  rules->highest = (uint8_t)setting;
}

static void
ask_polyphony(CnRules* const rules, const double setting)
{
  rules->polyphony = (uint8_t)setting;
}

static void
ask_loudness(CnRules* const rules, const double setting)
{
  rules->loudness = (uint8_t)setting;
}

const CnFollowControl cn_follow_controls[CN_N_FOLLOW_CONTROLS] = {
    {"Density", "notes a beat", CN_MEASURE_DENSITY, 0.0, 6, {0.5, 1.0, 2.0, 3.0, 4.0, 6.0}, ask_density},
    {"Note length", "beats", CN_MEASURE_LENGTH, 0.0, 5, {0.25, 0.5, 1.0, 2.0, 4.0}, ask_length},
    {"Motion", "semitones", CN_MEASURE_MOTION, 0.0, 6, {1.0, 2.0, 3.0, 4.0, 5.0, 7.0}, ask_motion},
    {"Lowest key", "", CN_MEASURE_LOWEST, OCTAVE, 5, {36.0, 43.0, 50.0, 57.0, 64.0}, ask_lowest},
    {"Highest key", "", CN_MEASURE_HIGHEST, OCTAVE, 5, {60.0, 67.0, 74.0, 81.0, 88.0}, ask_highest},
    {"Polyphony", "keys", CN_MEASURE_POLYPHONY, 0.0, 5, {1.0, 2.0, 3.0, 4.0, 6.0}, ask_polyphony},
    {"Loudness", "%", CN_MEASURE_LOUDNESS, 0.0, 5, {50.0, 75.0, 100.0, 125.0, 150.0}, ask_loudness},
};

unsigned
cn_follow_control(const CnMeasure measure)
{
  unsigned control = 0;
  while (cn_follow_controls[control].measure != measure) {
    ++control;
  }
  return control;
}

static CnStatus
visit_piece(const CnPiece* const piece, const CnFollowVisit visit, void* const handle, bool* const is_fit)
{
  CnScore* phrase = NULL;
  CN_TRY(cn_score_of_passage(piece->notes, piece->n_notes, &phrase));
  const int32_t bar = cn_score_bar(phrase, 0).length;
  const bool    is_long =
      phrase->notes[phrase->n_notes - 1].onset >= (CN_FOLLOW_PHRASE_BARS + LEAST_BARS_AFTER) * bar;
  cn_score_keep_bars(phrase, CN_FOLLOW_PHRASE_BARS);
  *is_fit               = is_long && phrase->n_notes >= LEAST_NOTES;
  const CnStatus status = *is_fit ? visit(handle, piece, phrase) : CN_STATUS_SUCCESS;
  cn_score_free(phrase);
  return status;
}

CnStatus
cn_follow_visit(const CnCorpus* const corpus, const CnFollowSettings* const settings,
                const CnFollowVisit visit, void* const handle)
{
  CnStatus status = CN_STATUS_SUCCESS;
  size_t   n      = 0;
  for (size_t i = 0; !status && i < corpus->n_pieces && n < settings->n_pieces; ++i) {
    const CnPiece* const piece  = &corpus->pieces[i];
    bool                 is_fit = false;
    if (!piece->first && (!settings->has_sides || piece->split == settings->side)) {
      status = visit_piece(piece, visit, handle, &is_fit);
      n += is_fit;
    }
  }
  return status;
}

// Controls

typedef struct {
  const CnPlanner*        planner;
  const CnFollowSettings* settings;
  CnFollowed (*followed)[CN_FOLLOW_SETTINGS];
} Job;

static void
add(const CnFollowControl* const control, const double setting, const double value,
    CnFollowed* const followed)
{
  const double scale = control->range > 0.0 ? control->range : setting;
  ++followed->n;
  followed->n_near += fabs(value - setting) <= CN_FOLLOW_NEAR * scale;
  followed->sum += value;
}

static CnStatus
play(const Job* const job, const CnScore* const phrase, const CnFollowControl* const control,
     const double setting, CnFollowed* const followed)
{
  CnContinuationSettings settings = cn_continuation_settings(job->settings->n_bars);
  CnScore*               score    = NULL;
  CnContinuation         place;
  CnMeasures             measures;
  control->ask(&settings.params.rules, setting);
  CN_TRY(cn_score_continue(phrase, job->planner, &settings, &score, &place));
  if (cn_measures_find(score, &place, &measures)) {
    add(control, setting, measures.value[control->measure], followed);
  }
  cn_spread_add(score, CN_PART_CONTINUO, place.start, place.end, &followed->spread);
  cn_score_free(score);
  return CN_STATUS_SUCCESS;
}

static CnStatus
play_controls(void* const handle, const CnPiece* const piece, const CnScore* const phrase)
{
  const Job* const job = (const Job*)handle;
  (void)piece;
  for (unsigned c = 0; c < CN_N_FOLLOW_CONTROLS; ++c) {
    const CnFollowControl* const control = &cn_follow_controls[c];
    for (unsigned s = 0; s < control->n_settings; ++s) {
      CN_TRY(play(job, phrase, control, control->settings[s], &job->followed[c][s]));
    }
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_follow_controls_play(const CnPlanner* const planner, const CnCorpus* const corpus,
                        const CnFollowSettings* const settings,
                        CnFollowed                    followed[CN_N_FOLLOW_CONTROLS][CN_FOLLOW_SETTINGS])
{
  Job job = {planner, settings, followed};
  return cn_follow_visit(corpus, settings, play_controls, &job);
}
