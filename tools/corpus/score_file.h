// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file score_file.h
   Scores read from MIDI files.
*/

#ifndef CN_SCORE_FILE_H
#define CN_SCORE_FILE_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"
#include "dsp/music/score.h"

/**
   Read a score from a MIDI file.

   @param[out] score To be freed with cn_score_free(); null on failure.
   @param[out] fault What is wrong, in words; empty on success.
   @return #CN_STATUS_SUCCESS, or what cn_file_read() or cn_smf_read() say.

   Thread: WORKER
*/
CnStatus
cn_score_load(const char* path, CnScore** score, CnFault fault);

/// Print what was wrong with a file that was read nevertheless: a line a kind, to stderr.  Thread: WORKER
void
cn_score_warn(const char* path, const CnScore* score);

#endif // CN_SCORE_FILE_H
