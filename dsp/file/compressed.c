// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/file/compressed.h"

#include <stdlib.h>
#include <string.h>

#include <zstd.h>
#include <zstd_errors.h>

#define LEVEL 19 ///< The highest that any reader has the memory for: beyond are those that zstd calls ultra

bool
cn_is_compressed(const uint8_t* const data, const size_t size)
{
  static const uint8_t magic[] = {0x28, 0xB5, 0x2F, 0xFD};
  return size >= sizeof(magic) && !memcmp(data, magic, sizeof(magic));
}

/// Whether a frame of `size` bytes may get so large
static bool
is_allowed(const unsigned long long plain_size, const size_t size)
{
  return plain_size <= CN_COMPRESSED_MOST_SIZE && plain_size / CN_COMPRESSED_MOST_TIMES <= size;
}

/// Find how large a frame gets, which is all that there is and says so
static CnStatus
measure_frame(const uint8_t* const data, const size_t size, size_t* const plain_size, const CnFault fault)
{
  const size_t             frame = ZSTD_findFrameCompressedSize(data, size);
  const unsigned long long told  = ZSTD_getFrameContentSize(data, size);
  if (ZSTD_getErrorCode(frame) == ZSTD_error_srcSize_wrong) {
    return CN_FAIL(fault, CN_STATUS_TRUNCATED, "compressed data end in their midst, after %zu bytes", size);
  }
  if (ZSTD_isError(frame) || told == ZSTD_CONTENTSIZE_ERROR) {
    return CN_FAIL(fault, CN_STATUS_BAD_SYNTAX, "compressed data are damaged");
  }
  if (frame < size) {
    return CN_FAIL(fault, CN_STATUS_BAD_VALUE, "%zu bytes after the compressed data", size - frame);
  }
  if (told == ZSTD_CONTENTSIZE_UNKNOWN) {
    return CN_FAIL(fault, CN_STATUS_UNSUPPORTED, "compressed data do not say how large they are");
  }
  if (!is_allowed(told, size)) {
    return CN_FAIL(fault, CN_STATUS_TOO_LARGE,
                   "compressed data of %llu bytes in %zu, at most %zu times as many and %zu are allowed",
                   told, size, CN_COMPRESSED_MOST_TIMES, CN_COMPRESSED_MOST_SIZE);
  }
  *plain_size = (size_t)told;
  return CN_STATUS_SUCCESS;
}

/// What libzstd says, in our words
static CnStatus
check_result(const size_t result, const size_t wanted, const CnFault fault)
{
  if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation) {
    return CN_FAIL(fault, CN_STATUS_NO_MEMORY, "no memory to decompress by");
  }
  return result == wanted ? CN_STATUS_SUCCESS
                          : CN_FAIL(fault, CN_STATUS_BAD_VALUE, "compressed data are damaged");
}

CnStatus
cn_decompress(const uint8_t* const data, const size_t size, uint8_t** const plain, size_t* const plain_size,
              const CnFault fault)
{
  size_t wanted = 0;
  *plain        = NULL;
  *plain_size   = 0;
  CN_TRY(measure_frame(data, size, &wanted, fault));
  uint8_t* const made = (uint8_t*)malloc(wanted + !wanted);
  if (!made) {
    return CN_FAIL(fault, CN_STATUS_NO_MEMORY, "no memory for %zu bytes that are compressed", wanted);
  }
  const CnStatus status = check_result(ZSTD_decompress(made, wanted, data, size), wanted, fault);
  if (status) {
    free(made);
    return status;
  }
  *plain      = made;
  *plain_size = wanted;
  return CN_STATUS_SUCCESS;
}

/// Compress into a buffer with room for it, so that only memory can be wanting; 0 if it is
static size_t
write_frame(const uint8_t* const plain, const size_t plain_size, uint8_t* const data, const size_t room)
{
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  size_t           size    = 0;
  if (context && !ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL)) &&
      !ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1))) {
    const size_t result = ZSTD_compress2(context, data, room, plain, plain_size);
    size                = ZSTD_isError(result) ? 0 : result;
  }
  ZSTD_freeCCtx(context);
  return size;
}

CnStatus
cn_compress(const uint8_t* const plain, const size_t plain_size, uint8_t** const data, size_t* const size)
{
  *data = NULL;
  *size = 0;
  if (plain_size > CN_COMPRESSED_MOST_SIZE) {
    return CN_STATUS_TOO_LARGE;
  }
  const size_t   room = ZSTD_compressBound(plain_size);
  uint8_t* const made = (uint8_t*)malloc(room);
  const size_t   used = made ? write_frame(plain, plain_size, made, room) : 0;
  if (!used || !is_allowed(plain_size, used)) {
    free(made);
    return used ? CN_STATUS_TOO_LARGE : CN_STATUS_NO_MEMORY;
  }
  *data = made;
  *size = used;
  return CN_STATUS_SUCCESS;
}
