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

#define CN_SMF_TRACK_PHRASE "Seed"       ///< Name of the track with the musician's notes
#define CN_SMF_TRACK_CONTINUO "Continuo" ///< Name of a track whose notes are CN_PART_CONTINUO

/**
   Read a Standard MIDI File of format 0 or 1, bare or in RIFF.

   Notes of all tracks are merged.  Both ends of a note are rounded to the nearest tick (a half goes
   up), and it lasts one tick at least.  With an SMPTE division the file's clock is real time: it is
   turned into ticks through the file's tempo map, at 120 BPM before the first tempo.

   Kind to what is harmless: chunks of unknown type, tracks beyond those announced, a missing end of
   track, and running status that goes on after a meta or system exclusive event.  Memory is bounded by
   a small multiple of `size`.

   @param data (size) bytes.
   @param[out] score To be freed with cn_score_free(); null on failure.
   @param[out] fault What is wrong and where, in words, such as "track 3: event at byte 120: running
   status without status"; the byte counts from the start of the file.  Empty on success.  May be null.
   @return #CN_STATUS_SUCCESS; #CN_STATUS_TRUNCATED if the file ends too early; #CN_STATUS_BAD_SYNTAX if
   it is no MIDI file or a damaged one; #CN_STATUS_BAD_VALUE for a division, tempo or metre of zero and
   the like; #CN_STATUS_UNSUPPORTED for format 2; #CN_STATUS_TOO_LARGE if it lasts beyond
   CN_SCORE_TICKS_MAX; #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_smf_read(const uint8_t* data, size_t size, CnScore** score, CnFault fault);

/**
   Write a Standard MIDI File of format 1, 480 file ticks a quarter.

   A conductor track has tempi and metres; CN_SMF_TRACK_PHRASE and CN_SMF_TRACK_CONTINUO follow, each if
   its part has notes.  At one tick, notes end before others begin.  Reading it back gives the same
   notes, maps and end.

   @param score In canonical form, as cn_smf_read() and cn_score_new() make it.
   @param[out] data (size) bytes, to be freed with free(); null on failure.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, #CN_STATUS_TOO_LARGE if a track exceeds 4 GiB, or
   #CN_STATUS_BAD_ARG if a value of the score is out of range.

   Thread: WORKER
*/
CnStatus
cn_smf_write(const CnScore* score, uint8_t** data, size_t* size);

#endif // CN_SMF_H
