// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/mask.h"

#include "dsp/compose/manners.h"
#include "dsp/music/chord.h"
#include "dsp/music/scale.h"

CnKeys
cn_keys_all(void)
{
  return cn_keys_between(CN_PITCH_MIN, CN_PITCH_MAX);
}

CnKeys
cn_keys_between(const unsigned lowest, const unsigned highest)
{
  CnKeys keys = {{0, 0}};
  for (unsigned pitch = CN_PITCH_MIN; pitch <= CN_PITCH_MAX; ++pitch) {
    if (pitch >= lowest && pitch <= highest) {
      keys.bits[pitch / 64] |= UINT64_C(1) << (pitch % 64);
    }
  }
  return keys;
}

CnKeys
cn_keys_of_classes(const uint16_t classes)
{
  CnKeys keys = {{0, 0}};
  for (unsigned pitch = CN_PITCH_MIN; pitch <= CN_PITCH_MAX; ++pitch) {
    if (classes >> (pitch % 12) & 1U) {
      keys.bits[pitch / 64] |= UINT64_C(1) << (pitch % 64);
    }
  }
  return keys;
}

// An accompaniment looks back on so many bars, and keeps within so many keys of the musician
#define SUPPORT_BARS 2
#define SUPPORT_KEYS 24
#define SUPPORT_PERCENT 70 // Of his notes

static CnKeys
intersect(const CnKeys a, const CnKeys b)
{
  return (CnKeys){{a.bits[0] & b.bits[0], a.bits[1] & b.bits[1]}};
}

static CnKeys
leave_out(const CnKeys a, const uint64_t bits[2])
{
  return (CnKeys){{a.bits[0] & ~bits[0], a.bits[1] & ~bits[1]}};
}

static bool
is_empty(const CnKeys keys)
{
  return !(keys.bits[0] | keys.bits[1]);
}

// Leave only what a rule allows, unless that is nothing
static CnKeys
narrow(const CnKeys keys, const CnKeys allowed)
{
  const CnKeys left = intersect(keys, allowed);
  return is_empty(left) ? keys : left;
}

// The bar line, and its half if the halves are even
static bool
is_strong(const CnBarPlace bar)
{
  return bar.offset == 0 || (2U * bar.offset == bar.length && bar.length % (4U * CN_TICKS_PER_QUARTER) == 0);
}

// What the musician, and the accompaniment, played lately
typedef struct {
  uint32_t n[2]; // Notes by part
  unsigned lowest;
  unsigned highest; // His keys
} Lately;

static Lately
look_back(const CnPlanRequest* const request)
{
  const int32_t from   = request->segment * CN_SEGMENT_TICKS - SUPPORT_BARS * request->bar.length;
  Lately        lately = {.lowest = CN_PITCH_MAX, .highest = CN_PITCH_MIN};
  for (uint32_t i = request->n_history + request->n_recent; i > 0; --i) {
    const CnNote* const note = cn_plan_request_note(request, i - 1);
    if (note->onset < from) {
      break;
    }
    ++lately.n[note->part == CN_PART_MUSICIAN ? CN_PART_MUSICIAN : CN_PART_CONTINUO];
    if (note->part == CN_PART_MUSICIAN) {
      lately.lowest  = note->pitch < lately.lowest ? note->pitch : lately.lowest;
      lately.highest = note->pitch > lately.highest ? note->pitch : lately.highest;
    }
  }
  return lately;
}

// The keys that are left to an accompaniment: above the musician if it leads, else where there is more room
static CnKeys
find_room(const CnRules* const rules, const Lately* const lately)
{
  const bool is_above =
      rules->support == CN_SUPPORT_LEAD || lately->lowest - CN_PITCH_MIN < CN_PITCH_MAX - lately->highest;
  return is_above ? cn_keys_between(lately->highest + 1, lately->highest + SUPPORT_KEYS)
                  : cn_keys_between(lately->lowest - SUPPORT_KEYS, lately->lowest - 1);
}

