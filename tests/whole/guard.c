// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

// For RTLD_NEXT and functions that only GNU has
#undef _POSIX_C_SOURCE
#define _GNU_SOURCE // NOLINT(bugprone-reserved-identifier)

#include "tests/whole/guard.h"

#include "dsp/base/attributes.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static _Thread_local bool   is_guarded;
static atomic_uint          n_caught;
static _Atomic(const char*) caught_name = "";
static _Atomic(void*)       callers[CN_GUARD_KEPT]; ///< Of the forbidden calls, in a ring

void
cn_guard(const bool on)
{
  is_guarded = on;
}

unsigned
cn_guard_count(void)
{
  return atomic_load(&n_caught);
}

const char*
cn_guard_name(void)
{
  return atomic_load(&caught_name);
}

unsigned
cn_guard_count_in(const char* const library)
{
  const unsigned n     = atomic_load(&n_caught);
  unsigned       count = 0;
  for (unsigned i = 0; i < n && i < CN_GUARD_KEPT; ++i) {
    Dl_info info;
    if (dladdr(atomic_load(&callers[i]), &info) && info.dli_fname) {
      const char* const slash = strrchr(info.dli_fname, '/');
      count += !strcmp(slash ? slash + 1 : info.dli_fname, library);
    }
  }
  return count;
}

void
cn_guard_reset(void)
{
  atomic_store(&n_caught, 0);
  atomic_store(&caught_name, "");
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#  define SANITIZED 1
#elif defined(__has_feature)
#  if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#    define SANITIZED 1
#  endif
#endif

#ifdef SANITIZED

bool
cn_guard_works(void)
{
  return false;
}

#else

bool
cn_guard_works(void)
{
  return true;
}

static void
keep(const char* const name, void* const caller)
{
  if (is_guarded) {
    atomic_store(&caught_name, name);
    atomic_store(&callers[atomic_fetch_add(&n_caught, 1) % CN_GUARD_KEPT], caller);
  }
}

#  define CATCH(name) keep(name, __builtin_return_address(0))

/// Define `name` to catch and then do what the next library's does
// NOLINTBEGIN(bugprone-macro-parentheses): parameters are lists
#  define GUARD(type, name, parameters, arguments) \
    CN_EXPORT type name parameters                 \
    {                                              \
      static type(*next) parameters;               \
      CATCH(#name);                                \
      if (!next) {                                 \
        *(void**)&next = dlsym(RTLD_NEXT, #name);  \
      }                                            \
      return next arguments;                       \
    }

// NOLINTEND(bugprone-macro-parentheses)

// clang-format off

// Allocation by glibc's own names, as dlsym() may allocate
extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t n, size_t size);
extern void* __libc_realloc(void* memory, size_t size);
extern void* __libc_memalign(size_t alignment, size_t size);
extern void  __libc_free(void* memory);

CN_EXPORT void* malloc(size_t size) { CATCH("malloc"); return __libc_malloc(size); }
CN_EXPORT void* calloc(size_t n, size_t size) { CATCH("calloc"); return __libc_calloc(n, size); }
CN_EXPORT void* realloc(void* memory, size_t size) { CATCH("realloc"); return __libc_realloc(memory, size); }
CN_EXPORT void* aligned_alloc(size_t alignment, size_t size) { CATCH("aligned_alloc"); return __libc_memalign(alignment, size); }
CN_EXPORT void* memalign(size_t alignment, size_t size) { CATCH("memalign"); return __libc_memalign(alignment, size); }
CN_EXPORT void free(void* memory) { CATCH("free"); __libc_free(memory); }

CN_EXPORT int posix_memalign(void** memory, size_t alignment, size_t size)
{
  CATCH("posix_memalign");
  *memory = __libc_memalign(alignment, size);
  return *memory ? 0 : ENOMEM;
}

// Locks and waiting
GUARD(int, pthread_mutex_lock, (pthread_mutex_t* mutex), (mutex))
GUARD(int, pthread_mutex_timedlock, (pthread_mutex_t* mutex, const struct timespec* time), (mutex, time))
GUARD(int, pthread_rwlock_rdlock, (pthread_rwlock_t* lock), (lock))
GUARD(int, pthread_rwlock_wrlock, (pthread_rwlock_t* lock), (lock))
GUARD(int, pthread_spin_lock, (pthread_spinlock_t* lock), (lock))
GUARD(int, pthread_barrier_wait, (pthread_barrier_t* barrier), (barrier))
GUARD(int, pthread_cond_wait, (pthread_cond_t* condition, pthread_mutex_t* mutex), (condition, mutex))
GUARD(int, pthread_cond_timedwait, (pthread_cond_t* condition, pthread_mutex_t* mutex, const struct timespec* time), (condition, mutex, time))
GUARD(int, pthread_cond_signal, (pthread_cond_t* condition), (condition))
GUARD(int, pthread_cond_broadcast, (pthread_cond_t* condition), (condition))
GUARD(int, pthread_create, (pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*), void* argument), (thread, attributes, run, argument))
GUARD(int, pthread_join, (pthread_t thread, void** result), (thread, result))
GUARD(int, sem_wait, (sem_t* semaphore), (semaphore))
GUARD(int, sem_timedwait, (sem_t* semaphore, const struct timespec* time), (semaphore, time))
GUARD(int, nanosleep, (const struct timespec* time, struct timespec* left), (time, left))
GUARD(int, clock_nanosleep, (clockid_t clock, int flags, const struct timespec* time, struct timespec* left), (clock, flags, time, left))
GUARD(int, usleep, (useconds_t time), (time))
GUARD(unsigned, sleep, (unsigned time), (time))
GUARD(int, sched_yield, (void), ())
GUARD(int, poll, (struct pollfd* files, nfds_t n, int timeout), (files, n, timeout))

// Files and messages
GUARD(ssize_t, read, (int file, void* data, size_t size), (file, data, size))
GUARD(ssize_t, write, (int file, const void* data, size_t size), (file, data, size))
GUARD(int, close, (int file), (file))
GUARD(FILE*, fopen, (const char* path, const char* mode), (path, mode))
GUARD(int, fclose, (FILE* file), (file))
GUARD(size_t, fread, (void* data, size_t size, size_t n, FILE* file), (data, size, n, file))
GUARD(size_t, fwrite, (const void* data, size_t size, size_t n, FILE* file), (data, size, n, file))
GUARD(int, fputs, (const char* text, FILE* file), (text, file))
GUARD(int, fputc, (int c, FILE* file), (c, file))
GUARD(int, puts, (const char* text), (text))
GUARD(int, fflush, (FILE* file), (file))
GUARD(int, vfprintf, (FILE* file, const char* format, va_list arguments), (file, format, arguments))
GUARD(void*, mmap, (void* address, size_t size, int protection, int flags, int file, off_t offset), (address, size, protection, flags, file, offset))
GUARD(int, munmap, (void* address, size_t size), (address, size))
GUARD(void*, dlopen, (const char* path, int flags), (path, flags))

CN_EXPORT int open(const char* path, int flags, ...)
{
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (mode_t)va_arg(arguments, unsigned);
  va_end(arguments);
  CATCH("open");
  return openat(AT_FDCWD, path, flags, mode);
}

CN_EXPORT int fprintf(FILE* file, const char* format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const int n = vfprintf(file, format, arguments);
  va_end(arguments);
  return n;
}

CN_EXPORT int printf(const char* format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const int n = vfprintf(stdout, format, arguments);
  va_end(arguments);
  return n;
}

// clang-format on

#endif // !SANITIZED
