// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/alloc.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

// Names that ld gives with --wrap
// NOLINTBEGIN(bugprone-reserved-identifier)
void*
__real_malloc(size_t size);
void*
__real_calloc(size_t n, size_t size);
void*
__real_realloc(void* memory, size_t size);
void
__real_free(void* memory);
void*
__wrap_malloc(size_t size);
void*
__wrap_calloc(size_t n, size_t size);
void*
__wrap_realloc(void* memory, size_t size);
void
__wrap_free(void* memory);

static atomic_long n_left = -1;
static atomic_long n_live;
static atomic_long n_made;

void
test_alloc_fail_at(const long n)
{
  atomic_store(&n_left, n);
}

long
test_alloc_live(void)
{
  return atomic_load(&n_live);
}

long
test_alloc_made(void)
{
  return atomic_load(&n_made);
}

/// Tell whether it is this allocation's turn to fail
static bool
must_fail(void)
{
  atomic_fetch_add(&n_made, 1);
  return atomic_load(&n_left) >= 0 && atomic_fetch_sub(&n_left, 1) == 0;
}

static void*
count_new(void* memory)
{
  atomic_fetch_add(&n_live, memory != NULL);
  return memory;
}

void*
__wrap_malloc(const size_t size)
{
  return must_fail() ? NULL : count_new(__real_malloc(size));
}

void*
__wrap_calloc(const size_t n, const size_t size)
{
  return must_fail() ? NULL : count_new(__real_calloc(n, size));
}

void*
__wrap_realloc(void* memory, const size_t size)
{
  if (must_fail()) {
    return NULL;
  }
  return memory ? __real_realloc(memory, size) : count_new(__real_realloc(memory, size));
}

void
__wrap_free(void* memory)
{
  atomic_fetch_sub(&n_live, memory != NULL);
  __real_free(memory);
}
// NOLINTEND(bugprone-reserved-identifier)
