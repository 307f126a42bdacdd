// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/file/safetensors.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FAULT_SIZE 256

/// A file in memory
typedef struct {
  uint8_t* data;
  size_t   size;
} File;

/// Make a file of a header and `n_data` zero bytes, in a block of exactly its size
static File
make_file(const char* const header, const size_t n_data)
{
  const size_t length = strlen(header);
  const File   file   = {(uint8_t*)calloc(1, 8 + length + n_data), 8 + length + n_data};
  assert_non_null(file.data);
  for (size_t i = 0; i < 8; ++i) {
    file.data[i] = (uint8_t)((uint64_t)length >> (8 * i));
  }
  memcpy(file.data + 8, header, length);
  return file;
}

static void
put_u64(uint8_t* const bytes, const uint64_t value)
{
  for (size_t i = 0; i < 8; ++i) {
    bytes[i] = (uint8_t)(value >> (8 * i));
  }
}

/// Assert that a file is refused, for the reason in `status` and in words that hold `words`
static void
assert_refused(const File file, const CnStatus status, const char* const words)
{
  char       fault[FAULT_SIZE] = "";
  CnTensors* tensors           = (CnTensors*)fault;
  assert_int_equal(cn_tensors_open(file.data, file.size, &tensors, CN_FAULT(fault)), status);
  assert_null(tensors);
  if (!strstr(fault, words)) {
    fail_msg("fault \"%s\" has no \"%s\"", fault, words);
  }
}

static const size_t matrix_shape[] = {2, 3};
static const float  matrix[]       = {0.0f, -1.0f, 0.5f, 65504.0f, 0x1p-24f, -0.25f};
static const float  scalar         = 3.0f;

/// A file with a matrix of each type, a scalar, and two entries of metadata
static File
write_example(void)
{
  CnTensorsWriter* const writer = cn_tensors_writer_new();
  assert_non_null(writer);
  assert_int_equal(cn_tensors_writer_add_metadata(writer, "zeta", "first \"in\""), CN_STATUS_SUCCESS);
  assert_int_equal(cn_tensors_writer_add_metadata(writer, "alpha", "Händel"), CN_STATUS_SUCCESS);
  assert_int_equal(cn_tensors_writer_add(writer, "full", CN_DTYPE_F32, matrix_shape, 2, matrix), 0);
  assert_int_equal(cn_tensors_writer_add(writer, "half", CN_DTYPE_F16, matrix_shape, 2, matrix), 0);
  assert_int_equal(cn_tensors_writer_add(writer, "brain", CN_DTYPE_BF16, matrix_shape, 2, matrix), 0);
  assert_int_equal(cn_tensors_writer_add(writer, "a scalar", CN_DTYPE_F32, NULL, 0, &scalar), 0);
  File file = {NULL, 0};
  assert_int_equal(cn_tensors_writer_finish(writer, &file.data, &file.size), CN_STATUS_SUCCESS);
  cn_tensors_writer_free(writer);
  return file;
}

static CnTensors*
open_file(const File file)
{
  char       fault[FAULT_SIZE] = "x";
  CnTensors* tensors           = NULL;
  if (cn_tensors_open(file.data, file.size, &tensors, CN_FAULT(fault))) {
    fail_msg("refused: %s", fault);
  }
  assert_string_equal(fault, "");
  return tensors;
}

static void
test_listing_has_names_types_and_shapes(void** state)
{
  (void)state;
  const File       file    = write_example();
  CnTensors* const tensors = open_file(file);
  assert_int_equal(cn_tensors_count(tensors), 4);
  const CnTensorInfo* const half = cn_tensors_get(tensors, 1);
  assert_string_equal(half->name, "half");
  assert_string_equal(half->dtype_name, "F16");
  assert_int_equal(half->dtype, CN_DTYPE_F16);
  assert_int_equal(half->rank, 2);
  assert_int_equal(half->shape[0], 2);
  assert_int_equal(half->shape[1], 3);
  assert_int_equal(half->n_elements, 6);
  assert_int_equal(cn_tensors_get(tensors, 3)->rank, 0);
  assert_int_equal(cn_tensors_get(tensors, 3)->n_elements, 1);
  assert_null(cn_tensors_get(tensors, 4));
  assert_ptr_equal(cn_tensors_find(tensors, "half"), half);
  assert_null(cn_tensors_find(tensors, "hal"));
  cn_tensors_free(tensors);
  free(file.data);
}

