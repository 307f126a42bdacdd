// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/corpus/learnt.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS 16 // Of an id

static int
compare_ids(const void* const a, const void* const b)
{
  const uint64_t x = *(const uint64_t*)a;
  const uint64_t y = *(const uint64_t*)b;
  return (x > y) - (x < y);
}

// Keep each id once
static void
sort(CnLearnt* const learnt)
{
  size_t n = 0;
  if (learnt->n) {
    qsort(learnt->ids, learnt->n, sizeof(uint64_t), compare_ids);
  }
  for (size_t i = 0; i < learnt->n; ++i) {
    if (!n || learnt->ids[n - 1] != learnt->ids[i]) {
      learnt->ids[n++] = learnt->ids[i];
    }
  }
  learnt->n = n;
}

CnStatus
cn_learnt_parse(const char* text, CnLearnt* const learnt)
{
  *learnt = (CnLearnt){.has_others = !text || *text == '+'};
  text += text && *text == '+';
  const size_t length = text ? strlen(text) : 0;
  if (length % DIGITS || (length && strspn(text, "0123456789abcdef") < length)) {
    learnt->has_others = true;
    return CN_STATUS_SUCCESS;
  }

  learnt->ids = malloc((length / DIGITS + 1) * sizeof(uint64_t));
  if (!learnt->ids) {
    return CN_STATUS_NO_MEMORY;
  }
  for (size_t at = 0; at < length; at += DIGITS) {
    char digits[DIGITS + 1] = {0};
    memcpy(digits, text + at, DIGITS);
    learnt->ids[learnt->n++] = strtoull(digits, NULL, 16);
  }
  sort(learnt);
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_learnt_add(CnLearnt* const learnt, const uint64_t* const ids, const size_t n)
{
  uint64_t* const grown = realloc(learnt->ids, (learnt->n + n + 1) * sizeof(uint64_t));
  if (!grown) {
    return CN_STATUS_NO_MEMORY;
  }
  learnt->ids = grown;
  for (size_t i = 0; i < n; ++i) {
    grown[learnt->n++] = ids[i];
  }
  sort(learnt);
  return CN_STATUS_SUCCESS;
}

bool
cn_learnt_has(const CnLearnt* const learnt, const uint64_t id)
{
  return learnt->n && bsearch(&id, learnt->ids, learnt->n, sizeof(uint64_t), compare_ids);
}

char*
cn_learnt_format(const CnLearnt* const learnt)
{
  char* const text = malloc(learnt->n * DIGITS + 2);
  char*       at   = text;
  if (text) {
    *text = '\0';
    if (learnt->has_others) {
      strcpy(at++, "+");
    }
    for (size_t i = 0; i < learnt->n; ++i, at += DIGITS) {
      snprintf(at, DIGITS + 1, "%016" PRIx64, learnt->ids[i]);
    }
  }
  return text;
}

void
cn_learnt_clear(CnLearnt* const learnt)
{
  free(learnt->ids);
  *learnt = (CnLearnt){0};
}
