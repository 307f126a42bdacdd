// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file lead.h
   A hand that leads: keys below a split point, or on a channel, by which the musician says the chord.

   They are heard, but do not count as his playing: the continuation neither waits for them nor makes way.
*/

#ifndef CN_LEAD_H
#define CN_LEAD_H

#include "dsp/base/attributes.h"
#include "dsp/compose/plan.h"

#include <stdbool.h>
#include <stdint.h>

/// [ticks] after which a chord that is no longer held is none: two bars of 4/4
#define CN_LEAD_TICKS_MAX 192

/// Whether a key of the musician's leads.  Thread: AUDIO
CN_AUDIO bool
cn_lead_has(const CnRules* rules, unsigned pitch, unsigned channel);

/**
   The chord that the leading hand holds at a cut, or held last.

   @param notes (n_notes) known at the cut, by onset.
   @param cut [ticks]
   @return CN_CHORD_NONE if there is none, or it has no name.

   Thread: ENGINE
*/
int32_t
cn_lead_chord(const CnRules* rules, const CnNote* notes, uint32_t n_notes, int32_t cut);

#endif // CN_LEAD_H
