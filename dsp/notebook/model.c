// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/notebook/model.h"
#include "dsp/base/hash.h"
#include "dsp/notebook/matrices.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CnNotebookModel {
  CnNotebookNet   net[CN_N_NOTEBOOK_TASKS];
  CnNotebookScale scale;
  CnNotebookSteps steps;
  bool            has_steps;
  uint64_t        id;

  CnNotebookMatrices matrices[CN_N_NOTEBOOK_TASKS][CN_NOTEBOOK_MAX_LAYERS];

  float* parameters[CN_N_NOTEBOOK_TASKS]; // In the arena
  void*  bytes[CN_N_NOTEBOOK_TASKS];      // Memory of matrices of 8 bits, or null: of floats
  float  arena[];
};

const char*
cn_notebook_task_name(const CnNotebookTask task)
{
  return task == CN_NOTEBOOK_PITCH ? "pitch" : "timing";
}

const char*
cn_notebook_unit_name(const CnNotebookUnit unit)
{
  return unit == CN_NOTEBOOK_BEATS ? "beats" : "seconds";
}

static bool
width_is_sound(const unsigned long width)
{
  return width >= 1 && width <= CN_NOTEBOOK_MAX_WIDTH;
}

bool
cn_notebook_stack_parse(const char* const text, CnNotebookStack* const stack)
{
  const char* at = text;
  *stack         = (CnNotebookStack){0};
  while (stack->n_layers < CN_NOTEBOOK_MAX_LAYERS && *at >= '0' && *at <= '9') {
    char*               end   = NULL;
    const unsigned long width = strtoul(at, &end, 10);
    if (!width_is_sound(width)) {
      return false;
    }
    stack->width[stack->n_layers++] = (uint32_t)width;
    if (!*end) {
      return true;
    }
    if (*end != ',') {
      return false;
    }
    at = end + 1;
  }
  return false;
}

void
cn_notebook_stack_format(const CnNotebookStack* const stack, char* const text, const size_t size)
{
  size_t length = 0;
  for (uint32_t i = 0; i < stack->n_layers && length < size; ++i) {
    length += (size_t)snprintf(text + length, size - length, "%s%u", i ? "," : "", stack->width[i]);
  }
}

// Every weight starts on a cache line
static size_t
place(CnNotebookNet* const net, const size_t rows, const size_t columns)
{
  const size_t offset = net->n_parameters;
  net->n_parameters += (rows * columns + 15U) & ~(size_t)15U;
  return offset;
}

CnStatus
cn_notebook_net_init(CnNotebookNet* const net, const CnNotebookTask task, const CnNotebookStack* const stack)
{
  *net =
      (CnNotebookNet){.n_layers = stack->n_layers, .n_outputs = task == CN_NOTEBOOK_PITCH ? CN_N_PITCHES : 2};
  uint32_t n_inputs = CN_NOTEBOOK_FEATURES;
  if (!stack->n_layers || stack->n_layers > CN_NOTEBOOK_MAX_LAYERS) {
    return CN_STATUS_BAD_VALUE;
  }
  for (uint32_t l = 0; l < stack->n_layers; ++l) {
    CnNotebookLayer* const layer = &net->layer[l];
    if (!width_is_sound(stack->width[l])) {
      return CN_STATUS_BAD_VALUE;
    }
    layer->n_inputs     = n_inputs;
    layer->hidden       = stack->width[l];
    layer->n_directions = l + 1 < stack->n_layers ? 2 : 1;

    const size_t rows = (size_t)layer->n_directions * 4 * layer->hidden;
    layer->input      = place(net, rows, n_inputs);
    layer->recurrent  = place(net, rows, layer->hidden);
    layer->bias       = place(net, rows, 1);
    n_inputs          = layer->n_directions * layer->hidden;
  }
  net->out      = place(net, net->n_outputs, n_inputs);
  net->out_bias = place(net, net->n_outputs, 1);
  return CN_STATUS_SUCCESS;
}

size_t
cn_notebook_net_tensors(const CnNotebookNet* const net, const CnNotebookTask task,
                        CnNotebookTensor tensors[CN_NOTEBOOK_MAX_TENSORS])
{
  const char* const name = cn_notebook_task_name(task);
  size_t            n    = 0;
  for (uint32_t l = 0; l < net->n_layers; ++l) {
    const CnNotebookLayer* const layer = &net->layer[l];
    const uint32_t               rows  = layer->n_directions * 4 * layer->hidden;
    tensors[n]                         = (CnNotebookTensor){"", layer->input, rows, layer->n_inputs};
    snprintf(tensors[n++].name, sizeof(tensors->name), "%s.%u.input.weight", name, l);
    tensors[n] = (CnNotebookTensor){"", layer->recurrent, rows, layer->hidden};
    snprintf(tensors[n++].name, sizeof(tensors->name), "%s.%u.recurrent.weight", name, l);
    tensors[n] = (CnNotebookTensor){"", layer->bias, rows, 0};
    snprintf(tensors[n++].name, sizeof(tensors->name), "%s.%u.bias", name, l);
  }
  tensors[n] = (CnNotebookTensor){"", net->out, net->n_outputs, net->layer[net->n_layers - 1].hidden};
  snprintf(tensors[n++].name, sizeof(tensors->name), "%s.out.weight", name);
  tensors[n] = (CnNotebookTensor){"", net->out_bias, net->n_outputs, 0};
  snprintf(tensors[n++].name, sizeof(tensors->name), "%s.out.bias", name);
  return n;
}