static void
test_metadata_is_kept_in_order(void** state)
{
  (void)state;
  const File       file    = write_example();
  CnTensors* const tensors = open_file(file);
  assert_int_equal(cn_tensors_metadata_count(tensors), 2);
  assert_string_equal(cn_tensors_metadata_get(tensors, 0)->key, "zeta");
  assert_string_equal(cn_tensors_metadata_get(tensors, 0)->value, "first \"in\"");
  assert_null(cn_tensors_metadata_get(tensors, 2));
  assert_string_equal(cn_tensors_metadata(tensors, "alpha"), "Händel");
  assert_null(cn_tensors_metadata(tensors, "beta"));
  cn_tensors_free(tensors);
  free(file.data);
}

static void
test_values_survive(void** state)
{
  (void)state;
  const File       file              = write_example();
  CnTensors* const tensors           = open_file(file);
  char             fault[FAULT_SIZE] = "x";
  float            out[6]            = {0};
  assert_int_equal(cn_tensors_read(tensors, "full", matrix_shape, 2, out, CN_FAULT(fault)), 0);
  assert_string_equal(fault, "");
  assert_memory_equal(out, matrix, sizeof(matrix));
  assert_int_equal(cn_tensors_read(tensors, "half", matrix_shape, 2, out, CN_NO_FAULT), 0);
  assert_memory_equal(out, matrix, sizeof(matrix)); // All of them are halves
  assert_int_equal(cn_tensors_read(tensors, "brain", matrix_shape, 2, out, CN_NO_FAULT), 0);
  assert_true(out[1] == -1.0f && out[3] == 65536.0f && out[4] == 0x1p-24f);
  assert_int_equal(cn_tensors_read(tensors, "a scalar", NULL, 0, out, CN_NO_FAULT), 0);
  assert_true(out[0] == scalar);
  cn_tensors_free(tensors);
  free(file.data);
}

static void
test_eight_bits_are_rounded_and_scaled(void** state)
{
  static const float rows[6]  = {0.0f, -1.0f, 0.25f, 254.0f, 2.9f, -127.0f};
  static const float large[6] = {0.0f, 0.0f, 0.0f, 0.0f, -1e33f, 0.0f}; // Of a scale that no reader takes

  (void)state;
  CnTensorsWriter* const writer = cn_tensors_writer_new();
  File                   file   = {NULL, 0};
  assert_int_equal(cn_tensors_writer_add(writer, "w", CN_DTYPE_I8, matrix_shape, 2, rows), 0);
  assert_int_equal(cn_tensors_writer_add(writer, "s", CN_DTYPE_I8, NULL, 0, rows), CN_STATUS_BAD_ARG);
  assert_int_equal(cn_tensors_writer_add(writer, "l", CN_DTYPE_I8, matrix_shape, 2, large),
                   CN_STATUS_BAD_VALUE);
  assert_int_equal(cn_tensors_writer_finish(writer, &file.data, &file.size), CN_STATUS_SUCCESS);
  cn_tensors_writer_free(writer);
  CnTensors* const tensors = open_file(file);
  int8_t           q[6]    = {0};
  float            scales[2];
  float            out[6];
  assert_int_equal(cn_tensors_count(tensors), 2);
  assert_string_equal(cn_tensors_get(tensors, 0)->dtype_name, "I8");
  assert_string_equal(cn_tensors_get(tensors, 1)->name, "w.scales");
  assert_int_equal(cn_tensors_read_int8(tensors, "w", 2, 3, q, scales, CN_NO_FAULT), 0);
  assert_memory_equal(q, ((const int8_t[]){0, -127, 32, 127, 1, -64}), sizeof(q));
  assert_true(scales[0] == 1.0f / 127.0f && scales[1] == 2.0f);
  assert_int_equal(cn_tensors_read(tensors, "w", matrix_shape, 2, out, CN_NO_FAULT), 0);
  for (unsigned i = 0; i < 6; ++i) {
    assert_true(out[i] == (float)q[i] * scales[i / 3]);
  }
  cn_tensors_free(tensors);
  free(file.data);
}

