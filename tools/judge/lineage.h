// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file lineage.h
   What weights say of where they come from, and hand on to those that are trained from them.

   Entries of a file's metadata: `licence` and `credit`; `learnt`, see learnt.h; and where they were trained
   from others, `parent`, the hash that those are known by, and `descent`, a line for each generation, the
   parent first: its hash, a colon, and what it had learnt from under which licence.
*/

#ifndef CN_LINEAGE_H
#define CN_LINEAGE_H

#include "tools/corpus/corpus.h"
#include "tools/corpus/learnt.h"

#include "dsp/base/status.h"
#include "dsp/file/safetensors.h"

#include <stddef.h>
#include <stdint.h>

#define CN_N_LINEAGE_ENTRIES 5 ///< Most entries of metadata

/// Where weights come from; all zero is nowhere, from nothing
typedef struct {
  CnLearnt learnt;
  char     parent[17]; ///< Hash of the weights that they were trained from, or empty
  char*    descent;    ///< Or null
  char*    licence;    ///< Or null
  char*    credit;     ///< Or null
  char*    list;       ///< Of what was learnt, once it is complete
} CnLineage;

/**
   Read what weights hand on to those that will be trained from them.

   @param tensors Their file.
   @param id Hash that they are known by.
   @param[out] lineage To be cleared with cn_lineage_clear(), after a failure, too.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_lineage_inherit(const CnTensors* tensors, uint64_t id, CnLineage* lineage);

/**
   Add what new weights have of their own.

   @param corpus Whose training side they learn.
   @param licence Instead of the one that was inherited, or null.
   @param credit Before the one that was inherited, unless it stands there already, or null.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_lineage_complete(CnLineage* lineage, const CnCorpus* corpus, const char* licence, const char* credit);

/**
   The entries of a lineage that is complete.

   @param[out] metadata At least CN_N_LINEAGE_ENTRIES; their texts are the lineage's.
   @return Number of entries.

   Thread: ANY
*/
size_t
cn_lineage_metadata(const CnLineage* lineage, CnTensorsMetadata* metadata);

/// Pieces of one side of a corpus that are in a list.  Thread: ANY
size_t
cn_lineage_count(const CnLearnt* learnt, const CnCorpus* corpus, CnSplit side);

/// Free what a lineage holds.  Thread: WORKER
void
cn_lineage_clear(CnLineage* lineage);

#endif // CN_LINEAGE_H
