// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file delivery.h
   How what was composed is delivered: swing, the inexactness of hands, and how loud it is beside the
   musician.

   The take keeps what was composed, so that no model hears what it did not write; the timeline has what
   sounds.  Nothing is moved over a bar line, out of its segment, or before the place where it may enter.
*/

#ifndef CN_DELIVERY_H
#define CN_DELIVERY_H

#include "dsp/base/random.h"
#include "dsp/compose/plan.h"
#include "dsp/part/timeline.h"

#include <stdint.h>

/// The delivery of one segment
typedef struct {
  const CnPlanRequest* request;
  CnRandom             random;
  double               spread;   ///< [ticks] that a note may be off its place
  double               loudness; ///< By which velocities are multiplied
} CnDelivery;

/**
   Begin to deliver a segment.

   @param request By which it was composed; borrowed.
   @param tempo [quarters a minute] at its place; 0: not known.
   @param notes (n_notes) that were composed.

   Thread: ENGINE
*/
CnDelivery
cn_delivery_begin(const CnPlanRequest* request, float tempo, const CnNote* notes, uint32_t n_notes);

/**
   Deliver the segment's next note; each is to be asked for, in their order.

   @param end [ticks] where it ends as composed; after its onset.
   @param limit [ticks] where it must have ended; not before `end`.

   Thread: ENGINE
*/
CnTimedNote
cn_delivery_note(CnDelivery* delivery, const CnNote* note, int32_t end, int32_t limit);

#endif // CN_DELIVERY_H
