// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file past.h
   The take as it is known at a cut.

   A note of the musician's that sounds on beyond the cut is as long as it is by then, whether its end
   is known by now or not: so the past of a place is the same on every pass over it.  A key is held as long
   as a finger is down; a note that only a pedal holds sounds, and does not keep its key.  It is as long as
   notation would have it: until the next one is struck, if it sounds on beyond.  Keys that no piano
   has are none of the notes, but they are held, and end, like all others.
*/

#ifndef CN_PAST_H
#define CN_PAST_H

#include "dsp/base/status.h"
#include "dsp/compose/plan.h"
#include "dsp/music/note.h"
#include "dsp/part/given_phrase.h"
#include "dsp/take/take.h"

#include <stdbool.h>
#include <stdint.h>

/// [ticks] Notes of the musician's that are longer are as good as this long: the longest of vocabulary 1
#define CN_HEARD_DURATION_MAX 288

/// What is known at a cut
typedef struct {
  CnNote*  notes;       ///< (CN_TAKE_NOTES + CN_GIVEN_NOTES) by onset, then pitch
  uint32_t n_notes;     ///< With an onset before the cut, on a piano's keys; and those of a given phrase
  uint64_t hash;        ///< Of all that is known
  int32_t  end;         ///< [ticks] latest end of a musician's note, up to the cut; INT32_MIN: there is none
  uint64_t held[2];     ///< Keys that the musician's fingers hold at the cut, as bits
  CnRules  rules;       ///< Which of the musician's keys lead, and are no playing
  uint64_t pedalled[2]; ///< Keys whose notes only a pedal holds then
  bool     awaits;      ///< A phrase is given, but later
  int32_t  given_end;   ///< [ticks] where the continuation of a given phrase begins; INT32_MIN: none is given
  int32_t  origin;      ///< [segments] by which a given phrase counts them higher
} CnPast;

/// Make a past of nothing.  @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.  Thread: INIT
CnStatus
cn_past_init(CnPast* past);

/// Free what a past holds; one of all zeros is allowed.  Thread: INIT
void
cn_past_clear(CnPast* past);

/// Look back on a take from `cut` [ticks]; keys that lead by `rules` are no playing.  Thread: ENGINE
void
cn_past_look(CnPast* past, const CnTake* take, int32_t cut, const CnRules* rules);

/**
   Look back likewise, where a phrase is given that counts as just played at a bar line, and nothing else
   does.

   @param line [ticks] on which the line falls where the last bar of the phrase begins.  What was played
   before is not known from there on, and all of the phrase is, whatever the cut; before, nothing of it.

   Thread: ENGINE
*/
void
cn_past_look_given(CnPast* past, const CnTake* take, int32_t cut, const CnRules* rules,
                   const CnGivenPhrase* phrase, int32_t line);

/// True if the musician has played nothing since a phrase was given.  Thread: ENGINE
bool
cn_past_is_given(const CnPast* past);

/// True if the continuation has played since the musician did.  Thread: ENGINE
bool
cn_past_is_own(const CnPast* past);

/// True if the musician struck a key from tick `from` to before `to`.  Thread: ENGINE
bool
cn_past_has_onset(const CnPast* past, int32_t from, int32_t to);

/// True if the musician holds a key at the cut.  Thread: ENGINE
bool
cn_past_is_held(const CnPast* past, unsigned pitch);

#endif // CN_PAST_H
