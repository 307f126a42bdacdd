// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file phrase.h
   A phrase for the plugin to continue, of the public domain and encoded for this program.
*/

#ifndef CN_PHRASE_H
#define CN_PHRASE_H

#include "dsp/music/note.h"

#include <stddef.h>

#define CN_PHRASE_TITLE "Schumann, Kinderszenen op. 15 no. 1"
#define CN_PHRASE_NUMERATOR 2
#define CN_PHRASE_DENOMINATOR 4
#define CN_PHRASE_BPM 100.0 ///< [quarters a minute]
#define CN_PHRASE_BARS 8
#define CN_PHRASE_MAX_NOTES 128

/**
   Write the notes of the phrase, by onset, then pitch, from tick 0.

   @param[out] notes (CN_PHRASE_MAX_NOTES)
   @return How many there are.

   Thread: ANY
*/
size_t
cn_phrase_notes(CnNote* notes);

#endif // CN_PHRASE_H
