// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file model.h
   The weights of the notebook's networks, as they travel in one safetensors file.

   Two networks read the same window of notes, three numbers each (see notebook/features.h).  Each is a
   stack of bidirectional LSTMs, then one LSTM whose last output goes through a dense layer:

       pitch:   BiLSTM ... -> LSTM -> 88 logits, for a softmax over the keys
       timing:  BiLSTM ... -> LSTM -> 2 sums, sigmoids of which are duration and step, scaled

   The LSTM is Keras's: one bias a gate, gates in order i, f, g, o.  Tensors of a network, named
   "pitch." or "timing.", with D = 2 directions (forward first) but 1 for the last layer:

       L.input.weight      (D * 4H, I)  layer L; I: 3, or twice the width of the layer below
       L.recurrent.weight  (D * 4H, H)
       L.bias              (D * 4H)
       out.weight          (88 or 2, H)
       out.bias            (88 or 2)

   Metadata: `architecture` is "notebook" ("seed" in old files); `pitch_layers` and `timing_layers` are widths
   such as "512,256,128"; `window`, `unit` and `min_count` are of the preprocessing, whose numbers are the
   tensors scale.pitch (lowest, highest), scale.duration and scale.step (largest, mean) and
   scale.counts (88), always of 32 bits.

   The mean that a regression learns is hardly ever 0, so it plays no chords.  A file may have its residuals:
   in timing.steps (16, 64) are the steps that came where the network foretold about as much, as 64 quantiles,
   for each sixteenth of what it foretold; timing.edges (15) part the sixteenths.  Steps are then drawn from
   these, and else the network's own.  Both in the file's unit, in ascending order, of 32 bits.
*/

#ifndef CN_NOTEBOOK_MODEL_H
#define CN_NOTEBOOK_MODEL_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"
#include "dsp/file/safetensors.h"
#include "dsp/kernel/linear.h"
#include "dsp/music/vocabulary.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CN_NOTEBOOK_NAME "notebook" ///< Metadata `architecture`
#define CN_NOTEBOOK_OLD_NAME "seed" ///< The same in old files

#define CN_NOTEBOOK_FEATURES 3     ///< Pitch, duration, step
#define CN_NOTEBOOK_MAX_LAYERS 6   ///< Of one network
#define CN_NOTEBOOK_MAX_WIDTH 2048 ///< Of one layer
#define CN_NOTEBOOK_MAX_WINDOW 512 ///< [notes]

/// The two networks
typedef enum {
  CN_NOTEBOOK_PITCH,
  CN_NOTEBOOK_TIMING,
} CnNotebookTask;

#define CN_N_NOTEBOOK_TASKS 2

/// What durations and steps are counted in
typedef enum {
  CN_NOTEBOOK_BEATS,   ///< Quarter notes
  CN_NOTEBOOK_SECONDS, ///< As the notebook's author had it
} CnNotebookUnit;

/// Widths of a network's layers: bidirectional ones, then the last one, which is not
typedef struct {
  uint32_t n_layers; ///< 1..CN_NOTEBOOK_MAX_LAYERS
  uint32_t width[CN_NOTEBOOK_MAX_LAYERS];
} CnNotebookStack;

/// One layer's sizes, and its places in a network's flat vector [floats]
typedef struct {
  uint32_t n_inputs;     ///< I
  uint32_t hidden;       ///< H, of one direction
  uint32_t n_directions; ///< D, 2 or 1
  size_t   input;        ///< (D * 4H, I)
  size_t   recurrent;    ///< (D * 4H, H)
  size_t   bias;         ///< (D * 4H)
} CnNotebookLayer;

/// One network's layers, and its flat vector
typedef struct {
  uint32_t        n_layers;
  CnNotebookLayer layer[CN_NOTEBOOK_MAX_LAYERS];
  uint32_t        n_outputs;    ///< N, 88 or 2
  size_t          out;          ///< (N, H)
  size_t          out_bias;     ///< (N)
  size_t          n_parameters; ///< [floats], with some padding
} CnNotebookNet;

/// What a layer multiplies by
typedef struct {
  CnLinear input;     ///< (D * 4H, I), with its bias
  CnLinear recurrent; ///< (D * 4H, H), one direction after the other
} CnNotebookMatrices;

/// One tensor of a network, for those who read, write or fill all of them
typedef struct {
  char     name[48]; ///< "pitch.0.input.weight"
  size_t   offset;   ///< [floats]
  uint32_t rows;     ///<
  uint32_t columns;  ///< 0: a vector
} CnNotebookTensor;

#define CN_NOTEBOOK_MAX_TENSORS (3 * CN_NOTEBOOK_MAX_LAYERS + 2) ///< Of one network

/// The preprocessing, learnt from the training side alone; see notebook/features.h
typedef struct {
  CnNotebookUnit unit;
  uint32_t       window;               ///< [notes] that are read
  uint32_t       min_count;            ///< A pitch that occurs less often is left out
  float          pitch[2];             ///< Lowest and highest MIDI note that is not left out
  float          duration[2];          ///< [unit] largest and mean
  float          step[2];              ///< [unit] largest and mean time from the onset before
  float          counts[CN_N_PITCHES]; ///< How often each key occurs
} CnNotebookScale;

