// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/notebook/judge.h"

#include "tools/notebook/evaluation.h"

#include "dsp/notebook/model.h"

#include <string.h>

static void*
new_scorer(const void* const model, const uint32_t longest)
{
  return cn_notebook_evaluator_new(model, longest);
}

static void
free_scorer(void* const scorer)
{
  cn_notebook_evaluator_free(scorer);
}

static CnStatus
score(void* const scorer, const CnTrial* const trial, CnScoring* const scoring, CnScoring* const mean,
      const CnFault fault)
{
  return cn_notebook_evaluator_score(scorer, trial->piece, trial->path, scoring, mean, fault);
}

// The layers of a network: "BiLSTM 512, LSTM 128"
static void
format_layers(const CnNotebookNet* const net, char* const text, const size_t size)
{
  size_t length = 0;
  for (uint32_t l = 0; l < net->n_layers && length < size; ++l) {
    length += (size_t)snprintf(text + length, size - length, "%s%s %u", l ? ", " : "",
                               net->layer[l].n_directions == 2 ? "BiLSTM" : "LSTM", net->layer[l].hidden);
  }
}

static void
describe(const void* const model, FILE* const out)
{
  const CnNotebookScale* const scale = cn_notebook_model_scale(model);
  char                         text[128];
  format_layers(cn_notebook_model_net(model, CN_NOTEBOOK_PITCH), text, sizeof(text));
  fprintf(out, "  pitch        %s\n", text);
  format_layers(cn_notebook_model_net(model, CN_NOTEBOOK_TIMING), text, sizeof(text));
  fprintf(out, "  timing       %s\n", text);
  fprintf(out, "  reads        %u notes, in %s\n", scale->window, cn_notebook_unit_name(scale->unit));
  fprintf(out, "  steps        %s\n",
          cn_notebook_model_steps(model) ? "drawn from the residuals of the regression"
                                         : "the mean of the regression");
}

static json_t*
make_layers_json(const CnNotebookNet* const net)
{
  json_t* const widths = json_array();
  for (uint32_t l = 0; l < net->n_layers; ++l) {
    json_array_append_new(widths, json_integer((json_int_t)net->layer[l].hidden));
  }
  return widths;
}

static void
add_json(const void* const model, json_t* const object)
{
  const CnNotebookScale* const scale = cn_notebook_model_scale(model);
  json_object_set_new(object, "pitch_layers",
                      make_layers_json(cn_notebook_model_net(model, CN_NOTEBOOK_PITCH)));
  json_object_set_new(object, "timing_layers",
                      make_layers_json(cn_notebook_model_net(model, CN_NOTEBOOK_TIMING)));
  json_object_set_new(object, "window", json_integer(scale->window));
  json_object_set_new(object, "unit", json_string(cn_notebook_unit_name(scale->unit)));
  json_object_set_new(object, "step", json_string(cn_notebook_model_steps(model) ? "drawn" : "mean"));
}

// The numbers of the preprocessing and the residuals were not
static bool
is_learnt(const char* const tensor)
{
  return strncmp(tensor, "scale.", 6) != 0 && strcmp(tensor, "timing.edges") &&
         strcmp(tensor, "timing.steps");
}

const CnJudge cn_judge_of_notebook = {
    .factors     = 1U << CN_FACTOR_PITCH,
    .scorer_new  = new_scorer,
    .scorer_free = free_scorer,
    .score       = score,
    .describe    = describe,
    .add_json    = add_json,
    .is_learnt   = is_learnt,
};
