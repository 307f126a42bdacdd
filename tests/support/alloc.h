// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file alloc.h
   Allocation failure on demand.

   Test programs are linked with --wrap for malloc(), calloc(), realloc() and free(), so this covers
   our own code and the archives linked into it, but not shared libraries.

       for (long n = 0; test_alloc_fail_at(n), f() != CN_STATUS_SUCCESS; ++n) { ... }
*/

#ifndef CN_TEST_ALLOC_H
#define CN_TEST_ALLOC_H

/// Let the allocation after the next `n` fail, and none after it; none at all if `n` is negative
void
test_alloc_fail_at(long n);

/// Number of blocks that are allocated now
long
test_alloc_live(void);

/// Number of blocks that have been allocated so far, or made larger
long
test_alloc_made(void);

#endif // CN_TEST_ALLOC_H
