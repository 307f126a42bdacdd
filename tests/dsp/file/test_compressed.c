// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/file/compressed.h"

#include "tests/support/alloc.h"

#include "dsp/base/random.h"
#include "dsp/file/safetensors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FAULT_SIZE 256

enum { N_PLAIN = 5000, HEAD = 4, N_COLUMNS = 2000 };

typedef struct {
  uint8_t* data;
  size_t   size;
} File;

/// Bytes of which a few are likelier than others
static File
make_plain(void)
{
  const File file   = {(uint8_t*)malloc(N_PLAIN), N_PLAIN};
  CnRandom   random = cn_random(1, 0, 0, 0, 0);
  assert_non_null(file.data);
  for (size_t i = 0; i < N_PLAIN; ++i) {
    const float x = cn_random_uniform(&random);
    file.data[i]  = (uint8_t)(40.0F * x * x * x);
  }
  return file;
}

static File
compress(const File plain)
{
  File file = {NULL, 0};
  assert_int_equal(cn_compress(plain.data, plain.size, &file.data, &file.size), CN_STATUS_SUCCESS);
  return file;
}

/// Assert that bytes, in a block of exactly their size, are refused in words
static void
assert_refused(const uint8_t* const data, const size_t size, const CnStatus status, const char* const words)
{
  char           fault[FAULT_SIZE] = "";
  uint8_t* const copy              = (uint8_t*)malloc(size);
  uint8_t*       plain             = copy;
  size_t         plain_size        = 1;
  memcpy(copy, data, size);
  assert_true(cn_is_compressed(copy, size));
  const CnStatus is = cn_decompress(copy, size, &plain, &plain_size, CN_FAULT(fault));
  free(copy);
  assert_int_equal(is, status);
  assert_null(plain);
  assert_int_equal(plain_size, 0);
  if (!strstr(fault, words)) {
    fail_msg("fault \"%s\" has no \"%s\"", fault, words);
  }
}

static void
test_what_is_compressed_comes_back(void** state)
{
  const File plain             = make_plain();
  const File small             = compress(plain);
  const File again             = compress(plain);
  char       fault[FAULT_SIZE] = "";
  uint8_t*   back              = NULL;
  size_t     size              = 0;
  (void)state;
  assert_true(small.size < N_PLAIN * 3 / 4);
  assert_true(cn_is_compressed(small.data, small.size));
  assert_false(cn_is_compressed(small.data, 3));
  assert_false(cn_is_compressed(plain.data, plain.size));
  assert_int_equal(again.size, small.size);
  assert_memory_equal(again.data, small.data, small.size);
  assert_int_equal(cn_decompress(small.data, small.size, &back, &size, CN_FAULT(fault)), CN_STATUS_SUCCESS);
  assert_int_equal(size, N_PLAIN);
  assert_memory_equal(back, plain.data, N_PLAIN);
  assert_string_equal(fault, "");
  free(back);
  free(again.data);
  free(small.data);
  free(plain.data);
}

static void
test_truncation_anywhere_is_refused(void** state)
{
  const File plain = make_plain();
  const File small = compress(plain);
  (void)state;
  for (size_t size = HEAD; size < small.size; ++size) {
    assert_refused(small.data, size, CN_STATUS_TRUNCATED, "end in their midst");
  }
  free(small.data);
  free(plain.data);
}

static void
test_what_follows_is_refused(void** state)
{
  const File     plain = make_plain();
  const File     small = compress(plain);
  uint8_t* const twice = (uint8_t*)calloc(2, small.size);
  (void)state;
  memcpy(twice, small.data, small.size);
  assert_refused(twice, small.size + 1, CN_STATUS_BAD_VALUE, "1 bytes after the compressed data");
  memcpy(twice + small.size, small.data, small.size);
  assert_refused(twice, 2 * small.size, CN_STATUS_BAD_VALUE, "bytes after the compressed data");
  free(twice);
  free(small.data);
  free(plain.data);
}

/// Whatever byte is wrong behind the magic number: the sum of all shows it, at the latest
static void
test_any_wrong_byte_is_refused(void** state)
{
  const File plain = make_plain();
  const File small = compress(plain);
  (void)state;
  for (size_t i = HEAD; i < small.size; ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      char     fault[FAULT_SIZE] = "";
      uint8_t* back              = NULL;
      size_t   size              = 0;
      small.data[i] ^= (uint8_t)(1U << bit);
      const CnStatus status = cn_decompress(small.data, small.size, &back, &size, CN_FAULT(fault));
      small.data[i] ^= (uint8_t)(1U << bit);
      // One bit of the head is unused, and one says whether there is a sum: without one there are bytes too
      // many
      if (status ? !*fault || back : memcmp(back, plain.data, N_PLAIN) != 0) {
        fail_msg("byte %zu, bit %u: status %d, \"%s\"", i, bit, status, fault);
      }
      free(back);
    }
  }
  free(small.data);
  free(plain.data);
}

// Frames by hand, RFC 8878, 3.1.1: a head, and a block of one byte that comes many times
static void
test_bombs_are_refused(void** state)
{
  static const uint8_t unknown[] = {0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x58, 0x0B, 0x00, 0x00, 'a'};
  static const uint8_t ample[]   = {0x28, 0xB5, 0x2F, 0xFD, 0xA0, 0x00, 0x04,
                                    0x00, 0x00, 0x03, 0x20, 0x00, 'a'};
  static const uint8_t monster[] = {0x28, 0xB5, 0x2F, 0xFD, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF,
                                    0xFF, 0xFF, 0xFF, 0x7F, 0x03, 0x20, 0x00, 'a'};
  (void)state;
  assert_refused(unknown, sizeof(unknown), CN_STATUS_UNSUPPORTED, "do not say how large they are");
  assert_refused(ample, sizeof(ample), CN_STATUS_TOO_LARGE, "compressed data of 1024 bytes in 13");
  assert_refused(monster, sizeof(monster), CN_STATUS_TOO_LARGE, "of 9223372036854775807 bytes in 17");
}