size_t
cn_notebook_net_count(const CnNotebookNet* const net)
{
  CnNotebookTensor tensors[CN_NOTEBOOK_MAX_TENSORS];
  const size_t     n_tensors = cn_notebook_net_tensors(net, CN_NOTEBOOK_PITCH, tensors);
  size_t           n         = 0;
  for (size_t i = 0; i < n_tensors; ++i) {
    n += (size_t)tensors[i].rows * (tensors[i].columns ? tensors[i].columns : 1U);
  }
  return n;
}

bool
cn_notebook_scale_has(const CnNotebookScale* const scale, const unsigned pitch)
{
  return pitch >= CN_PITCH_MIN && pitch <= CN_PITCH_MAX &&
         scale->counts[pitch - CN_PITCH_MIN] >= (float)scale->min_count &&
         scale->counts[pitch - CN_PITCH_MIN] > 0.0F;
}

static bool
range_is_sound(const float range[2])
{
  return isfinite(range[0]) && range[0] > 0.0F && range[1] >= 0.0F && range[1] <= range[0];
}

bool
cn_notebook_scale_is_sound(const CnNotebookScale* const scale)
{
  bool has_pitch = false;
  for (unsigned p = CN_PITCH_MIN; p <= CN_PITCH_MAX; ++p) {
    if (cn_notebook_scale_has(scale, p)) {
      has_pitch = true;
      if ((float)p < scale->pitch[0] || (float)p > scale->pitch[1]) {
        return false;
      }
    }
  }
  return has_pitch && scale->window >= 1 && scale->window <= CN_NOTEBOOK_MAX_WINDOW &&
         scale->pitch[0] >= CN_PITCH_MIN && scale->pitch[1] <= CN_PITCH_MAX &&
         range_is_sound(scale->duration) && range_is_sound(scale->step);
}

static bool
is_ascending(const float* const values, const size_t n)
{
  bool is_sound = isfinite(values[n - 1]) && values[0] >= 0.0F;
  for (size_t i = 1; i < n; ++i) {
    is_sound = is_sound && values[i] >= values[i - 1];
  }
  return is_sound;
}

bool
cn_notebook_steps_are_sound(const CnNotebookSteps* const steps)
{
  bool is_sound = is_ascending(steps->edges, CN_NOTEBOOK_STEP_BINS - 1);
  for (unsigned b = 0; b < CN_NOTEBOOK_STEP_BINS; ++b) {
    is_sound = is_sound && is_ascending(steps->came[b], CN_NOTEBOOK_STEP_QUANTILES);
  }
  return is_sound;
}

static uint64_t
hash_model(const CnNotebookModel* const model)
{
  const CnNotebookScale* const scale = &model->scale;
  uint64_t                     hash  = CN_WORDS_START ^ (scale->unit + (model->bytes[0] ? 4U : 2U));

  hash = cn_hash_words(hash, &scale->window, 1);
  hash = cn_hash_words(hash, &scale->min_count, 1);
  hash = cn_hash_words(hash, scale->pitch, 2);
  hash = cn_hash_words(hash, scale->duration, 2);
  hash = cn_hash_words(hash, scale->step, 2);
  hash = cn_hash_words(hash, scale->counts, CN_N_PITCHES);
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    hash = cn_hash_words(hash, model->parameters[i], model->net[i].n_parameters);
  }
  if (model->has_steps) {
    hash = cn_hash_words(hash, &model->steps, sizeof(model->steps) / sizeof(float));
  }
  return hash;
}

static CnNotebookModel*
new_model(const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS])
{
  const size_t           n     = nets[0].n_parameters + nets[1].n_parameters;
  CnNotebookModel* const model = calloc(1, sizeof(CnNotebookModel) + n * sizeof(float));
  if (model) {
    memcpy(model->net, nets, sizeof(model->net));
    model->parameters[0] = model->arena;
    model->parameters[1] = model->arena + nets[0].n_parameters;
  }
  for (unsigned i = 0; model && i < CN_N_NOTEBOOK_TASKS; ++i) {
    for (uint32_t l = 0; l < nets[i].n_layers; ++l) {
      model->matrices[i][l] = cn_notebook_matrices(&nets[i].layer[l], model->parameters[i]);
    }
  }
  return model;
}

