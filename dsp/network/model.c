// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/network/model.h"
#include "dsp/base/hash.h"

#include "dsp/file/safetensors.h"
#include "dsp/kernel/dot8.h"
#include "dsp/network/context.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LINE ((size_t)16) // Floats of a cache line

struct CnModel {
  CnLayout layout;
  uint64_t id;
  CnNumber number;     // Of the matrices
  uint32_t adaptation; // [1 / CN_ADAPTATION_UNIT]
  CnLinear weight[CN_N_WEIGHTS];
  size_t   n_words; // Of the arena, without what the row sums take
  float*   arena;   // All weights, each from a cache line on
  uint8_t  memory[];
};

uint32_t
cn_cell_gates(const CnCell cell)
{
  static const uint32_t n_gates[] = {[CN_CELL_LSTM] = 4, [CN_CELL_GRU] = 3, [CN_CELL_ATTENTION] = 1};
  return n_gates[cell];
}

const char*
cn_cell_name(const CnCell cell)
{
  static const char* const names[] = {
      [CN_CELL_LSTM] = "lstm", [CN_CELL_GRU] = "gru", [CN_CELL_ATTENTION] = "attention"};
  return names[cell];
}

bool
cn_cell_find(const char* const name, CnCell* const cell)
{
  for (unsigned c = CN_CELL_LSTM; c <= CN_CELL_ATTENTION; ++c) {
    if (!strcmp(name, cn_cell_name((CnCell)c))) {
      *cell = (CnCell)c;
      return true;
    }
  }
  return false;
}

uint32_t
cn_head_outputs(const CnFactor factor)
{
  static const uint32_t n_gates[CN_N_FACTORS] = {CN_N_DT_GATES, CN_N_PITCH_GATES, CN_N_DURATION_GATES,
                                                 CN_N_VELOCITY_GATES};
  return (uint32_t)cn_factor_classes(factor) + n_gates[factor];
}

// The greatest number that each matrix has in a file of 8 bits that is to be small.  Fewer steps compress to
// fewer bytes: outputs, on which each logit hangs, have all that there are, the trunk half of them, and what
// is one of many that are added up, or is hidden most of the time, few.  Vectors are floats.
enum {
  FINE   = CN_DOT8_MOST_WEIGHT,
  TRUNK  = 63,
  INPUT  = 48,
  COARSE = 15,
  HINT   = 10,
};

static const struct {
  const char* name;
  unsigned    most;
} weight_table[CN_N_WEIGHTS] = {
    {"recurrent.input.table", INPUT},
    {"recurrent.input.bias", FINE},
    {"recurrent.weight", TRUNK},
    {"recurrent.candidate.bias", FINE},
    {"heads.hidden.weight", COARSE},
    {"heads.hidden.bias", FINE},
    {"dt.table", COARSE},
    {"dt.out.weight", FINE},
    {"dt.out.bias", FINE},
    {"pitch.table", COARSE},
    {"pitch.out.weight", FINE},
    {"pitch.out.bias", FINE},
    {"duration.table", COARSE},
    {"duration.out.weight", FINE},
    {"duration.out.bias", FINE},
    {"velocity.table", COARSE},
    {"velocity.out.weight", FINE},
    {"velocity.out.bias", FINE},
    {"attention.spans.bias", FINE},
    {"attention.norm.gain", FINE},
    {"attention.qkv.weight", TRUNK},
    {"attention.heard.weight", TRUNK},
    {"attention.forward.norm.gain", FINE},
    {"attention.up.weight", TRUNK},
    {"attention.down.weight", TRUNK},
    {"attention.last.norm.gain", FINE},
    {"recurrent.deep.input.weight", TRUNK},
    {"recurrent.deep.input.bias", FINE},
    {"recurrent.deep.weight", TRUNK},
    {"recurrent.deep.candidate.bias", FINE},
    {"heads.texture.table", HINT},
    {"pitch.chord.table", COARSE},
    {"heads.following.table", HINT},
};

