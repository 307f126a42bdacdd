// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file context.h
   What the network is told of the notes so far, next to its own memory.

   A context holds a history of notes and turns it into sparse inputs, the same ones in training and
   in playing: rows of embedding tables to be summed, and symbols that may simply be copied, each by a
   gate that the network controls.  Nothing here looks at what is to be predicted.

   - Motif match: the most recent place where the last 2, 5 or 10 (interval, dt) tokens occurred, and
     what followed it, transposed to here.
   - Lookback: what sounded, or was struck, one beat, two beats, one bar, two bars before.
   - Voices: duration and velocity of the note before, of the nearest in pitch among the last few, and
     of the nearest one struck at a lag.
   - Texture: how the music is to be made, and where in the bar its hands usually strike.
   - What follows: how far off it is, its first harmony, bass and top, and its texture.
   - Chroma: share of the twelve pitch classes, forgotten over 4 and over 64 beats.
*/

#ifndef CN_CONTEXT_H
#define CN_CONTEXT_H

#include "dsp/base/status.h"
#include "dsp/compose/plan.h"
#include "dsp/music/following.h"
#include "dsp/music/texture.h"
#include "dsp/music/vocabulary.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_N_MATCHES 3     ///< Lengths of motif that are looked for
#define CN_N_RUNS 6        ///< How long a match has lasted: none, 2, 5, 10, 20, 40 notes or more
#define CN_N_LAGS 4        ///< One beat, two beats, one bar, two bars
#define CN_N_SIZES 49      ///< Notes struck so far at this onset and at a lag, 0 to 6 each
#define CN_N_DISTANCES 4   ///< Semitones to the nearest voice: 0, up to 2, up to 5, more
#define CN_N_VOICES 6      ///< The note before, the nearest one, the nearest one at each lag
#define CN_N_PITCH_SETS 10 ///< Struck and sounding pitches, now and at each lag
#define CN_N_CHROMA 24     ///< Twelve pitch classes at two decays
#define CN_N_NEARNESSES 5  ///< Of what follows: within an eighth, a beat, a bar, two bars, further off
#define CN_N_METRE_ROWS 56 ///< Tick in the quarter (24), eighth in the bar (16), bar length (16)

/// Rows of the input table, by block
enum {
  CN_IN_PITCH    = 0,
  CN_IN_CLASS    = CN_IN_PITCH + CN_N_PITCHES,
  CN_IN_DT       = CN_IN_CLASS + 12,
  CN_IN_BEGIN    = CN_IN_DT + CN_N_DTS,
  CN_IN_DURATION = CN_IN_BEGIN + 1,
  CN_IN_VELOCITY = CN_IN_DURATION + CN_N_DURATIONS,
  CN_IN_METRE    = CN_IN_VELOCITY + CN_N_VELOCITIES,
  CN_N_IN_ROWS   = CN_IN_METRE + CN_N_METRE_ROWS,
};

/// Rows of the table of the dt head
enum {
  CN_DT_METRE  = 0,
  CN_DT_MATCH  = CN_DT_METRE + CN_N_METRE_ROWS,
  CN_DT_LAG    = CN_DT_MATCH + CN_N_MATCHES * CN_N_DTS,
  CN_DT_RUN    = CN_DT_LAG + CN_N_LAGS * CN_N_DTS,
  CN_DT_SIZE   = CN_DT_RUN + CN_N_RUNS,
  CN_N_DT_ROWS = CN_DT_SIZE + CN_N_LAGS * CN_N_SIZES,
};

/// Rows of the table of the pitch head; the last ones are weighted by CnHeadInput.chroma
enum {
  CN_PITCH_DT     = 0,
  CN_PITCH_METRE  = CN_PITCH_DT + CN_N_DTS,
  CN_PITCH_CHORD  = CN_PITCH_METRE + CN_N_METRE_ROWS,
  CN_PITCH_MATCH  = CN_PITCH_CHORD + CN_N_CHORDS,
  CN_PITCH_RUN    = CN_PITCH_MATCH + CN_N_MATCHES * CN_N_PITCHES,
  CN_PITCH_SET    = CN_PITCH_RUN + CN_N_RUNS,
  CN_PITCH_CHROMA = CN_PITCH_SET + CN_N_PITCH_SETS * CN_N_PITCHES,
  CN_N_PITCH_ROWS = CN_PITCH_CHROMA + CN_N_CHROMA,
};

