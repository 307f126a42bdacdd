// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file engine_thread.h
   The thread that runs an engine when it is woken, and, while there is work, looks around for it by itself.

   To wake a thread that sleeps takes an audio thread longer than all else in a block, and most that an engine
   is asked for has time.
*/

#ifndef CN_ENGINE_THREAD_H
#define CN_ENGINE_THREAD_H

#include "dsp/base/attributes.h"
#include "dsp/take/engine.h"

#include <stdbool.h>

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

/// Wake the thread at once: a post to a POSIX semaphore, which never waits.  Thread: AUDIO
CN_AUDIO void
cn_engine_thread_wake(CnEngineThread* thread);

/**
   Have the thread run the engine soon.

   It is woken if it sleeps, and else comes by itself.

   @param patience [s] from one look to the next from now on, above 0.
   @return Whether it was woken.

   Thread: AUDIO
*/
CN_AUDIO bool
cn_engine_thread_expect(CnEngineThread* thread, double patience);

#endif // CN_ENGINE_THREAD_H
