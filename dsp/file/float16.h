// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file float16.h
   Sixteen-bit floating point in portable C: IEEE 754-2008 binary16 and bfloat16.

   Widening is exact.  Narrowing rounds to the nearest, ties to even; what is too large becomes an
   infinity; a NaN stays a (quiet) NaN of the same sign.
*/

#ifndef CN_FLOAT16_H
#define CN_FLOAT16_H

#include <stdint.h>

/// The float that the binary16 number `bits` stands for.  Thread: ANY
float
cn_f32_from_f16(uint16_t bits);

/// The binary16 number nearest to `value`.  Thread: ANY
uint16_t
cn_f16_from_f32(float value);

/// The float that the bfloat16 number `bits` stands for.  Thread: ANY
float
cn_f32_from_bf16(uint16_t bits);

/// The bfloat16 number nearest to `value`.  Thread: ANY
uint16_t
cn_bf16_from_f32(float value);

#endif // CN_FLOAT16_H