CnNotebookModel*
cn_notebook_model_new(const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS], const CnNotebookScale* const scale,
                      const CnNotebookSteps* const steps, const float* const parameters[CN_N_NOTEBOOK_TASKS])
{
  CnNotebookModel* const model = new_model(nets);
  if (model) {
    model->scale     = *scale;
    model->has_steps = steps;
    if (steps) {
      model->steps = *steps;
    }
    for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
      memcpy(model->parameters[i], parameters[i], nets[i].n_parameters * sizeof(float));
    }
    model->id = hash_model(model);
  }
  return model;
}

// Read a whole number from the metadata, 0 if it is absent or none
static uint32_t
metadata_number(const CnTensors* const tensors, const char* const key)
{
  const char* const text = cn_tensors_metadata(tensors, key);
  char*             end  = NULL;
  const long        n    = text ? strtol(text, &end, 10) : 0;
  return text && *text && !*end && n > 0 && n < 1000000000 ? (uint32_t)n : 0U;
}

static CnStatus
read_nets(const CnTensors* const tensors, CnNotebookNet* const nets, const CnFault fault)
{
  static const char* const keys[CN_N_NOTEBOOK_TASKS] = {"pitch_layers", "timing_layers"};

  const char* const kind = cn_tensors_metadata(tensors, "architecture");
  if (!kind || (strcmp(kind, CN_NOTEBOOK_NAME) && strcmp(kind, CN_NOTEBOOK_OLD_NAME))) {
    return CN_FAIL(fault, CN_STATUS_UNSUPPORTED,
                   "not weights of the notebook's networks: metadata 'architecture' is %s",
                   kind ? kind : "missing");
  }
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    const char* const text = cn_tensors_metadata(tensors, keys[i]);
    CnNotebookStack   stack;
    if (!text || !cn_notebook_stack_parse(text, &stack) ||
        cn_notebook_net_init(&nets[i], (CnNotebookTask)i, &stack)) {
      return CN_FAIL(fault, CN_STATUS_BAD_VALUE, "metadata '%s' is no list of widths", keys[i]);
    }
  }
  return CN_STATUS_SUCCESS;
}

static CnStatus
read_scale(const CnTensors* const tensors, CnNotebookScale* const scale, const CnFault fault)
{
  const size_t      pair[1] = {2};
  const size_t      keys[1] = {CN_N_PITCHES};
  const char* const unit    = cn_tensors_metadata(tensors, "unit");
  if (!unit || (strcmp(unit, "beats") && strcmp(unit, "seconds"))) {
    return CN_FAIL(fault, CN_STATUS_UNSUPPORTED, "metadata 'unit' is neither beats nor seconds");
  }
  scale->unit      = strcmp(unit, "seconds") ? CN_NOTEBOOK_BEATS : CN_NOTEBOOK_SECONDS;
  scale->window    = metadata_number(tensors, "window");
  scale->min_count = metadata_number(tensors, "min_count");
  CN_TRY(cn_tensors_read(tensors, "scale.pitch", pair, 1, scale->pitch, fault));
  CN_TRY(cn_tensors_read(tensors, "scale.duration", pair, 1, scale->duration, fault));
  CN_TRY(cn_tensors_read(tensors, "scale.step", pair, 1, scale->step, fault));
  CN_TRY(cn_tensors_read(tensors, "scale.counts", keys, 1, scale->counts, fault));
  if (!cn_notebook_scale_is_sound(scale)) {
    return CN_FAIL(fault, CN_STATUS_BAD_VALUE,
                   "impossible preprocessing: a number of 'window' or 'scale.*' is out of range");
  }
  return CN_STATUS_SUCCESS;
}

// Residuals are there or not, but not by halves
static CnStatus
read_steps(const CnTensors* const tensors, CnNotebookModel* const model, const CnFault fault)
{
  const size_t edges[1] = {CN_NOTEBOOK_STEP_BINS - 1};
  const size_t bins[2]  = {CN_NOTEBOOK_STEP_BINS, CN_NOTEBOOK_STEP_QUANTILES};
  model->has_steps = cn_tensors_find(tensors, "timing.edges") || cn_tensors_find(tensors, "timing.steps");
  if (!model->has_steps) {
    return CN_STATUS_SUCCESS;
  }
  CN_TRY(cn_tensors_read(tensors, "timing.edges", edges, 1, model->steps.edges, fault));
  CN_TRY(cn_tensors_read(tensors, "timing.steps", bins, 2, model->steps.came[0], fault));
  return cn_notebook_steps_are_sound(&model->steps)
             ? CN_STATUS_SUCCESS
             : CN_FAIL(fault, CN_STATUS_BAD_VALUE,
                       "steps of 'timing.edges' or 'timing.steps' are out of order");
}

