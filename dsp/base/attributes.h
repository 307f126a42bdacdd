// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file attributes.h
   Markers on functions that tools can check.

   Every public function names its thread class in its comment:

   - AUDIO: may be called from run(); never allocates, locks, blocks, prints or waits.
   - ENGINE: called by the one thread that owns the object (or by run(), where its thread would be late).
   - WORKER: may allocate, block and read files.
   - INIT: only while nothing else uses the object.
   - ANY: reentrant, any thread.
*/

#ifndef CN_ATTRIBUTES_H
#define CN_ATTRIBUTES_H

/**
   Marks each AUDIO function, on declaration and definition.

   By an annotation that tools can find, and as hot: so all of them lie together, and a block that finds the
   caches cold, as other plugins ran meanwhile, reads fewer pages.
*/
#if defined(__clang__)
#  define CN_AUDIO __attribute__((annotate("cn_audio"), hot))
#else
#  define CN_AUDIO __attribute__((hot))
#endif

/// Marks a symbol that a shared library exports; all others are hidden
#define CN_EXPORT __attribute__((visibility("default")))

#endif // CN_ATTRIBUTES_H
