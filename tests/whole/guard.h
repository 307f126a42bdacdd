// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file guard.h
   Catches the audio thread at what it must not do.

   The program that links guard.c has functions of its own in the place of the C library's that
   allocate, lock, wait, print, or go to the kernel; so have the shared libraries that it loads.  They
   do what the library's do, and count, if the calling thread is under guard.

   sem_post() is not among them: it wakes the engine, never waits, and is safe in a signal handler.
*/

#ifndef CN_GUARD_H
#define CN_GUARD_H

#include <stdbool.h>

#define CN_GUARD_KEPT 4096 ///< Most calls of which the callers are kept

/// False if sanitizers have already taken the places of these functions: then nothing is ever caught
bool
cn_guard_works(void);

/// Put the calling thread under guard, or release it
void
cn_guard(bool on);

/// Number of forbidden calls so far, of all threads
unsigned
cn_guard_count(void);

/// Name of the last function that was called though forbidden, "" if there was none
const char*
cn_guard_name(void);

/// Number of forbidden calls from within a library, as "continuo.so", among the last CN_GUARD_KEPT
unsigned
cn_guard_count_in(const char* library);

/// Forget what was caught
void
cn_guard_reset(void);

#endif // CN_GUARD_H
