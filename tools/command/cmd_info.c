// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/command/commands.h"

#include "tools/base/file.h"
#include "tools/base/options.h"
#include "tools/command/toolsets.h"
#include "tools/corpus/score_file.h"
#include "tools/judge/info.h"

#include "dsp/file/compressed.h"
#include "dsp/file/smf.h"
#include "dsp/model/any_model.h"
#include "dsp/model/architectures.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define COMMAND "info"

/// More than any piece or model of ours
#define MAX_FILE_SIZE ((size_t)1 << 30)

enum { MAX_FAULT = 256 };

static const char help[] =
    "Usage: continuo info [--json] FILE\n"
    "\n"
    "Say what is in a weights file (.safetensors, compressed or not) or a MIDI file: of a model\n"
    "its network, where it comes from and its licence; of a piece its length, metre, tempo and\n"
    "notes, and how well it lies on Continuo's grid.  The kind is told by content, not by name.\n"
    "A damaged file is an error that says what is wrong.\n"
    "\n"
    "Options:\n"
    "      --json  print one JSON object, for programs\n"
    "      --help  show this and exit\n"
    "\n"
    "Examples:\n"
    "  continuo info build/continuo.lv2/models/default.safetensors.zst\n"
    "  continuo info --json prelude.mid | jq .seconds\n";

typedef struct {
  const char* path;
  uint8_t*    data;
  size_t      size;
  bool        as_json;
} Subject;

static int
print_json(json_t* const json)
{
  const bool printed = json && !json_dumpf(json, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
  json_decref(json);
  if (!printed) {
    return cn_error_print(COMMAND, "standard output", "cannot be written");
  }
  printf("\n");
  return CN_EXIT_OK;
}

static int
report_fault(const Subject* const subject, const CnStatus status, const char* const fault)
{
  return cn_error_print(COMMAND, subject->path, "%s", fault[0] ? fault : cn_strerror(status));
}

/// Tell of a piece; `is_sure`: by how it begins, the file can be nothing else
static int
tell_score(const Subject* const subject, const bool is_sure)
{
  CnScore*       score            = NULL;
  char           fault[MAX_FAULT] = "";
  const CnStatus status           = cn_smf_read(subject->data, subject->size, &score, CN_FAULT(fault));
  if (status) {
    return is_sure
               ? report_fault(subject, status, fault)
               : cn_error_print(COMMAND, subject->path, "neither a weights file nor a MIDI file: %s", fault);
  }

  cn_score_warn(subject->path, score);
  int result = CN_EXIT_OK;
  if (subject->as_json) {
    result = print_json(cn_score_json(subject->path, score));
  } else {
    cn_score_describe(subject->path, score, stdout);
  }
  cn_score_free(score);
  return result;
}

/// Tell of an opened weights file; one that calls itself a model that Continuo can play must be sound
static int
tell_tensors(const Subject* const subject, const CnTensors* const tensors)
{
  CnAnyModel                  model            = {NULL, NULL};
  char                        fault[MAX_FAULT] = "";
  const CnArchitecture* const architecture =
      cn_architecture_find(cn_tensors_metadata(tensors, "architecture"));
  if (architecture) {
    const CnStatus status = cn_any_model_read(tensors, &model, CN_FAULT(fault));
    if (status) {
      return report_fault(subject, status, fault);
    }
  }

  const CnWeightsInfo info   = {subject->path, subject->size, tensors, model,
                                cn_toolset_of(architecture)->judge};
  int                 result = CN_EXIT_OK;
  if (subject->as_json) {
    result = print_json(cn_weights_json(&info));
  } else {
    cn_weights_describe(&info, stdout);
  }
  cn_any_model_free(&model);
  return result;
}

static int
tell_weights(const Subject* const subject)
{
  CnTensors*     tensors          = NULL;
  char           fault[MAX_FAULT] = "";
  const CnStatus status           = cn_tensors_open(subject->data, subject->size, &tensors, CN_FAULT(fault));
  if (status) {
    return report_fault(subject, status, fault);
  }

  const int result = tell_tensors(subject, tensors);
  cn_tensors_free(tensors);
  return result;
}

/// Both formats begin with something that no other file does: a chunk's name, or a length and a brace; of
/// compressed files only weights are read.  What else there is may be a MIDI file behind other bytes
static int
tell(const Subject* const subject)
{
  if (!subject->size) {
    return cn_error_print(COMMAND, subject->path, "the file is empty");
  }
  if (subject->size >= 4 && (!memcmp(subject->data, "MThd", 4) || !memcmp(subject->data, "RIFF", 4))) {
    return tell_score(subject, true);
  }
  if ((subject->size > 8 && subject->data[8] == '{') || cn_is_compressed(subject->data, subject->size)) {
    return tell_weights(subject);
  }
  return tell_score(subject, false);
}

static int
read_and_tell(Subject* const subject)
{
  const CnStatus status = cn_file_read(subject->path, MAX_FILE_SIZE, &subject->data, &subject->size);
  if (status) {
    return cn_error_print(COMMAND, subject->path, "%s", cn_file_strerror(status));
  }

  const int result = tell(subject);
  free(subject->data);
  return result;
}

int
cn_cmd_info(int argc, char** argv)
{
  static const struct option options[] = {
      {"json", no_argument, NULL, 'j'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};

  Subject subject = {0};
  for (int c = 0; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
    switch (c) {
    case 'j':
      subject.as_json = true;
      break;
    case 'h':
      return cn_help_print(help);
    default:
      return cn_usage_hint(COMMAND);
    }
  }
  if (argc - optind != 1) {
    return cn_usage_error(COMMAND, NULL, argc == optind ? "which file?" : "one file at a time");
  }

  subject.path = argv[optind];
  return read_and_tell(&subject);
}
