// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file compressed.h
   Bytes that are compressed as one frame of Zstandard, on memory buffers.

   Source: RFC 8878, "Zstandard Compression and the 'application/zstd' Media Type", read and written by
   libzstd.

   Nothing in a frame is trusted: it must say how large it gets, and neither be more than
   CN_COMPRESSED_MOST_TIMES as large as it is nor exceed CN_COMPRESSED_MOST_SIZE, and nothing may follow it.
*/

#ifndef CN_COMPRESSED_H
#define CN_COMPRESSED_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CN_COMPRESSED_MOST_TIMES ((size_t)64) ///< What is read gets so many times larger, at most
#define CN_COMPRESSED_MOST_SIZE \
  ((size_t)1 << 28) ///< [bytes] And so large, at most; plugins read no more, either

/// True if bytes begin as a frame does.  Thread: ANY
bool
cn_is_compressed(const uint8_t* data, size_t size);

/**
   Read a frame.

   Allocates nothing before all but the content of the frame is known to be sound.

   @param data (size) bytes, of which cn_is_compressed() is true.
   @param[out] plain What was compressed, for the caller to free(); null unless successful.
   @param[out] plain_size [bytes]
   @param[out] fault What is wrong, in words without a full stop, or nothing new.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_TRUNCATED, #CN_STATUS_BAD_SYNTAX, #CN_STATUS_BAD_VALUE (more bytes
   than one frame, or a damaged one), #CN_STATUS_UNSUPPORTED (no size is told), #CN_STATUS_TOO_LARGE or
   #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_decompress(const uint8_t* data, size_t size, uint8_t** plain, size_t* plain_size, CnFault fault);

/**
   Compress bytes, slowly and well; the same bytes give the same frame with the same version of libzstd.

   @param plain (plain_size) bytes.
   @param[out] data The frame, for the caller to free(); null unless successful.
   @param[out] size [bytes]
   @return #CN_STATUS_SUCCESS, #CN_STATUS_TOO_LARGE (cn_decompress() would refuse the frame) or
   #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_compress(const uint8_t* plain, size_t plain_size, uint8_t** data, size_t* size);

#endif // CN_COMPRESSED_H
