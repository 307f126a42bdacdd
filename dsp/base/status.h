// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file status.h
   Return codes shared by the whole library.
*/

#ifndef CN_STATUS_H
#define CN_STATUS_H

/// Outcome of a fallible function; zero is success
typedef enum {
  CN_STATUS_SUCCESS,     ///< No error
  CN_STATUS_BAD_ARG,     ///< A caller's mistake: an argument out of its documented range
  CN_STATUS_NO_MEMORY,   ///< Allocation failed
  CN_STATUS_TRUNCATED,   ///< Input ends in the middle of something
  CN_STATUS_BAD_SYNTAX,  ///< Input is not of the expected format
  CN_STATUS_BAD_VALUE,   ///< Input is well-formed, but a value in it is impossible
  CN_STATUS_BAD_SHAPE,   ///< A tensor is missing or has the wrong shape or type
  CN_STATUS_UNSUPPORTED, ///< Input is of a kind or version that is not supported
  CN_STATUS_TOO_LARGE,   ///< Input or result exceeds a documented limit
  CN_STATUS_OVERFLOW,    ///< A buffer or queue is full
  CN_STATUS_NOT_FOUND,   ///< Nothing there
  CN_STATUS_IO,          ///< Reading or writing a file failed (errno says why)
  CN_STATUS_CANCELLED,   ///< Stopped on request
} CnStatus;

/// Pass any failure of `expr` on to the caller
#define CN_TRY(expr)                 \
  do {                               \
    const CnStatus cn_st_ = (expr);  \
    if (cn_st_ != CN_STATUS_SUCCESS) \
      return cn_st_;                 \
  } while (0)

/**
   Describe a status in a few lower-case words, as for "file: reason".

   @return A constant string for every value, valid or not.

   Thread: ANY
*/
const char*
cn_strerror(CnStatus status);

#endif // CN_STATUS_H
