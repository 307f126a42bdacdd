// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/wire/sources.h"

#include "dsp/take/ahead.h"

#include <stdbool.h>

CN_AUDIO CnSources
cn_sources_of(const CnEngine* const engine)
{
  const CnPlanned planned = cn_engine_planned(engine);
  return (CnSources){
      .layers = {[CN_LAYER_HEARD]   = planned.heard,
                 [CN_LAYER_OWN]     = cn_engine_timeline(engine),
                 [CN_LAYER_PLANNED] = planned.timeline},
      .due    = planned.end > planned.first ? planned.first - 1 : INT32_MAX,
      .end    = planned.end,
  };
}

CN_AUDIO void
cn_sources_read(const CnSources* const sources, const CnLayer layer, const int32_t number,
                CnSegment* const segment)
{
  const CnTimeline* const source     = sources->layers[layer];
  const bool              is_planned = number > sources->due && number < sources->end;
  const bool              is_hidden  = layer != CN_LAYER_HEARD && is_planned != (layer == CN_LAYER_PLANNED);
  if (!source || is_hidden || !cn_timeline_read(source, number, segment)) {
    segment->n_notes = 0;
  }
}

CN_AUDIO uint32_t
cn_sources_flags(const CnPerformer* const performer, const CnView* const view)
{
  return (view->is_told ? CN_WIRE_TOLD : 0U) | (view->rolls ? CN_WIRE_ROLLS : 0U) |
         (view->hears ? CN_WIRE_HEARS : 0U) | (cn_performer_playing(performer) ? CN_WIRE_PLAYING : 0U);
}