static void
test_eight_bits_without_sound_scales_are_refused(void** state)
{
#define ONE_BYTE(scales) "{\"w\":{\"dtype\":\"I8\",\"shape\":[1,1],\"data_offsets\":[0,1]}" scales "}"
#define SCALES(dtype, end) \
  ",\"w.scales\":{\"dtype\":\"" dtype "\",\"shape\":[1],\"data_offsets\":[1," end "]}"
#define NO_SCALE "tensor 'w.scales': element 0 is no scale, from 0 to 1e+30"
  static const struct {
    const char* header;
    size_t      size;
    uint8_t     bytes[5];
    const char* fault;
  } bad[] = {
      {ONE_BYTE(""), 1, {1}, "no tensor 'w.scales'"},
      {ONE_BYTE(SCALES("F16", "3")), 3, {1}, "tensor 'w.scales': not F32, as scales are"},
      {ONE_BYTE(SCALES("F32", "5")), 5, {0x80}, "tensor 'w': element 0 is none of -127 to 127"},
      {ONE_BYTE(SCALES("F32", "5")), 5, {1, 0, 0, 0xC0, 0x7F}, NO_SCALE}, // Not a number
      {ONE_BYTE(SCALES("F32", "5")), 5, {1, 0, 0, 0x80, 0xBF}, NO_SCALE}, // -1
      {ONE_BYTE(SCALES("F32", "5")), 5, {1, 0, 0, 0x80, 0x72}, NO_SCALE}, // 2^102
  };

  (void)state;
  const size_t one[] = {1, 1};
  for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    const File file = make_file(bad[i].header, bad[i].size);
    memcpy(file.data + file.size - bad[i].size, bad[i].bytes, bad[i].size);
    CnTensors* const tensors           = open_file(file);
    char             fault[FAULT_SIZE] = "";
    int8_t           q                 = 0;
    float            value             = 0.0f;
    assert_true(cn_tensors_read_int8(tensors, "w", 1, 1, &q, &value, CN_FAULT(fault)));
    assert_string_equal(fault, bad[i].fault);
    assert_true(cn_tensors_read(tensors, "w", one, 2, &value, CN_FAULT(fault)));
    assert_string_equal(fault, bad[i].fault);
    cn_tensors_free(tensors);
    free(file.data);
  }
}

static void
test_reading_checks_name_and_shape(void** state)
{
  (void)state;
  const File       file              = write_example();
  CnTensors* const tensors           = open_file(file);
  char             fault[FAULT_SIZE] = "";
  float            out[6]            = {0};
  const size_t     turned[]          = {3, 2};
  assert_int_equal(cn_tensors_read(tensors, "none", turned, 2, out, CN_FAULT(fault)), CN_STATUS_BAD_SHAPE);
  assert_string_equal(fault, "no tensor 'none'");
  assert_int_equal(cn_tensors_read(tensors, "full", turned, 2, out, CN_FAULT(fault)), CN_STATUS_BAD_SHAPE);
  assert_string_equal(fault, "tensor 'full': shape (2, 3), expected (3, 2)");
  assert_int_equal(cn_tensors_read(tensors, "full", turned, 0, out, CN_FAULT(fault)), CN_STATUS_BAD_SHAPE);
  assert_int_equal(cn_tensors_read(tensors, "full", matrix_shape, 1, out, ((CnFault){fault, 8})),
                   CN_STATUS_BAD_SHAPE);
  assert_string_equal(fault, "tensor ");
  cn_tensors_free(tensors);
  free(file.data);
}

