// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/file/float16.h"

#include <string.h>

#define F32_INFINITY 0x7F800000u
#define F16_INFINITY 0x7C00u

static uint32_t
bits_of(const float value)
{
  uint32_t bits = 0;
  memcpy(&bits, &value, sizeof(bits));
  return bits;
}

static float
float_of(const uint32_t bits)
{
  float value = 0.0f;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

/// value / 2^shift, rounded to the nearest, ties to even
static uint32_t
round_shift(const uint32_t value, const unsigned shift)
{
  const uint32_t half  = 1u << (shift - 1);
  const uint32_t rest  = value & ((half << 1) - 1);
  const uint32_t whole = value >> shift;
  return whole + (rest > half || (rest == half && (whole & 1)));
}

float
cn_f32_from_f16(const uint16_t bits)
{
  const uint32_t sign     = (uint32_t)(bits & 0x8000) << 16;
  const uint32_t exponent = (bits >> 10) & 0x1F;
  const uint32_t mantissa = bits & 0x3FF;

  if (exponent == 0x1F) {
    return float_of(sign | F32_INFINITY | (mantissa << 13));
  }
  if (exponent == 0) { // Zero or subnormal: a count of steps of 2^-24
    const float magnitude = (float)mantissa * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
  return float_of(sign | ((exponent + 112) << 23) | (mantissa << 13)); // 112: the biases' difference
}

uint16_t
cn_f16_from_f32(const float value)
{
  const uint32_t bits      = bits_of(value);
  const uint32_t sign      = (bits >> 16) & 0x8000;
  const uint32_t magnitude = bits & 0x7FFFFFFF;

  if (magnitude > F32_INFINITY) {
    return (uint16_t)(sign | F16_INFINITY | 0x200 | ((magnitude >> 13) & 0x3FF));
  }
  if (magnitude >= 0x477FF000) { // 65520 is halfway from the largest number to the next
    return (uint16_t)(sign | F16_INFINITY);
  }
  if (magnitude < 0x38800000) { // Below 2^-14: count steps of 2^-24
    const uint32_t mantissa = (magnitude & 0x7FFFFF) | 0x800000;
    const uint32_t shift    = 126 - (magnitude >> 23);
    return (uint16_t)(shift > 24 ? sign : sign | round_shift(mantissa, shift));
  }
  // A carry out of the mantissa runs into the exponent, as it should
  return (uint16_t)(sign | round_shift(magnitude - (112u << 23), 13));
}

float
cn_f32_from_bf16(const uint16_t bits)
{
  return float_of((uint32_t)bits << 16);
}

uint16_t
cn_bf16_from_f32(const float value)
{
  const uint32_t bits = bits_of(value);
  if ((bits & 0x7FFFFFFF) > F32_INFINITY) {
    return (uint16_t)((bits >> 16) | 0x40);
  }
  const uint32_t sign = bits & 0x80000000;
  return (uint16_t)((sign >> 16) | round_shift(bits & 0x7FFFFFFF, 16));
}
