// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file now.h
   How time passes.
*/

#ifndef CN_NOW_H
#define CN_NOW_H

/// [seconds] since some moment, by a clock that nobody sets.  Thread: ANY
double
cn_now(void);

#endif // CN_NOW_H