#define CN_NOTEBOOK_STEP_BINS 16      ///< Of steps by what was foretold
#define CN_NOTEBOOK_STEP_QUANTILES 64 ///< Of the steps in a bin

/// The residuals of the regression of steps: what came where about as much was foretold
typedef struct {
  float edges[CN_NOTEBOOK_STEP_BINS - 1];                        ///< [unit] foretold, between two bins
  float came[CN_NOTEBOOK_STEP_BINS][CN_NOTEBOOK_STEP_QUANTILES]; ///< [unit] in each bin, in ascending order
} CnNotebookSteps;

typedef struct CnNotebookModel CnNotebookModel;

/// "pitch" or "timing".  Thread: ANY
const char*
cn_notebook_task_name(CnNotebookTask task);

/// "beats" or "seconds".  Thread: ANY
const char*
cn_notebook_unit_name(CnNotebookUnit unit);

/// Read widths such as "512,256,128"; false if they are none or out of range.  Thread: ANY
bool
cn_notebook_stack_parse(const char* text, CnNotebookStack* stack);

/// Write widths as cn_notebook_stack_parse() reads them; 64 bytes suffice.  Thread: ANY
void
cn_notebook_stack_format(const CnNotebookStack* stack, char* text, size_t size);

/**
   Lay out the weights of a network.

   @return #CN_STATUS_SUCCESS or #CN_STATUS_BAD_VALUE if a width is out of range.

   Thread: ANY
*/
CnStatus
cn_notebook_net_init(CnNotebookNet* net, CnNotebookTask task, const CnNotebookStack* stack);

/// Number of parameters as Keras counts them, without padding.  Thread: ANY
size_t
cn_notebook_net_count(const CnNotebookNet* net);

/// List the tensors of a network in order; returns how many.  Thread: ANY
size_t
cn_notebook_net_tensors(const CnNotebookNet* net, CnNotebookTask task,
                        CnNotebookTensor tensors[CN_NOTEBOOK_MAX_TENSORS]);

/// True if the preprocessing's numbers are possible.  Thread: ANY
bool
cn_notebook_scale_is_sound(const CnNotebookScale* scale);

/// True if a MIDI note is none of those that are left out.  Thread: ANY
bool
cn_notebook_scale_has(const CnNotebookScale* scale, unsigned pitch);

/// True if residuals are possible.  Thread: ANY
bool
cn_notebook_steps_are_sound(const CnNotebookSteps* steps);

/**
   Make a model from parameters in memory.

   @param steps To draw steps from; copied.  Null: steps are the network's own.
   @param parameters For each network (n_parameters) floats; copied.
   @return Null if memory could not be had.

   Thread: WORKER
*/
CnNotebookModel*
cn_notebook_model_new(const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS], const CnNotebookScale* scale,
                      const CnNotebookSteps* steps, const float* const parameters[CN_N_NOTEBOOK_TASKS]);

/**
   Read a model from a safetensors file in memory.

   @param[out] fault What is wrong, in words, if anything is.
   @return #CN_STATUS_SUCCESS, or what is wrong; `*model` is then null.

   Thread: WORKER
*/
CnStatus
cn_notebook_model_load(const uint8_t* data, size_t size, CnNotebookModel** model, CnFault fault);

/// The same from a file that is open; sets `*model` only if all is well.  @return As
/// cn_notebook_model_load().  Thread: WORKER
CnStatus
cn_notebook_model_read(const CnTensors* tensors, CnNotebookModel** model, CnFault fault);

/// Free a model; null is allowed.  Thread: WORKER
void
cn_notebook_model_free(CnNotebookModel* model);

/// The layout of one network.  Thread: ANY
const CnNotebookNet*
cn_notebook_model_net(const CnNotebookModel* model, CnNotebookTask task);

/// The parameters of one network.  Thread: ANY
const float*
cn_notebook_model_parameters(const CnNotebookModel* model, CnNotebookTask task);

/// What a layer of one network multiplies by when it plays: of 8 bits if the file has those.  Thread: ANY
const CnNotebookMatrices*
cn_notebook_model_matrices(const CnNotebookModel* model, CnNotebookTask task, uint32_t layer);

/// The preprocessing.  Thread: ANY
const CnNotebookScale*
cn_notebook_model_scale(const CnNotebookModel* model);

/// What its steps are drawn from; null: they are the network's own.  Thread: ANY
const CnNotebookSteps*
cn_notebook_model_steps(const CnNotebookModel* model);

/// What its durations and steps are counted in.  Thread: ANY
CnNotebookUnit
cn_notebook_model_unit(const CnNotebookModel* model);

/// A hash of preprocessing and weights: models that differ have different ones.  Thread: ANY
uint64_t
cn_notebook_model_id(const CnNotebookModel* model);

#endif // CN_NOTEBOOK_MODEL_H
