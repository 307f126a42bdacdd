// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file model.h
   The weights of a network, as they travel in a safetensors file: in floats of any width, or with all that
   has two dimensions in 8 bits.

   Recurrent layers, mostly one, or layers of attention, then four small ReLU heads, one a factor.  All sparse
   inputs are tables whose rows live where they are used, in gate space or in a head's hidden layer, so that
   an input costs a sum and not a product.

       x = bias + sum of input rows                                        // (G * H)
       h, c = cell(x, h, c)                                                // (H), G = 4: LSTM, 3: GRU
           and for each further layer, with h of the one below, x = bias + input_weight h // (G * H)
       or, for each layer of attention over the last notes,                // G = 1
           q, k, v = qkv_weight norm(x), q and k rotated if so measured    // (3 * H)
           x += heard_weight attend(q, all k, all v)                       // (H)
           x += down_weight relu(up_weight norm(x))^2                      // (H)
       and in the end h = norm(x)                                          // (H)
       u = relu(hidden_weight h + hidden_bias + sum of table rows)         // (D) for each head, and what
                                                                           // adaptation.h gives
       y = out_weight u + out_bias                                         // (N + gates)
       logits[s] = y[s] + sum of y[N + g] over the copies (s, g) of the site  // (N)
*/

#ifndef CN_MODEL_H
#define CN_MODEL_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"
#include "dsp/file/safetensors.h"
#include "dsp/kernel/linear.h"
#include "dsp/music/vocabulary.h"
#include "dsp/network/attention.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Kind of the trunk
typedef enum {
  CN_CELL_LSTM,      ///< Hochreiter and Schmidhuber (1997), with forget gates; gates in order i, f, g, o
  CN_CELL_GRU,       ///< Cho et al. (2014), reset after the product as in cuDNN; gates in order r, z, n
  CN_CELL_ATTENTION, ///< Vaswani et al. (2017), see trunk_kinds.h
} CnCell;

#define CN_MOST_LAYERS 16

/// What weights say of 'chords' in their metadata if they know more than the CN_N_CHORDS: their tones, of
/// which CN_WEIGHT_CHORD tells
#define CN_MODEL_CHORDS "tones"

/// What fixes the shapes of all weights
typedef struct {
  CnCell     cell;
  uint32_t   hidden;   ///< H, width of the trunk, 8..2048
  uint32_t   head;     ///< D, width of each head's hidden layer, 8..1024
  uint32_t   layers;   ///< L: of attention 1..CN_MOST_LAYERS, recurrent ones the same, or 0 for one
  uint32_t   heads;    ///< Of each layer of attention, 1..16, a divisor of H; else 0
  uint32_t   window;   ///< Notes that a layer of attention hears, itself included, 2..4096; else 0
  CnDistance distance; ///< By what its notes are apart; else CN_DISTANCE_TIME
} CnShape;

/// The weights by name; the four of a head stand together, in order of CnFactor
typedef enum {
  CN_WEIGHT_IN_TABLE,    ///< (CN_N_IN_ROWS, G * H)
  CN_WEIGHT_IN_BIAS,     ///< (G * H)
  CN_WEIGHT_RECURRENT,   ///< (G * H, H)
  CN_WEIGHT_CANDIDATE,   ///< GRU: (H), bias of the candidate inside the reset; LSTM: none
  CN_WEIGHT_HIDDEN,      ///< (4 * D, H)
  CN_WEIGHT_HIDDEN_BIAS, ///< (4 * D)
  CN_WEIGHT_HEADS,       ///< First of the heads' weights
} CnWeight;

/// Weights of one head, from CN_WEIGHT_HEADS + CN_N_HEAD_WEIGHTS * factor
typedef enum {
  CN_HEAD_TABLE,    ///< (rows of the factor, D)
  CN_HEAD_OUT,      ///< (N + gates, D)
  CN_HEAD_OUT_BIAS, ///< (N + gates)
} CnHeadWeight;

#define CN_N_HEAD_WEIGHTS 3

/// Weights of a trunk of attention; those of all layers stand one after another.  F: CN_FORWARD_WIDTH
enum {
  CN_WEIGHT_SPANS = CN_WEIGHT_HEADS + CN_N_HEAD_WEIGHTS * CN_N_FACTORS, ///< (heads * spans)
  CN_WEIGHT_ATTENTION_NORM,                                             ///< (L * H)
  CN_WEIGHT_QUERY_KEY_VALUE,                                            ///< (L * 3 * H, H)
  CN_WEIGHT_HEARD,                                                      ///< (L * H, H)
  CN_WEIGHT_FORWARD_NORM,                                               ///< (L * H)
  CN_WEIGHT_UP,                                                         ///< (L * F * H, H)
  CN_WEIGHT_DOWN,                                                       ///< (L * H, F * H)
  CN_WEIGHT_LAST_NORM,                                                  ///< (H)
  CN_WEIGHT_DEEP_INPUT,     ///< ((L - 1) * G * H, H) of the recurrent layers above the first
  CN_WEIGHT_DEEP_BIAS,      ///< ((L - 1) * G * H)
  CN_WEIGHT_DEEP_RECURRENT, ///< ((L - 1) * G * H, H)
  CN_WEIGHT_DEEP_CANDIDATE, ///< ((L - 1) * H) of a GRU
  CN_WEIGHT_TEXTURE,        ///< (4 * CN_N_TEXTURE_ROWS, D), all zeros in files without
  CN_WEIGHT_CHORD,          ///< (CN_N_CHORD_ROWS, D), likewise
  CN_WEIGHT_FOLLOWING,      ///< (CN_N_FOLLOWING_ROWS, D), likewise
  CN_N_WEIGHTS,
};

