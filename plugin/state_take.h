// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file state_take.h
   The take as a MIDI file in the session's folder, so that the musician can get it out.
*/

#ifndef CN_STATE_TAKE_H
#define CN_STATE_TAKE_H

#include "dsp/base/status.h"
#include "dsp/take/engine.h"

#define CN_STATE_SCORE "take.mid" ///< Name of the file

/**
   Write what was played, by the musician and by the model, as a Standard MIDI File.

   @return #CN_STATUS_SUCCESS, #CN_STATUS_NOT_FOUND if nothing was played and nothing is written,
   #CN_STATUS_IO, #CN_STATUS_NO_MEMORY, or a status of cn_smf_write().

   Thread: WORKER
*/
CnStatus
cn_state_write_score(CnEngine* engine, const char* path);

#endif // CN_STATE_TAKE_H
