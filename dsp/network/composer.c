// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/network/composer.h"

#include "dsp/base/random.h"
#include "dsp/compose/draft.h"
#include "dsp/compose/likeness.h"
#include "dsp/compose/manners.h"
#include "dsp/compose/returns.h"
#include "dsp/compose/sampler.h"
#include "dsp/music/chord.h"
#include "dsp/network/context.h"
#include "dsp/network/network.h"

#include <stdlib.h>
#include <string.h>

// A network that hears itself likes to go round in loops: what would be the fourth time of the same
// thing, or more, is held against it
#define LOOP_REPEATS 2
#define LOOP_PENALTY 1.0F // [nats] for each time too many

// What is to come again of the phrase is told as if all motifs said so, and is likelier by this beyond
#define RETURN_PULL 3.0F // [nats]

#define FOLLOWING_GUIDANCE 3.0F // By so much more than was learnt, what follows counts

#define LEARNING_BARS 3 // Before the bar of a note, whose texture is told when it is learnt

// How what is likely becomes what is played
typedef struct {
  float          warmth[CN_N_FACTORS];   // By which the temperature is higher
  bool           is_whole[CN_N_FACTORS]; // Drawn from all that is possible, and from no nucleus
  CnReturnShares returns;
  bool           minds_neighbours; // See manners.h
  CnLeaning      leaning;
} Sampling;

// Durations and velocities of a nucleus come out too much alike, as pieces that nobody learnt from show
static const Sampling sampling_now = {.warmth   = {[CN_FACTOR_DT]       = 1.0F,
                                                   [CN_FACTOR_PITCH]    = 1.0F,
                                                   [CN_FACTOR_DURATION] = 1.13F,
                                                   [CN_FACTOR_VELOCITY] = 1.2F},
                                      .is_whole = {[CN_FACTOR_DURATION] = true, [CN_FACTOR_VELOCITY] = true},
                                      .returns  = {.phrase = 0.2F, .is_own = true},
                                      .minds_neighbours = true,
                                      .leaning          = CN_LEANING_APT};

// Weights that know nothing of what follows are from before, and play as they did
static const Sampling sampling_before = {.warmth = {1.0F, 1.0F, 1.0F, 1.0F}, .returns = {.phrase = 0.28F}};

// Stream of random numbers; the notes' own is the draft's
enum { RANDOM_MOTIF = 2 };

struct CnComposer {
  const CnModel* model;
  Sampling       sampling;
  CnNetwork*     network;
  CnContext*     context; // The notes that the network has taken in
  uint32_t       n_taken; // Number of them
};

// What is drawn for a segment
typedef struct {
  CnComposer*    composer;
  CnConditioning next;
  CnLikeness     likeness;
  CnReturn       bar;      // What is to come again, in this one
  CnToken        expected; // Of that, what would come next
} Voice;

static bool
learns(const CnModel* const model)
{
  return cn_model_adaptation(model) > 0.0F;
}

// Weights of an older kind play as they did when they were shipped
static Sampling
choose_sampling(const CnModel* const model)
{
  Sampling sampling = cn_model_knows(model, CN_WEIGHT_FOLLOWING) ? sampling_now : sampling_before;
  if (sampling.leaning && !learns(model)) {
    sampling.leaning                 = CN_LEANING_HELD;
    sampling.warmth[CN_FACTOR_PITCH] = 0.97F;
  }
  return sampling;
}

CnComposer*
cn_composer_new(const CnModel* const model)
{
  CnComposer* const composer = calloc(1, sizeof(CnComposer));
  if (!composer) {
    return NULL;
  }

  composer->model    = model;
  composer->sampling = choose_sampling(model);
  composer->network  = cn_network_new(model, CN_COMPOSER_CAPACITY);
  composer->context  = cn_context_new(CN_COMPOSER_CAPACITY);
  if (!composer->network || !composer->context) {
    cn_composer_free(composer);
    return NULL;
  }
  return composer;
}