static void
test_other_types_are_listed_but_not_read(void** state)
{
  (void)state;
  const File       file = make_file("{\"steps\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]}}", 8);
  CnTensors* const tensors           = open_file(file);
  char             fault[FAULT_SIZE] = "";
  float            out               = 0;
  assert_string_equal(cn_tensors_get(tensors, 0)->dtype_name, "I64");
  assert_int_equal(cn_tensors_get(tensors, 0)->dtype, CN_DTYPE_OTHER);
  assert_int_equal(cn_tensors_read(tensors, "steps", NULL, 0, &out, CN_FAULT(fault)), CN_STATUS_UNSUPPORTED);
  assert_string_equal(fault, "tensor 'steps': dtype I64 cannot be read");
  cn_tensors_free(tensors);
  free(file.data);
}

static void
test_values_that_are_not_finite_are_refused(void** state)
{
  (void)state;
  static const uint32_t bad[]   = {0x7FC00000, 0xFF800001, 0x7F800000, 0xFF800000};
  const size_t          shape[] = {2};
  const File       file    = make_file("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8);
  CnTensors* const tensors = open_file(file);
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    char  fault[FAULT_SIZE] = "";
    float out[2]            = {0};
    put_u64(file.data + file.size - 8, (uint64_t)bad[i] << 32);
    assert_int_equal(cn_tensors_read(tensors, "w", shape, 1, out, CN_FAULT(fault)), CN_STATUS_BAD_VALUE);
    assert_string_equal(fault, "tensor 'w': element 1 is not finite");
  }
  cn_tensors_free(tensors);
  free(file.data);
}

static void
test_truncation_anywhere_is_refused(void** state)
{
  (void)state;
  const File file = write_example();
  for (size_t size = 0; size < file.size; ++size) {
    uint8_t* const part              = (uint8_t*)malloc(size + !size); // So that a sanitizer sees its end
    char           fault[FAULT_SIZE] = "";
    CnTensors*     tensors           = NULL;
    memcpy(part, file.data, size);
    const CnStatus st = cn_tensors_open(part, size, &tensors, CN_FAULT(fault));
    assert_int_equal(st, CN_STATUS_TRUNCATED);
    assert_true(strlen(fault) > 0);
    free(part);
  }
  free(file.data);
}

static void
test_header_length_is_checked(void** state)
{
  (void)state;
  static const struct {
    uint64_t    length;
    CnStatus    status;
    const char* words;
  } cases[] = {
      {15, CN_STATUS_TRUNCATED, "header ends at byte 23, file has 22"},
      {100000000, CN_STATUS_TRUNCATED, "header ends at byte 100000008, file has 22"},
      {100000001, CN_STATUS_TOO_LARGE, "header of 100000001 bytes"},
      {UINT64_MAX, CN_STATUS_TOO_LARGE, "header of 18446744073709551615 bytes"},
      {UINT64_MAX - 7, CN_STATUS_TOO_LARGE, "header of"},
      {(uint64_t)1 << 32, CN_STATUS_TOO_LARGE, "header of"},
      {0, CN_STATUS_BAD_SYNTAX, "header is not a JSON object"},
      {2, CN_STATUS_BAD_VALUE, "12 bytes after the last tensor"},
  };
  const File file = make_file("{}            ", 0);
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    put_u64(file.data, cases[i].length);
    assert_refused(file, cases[i].status, cases[i].words);
  }
  put_u64(file.data, 14);
  CnTensors* const tensors = open_file(file);
  assert_int_equal(cn_tensors_count(tensors), 0);
  cn_tensors_free(tensors);
  free(file.data);
}