const char*
cn_weight_name(const unsigned weight)
{
  return weight_table[weight].name;
}

unsigned
cn_weight_most(const unsigned weight)
{
  return weight_table[weight].most;
}

static void
place(CnLayout* const layout, const unsigned weight, const uint32_t rows, const uint32_t columns)
{
  const size_t n = (size_t)rows * (columns ? columns : 1U);

  layout->place[weight] = (CnWeightPlace){layout->n_parameters, rows, columns ? columns : 1U, !columns};
  layout->n_parameters += (n + 15U) & ~(size_t)15U; // Every weight starts on a cache line
}

// A trunk of attention, of which all layers together are `width` wide; with 0 there is none
static void
place_attention(CnLayout* const layout, const uint32_t width)
{
  const uint32_t hidden = layout->shape.hidden;
  const uint32_t spans  = layout->shape.heads * cn_distance_spans(layout->shape.distance);
  place(layout, CN_WEIGHT_SPANS, width ? spans : 0, 0);
  place(layout, CN_WEIGHT_ATTENTION_NORM, width, 0);
  place(layout, CN_WEIGHT_QUERY_KEY_VALUE, 3 * width, hidden);
  place(layout, CN_WEIGHT_HEARD, width, hidden);
  place(layout, CN_WEIGHT_FORWARD_NORM, width, 0);
  place(layout, CN_WEIGHT_UP, CN_FORWARD_WIDTH * width, hidden);
  place(layout, CN_WEIGHT_DOWN, width, CN_FORWARD_WIDTH * hidden);
  place(layout, CN_WEIGHT_LAST_NORM, width ? hidden : 0, 0);
}

// Recurrent layers above the first; with 0 there are none
static void
place_deep(CnLayout* const layout, const uint32_t n)
{
  const uint32_t hidden = layout->shape.hidden;
  const uint32_t width  = n * cn_cell_gates(layout->shape.cell) * hidden;
  place(layout, CN_WEIGHT_DEEP_INPUT, width, hidden);
  place(layout, CN_WEIGHT_DEEP_BIAS, width, 0);
  place(layout, CN_WEIGHT_DEEP_RECURRENT, width, hidden);
  place(layout, CN_WEIGHT_DEEP_CANDIDATE, layout->shape.cell == CN_CELL_GRU ? n * hidden : 0, 0);
}

static bool
is_attention_possible(const CnShape* const shape)
{
  return shape->layers >= 1 && shape->heads >= 1 && shape->heads <= 16 && shape->hidden % shape->heads == 0 &&
         shape->window >= 2 && shape->window <= 4096;
}

