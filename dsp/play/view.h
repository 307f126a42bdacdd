// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file view.h
   A performer as seen from a window, and what a window may do to it.
*/

#ifndef CN_VIEW_H
#define CN_VIEW_H

#include "dsp/base/attributes.h"
#include "dsp/music/note.h"
#include "dsp/play/performer.h"

#include <stdbool.h>
#include <stdint.h>

/// Where a performer is
typedef struct {
  bool    is_told;    ///< The host has told a transport
  bool    rolls;      ///< Time passes
  bool    hears;      ///< The musician holds a key
  double  tick;       ///< [ticks] where the block ended
  double  tempo;      ///< [quarters a minute]
  double  beat;       ///< [ticks] of a beat
  CnBar   bar;        ///< At the playhead
  int32_t bar_number; ///< Of that bar, from 0
  double  worked;     ///< [s] of a processor's time that the engine's thread has taken
} CnView;

/// See where a performer is, between two blocks.  Thread: AUDIO
CN_AUDIO CnView
cn_performer_view(const CnPerformer* performer);

/// Let the engine plan so many segments ahead, if it need not hurry; 0: nobody watches.  Thread: AUDIO
CN_AUDIO void
cn_performer_watch(CnPerformer* performer, int32_t n_segments);

/// End all notes, whoever plays them, in a block that has begun: a foot may do that, too.  Thread: AUDIO
CN_AUDIO void
cn_performer_panic(CnPerformer* performer);

#endif // CN_VIEW_H