void
cn_composer_free(CnComposer* const composer)
{
  if (composer) {
    cn_network_free(composer->network);
    cn_context_free(composer->context);
    free(composer);
  }
}

// What there is to tell of a note after the last one taken
static CnConditioning
condition(const CnComposer* const composer, const CnNote* const note, CnToken* const token)
{
  *token = cn_note_token(note, cn_context_notes(composer->context)[composer->n_taken - 1].onset);
  return (CnConditioning){.onset    = note->onset,
                          .bar      = note->bar,
                          .pitch    = token->factor[CN_FACTOR_PITCH],
                          .duration = token->factor[CN_FACTOR_DURATION],
                          .motif    = true,
                          .chord    = CN_CHORD_NONE};
}

// The texture of what came in the note's bar and in those before it
static CnTexture
texture_before(const CnComposer* const composer, const CnNote* const note)
{
  const CnNote* const notes = cn_context_notes(composer->context);
  const int64_t       from  = (int64_t)note->onset - note->bar.offset - LEARNING_BARS * note->bar.length;
  uint32_t            end   = composer->n_taken;
  while (end && notes[end - 1].onset == note->onset) {
    --end;
  }
  uint32_t first = end;
  while (first && end - first < CN_TEXTURE_NOTES_MAX && notes[first - 1].onset >= from) {
    --first;
  }
  return first < end ? cn_texture_measure(&notes[first], end - first, notes[first].onset, note->onset)
                     : (CnTexture){{0}};
}

// Learn a note, told of the texture before it, as it is told of one when it plays: what texture explains is
// not to be learnt again
static void
learn(const CnComposer* const composer, const CnNote* const note)
{
  const CnTexture texture = texture_before(composer, note);
  CnToken         token;
  CnConditioning  next = condition(composer, note, &token);
  next.texture         = &texture;
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    float p[CN_MAX_CLASSES];
    cn_network_learn(composer->network, composer->context, (CnFactor)f, &next, token.factor[f], p);
  }
}

// Absorb one note, and learn it if it is the musician's: what it has composed itself would teach it nothing
static CnStatus
absorb(CnComposer* const composer, const CnNote* const note)
{
  CN_TRY(cn_context_check(composer->context, note));
  if (learns(composer->model) && composer->n_taken && note->part == CN_PART_MUSICIAN) {
    learn(composer, note);
  }
  CN_TRY(cn_context_push(composer->context, note));

  CnNoteInput input;
  cn_context_input(composer->context, &input);
  cn_network_absorb(composer->network, &input);
  ++composer->n_taken;
  return CN_STATUS_SUCCESS;
}

// Go back to before note `n`, and come forward again from where the network knows the way
static CnStatus
go_back(CnComposer* const composer, const uint32_t n)
{
  composer->n_taken = cn_network_go_back(composer->network, n);
  cn_context_truncate(composer->context, composer->n_taken);
  while (composer->n_taken < n) { // What was forgotten still stands there
    CN_TRY(absorb(composer, &cn_context_notes(composer->context)[composer->n_taken]));
  }
  return CN_STATUS_SUCCESS;
}

static bool
is_same(const CnNote* const a, const CnNote* const b)
{
  return !memcmp(a, b, sizeof(CnNote));
}

// Of a history that is too long, the start is forgotten, half of what we can hold at a time
static uint32_t
first_remembered(const uint32_t n)
{
  const uint32_t room = CN_COMPOSER_CAPACITY - CN_SEGMENT_NOTES;
  const uint32_t half = CN_COMPOSER_CAPACITY / 2;
  return n <= room ? 0 : (n - room + half - 1) / half * half;
}

