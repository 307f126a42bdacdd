// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file display.h
   An X server without a screen, for the tests of windows.
*/

#ifndef CN_TEST_DISPLAY_H
#define CN_TEST_DISPLAY_H

#include <stdbool.h>

/// Start Xvfb and set DISPLAY; false, with a line that says so, if there is none.  It ends with the test
bool
cn_display_start(void);

/// End it
void
cn_display_stop(void);

#endif // CN_TEST_DISPLAY_H