static void
test_nothing_is_written_that_would_be_refused(void** state)
{
  uint8_t* const zeros = (uint8_t*)calloc(1, 1 << 20);
  File           file  = {zeros, 1};
  (void)state;
  assert_int_equal(cn_compress(zeros, 1 << 20, &file.data, &file.size), CN_STATUS_TOO_LARGE);
  assert_null(file.data);
  assert_int_equal(cn_compress(zeros, CN_COMPRESSED_MOST_SIZE + 1, &file.data, &file.size),
                   CN_STATUS_TOO_LARGE);
  free(zeros);
}

/// A compressed file of one tensor
static File
write_tensors(size_t* const plain_size)
{
  const File             numbers = make_plain();
  const size_t           shape   = N_COLUMNS;
  CnTensorsWriter* const writer  = cn_tensors_writer_new();
  float* const           values  = (float*)calloc(N_COLUMNS, sizeof(float));
  File                   plain   = {NULL, 0};
  for (size_t i = 0; i < N_COLUMNS; ++i) {
    values[i] = (float)numbers.data[i];
  }
  assert_int_equal(cn_tensors_writer_add(writer, "w", CN_DTYPE_F32, &shape, 1, values), CN_STATUS_SUCCESS);
  assert_int_equal(cn_tensors_writer_finish(writer, &plain.data, &plain.size), CN_STATUS_SUCCESS);
  const File file = compress(plain);
  *plain_size     = plain.size;
  free(plain.data);
  free(values);
  free(numbers.data);
  cn_tensors_writer_free(writer);
  return file;
}

static void
test_tensors_are_read_from_compressed_files(void** state)
{
  const File   numbers           = make_plain();
  size_t       plain_size        = 0;
  const File   file              = write_tensors(&plain_size);
  char         fault[FAULT_SIZE] = "";
  const size_t shape             = N_COLUMNS;
  float        values[N_COLUMNS];
  CnTensors*   tensors = NULL;
  (void)state;
  assert_int_equal(cn_tensors_open(file.data, file.size, &tensors, CN_FAULT(fault)), CN_STATUS_SUCCESS);
  memset(file.data, 0, file.size); // It is not looked at any more
  assert_true(cn_tensors_are_compressed(tensors));
  assert_int_equal(cn_tensors_size(tensors), plain_size);
  assert_int_equal(cn_tensors_read(tensors, "w", &shape, 1, values, CN_FAULT(fault)), CN_STATUS_SUCCESS);
  for (size_t i = 0; i < N_COLUMNS; ++i) {
    assert_true(values[i] == (float)numbers.data[i]);
  }
  cn_tensors_free(tensors);
  free(numbers.data);
  free(file.data);
}

static void
test_what_is_no_file_of_tensors_inside_is_refused(void** state)
{
  const File plain             = make_plain();
  const File small             = compress(plain);
  char       fault[FAULT_SIZE] = "";
  CnTensors* tensors           = NULL;
  (void)state;
  assert_int_equal(cn_tensors_open(small.data, small.size, &tensors, CN_FAULT(fault)), CN_STATUS_TOO_LARGE);
  assert_non_null(strstr(fault, "no safetensors file"));
  assert_int_equal(cn_tensors_open(small.data, small.size - 1, &tensors, CN_FAULT(fault)),
                   CN_STATUS_TRUNCATED);
  assert_null(tensors);
  free(small.data);
  free(plain.data);
}

static void
test_survives_failing_allocations(void** state)
{
  size_t     plain_size        = 0;
  const File file              = write_tensors(&plain_size);
  const long live              = test_alloc_live();
  char       fault[FAULT_SIZE] = "";
  CnTensors* tensors           = NULL;
  CnStatus   status            = CN_STATUS_NO_MEMORY;
  long       n_failed          = 0;
  (void)state;
  for (; status == CN_STATUS_NO_MEMORY; ++n_failed) {
    test_alloc_fail_at(n_failed);
    status = cn_tensors_open(file.data, file.size, &tensors, CN_FAULT(fault));
    test_alloc_fail_at(-1);
    if (status) {
      assert_null(tensors);
      assert_non_null(strstr(fault, "no memory"));
      assert_int_equal(test_alloc_live(), live);
    }
  }
  assert_int_equal(status, CN_STATUS_SUCCESS);
  assert_true(n_failed > 2);
  cn_tensors_free(tensors);

  uint8_t* data = NULL;
  size_t   size = 0;
  test_alloc_fail_at(0);
  status = cn_compress(file.data, file.size, &data, &size);
  test_alloc_fail_at(-1);
  assert_int_equal(status, CN_STATUS_NO_MEMORY);
  assert_null(data);
  assert_int_equal(test_alloc_live(), live);
  free(file.data);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_is_compressed_comes_back),
      cmocka_unit_test(test_truncation_anywhere_is_refused),
      cmocka_unit_test(test_what_follows_is_refused),
      cmocka_unit_test(test_any_wrong_byte_is_refused),
      cmocka_unit_test(test_bombs_are_refused),
      cmocka_unit_test(test_nothing_is_written_that_would_be_refused),
      cmocka_unit_test(test_tensors_are_read_from_compressed_files),
      cmocka_unit_test(test_what_is_no_file_of_tensors_inside_is_refused),
      cmocka_unit_test(test_survives_failing_allocations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
