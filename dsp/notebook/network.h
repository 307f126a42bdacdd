// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file network.h
   Forward pass of the notebook's networks: the note after a window of notes.

   Each call reads its window anew, from no state: the answer is a function of the notes alone.
*/

#ifndef CN_NOTEBOOK_NETWORK_H
#define CN_NOTEBOOK_NETWORK_H

#include "dsp/music/note.h"
#include "dsp/notebook/model.h"

#include <stdint.h>

/// Logit of a key that the model never plays
#define CN_NOTEBOOK_LOGIT_NEVER (-1e9F)

typedef struct CnNotebookNetwork CnNotebookNetwork;

/**
   Make a network with its scratch; nothing is allocated later.

   @param model Borrowed until cn_notebook_network_free().
   @return Null if memory could not be had.

   Thread: INIT
*/
CnNotebookNetwork*
cn_notebook_network_new(const CnNotebookModel* model);

/// Free a network; null is allowed.  Thread: INIT
void
cn_notebook_network_free(CnNotebookNetwork* network);

/**
   Tell how many ticks a second has, which a model in seconds reads its notes by.

   120 BPM until told otherwise.  A model in beats does not care.

   Thread: ENGINE
*/
void
cn_notebook_network_set_tempo(CnNotebookNetwork* network, double ticks_per_second);

/**
   Predict the pitch of the next note.

   @param notes (n_notes) by onset, then pitch.  Read from the end, as far as the window goes: its last
   notes that the model does not leave out, and the one before them, from which the first step counts.
   If there are fewer, the missing ones are masked; there may be none.
   @param[out] logits (CN_N_PITCHES) floats; CN_NOTEBOOK_LOGIT_NEVER for keys that the model leaves out.

   Thread: ENGINE
*/
void
cn_notebook_network_pitch(CnNotebookNetwork* network, const CnNote* notes, uint32_t n_notes, float* logits);

/**
   Predict the timing of the next note.

   @param notes As for cn_notebook_network_pitch().
   @param[out] duration In cn_notebook_model_unit(), quarter notes or seconds; at least 0.
   @param[out] step The same, from the onset of the last note that the model does not leave out to the
   next one.

   Thread: ENGINE
*/
void
cn_notebook_network_timing(CnNotebookNetwork* network, const CnNote* notes, uint32_t n_notes, float* duration,
                           float* step);

#endif // CN_NOTEBOOK_NETWORK_H
