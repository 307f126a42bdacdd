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
static void
narrow(CnMask* const mask, const CnKeys allowed)
{
  const CnKeys left = intersect(mask->keys, allowed);
  if (!is_empty(left)) {
    mask->keys = left;
  }
}

CnMask
cn_mask_of(const CnPlanRequest* const request, const CnKeys known)
{
  const CnRules* const rules = &request->params.rules;
  CnMask               mask  = {.keys    = leave_out(known, request->held),
                                .n_notes = cn_manners_notes(request),
                                .at_once = rules->polyphony ? rules->polyphony : CN_N_PITCHES};
  if (rules->lowest || rules->highest) {
    narrow(&mask, cn_keys_between(rules->lowest, rules->highest ? rules->highest : CN_PITCH_MAX));
  }
  narrow(&mask, cn_keys_of_classes(cn_chord_pitch_classes(request->params.chord)));
  narrow(&mask, cn_keys_of_classes(
                    cn_scale_classes(rules->scale, rules->root, request->history, request->n_history)));
  return mask;
}

bool
cn_mask_offer(const CnMask* const mask, const CnNote* const below, bool is_possible[CN_N_PITCHES])
{
  bool is_any = false;
  for (unsigned p = 0; p < CN_N_PITCHES; ++p) {
    const unsigned pitch = p + CN_PITCH_MIN;
    is_possible[p]       = cn_keys_have(mask->keys, pitch) && (!below || pitch > below->pitch);
    is_any               = is_any || is_possible[p];
  }
  return is_any;
}
