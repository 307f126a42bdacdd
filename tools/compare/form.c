// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/compare/form.h"

#include "tools/compare/features_internal.h"

#include <stdbool.h>
#include <stddef.h>

#define GROUP_BARS 4 ///< After which music breathes, where it does
#define LEAST_BARS 8 ///< That have a form, and the end that has a key

static const char* const names[CN_N_FORM] = {"bars that return",    "bars of the phrase",
                                             "rhythms that return", "rests at group ends",
                                             "rests elsewhere",     "tonic at the end"};

const char*
cn_form_name(const CnFormFigure figure)
{
  return names[figure];
}

static bool
is_empty(const CnGrid* const grid, const int32_t bar)
{
  return cn_grid_find(grid, bar * grid->bar) == cn_grid_find(grid, (bar + 1) * grid->bar);
}

/// Whether one of the bars before `end` is the same as another bar
static bool
has_stood(const CnGrid* const grid, const int32_t bar, const int32_t end, const bool by_pitch)
{
  bool has = false;
  for (int32_t old = 0; !has && old < end && old < bar; ++old) {
    has = cn_grid_is_same_bar(grid, old, bar, by_pitch);
  }
  return has;
}

/// Find what comes again of the bars that have notes
static void
find_returns(const CnGrid* const grid, const int32_t first, const int32_t end, double* const value)
{
  double n         = 0.0;
  double n_returns = 0.0;
  double n_phrase  = 0.0;
  double n_rhythms = 0.0;
  for (int32_t bar = first; bar < end; ++bar) {
    if (!is_empty(grid, bar)) {
      n += 1.0;
      n_returns += has_stood(grid, bar, bar, true);
      n_phrase += has_stood(grid, bar, first, true);
      n_rhythms += has_stood(grid, bar, bar, false);
    }
  }
  value[CN_FORM_RETURNS] = n > 0.0 ? n_returns / n : 0.0;
  value[CN_FORM_PHRASE]  = n > 0.0 ? n_phrase / n : 0.0;
  value[CN_FORM_RHYTHMS] = n > 0.0 ? n_rhythms / n : 0.0;
}

/// Find in how many bars nothing is struck in the last beat
static void
find_rests(const CnGrid* const grid, const int32_t first, const int32_t end, double* const value)
{
  const int32_t beat       = cn_bar_beat(grid->bar);
  double        n[2]       = {0.0, 0.0}; // Other bars, and ends of groups
  double        n_rests[2] = {0.0, 0.0};
  for (int32_t bar = first; bar < end; ++bar) {
    const int32_t line    = (bar + 1) * grid->bar;
    const bool    is_last = (bar + 1) % GROUP_BARS == 0;
    n[is_last] += 1.0;
    n_rests[is_last] += cn_grid_find(grid, line - beat) == cn_grid_find(grid, line);
  }
  value[CN_FORM_OTHERS] = n_rests[0] / n[0];
  value[CN_FORM_RESTS]  = n_rests[1] / n[1];
}

/// Whether the last bass note is the tonic
static bool
ends_on_tonic(const CnGrid* const grid, const int32_t end)
{
  const size_t begin = cn_grid_find(grid, (end - LEAST_BARS) * grid->bar);
  size_t       last  = cn_grid_find(grid, end * grid->bar) - 1;
  double       clarity;
  const int    key = cn_features_key_of(grid->notes + begin, last + 1 - begin, &clarity);
  while (last > begin && grid->notes[last - 1].onset == grid->notes[last].onset) {
    --last;
  }
  return key >= 0 && grid->notes[last].pitch % 12 == key % 12;
}

CnStatus
cn_form_find(const CnGrid* const grid, const int32_t first, const int32_t n_bars, CnForm* const form)
{
  const int32_t n_all = grid->n_notes ? grid->notes[grid->n_notes - 1].onset / grid->bar + 1 : 0;
  const int32_t end   = first + n_bars < n_all ? first + n_bars : n_all;
  if (end - first < LEAST_BARS ||
      cn_grid_find(grid, (end - LEAST_BARS) * grid->bar) == cn_grid_find(grid, end * grid->bar)) {
    return CN_STATUS_NOT_FOUND;
  }
  find_returns(grid, first, end, form->value);
  find_rests(grid, first, end, form->value);
  form->value[CN_FORM_TONIC] = ends_on_tonic(grid, end);
  return CN_STATUS_SUCCESS;
}