/// A header that is wrong, and what is to be said of it; there are 8 bytes of data
typedef struct {
  CnStatus    status;
  const char* words;
  const char* header;
} BadHeader;

#define ENTRY(name, dtype, shape, offsets) \
  "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":" offsets "}"
#define ONE(dtype, shape, offsets) "{" ENTRY("w", dtype, shape, offsets) "}"

static const BadHeader bad_headers[] = {
    // Not the format
    {CN_STATUS_BAD_SYNTAX, "not a JSON object", "[]"},
    {CN_STATUS_BAD_SYNTAX, "not a JSON object", " {}"},
    {CN_STATUS_BAD_SYNTAX, "header: ", "{\"w\"}"},
    {CN_STATUS_BAD_SYNTAX, "header: ", "{} {}"},
    {CN_STATUS_BAD_SYNTAX, "header: ", "{\"\xFF\":1}"},
    {CN_STATUS_BAD_SYNTAX, "header: ", "{\"a\\u0000b\":1}"},
    {CN_STATUS_BAD_SYNTAX, "nested deeper than 8", "{\"[\":[[[[[[[[[[[[]]]]]]]]]]]]}"},
    {CN_STATUS_BAD_SYNTAX, "duplicate object key",
     "{" ENTRY("w", "F32", "[1]", "[0,4]") "," ENTRY("w", "F32", "[1]", "[4,8]") "}"},
    {CN_STATUS_BAD_SYNTAX, "duplicate object key", "{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}"},
    {CN_STATUS_BAD_SYNTAX, "metadata is not a JSON object", "{\"__metadata__\":\"a\"}"},
    {CN_STATUS_BAD_SYNTAX, "metadata 'a' is not a string", "{\"__metadata__\":{\"a\":1}}"},
    {CN_STATUS_BAD_SYNTAX, "tensor 'w' is not a JSON object", "{\"w\":[]}"},
    // Types
    {CN_STATUS_BAD_SYNTAX, "tensor 'w': no dtype", "{\"w\":{\"shape\":[2],\"data_offsets\":[0,8]}}"},
    {CN_STATUS_BAD_SYNTAX, "tensor 'w': no dtype", "{\"w\":{\"dtype\":1,\"shape\":[2]}}"},
    {CN_STATUS_UNSUPPORTED, "tensor 'w': unknown dtype 'F128'", ONE("F128", "[2]", "[0,8]")},
    {CN_STATUS_UNSUPPORTED, "unknown dtype '?[2J'", ONE("\\u001b[2J", "[2]", "[0,8]")},
    // Shapes
    {CN_STATUS_BAD_SYNTAX, "tensor 'w': no shape", "{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}"},
    {CN_STATUS_BAD_SYNTAX, "tensor 'w': no shape", ONE("F32", "2", "[0,8]")},
    {CN_STATUS_UNSUPPORTED, "5 dimensions", ONE("F32", "[1,1,2,1,1]", "[0,8]")},
    {CN_STATUS_BAD_VALUE, "dimension 0 is not a positive integer", ONE("F32", "[0]", "[0,0]")},
    {CN_STATUS_BAD_VALUE, "dimension 1 is not a positive integer", ONE("F32", "[2,-1]", "[0,8]")},
    {CN_STATUS_BAD_VALUE, "dimension 0 is not a positive integer", ONE("F32", "[2.0]", "[0,8]")},
    {CN_STATUS_BAD_VALUE, "dimension 0 is not a positive integer", ONE("F32", "[\"2\"]", "[0,8]")},
    {CN_STATUS_BAD_SYNTAX, "too big integer", ONE("F32", "[18446744073709551618]", "[0,8]")},
    {CN_STATUS_TOO_LARGE, "shape is too large", ONE("F32", "[4611686018427387904]", "[0,0]")},
    {CN_STATUS_TOO_LARGE, "shape is too large", ONE("F32", "[4294967296,4294967296,2]", "[0,0]")},
    {CN_STATUS_TOO_LARGE, "shape is too large", ONE("U8", "[9223372036854775807,3]", "[0,8]")},
    {CN_STATUS_BAD_VALUE, "8 bytes of data, its shape needs 4", ONE("F32", "[1]", "[0,8]")},
    {CN_STATUS_BAD_VALUE, "8 bytes of data, its shape needs 4", ONE("F16", "[2]", "[0,8]")},
    {CN_STATUS_BAD_VALUE, "8 bytes of data, its shape needs 16", ONE("F64", "[2]", "[0,8]")},
    // Places
    {CN_STATUS_BAD_SYNTAX, "data_offsets are not two integers", "{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}}"},
    {CN_STATUS_BAD_SYNTAX, "data_offsets are not two integers", ONE("F32", "[2]", "[0,4,8]")},
    {CN_STATUS_BAD_SYNTAX, "data_offsets are not two integers", ONE("F32", "[2]", "[0,8.0]")},
    {CN_STATUS_BAD_VALUE, "data from byte -8 to 0", ONE("F32", "[2]", "[-8,0]")},
    {CN_STATUS_BAD_VALUE, "data from byte 8 to 0", ONE("F32", "[2]", "[8,0]")},
    {CN_STATUS_TRUNCATED, "data ends at byte 12 of the data, which have 8", ONE("F32", "[3]", "[0,12]")},
    {CN_STATUS_TRUNCATED, "data ends at byte 9223372036854775807",
     ONE("U8", "[9]", "[0,9223372036854775807]")},
    {CN_STATUS_BAD_VALUE, "tensor 'v': data begins at byte 2, inside a tensor up to byte 4",
     "{" ENTRY("w", "F32", "[1]", "[0,4]") "," ENTRY("v", "U8", "[6]", "[2,8]") "}"},
    {CN_STATUS_BAD_VALUE, "inside a tensor up to byte 8",
     "{" ENTRY("w", "F32", "[2]", "[0,8]") "," ENTRY("v", "F32", "[2]", "[0,8]") "}"},
    {CN_STATUS_BAD_VALUE, "tensor 'v': data begins at byte 6, after a hole from byte 4",
     "{" ENTRY("w", "F32", "[1]", "[0,4]") "," ENTRY("v", "F16", "[1]", "[6,8]") "}"},
    {CN_STATUS_BAD_VALUE, "after a hole from byte 0", ONE("F32", "[1]", "[4,8]")},
    {CN_STATUS_BAD_VALUE, "4 bytes after the last tensor", ONE("F32", "[1]", "[0,4]")},
};

