// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/judge/judge.h"

#include "tools/judge/evaluation.h"

#include "dsp/network/model.h"

static const char*
label(const void* const model)
{
  return cn_cell_name(cn_model_layout(model)->shape.cell);
}

static void*
new_scorer(const void* const model, const uint32_t longest)
{
  return cn_evaluator_new(model, longest);
}

static void
free_scorer(void* const scorer)
{
  cn_evaluator_free(scorer);
}

static void
hold(void* const model)
{
  cn_model_set_adaptation(model, 0);
}

static CnStatus
score(void* const scorer, const CnTrial* const trial, CnScoring* const scoring, CnScoring* const mean,
      const CnFault fault)
{
  (void)mean;
  (void)fault;
  *scoring = cn_evaluator_score(scorer, trial->piece, trial->motif, trial->chords, trial->following);
  return CN_STATUS_SUCCESS;
}

static void
describe(const void* const model, FILE* const out)
{
  const CnShape* const     shape   = &cn_model_layout(model)->shape;
  static const char* const cells[] = {
      [CN_CELL_LSTM] = "LSTM", [CN_CELL_GRU] = "GRU", [CN_CELL_ATTENTION] = "attention"};
  fprintf(out, "  network      %s of %u, heads of %u\n", cells[shape->cell], shape->hidden, shape->head);
  if (shape->cell != CN_CELL_ATTENTION && cn_shape_layers(shape) > 1) {
    fprintf(out, "  layers       %u\n", shape->layers);
  }
  if (shape->cell == CN_CELL_ATTENTION) {
    fprintf(out, "  attention    %u layers of %u heads, over %u notes\n", shape->layers, shape->heads,
            shape->window);
    fprintf(out, "  distance     %s\n", cn_distance_name(shape->distance));
  }
  fprintf(out, "  adaptation   %g\n", (double)cn_model_adaptation(model));
  fprintf(out, "  vocabulary   %d\n", CN_VOCABULARY_VERSION);
}

static void
add_json(const void* const model, json_t* const object)
{
  const CnShape* const shape = &cn_model_layout(model)->shape;
  json_object_set_new(object, "cell", json_string(cn_cell_name(shape->cell)));
  json_object_set_new(object, "hidden", json_integer(shape->hidden));
  json_object_set_new(object, "head", json_integer(shape->head));
  if (shape->layers) {
    json_object_set_new(object, "layers", json_integer(shape->layers));
  }
  if (shape->cell == CN_CELL_ATTENTION) {
    json_object_set_new(object, "heads", json_integer(shape->heads));
    json_object_set_new(object, "window", json_integer(shape->window));
    json_object_set_new(object, "distance", json_string(cn_distance_name(shape->distance)));
  }
  json_object_set_new(object, "adaptation", json_real((double)cn_model_adaptation(model)));
  json_object_set_new(object, "vocabulary", json_integer(CN_VOCABULARY_VERSION));
}

const CnJudge cn_judge_of_network = {
    .factors      = (1U << CN_N_FACTORS) - 1U,
    .hears_motifs = true,
    .label        = label,
    .scorer_new   = new_scorer,
    .scorer_free  = free_scorer,
    .hold         = hold,
    .score        = score,
    .describe     = describe,
    .add_json     = add_json,
};
