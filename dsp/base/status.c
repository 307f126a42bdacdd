// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/base/status.h"

const char*
cn_strerror(const CnStatus status)
{
  switch (status) {
  case CN_STATUS_SUCCESS:
    return "success";
  case CN_STATUS_BAD_ARG:
    return "bad argument";
  case CN_STATUS_NO_MEMORY:
    return "out of memory";
  case CN_STATUS_TRUNCATED:
    return "unexpected end of data";
  case CN_STATUS_BAD_SYNTAX:
    return "malformed data";
  case CN_STATUS_BAD_VALUE:
    return "impossible value";
  case CN_STATUS_BAD_SHAPE:
    return "missing tensor, or one of the wrong shape or type";
  case CN_STATUS_UNSUPPORTED:
    return "unsupported kind or version";
  case CN_STATUS_TOO_LARGE:
    return "too large";
  case CN_STATUS_OVERFLOW:
    return "no space left in buffer";
  case CN_STATUS_NOT_FOUND:
    return "not found";
  case CN_STATUS_IO:
    return "input/output error";
  case CN_STATUS_CANCELLED:
    return "cancelled";
  }

  return "unknown error";
}
