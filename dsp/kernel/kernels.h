// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file kernels.h
   Elementwise kernels, compiled for several instruction sets and chosen when the program starts.

   B: batch, H: hidden width, N: classes.  All matrices have their rows one after another.
*/

#ifndef CN_KERNELS_H
#define CN_KERNELS_H

#include "dsp/base/random.h"

#include <stddef.h>
#include <stdint.h>

/// Compile a kernel for baseline x86-64, AVX2 and AVX-512; plain C elsewhere, and under the thread
/// sanitizer, which is not there yet when the program chooses
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(CN_NO_CLONES) && \
    !defined(__SANITIZE_THREAD__)
#  define CN_KERNEL __attribute__((target_clones("avx512f", "avx2", "default"), optimize("O3")))
#else
#  define CN_KERNEL
#endif

/// The arrays that the next loop names do not overlap
#if defined(__clang__)
#  define CN_APART _Pragma("clang loop vectorize(assume_safety)")
#else
#  define CN_APART _Pragma("GCC ivdep")
#endif

/// y[0..n) += the sum of `n_rows` rows of `table` (rows, n).  Thread: ANY
void
cn_add_rows(size_t n, float* y, const float* table, const uint16_t* row, size_t n_rows);

/// The same with rows of 8-bit numbers, (rows) `scales` of them.  Thread: ANY
void
cn_add_rows8(size_t n, float* y, const int8_t* table, const float* scales, const uint16_t* row,
             size_t n_rows);

/// y[i] = sums[i] * (scale * scales[i]) + base[i]; `base` may be `y`, or null: none.  Thread: ANY
void
cn_scale_sums(size_t n, const int32_t* sums, float scale, const float* scales, const float* base, float* y);

/// Each of `n_rows` rows of `table` (rows, n) += x[0..n); a row may be named twice.  Thread: ANY
void
cn_add_to_rows(size_t n, float* table, const uint16_t* row, size_t n_rows, const float* x);

/// y[0..n) += a * x[0..n).  Thread: ANY
void
cn_axpy(size_t n, float a, const float* x, float* y);

/**
   One step of an LSTM for a batch.

   @param[in,out] gates (B, 4H) sums of all inputs; activations afterwards, as i, f, g, o.
   @param c_before (B, H) cell state before the step.
   @param[out] c (B, H) cell state after it; may be `c_before`.
   @param[out] h (B, H) output.

   Thread: ANY
*/
void
cn_lstm_cell(size_t n_batch, size_t hidden, float* gates, const float* c_before, float* c, float* h);

/**
   One step of a GRU for a batch.

   @param[in,out] gates (B, 3H) sums of the inputs; activations afterwards, as r, z, n.
   @param[in,out] recurrent (B, 3H) products with the output before; the candidate's part has its bias
   added afterwards.
   @param candidate_bias (H) floats.
   @param h_before (B, H) output before the step.
   @param[out] h (B, H) output; may be `h_before`.

   Thread: ANY
*/
void
cn_gru_cell(size_t n_batch, size_t hidden, float* gates, float* recurrent, const float* candidate_bias,
            const float* h_before, float* h);

/// x[i] = max(x[i], 0).  Thread: ANY
void
cn_relu(size_t n, float* x);

/// The sum of the squares of x[0..n).  Thread: ANY
double
cn_add_squares(size_t n, const float* x);

/**
   Turn logits into probabilities in place.

   @param lowest Classes below it become 0; less than `n`.
   @return The logarithm of the sum of exponentials: -log p = result - logit.

   Thread: ANY
*/
float
cn_softmax(size_t n, size_t lowest, float* logits);

#define CN_NOISE_BLOCKS 16 ///< Of 16 bytes, as cn_philox() makes them

/**
   Make many random bytes: those of the stream's next draws, one block after the other.

   @param random Where the stream stands; the caller goes on by the blocks that it uses.
   @param[out] noise (CN_NOISE_BLOCKS, 16) bytes.

   Thread: ANY
*/
void
cn_make_noise(const CnRandom* random, uint8_t* noise);

#endif // CN_KERNELS_H
