// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file sources.h
   Where what is shown comes from: notes from the engine's timelines, by layer, and the flags of a state.
*/

#ifndef CN_SOURCES_H
#define CN_SOURCES_H

#include "plugin/wire/wire.h"

#include "dsp/base/attributes.h"
#include "dsp/part/timeline.h"
#include "dsp/play/performer.h"
#include "dsp/play/view.h"
#include "dsp/take/engine.h"

#include <stdint.h>

/// The timelines as they are now
typedef struct {
  const CnTimeline* layers[CN_N_LAYERS]; ///< Null: nothing yet
  int32_t           due;                 ///< Last segment that is not planned only
  int32_t           end;                 ///< The segment after the last planned one
} CnSources;

/// Find an engine's timelines.  Thread: ANY
CN_AUDIO CnSources
cn_sources_of(const CnEngine* engine);

/// Read what is to be shown of a layer of a segment; no notes if nothing is.  Thread: ANY
CN_AUDIO void
cn_sources_read(const CnSources* sources, CnLayer layer, int32_t number, CnSegment* segment);

/// Bits of a CnWireState, between two blocks.  Thread: AUDIO
CN_AUDIO uint32_t
cn_sources_flags(const CnPerformer* performer, const CnView* view);

#endif // CN_SOURCES_H