// Make the network's state that after the request's history
static CnStatus
follow(CnComposer* const composer, const CnPlanRequest* const request)
{
  const CnNote* const taken  = cn_context_notes(composer->context);
  const uint32_t      n      = request->n_history + request->n_recent;
  uint32_t            i      = first_remembered(n);
  uint32_t            n_same = 0;
  for (; i < n && n_same < composer->n_taken; ++i) {
    const CnNote* const note = cn_plan_request_note(request, i);
    if (cn_note_is_speakable(note)) {
      if (!is_same(&taken[n_same], note)) {
        break;
      }
      ++n_same;
    }
  }

  CN_TRY(go_back(composer, n_same));
  for (; i < n; ++i) {
    const CnNote* const note = cn_plan_request_note(request, i);
    if (cn_note_is_speakable(note)) {
      CN_TRY(absorb(composer, note));
    }
  }
  return CN_STATUS_SUCCESS;
}

// Make it less likely that a loop goes round once more
static void
discourage_loops(const CnComposer* const composer, const CnFactor factor, float* const logits)
{
  unsigned       match     = 0;
  const unsigned n_repeats = cn_context_repeats(composer->context, &match);
  if (n_repeats >= LOOP_REPEATS) {
    const int symbol = cn_context_match_symbol(composer->context, match, factor);
    if (symbol >= 0) {
      logits[symbol] -= LOOP_PENALTY * (float)(n_repeats + 1 - LOOP_REPEATS);
    }
  }
}

// Add what it changes of the network's mind that it knows more than `free` once more, some times
static void
amplify(const CnComposer* const composer, const CnFactor factor, const CnConditioning* const free,
        const float weight, const float* const told, float* const logits)
{
  CnHeadInput input;
  float       plain[CN_MAX_CLASSES];
  cn_context_head(composer->context, factor, free, &input);
  cn_network_logits(composer->network, factor, &input, plain);
  for (unsigned s = 0; s < cn_factor_classes(factor); ++s) {
    logits[s] += weight * (told[s] - plain[s]);
  }
}

// Let the chord, and what follows, speak louder: what they change is taken more than once, as in
// Ho & Salimans, "Classifier-free diffusion guidance" (2022)
static void
guide(const Voice* const voice, const CnRules* const rules, const CnFactor factor, float* const logits)
{
  const float    weight = (float)rules->chord_guidance / CN_CHORD_GUIDANCE_UNIT;
  CnConditioning free   = voice->next;
  float          told[CN_MAX_CLASSES];
  memcpy(told, logits, cn_factor_classes(factor) * sizeof(float));
  if (factor == CN_FACTOR_PITCH && free.chord != CN_CHORD_NONE && weight != 0.0F) {
    free.chord = CN_CHORD_NONE;
    amplify(voice->composer, factor, &free, weight, told, logits);
  }
  if (voice->next.following) {
    free           = voice->next;
    free.following = NULL;
    amplify(voice->composer, factor, &free, FOLLOWING_GUIDANCE, told, logits);
  }
}

// Draw a class of a factor, given what is decided already
static unsigned
draw(const Voice* const voice, CnDraft* const draft, const CnFactor factor, const bool* const is_possible)
{
  const CnComposer* const composer = voice->composer;
  const Sampling* const   sampling = &composer->sampling;
  const CnParams* const   params   = &draft->request->params;
  CnHeadInput             input;
  float                   logits[CN_MAX_CLASSES];
  cn_context_head(composer->context, factor, &voice->next, &input);
  cn_network_logits(composer->network, factor, &input, logits);
  guide(voice, &params->rules, factor, logits);
  if (factor == CN_FACTOR_DT) {
    cn_aim_steps(&draft->aim, logits);
  } else if (factor == CN_FACTOR_DURATION) {
    cn_aim_durations(&draft->aim, logits);
  } else if (factor == CN_FACTOR_PITCH) {
    cn_aim_keys(&draft->aim, cn_context_notes(composer->context), composer->n_taken, draft->onset, logits);
    cn_manners_drones(cn_context_notes(composer->context), composer->n_taken, logits);
    if (sampling->minds_neighbours && !voice->next.expected) {
      cn_manners_neighbours(cn_context_notes(composer->context), composer->n_taken, draft->onset, logits);
    }
    cn_manners_close(draft->request, draft->onset, logits);
    discourage_loops(composer, factor, logits);
  }
  if (voice->next.expected) {
    logits[voice->next.expected->factor[factor]] += RETURN_PULL;
  }
  return cn_sample(cn_factor_classes(factor), logits, is_possible,
                   params->temperature * sampling->warmth[factor],
                   sampling->is_whole[factor] ? 1.0F : params->top_p, cn_random_uniform(&draft->random));
}

