// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "context.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TABLE_BITS 15
#define TABLE_SIZE (1U << TABLE_BITS)
#define CHROMA_STRIDE 64 // A copy of the chroma is kept every so many notes
#define MAX_BAR_LAG 384  // [ticks]; longer bars are looked back on as if they were this long
#define MAX_DURATION 288 // [ticks] that a note is taken to sound at most
#define MAX_SCAN 512     // Notes that are looked back on at most
#define MAX_RUN 40       // Notes that a match is followed back at most, to tell how long it has lasted
#define MAX_LOOP 512     // The same, to tell how often it has repeated itself
#define N_NEAR 16        // Last notes among which the nearest voice is looked for

static const uint8_t match_lengths[CN_N_MATCHES] = {2, 5, 10};
static const float   chroma_decays[2] = {4.0F * CN_TICKS_PER_QUARTER, 64.0F * CN_TICKS_PER_QUARTER};

struct CnContext {
  uint32_t  capacity;
  uint32_t  size;
  CnNote*   notes;                         // (capacity)
  CnToken*  tokens;                        // (capacity)
  uint16_t* steps;                         // (capacity) interval and dt of each note
  int32_t (*earlier)[CN_N_MATCHES];        // (capacity) what each push displaced in the tables
  float (*chroma_kept)[CN_N_CHROMA];       // (capacity / CHROMA_STRIDE + 1)
  float   chroma[CN_N_CHROMA];             // Decayed to the last onset
  int32_t table[CN_N_MATCHES][TABLE_SIZE]; // Last note of the most recent motif with a hash, or -1
};

CnContext*
cn_context_new(const uint32_t capacity)
{
  CnContext* const context = calloc(1, sizeof(CnContext));
  if (!context) {
    return NULL;
  }

  context->capacity    = capacity;
  context->notes       = calloc(capacity, sizeof(*context->notes));
  context->tokens      = calloc(capacity, sizeof(*context->tokens));
  context->steps       = calloc(capacity, sizeof(*context->steps));
  context->earlier     = calloc(capacity, sizeof(*context->earlier));
  context->chroma_kept = calloc(capacity / CHROMA_STRIDE + 1, sizeof(*context->chroma_kept));
  if (!context->notes || !context->tokens || !context->steps || !context->earlier || !context->chroma_kept) {
    cn_context_free(context);
    return NULL;
  }

  memset(context->table, 0xFF, sizeof(context->table));
  return context;
}

void
cn_context_free(CnContext* const context)
{
  if (context) {
    free(context->notes);
    free(context->tokens);
    free(context->steps);
    free(context->earlier);
    free(context->chroma_kept);
    free(context);
  }
}

uint32_t
cn_context_size(const CnContext* const context)
{
  return context->size;
}

const CnNote*
cn_context_notes(const CnContext* const context)
{
  return context->notes;
}

// Hash of the `length` steps that end with note `last`, FNV-1a over 16-bit words
static uint32_t
hash_steps(const CnContext* const context, const uint32_t last, const unsigned length)
{
  uint32_t hash = UINT32_C(2166136261);
  for (unsigned i = 0; i < length; ++i) {
    hash = (hash ^ context->steps[last - i]) * UINT32_C(16777619);
  }
  return (hash ^ (hash >> TABLE_BITS)) & (TABLE_SIZE - 1);
}

static bool
same_steps(const CnContext* const context, const uint32_t a, const uint32_t b, const unsigned length)
{
  return !memcmp(&context->steps[a + 1 - length], &context->steps[b + 1 - length],
                 length * sizeof(*context->steps));
}

// The first note has no step, so a motif can't reach back to it
static bool
has_motif(const uint32_t last, const unsigned length)
{
  return last >= length;
}