/**
   Rows of the table of chords, of which there may be none in older weights.

   The pitch head has a row for each of the CN_N_CHORDS.  Any other chord is the nearest of these, with tones
   more, tones less, and perhaps another bass than the root: Cm7/Bb is C minor with Bb, over Bb.  So what a
   tone more means is learnt from all chords that have one, and a chord that is rare, or was never met, is
   understood.
*/
enum {
  CN_CHORD_MORE   = 0,
  CN_CHORD_LESS   = CN_CHORD_MORE + 12,
  CN_CHORD_BASS   = CN_CHORD_LESS + 12,
  CN_N_CHORD_ROWS = CN_CHORD_BASS + 12,
};

/// Rows of the table of the duration head
enum {
  CN_DURATION_DT       = 0,
  CN_DURATION_METRE    = CN_DURATION_DT + CN_N_DTS,
  CN_DURATION_PITCH    = CN_DURATION_METRE + CN_N_METRE_ROWS,
  CN_DURATION_MATCH    = CN_DURATION_PITCH + CN_N_PITCHES,
  CN_DURATION_RUN      = CN_DURATION_MATCH + CN_N_MATCHES * CN_N_DURATIONS,
  CN_DURATION_DISTANCE = CN_DURATION_RUN + CN_N_RUNS,
  CN_DURATION_VOICE    = CN_DURATION_DISTANCE + CN_N_DISTANCES,
  CN_N_DURATION_ROWS   = CN_DURATION_VOICE + CN_N_VOICES * CN_N_DURATIONS,
};

/// Rows of the table of the velocity head
enum {
  CN_VELOCITY_DT       = 0,
  CN_VELOCITY_METRE    = CN_VELOCITY_DT + CN_N_DTS,
  CN_VELOCITY_PITCH    = CN_VELOCITY_METRE + CN_N_METRE_ROWS,
  CN_VELOCITY_DURATION = CN_VELOCITY_PITCH + CN_N_PITCHES,
  CN_VELOCITY_MATCH    = CN_VELOCITY_DURATION + CN_N_DURATIONS,
  CN_VELOCITY_LOUDER   = CN_VELOCITY_MATCH + CN_N_MATCHES * CN_N_VELOCITIES, // The match, as loud as here
  CN_VELOCITY_RUN      = CN_VELOCITY_LOUDER + CN_N_VELOCITIES,
  CN_VELOCITY_DISTANCE = CN_VELOCITY_RUN + CN_N_RUNS,
  CN_VELOCITY_VOICE    = CN_VELOCITY_DISTANCE + CN_N_DISTANCES,
  CN_N_VELOCITY_ROWS   = CN_VELOCITY_VOICE + CN_N_VOICES * CN_N_VELOCITIES,
};

/// Rows of the table of textures; there are as many for each head, in order of CnFactor
enum {
  CN_TEXTURE_LEVEL  = 0,
  CN_TEXTURE_SHARE  = CN_TEXTURE_LEVEL + CN_N_TEXTURE_FIELDS * CN_N_TEXTURE_LEVELS,
  CN_TEXTURE_NEXT   = CN_TEXTURE_SHARE + CN_N_FIGURE_VOICES * CN_N_FIGURE_SHARES,
  CN_N_TEXTURE_ROWS = CN_TEXTURE_NEXT + CN_N_FIGURE_VOICES * (CN_FIGURE_FAR + 1),
};