static const CnNote*
last_note(void* const handle)
{
  const CnComposer* const composer = ((const Voice*)handle)->composer;
  return &cn_context_notes(composer->context)[composer->n_taken - 1];
}

// Expect what is to come again next: from `start` on, or at an onset alone
static void
expect(Voice* const voice, const int32_t start, const bool is_onset)
{
  const CnNote* const last = last_note(voice);
  const CnNote* const due  = cn_return_next(&voice->bar, last, start);
  voice->next.expected     = NULL;
  if (due && (!is_onset || (due->onset == start && start < voice->bar.end))) {
    voice->expected      = cn_note_token(due, last->onset);
    voice->next.expected = &voice->expected;
  }
}

// The onset that the network wants, at or after the segment's start; it may lie beyond the end
static int64_t
draw_onset(void* const handle, CnDraft* const draft)
{
  // Given that nothing came before the segment, what did the network expect from here on?
  const CnNote* const last    = last_note(handle);
  const int64_t       since   = (int64_t)draft->start - last->onset;
  const size_t        lowest  = since <= 0           ? last->pitch == CN_PITCH_MAX
                                : since < CN_DT_LONG ? (size_t)since
                                                     : CN_DT_LONG;
  const int64_t       highest = (int64_t)draft->latest - last->onset;
  bool                is_possible[CN_N_DTS];
  for (size_t dt = 0; dt < CN_N_DTS; ++dt) {
    is_possible[dt] = dt == lowest || (dt > lowest && (int64_t)dt <= highest);
  }

  expect((Voice*)handle, draft->start, false);
  ((Voice*)handle)->next.onset = last->onset;
  const unsigned dt            = draw((Voice*)handle, draft, CN_FACTOR_DT, is_possible);
  const int64_t  onset         = (int64_t)last->onset + dt;
  return onset > draft->start ? onset : draft->start;
}

static uint8_t
draw_pitch(void* const handle, CnDraft* const draft, const bool* const is_possible)
{
  Voice* const voice = (Voice*)handle;
  expect(voice, draft->onset, true);
  voice->next.onset = draft->onset;
  voice->next.bar   = draft->bar;
  voice->next.pitch = (uint8_t)draw(voice, draft, CN_FACTOR_PITCH, is_possible);
  return (uint8_t)(voice->next.pitch + CN_PITCH_MIN);
}

static int32_t
draw_duration(void* const handle, CnDraft* const draft)
{
  bool is_possible[CN_N_DURATIONS];
  for (unsigned d = 0; d < CN_N_DURATIONS; ++d) {
    const int32_t ticks = cn_duration_ticks((uint8_t)d);
    is_possible[d]      = ticks >= draft->mask.shortest && ticks <= draft->mask.longest;
  }
  return cn_duration_ticks((uint8_t)draw((const Voice*)handle, draft, CN_FACTOR_DURATION, is_possible));
}

static uint8_t
draw_velocity(void* const handle, CnDraft* const draft)
{
  Voice* const voice   = (Voice*)handle;
  voice->next.duration = cn_duration_class(draft->duration); // However it was decided
  return cn_velocity_of_class((uint8_t)draw(voice, draft, CN_FACTOR_VELOCITY, NULL));
}

static CnStatus
absorb_note(void* const handle, const CnNote* const note)
{
  return absorb(((Voice*)handle)->composer, note);
}

