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

   Thread: ANY
*/
__attribute__((format(printf, 2, 3))) void
cn_fault_say(CnFault fault, const char* format, ...);

/// A status as it is, which need not be used.  @return `status`.  Thread: ANY
static inline CnStatus
cn_fault_status(const CnStatus status)
{
  return status;
}

/// Say what is wrong, in printf's manner, and be `status`; so readers and analysers see which
#define CN_FAIL(fault, status, ...) (cn_fault_say((fault), __VA_ARGS__), cn_fault_status(status))

#endif // CN_FAULT_H
