// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/notebook/composer.h"

#include "dsp/base/random.h"
#include "dsp/compose/manners.h"
#include "dsp/compose/pulse.h"
#include "dsp/compose/sampler.h"
#include "dsp/notebook/network.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define DEFAULT_TEMPO 120.0 // [quarters a minute] where a model in seconds is told none

// The window, the note before it, from which its first step counts, and what is being composed
#define ROOM (CN_NOTEBOOK_MAX_WINDOW + 1 + CN_SEGMENT_NOTES)

// Stream of random numbers
enum { RANDOM_NOTES = 1 };

struct CnNotebookComposer {
  const CnNotebookModel* model;
  CnNotebookNetwork*     network;
  CnNote                 notes[ROOM]; // That the model knows, by onset, then pitch
  uint32_t               n_notes;
};

// A segment while it is composed
typedef struct {
  CnNotebookComposer*  composer;
  const CnPlanRequest* request;
  int32_t              start, end; // [ticks] of the segment
  double               unit;       // [ticks] of the model's unit
  CnRandom             random;
  CnPulse              pulse;
  bool                 is_even; // Notes come by the pulse
} Segment;

CnNotebookComposer*
cn_notebook_composer_new(const CnNotebookModel* const model)
{
  CnNotebookComposer* const composer = calloc(1, sizeof(CnNotebookComposer));
  if (!composer) {
    return NULL;
  }
  composer->model   = model;
  composer->network = cn_notebook_network_new(model);
  if (!composer->network) {
    cn_notebook_composer_free(composer);
    return NULL;
  }
  return composer;
}

void
cn_notebook_composer_free(CnNotebookComposer* const composer)
{
  if (composer) {
    cn_notebook_network_free(composer->network);
    free(composer);
  }
}

// Copy the end of a history, as far as the model reads
static void
look_back(CnNotebookComposer* const composer, const CnPlanRequest* const request)
{
  const CnNotebookScale* const scale = cn_notebook_model_scale(composer->model);
  const uint32_t               most  = scale->window + 1;
  uint32_t                     first = request->n_history + request->n_recent;
  uint32_t                     n     = 0;
  while (first > 0 && n < most) {
    n += cn_notebook_scale_has(scale, cn_plan_request_note(request, --first)->pitch);
  }
  composer->n_notes = 0;
  for (uint32_t i = first; composer->n_notes < n; ++i) {
    const CnNote* const note = cn_plan_request_note(request, i);
    if (cn_notebook_scale_has(scale, note->pitch)) {
      composer->notes[composer->n_notes++] = *note;
    }
  }
}

static const CnNote*
last_note(const CnNotebookComposer* const composer)
{
  return &composer->notes[composer->n_notes - 1];
}

// When the next note comes, at or after the segment's start, and for how long [ticks]
static int64_t
find_time(const Segment* const segment, int32_t* const duration)
{
  const CnNotebookComposer* const composer = segment->composer;
  const CnNote* const             last     = last_note(composer);
  if (segment->is_even) {
    *duration = segment->pulse.duration;
    return cn_pulse_next(&segment->pulse, last->onset, segment->start);
  }
  float long_for = 0.0F;
  float step     = 0.0F;
  cn_notebook_network_timing(composer->network, composer->notes, composer->n_notes, &long_for, &step);
  const double  ticks = fmin(long_for * segment->unit, CN_OWN_DURATION_MAX);
  const int64_t onset = last->onset + llround(fmin(step * segment->unit, INT32_MAX));
  *duration           = ticks < 1.0 ? 1 : (int32_t)lround(ticks);
  return onset > segment->start ? onset : segment->start;
}

// Find the keys for a note at `onset` that the model plays, too; false if there are none
static bool
find_pitches(const Segment* const segment, const int64_t onset, const float* const logits,
             bool* const is_possible)
{
  const CnNote* const last   = last_note(segment->composer);
  bool                is_any = false;
  cn_manners_pitches(segment->request->params.chord, onset > last->onset ? NULL : last, is_possible);
  for (unsigned p = 0; p < CN_N_PITCHES; ++p) {
    is_possible[p] = is_possible[p] && logits[p] > CN_NOTEBOOK_LOGIT_NEVER;
    is_any         = is_any || is_possible[p];
  }
  return is_any;
}

