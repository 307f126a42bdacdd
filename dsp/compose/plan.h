// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file plan.h
   The contract between the timeline and whatever composes it.

   The take is planned one segment at a time.  A segment is a pure function of what stands in its
   CnPlanRequest (and of the model): never of time, call count, block size, sample rate or (but for models
   that count in seconds) tempo.

   Segment k covers [k * CN_SEGMENT_TICKS, (k + 1) * CN_SEGMENT_TICKS).  What the musician plays is
   heard by it up to its cut, CN_LEAD_TICKS before its start; that is when it is planned.
*/

#ifndef CN_PLAN_H
#define CN_PLAN_H

#include "dsp/base/attributes.h"
#include "dsp/base/status.h"
#include "dsp/music/chord.h"
#include "dsp/music/following.h"
#include "dsp/music/note.h"
#include "dsp/music/texture.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define CN_SEGMENT_TICKS 12 ///< An eighth note
#define CN_LEAD_TICKS 12    ///< How far ahead of its start a segment is planned
#define CN_SEGMENT_NOTES 24 ///< Most notes that begin in one segment; bounds the engine's work

/// [ticks] Longest note of a planner; bounds how far back a cut has to look
#define CN_OWN_DURATION_MAX (32 * CN_SEGMENT_TICKS)

#define CN_ANSWER_BARS_MAX 16 ///< Longest turn of call and response [bars]

/// How the continuation plays with the musician
typedef enum {
  CN_ROLE_CONTINUE,  ///< Takes over when the musician rests, and is silent when he is back
  CN_ROLE_ANSWER,    ///< Turns of some bars: the musician's, then its own if it heard something
  CN_ROLE_ACCOMPANY, ///< Plays along, as long as the musician plays
  CN_ROLE_SOLO,      ///< Plays whenever time passes
} CnRole;

#define CN_N_ROLES 4

/// Where the continuation takes over from the musician, once he has rested for a beat
typedef enum {
  CN_ENTRY_AT_ONCE, ///< Where the model likes it best, before he has rested for another beat
  CN_ENTRY_BEAT,    ///< On the next beat: a quarter, or an eighth in bars of no whole quarters
  CN_ENTRY_BAR,     ///< On the next bar line
} CnEntry;

#define CN_N_ENTRIES 3

/// When the notes of the continuation come, and how long they are
typedef enum {
  CN_TIMING_MODEL,   ///< As the model has it
  CN_TIMING_AVERAGE, ///< Evenly, by the means of the phrase, see pulse.h; as the model has it without
                     ///< one
} CnTimingMode;

#define CN_SWING_EVEN 50 ///< [percent] of a beat where its second half begins, without swing
#define CN_SWING_MOST 75 ///< And at most

/// Which notes are bound to the tones of the chord that is asked for
typedef enum {
  CN_CHORD_RULE_ALL,    ///< All
  CN_CHORD_RULE_STRONG, ///< Those on strong beats
  CN_CHORD_RULE_NONE,   ///< None: it is a hint
} CnChordRule;

#define CN_N_CHORD_RULES 3

/// How an accompaniment stands to the musician
typedef enum {
  CN_SUPPORT_SUPPORT, ///< Fewer notes, softer, in the register that he leaves free
  CN_SUPPORT_EQUAL,   ///< As it likes
  CN_SUPPORT_LEAD,    ///< Louder, above him
} CnSupport;

#define CN_N_SUPPORTS 3

/// Keys by which the musician says the chord
typedef enum {
  CN_CHORD_KEYS_OFF,     ///< None
  CN_CHORD_KEYS_BELOW,   ///< Those below a key
  CN_CHORD_KEYS_CHANNEL, ///< Those of a channel
} CnChordKeys;

#define CN_N_CHORD_KEYS 3

/// So much chord_guidance takes what a chord changes twice
#define CN_CHORD_GUIDANCE_UNIT 50.0F

#define CN_DENSITY_UNIT 16 ///< Parts of a note a quarter in which density is counted
#define CN_MOTION_UNIT 16  ///< Parts of a semitone in which motion is counted

/// What the musician asks for beyond what he plays; all zeros: nothing.  Bytes, so that it hashes as memory
typedef struct {
  uint8_t   scale;             ///< CnScale that all notes are of
  uint8_t   root;              ///< Of the scale, 0..11
  uint8_t   lowest;            ///< Lowest key; 0: of a piano
  uint8_t   highest;           ///< Highest key; 0: of a piano
  uint8_t   polyphony;         ///< Most keys of its own at once; 0: any number
  uint8_t   loudness;          ///< [percent] of the musician's mean velocity; 0: as composed
  uint8_t   swing;             ///< [percent] of a beat where its second half begins; up to 50: even
  uint8_t   humanise_ms;       ///< [ms] that onsets may be off, at most
  uint8_t   humanise_velocity; ///< That velocities may be off, at most
  uint8_t   drift;             ///< [bars] after which the musician's texture has faded; 0: it is held
  CnTexture texture;           ///< How the music is to be made; what is hidden: as the musician has played
  uint8_t   chord_rule;        ///< CnChordRule
  uint8_t   chord_guidance;    ///< How much more the chord counts than was learnt; 100: three times
  uint8_t   chord_keys;        ///< CnChordKeys
  uint8_t   chord_at;          ///< The key, or the channel from 1
  uint8_t   support;           ///< CnSupport, for CN_ROLE_ACCOMPANY
  uint8_t   density;           ///< [1 / CN_DENSITY_UNIT notes a quarter] 0: as the musician plays
  uint8_t   length;            ///< [ticks] of its notes, in the middle; 0: as the musician plays
  uint8_t   motion;            ///< [1 / CN_MOTION_UNIT semitones] see cn_aim_distance(); 0: as composed
} CnRules;

