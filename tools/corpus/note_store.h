// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file note_store.h
   The notes of a corpus of any size, in a temporary file that is mapped into memory.

   The file is that of cn_temporary_open().  Its pages are the kernel's to drop and to read again: what a
   corpus needs of the memory is what is being played of it.
*/

#ifndef CN_NOTE_STORE_H
#define CN_NOTE_STORE_H

#include "dsp/base/status.h"
#include "dsp/music/note.h"

#include <stddef.h>
#include <stdint.h>

typedef struct CnNoteStore CnNoteStore;

/**
   Make an empty store.

   @return #CN_STATUS_SUCCESS, #CN_STATUS_IO with errno set, or #CN_STATUS_NO_MEMORY; `*store` is then null.

   Thread: WORKER
*/
CnStatus
cn_note_store_new(CnNoteStore** store);

/// Free a store, and with it all notes; null is allowed.  Thread: WORKER
void
cn_note_store_free(CnNoteStore* store);

/**
   Append the notes of a piece, and their chords.

   @param notes (n) notes.
   @param chords (n) chords.
   @param[out] place To ask for them by.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_IO with errno set.

   Thread: WORKER
*/
CnStatus
cn_note_store_add(CnNoteStore* store, const CnNote* notes, const int16_t* chords, size_t n, size_t* place);

/**
   Map all that has been added, after which no more may be.

   @return #CN_STATUS_SUCCESS or #CN_STATUS_IO with errno set.

   Thread: WORKER
*/
CnStatus
cn_note_store_map(CnNoteStore* store);

/// Notes of a mapped store; not to be written to.  Thread: ANY
CnNote*
cn_note_store_notes(const CnNoteStore* store, size_t place);

/// The chords of the `n` notes at a place; not to be written to.  Thread: ANY
int16_t*
cn_note_store_chords(const CnNoteStore* store, size_t place, size_t n);

#endif // CN_NOTE_STORE_H