CnStatus
cn_layout_init(CnLayout* const layout, const CnShape* const shape)
{
  static const uint32_t n_rows[CN_N_FACTORS] = {CN_N_DT_ROWS, CN_N_PITCH_ROWS, CN_N_DURATION_ROWS,
                                                CN_N_VELOCITY_ROWS};

  const uint32_t width        = cn_cell_gates(shape->cell) * shape->hidden;
  const bool     is_attention = shape->cell == CN_CELL_ATTENTION;
  if (shape->hidden < 8 || shape->hidden > 2048 || shape->head < 8 || shape->head > 1024 ||
      shape->layers > CN_MOST_LAYERS || (is_attention && !is_attention_possible(shape))) {
    return CN_STATUS_BAD_VALUE;
  }

  *layout = (CnLayout){.shape = *shape};
  place(layout, CN_WEIGHT_IN_TABLE, CN_N_IN_ROWS, width);
  place(layout, CN_WEIGHT_IN_BIAS, width, 0);
  place(layout, CN_WEIGHT_RECURRENT, is_attention ? 0 : width, shape->hidden);
  place(layout, CN_WEIGHT_CANDIDATE, shape->cell == CN_CELL_GRU ? shape->hidden : 0, 0);
  place(layout, CN_WEIGHT_HIDDEN, CN_N_FACTORS * shape->head, shape->hidden);
  place(layout, CN_WEIGHT_HIDDEN_BIAS, CN_N_FACTORS * shape->head, 0);
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    const uint32_t n_outputs = cn_head_outputs((CnFactor)f);
    place(layout, cn_head_weight((CnFactor)f, CN_HEAD_TABLE), n_rows[f], shape->head);
    place(layout, cn_head_weight((CnFactor)f, CN_HEAD_OUT), n_outputs, shape->head);
    place(layout, cn_head_weight((CnFactor)f, CN_HEAD_OUT_BIAS), n_outputs, 0);
  }
  place_attention(layout, is_attention ? shape->layers * shape->hidden : 0);
  place_deep(layout, is_attention ? 0 : cn_shape_layers(shape) - 1U);
  place(layout, CN_WEIGHT_TEXTURE, CN_N_FACTORS * CN_N_TEXTURE_ROWS, shape->head);
  place(layout, CN_WEIGHT_CHORD, CN_N_CHORD_ROWS, shape->head);
  place(layout, CN_WEIGHT_FOLLOWING, CN_N_FOLLOWING_ROWS, shape->head);
  return CN_STATUS_SUCCESS;
}

size_t
cn_layout_count(const CnLayout* const layout)
{
  size_t n = 0;
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    n += (size_t)layout->place[w].rows * layout->place[w].columns;
  }
  return n;
}

// All zeros, as in files without
static bool
says_nothing(const CnLinear* const table)
{
  const uint8_t* const bytes = (const uint8_t*)table->weights;
  const size_t size = table->rows * table->columns * (table->kind == CN_NUMBER_INT8 ? 1 : sizeof(float));
  size_t       i    = 0;
  while (i < size && !bytes[i]) {
    ++i;
  }
  return i == size;
}

// What a model is known by; sessions know those that have never heard of textures, of more chords or of what
// follows without them, which are the last of all
static uint64_t
hash_model(const CnModel* const model)
{
  size_t n = model->n_words;
  for (unsigned w = CN_N_WEIGHTS; w > CN_WEIGHT_TEXTURE && says_nothing(&model->weight[w - 1]); --w) {
    n = (size_t)((const float*)model->weight[w - 1].weights - model->arena);
  }
  const uint64_t kind = (uint64_t)model->layout.shape.cell | (uint64_t)model->number << 8U |
                        (uint64_t)model->layout.shape.distance << 16U | (uint64_t)model->adaptation << 24U;
  return cn_hash_words(CN_WORDS_START ^ kind, model->arena, n);
}

static size_t
round_up(const size_t n)
{
  return (n + LINE - 1) / LINE * LINE;
}

// What a weight takes of the arena [floats]: its numbers, and in 8 bits the scales of its rows.  Floats lie
// as the layout has them
static size_t
count_words(const CnWeightPlace* const place, const CnNumber number)
{
  const size_t n = (size_t)place->rows * place->columns;
  return number == CN_NUMBER_INT8 && !place->vector
             ? round_up((n + 3) / sizeof(float)) + round_up(place->rows)
             : round_up(n);
}

// Lay a weight out at `at`, with the sums of its rows at `row_sums`
static CnLinear
lay_out(const CnWeightPlace* const place, const CnNumber number, float* const at, int32_t* const row_sums)
{
  if (number == CN_NUMBER_FLOAT || place->vector || !place->rows) {
    return cn_linear_float(place->rows, place->columns, place->rows ? at : NULL, NULL);
  }
  const size_t n = (size_t)place->rows * place->columns;
  return (CnLinear){.kind     = CN_NUMBER_INT8,
                    .rows     = place->rows,
                    .columns  = place->columns,
                    .weights  = at,
                    .scales   = at + round_up((n + 3) / sizeof(float)),
                    .row_sums = row_sums};
}

