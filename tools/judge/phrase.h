// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file phrase.h
   The phrase to go on from, out of a MIDI file.
*/

#ifndef CN_PHRASE_H
#define CN_PHRASE_H

#include "dsp/music/score.h"

/**
   Read the first bars of a MIDI file; what sounds on is cut at their end.

   @param command Name of the command, for its messages.
   @param n_bars How many, or 0: all.
   @return A score with a note that can be continued, to be freed; or null once the reason is printed.

   Thread: WORKER
*/
CnScore*
cn_phrase_load(const char* command, const char* path, long n_bars);

/// The channel that most of a phrase's last notes are on, 0..15.  Thread: ANY
unsigned
cn_phrase_channel(const CnScore* phrase);

/// The first channel that has neither notes nor drums; that of the phrase if all have.  Thread: ANY
unsigned
cn_phrase_free_channel(const CnScore* phrase);

#endif // CN_PHRASE_H
