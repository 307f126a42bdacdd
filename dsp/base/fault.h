// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file fault.h
   What is wrong with a file, in words, together with the status that the program goes by.
*/

#ifndef CN_FAULT_H
#define CN_FAULT_H

#include "dsp/base/status.h"

#include <stddef.h>

/// Where to say what is wrong; the words are the caller's, and empty while nothing is
typedef struct {
  char*  text; ///< (size) bytes, or null: see #CN_NO_FAULT
  size_t size; ///< [bytes]
} CnFault;

/// An array of characters as the place of a fault
#define CN_FAULT(array) ((CnFault){(array), sizeof(array)})

/// Nobody wants to know
#define CN_NO_FAULT ((CnFault){NULL, 0})

/// Say nothing.  Thread: ANY
void
cn_fault_clear(CnFault fault);

/**
   Say what is wrong in printf's manner, with whatever a terminal might obey blotted out.

   Words that are already there may be among the arguments.

   @return `status`.

   Thread: ANY
*/
__attribute__((format(printf, 3, 4))) CnStatus
cn_fault_set(CnFault fault, CnStatus status, const char* format, ...);

#endif // CN_FAULT_H
