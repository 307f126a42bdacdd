// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file kernel_math.h
   Functions of one float without branches or calls, for loops that the compiler vectorises.  Unlike those of
   libm, they give the same bits wherever they are compiled without contraction of products and sums.
*/

#ifndef CN_KERNEL_MATH_H
#define CN_KERNEL_MATH_H

#include <stdint.h>

/// A float, and its bits
typedef union {
  float    value;
  uint32_t bits;
} CnFloatBits;

/**
   e^x to about one unit in the last place, between e^-87 and e^88; NaN counts as 88.

   Cody and Waite's range reduction, x = n log 2 + r, and the polynomial of Cephes' expf().

   Thread: ANY
*/
static inline __attribute__((always_inline)) float
cn_expf(const float x)
{
  // Of floats below 0, the bits grow as they fall, beyond those of all others; two comparisons of floats in a
  // row would make GCC tell three cases apart
  const CnFloatBits least   = {-87.0F};
  const CnFloatBits top     = {x < 88.0F ? x : 88.0F};
  const CnFloatBits clamped = {.bits = top.bits < least.bits ? top.bits : least.bits};

  // 1.5 * 2^23: adding it rounds to a whole number, whose bits are then the lowest
  const float       shift   = 12582912.0F;
  const CnFloatBits shifted = {clamped.value * 1.44269504088896341F + shift};
  const float       n       = shifted.value - shift;
  const float       r       = (clamped.value - n * 0.693359375F) + n * 2.12194440e-4F;

  float p = 1.9875691500e-4F;
  p       = p * r + 1.3981999507e-3F;
  p       = p * r + 8.3334519073e-3F;
  p       = p * r + 4.1665795894e-2F;
  p       = p * r + 1.6666665459e-1F;
  p       = p * r + 5.0000001201e-1F;
  p       = p * r * r + r + 1.0F;

  // Times 2^n, by its exponent: the result is a normal number
  const CnFloatBits power = {p};
  return (CnFloatBits){.bits = power.bits + (shifted.bits << 23)}.value;
}

/**
   The natural logarithm to about one unit in the last place, of a number that is positive and normal.

   The polynomial of Cephes' logf().

   Thread: ANY
*/
static inline __attribute__((always_inline)) float
cn_logf(const float x)
{
  union {
    float   value;
    int32_t bits;
  } part = {x};

  // x = m * 2^e, with m from about sqrt(1/2) to sqrt(2)
  const int32_t e = (part.bits - 0x3F3504F3) >> 23;
  part.bits -= e * (1 << 23);
  const float m = part.value - 1.0F;
  const float z = m * m;

  float p = 7.0376836292e-2F;
  p       = p * m - 1.1514610310e-1F;
  p       = p * m + 1.1676998740e-1F;
  p       = p * m - 1.2420140846e-1F;
  p       = p * m + 1.4249322787e-1F;
  p       = p * m - 1.6668057665e-1F;
  p       = p * m + 2.0000714765e-1F;
  p       = p * m - 2.4999993993e-1F;
  p       = p * m + 3.3333331174e-1F;
  p       = p * m * z;
  return m + (p - 2.12194440e-4F * (float)e - 0.5F * z) + 0.693359375F * (float)e;
}

/// 1 / (1 + e^-x), to about 1e-7.  Thread: ANY
static inline __attribute__((always_inline)) float
cn_sigmoidf(const float x)
{
  return 1.0F / (1.0F + cn_expf(-x));
}

/// The hyperbolic tangent, to about 1e-7 of 1: near 0, the relative error is larger.  Thread: ANY
static inline __attribute__((always_inline)) float
cn_tanhf(const float x)
{
  return 1.0F - 2.0F / (1.0F + cn_expf(2.0F * x));
}

/**
   Cosine and sine of a part of a turn, to about one unit in the last place.

   The nearest quarter is found in whole numbers; for the rest there are the polynomials of Cephes' cosf() and
   sinf().

   @param part Below `whole`, which is at most 2^24.

   Thread: ANY
*/
static inline __attribute__((always_inline)) void
cn_turn(const uint32_t part, const uint32_t whole, float* const cosine, float* const sine)
{
  const uint32_t quarter = (8U * part + whole) / (2U * whole);
  const int32_t  rest    = (int32_t)(4U * part - quarter * whole); // Of a quarter, at most half of it
  const float    x       = 1.57079632679489662F * ((float)rest / (float)whole);
  const float    z       = x * x;

  const float s = ((-1.9515295891e-4F * z + 8.3321608736e-3F) * z - 1.6666654611e-1F) * z * x + x;
  const float c = ((2.443315711809948e-5F * z - 1.388731625493765e-3F) * z + 4.166664568298827e-2F) * z * z -
                  0.5F * z + 1.0F;
  const float a = quarter % 2U ? s : c;
  const float b = quarter % 2U ? c : s;
  *cosine       = quarter % 4U == 1U || quarter % 4U == 2U ? -a : a;
  *sine         = quarter % 4U >= 2U ? -b : b;
}

#endif // CN_KERNEL_MATH_H