static void
add_chroma(CnContext* const context, const uint32_t i)
{
  if (i % CHROMA_STRIDE == 0) {
    memcpy(context->chroma_kept[i / CHROMA_STRIDE], context->chroma, sizeof(context->chroma));
  }

  const CnNote* const note  = &context->notes[i];
  const float         ticks = i ? (float)((double)note->onset - context->notes[i - 1].onset) : 0.0F;
  for (unsigned d = 0; d < 2; ++d) {
    const float decay = expf(-ticks / chroma_decays[d]);
    for (unsigned c = 0; c < 12; ++c) {
      context->chroma[12 * d + c] *= decay;
    }
    context->chroma[12 * d + note->pitch % 12U] += 1.0F;
  }
}

CnStatus
cn_context_push(CnContext* const context, const CnNote* const note)
{
  const uint32_t i    = context->size;
  const CnNote*  last = i ? &context->notes[i - 1] : note;
  if (i == context->capacity) {
    return CN_STATUS_OVERFLOW;
  }
  if (!cn_note_is_speakable(note) || note->onset < last->onset) {
    return CN_STATUS_BAD_ARG;
  }

  context->notes[i]  = *note;
  context->tokens[i] = cn_note_token(note, last->onset);
  context->steps[i] =
      (uint16_t)((note->pitch - last->pitch + CN_N_PITCHES) * 128 + context->tokens[i].factor[CN_FACTOR_DT]);
  add_chroma(context, i);

  for (unsigned m = 0; m < CN_N_MATCHES; ++m) {
    if (has_motif(i, match_lengths[m])) {
      int32_t* const slot    = &context->table[m][hash_steps(context, i, match_lengths[m])];
      context->earlier[i][m] = *slot;
      *slot                  = (int32_t)i;
    }
  }

  context->size = i + 1;
  return CN_STATUS_SUCCESS;
}

void
cn_context_truncate(CnContext* const context, const uint32_t size)
{
  if (size >= context->size) {
    return;
  }

  for (uint32_t i = context->size; i-- > size;) {
    for (unsigned m = 0; m < CN_N_MATCHES; ++m) {
      if (has_motif(i, match_lengths[m])) {
        context->table[m][hash_steps(context, i, match_lengths[m])] = context->earlier[i][m];
      }
    }
  }

  // Go back to the last chroma that was kept, and come forward again
  const uint32_t kept = size / CHROMA_STRIDE;
  memcpy(context->chroma, context->chroma_kept[kept], sizeof(context->chroma));
  for (uint32_t i = kept * CHROMA_STRIDE; i < size; ++i) {
    add_chroma(context, i);
  }
  context->size = size;
}

static unsigned
metre_rows(const CnBarPlace bar, const uint16_t first, uint16_t* const row)
{
  const unsigned eighth = bar.offset / 12U;
  const unsigned length = bar.length < 12U ? 0U : bar.length / 12U - 1U;

  row[0] = (uint16_t)(first + bar.offset % 24U);
  row[1] = (uint16_t)(first + 24U + (eighth < 15U ? eighth : 15U));
  row[2] = (uint16_t)(first + 40U + (length < 15U ? length : 15U));
  return 3U;
}

void
cn_context_input(const CnContext* const context, CnInput* const input)
{
  assert(context->size > 0);

  const uint32_t       last  = context->size - 1;
  const uint8_t* const token = context->tokens[last].factor;

  input->row[0] = (uint16_t)(CN_IN_PITCH + token[CN_FACTOR_PITCH]);
  input->row[1] = (uint16_t)(CN_IN_CLASS + context->notes[last].pitch % 12U);
  input->row[2] = (uint16_t)(last ? CN_IN_DT + token[CN_FACTOR_DT] : CN_IN_BEGIN);
  input->row[3] = (uint16_t)(CN_IN_DURATION + token[CN_FACTOR_DURATION]);
  input->row[4] = (uint16_t)(CN_IN_VELOCITY + token[CN_FACTOR_VELOCITY]);
  input->n_rows = (uint16_t)(5U + metre_rows(context->notes[last].bar, CN_IN_METRE, &input->row[5]));
}

