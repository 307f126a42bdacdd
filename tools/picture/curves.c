// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/picture/curves.h"

#include "tools/picture/curves_internal.h"
#include "tools/picture/picture.h"

#include <stdio.h>
#include <stdlib.h>

static CnStatus
save_curves(const CnCurves* const curves, const CnCurvesOptions* const options, const CnPictureFormat format,
            char* const fault, const size_t fault_size)
{
  char           text[256] = "";
  const CnPage   page      = {format, options->width, cn_curves_height(curves), curves, cn_curves_paint};
  const CnStatus status    = cn_picture_save(&page, options->output, text, sizeof(text));
  if (status) {
    snprintf(fault, fault_size, "%s: %s", options->output, text);
  }
  return status;
}

CnStatus
cn_curves_draw(const CnCurvesOptions* const options, char* const fault, const size_t fault_size)
{
  CnPictureFormat format = CN_PICTURE_PNG;
  if (!cn_picture_format(options->output, &format)) {
    snprintf(fault, fault_size, "%s: " CN_PICTURE_UNKNOWN, options->output);
    return CN_STATUS_BAD_ARG;
  }
  CnCurves* const curves = calloc(1, sizeof(CnCurves));
  if (!curves) {
    snprintf(fault, fault_size, "%s: %s", options->output, cn_strerror(CN_STATUS_NO_MEMORY));
    return CN_STATUS_NO_MEMORY;
  }
  CnStatus status = cn_curves_load(curves, options, fault, fault_size);
  if (!status) {
    status = save_curves(curves, options, format, fault, fault_size);
  }
  cn_curves_free(curves);
  return status;
}

CnStatus
cn_curves_save(const char* const csv_path, const char* const picture_path, char* const fault,
               const size_t fault_size)
{
  const CnCurvesOptions options = {
      .paths = &csv_path, .n_paths = 1, .output = picture_path, .width = CN_PICTURE_WIDTH_DEFAULT};
  return cn_curves_draw(&options, fault, fault_size);
}