/**
   Rows of the table of what follows, all of whose inputs are hidden unless it is known.

   First those that there are for each head, in order of CnFactor; then those of the pitch head alone, which
   differ with how near the line is.
*/
enum {
  CN_FOLLOWING_REACH    = 0, // The class that comes to the line: ticks, or a duration
  CN_FOLLOWING_NEARNESS = CN_FOLLOWING_REACH + CN_N_DTS,
  CN_FOLLOWING_LEVEL    = CN_FOLLOWING_NEARNESS + CN_N_NEARNESSES,
  CN_FOLLOWING_SHARE    = CN_FOLLOWING_LEVEL + CN_N_TEXTURE_FIELDS * CN_N_TEXTURE_LEVELS,
  CN_FOLLOWING_NEXT     = CN_FOLLOWING_SHARE + CN_N_FIGURE_VOICES * CN_N_FIGURE_SHARES,
  CN_FOLLOWING_HEAD     = CN_FOLLOWING_NEXT + CN_N_FIGURE_VOICES * (CN_FIGURE_FAR + 1),
  CN_FOLLOWING_HARMONY  = CN_N_FACTORS * CN_FOLLOWING_HEAD,
  CN_FOLLOWING_SCALE    = CN_FOLLOWING_HARMONY + CN_N_NEARNESSES * 12,
  CN_FOLLOWING_BASS     = CN_FOLLOWING_SCALE + CN_N_NEARNESSES * 12,
  CN_FOLLOWING_TOP      = CN_FOLLOWING_BASS + CN_N_NEARNESSES * CN_N_PITCHES,
  CN_FOLLOWING_STROKE   = CN_FOLLOWING_TOP + CN_N_NEARNESSES * CN_N_PITCHES, // At this place of the bar
  CN_N_FOLLOWING_ROWS   = CN_FOLLOWING_STROKE + CN_N_NEARNESSES * CN_N_PITCHES,
};

/// Gates of the heads: one for each kind of symbol that may be copied; a match's gate is its number
enum {
  CN_DT_GATE_LAG          = CN_N_MATCHES,
  CN_N_DT_GATES           = CN_DT_GATE_LAG + CN_N_LAGS,
  CN_PITCH_GATE_SET       = CN_N_MATCHES,
  CN_PITCH_GATE_CHROMA    = CN_PITCH_GATE_SET + CN_N_PITCH_SETS, ///< Two: short and long decay
  CN_N_PITCH_GATES        = CN_PITCH_GATE_CHROMA + 2,
  CN_DURATION_GATE_VOICE  = CN_N_MATCHES,
  CN_N_DURATION_GATES     = CN_DURATION_GATE_VOICE + CN_N_VOICES,
  CN_VELOCITY_GATE_LOUDER = CN_N_MATCHES,
  CN_VELOCITY_GATE_VOICE  = CN_VELOCITY_GATE_LOUDER + 1,
  CN_N_VELOCITY_GATES     = CN_VELOCITY_GATE_VOICE + CN_N_VOICES,
};

/// Most outputs of a head: classes and gates
#define CN_MAX_OUTPUTS (CN_MAX_CLASSES + CN_N_PITCH_GATES)

#define CN_INPUT_MAX_ROWS 8
#define CN_HEAD_MAX_ROWS 56   ///< Of more, in dense music, those of the oldest notes are left out
#define CN_HEAD_MAX_COPIES 48 ///< Likewise
#define CN_TEXTURE_MAX_ROWS (CN_N_TEXTURE_FIELDS + 2 * CN_N_FIGURE_VOICES)
#define CN_CHORD_MAX_ROWS 7 ///< No chord has more
#define CN_FOLLOWING_MAX_ROWS                                      \
  (2 + CN_N_TEXTURE_FIELDS + 2 * CN_N_FIGURE_VOICES + 2 * 12 + 2 + \
   16) ///< Strokes in more than 16 keys are left out

/// Inputs of the trunk for one note
typedef struct {
  uint16_t row[CN_INPUT_MAX_ROWS]; ///< Rows of the input table, to be summed
  uint16_t n_rows;
  uint16_t bar;   ///< [ticks] Length of the note's bar, not 0
  int32_t  onset; ///< [ticks] By which attention knows how far apart notes are
} CnNoteInput;

/// A symbol whose logit is raised by a gate of the head
typedef struct {
  uint8_t symbol;
  uint8_t gate;
} CnCopy;