static void
test_each_bad_header_is_refused_in_words(void** state)
{
  (void)state;
  for (size_t i = 0; i < sizeof(bad_headers) / sizeof(bad_headers[0]); ++i) {
    const File file = make_file(bad_headers[i].header, 8);
    assert_refused(file, bad_headers[i].status, bad_headers[i].words);
    free(file.data);
  }
}

static void
test_order_of_header_does_not_matter(void** state)
{
  (void)state;
  const File file =
      make_file("{" ENTRY("b", "F32", "[1]", "[4,8]") "," ENTRY("a", "F32", "[1]", "[0,4]") "}", 8);
  CnTensors* const tensors = open_file(file);
  assert_string_equal(cn_tensors_get(tensors, 0)->name, "a");
  assert_string_equal(cn_tensors_get(tensors, 1)->name, "b");
  cn_tensors_free(tensors);
  free(file.data);
}

static void
test_brackets_in_names_are_no_nesting(void** state)
{
  (void)state;
  const File       file    = make_file("{" ENTRY("[[[[[\\\"{{{{{{{{{{", "F32", "[2]", "[0,8]") "}", 8);
  CnTensors* const tensors = open_file(file);
  assert_string_equal(cn_tensors_get(tensors, 0)->name, "[[[[[\"{{{{{{{{{{");
  cn_tensors_free(tensors);
  free(file.data);
}