// The last note of the most recent place like this one, or -1
static int32_t
find_match(const CnContext* const context, const unsigned match)
{
  const uint32_t last   = context->size - 1;
  const unsigned length = match_lengths[match];
  if (!has_motif(last, length)) {
    return -1;
  }

  const int32_t found = context->earlier[last][match];
  return found >= 0 && same_steps(context, (uint32_t)found, last, length) ? found : -1;
}

int
cn_context_match_symbol(const CnContext* const context, const unsigned match, const CnFactor factor)
{
  const int32_t found = find_match(context, match);
  if (found < 0) {
    return -1;
  }
  if (factor != CN_FACTOR_PITCH) {
    return context->tokens[found + 1].factor[factor];
  }

  const CnNote* const notes = context->notes;
  const int           pitch = notes[context->size - 1].pitch + notes[found + 1].pitch - notes[found].pitch;
  return pitch >= CN_PITCH_MIN && pitch <= CN_PITCH_MAX ? pitch - CN_PITCH_MIN : -1;
}

// The longest match: its number and last note, or -1
static int32_t
find_longest_match(const CnContext* const context, unsigned* const match)
{
  int32_t found = -1;
  for (*match = CN_N_MATCHES; found < 0 && *match > 0;) {
    --*match;
    found = find_match(context, *match);
  }
  return found;
}

unsigned
cn_context_match_length(const CnContext* const context)
{
  unsigned match = 0;
  return context->size && find_longest_match(context, &match) >= 0 ? match_lengths[match] : 0;
}

static void
add_row(CnSite* const site, const unsigned row)
{
  if (site->n_rows < CN_SITE_MAX_ROWS) {
    site->row[site->n_rows++] = (uint16_t)row;
  }
}

static void
add_copy(CnSite* const site, const unsigned symbol, const unsigned gate)
{
  if (site->n_copies < CN_SITE_MAX_COPIES) {
    site->copy[site->n_copies++] = (CnCopy){(uint8_t)symbol, (uint8_t)gate};
  }
}

static void
add_metre(CnSite* const site, const CnBarPlace bar, const unsigned first)
{
  site->n_rows = (uint16_t)(site->n_rows + metre_rows(bar, (uint16_t)first, &site->row[site->n_rows]));
}

static void
add_matches(const CnContext* const context, const CnFactor factor, const unsigned first, CnSite* const site)
{
  for (unsigned m = 0; m < CN_N_MATCHES; ++m) {
    const int symbol = cn_context_match_symbol(context, m, factor);
    if (symbol >= 0) {
      add_row(site, first + m * (unsigned)cn_factor_classes(factor) + (unsigned)symbol);
      add_copy(site, (unsigned)symbol, m);
    }
  }
}

// Number of steps that are the same up to here and up to note `found`, of which `length` are known
static uint32_t
count_same_steps(const CnContext* const context, const uint32_t found, uint32_t length, const uint32_t most)
{
  const uint16_t* const steps = context->steps;
  const uint32_t        last  = context->size - 1;
  while (length < most && length < found && steps[found - length] == steps[last - length]) {
    ++length;
  }
  return length;
}

// For how long the longest match has lasted, as one of CN_N_RUNS classes
static unsigned
match_run(const CnContext* const context)
{
  unsigned      match = 0;
  const int32_t found = find_longest_match(context, &match);
  if (found < 0) {
    return 0;
  }
  const uint32_t length = count_same_steps(context, (uint32_t)found, match_lengths[match], MAX_RUN);
  return length >= 40 ? 5 : length >= 20 ? 4 : length >= 10 ? 3 : length >= 5 ? 2 : 1;
}

unsigned
cn_context_repeats(const CnContext* const context, unsigned* const match)
{
  const int32_t found = context->size ? find_longest_match(context, match) : -1;
  if (found < 0) {
    return 0;
  }
  const uint32_t period = context->size - 1 - (uint32_t)found;
  return count_same_steps(context, (uint32_t)found, match_lengths[*match], MAX_LOOP) / period;
}

