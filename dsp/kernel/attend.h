// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file attend.h
   What a layer of attention is made of, a note at a time: one query against many keys, the sum of as many
   values, the norm, turning by places, and what the hidden layer does.

   K: width of a head, n: notes.  The order of all sums is fixed by the shapes alone.
*/

#ifndef CN_ATTEND_H
#define CN_ATTEND_H

#include <stddef.h>
#include <stdint.h>

/**
   scores[i] += scale * (query . key i).

   @param n Keys.
   @param width K of the query and of each key.
   @param stride From one key to the next [floats].
   @param query (K) floats.
   @param keys (n, K) floats, with the stride.
   @param[in,out] scores (n) floats.

   Thread: ANY
*/
void
cn_attend_score(size_t n, size_t width, size_t stride, float scale, const float* query, const float* keys,
                float* scores);

/**
   sum += the values, each times its share, one after the other.

   @param n Values.
   @param width K of each value and of the sum.
   @param stride From one value to the next [floats].
   @param shares (n) floats.
   @param values (n, K) floats, with the stride.
   @param[in,out] sum (K) floats.

   Thread: ANY
*/
void
cn_attend_mix(size_t n, size_t width, size_t stride, const float* shares, const float* values, float* sum);

/**
   The same of 8-bit numbers, whose products are exact: scores[i] += scale * scales[i] * (query . key i).

   @param n Keys.
   @param width K of the query and of each key, one key after another.
   @param scale What the query's numbers are to be multiplied by, and more.
   @param query (K) numbers.
   @param keys (n, K) numbers.
   @param scales (n) what each key's numbers are to be multiplied by.
   @param sums (n) sums of each key's numbers.
   @param[in,out] scores (n) floats.

   Thread: ANY
*/
void
cn_attend_score8(size_t n, size_t width, float scale, const int8_t* query, const int8_t* keys,
                 const float* scales, const int32_t* sums, float* scores);

/**
   sum += the values, each times its share and its scale, one after the other.

   @param n Values.
   @param width K of each value, one after another, and of the sum.
   @param shares (n) floats.
   @param values (n, K) numbers.
   @param scales (n) what each value's numbers are to be multiplied by.
   @param[in,out] sum (K) floats.

   Thread: ANY
*/
void
cn_attend_mix8(size_t n, size_t width, const float* shares, const int8_t* values, const float* scales,
               float* sum);

/**
   y = gain * x / root mean square of x.

   @param n Width.
   @param x (n) floats.
   @param gain (n) floats.
   @param[out] y (n) floats; not `x`.
   @return One over the root mean square.

   Thread: ANY
*/
float
cn_rms_norm(size_t n, const float* x, const float* gain, float* y);

/// x[i] = max(x[i], 0) squared, of So et al. (2021), "Primer".  Thread: ANY
void
cn_relu_squared(size_t n, float* x);

/**
   Turn pairs of numbers: each of the first half of a vector with the one that stands there in the second.

   @param n Vectors, which are turned alike.
   @param width K of each; of an odd one the last number stays as it is.
   @param direction 1, or -1 to turn back.
   @param rotation (K) floats: cosines of all pairs, then their sines.
   @param[in,out] x (n, K) floats.

   Thread: ANY
*/
void
cn_attend_rotate(size_t n, size_t width, float direction, const float* rotation, float* x);

/// The twin of cn_attend_score().  Thread: ANY
void
cn_attend_score_plain(size_t n, size_t width, size_t stride, float scale, const float* query,
                      const float* keys, float* scores);

/// The twin of cn_attend_mix().  Thread: ANY
void
cn_attend_mix_plain(size_t n, size_t width, size_t stride, const float* shares, const float* values,
                    float* sum);

/// The twin of cn_attend_score8().  Thread: ANY
void
cn_attend_score8_plain(size_t n, size_t width, float scale, const int8_t* query, const int8_t* keys,
                       const float* scales, const int32_t* sums, float* scores);

/// The twin of cn_attend_mix8().  Thread: ANY
void
cn_attend_mix8_plain(size_t n, size_t width, const float* shares, const int8_t* values, const float* scales,
                     float* sum);

#endif // CN_ATTEND_H
