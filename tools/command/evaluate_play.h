// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file evaluate_play.h
   `evaluate --play`: how far what a model plays is from how pieces really go on.
*/

#ifndef CN_EVALUATE_PLAY_H
#define CN_EVALUATE_PLAY_H

#include "tools/compare/play.h"
#include "tools/corpus/corpus.h"

#include "dsp/model/any_model.h"

#include <jansson.h>

/**
   Let a model go on with pieces, and print what comes of it, or add it to a JSON object.

   @param picture Where a picture of it goes; null: nowhere.
   @param object Gets a member "play"; null: printed on stdout.
   @return An exit status of options.h; what was wrong has been said.

   Thread: WORKER
*/
int
cn_evaluate_play(const CnAnyModel* model, const CnCorpus* corpus, const CnPlaySettings* settings,
                 const char* picture, json_t* object);

#endif // CN_EVALUATE_PLAY_H
