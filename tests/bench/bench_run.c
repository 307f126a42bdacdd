// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file bench_run.c
   What run() costs, and how many instances one core carries.

   Blocks of 64 frames at 48 kHz, with the bundle's model if there is one.
*/

#define _GNU_SOURCE // sched_setaffinity(), pthread_setschedparam()

#include "tests/host/bundle.h"
#include "tests/host/host.h"

#include <lilv/lilv.h>

#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
  BLOCK           = 64,     ///< [frames]
  N_BLOCKS        = 100000, ///< For each line, more than two minutes of music
  N_COLD          = 500,    ///< With cold caches
  N_LIVE          = 15000,  ///< In real time: 20 seconds
  A_SECOND        = 750,    ///< Of blocks
  MAX_INSTANCES   = 1000,
  SECONDS_A_CROWD = 8,
  PRIORITY        = 10, ///< As JACK gives
};

#define OTHERS_SIZE (64U << 20U) ///< [bytes] that others touch between two blocks: more than caches hold
#define MODEL "urn:continuo:model"
#define NOTEBOOK CN_BUILD_DIR "/continuo.lv2/models/notebook.safetensors.zst"

static const double block_ns = 1e9 * BLOCK / CN_BUNDLE_RATE;

static uint32_t times[N_BLOCKS + 1000]; ///< [ns]
static size_t   n_times;
static int64_t  began;
static uint8_t* others; ///< Null: nobody else touches memory
static bool     is_realtime = true;

