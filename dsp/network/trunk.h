// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file trunk.h
   The part of a network that remembers: it absorbs notes, one after the other, and gives the vector that
   the heads read.

   The inner door: whoever composes knows these six functions and no kind of layer.  A kind of trunk is a
   file with a #CnTrunkKind and a row of the table in trunk.c.

   Notes count from 0.  What a trunk keeps in order to go back is its own matter: a recurrent one keeps a
   state now and then, one with keys and values would forget some.  So it answers from which note on it
   must hear everything again, and no more than that is asked of its user, who has the notes.
*/

#ifndef CN_TRUNK_H
#define CN_TRUNK_H

#include "dsp/network/context.h"
#include "dsp/network/model.h"

#include <stddef.h>
#include <stdint.h>

/// A trunk: the first member of what a kind has
typedef struct CnTrunk CnTrunk;

/// What a kind of trunk does; each function as the one below that calls it
typedef struct {
  void (*free)(CnTrunk* trunk);
  void (*begin)(CnTrunk* trunk);
  void (*absorb)(CnTrunk* trunk, const CnNoteInput* input);
  uint32_t (*go_back)(CnTrunk* trunk, uint32_t n);
  const float* (*vector)(const CnTrunk* trunk);
  size_t (*size)(const CnTrunk* trunk);
} CnTrunkKind;

struct CnTrunk {
  const CnTrunkKind* kind;
};

/**
   Make a model's trunk, before the first note; nothing is allocated later.

   @param model Borrowed until cn_trunk_free().
   @param capacity Notes among which going back is cheap; 0 if that is never asked for.
   @return Null if memory could not be had.

   Thread: INIT
*/
CnTrunk*
cn_trunk_new(const CnModel* model, uint32_t capacity);

/// Free a trunk; null is allowed.  Thread: INIT
void
cn_trunk_free(CnTrunk* trunk);

/// Forget all notes.  Thread: ENGINE
void
cn_trunk_begin(CnTrunk* trunk);

/// Absorb the next note.  Thread: ENGINE
void
cn_trunk_absorb(CnTrunk* trunk, const CnNoteInput* input);

/**
   Go back to before note `n`.

   @param n At most the number of notes absorbed.
   @return A number m, at most `n`.  Once the notes from m to before `n` have been absorbed again, the
   vector and all that follow are, bit for bit, those of a trunk that never went further.  There are no more
   of them than a constant of the trunk's, as long as `n` is below the capacity.

   Thread: ENGINE
*/
uint32_t
cn_trunk_go_back(CnTrunk* trunk, uint32_t n);

/// The vector after the last note, (hidden) floats; valid until the next change.  Thread: ENGINE
const float*
cn_trunk_vector(const CnTrunk* trunk);

/// What the trunk occupies, all that it keeps included [bytes].  Thread: ANY
size_t
cn_trunk_size(const CnTrunk* trunk);

#endif // CN_TRUNK_H
