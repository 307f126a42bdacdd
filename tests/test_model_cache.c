// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tiny_model.h"

#include "plugin/model_cache.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct {
  char folder[64];
  char path[128];
  char other[128];
} Fixture;

static int
set_up(void** const state)
{
  Fixture* const self = (Fixture*)calloc(1, sizeof(Fixture));
  assert_non_null(self);
  strcpy(self->folder, "/tmp/continuo-XXXXXX");
  assert_non_null(mkdtemp(self->folder));
  snprintf(self->path, sizeof(self->path), "%s/a.safetensors", self->folder);
  snprintf(self->other, sizeof(self->other), "%s/b.safetensors", self->folder);
  assert_int_equal(cn_tiny_model(self->path, 1), CN_STATUS_SUCCESS);
  *state = self;
  return 0;
}

static int
tear_down(void** const state)
{
  Fixture* const self = *state;
  remove(self->path);
  remove(self->other);
  remove(self->folder);
  free(self);
  return 0;
}

static const CnModel*
get(const char* const path)
{
  char           fault[128] = "";
  const CnModel* model      = NULL;
  assert_int_equal(cn_model_cache_get(path, &model, fault, sizeof(fault)), CN_STATUS_SUCCESS);
  assert_non_null(model);
  return model;
}

static void
test_same_file_is_one_copy(void** const state)
{
  const Fixture* const self = *state;
  assert_return_code(symlink(self->path, self->other), 0);
  const CnModel* const first  = get(self->path);
  const CnModel* const second = get(self->path);
  const CnModel* const linked = get(self->other);
  assert_ptr_equal(first, second);
  assert_ptr_equal(first, linked);
  cn_model_cache_put(first);
  cn_model_cache_put(second);
  assert_int_not_equal(cn_model_id(linked), 0); // still there, as a sanitizer would tell
  assert_ptr_equal(get(self->path), linked);
  cn_model_cache_put(linked);
  cn_model_cache_put(linked);
}

static void
test_changed_file_is_another(void** const state)
{
  const Fixture* const self = *state;
  const CnModel* const old  = get(self->path);
  const uint64_t       id   = cn_model_id(old);
  assert_int_equal(cn_tiny_model(self->path, 2), CN_STATUS_SUCCESS);
  const CnModel* const new = get(self->path);
  assert_ptr_not_equal(new, old);
  assert_int_equal(cn_model_id(old), id);
  assert_int_not_equal(cn_model_id(new), id);
  cn_model_cache_put(old);
  cn_model_cache_put(new);
}

static void
test_what_cannot_be_read_is_named(void** const state)
{
  const Fixture* const self       = *state;
  char                 fault[128] = "";
  const CnModel*       model      = NULL;
  assert_int_equal(cn_model_cache_get(self->other, &model, fault, sizeof(fault)), CN_STATUS_IO);
  assert_null(model);
  assert_non_null(strstr(fault, "No such file"));
  assert_int_equal(cn_model_cache_get(self->folder, &model, fault, sizeof(fault)), CN_STATUS_IO);
  assert_non_null(strstr(fault, "directory"));
  assert_return_code(truncate(self->path, 100), 0);
  assert_int_not_equal(cn_model_cache_get(self->path, &model, fault, sizeof(fault)), CN_STATUS_SUCCESS);
  assert_null(model);
  cn_model_cache_put(NULL);
}

static void*
get_and_put(void* const path)
{
  for (int i = 0; i < 50; ++i) {
    cn_model_cache_put(get((const char*)path));
  }
  return NULL;
}

static void
test_threads_share(void** const state)
{
  Fixture* const self = *state;
  pthread_t      threads[4];
  for (int i = 0; i < 4; ++i) {
    assert_int_equal(pthread_create(&threads[i], NULL, get_and_put, self->path), 0);
  }
  for (int i = 0; i < 4; ++i) {
    pthread_join(threads[i], NULL);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_same_file_is_one_copy, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_changed_file_is_another, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_what_cannot_be_read_is_named, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_threads_share, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
