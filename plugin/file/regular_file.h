// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file regular_file.h
   A file on a disk, read as a whole.

   Nothing here waits, as a pipe would for its writer: a host that closes waits for us.
*/

#ifndef CN_REGULAR_FILE_H
#define CN_REGULAR_FILE_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/**
   Read a file into a new buffer.

   @param max_size [bytes] of the largest one.
   @param[out] data (info->st_size) bytes with a null behind them, to be freed with free(); null on failure.
   @param[out] info Of the file as it was read.
   @param[out] fault What is wrong, in words; empty on success.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_IO, #CN_STATUS_UNSUPPORTED if it is no regular file,
   #CN_STATUS_TOO_LARGE or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_regular_file_read(const char* path, size_t max_size, uint8_t** data, struct stat* info, CnFault fault);

#endif // CN_REGULAR_FILE_H