// An empty model
static CnModel*
new_model(const CnLayout* const layout, const CnNumber number)
{
  size_t n_words = 0;
  size_t n_rows  = 0;
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    n_words += count_words(&layout->place[w], number);
    n_rows += number == CN_NUMBER_INT8 ? layout->place[w].rows : 0;
  }
  CnModel* const model = calloc(1, sizeof(CnModel) + (n_words + n_rows + LINE) * sizeof(float));
  if (!model) {
    return NULL;
  }

  const size_t line = LINE * sizeof(float);
  model->layout     = *layout;
  model->number     = number;
  model->n_words    = n_words;
  model->arena      = (float*)(void*)(model->memory + (line - (uintptr_t)model->memory % line) % line);
  float*   at       = model->arena;
  int32_t* row_sums = (int32_t*)(void*)(model->arena + n_words);
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    model->weight[w] = lay_out(&layout->place[w], number, at, row_sums);
    at += count_words(&layout->place[w], number);
    row_sums += number == CN_NUMBER_INT8 ? layout->place[w].rows : 0;
  }
  return model;
}

// The memory of a weight, which is ours to fill
static void*
unconst(const void* const data)
{
  union {
    const void* in;
    void*       out;
  } pointer = {data};
  return pointer.out;
}

static void
add_row_sums(const CnLinear* const linear)
{
  const int8_t* const weights  = (const int8_t*)linear->weights;
  int32_t* const      row_sums = (int32_t*)unconst(linear->row_sums);
  for (size_t i = 0; i < linear->rows; ++i) {
    row_sums[i] = 0;
    for (size_t k = 0; k < linear->columns; ++k) {
      row_sums[i] += weights[i * linear->columns + k];
    }
  }
}

// Fill a weight from floats
static void
copy_weight(const CnLinear* const to, const float* const from)
{
  if (to->kind == CN_NUMBER_INT8) {
    const CnLinear linear = cn_linear_float(to->rows, to->columns, from, NULL);
    cn_linear_int8(&linear, unconst(to->weights), unconst(to->scales), unconst(to->row_sums));
  } else if (to->rows) {
    memcpy(unconst(to->weights), from, to->rows * to->columns * sizeof(float));
  }
}

static CnModel*
new_from(const CnLayout* const layout, const CnNumber number, const float* const parameters)
{
  CnModel* const model = new_model(layout, number);
  if (model) {
    for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
      copy_weight(&model->weight[w], parameters + layout->place[w].offset);
    }
    model->id = hash_model(model);
  }
  return model;
}

CnModel*
cn_model_new(const CnLayout* const layout, const float* const parameters)
{
  return new_from(layout, CN_NUMBER_FLOAT, parameters);
}

CnModel*
cn_model_new_int8(const CnLayout* const layout, const float* const parameters)
{
  return new_from(layout, CN_NUMBER_INT8, parameters);
}

// Read a whole number from the metadata, 0 if it is absent or none
static uint32_t
metadata_number(const CnTensors* const tensors, const char* const key)
{
  const char* const text = cn_tensors_metadata(tensors, key);
  char*             end  = NULL;
  const long        n    = text ? strtol(text, &end, 10) : 0;
  return text && *text && !*end && n > 0 && n < 1000000 ? (uint32_t)n : 0U;
}

static CnStatus
read_attention(const CnTensors* const tensors, CnShape* const shape, const CnFault fault)
{
  const char* const distance = cn_tensors_metadata(tensors, "distance"); // Of time, if nothing is said
  if (distance && !cn_distance_find(distance, &shape->distance)) {
    return CN_FAIL(fault, CN_STATUS_UNSUPPORTED, "metadata 'distance' is none of time, rotary and notes");
  }
  shape->heads  = metadata_number(tensors, "heads");
  shape->window = metadata_number(tensors, "window");
  return CN_STATUS_SUCCESS;
}

