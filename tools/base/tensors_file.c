// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/base/tensors_file.h"

#include "tools/base/file.h"

#include <stdio.h>
#include <stdlib.h>

CnStatus
cn_tensors_add_number(CnTensorsWriter* const writer, const char* const key, const uint32_t number)
{
  char text[16];
  snprintf(text, sizeof(text), "%u", number);
  return cn_tensors_writer_add_metadata(writer, key, text);
}

CnStatus
cn_tensors_add_entries(CnTensorsWriter* const writer, const CnTensorsMetadata* const metadata, const size_t n)
{
  for (size_t i = 0; i < n; ++i) {
    CN_TRY(cn_tensors_writer_add_metadata(writer, metadata[i].key, metadata[i].value));
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_tensors_write(const CnTensorsWriter* const writer, const char* const path)
{
  uint8_t* data = NULL;
  size_t   size = 0;
  CN_TRY(cn_tensors_writer_finish(writer, &data, &size));
  const CnStatus status = cn_file_write(path, data, size);
  free(data);
  return status;
}
