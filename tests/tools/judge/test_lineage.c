// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/judge/lineage.h"

#include "dsp/file/safetensors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/// The line of descent from weights under a licence, which has to be such as a file can hold
static void
describe(const char* const licence, char* const line, const size_t size)
{
  uint8_t*               data    = NULL;
  size_t                 n       = 0;
  CnTensors*             tensors = NULL;
  CnLineage              lineage;
  CnTensorsWriter* const writer = cn_tensors_writer_new();
  assert_int_equal(cn_tensors_writer_add_metadata(writer, "licence", licence), CN_STATUS_SUCCESS);
  assert_int_equal(cn_tensors_writer_finish(writer, &data, &n), CN_STATUS_SUCCESS);
  assert_int_equal(cn_tensors_open(data, n, &tensors, CN_NO_FAULT), CN_STATUS_SUCCESS);
  assert_int_equal(cn_lineage_inherit(tensors, 1, &lineage), CN_STATUS_SUCCESS);
  assert_string_equal(lineage.licence, licence);
  assert_int_equal(cn_tensors_writer_add_metadata(writer, "descent", lineage.descent), CN_STATUS_SUCCESS);
  snprintf(line, size, "%s", lineage.descent);
  cn_lineage_clear(&lineage);
  cn_tensors_free(tensors);
  cn_tensors_writer_free(writer);
  free(data);
}

/// Where a long licence is cut off, no letter is
static void
test_a_line_of_descent_has_whole_letters(void** const state)
{
  static const char beginning[] = "0000000000000001: does not say what it learnt, ";

  (void)state;
  for (size_t before = 190; before < 210; ++before) {
    char licence[256];
    char line[600];
    memset(licence, 'a', before);
    strcpy(licence + before, "\xE2\x82\xAC and more"); // Three bytes
    describe(licence, line, sizeof(line));
    const size_t kept = strlen(line) - strlen(beginning);
    assert_memory_equal(line, beginning, strlen(beginning));
    assert_memory_equal(line + strlen(beginning), licence, kept);
    assert_int_equal(kept, before == 198 || before == 199 ? before : 200);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_line_of_descent_has_whole_letters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