static int64_t
read_clock(const clockid_t clock)
{
  struct timespec time;
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// Measure run() by the time that its thread has computed, as a host's has a high priority
static void
watch(const bool running)
{
  for (size_t i = 0; running && others && i < OTHERS_SIZE; i += 64) {
    ++others[i];
  }
  if (running) {
    began = read_clock(CLOCK_THREAD_CPUTIME_ID);
  } else if (n_times < sizeof(times) / sizeof(times[0])) {
    times[n_times++] = (uint32_t)(read_clock(CLOCK_THREAD_CPUTIME_ID) - began);
  }
}

static int
compare(const void* const a, const void* const b)
{
  const uint32_t x = *(const uint32_t*)a;
  const uint32_t y = *(const uint32_t*)b;
  return (x > y) - (x < y);
}

static void
print_time(const uint32_t ns)
{
  printf(" %9.2f us %6.2f %%", ns / 1000.0, 100.0 * ns / block_ns);
}

static void
report(const char* const name)
{
  qsort(times, n_times, sizeof(times[0]), compare);
  printf("%-34s", name);
  print_time(times[n_times / 2]);
  print_time(times[n_times - 1 - n_times / 1000]);
  print_time(times[n_times - 1]);
  printf("\n");
}

/// Play chords of four keys, sixteen times a second
static void
play_chords(CnHost* const host, const unsigned seconds)
{
  for (unsigned i = 0; i < 16 * seconds; ++i) {
    for (unsigned voice = 0; voice < 4; ++voice) {
      const uint8_t  pitch = (uint8_t)(40 + 12 * voice + i % 12);
      const uint8_t  on[]  = {0x90, pitch, 80};
      const uint8_t  off[] = {0x80, pitch, 64};
      const uint64_t frame = cn_host_frame(host) + 3000ULL * i + 500;
      cn_host_send(host, frame, on, sizeof(on));
      cn_host_send(host, frame + 2500, off, sizeof(off));
    }
  }
}

/// Give this thread, and not the engine's, which has begun, what a host's audio thread has; false if it may
/// not be
static bool
set_priority(const int policy, const int priority)
{
  const struct sched_param param = {.sched_priority = priority};
  return !pthread_setschedparam(pthread_self(), policy, &param);
}

static CnHost*
begin(CnBundle* const bundle, const float role, const bool rolls, const bool live)
{
  const CnHostConfig config = {.block = BLOCK, .watch = watch, .live = live};
  CnHost* const      host   = cn_bundle_start(bundle, &config);
  cn_host_set_tempo(host, 120.0);
  cn_host_set(host, "role", role);
  cn_host_roll(host, rolls);
  return host;
}

static void
measure(CnBundle* const bundle, const char* const name, const float role, const bool rolls,
        const unsigned seconds_played)
{
  CnHost* const host = begin(bundle, role, rolls, false);
  play_chords(host, seconds_played);
  n_times = 0;
  is_realtime &= set_priority(SCHED_FIFO, PRIORITY);
  cn_host_run(host, (uint64_t)(others ? N_COLD : N_BLOCKS) * BLOCK);
  set_priority(SCHED_OTHER, 0);
  report(name);
}

/// Sleep until a block begins, in real time
static void
wait_for_block(const int64_t start, const unsigned block)
{
  const int64_t left = start + (int64_t)(block * block_ns) - read_clock(CLOCK_MONOTONIC);
  if (left > 0) {
    nanosleep(&(struct timespec){0, left}, NULL);
  }
}

/// Measure blocks that come when a sound card wants them, so that the engine's thread keeps its own time
static void
measure_live(CnBundle* const bundle, const char* const name, const float role, const unsigned seconds_played)
{
  CnHost* const host = begin(bundle, role, true, true);
  play_chords(host, seconds_played);
  n_times = 0;
  is_realtime &= set_priority(SCHED_FIFO, PRIORITY);
  const int64_t start = read_clock(CLOCK_MONOTONIC);
  for (unsigned i = 0; i < N_LIVE; ++i) {
    wait_for_block(start, i);
    cn_host_run(host, BLOCK);
  }
  set_priority(SCHED_OTHER, 0);
  report(name);
  printf("  its notes: %u, %u late\n", cn_bundle_count(host, 0), (unsigned)cn_host_get(host, "late_notes"));
}

/// [frames] of the longest time between the first note and the last in which nothing sounds
static uint64_t
find_rest(const CnHost* const host)
{
  size_t                   n_events = 0;
  const CnHostEvent* const events   = cn_host_output(host, &n_events);
  unsigned                 n_sounds = 0;
  uint64_t                 longest  = 0;
  for (size_t i = 0; i < n_events; ++i) {
    const bool     is_on = (events[i].bytes[0] & 0xF0U) == 0x90;
    const uint64_t rest  = i && is_on && n_sounds == 0 ? events[i].frame - events[i - 1].frame : 0;
    longest              = rest > longest ? rest : longest;
    n_sounds += is_on ? 1U : -1U;
  }
  return longest;
}

/// What is changed while it plays
typedef enum { CHANGE_NOTHING, CHANGE_TAKE, CHANGE_MODEL, CHANGE_ONCE } Change;

/// Play alone in real time, change something each second, and tell what of the music is lost by that
static void
measure_change(CnBundle* const bundle, const char* const name, const Change change)
{
  CnHost* const host  = begin(bundle, 3.0F, true, true);
  const int64_t start = read_clock(CLOCK_MONOTONIC);
  n_times             = 0;
  for (unsigned i = 0; i < N_LIVE; ++i) {
    const unsigned second = i / A_SECOND;
    const bool     is_due = i % A_SECOND == 0;
    if (is_due && change == CHANGE_TAKE) {
      cn_host_set(host, "take", 1.0F + (float)second);
    } else if ((is_due && change == CHANGE_MODEL) || (i == 0 && change == CHANGE_ONCE)) {
      cn_host_choose(host, MODEL, second % 2 ? bundle->weights : NOTEBOOK);
    }
    wait_for_block(start, i);
    cn_host_run(host, BLOCK);
  }
  printf("%-34s %4u notes, %u late; longest rest %.2f eighths\n", name, cn_bundle_count(host, 0),
         (unsigned)cn_host_get(host, "late_notes"), (double)find_rest(host) / (0.25 * CN_BUNDLE_RATE));
}

/// Measure blocks before each of which other plugins have had the core, and its caches
static void
measure_cold(CnBundle* const bundle)
{
  others = (uint8_t*)calloc(OTHERS_SIZE, 1);
  if (others) {
    measure(bundle, "Solo, caches cold", 3.0F, true, 0);
    measure(bundle, "Accompany, caches cold", 2.0F, true, 1);
  }
  free(others);
  others = NULL;
}

static void
measure_all(CnBundle* const bundle)
{
  printf("%-34s %21s %21s %21s\n", "run(), 64 frames at 48 kHz", "median", "99.9 %", "maximum");
  measure(bundle, "stopped, nothing played", 0.0F, false, 0);
  measure(bundle, "rolling, nothing played", 0.0F, true, 0);
  measure(bundle, "rolling, 64 notes/s played", 0.0F, true, 133);
  measure(bundle, "Continue, after 4 s played", 0.0F, true, 4);
  measure(bundle, "Accompany, 64 notes/s played", 2.0F, true, 133);
  measure(bundle, "Solo", 3.0F, true, 0);
  measure_live(bundle, "Solo, in real time", 3.0F, 0);
  measure_live(bundle, "Accompany, in real time", 2.0F, 20);
  measure_change(bundle, "Solo in real time, as it is", CHANGE_NOTHING);
  measure_change(bundle, "  by the notebook's networks", CHANGE_ONCE);
  measure_change(bundle, "  another take each second", CHANGE_TAKE);
  measure_change(bundle, "  another model each second", CHANGE_MODEL);
  measure_cold(bundle);
  if (!is_realtime) {
    printf("Without a host's priority: whatever else runs has had the core in between\n");
  }
}

/// What this process occupies [MB]
static double
read_resident(void)
{
  char        line[128];
  long        n_pages = 0;
  FILE* const file    = fopen("/proc/self/statm", "r");
  if (file && fgets(line, sizeof(line), file)) {
    char* second = NULL;
    strtol(line, &second, 10); // All that is mapped
    n_pages = strtol(second, NULL, 10);
  }
  if (file) {
    fclose(file);
  }
  return 1e-6 * (double)n_pages * (double)sysconf(_SC_PAGESIZE);
}

/// Run some instances in real time; counts their notes and the megabytes that they occupy, and returns how
/// many notes came too late
static unsigned
run_crowd(const CnBundle* const bundle, const unsigned n, unsigned* const n_notes, double* const resident)
{
  CnHost*            hosts[MAX_INSTANCES];
  unsigned           n_late = 0;
  const CnHostConfig config = {
      .bundle = bundle->folder, .rate = CN_BUNDLE_RATE, .block = BLOCK, .live = true};
  for (unsigned i = 0; i < n; ++i) {
    hosts[i] = cn_host_new(&config);
    cn_host_set(hosts[i], "role", 3.0F);
    cn_host_set(hosts[i], "take", 1.0F + (float)i);
    cn_host_run(hosts[i], 4800);
    cn_host_roll(hosts[i], true);
  }
  const int64_t start = read_clock(CLOCK_MONOTONIC);
  for (unsigned k = 0; k < SECONDS_A_CROWD * CN_BUNDLE_RATE / BLOCK; ++k) {
    for (unsigned i = 0; i < n; ++i) {
      cn_host_run(hosts[i], BLOCK);
    }
    wait_for_block(start, k + 1);
  }
  *resident = read_resident();
  for (unsigned i = 0; i < n; ++i) {
    n_late += (unsigned)cn_host_get(hosts[i], "late_notes");
    *n_notes += cn_bundle_count(hosts[i], 0);
    cn_host_free(hosts[i]);
  }
  return n_late;
}

/// Keep this process and its threads on one core
static void
stay_on_one_core(void)
{
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(sched_getcpu(), &cores);
  if (sched_setaffinity(0, sizeof(cores), &cores)) {
    perror("sched_setaffinity");
  }
}

static void
count_instances(const CnBundle* const bundle)
{
  mallopt(M_MMAP_THRESHOLD, 1 << 17); // What the crowd before has freed is gone, as in a new process
  stay_on_one_core();
  unsigned most  = 0;
  double   first = 0.0; // [MB] with one instance
  for (unsigned n = 1; n <= MAX_INSTANCES; n = n == MAX_INSTANCES      ? n + 1
                                               : n > MAX_INSTANCES / 2 ? MAX_INSTANCES
                                                                       : 2 * n) {
    unsigned       n_notes  = 0;
    double         resident = 0.0;
    const unsigned n_late   = run_crowd(bundle, n, &n_notes, &resident);
    first                   = n == 1 ? resident : first;
    printf("%4u instances of Solo on one core: %u notes in %d s, %u late, %.1f MB and %.2f for each more\n",
           n, n_notes, SECONDS_A_CROWD, n_late, first, n > 1 ? (resident - first) / (n - 1) : 0.0);
    if (n_late) {
      break;
    }
    most = n;
  }
  printf("One core carries %u\n", most);
}

int
main(void)
{
  void* state = NULL;
  cn_bundle_set_up(&state);
  CnBundle* const bundle = state;
  if (!cn_bundle_use_shipped(bundle)) {
    printf("No model in the bundle: a tiny one of random weights plays\n");
  }
  measure_all(bundle);
  count_instances(bundle);
  cn_bundle_tear_down(&state);
  return 0;
}
