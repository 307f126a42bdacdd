// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file excerpt.h
   Pieces as they are compared: the features of a phrase, and of each eight bars that follow it.
*/

#ifndef CN_EXCERPT_H
#define CN_EXCERPT_H

#include "tools/compare/features.h"
#include "tools/compare/form.h"

#include "dsp/base/status.h"
#include "dsp/music/score.h"

#include <stdbool.h>
#include <stddef.h>

#define CN_SECTION_BARS 8 ///< Bars that are looked at together; also the length of a phrase
#define CN_MAX_SECTIONS 32

/// A piece, or one way in which its phrase was gone on with
typedef struct {
  char*      piece;                     ///< Name, the same for all that begin alike
  bool       has_phrase;                ///< There is enough in it to be looked at
  bool       has[CN_MAX_SECTIONS];      ///< Which sections there are, with something in them
  CnFeatures phrase;                    ///< Of the first bars, with notes that sound no further
  CnFeatures sections[CN_MAX_SECTIONS]; ///< Of what follows
  bool       has_form;                  ///< There are eight bars after the phrase
  CnForm     form;                      ///< Of all bars after it that are looked at
} CnExcerpt;

/// A list of them; all zero is empty
typedef struct {
  CnExcerpt* items;
  size_t     n;
  size_t     capacity;
} CnExcerpts;

/**
   Look at a score, and append it to a list.

   @param piece Name; copied.
   @param n_sections Sections to look at, 1..CN_MAX_SECTIONS; there may be fewer.  The last may lack two bars
   at its end.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_excerpts_add(CnExcerpts* excerpts, const char* piece, const CnScore* score, unsigned n_sections);

/**
   Look at all MIDI files below a folder, or say on stderr why not; those that can't be read are told, and
   left out.

   A piece is called as its file is, without the suffix, and without the number of a take before it.

   @param command Name of the command, for the messages.
   @return False if nothing could be looked at.

   Thread: WORKER
*/
bool
cn_excerpts_load(CnExcerpts* excerpts, const char* command, const char* folder, unsigned n_sections);

/// A piece by its name; null if there is none.  Thread: ANY
const CnExcerpt*
cn_excerpts_find(const CnExcerpts* excerpts, const char* piece);

/// Free what a list holds, and leave it empty.  Thread: WORKER
void
cn_excerpts_clear(CnExcerpts* excerpts);

#endif // CN_EXCERPT_H
