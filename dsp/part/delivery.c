// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/part/delivery.h"

#include <math.h>
#include <stdbool.h>

#define RANDOM_DELIVERY 3    // Stream of random numbers; the others are of drafts, composers and returns
#define DEFAULT_TEMPO 120.0F // [quarters a minute] where none is known
#define LOUDNESS_NOTES 32    // Of each part that are compared, at most
#define LOUDNESS_FEWEST 4    // And at least
#define SUPPORT_LOUDNESS 80  // [percent] of the musician's
#define LEAD_LOUDNESS 115
enum { BEAT = CN_TICKS_PER_QUARTER, HALF_BEAT = BEAT / 2 }; // [ticks]

// Loudness

typedef struct {
  uint32_t n;
  double   sum;
} Mean;

static void
add_velocity(Mean* const mean, const CnNote* const note)
{
  if (mean->n < LOUDNESS_NOTES) {
    mean->sum += note->velocity;
    ++mean->n;
  }
}

// [percent] of the musician's velocity that is asked for; 0: none.  A support is softer, a lead louder
static unsigned
find_percent(const CnParams* const params)
{
  static const unsigned percents[CN_N_SUPPORTS] = {SUPPORT_LOUDNESS, 0, LEAD_LOUDNESS};
  const CnRules* const  rules                   = &params->rules;
  const bool            is_by = params->role == CN_ROLE_ACCOMPANY && rules->support < CN_N_SUPPORTS;
  return rules->loudness ? rules->loudness : is_by ? percents[rules->support] : 0;
}

// What velocities are multiplied by, so that they come to a share of the musician's on average
static double
find_loudness(const CnPlanRequest* const request, const CnNote* const notes, const uint32_t n_notes)
{
  const unsigned percent  = find_percent(&request->params);
  const double   share    = percent / 100.0;
  Mean           means[2] = {{0}}; // By part
  if (percent == 0) {
    return 1.0;
  }
  for (uint32_t i = n_notes; i > 0; --i) {
    add_velocity(&means[CN_PART_CONTINUO], &notes[i - 1]);
  }
  for (uint32_t i = request->n_history + request->n_recent; i > 0; --i) {
    const CnNote* const note = cn_plan_request_note(request, i - 1);
    add_velocity(&means[note->part == CN_PART_MUSICIAN ? CN_PART_MUSICIAN : CN_PART_CONTINUO], note);
  }
  const Mean* const his = &means[CN_PART_MUSICIAN];
  const Mean* const own = &means[CN_PART_CONTINUO];
  return his->n < LOUDNESS_FEWEST || !own->n ? share : share * (his->sum / his->n) / (own->sum / own->n);
}

// Around 0, up to 1 to either side, mostly near
static double
draw_spread(CnRandom* const random)
{
  const double first = cn_random_uniform(random);
  return first + cn_random_uniform(random) - 1.0;
}

static uint8_t
shape_velocity(CnDelivery* const delivery, const CnNote* const note)
{
  const double spread   = delivery->request->params.rules.humanise_velocity * draw_spread(&delivery->random);
  const double velocity = note->velocity * delivery->loudness + spread;
  return (uint8_t)lround(fmin(fmax(velocity, 1.0), 127.0));
}

// Time

// [ticks] by which swing delays a place: the second half of a beat begins later, and is shorter
static double
find_swing(const CnRules* const rules, const CnBarPlace bar)
{
  const int in = bar.offset % BEAT - HALF_BEAT;
  if (rules->swing <= CN_SWING_EVEN || in < 0) {
    return 0.0;
  }
  const double delay = (rules->swing - CN_SWING_EVEN) / 100.0 * BEAT;
  return delay * (HALF_BEAT - in) / HALF_BEAT;
}

// [ticks] before which a note may not sound
static int32_t
find_earliest(const CnPlanRequest* const request, const CnNote* const note)
{
  const int32_t start = request->segment * CN_SEGMENT_TICKS;
  const int32_t line  = note->onset - note->bar.offset;
  const int32_t place = line > start ? line : start;
  return request->enters && request->from > place && request->from <= note->onset ? request->from : place;
}

// [ticks] at which it has sounded
static int32_t
find_latest(const CnPlanRequest* const request, const CnNote* const note, const int32_t end)
{
  const int32_t segment = (request->segment + 1) * CN_SEGMENT_TICKS;
  const int32_t line    = note->onset - note->bar.offset + note->bar.length;
  const int32_t first   = line < segment ? line : segment;
  return end < first ? end : first;
}

// [ticks] where a note ends that ends at `end` without swing
static int32_t
swing_end(const CnRules* const rules, const CnNote* const note, const int32_t end, const int32_t limit)
{
  const CnBar   bar   = {note->onset - note->bar.offset, note->bar.length};
  const double  delay = find_swing(rules, cn_bar_place(bar, end));
  const int32_t last  = end + (int32_t)floor(delay);
  return last < limit ? last : limit;
}

CnDelivery
cn_delivery_begin(const CnPlanRequest* const request, const float tempo, const CnNote* const notes,
                  const uint32_t n_notes)
{
  const double minute = tempo > 0.0F ? tempo : DEFAULT_TEMPO;
  const double second = minute / 60.0 * CN_TICKS_PER_QUARTER;
  return (CnDelivery){
      .request  = request,
      .random   = cn_random(request->params.take, RANDOM_DELIVERY,
                            (uint32_t)(request->segment + request->origin), 0, 0),
      .spread   = request->params.rules.humanise_ms / 1000.0 * second,
      .loudness = find_loudness(request, notes, n_notes),
  };
}

CnTimedNote
cn_delivery_note(CnDelivery* const delivery, const CnNote* const note, const int32_t end, const int32_t limit)
{
  const CnPlanRequest* const request  = delivery->request;
  const int32_t              until    = swing_end(&request->params.rules, note, end, limit);
  const int32_t              start    = request->segment * CN_SEGMENT_TICKS;
  const double               earliest = find_earliest(request, note);
  const int32_t              last     = (find_latest(request, note, until) - start) * CN_LATE_PARTS - 1;
  const double               moved =
      find_swing(&request->params.rules, note->bar) + delivery->spread * draw_spread(&delivery->random);
  const double  place = fmax(note->onset + moved, earliest);
  const int32_t parts = (int32_t)lround((place - start) * CN_LATE_PARTS);
  const int32_t at    = parts < last ? parts : last;
  const int32_t tick  = at / CN_LATE_PARTS;
  return (CnTimedNote){
      .duration = (uint16_t)(until - start - tick),
      .offset   = (uint8_t)tick,
      .pitch    = note->pitch,
      .velocity = shape_velocity(delivery, note),
      .late     = (uint8_t)(at % CN_LATE_PARTS),
      .moved    = (int8_t)(tick - (note->onset - start)),
  };
}
