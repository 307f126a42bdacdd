// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/notebook/composer.h"

#include "dsp/base/random.h"
#include "dsp/compose/draft.h"
#include "dsp/compose/manners.h"
#include "dsp/compose/sampler.h"
#include "dsp/notebook/network.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define DEFAULT_TEMPO 120.0 // [quarters a minute] where a model in seconds is told none

// The window, the note before it, from which its first step counts, and what is being composed
#define ROOM (CN_NOTEBOOK_MAX_WINDOW + 1 + CN_SEGMENT_NOTES)

struct CnNotebookComposer {
  const CnNotebookModel* model;
  CnNotebookNetwork*     network;
  CnNote                 notes[ROOM]; // That the model knows, by onset, then pitch
  uint32_t               n_notes;
  int32_t                duration; // [ticks] that came with the last onset
};

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
last_note(void* const handle)
{
  const CnNotebookComposer* const composer = (const CnNotebookComposer*)handle;
  return &composer->notes[composer->n_notes - 1];
}

static int64_t
to_ticks(const float time, const double unit)
{
  return llround(fmin(time * unit, INT32_MAX));
}

// [ticks] of what the model counts in
static double
find_unit(const CnNotebookComposer* const composer, const CnPlanRequest* const request)
{
  const double tempo = request->tempo > 0.0F ? request->tempo : DEFAULT_TEMPO;
  return cn_notebook_model_unit(composer->model) == CN_NOTEBOOK_BEATS ? CN_TICKS_PER_QUARTER
                                                                      : tempo / 60.0 * CN_TICKS_PER_QUARTER;
}

// Draw a step from those that came where about as much was foretold, and that are not over yet
static int64_t
draw_step(const CnNotebookSteps* const steps, const float foretold, const double unit, const int64_t elapsed,
          CnRandom* const random)
{
  unsigned bin   = 0;
  unsigned first = 0;
  while (bin < CN_NOTEBOOK_STEP_BINS - 1 && foretold > steps->edges[bin]) {
    ++bin;
  }
  const float* const came = steps->came[bin];
  while (first < CN_NOTEBOOK_STEP_QUANTILES && to_ticks(came[first], unit) < elapsed) {
    ++first;
  }
  const unsigned n    = CN_NOTEBOOK_STEP_QUANTILES - first;
  const unsigned draw = (unsigned)(cn_random_uniform(random) * (float)n);
  return n ? to_ticks(came[first + (draw < n ? draw : n - 1)], unit) : elapsed;
}

// When the next note comes, at or after the segment's start; the same network says for how long
static int64_t
find_onset(void* const handle, CnDraft* const draft)
{
  CnNotebookComposer* const composer = (CnNotebookComposer*)handle;
  const double              unit     = find_unit(composer, draft->request);
  float                     long_for = 0.0F;
  float                     step     = 0.0F;
  cn_notebook_network_timing(composer->network, composer->notes, composer->n_notes, &long_for, &step);
  const CnNotebookSteps* const steps = cn_notebook_model_steps(composer->model);
  const double                 ticks = fmin(long_for * unit, CN_OWN_DURATION_MAX);
  const int64_t                last  = last_note(handle)->onset;
  const int64_t onset = last + (steps ? draw_step(steps, step, unit, draft->start - last, &draft->random)
                                      : to_ticks(step, unit));
  composer->duration  = ticks < 1.0 ? 1 : (int32_t)lround(ticks);
  return onset > draft->start ? onset : draft->start;
}

static int32_t
find_duration(void* const handle, CnDraft* const draft)
{
  (void)draft;
  return ((const CnNotebookComposer*)handle)->duration;
}

static uint8_t
draw_pitch(void* const handle, CnDraft* const draft, const bool* const is_possible)
{
  const CnNotebookComposer* const composer = (const CnNotebookComposer*)handle;
  const CnParams* const           params   = &draft->request->params;
  float                           logits[CN_N_PITCHES];
  cn_notebook_network_pitch(composer->network, composer->notes, composer->n_notes, logits);
  cn_aim_keys(&draft->aim, composer->notes, composer->n_notes, draft->onset, logits);
  cn_manners_drones(composer->notes, composer->n_notes, logits);
  cn_manners_close(draft->request, draft->onset, logits);
  return (uint8_t)(CN_PITCH_MIN + cn_sample(CN_N_PITCHES, logits, is_possible, params->temperature,
                                            params->top_p, cn_random_uniform(&draft->random)));
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

static uint8_t
find_velocity(void* const handle, CnDraft* const draft)
{
  (void)draft;
  return mean_velocity((const CnNotebookComposer*)handle);
}

static CnStatus
absorb(void* const handle, const CnNote* const note)
{
  CnNotebookComposer* const composer   = (CnNotebookComposer*)handle;
  composer->notes[composer->n_notes++] = *note;
  return CN_STATUS_SUCCESS;
}

// The keys that the model does not leave out
static CnKeys
known_keys(const CnNotebookComposer* const composer)
{
  CnKeys keys = {{0, 0}};
  for (unsigned pitch = CN_PITCH_MIN; pitch <= CN_PITCH_MAX; ++pitch) {
    if (cn_notebook_scale_has(cn_notebook_model_scale(composer->model), pitch)) {
      keys.bits[pitch / 64] |= UINT64_C(1) << (pitch % 64);
    }
  }
  return keys;
}

CnStatus
cn_notebook_composer_plan(CnNotebookComposer* const composer, const CnPlanRequest* const request,
                          CnNote* const notes, uint32_t* const n_notes)
{
  CnDraft        draft  = cn_draft_begin(request);
  const CnWriter writer = {.handle   = composer,
                           .last     = last_note,
                           .onset    = find_onset,
                           .pitch    = draw_pitch,
                           .duration = find_duration,
                           .velocity = find_velocity,
                           .absorb   = absorb,
                           .keys     = known_keys(composer),
                           .delays   = true};

  cn_notebook_network_set_tempo(composer->network, find_unit(composer, request));
  look_back(composer, request);
  *n_notes = composer->n_notes ? cn_draft_write(&draft, &writer, notes) : 0;
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
  return (CnPlanner){.handle      = composer,
                     .plan        = plan,
                     .id          = cn_notebook_model_id(composer->model),
                     .needs_tempo = cn_notebook_model_unit(composer->model) == CN_NOTEBOOK_SECONDS};
}
