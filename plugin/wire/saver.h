// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file saver.h
   What was played as a MIDI file, where the window wants it: asked for in run(), written by the worker.
*/

#ifndef CN_SAVER_H
#define CN_SAVER_H

#include "plugin/file/letter.h"
#include "plugin/lv2/uris.h"
#include "plugin/lv2/worker.h"
#include "plugin/wire/wire.h"

#include "dsp/base/attributes.h"
#include "dsp/take/engine.h"

#include <lv2/atom/atom.h>
#include <lv2/log/logger.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define CN_SAVER_WHY 256 ///< [bytes] of the words, with the null

/// What came of a file
typedef struct {
  uint32_t id; ///< Of the CnWireSave
  bool     is_written;
  char     why[CN_SAVER_WHY]; ///< It was not; else empty
} CnSaverAnswer;

/// One file at a time, by stages
typedef struct {
  const CnUris*   uris;   ///< Borrowed, as all below
  CnEngine*       engine; ///<
  CnWorker*       worker; ///<
  LV2_Log_Logger* logger; ///<

  atomic_int    stage; ///< Whose the rest is: the worker's if a file is asked for, else the audio thread's
  CnWireSave    wish;  ///< What is asked for
  char          path[CN_PATH_SIZE]; ///< Where
  CnSaverAnswer answer;
  bool          must_schedule; ///< The audio thread's, as the next: the worker is to be told
  bool          is_refused;    ///< A file was asked for while another one was being written
  CnSaverAnswer refusal;       ///< The answer to that
} CnSaver;

/// Begin with nothing to do; all must be zero.  Thread: INIT
void
cn_saver_init(CnSaver* saver, const CnUris* uris, CnEngine* engine, CnWorker* worker, LV2_Log_Logger* logger);

/// Hear an atom of the input; whatever asks for no file is passed over, and what comes while one is being
/// written is refused.  Thread: AUDIO
CN_AUDIO void
cn_saver_hear(CnSaver* saver, const LV2_Atom* atom);

/// Have the worker do what was asked for; what finds no room now is tried again.  Thread: AUDIO
CN_AUDIO void
cn_saver_end(CnSaver* saver);

/// Write the file that was asked for, if one was.  Thread: WORKER
void
cn_saver_work(CnSaver* saver);

/// What came of the file; null: nothing yet, or it was told.  Thread: AUDIO
CN_AUDIO const CnSaverAnswer*
cn_saver_answer(const CnSaver* saver);

/// Take note that the answer was told.  Thread: AUDIO
CN_AUDIO void
cn_saver_forget(CnSaver* saver);

#endif // CN_SAVER_H
