// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file reporter.h
   The plugin's end of the wire: tells an open window what is new, a little at a time.
*/

#ifndef CN_REPORTER_H
#define CN_REPORTER_H

#include "plugin/lv2/events.h"
#include "plugin/lv2/uris.h"
#include "plugin/model/model_slot.h"
#include "plugin/wire/saver.h"
#include "plugin/wire/wire.h"

#include "dsp/base/attributes.h"
#include "dsp/play/performer.h"

#include <lv2/atom/atom.h>

#include <stdbool.h>
#include <stdint.h>

#define CN_REPORTER_SLOTS 512 ///< Segments of a layer whose telling is remembered; a power of two

/// What the window knows of a segment's layer
typedef struct {
  int32_t  segment;
  uint32_t hash; ///< 0: nothing
} CnReporterTold;

/// The audio thread's part in telling
typedef struct {
  const CnUris*      uris;      ///< Borrowed, as all below
  CnPerformer*       performer; ///<
  const CnModelSlot* slot;      ///<
  CnSaver*           saver;     ///<
  double             rate;      ///< [frames a second]
  int64_t            patience;  ///< [frames] until nobody listens any more
  int64_t            wait;      ///< [frames] until the next news
  uint32_t           number;    ///< Of the next news
  uint32_t           turn;      ///< Counts the news, to share them out
  const CnModelName* told_name; ///< The model that the window knows
  double             begun;     ///< [s] when the block began
  double             busy;      ///< [s] spent in run() since the last state
  double             passed;    ///< [s] of music since then
  double             worked;    ///< [s] that the engine had worked by then
  CnReporterTold     told[CN_N_LAYERS][CN_REPORTER_SLOTS];
} CnReporter;

/// Thread: INIT
void
cn_reporter_init(CnReporter* reporter, const CnUris* uris, CnPerformer* performer, const CnModelSlot* slot,
                 CnSaver* saver, double rate);

/// Hear an atom of the input; whatever is no ask is passed over.  Thread: AUDIO
CN_AUDIO void
cn_reporter_hear(CnReporter* reporter, const LV2_Atom* atom);

/// True while a window is open.  Thread: AUDIO
CN_AUDIO bool
cn_reporter_is_asked(const CnReporter* reporter);

/// Begin a block.  Thread: AUDIO
CN_AUDIO void
cn_reporter_begin(CnReporter* reporter);

/// Tell what is due at the end of a block, if a window is open.  Thread: AUDIO
CN_AUDIO void
cn_reporter_end(CnReporter* reporter, CnEventWriter* writer, uint32_t n_frames);

#endif // CN_REPORTER_H
