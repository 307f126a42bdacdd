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

CnMask
cn_mask_of(const CnPlanRequest* const request, const CnKeys known)
{
  const CnRules* const rules   = &request->params.rules;
  const unsigned       highest = rules->highest ? rules->highest : CN_PITCH_MAX;
  const CnKeys         free    = leave_out(known, request->held);
  const CnKeys         reach   = narrow(free, cn_keys_between(rules->lowest, highest));
  const CnKeys chord = narrow(reach, cn_keys_of_classes(cn_chord_pitch_classes(request->params.chord)));
  const CnKeys scale =
      cn_keys_of_classes(cn_scale_classes(rules->scale, rules->root, request->history, request->n_history));
  return (CnMask){
      .keys    = narrow(rules->chord_rule == CN_CHORD_RULE_ALL ? chord : reach, scale),
      .strong  = narrow(rules->chord_rule == CN_CHORD_RULE_NONE ? reach : chord, scale),
      .n_notes = cn_manners_notes(request),
      .at_once = rules->polyphony ? rules->polyphony : CN_N_PITCHES,
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
