// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file dot8_internal.h
   What the kernels of dot8.h are to one another: a file for each kind of processor.
*/

#ifndef CN_DOT8_INTERNAL_H
#define CN_DOT8_INTERNAL_H

#include "dsp/kernel/dot8.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(CN_NO_CLONES)
#  define CN_DOT8_HAS_X86 1
#else
#  define CN_DOT8_HAS_X86 0
#endif

#if defined(__aarch64__) && defined(__linux__) && !defined(CN_NO_CLONES)
#  define CN_DOT8_HAS_ARM 1
#else
#  define CN_DOT8_HAS_ARM 0
#endif

/// Multiplies by one vector, or by more at once, as cn_dot8() does
typedef void (*CnDot8Kernel)(const CnMatrix8* matrix, size_t n, const int8_t* x, int32_t* y);

/// The sum of `n` products.  Thread: ANY
int32_t
cn_dot8_sum_plain(size_t n, const int8_t* a, const int8_t* b);

/// The plain twin of all kernels.  Thread: ANY
void
cn_dot8_plain(const CnMatrix8* matrix, size_t n, const int8_t* x, int32_t* y);

#if CN_DOT8_HAS_X86

/// The kernel of AVX2.  Thread: ANY
void
cn_dot8_avx2(const CnMatrix8* matrix, size_t n, const int8_t* x, int32_t* y);

/// The kernel of AVX-512 VNNI.  Thread: ANY
void
cn_dot8_vnni(const CnMatrix8* matrix, size_t n, const int8_t* x, int32_t* y);

/// As cn_dot8_scaled(), for a matrix in tiles, or one vector and no fewer rows than a tile has.  Thread: ANY
void
cn_dot8_scaled_vnni(const CnMatrix8* matrix, size_t n, const int8_t* x, const CnScaled8* to);

#endif

/// A kernel of 64-bit ARM, or null if this processor, or this build, has it not.  Thread: ANY
CnDot8Kernel
cn_dot8_find_arm(CnDot8 kernel);

#endif // CN_DOT8_INTERNAL_H
