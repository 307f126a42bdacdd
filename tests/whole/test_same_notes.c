// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_same_notes.c
   Models play the same notes, and compute the same floats on the way, whatever compiler, optimisation and
   processor: tests/same/play.c is built in many ways, and all have to print what one of them does.

   CN_SAME_NOTES says how many notes each network plays, as `make same` does.
*/

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FEW_NOTES "1000"

/// One way to build and to run
typedef struct {
  const char* name;
  const char* compiler;
  const char* flags;
  const char* runner; ///< What runs the program, or an empty string
  const char* kernel; ///< The product that has to be chosen, or an empty string: any
} Way;

static const Way first_way = {"gcc, plain loops", "gcc", "-O2 -DCN_NO_CLONES", "", "0"};

static const Way ways[] = {
    {"gcc -O0", "gcc", "-O0 -lm", "", ""},
    {"gcc -O2", "gcc", "-O2", "", ""},
    {"clang -O2", "clang", "-O2", "", ""},
#if defined(__x86_64__)
    {"gcc -O2, vectors of AVX2 for 8 bits", "gcc", "-O2 -DCN_DOT8_HIGHEST=1", "", "1"},
    {"gcc -O3 -mavx2 -mfma", "gcc", "-O3 -mavx2 -mfma", "", ""},
    {"clang -O3 -mavx2 -mfma", "clang", "-O3 -mavx2 -mfma", "", ""},
#endif
    {"aarch64, gcc -O2", "aarch64-linux-gnu-gcc", "-O2", "qemu-aarch64 -cpu cortex-a57", "3"},
    {"aarch64, gcc -O3, dot product", "aarch64-linux-gnu-gcc", "-O3", "qemu-aarch64 -cpu max", "4"},
};

#if defined(__x86_64__)
// How nobody must build it: the flag stands after ours
static const Way wrong_way = {"gcc, contracting", "gcc", "-O2 -mavx2 -mfma -ffp-contract=fast", "", ""};
#endif

enum { N_WAYS = sizeof(ways) / sizeof(ways[0]), OUTPUT = 512 };

static char folder[64];
static char first[OUTPUT]; // What the first way has printed

static bool
is_there(const char* const command)
{
  char test[160];
  snprintf(test, sizeof(test), "command -v %.*s >/dev/null", (int)strcspn(command, " "), command);
  return !*command || system(test) == 0;
}

// What a command prints; it must succeed
static void
read_output(const char* const command, char output[OUTPUT])
{
  FILE* const pipe = popen(command, "r");
  assert_non_null(pipe);
  const size_t n = fread(output, 1, OUTPUT - 1, pipe);
  output[n]      = '\0';
  if (pclose(pipe)) {
    fail_msg("failed: %s", command);
  }
}

// Build a program of tests/same in a way, and run it
static void
run(const Way* const way, const char* const program, const char* const arguments, char output[OUTPUT])
{
  char command[512];
  snprintf(command, sizeof(command), "tests/same/build.sh %s %s/%s %s %s", program, folder, program,
           way->compiler, way->flags);
  if (system(command)) {
    fail_msg("failed: %s", command);
  }
  snprintf(command, sizeof(command), "%s %s/%s %s %s", way->runner, folder, program, arguments, way->kernel);
  read_output(command, output);
}

static void
play(const Way* const way, char output[OUTPUT])
{
  const char* const n_notes = getenv("CN_SAME_NOTES");
  run(way, "play", n_notes ? n_notes : FEW_NOTES, output);
}

static int
setup(void** const state)
{
  (void)state;
  snprintf(folder, sizeof(folder), "/tmp/continuo-same-XXXXXX");
  assert_non_null(mkdtemp(folder));
  if (is_there(first_way.compiler)) {
    play(&first_way, first);
    print_message("%s", first);
  }
  return 0;
}

static int
teardown(void** const state)
{
  char command[128];
  (void)state;
  snprintf(command, sizeof(command), "rm -r %s", folder);
  return system(command);
}

static void
test_way_plays_the_same(void** const state)
{
  const Way* const way = *state;
  char             output[OUTPUT];
  if (!*first || !is_there(way->compiler) || !is_there(way->runner)) {
    print_message("%s or %s is missing\n", way->compiler, *way->runner ? way->runner : first_way.compiler);
    skip();
  }
  play(way, output);
  assert_string_equal(output, first);
}

// By the floats at once, by the notes some time later
static void
test_products_and_sums_in_one_are_noticed(void** const state)
{
  (void)state;
#if defined(__x86_64__)
  char output[OUTPUT];
  if (*first && __builtin_cpu_supports("fma")) {
    play(&wrong_way, output);
    assert_string_not_equal(output, first);
    return;
  }
#endif
  skip();
}

// Its kernels, which tests/dsp/kernel/test_dot8.c tests only where it runs itself
static void
test_products_of_an_emulated_processor_are_exact(void** const state)
{
  const Way* const way = &ways[N_WAYS - 1];
  char             output[OUTPUT];
  (void)state;
  if (!is_there(way->compiler) || !is_there(way->runner)) {
    print_message("%s or %s is missing\n", way->compiler, way->runner);
    skip();
  }
  run(way, "products", "", output);
  assert_string_equal(output, "0 3 4 ");
}

int
main(void)
{
  struct CMUnitTest tests[N_WAYS + 2] = {
      [N_WAYS]     = cmocka_unit_test(test_products_of_an_emulated_processor_are_exact),
      [N_WAYS + 1] = cmocka_unit_test(test_products_and_sums_in_one_are_noticed)};
  for (unsigned i = 0; i < N_WAYS; ++i) {
    tests[i] = (struct CMUnitTest){.name          = ways[i].name,
                                   .test_func     = test_way_plays_the_same,
                                   .initial_state = (void*)(uintptr_t)&ways[i]};
  }
  return cmocka_run_group_tests(tests, setup, teardown);
}