// Notes that a support may play yet, for its share of the musician's
static uint32_t
find_budget(const Lately* const lately)
{
  const uint32_t share = lately->n[CN_PART_MUSICIAN] * SUPPORT_PERCENT / 100;
  const uint32_t left  = share > lately->n[CN_PART_CONTINUO] ? share - lately->n[CN_PART_CONTINUO] : 0;
  return left < CN_SEGMENT_NOTES ? left : CN_SEGMENT_NOTES;
}

// Density and length: what is asked for is met on average, see aim.h; so much apart from it nothing may be
#define DENSE_BARS 2      // [bars] over which notes are counted
#define DENSE_EXCESS 1.5F // Times the density
#define LENGTH_TIMES 4    // Shorter, or longer

// Notes that the density leaves a segment; those of a chord at least, if it leaves anything
static uint32_t
find_dense(const CnPlanRequest* const request)
{
  const int32_t start    = request->segment * CN_SEGMENT_TICKS;
  const int32_t from     = start - DENSE_BARS * request->bar.length;
  const float   quarters = (float)(start + CN_SEGMENT_TICKS - from) / CN_TICKS_PER_QUARTER;
  const float   most     = DENSE_EXCESS * quarters * (float)request->params.rules.density / CN_DENSITY_UNIT;
  uint32_t      left     = (uint32_t)most + 1;
  for (uint32_t i = request->n_history + request->n_recent; i > 0 && left > 0; --i) {
    const CnNote* const note = cn_plan_request_note(request, i - 1);
    if (note->onset < from) {
      break;
    }
    left -= note->part == CN_PART_CONTINUO;
  }
  return left < CN_SEGMENT_NOTES ? left : CN_SEGMENT_NOTES;
}

static int32_t
find_longest(const CnRules* const rules)
{
  const int32_t longest = LENGTH_TIMES * rules->length;
  return rules->length && longest < CN_OWN_DURATION_MAX ? longest : CN_OWN_DURATION_MAX;
}

CnMask
cn_mask_of(const CnPlanRequest* const request, const CnKeys known)
{
  const CnRules* const rules   = &request->params.rules;
  const unsigned       highest = rules->highest ? rules->highest : CN_PITCH_MAX;
  const CnKeys         within  = narrow(known, cn_keys_between(rules->lowest, highest));
  const CnKeys         reach   = leave_out(within, request->held);
  const bool   is_by   = request->params.role == CN_ROLE_ACCOMPANY && rules->support != CN_SUPPORT_EQUAL;
  const Lately lately  = look_back(request);
  const bool   is_room = is_by && lately.n[CN_PART_MUSICIAN] > 0;
  const CnKeys room    = is_room ? narrow(reach, find_room(rules, &lately)) : reach;
  const CnKeys chord   = narrow(room, cn_keys_of_classes(cn_chord_pitch_classes(request->params.chord)));
  const CnKeys scale =
      cn_keys_of_classes(cn_scale_classes(rules->scale, rules->root, request->history, request->n_history));
  const uint32_t most   = rules->density ? find_dense(request) : cn_manners_notes(request);
  const uint32_t budget = is_by && rules->support == CN_SUPPORT_SUPPORT ? find_budget(&lately) : most;
  return (CnMask){
      .keys     = narrow(rules->chord_rule == CN_CHORD_RULE_ALL ? chord : room, scale),
      .strong   = narrow(rules->chord_rule == CN_CHORD_RULE_NONE ? room : chord, scale),
      .n_notes  = budget < most ? budget : most,
      .at_once  = rules->polyphony ? rules->polyphony : CN_N_PITCHES,
      .shortest = rules->length > LENGTH_TIMES ? rules->length / LENGTH_TIMES : 1,
      .longest  = find_longest(rules),
  };
}

bool
cn_mask_offer(const CnMask* const mask, const CnBarPlace bar, const CnNote* const below,
              bool is_possible[CN_N_PITCHES])
{
  const CnKeys keys   = is_strong(bar) ? mask->strong : mask->keys;
  bool         is_any = false;
  for (unsigned p = 0; p < CN_N_PITCHES; ++p) {
    const unsigned pitch = p + CN_PITCH_MIN;
    is_possible[p]       = cn_keys_have(keys, pitch) && (!below || pitch > below->pitch);
    is_any               = is_any || is_possible[p];
  }
  return is_any;
}