// One beat, two beats, one bar, two bars [ticks]
static void
get_lags(const CnBarPlace bar, int32_t lags[CN_N_LAGS])
{
  const int32_t length = bar.length < MAX_BAR_LAG ? bar.length : MAX_BAR_LAG;

  lags[0] = CN_TICKS_PER_QUARTER;
  lags[1] = 2 * CN_TICKS_PER_QUARTER;
  lags[2] = length;
  lags[3] = 2 * length;
}

// Number of notes struck at a time, 6 at most
static unsigned
count_struck(const CnContext* const context, const int64_t time)
{
  unsigned n_struck = 0;
  for (uint32_t n = 0; n < MAX_SCAN && n < context->size && n_struck < 6; ++n) {
    const int32_t onset = context->notes[context->size - 1 - n].onset;
    if (onset < time) {
      break;
    }
    n_struck += onset == time;
  }
  return n_struck;
}

// How full the chord is by now, and was at each lag
static void
add_sizes(const CnContext* const context, CnSite* const site)
{
  const CnNote* const last = &context->notes[context->size - 1];
  const unsigned      size = count_struck(context, last->onset);
  int32_t             lags[CN_N_LAGS];
  get_lags(last->bar, lags);
  for (unsigned l = 0; l < CN_N_LAGS; ++l) {
    add_row(site,
            CN_DT_SIZE + l * CN_N_SIZES + 7 * size + count_struck(context, (int64_t)last->onset - lags[l]));
  }
}

// When the next onset came, seen from one beat, two beats, one bar, two bars before the last one
static void
add_dt_lags(const CnContext* const context, CnSite* const site)
{
  const CnNote* const last = &context->notes[context->size - 1];
  int32_t             lags[CN_N_LAGS];
  get_lags(last->bar, lags);

  for (unsigned l = 0; l < CN_N_LAGS; ++l) {
    const int64_t origin = (int64_t)last->onset - lags[l];
    int64_t       dt     = lags[l];
    for (uint32_t n = 1; n < MAX_SCAN && n < context->size; ++n) {
      const int64_t since = context->notes[context->size - 1 - n].onset - origin;
      if (since <= 0) {
        const unsigned symbol = dt < CN_DT_LONG ? (unsigned)dt : CN_DT_LONG;
        add_row(site, CN_DT_LAG + l * CN_N_DTS + symbol);
        add_copy(site, symbol, CN_DT_GATE_LAG + l);
        break;
      }
      dt = since;
    }
  }
}

static void
add_sounding(const CnNote* const note, const int64_t time, const unsigned set, CnSite* const site)
{
  const int32_t duration = note->duration < MAX_DURATION ? note->duration : MAX_DURATION;
  if (note->onset <= time && time < (int64_t)note->onset + duration) {
    const unsigned which = 2U * set + (note->onset < time);
    const unsigned pitch = note->pitch - (unsigned)CN_PITCH_MIN;
    add_row(site, CN_PITCH_SET + which * CN_N_PITCHES + pitch);
    add_copy(site, pitch, CN_PITCH_GATE_SET + which);
  }
}

// Which pitches are struck, or sound on, at the next onset, and were at each lag before it
static void
add_pitch_sets(const CnContext* const context, const CnNext* const next, CnSite* const site)
{
  int32_t lags[CN_N_LAGS];
  get_lags(next->bar, lags);

  const int64_t oldest = (int64_t)next->onset - lags[CN_N_LAGS - 1] - MAX_DURATION;
  for (uint32_t n = 0; n < MAX_SCAN && n < context->size; ++n) {
    const CnNote* const note = &context->notes[context->size - 1 - n];
    if (note->onset < oldest) {
      break;
    }
    add_sounding(note, next->onset, 0, site);
    for (unsigned l = 0; l < CN_N_LAGS; ++l) {
      add_sounding(note, (int64_t)next->onset - lags[l], l + 1, site);
    }
  }
}