// Files from before it was known say nothing of it
static CnStatus
read_adaptation(const CnTensors* const tensors, uint32_t* const rate, const CnFault fault)
{
  const char* const text = cn_tensors_metadata(tensors, "adaptation");
  *rate                  = metadata_number(tensors, "adaptation");
  return text && strcmp(text, "0") && (!*rate || *rate > CN_ADAPTATION_MOST)
             ? CN_FAIL(fault, CN_STATUS_BAD_VALUE, "metadata 'adaptation' is no whole number from 0 to %d",
                       CN_ADAPTATION_MOST)
             : CN_STATUS_SUCCESS;
}

static CnStatus
check_metadata(const CnTensors* const tensors, CnShape* const shape, const CnFault fault)
{
  const char* const kind   = cn_tensors_metadata(tensors, "architecture");
  const char* const cell   = cn_tensors_metadata(tensors, "cell");
  const char* const chords = cn_tensors_metadata(tensors, "chords");
  if (!kind || strcmp(kind, "continuo")) {
    return CN_FAIL(fault, CN_STATUS_UNSUPPORTED,
                   "not weights of this kind: metadata 'architecture' is %s, not continuo",
                   kind ? kind : "missing");
  }
  if (metadata_number(tensors, "vocabulary") != CN_VOCABULARY_VERSION) {
    return CN_FAIL(fault, CN_STATUS_UNSUPPORTED,
                   "metadata 'vocabulary' is missing, or of another version than %d", CN_VOCABULARY_VERSION);
  }
  if (!cell || !cn_cell_find(cell, &shape->cell)) {
    return CN_FAIL(fault, CN_STATUS_UNSUPPORTED, "metadata 'cell' is none of lstm, gru and attention");
  }

  if (chords && strcmp(chords, CN_MODEL_CHORDS)) {
    return CN_FAIL(fault, CN_STATUS_UNSUPPORTED, "metadata 'chords' is other than %s", CN_MODEL_CHORDS);
  }

  shape->hidden = metadata_number(tensors, "hidden");
  shape->head   = metadata_number(tensors, "head");
  shape->layers = metadata_number(tensors, "layers");
  return shape->cell == CN_CELL_ATTENTION ? read_attention(tensors, shape, fault) : CN_STATUS_SUCCESS;
}

static CnStatus
read_weight(const CnTensors* const tensors, const CnLayout* const layout, const unsigned weight,
            const CnLinear* const to, const CnFault fault)
{
  const size_t shape[2] = {to->rows, to->columns};
  if (to->kind == CN_NUMBER_INT8) {
    CN_TRY(cn_tensors_read_int8(tensors, cn_weight_name(weight), to->rows, to->columns, unconst(to->weights),
                                unconst(to->scales), fault));
    add_row_sums(to);
    return CN_STATUS_SUCCESS;
  }
  return cn_tensors_read(tensors, cn_weight_name(weight), shape, layout->place[weight].vector ? 1 : 2,
                         unconst(to->weights), fault);
}

// Whether a file is from before there was a weight
static bool
is_older(const CnTensors* const tensors, const unsigned weight)
{
  const bool may_be = weight == CN_WEIGHT_TEXTURE || weight == CN_WEIGHT_FOLLOWING ||
                      (weight == CN_WEIGHT_CHORD && !cn_tensors_metadata(tensors, "chords"));
  return may_be && !cn_tensors_find(tensors, cn_weight_name(weight));
}

static CnStatus
read_weights(const CnTensors* const tensors, CnModel* const model, const CnFault fault)
{
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    if (model->weight[w].rows && !is_older(tensors, w)) {
      CN_TRY(read_weight(tensors, &model->layout, w, &model->weight[w], fault));
    }
  }
  return CN_STATUS_SUCCESS;
}

