// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file judge.h
   How models of an architecture are scored, and what is said of them: the command's side of
   dsp/compose/architecture.h.

   Models and scorers go by `void*`; each function is only given what the same architecture has made.
*/

#ifndef CN_JUDGE_H
#define CN_JUDGE_H

#include "tools/corpus/corpus.h"
#include "tools/judge/scoring.h"

#include "dsp/base/fault.h"
#include "dsp/base/status.h"

#include <jansson.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/// What a model is told of a piece that it predicts
typedef struct {
  const CnPiece* piece;
  const char*    path;      ///< Of the piece's file, for a model that counts in seconds
  bool           motif;     ///< False: motif matches are hidden from the model
  bool           chords;    ///< True: the model is told the chords
  uint32_t       following; ///< [bars] It is told what follows each line of so many; 0: of none
} CnTrial;

/// What the command knows of an architecture; words without a function are those for any model
typedef struct {
  unsigned factors;      ///< Those that it tells likelihoods of, a bit of 1 << CnFactor each; 0: none
  bool     hears_motifs; ///< Whether there are motif matches to hide, and chords can be told

  /// Name of a model in the table of scores, in up to 16 letters; null: the architecture's.  Thread: ANY
  const char* (*label)(const void* model);

  /// Make what scores pieces of up to `longest` notes; null if memory could not be had.  Thread: INIT
  void* (*scorer_new)(const void* model, uint32_t longest);

  /// Free a scorer; null is allowed.  Thread: INIT
  void (*scorer_free)(void* scorer);

  /// Let a model learn nothing more while it listens; null: it never does.  Thread: INIT
  void (*hold)(void* model);

  /// Score a piece; `mean` is of the mean times that the model learnt, and is left if there are none, or
  /// say why the piece's file could not be read again.  Thread: WORKER
  CnStatus (*score)(void* scorer, const CnTrial* trial, CnScoring* scoring, CnScoring* mean, CnFault fault);

  /// Print lines about a model; null: a line with its description.  Thread: ANY
  void (*describe)(const void* model, FILE* out);

  /// Add what is to be known of a model to its JSON object; null: nothing.  Thread: ANY
  void (*add_json)(const void* model, json_t* object);

  /// Whether a tensor was learnt, by name; null: all were.  Thread: ANY
  bool (*is_learnt)(const char* tensor);
} CnJudge;

/// Of models of which nothing else is known: all figures but the number of notes are NaN
extern const CnJudge cn_judge_of_any;

/// Of our own network
extern const CnJudge cn_judge_of_network;

#endif // CN_JUDGE_H