static void
test_writer_is_deterministic_and_aligned(void** state)
{
  (void)state;
  const File a = write_example();
  const File b = write_example();
  assert_int_equal(a.size, b.size);
  assert_memory_equal(a.data, b.data, a.size);
  assert_int_equal(a.data[0] % 8, 0);
  assert_int_equal(a.size, 8 + a.data[0] + a.data[1] * 256 + 6 * (4 + 2 + 2) + 4);
  free(a.data);
  free(b.data);
}

static void
test_writer_writes_the_format(void** state)
{
  (void)state;
  const float            value  = 1.0f;
  const size_t           one    = 1;
  CnTensorsWriter* const writer = cn_tensors_writer_new();
  File                   file   = {NULL, 0};
  assert_int_equal(cn_tensors_writer_add_metadata(writer, "k", "v"), 0);
  assert_int_equal(cn_tensors_writer_add(writer, "w", CN_DTYPE_F16, &one, 1, &value), 0);
  assert_int_equal(cn_tensors_writer_finish(writer, &file.data, &file.size), 0);
  static const char expected[] = "\x50\0\0\0\0\0\0\0{\"__metadata__\":{\"k\":\"v\"},"
                                 "\"w\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}} \x00\x3C";
  assert_int_equal(file.size, sizeof(expected) - 1);
  assert_memory_equal(file.data, expected, file.size);
  cn_tensors_writer_free(writer);
  free(file.data);
}

static void
test_writer_refuses_nonsense_and_adds_nothing(void** state)
{
  (void)state;
  const size_t           shape[] = {2, 0, 1, 1, 1};
  const size_t           huge[]  = {SIZE_MAX / 2, 3};
  const float            bad[]   = {1.0f, NAN};
  const float            big[]   = {1.0f, 65520.0f};
  CnTensorsWriter* const writer  = cn_tensors_writer_new();
  assert_int_equal(cn_tensors_writer_add(writer, "w", CN_DTYPE_F32, shape, 1, bad), CN_STATUS_BAD_VALUE);
  assert_int_equal(cn_tensors_writer_add(writer, "w", CN_DTYPE_F16, shape, 1, big), CN_STATUS_BAD_VALUE);
  assert_int_equal(cn_tensors_writer_add(writer, "w", CN_DTYPE_F32, shape, 2, big), CN_STATUS_BAD_SHAPE);
  assert_int_equal(cn_tensors_writer_add(writer, "w", CN_DTYPE_F32, shape, 5, big), CN_STATUS_BAD_ARG);
  assert_int_equal(cn_tensors_writer_add(writer, "w", CN_DTYPE_F32, huge, 2, big), CN_STATUS_TOO_LARGE);
  assert_int_equal(cn_tensors_writer_add(writer, "w", CN_DTYPE_OTHER, shape, 1, big), CN_STATUS_BAD_ARG);
  assert_int_equal(cn_tensors_writer_add(writer, "\xFF", CN_DTYPE_F32, shape, 1, big), CN_STATUS_BAD_ARG);
  assert_int_equal(cn_tensors_writer_add(writer, "__metadata__", CN_DTYPE_F32, shape, 1, big),
                   CN_STATUS_BAD_ARG);
  assert_int_equal(cn_tensors_writer_add(writer, "w", CN_DTYPE_F32, shape, 1, big), CN_STATUS_SUCCESS);
  assert_int_equal(cn_tensors_writer_add(writer, "w", CN_DTYPE_F32, shape, 1, big), CN_STATUS_BAD_ARG);
  assert_int_equal(cn_tensors_writer_add_metadata(writer, "k", "v"), CN_STATUS_SUCCESS);
  assert_int_equal(cn_tensors_writer_add_metadata(writer, "k", "w"), CN_STATUS_BAD_ARG);
  assert_int_equal(cn_tensors_writer_add_metadata(writer, "l", "\xFF"), CN_STATUS_BAD_ARG);

  File file = {NULL, 0};
  assert_int_equal(cn_tensors_writer_finish(writer, &file.data, &file.size), CN_STATUS_SUCCESS);
  CnTensors* const tensors = open_file(file);
  assert_int_equal(cn_tensors_count(tensors), 1);
  assert_int_equal(cn_tensors_metadata_count(tensors), 1);
  cn_tensors_free(tensors);
  cn_tensors_writer_free(writer);
  free(file.data);
}