static CnStatus
read_parameters(const CnTensors* const tensors, CnNotebookModel* const model, const CnFault fault)
{
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    CnNotebookTensor list[CN_NOTEBOOK_MAX_TENSORS];
    const size_t     n = cn_notebook_net_tensors(&model->net[i], (CnNotebookTask)i, list);
    for (size_t k = 0; k < n; ++k) {
      const size_t shape[2] = {list[k].rows, list[k].columns};
      CN_TRY(cn_tensors_read(tensors, list[k].name, shape, list[k].columns ? 2 : 1,
                             model->parameters[i] + list[k].offset, fault));
    }
  }
  return CN_STATUS_SUCCESS;
}

// 8 bits if all matrices are
static bool
has_bytes(const CnTensors* const tensors, const CnNotebookModel* const model)
{
  bool has = true;
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    CnNotebookTensor list[CN_NOTEBOOK_MAX_TENSORS];
    const size_t     n = cn_notebook_net_tensors(&model->net[i], (CnNotebookTask)i, list);
    for (size_t k = 0; k < n; ++k) {
      const CnTensorInfo* const info = cn_tensors_find(tensors, list[k].name);
      has                            = has && (!list[k].columns || (info && info->dtype == CN_DTYPE_I8));
    }
  }
  return has;
}

static CnStatus
round_matrices(CnNotebookModel* const model, const CnFault fault)
{
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    model->bytes[i] = cn_notebook_matrices_int8(&model->net[i], model->parameters[i], model->matrices[i]);
    if (!model->bytes[i]) {
      return CN_FAIL(fault, CN_STATUS_NO_MEMORY, "out of memory");
    }
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_notebook_model_read(const CnTensors* const tensors, CnNotebookModel** const model, const CnFault fault)
{
  CnNotebookNet   nets[CN_N_NOTEBOOK_TASKS];
  CnNotebookScale scale;
  CN_TRY(read_nets(tensors, nets, fault));
  CN_TRY(read_scale(tensors, &scale, fault));
  // The smallest type has a byte
  if (cn_notebook_net_count(&nets[0]) + cn_notebook_net_count(&nets[1]) > cn_tensors_size(tensors)) {
    return CN_FAIL(fault, CN_STATUS_BAD_SHAPE, "too short for layers of these widths");
  }

  CnNotebookModel* const made = new_model(nets);
  if (!made) {
    return CN_FAIL(fault, CN_STATUS_NO_MEMORY, "out of memory");
  }
  made->scale     = scale;
  CnStatus status = read_parameters(tensors, made, fault);
  status          = status ? status : read_steps(tensors, made, fault);
  if (!status && has_bytes(tensors, made)) {
    status = round_matrices(made, fault);
  }
  if (status) {
    cn_notebook_model_free(made);
    return status;
  }
  made->id = hash_model(made);
  *model   = made;
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_notebook_model_load(const uint8_t* const data, const size_t size, CnNotebookModel** const model,
                       const CnFault fault)
{
  *model = NULL;

  CnTensors* tensors = NULL;
  CN_TRY(cn_tensors_open(data, size, &tensors, fault));
  const CnStatus status = cn_notebook_model_read(tensors, model, fault);
  cn_tensors_free(tensors);
  return status;
}

void
cn_notebook_model_free(CnNotebookModel* const model)
{
  if (model) {
    free(model->bytes[0]);
    free(model->bytes[1]);
    free(model);
  }
}

const CnNotebookNet*
cn_notebook_model_net(const CnNotebookModel* const model, const CnNotebookTask task)
{
  return &model->net[task];
}

const float*
cn_notebook_model_parameters(const CnNotebookModel* const model, const CnNotebookTask task)
{
  return model->parameters[task];
}

const CnNotebookMatrices*
cn_notebook_model_matrices(const CnNotebookModel* const model, const CnNotebookTask task,
                           const uint32_t layer)
{
  return &model->matrices[task][layer];
}

const CnNotebookScale*
cn_notebook_model_scale(const CnNotebookModel* const model)
{
  return &model->scale;
}

const CnNotebookSteps*
cn_notebook_model_steps(const CnNotebookModel* const model)
{
  return model->has_steps ? &model->steps : NULL;
}

CnNotebookUnit
cn_notebook_model_unit(const CnNotebookModel* const model)
{
  return model->scale.unit;
}

uint64_t
cn_notebook_model_id(const CnNotebookModel* const model)
{
  return model->id;
}