// 8 bits if all matrices are
static CnNumber
find_number(const CnTensors* const tensors, const CnLayout* const layout)
{
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    const CnTensorInfo* const info    = cn_tensors_find(tensors, cn_weight_name(w));
    const bool                matters = info || (w != CN_WEIGHT_CHORD && w != CN_WEIGHT_FOLLOWING);
    if (layout->place[w].rows && !layout->place[w].vector && matters &&
        !(info && info->dtype == CN_DTYPE_I8)) {
      return CN_NUMBER_FLOAT;
    }
  }
  return CN_NUMBER_INT8;
}

CnStatus
cn_model_read(const CnTensors* const tensors, CnModel** const model, const CnFault fault)
{
  CnShape  shape = {.cell = CN_CELL_LSTM};
  CnLayout layout;
  uint32_t adaptation = 0;
  CN_TRY(check_metadata(tensors, &shape, fault));
  CN_TRY(read_adaptation(tensors, &adaptation, fault));
  if (cn_layout_init(&layout, &shape)) {
    return CN_FAIL(fault, CN_STATUS_BAD_VALUE,
                   "impossible sizes: hidden %u, head %u, layers %u, heads %u, window %u", shape.hidden,
                   shape.head, shape.layers, shape.heads, shape.window);
  }
  // The smallest type has a byte, and padding is less than half
  if (layout.n_parameters / 2 > cn_tensors_size(tensors)) {
    return CN_FAIL(fault, CN_STATUS_BAD_SHAPE, "too short for a network of hidden %u, head %u", shape.hidden,
                   shape.head);
  }

  CnModel* const made = new_model(&layout, find_number(tensors, &layout));
  if (!made) {
    return CN_FAIL(fault, CN_STATUS_NO_MEMORY, "out of memory");
  }
  const CnStatus status = read_weights(tensors, made, fault);
  if (status) {
    cn_model_free(made);
    return status;
  }

  cn_model_set_adaptation(made, adaptation);
  *model = made;
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_model_load(const uint8_t* const data, const size_t size, CnModel** const model, const CnFault fault)
{
  *model = NULL;

  CnTensors* tensors = NULL;
  CN_TRY(cn_tensors_open(data, size, &tensors, fault));
  const CnStatus status = cn_model_read(tensors, model, fault);
  cn_tensors_free(tensors);
  return status;
}

void
cn_model_free(CnModel* const model)
{
  free(model);
}

const CnLayout*
cn_model_layout(const CnModel* const model)
{
  return &model->layout;
}

CnNumber
cn_model_number(const CnModel* const model)
{
  return model->number;
}

const float*
cn_model_weight(const CnModel* const model, const unsigned weight)
{
  const CnLinear* const linear = &model->weight[weight];
  return linear->kind == CN_NUMBER_FLOAT ? (const float*)linear->weights : NULL;
}

void
cn_model_read_weight(const CnModel* const model, const unsigned weight, float* const out)
{
  const CnLinear* const linear = &model->weight[weight];
  for (size_t i = 0; i < linear->rows; ++i) {
    cn_linear_read_row(linear, i, out + i * linear->columns);
  }
}

CnLinear
cn_model_linear(const CnModel* const model, const unsigned weight, const unsigned bias)
{
  CnLinear linear = model->weight[weight];
  linear.bias     = bias < CN_N_WEIGHTS ? cn_model_weight(model, bias) : NULL;
  return linear;
}

bool
cn_model_knows(const CnModel* const model, const unsigned weight)
{
  return model->weight[weight].rows && !says_nothing(&model->weight[weight]);
}

float
cn_model_adaptation(const CnModel* const model)
{
  return (float)model->adaptation / CN_ADAPTATION_UNIT;
}

void
cn_model_set_adaptation(CnModel* const model, const uint32_t rate)
{
  assert(rate <= CN_ADAPTATION_MOST);
  model->adaptation = rate;
  model->id         = hash_model(model);
}

uint64_t
cn_model_id(const CnModel* const model)
{
  return model->id;
}
