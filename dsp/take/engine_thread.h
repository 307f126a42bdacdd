// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file engine_thread.h
   The thread that runs an engine whenever it is woken.
*/

#ifndef CN_ENGINE_THREAD_H
#define CN_ENGINE_THREAD_H

#include "dsp/base/attributes.h"
#include "dsp/take/engine.h"

typedef struct CnEngineThread CnEngineThread;

/// Start a thread that runs `engine`, which is borrowed; null if it could not be had.  Thread: INIT
CnEngineThread*
cn_engine_thread_new(CnEngine* engine);

/// End the thread; null is allowed.  Thread: INIT
void
cn_engine_thread_free(CnEngineThread* thread);

/// [s] of a processor's time that the thread has taken.  Thread: AUDIO
CN_AUDIO double
cn_engine_thread_worked(const CnEngineThread* thread);

/// Wake the thread: a post to a POSIX semaphore, which never waits.  Thread: AUDIO
CN_AUDIO void
cn_engine_thread_wake(CnEngineThread* thread);

#endif // CN_ENGINE_THREAD_H