/// Where a weight lies in the flat vector of all parameters
typedef struct {
  size_t   offset;  ///< [floats]
  uint32_t rows;    ///< 0 if the shape has no such weight
  uint32_t columns; ///< 1 and `vector` set for a bias or a gain
  uint32_t vector;  ///< True if it is stored with one dimension
} CnWeightPlace;

/// Places of all weights in the flat vector
typedef struct {
  CnShape       shape;
  CnWeightPlace place[CN_N_WEIGHTS];
  size_t        n_parameters; ///< [floats] of the flat vector, with some padding
} CnLayout;

typedef struct CnModel CnModel;

/// At what rate new weights learn while they listen, see adaptation.h; chosen by validation
#define CN_ADAPTATION_RATE 120 // [1 / CN_ADAPTATION_UNIT]

#define CN_ADAPTATION_UNIT 1000 ///< Parts of 1 in which a file says its rate
#define CN_ADAPTATION_MOST 1000 ///< [1 / CN_ADAPTATION_UNIT] Greatest rate

/// Number of layers of a shape's trunk, at least 1.  Thread: ANY
static inline uint32_t
cn_shape_layers(const CnShape* const shape)
{
  return shape->layers ? shape->layers : 1U;
}

/// Number of gates of a cell, by which the input table is wider than the trunk: 4, 3 or 1.  Thread: ANY
uint32_t
cn_cell_gates(CnCell cell);

/// "lstm", "gru" or "attention".  Thread: ANY
const char*
cn_cell_name(CnCell cell);

/// Find a cell by its name.  @return Whether there is one; else `cell` stays.  Thread: ANY
bool
cn_cell_find(const char* name, CnCell* cell);

/// Number of outputs of a factor's head: its classes, then its gates.  Thread: ANY
uint32_t
cn_head_outputs(CnFactor factor);

/// Name of a weight in the file, such as "pitch.out.weight".  Thread: ANY
const char*
cn_weight_name(unsigned weight);

/// Greatest number of a weight's matrix, at most CN_DOT8_MOST_WEIGHT, in a file of 8 bits that is to be
/// small.  Thread: ANY
unsigned
cn_weight_most(unsigned weight);

/// Number of a head's weight.  Thread: ANY
static inline unsigned
cn_head_weight(const CnFactor factor, const CnHeadWeight weight)
{
  return (unsigned)CN_WEIGHT_HEADS + CN_N_HEAD_WEIGHTS * (unsigned)factor + (unsigned)weight;
}

/**
   Lay out the weights of a shape.

   @return #CN_STATUS_SUCCESS or #CN_STATUS_BAD_VALUE if a width is out of range.

   Thread: ANY
*/
CnStatus
cn_layout_init(CnLayout* layout, const CnShape* shape);

/// Number of parameters that count, without padding.  Thread: ANY
size_t
cn_layout_count(const CnLayout* layout);

/**
   Make a model from parameters in memory.

   @param parameters (layout.n_parameters) floats; copied.
   @return Null if memory could not be had.

   Thread: WORKER
*/
CnModel*
cn_model_new(const CnLayout* layout, const float* parameters);

/// The same with matrices of 8 bits, rounded as they are in a file of them.  Thread: WORKER
CnModel*
cn_model_new_int8(const CnLayout* layout, const float* parameters);

/**
   Read a model from a safetensors file in memory.

   @param[out] fault What is wrong, in words, if anything is.
   @return #CN_STATUS_SUCCESS, or what is wrong; `*model` is then null.

   Thread: WORKER
*/
CnStatus
cn_model_load(const uint8_t* data, size_t size, CnModel** model, CnFault fault);

/// The same from a file that is open; sets `*model` only if all is well.  @return As
/// cn_model_load().  Thread: WORKER
CnStatus
cn_model_read(const CnTensors* tensors, CnModel** model, CnFault fault);

/// Free a model; null is allowed.  Thread: WORKER
void
cn_model_free(CnModel* model);

/// The layout of a model's weights.  Thread: ANY
const CnLayout*
cn_model_layout(const CnModel* model);

/// What kind of numbers the matrices are; vectors are always floats.  Thread: ANY
CnNumber
cn_model_number(const CnModel* model);

/// One weight, in rows one after another; null if the shape has none, or if it is not of floats.  Thread: ANY
const float*
cn_model_weight(const CnModel* model, unsigned weight);

/// One weight as floats, (rows * columns) of them, whatever it is made of.  Thread: ANY
void
cn_model_read_weight(const CnModel* model, unsigned weight, float* out);

/// A table, or a weight by which vectors are multiplied; `bias` is a weight too, or CN_N_WEIGHTS: none.
/// Thread: ANY
CnLinear
cn_model_linear(const CnModel* model, unsigned weight, unsigned bias);

/// Whether it has learnt what a weight means that older files are without; else it plays the same however
/// it is told.  Thread: ANY
bool
cn_model_knows(const CnModel* model, unsigned weight);

/// At what rate it learns while it listens, 0..1; 0, as in older files: not at all.  Thread: ANY
float
cn_model_adaptation(const CnModel* model);

/// Set that rate [1 / CN_ADAPTATION_UNIT], at most CN_ADAPTATION_MOST.  Thread: WORKER, before it is used
void
cn_model_set_adaptation(CnModel* model, uint32_t rate);

/// A hash of shape, weights and rate: models that differ have different ones.  Thread: ANY
uint64_t
cn_model_id(const CnModel* model);

#endif // CN_MODEL_H