/// Inputs of one head for one prediction, next to the trunk's vector
typedef struct {
  uint16_t row[CN_HEAD_MAX_ROWS]; ///< Rows of the head's table, to be summed
  CnCopy   copy[CN_HEAD_MAX_COPIES];
  uint16_t n_rows;
  uint16_t n_copies;
  uint16_t lowest;                       ///< Classes below are impossible (pitch: within a chord, upwards)
  uint16_t has_chroma;                   ///< True in the pitch head only
  uint16_t texture[CN_TEXTURE_MAX_ROWS]; ///< Rows of the table of textures, to be summed too
  uint32_t n_textures;
  uint16_t chord[CN_CHORD_MAX_ROWS]; ///< Rows of the table of chords, likewise; of the pitch head only
  uint16_t n_chords;
  uint16_t following[CN_FOLLOWING_MAX_ROWS]; ///< Rows of the table of what follows, likewise; of each head
  uint32_t n_followings;
  float    chroma[CN_N_CHROMA]; ///< Each decay's twelve sum to 1, or are 0
} CnHeadInput;

/// What is decided of the next note so far, and what the predictions are conditioned on
typedef struct {
  int32_t            onset;     ///< [ticks]; used from the pitch on
  CnBarPlace         bar;       ///< Place of the onset; used from the pitch on
  uint8_t            pitch;     ///< Pitch class of vocabulary 1; used from the duration on
  uint8_t            duration;  ///< Duration class; used by the velocity
  bool               motif;     ///< False: motif matches are hidden
  int32_t            chord;     ///< CN_CHORD_NONE or the chord that is asked for
  const CnTexture*   texture;   ///< How the music is to be made; null: as the network likes
  const CnFigure*    figure;    ///< Where in the bar its hands usually strike; likewise
  const CnFollowing* following; ///< What follows, told up to its line; null: that is not known
  const CnToken*     expected;  ///< What all matches say, if it is not theirs to tell; null: it is
} CnConditioning;

typedef struct CnContext CnContext;

/**
   Make an empty context.

   @param capacity Most notes that it can hold; all memory is allocated here.

   Thread: INIT
*/
CnContext*
cn_context_new(uint32_t capacity);

/// Free a context; null is allowed.  Thread: INIT
void
cn_context_free(CnContext* context);

/// Number of notes in the context.  Thread: ENGINE
uint32_t
cn_context_size(const CnContext* context);

/// The notes so far, cn_context_size() of them; valid until the next change.  Thread: ENGINE
const CnNote*
cn_context_notes(const CnContext* context);

/// Find out what cn_context_push() would return; nothing is done.  @return That.  Thread: ENGINE
CnStatus
cn_context_check(const CnContext* context, const CnNote* note);

/**
   Append a note.

   @param note A speakable note, in order: not before the last one.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_BAD_ARG, or #CN_STATUS_OVERFLOW if the context is full.

   Thread: ENGINE
*/
CnStatus
cn_context_push(CnContext* context, const CnNote* note);

/// Forget all but the first `size` notes, as if the others had never been pushed; they can still be read
/// where cn_context_notes() has them, and so be pushed again in order.  Thread: ENGINE
void
cn_context_truncate(CnContext* context, uint32_t size);

/// Inputs of the trunk for the last note; the context is not empty.  Thread: ENGINE
void
cn_context_input(const CnContext* context, CnNoteInput* input);

/// Inputs of a head for the note after the last one; the context is not empty.  Thread: ENGINE
void
cn_context_head(const CnContext* context, CnFactor factor, const CnConditioning* next, CnHeadInput* site);

/// Number of motif tokens that the next note would continue: 0, or the longest match.  Thread: ENGINE
unsigned
cn_context_match_length(const CnContext* context);

/**
   How often the last notes have been a repetition of those just before them.

   @param[out] match The match that would repeat them once more; unset if the result is 0.
   @return 0: not at all; 1: they are the second of two alike; 2: the third of three; and so on.

   Thread: ENGINE
*/
unsigned
cn_context_repeats(const CnContext* context, unsigned* match);

/// The class of `factor` that would continue match number `match` exactly, or -1.  Thread: ENGINE
int
cn_context_match_symbol(const CnContext* context, unsigned match, CnFactor factor);

/// Add what the copies of a site give to its symbols; y has the head's outputs.  Thread: ANY
void
cn_site_add_copies(const CnHeadInput* site, CnFactor factor, float* y);

/// The other way round: add what the symbols get to the gates of the copies that gave it.  Thread: ANY
void
cn_site_gather_copies(const CnHeadInput* site, CnFactor factor, float* dy);

#endif // CN_CONTEXT_H
