// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/network/attention.h"

#define SIXTEENTH 6U // [ticks]

unsigned
cn_attention_span(const int32_t ticks, const uint32_t bar)
{
  static const uint32_t bounds[CN_SPAN_FARS - 1] = {192, 288, 384, 576, 768, 1152, 1536, 3072}; // [ticks]

  const uint32_t distance = ticks > 0 ? (uint32_t)ticks : 0U;
  if (!distance) {
    return CN_SPAN_CHORD;
  }
  if (distance % bar == 0 && distance / bar <= CN_SPAN_BARS) {
    return CN_SPAN_BAR + distance / bar - 1U;
  }
  if (distance <= CN_SPAN_SIXTEENTHS * SIXTEENTH) {
    return CN_SPAN_SIXTEENTH + (distance - 1U) / SIXTEENTH;
  }

  unsigned far = 0;
  while (far < CN_SPAN_FARS - 1U && distance > bounds[far]) {
    ++far;
  }
  return CN_SPAN_FAR + far;
}
