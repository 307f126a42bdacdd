// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file info.h
   Files in plain words, or as JSON for programs.
*/

#ifndef CN_INFO_H
#define CN_INFO_H

#include "tools/judge/judge.h"

#include "dsp/file/safetensors.h"
#include "dsp/model/any_model.h"
#include "dsp/music/score.h"

#include <jansson.h>

#include <stddef.h>
#include <stdio.h>

/// What is known of a weights file
typedef struct {
  const char*      path;
  size_t           size;    ///< [bytes]
  const CnTensors* tensors; ///< Opened file
  CnAnyModel       model;   ///< Borrowed; none if it is not a model that Continuo can play
  const CnJudge*   judge;   ///< Of its architecture
} CnWeightsInfo;

/// Describe a weights file in words.  Thread: ANY
void
cn_weights_describe(const CnWeightsInfo* info, FILE* out);

/// Describe a weights file for programs; null if memory could not be had.  Thread: ANY
json_t*
cn_weights_json(const CnWeightsInfo* info);

/// Describe a piece in words.  Thread: ANY
void
cn_score_describe(const char* path, const CnScore* score, FILE* out);

/// Describe a piece for programs; null if memory could not be had.  Thread: ANY
json_t*
cn_score_json(const char* path, const CnScore* score);

#endif // CN_INFO_H
