// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file smf.h
   Standard MIDI Files, read from memory and written to it.

   After "Standard MIDI Files 1.0" (RP-001, MIDI Manufacturers Association, 1996); RIFF wrapping after
   RP-029.
*/

#ifndef CN_SMF_H
#define CN_SMF_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"
#include "dsp/music/score.h"

#include <stddef.h>
#include <stdint.h>

#define CN_SMF_TRACK_PHRASE "Phrase"     ///< Name of the track with the musician's notes
#define CN_SMF_TRACK_CONTINUO "Continuo" ///< Name of the track with Continuo's; anybody's may be called so
#define CN_SMF_TRACK_DRUMS "Drums"       ///< Name of the track with the drums

/// Text event by which a track of Continuo's is known, whatever its name
#define CN_SMF_MARK "Played by urn:continuo:continuo"

#define CN_SMF_DIVISION 960 ///< [file ticks a quarter] of the files that are written

/**
   Read a Standard MIDI File, bare or in RIFF.

   Notes of all tracks are merged.  Both ends of a note are rounded to the nearest tick (a half goes
   up), and it lasts one tick at least.  With an SMPTE division the file's clock is real time: it is
   turned into ticks through the file's tempo map, at 120 BPM before the first tempo.

   A key that is struck again before it is let go holds two notes, which are let go in turn; if it is
   struck more often than let go, each strike ends the note before.

   Drums, programs and the sustain pedal go to the score's sound.  The notes of a track that holds CN_SMF_MARK
   are CN_PART_CONTINUO.

   Reads what can be read, and counts in the score's info what was wrong: see CnFileFault.  A track is as
   long as its events go; one whose next event cannot be found ends there.  Impossible tempi and metres
   are passed over, data bytes above 127 taken for 127.  Memory is bounded by a small multiple of `size`.

   @param data (size) bytes.
   @param[out] score To be freed with cn_score_free(); null on failure.
   @param[out] fault What is wrong and where, in words; empty on success.
   @return #CN_STATUS_SUCCESS, also for a file without notes; #CN_STATUS_TRUNCATED if there is nothing;
   #CN_STATUS_BAD_SYNTAX if it is no MIDI file; #CN_STATUS_BAD_VALUE for an impossible division;
   #CN_STATUS_TOO_LARGE if it lasts beyond CN_SCORE_TICKS_MAX; #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_smf_read(const uint8_t* data, size_t size, CnScore** score, CnFault fault);

/// A fault in a few words, such as "an impossible tempo".  Thread: ANY
const char*
cn_smf_fault_words(CnFileFault fault);

/**
   Write a Standard MIDI File of format 1, CN_SMF_DIVISION file ticks a quarter.

   A conductor track has tempi and metres; CN_SMF_TRACK_PHRASE, CN_SMF_TRACK_CONTINUO and CN_SMF_TRACK_DRUMS
   follow, each if it has notes, with the programs of its channels; Continuo's holds CN_SMF_MARK.  At one
   tick, notes end before others begin.  Reading it back gives the same notes, drums, maps and end.  Pedals
   are not written: see cn_score_sustain().

   @param score In canonical form, as cn_smf_read() and cn_score_new() make it.
   @param[out] data (size) bytes, to be freed with free(); null on failure.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, #CN_STATUS_TOO_LARGE if a track exceeds 4 GiB, or
   #CN_STATUS_BAD_ARG if a value of the score is out of range.

   Thread: WORKER
*/
CnStatus
cn_smf_write(const CnScore* score, uint8_t** data, size_t* size);

#endif // CN_SMF_H