/**
   Set how much the chord binds, from a hint to a law.

   @param strength [percent] From 0 to 70 the chord is guidance, from what was learnt to three times that;
   above, strong beats have its tones, too; at 100 every note is one.

   Thread: AUDIO
*/
static inline CN_AUDIO void
cn_rules_set_chord_strength(CnRules* const rules, const unsigned strength)
{
  const unsigned guidance = strength < 70 ? strength * 100 / 70 : 100;
  rules->chord_guidance   = (uint8_t)(strength < 100 ? guidance : 0);
  rules->chord_rule       = strength >= 100  ? CN_CHORD_RULE_ALL
                            : strength <= 70 ? CN_CHORD_RULE_NONE
                                             : CN_CHORD_RULE_STRONG;
}

/**
   What a number is in parts of its unit, as rules have it; more than nothing is one part at least.

   @param number From 0 to 255 parts.

   Thread: AUDIO
*/
static inline CN_AUDIO uint8_t
cn_rules_parts(const float number, const unsigned unit)
{
  const float parts = number * (float)unit;
  return parts <= 0.0F ? 0 : parts < 1.0F ? 1 : parts >= 255.0F ? 255 : (uint8_t)lroundf(parts);
}

/// Musical parameters at the place of a segment; part of what it is a function of
typedef struct {
  float    temperature; ///< 1: as learnt; lower: safer
  float    top_p;       ///< Nucleus of the distributions that is kept, 0..1
  float    motif;       ///< Share of bars in which motifs may be repeated, 0..1
  int32_t  chord;       ///< CN_CHORD_NONE, or its number, see chord.h
  uint32_t take;        ///< Number of the performance
  uint8_t  role;        ///< CnRole
  uint8_t  answer_bars; ///< [bars] of a turn, 1..CN_ANSWER_BARS_MAX
  uint8_t  timing;      ///< CnTimingMode
  uint8_t  entry;       ///< CnEntry
  CnRules  rules;       ///< What is asked for
} CnParams;

/// All that a segment is a function of, next to the model
typedef struct {
  int32_t       segment;   ///< Number of the segment
  CnBar         bar;       ///< Metre at its start
  CnParams      params;    ///< Parameters at its place
  const CnNote* history;   ///< Notes with an onset before the cut; by onset, then pitch
  uint32_t      n_history; ///<
  const CnNote* recent;    ///< CN_PART_CONTINUO notes from the cut to the segment's start; same order
  uint32_t      n_recent;  ///<
  float         tempo;     ///< [quarters a minute] at the cut; 0: not known, or not asked for by the planner
  uint64_t      held[2];   ///< Keys that the musician's fingers hold at the cut, as bits: none is struck
  bool          enters;    ///< The continuation has yet to take over: its first note is bound to a place
  int32_t       from;      ///< [ticks] where that may come, if it `enters`
  int32_t       until;     ///< [ticks] where it must have come, if it `enters`; may lie beyond the segment
  bool          closes;    ///< The continuation comes to its end at a bar line that is known
  int32_t       close;     ///< [ticks] of that line, if it `closes`; no note sounds beyond
  int32_t       origin;    ///< [segments] by which they are counted higher where random numbers are drawn, so
                           ///< that what follows a file is the same wherever it stands
  const CnFollowing* following; ///< What it leads into, at a line after its start; null: that is not known
} CnPlanRequest;

/// A note of the history as one sequence: what was heard before the cut, then our own since.  Thread: ANY
static inline const CnNote*
cn_plan_request_note(const CnPlanRequest* const request, const uint32_t i)
{
  return i < request->n_history ? &request->history[i] : &request->recent[i - request->n_history];
}

/**
   Something that composes segments; network/composer.h and notebook/composer.h have those with networks,
   tests have a fake.

   `plan` writes up to CN_SEGMENT_NOTES notes by onset, then pitch, all with an onset in the segment,
   part CN_PART_CONTINUO, channel 0, no longer than CN_OWN_DURATION_MAX, and their place in the bar.  It
   returns CN_STATUS_SUCCESS, or leaves `*n_notes` 0 and says what is wrong.  It does not allocate, lock or
   wait.

   `surprise` says how many nats it takes to tell `notes`, which follow the history, to somebody who knows the
   model and the history, and learns from the musician's notes if the model does: of several ways to go on,
   the one after which that is least leads there best.  Both are by onset, then pitch; notes that no piano has
   are passed over.  Null: the model tells no likelihoods.

   Thread: ENGINE
*/
typedef struct {
  void* handle;
  CnStatus (*plan)(void* handle, const CnPlanRequest* request, CnNote* notes, uint32_t* n_notes);
  uint64_t id;          ///< Identifies the model: differs where the music would
  bool     needs_tempo; ///< It counts in seconds, so that its segments are functions of the tempo, too
  CnStatus (*surprise)(void* handle, const CnNote* history, uint32_t n_history, const CnNote* notes,
                       uint32_t n_notes, double* nats);
  bool leads; ///< It can lead into what follows, so that its segments are functions of that, too
} CnPlanner;

#endif // CN_PLAN_H
