// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file score.h
   A piece of music at rest: its notes, its tempo map and its metre map.

   A score is in canonical form: all parts share one keyboard, as in a piano reduction.  Notes stand
   by onset, then pitch; no two have both in common (the longer duration and the louder velocity stay,
   and the musician's part wins); a key struck again ends the note that it still held.  Drums are none of the
   notes, and a note lasts as long as its key is down: what else is heard stands in `sound`.
*/

#ifndef CN_SCORE_H
#define CN_SCORE_H

#include "dsp/base/status.h"
#include "dsp/music/note.h"
#include "dsp/music/sound.h"

#include <stddef.h>
#include <stdint.h>

#define CN_SCORE_TICKS_MAX (INT32_MAX / 4) ///< [ticks] Latest end of anything in a score
#define CN_TEMPO_DEFAULT 500000            ///< [microseconds a quarter] 120 BPM, where none is told
#define CN_TEMPO_MAX 0xFFFFFF              ///< [microseconds a quarter] Slowest that a file can tell

/// A tempo that holds from some tick on
typedef struct {
  int32_t  tick;  ///< [ticks]
  uint32_t tempo; ///< [microseconds a quarter], 1..CN_TEMPO_MAX
} CnTempoChange;

/// A metre that holds from some tick on, which is a bar line
typedef struct {
  int32_t tick;        ///< [ticks]
  uint8_t numerator;   ///< At least 1
  uint8_t denominator; ///< 1, 2, 4 .. 64: the value itself
} CnMeterChange;

/// What was wrong with a file that was read nevertheless
typedef enum {
  CN_FAULT_BEFORE_HEADER, ///< Something stands before the header
  CN_FAULT_FORMAT,        ///< Format 0 with several tracks, or format 2
  CN_FAULT_TRACK_COUNT,   ///< The header counts other tracks than there are
  CN_FAULT_TRACK_LENGTH,  ///< A track is longer or shorter than it says
  CN_FAULT_TRACK_END,     ///< A track has no end, or is cut off
  CN_FAULT_STATUS,        ///< A status that a file cannot have, or none where one is needed
  CN_FAULT_DATA,          ///< A data byte above 127
  CN_FAULT_TEMPO,         ///< An impossible tempo
  CN_FAULT_METER,         ///< An impossible time signature
} CnFileFault;

#define CN_N_FILE_FAULTS 9

/// What was met on the way to a score, for the curious
typedef struct {
  uint16_t format;                   ///< Of the file: 0 or 1
  uint16_t n_tracks;                 ///< In the file
  uint16_t division;                 ///< As in the file: a quarter's file ticks, or SMPTE if bit 15 is set
  uint16_t channels;                 ///< Bit c is set if channel c has notes (drums too)
  size_t   n_merged;                 ///< Notes lost to another with the same onset and pitch
  size_t   n_overlaps;               ///< Notes cut short because their key was struck again
  size_t   n_dangling;               ///< Notes that were never let go; they last to the end of their track
  size_t   n_outside;                ///< Notes beyond CN_PITCH_MIN..CN_PITCH_MAX, in the score nevertheless
  uint32_t faults[CN_N_FILE_FAULTS]; ///< How often the file had each CnFileFault
  double   on_grid;                  ///< Share of onsets that lay within 1/96 quarter of a tick
} CnScoreInfo;

/// Notes and maps; see the canonical form above
typedef struct {
  CnNote*        notes;    ///< By onset, then pitch
  size_t         n_notes;  ///<
  CnTempoChange* tempi;    ///< By tick, one at most for each; the first at tick 0
  size_t         n_tempi;  ///< At least 1
  CnMeterChange* meters;   ///< By tick, one at most for each; the first at tick 0
  size_t         n_meters; ///< At least 1
  int32_t        end;      ///< [ticks] End of the last note or event
  CnSound        sound;    ///< How it sounds beyond its notes
  CnScoreInfo    info;     ///< Where the score came from
} CnScore;

/**
   Make a score of notes and maps, bringing it to canonical form.

   Fills in the places in the bar of its notes.  Where the maps tell nothing for tick 0, 120 BPM and
   4/4 hold; of several changes at one tick the last counts.

   @param notes (n_notes) In any order; onsets from 0, no drums; copied.
   @param tempi (n_tempi) By tick; copied, and may be null if there are none.
   @param meters (n_meters) By tick; copied, and may be null if there are none.
   @param[out] score To be freed with cn_score_free(); null on failure.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, or #CN_STATUS_BAD_ARG if a value is out of range.

   Thread: WORKER
*/
CnStatus
cn_score_new(const CnNote* notes, size_t n_notes, const CnTempoChange* tempi, size_t n_tempi,
             const CnMeterChange* meters, size_t n_meters, CnScore** score);

/// Free a score; null is allowed.  Thread: WORKER
void
cn_score_free(CnScore* score);

/**
   Tell whether all values of a score are in range and its maps in order.

   @return #CN_STATUS_SUCCESS or #CN_STATUS_BAD_ARG.

   Thread: ANY
*/
CnStatus
cn_score_check(const CnScore* score);

/**
   Let notes last as long as they sound, and forget the pedals: until they are lifted, or the key is struck
   again.

   Thread: WORKER
*/
void
cn_score_sustain(CnScore* score);

/// Time of a tick through the tempo map [seconds]; a negative tick is before 0.  Thread: ANY
double
cn_score_seconds(const CnScore* score, int32_t tick);

/**
   The bar that a tick lies in.

   A new metre starts a new bar, even inside of one; the first metre also holds before tick 0.

   @return The last bar line at or before `tick`, and the length of the bars of its metre [ticks]:
   96 * numerator / denominator, rounded.

   Thread: ANY
*/
CnBar
cn_score_bar(const CnScore* score, int32_t tick);

#endif // CN_SCORE_H