// Draw the pitch of a note; in a chord without a higher key it comes a tick later.  0 if there is no key
static uint8_t
draw_pitch(Segment* const segment, int64_t* const onset)
{
  CnNotebookComposer* const composer = segment->composer;
  const CnParams* const     params   = &segment->request->params;
  float                     logits[CN_N_PITCHES];
  bool                      is_possible[CN_N_PITCHES];
  cn_notebook_network_pitch(composer->network, composer->notes, composer->n_notes, logits);
  if (!find_pitches(segment, *onset, logits, is_possible) &&
      (*onset > last_note(composer)->onset || !find_pitches(segment, ++*onset, logits, is_possible))) {
    return 0;
  }
  cn_manners_drones(composer->notes, composer->n_notes, logits);
  return (uint8_t)(CN_PITCH_MIN + cn_sample(CN_N_PITCHES, logits, is_possible, params->temperature,
                                            params->top_p, cn_random_uniform(&segment->random)));
}

// Mean velocity of the musician's notes in the window, or of all if none is his
static uint8_t
mean_velocity(const CnNotebookComposer* const composer)
{
  const uint32_t window = cn_notebook_model_scale(composer->model)->window;
  const uint32_t first  = composer->n_notes > window ? composer->n_notes - window : 0;
  uint32_t       sum[2] = {0, 0}; // The musician's, ours
  uint32_t       n[2]   = {0, 0};
  for (uint32_t i = first; i < composer->n_notes; ++i) {
    const unsigned part = composer->notes[i].part == CN_PART_MUSICIAN ? 0 : 1;
    sum[part] += composer->notes[i].velocity;
    ++n[part];
  }
  const unsigned of = n[0] ? 0 : 1;
  assert(n[of] > 0); // There are notes, or nothing is composed
  return (uint8_t)((2 * sum[of] + n[of]) / (2 * n[of]));
}

// Compose one note; false if there are no more in this segment
static bool
compose_note(Segment* const segment)
{
  CnNotebookComposer* const composer = segment->composer;
  int32_t                   duration = 1;
  int64_t                   onset    = find_time(segment, &duration);
  if (onset >= segment->end) {
    return false;
  }
  const uint8_t pitch = draw_pitch(segment, &onset);
  if (!pitch || onset >= segment->end) {
    return false;
  }
  composer->notes[composer->n_notes] = (CnNote){
      .onset    = (int32_t)onset,
      .duration = duration,
      .bar      = cn_bar_place(segment->request->bar, (int32_t)onset),
      .pitch    = pitch,
      .velocity = mean_velocity(composer),
      .part     = CN_PART_CONTINUO,
  };
  ++composer->n_notes;
  return true;
}

// [ticks] of what the model counts in
static double
find_unit(const CnNotebookComposer* const composer, const CnPlanRequest* const request)
{
  const double tempo = request->tempo > 0.0F ? request->tempo : DEFAULT_TEMPO;
  return cn_notebook_model_unit(composer->model) == CN_NOTEBOOK_BEATS ? CN_TICKS_PER_QUARTER
                                                                      : tempo / 60.0 * CN_TICKS_PER_QUARTER;
}

CnStatus
cn_notebook_composer_plan(CnNotebookComposer* const composer, const CnPlanRequest* const request,
                          CnNote* const notes, uint32_t* const n_notes)
{
  const int32_t start   = request->segment * CN_SEGMENT_TICKS;
  Segment       segment = {
            .composer = composer,
            .request  = request,
            .start    = start,
            .end      = start + CN_SEGMENT_TICKS,
            .unit     = find_unit(composer, request),
            .random   = cn_random(request->params.take, RANDOM_NOTES, (uint32_t)request->segment, 0, 0),
  };
  segment.is_even = request->params.timing == CN_TIMING_AVERAGE &&
                    cn_pulse_find(request->history, request->n_history, &segment.pulse);
  cn_notebook_network_set_tempo(composer->network, segment.unit);

  *n_notes = 0;
  look_back(composer, request);
  while (composer->n_notes && *n_notes < CN_SEGMENT_NOTES && compose_note(&segment)) {
    notes[(*n_notes)++] = *last_note(composer);
  }
  return CN_STATUS_SUCCESS;
}

static CnStatus
plan(void* const handle, const CnPlanRequest* const request, CnNote* const notes, uint32_t* const n_notes)
{
  return cn_notebook_composer_plan((CnNotebookComposer*)handle, request, notes, n_notes);
}

CnPlanner
cn_notebook_composer_planner(CnNotebookComposer* const composer)
{
  return (CnPlanner){composer, plan, cn_notebook_model_id(composer->model),
                     cn_notebook_model_unit(composer->model) == CN_NOTEBOOK_SECONDS};
}
