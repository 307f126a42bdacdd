// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/phrase_bars.h"

#include <stdbool.h>

CnPhraseBars
cn_phrase_bars_find(const CnBar bar, const CnNote* const played, const uint32_t n_played)
{
  if (!n_played) {
    return (CnPhraseBars){0};
  }
  const int32_t       length   = bar.length;
  const CnNote* const last     = &played[n_played - 1];
  const CnPhraseBars  bars     = {.first  = played[0].onset - played[0].bar.offset,
                                  .end    = last->onset - last->bar.offset + length,
                                  .length = length};
  bool                is_alike = true;
  for (uint32_t i = 0; i < n_played; ++i) {
    is_alike = is_alike && cn_bar_place(bar, played[i].onset).offset == played[i].bar.offset &&
               played[i].bar.length == length;
  }
  return is_alike ? bars : (CnPhraseBars){0};
}

int32_t
cn_phrase_end(const CnNote* const played, const uint32_t n_played)
{
  int64_t end = INT32_MIN;
  for (uint32_t i = 0; i < n_played; ++i) {
    const int64_t note_end = (int64_t)played[i].onset + played[i].duration;
    end                    = note_end > end ? note_end : end;
  }
  return end < INT32_MAX ? (int32_t)end : INT32_MAX;
}
