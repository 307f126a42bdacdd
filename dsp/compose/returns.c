// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/returns.h"

#include "dsp/base/hash.h"
#include "dsp/base/random.h"
#include "dsp/compose/phrase_bars.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#define RANDOM_RETURN 4 // Stream of random numbers; 1 to 3 are of drafts, composers and delivery

#define GROUP_BARS 4      // Bars that are counted together
#define LEAST_NOTES 3     // That a bar has which is worth to come again
#define DENSITY_OFF 0.15F // Of the density that is asked for: so far off a bar may be

// Kinds of returns, each with random numbers of its own
enum { KIND_PHRASE, KIND_OWN };

// Bars of our own: of each group some begin as so many bars before
static const struct {
  int32_t group; // [bars]
  int32_t back;  // [bars]
  float   share; // Of the groups
} own_kinds[] = {{4, 8, 0.05F}, {4, 16, 0.05F}, {2, 4, 0.02F}, {2, 2, 0.02F}};

#define N_OWN_KINDS (sizeof(own_kinds) / sizeof(own_kinds[0]))

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

// A bar of a continuation that may be one that comes again
typedef struct {
  const CnPlanRequest* request;
  CnPhraseBars         phrase;
  uint32_t             number; // Of the phrase
  int32_t              line;   // [ticks] where it begins
  int32_t              bar;    // [bars] after the phrase
} Place;

// Random numbers for a group of bars
static CnRandom
open_random(const Place* const place, const int32_t group, const uint32_t kind)
{
  return cn_random(place->request->params.take, RANDOM_RETURN, (uint32_t)group, place->number, kind);
}

static bool
happens(CnRandom* const random, const Place* const place, const float share)
{
  return cn_random_uniform(random) < share * place->request->params.motif;
}

// Which bar of the phrase comes again; -1: none
static int32_t
choose_bar(const Place* const place, const float share)
{
  const int32_t n_bars = cn_phrase_bars_count(&place->phrase);
  const int32_t group  = place->bar / GROUP_BARS;
  const bool    is_odd = group % 2;
  CnRandom      random = open_random(place, group, KIND_PHRASE);
  const bool    comes  = group > 0 && happens(&random, place, share);
  const int32_t n      = 2 + (int32_t)cn_random_below(&random, GROUP_BARS - 1);
  const int32_t first  = is_odd && n_bars >= 2 * GROUP_BARS ? GROUP_BARS : 0;
  const int32_t i      = place->bar % GROUP_BARS;
  return comes && i < n && first + i < n_bars ? first + i : -1;
}

// How many bars ago one of our own stood that comes again; 0: none does
static int32_t
choose_own(const Place* const place)
{
  for (uint32_t i = 0; i < N_OWN_KINDS; ++i) {
    const int32_t group  = own_kinds[i].group;
    CnRandom      random = open_random(place, place->bar / group, KIND_OWN + i);
    const bool    comes  = happens(&random, place, own_kinds[i].share);
    const int32_t n      = 1 + (int32_t)cn_random_below(&random, (uint32_t)group);
    if (comes && place->bar % group < n && place->bar >= own_kinds[i].back) {
      return own_kinds[i].back;
    }
  }
  return 0;
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

// Take a note, moved to where it comes again.  False once there are enough: it is the first one after the
// bar, or there is no room for more
static bool
take_note(CnReturn* const bar, const CnNote* const note, const int32_t moved)
{
  bar->notes[bar->n_notes] = *note;
  bar->notes[bar->n_notes++].onset += moved;
  return note->onset + moved < bar->end && bar->n_notes < CN_RETURN_NOTES;
}

// Notes of it that lie in the bar itself
static uint32_t
count_inside(const CnReturn* const bar)
{
  const uint32_t n = bar->n_notes;
  return n && bar->notes[n - 1].onset >= bar->end ? n - 1 : n;
}

// Bring back a bar of the phrase
static CnReturn
bring_played(const Place* const place, const int32_t bar, const CnNote* const played, const uint32_t n_played)
{
  CnReturn      found = {.end = place->line + place->phrase.length};
  const int32_t moved = place->line - (place->phrase.first + bar * place->phrase.length);
  uint32_t      i     = 0;
  while (i < n_played && played[i].onset + moved < place->line) {
    ++i;
  }
  while (i < n_played && take_note(&found, &played[i], moved)) {
    ++i;
  }
  return found;
}

// Bring back the one of our own bars that stood some bars ago; nothing if the musician played in it, too, or
// the metre was another one
static CnReturn
bring_own(const Place* const place, const int32_t back)
{
  CnReturn       found = {.end = place->line + place->phrase.length};
  const int32_t  moved = back * place->phrase.length;
  const uint32_t n     = place->request->n_history + place->request->n_recent;
  uint32_t       i     = n;
  while (i > 0 && cn_plan_request_note(place->request, i - 1)->onset + moved >= place->line) {
    --i;
  }
  bool is_ours = true;
  for (bool goes_on = true; i < n && goes_on; ++i) {
    const CnNote* const note = cn_plan_request_note(place->request, i);
    goes_on                  = take_note(&found, note, moved);
    is_ours = is_ours && note->part == CN_PART_CONTINUO && note->bar.length == place->phrase.length;
  }
  found.n_notes = is_ours ? found.n_notes : 0;
  return found;
}

// Bring back a bar of the phrase, or else one of our own where no chord is asked for; without notes: neither
static CnReturn
bring_back(const Place* const place, const CnReturnShares* const shares, const CnNote* const played,
           const uint32_t n_played)
{
  const int32_t bar = choose_bar(place, shares->phrase);
  if (bar >= 0) {
    return bring_played(place, bar, played, n_played);
  }
  const bool    may_be_own = shares->is_own && place->request->params.chord == CN_CHORD_NONE;
  const int32_t back       = may_be_own ? choose_own(place) : 0;
  return back ? bring_own(place, back) : (CnReturn){.n_notes = 0};
}

CnReturn
cn_return_find(const CnPlanRequest* const request, const CnReturnShares* const shares,
               const CnNote* const played, const uint32_t n_played)
{
  const int32_t start = request->segment * CN_SEGMENT_TICKS;
  Place         place = {.request = request,
                         .phrase  = cn_phrase_bars_find(request->bar, played, n_played),
                         .number  = number_phrase(played, n_played),
                         .line    = start - cn_bar_place(request->bar, start).offset};
  if (!place.phrase.length || place.line < place.phrase.end) {
    return (CnReturn){.n_notes = 0};
  }
  place.bar      = (place.line - place.phrase.end) / place.phrase.length;
  CnReturn found = bring_back(&place, shares, played, n_played);
  found.n_notes  = is_wanted(request, count_inside(&found)) ? found.n_notes : 0;
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
