// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/base/fault.h"

#include <stdarg.h>
#include <stdio.h>

#define MAX_WORDS 1024U

void
cn_fault_clear(const CnFault fault)
{
  if (fault.text && fault.size) {
    fault.text[0] = '\0';
  }
}

void
cn_fault_say(const CnFault fault, const char* const format, ...)
{
  if (fault.text && fault.size) {
    char    words[MAX_WORDS]; // Apart, as the old ones may be among the arguments
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    for (char* c = words; *c; ++c) {
      *c = (unsigned char)*c < ' ' || *c == 0x7F ? '?' : *c;
    }
    snprintf(fault.text, fault.size, "%s", words);
  }
}
