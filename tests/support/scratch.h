// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file scratch.h
   What tests find and make in a folder of their own.
*/

#ifndef CN_SCRATCH_H
#define CN_SCRATCH_H

#include <stdbool.h>

/// Path of something in the folder; good until four others have been asked for
const char*
cn_scratch_path(const char* folder, const char* name);

/// Path of a file that no other process has; likewise
const char*
cn_scratch_own(const char* name);

/// Whether there is something of that name
bool
cn_scratch_has(const char* folder, const char* name);

/// Whether two files of weights, of which the names are without their ending, have the same bytes
bool
cn_scratch_is_same(const char* folder, const char* a, const char* b);

/// How many names in a folder begin so, hidden ones too; 0: there is no folder
unsigned
cn_scratch_count(const char* folder, const char* beginning);

/// Remove a folder with all that is in it; 0 if that is done
int
cn_scratch_remove(const char* folder);

/// Make a home of its own for the process, so that nothing of the user's is touched; to be removed
char*
cn_scratch_home(void);

/// Make a corpus p0.mid, p1.mid and so on of repeated quarters; each piece is by `more` quarters longer
void
cn_scratch_make_corpus(const char* folder, const char* name, unsigned n_pieces, unsigned n_quarters,
                       unsigned more);

#endif // CN_SCRATCH_H
