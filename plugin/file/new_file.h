// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file new_file.h
   A file that is new: written as a whole or not at all, in the place of none that is there.
*/

#ifndef CN_NEW_FILE_H
#define CN_NEW_FILE_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"

#include <stddef.h>
#include <stdint.h>

/**
   Write a file where there is none.

   It is written under another name in the same folder first, so that nobody sees a part of it; on disks where
   no file can have two names an empty one has its name for a moment.  Whatever has the name already stays as
   it is: a file, a folder, a pipe, a link to nowhere.

   @param path From the root on.
   @param data (size) bytes.
   @param[out] fault What is wrong, in words; empty on success.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_BAD_ARG if the path is none from the root on, #CN_STATUS_IO or
   #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_new_file_write(const char* path, const uint8_t* data, size_t size, CnFault fault);

#endif // CN_NEW_FILE_H
