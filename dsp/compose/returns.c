// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/returns.h"

#include "dsp/base/hash.h"
#include "dsp/base/random.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#define RANDOM_RETURN 4 // Stream of random numbers; 1 to 3 are of drafts, composers and delivery

#define GROUP_BARS 4      // Bars that are counted together
#define LEAST_NOTES 3     // That a bar has which is worth to come again
#define DENSITY_OFF 0.15F // Of the density that is asked for: so far off a bar may be

// The phrase in bars of the metre that holds now
typedef struct {
  int32_t first;  // [ticks] of its first bar line
  int32_t end;    // [ticks] of the bar line after it
  int32_t length; // [ticks] of a bar; 0: the metre has changed since
} Bars;

static Bars
find_bars(const CnPlanRequest* const request, const CnNote* const played, const uint32_t n_played)
{
  const int32_t length = request->bar.length;
  if (!n_played) {
    return (Bars){0};
  }
  const CnNote* const last     = &played[n_played - 1];
  const Bars          bars     = {.first  = played[0].onset - played[0].bar.offset,
                                  .end    = last->onset - last->bar.offset + length,
                                  .length = length};
  bool                is_alike = true;
  for (uint32_t i = 0; i < n_played; ++i) {
    is_alike = is_alike && cn_bar_place(request->bar, played[i].onset).offset == played[i].bar.offset &&
               played[i].bar.length == length;
  }
  return is_alike ? bars : (Bars){0};
}

// A number that phrases hardly share, so that each comes back in its own way
static uint32_t
number_phrase(const CnNote* const played, const uint32_t n_played)
{
  uint64_t hash = 0;
  for (uint32_t i = 0; i < n_played; ++i) {
    hash = cn_hash_mix(hash, played[i].pitch);
  }
  return (uint32_t)hash;
}

// Which bar of the phrase comes again `bar` bars after it; -1: none
static int32_t
choose_bar(const CnPlanRequest* const request, const float share, const uint32_t phrase, const int32_t n_bars,
           const int32_t bar)
{
  const int32_t group  = bar / GROUP_BARS;
  const bool    is_odd = group % 2;
  CnRandom      random = cn_random(request->params.take, RANDOM_RETURN, (uint32_t)group, phrase, 0);
  const bool    comes  = group > 0 && cn_random_uniform(&random) < share * request->params.motif;
  const int32_t n      = 2 + (int32_t)cn_random_below(&random, GROUP_BARS - 1);
  const int32_t first  = is_odd && n_bars >= 2 * GROUP_BARS ? GROUP_BARS : 0;
  const int32_t place  = bar % GROUP_BARS;
  return comes && place < n && first + place < n_bars ? first + place : -1;
}

// Whether a bar with so many notes is worth to come again, and nothing else is asked for
static bool
is_wanted(const CnPlanRequest* const request, const uint32_t n_notes)
{
  const float asked =
      (float)(request->params.rules.density * request->bar.length) / (CN_DENSITY_UNIT * CN_TICKS_PER_QUARTER);
  const float off = fabsf((float)n_notes - asked);
  return n_notes >= LEAST_NOTES && (asked == 0.0F || off <= DENSITY_OFF * asked);
}

CnReturn
cn_return_find(const CnPlanRequest* const request, const float share, const CnNote* const played,
               const uint32_t n_played)
{
  const int32_t start = request->segment * CN_SEGMENT_TICKS;
  const int32_t line  = start - cn_bar_place(request->bar, start).offset;
  const Bars    bars  = find_bars(request, played, n_played);
  CnReturn      found = {.n_notes = 0, .end = line + bars.length};
  const int32_t bar   = bars.length && line >= bars.end
                            ? choose_bar(request, share, number_phrase(played, n_played),
                                         (bars.end - bars.first) / bars.length, (line - bars.end) / bars.length)
                            : -1;
  if (bar < 0) {
    return found;
  }
  const int32_t moved = line - (bars.first + bar * bars.length);
  uint32_t      n_bar = 0;
  for (uint32_t i = 0; i < n_played && found.n_notes < CN_RETURN_NOTES && n_bar == found.n_notes; ++i) {
    if (played[i].onset + moved >= line) { // Up to the first one after the bar
      n_bar += played[i].onset + moved < found.end;
      found.notes[found.n_notes] = played[i];
      found.notes[found.n_notes++].onset += moved;
    }
  }
  found.n_notes = is_wanted(request, n_bar) ? found.n_notes : 0;
  return found;
}

const CnNote*
cn_return_next(const CnReturn* const bar, const CnNote* const last, const int32_t start)
{
  for (uint32_t i = 0; i < bar->n_notes; ++i) {
    const CnNote* const note     = &bar->notes[i];
    const bool          is_chord = note->onset == last->onset && note->pitch > last->pitch;
    if (is_chord || (note->onset > last->onset && note->onset >= start)) {
      return note;
    }
  }
  return NULL;
}
