// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file face_example.h
   A window in the middle of a piece, for tests and for the manual's picture.
*/

#ifndef CN_FACE_EXAMPLE_H
#define CN_FACE_EXAMPLE_H

#include "plugin/draw/face.h"

/// Make a face that shows a piece with a phrase, a continuation and a plan; to be freed with free()
CnFace*
cn_face_example(bool is_dark);

/// Fill what is shown with so many notes
void
cn_face_crowd(CnFace* face, unsigned n_notes);

#endif // CN_FACE_EXAMPLE_H
