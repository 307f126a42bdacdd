// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file temporary.h
   Room on the disk for what need not fit into memory.
*/

#ifndef CN_TEMPORARY_H
#define CN_TEMPORARY_H

/// Folder of temporary files: TMPDIR, or /tmp.  Thread: ANY
const char*
cn_temporary_folder(void);

/**
   Open a file that has no name any more, so that it goes with the process.

   @return Its descriptor, or -1 with errno set.

   Thread: WORKER
*/
int
cn_temporary_open(void);

#endif // CN_TEMPORARY_H