// The nearest note in pitch to the next one: among the last few, or among those struck at a time
typedef struct {
  int32_t  note; // -1: none
  unsigned distance;
} Nearest;

static void
take_nearer(const CnContext* const context, const uint32_t note, const CnNext* const next,
            Nearest* const nearest)
{
  const int      interval = context->notes[note].pitch - CN_PITCH_MIN - next->pitch;
  const unsigned distance = (unsigned)abs(interval);
  if (nearest->note < 0 || distance < nearest->distance) {
    *nearest = (Nearest){(int32_t)note, distance};
  }
}

// The voices that the next note may take after; see CN_N_VOICES
static unsigned
find_voices(const CnContext* const context, const CnNext* const next, int32_t voices[CN_N_VOICES])
{
  const uint32_t size = context->size;
  Nearest        near = {-1, 0};
  Nearest        lagged[CN_N_LAGS];
  int32_t        lags[CN_N_LAGS];
  get_lags(next->bar, lags);
  for (unsigned l = 0; l < CN_N_LAGS; ++l) {
    lagged[l] = (Nearest){-1, 0};
  }

  for (uint32_t n = 0; n < MAX_SCAN && n < size; ++n) {
    const uint32_t note  = size - 1 - n;
    const int64_t  since = (int64_t)next->onset - context->notes[note].onset;
    if (n < N_NEAR) {
      take_nearer(context, note, next, &near);
    } else if (since > lags[CN_N_LAGS - 1]) {
      break;
    }
    for (unsigned l = 0; l < CN_N_LAGS; ++l) {
      if (since == lags[l]) {
        take_nearer(context, note, next, &lagged[l]);
      }
    }
  }

  voices[0] = (int32_t)size - 1;
  voices[1] = near.note;
  for (unsigned l = 0; l < CN_N_LAGS; ++l) {
    voices[2 + l] = lagged[l].note;
  }
  return near.distance == 0 ? 0 : near.distance <= 2 ? 1 : near.distance <= 5 ? 2 : 3;
}

static void
add_voices(const CnContext* const context, const CnFactor factor, const CnNext* const next,
           const unsigned first, const unsigned gate, CnSite* const site)
{
  int32_t        voices[CN_N_VOICES];
  const unsigned distance = find_voices(context, next, voices);
  add_row(site, first - CN_N_DISTANCES + distance);
  for (unsigned v = 0; v < CN_N_VOICES; ++v) {
    if (voices[v] >= 0) {
      const unsigned symbol = context->tokens[voices[v]].factor[factor];
      add_row(site, first + v * (unsigned)cn_factor_classes(factor) + symbol);
      add_copy(site, symbol, gate + v);
    }
  }
}

// The velocity that would continue the longest match, if it goes on as much louder as it is by now
static void
add_louder(const CnContext* const context, CnSite* const site)
{
  unsigned      match = 0;
  const int32_t found = find_longest_match(context, &match);
  if (found >= 0) {
    const CnToken* const tokens = context->tokens;
    const int            louder =
        tokens[context->size - 1].factor[CN_FACTOR_VELOCITY] - tokens[found].factor[CN_FACTOR_VELOCITY];
    const int      symbol = tokens[found + 1].factor[CN_FACTOR_VELOCITY] + louder;
    const unsigned inside = symbol < 0                  ? 0U
                            : symbol >= CN_N_VELOCITIES ? CN_N_VELOCITIES - 1U
                                                        : (unsigned)symbol;
    add_row(site, CN_VELOCITY_LOUDER + inside);
    add_copy(site, inside, CN_VELOCITY_GATE_LOUDER);
  }
}

static void
set_chroma(const CnContext* const context, CnSite* const site)
{
  site->has_chroma = true;
  for (unsigned d = 0; d < 2; ++d) {
    const float* const chroma = &context->chroma[12 * d];
    float              sum    = 0.0F;
    for (unsigned c = 0; c < 12; ++c) {
      sum += chroma[c];
    }
    for (unsigned c = 0; c < 12; ++c) {
      site->chroma[12 * d + c] = sum > 0.0F ? chroma[c] / sum : 0.0F;
    }
  }
}

