// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/notebook/matrices.h"

#include "dsp/kernel/dot8.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#define N_GATES 4
#define LINE ((size_t)64) // [bytes] of a cache

CnNotebookMatrices
cn_notebook_matrices(const CnNotebookLayer* const layer, const float* const parameters)
{
  const size_t rows = (size_t)layer->n_directions * N_GATES * layer->hidden;
  return (CnNotebookMatrices){
      .input = cn_linear_float(rows, layer->n_inputs, parameters + layer->input, parameters + layer->bias),
      .recurrent = cn_linear_float(rows, layer->hidden, parameters + layer->recurrent, NULL)};
}

// Where the next matrix goes
typedef struct {
  float*   scales;
  int32_t* row_sums;
  int8_t*  weights;
} Room;

// A direction's gates are a part of a matrix, so that they have to fill tiles
static CnLinear
round_matrix(const CnLinear* const linear, const uint32_t hidden, Room* const room)
{
  const bool     fills = N_GATES * hidden % CN_DOT8_TILE_ROWS == 0;
  const CnLinear made =
      (fills ? cn_linear_int8_tiled : cn_linear_int8)(linear, room->weights, room->scales, room->row_sums);
  room->scales += linear->rows;
  room->row_sums += linear->rows;
  room->weights += linear->rows * linear->columns;
  return made;
}

void*
cn_notebook_matrices_int8(const CnNotebookNet* const net, const float* const parameters,
                          CnNotebookMatrices* const matrices)
{
  size_t n_rows    = 0;
  size_t n_weights = 0;
  for (uint32_t l = 0; l < net->n_layers; ++l) {
    const CnNotebookMatrices of = cn_notebook_matrices(&net->layer[l], parameters);
    n_rows += of.input.rows + of.recurrent.rows;
    n_weights += of.input.rows * of.input.columns + of.recurrent.rows * of.recurrent.columns;
  }
  assert(n_rows > 0);
  void* const memory = malloc(n_weights + LINE + n_rows * (sizeof(float) + sizeof(int32_t)));
  if (!memory) {
    return NULL;
  }

  int8_t* const weights = (int8_t*)memory + (LINE - (uintptr_t)memory % LINE); // From a line on, as tiles are
  float* const  scales  = (float*)(void*)(weights + n_weights);
  Room          room    = {scales, (int32_t*)(void*)(scales + n_rows), weights};
  for (uint32_t l = 0; l < net->n_layers; ++l) {
    const CnNotebookMatrices of = cn_notebook_matrices(&net->layer[l], parameters);
    matrices[l].input           = l ? round_matrix(&of.input, net->layer[l].hidden, &room) : of.input;
    matrices[l].recurrent       = round_matrix(&of.recurrent, net->layer[l].hidden, &room);
  }
  return memory;
}