static void
test_bytes_are_written_as_they_are(void** state)
{
  (void)state;
  static const int8_t bytes[]   = {-127, 3, 0, 10, -10, 1};
  static const int8_t lowest[]  = {1, -128, 0, 0, 0, 0};
  static const float  scales[]  = {0.25f, 3.0f};
  static const float  beneath[] = {0.25f, -3.0f};
  static const float  endless[] = {INFINITY, 1.0f};
  int8_t              is[6];
  float               is_scaled[2];
  File                file   = {NULL, 0};
  CnTensorsWriter*    writer = cn_tensors_writer_new();
  assert_int_equal(cn_tensors_writer_add_int8(writer, "w", 2, 3, lowest, scales), CN_STATUS_BAD_VALUE);
  assert_int_equal(cn_tensors_writer_add_int8(writer, "w", 2, 3, bytes, beneath), CN_STATUS_BAD_VALUE);
  assert_int_equal(cn_tensors_writer_add_int8(writer, "w", 2, 3, bytes, endless), CN_STATUS_BAD_VALUE);
  assert_int_equal(cn_tensors_writer_add_int8(writer, "w", 0, 3, bytes, scales), CN_STATUS_BAD_SHAPE);
  assert_int_equal(cn_tensors_writer_add_int8(writer, "w", 2, 3, bytes, scales), CN_STATUS_SUCCESS);
  assert_int_equal(cn_tensors_writer_add_int8(writer, "w", 2, 3, bytes, scales), CN_STATUS_BAD_ARG);
  assert_int_equal(cn_tensors_writer_finish(writer, &file.data, &file.size), CN_STATUS_SUCCESS);
  cn_tensors_writer_free(writer);

  CnTensors* const tensors = open_file(file);
  assert_int_equal(cn_tensors_size(tensors), file.size);
  assert_false(cn_tensors_are_compressed(tensors));
  assert_int_equal(cn_tensors_count(tensors), 2);
  assert_int_equal(cn_tensors_read_int8(tensors, "w", 2, 3, is, is_scaled, CN_NO_FAULT), CN_STATUS_SUCCESS);
  assert_memory_equal(is, bytes, sizeof(bytes));
  assert_memory_equal(is_scaled, scales, sizeof(scales));
  cn_tensors_free(tensors);
  free(file.data);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_listing_has_names_types_and_shapes),
      cmocka_unit_test(test_metadata_is_kept_in_order),
      cmocka_unit_test(test_values_survive),
      cmocka_unit_test(test_eight_bits_are_rounded_and_scaled),
      cmocka_unit_test(test_eight_bits_without_sound_scales_are_refused),
      cmocka_unit_test(test_reading_checks_name_and_shape),
      cmocka_unit_test(test_other_types_are_listed_but_not_read),
      cmocka_unit_test(test_values_that_are_not_finite_are_refused),
      cmocka_unit_test(test_truncation_anywhere_is_refused),
      cmocka_unit_test(test_header_length_is_checked),
      cmocka_unit_test(test_each_bad_header_is_refused_in_words),
      cmocka_unit_test(test_order_of_header_does_not_matter),
      cmocka_unit_test(test_brackets_in_names_are_no_nesting),
      cmocka_unit_test(test_writer_is_deterministic_and_aligned),
      cmocka_unit_test(test_writer_writes_the_format),
      cmocka_unit_test(test_writer_refuses_nonsense_and_adds_nothing),
      cmocka_unit_test(test_bytes_are_written_as_they_are),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