static void
set_dt_site(const CnContext* const context, const CnNext* const next, CnSite* const site)
{
  const CnNote* const last = &context->notes[context->size - 1];
  add_metre(site, last->bar, CN_DT_METRE);
  site->lowest = last->pitch == CN_PITCH_MAX; // Nothing can follow the highest key upwards
  if (next->motif) {
    add_matches(context, CN_FACTOR_DT, CN_DT_MATCH, site);
    add_row(site, CN_DT_RUN + match_run(context));
  }
  add_dt_lags(context, site);
  add_sizes(context, site);
}

static void
set_pitch_site(const CnContext* const context, const CnNext* const next, const unsigned dt,
               CnSite* const site)
{
  add_row(site, CN_PITCH_DT + dt);
  add_metre(site, next->bar, CN_PITCH_METRE);
  if (next->chord != CN_CHORD_NONE) {
    add_row(site, CN_PITCH_CHORD + (unsigned)next->chord);
  }
  if (next->motif) {
    add_matches(context, CN_FACTOR_PITCH, CN_PITCH_MATCH, site);
    add_row(site, CN_PITCH_RUN + match_run(context));
  }
  add_pitch_sets(context, next, site);
  set_chroma(context, site);
  if (dt == 0) {
    site->lowest = (uint16_t)(context->notes[context->size - 1].pitch + 1 - CN_PITCH_MIN);
  }
}

static void
set_duration_site(const CnContext* const context, const CnNext* const next, const unsigned dt,
                  CnSite* const site)
{
  add_row(site, CN_DURATION_DT + dt);
  add_metre(site, next->bar, CN_DURATION_METRE);
  add_row(site, CN_DURATION_PITCH + next->pitch);
  if (next->motif) {
    add_matches(context, CN_FACTOR_DURATION, CN_DURATION_MATCH, site);
    add_row(site, CN_DURATION_RUN + match_run(context));
  }
  add_voices(context, CN_FACTOR_DURATION, next, CN_DURATION_VOICE, CN_DURATION_GATE_VOICE, site);
}

static void
set_velocity_site(const CnContext* const context, const CnNext* const next, const unsigned dt,
                  CnSite* const site)
{
  add_row(site, CN_VELOCITY_DT + dt);
  add_metre(site, next->bar, CN_VELOCITY_METRE);
  add_row(site, CN_VELOCITY_PITCH + next->pitch);
  add_row(site, (unsigned)CN_VELOCITY_DURATION + next->duration);
  if (next->motif) {
    add_matches(context, CN_FACTOR_VELOCITY, CN_VELOCITY_MATCH, site);
    add_louder(context, site);
    add_row(site, CN_VELOCITY_RUN + match_run(context));
  }
  add_voices(context, CN_FACTOR_VELOCITY, next, CN_VELOCITY_VOICE, CN_VELOCITY_GATE_VOICE, site);
}

void
cn_context_site(const CnContext* const context, const CnFactor factor, const CnNext* const next,
                CnSite* const site)
{
  assert(context->size > 0);

  site->n_rows     = 0;
  site->n_copies   = 0;
  site->lowest     = 0;
  site->has_chroma = false;

  const int64_t  since = (int64_t)next->onset - context->notes[context->size - 1].onset;
  const unsigned dt    = since < CN_DT_LONG ? (unsigned)since : CN_DT_LONG;
  switch (factor) {
  case CN_FACTOR_DT:
    set_dt_site(context, next, site);
    break;
  case CN_FACTOR_PITCH:
    set_pitch_site(context, next, dt, site);
    break;
  case CN_FACTOR_DURATION:
    set_duration_site(context, next, dt, site);
    break;
  case CN_FACTOR_VELOCITY:
    set_velocity_site(context, next, dt, site);
    break;
  }
}