// Whether motifs may be repeated in the bar of the segment's start
static bool
is_motif_bar(const CnPlanRequest* const request, const int32_t start)
{
  const int32_t moved  = request->origin * CN_SEGMENT_TICKS;
  const int32_t bar    = start - cn_bar_place(request->bar, start).offset + moved;
  CnRandom      random = cn_random(request->params.take, RANDOM_MOTIF, (uint32_t)bar, 0, 0);
  return cn_random_uniform(&random) < request->params.motif;
}

// How the musician has played, and what is asked for instead; and what comes again
static void
hear_musician(const CnPlanRequest* const request, Voice* const voice)
{
  CnNote                played[CN_TEXTURE_NOTES_MAX];
  const Sampling* const sampling = &voice->composer->sampling;
  const uint32_t        n        = cn_texture_last_played(request->history, request->n_history, played);
  voice->likeness                = cn_likeness_find(request, sampling->leaning, played, n);
  voice->bar                     = cn_return_find(request, &sampling->returns, played, n);
  voice->next.motif              = voice->next.motif || voice->bar.n_notes;
  voice->next.texture            = &voice->likeness.texture;
  voice->next.figure             = &voice->likeness.figure;
}

CnStatus
cn_composer_plan(CnComposer* const composer, const CnPlanRequest* const request, CnNote* const notes,
                 uint32_t* const n_notes)
{
  CnDraft        draft  = cn_draft_begin(request);
  Voice          voice  = {.composer = composer,
                           .next     = {.motif     = is_motif_bar(request, draft.start),
                                        .chord     = request->params.chord,
                                        .following = request->following}};
  const CnWriter writer = {.handle   = &voice,
                           .last     = last_note,
                           .onset    = draw_onset,
                           .pitch    = draw_pitch,
                           .duration = draw_duration,
                           .velocity = draw_velocity,
                           .absorb   = absorb_note,
                           .keys     = cn_keys_all()};

  *n_notes = 0;
  CN_TRY(follow(composer, request));
  hear_musician(request, &voice);
  *n_notes = composer->n_taken ? cn_draft_write(&draft, &writer, notes) : 0;
  return CN_STATUS_SUCCESS;
}

static CnStatus
plan(void* const handle, const CnPlanRequest* const request, CnNote* const notes, uint32_t* const n_notes)
{
  return cn_composer_plan((CnComposer*)handle, request, notes, n_notes);
}

// [nats] of a note after the last one taken
static double
find_surprise(const CnComposer* const composer, const CnNote* const note)
{
  CnToken              token;
  const CnConditioning next = condition(composer, note, &token);
  double               nats = 0.0;
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    float p[CN_MAX_CLASSES];
    nats += cn_network_surprise(composer->network, composer->context, (CnFactor)f, &next, token.factor[f], p);
  }
  return nats;
}

CnStatus
cn_composer_surprise(CnComposer* const composer, const CnNote* const history, const uint32_t n_history,
                     const CnNote* const notes, const uint32_t n_notes, double* const nats)
{
  const CnPlanRequest past = {.history = history, .n_history = n_history};
  *nats                    = 0.0;
  CN_TRY(follow(composer, &past));
  for (uint32_t i = 0; i < n_notes; ++i) {
    if (cn_note_is_speakable(&notes[i])) {
      CN_TRY(cn_context_check(composer->context, &notes[i]));
      *nats += composer->n_taken ? find_surprise(composer, &notes[i]) : 0.0;
      CN_TRY(absorb(composer, &notes[i]));
    }
  }
  return CN_STATUS_SUCCESS;
}

static CnStatus
surprise(void* const handle, const CnNote* const history, const uint32_t n_history, const CnNote* const notes,
         const uint32_t n_notes, double* const nats)
{
  return cn_composer_surprise((CnComposer*)handle, history, n_history, notes, n_notes, nats);
}

CnPlanner
cn_composer_planner(CnComposer* const composer)
{
  return (CnPlanner){.handle   = composer,
                     .plan     = plan,
                     .id       = cn_model_id(composer->model),
                     .surprise = surprise,
                     .leads    = cn_model_knows(composer->model, CN_WEIGHT_FOLLOWING)};
}
