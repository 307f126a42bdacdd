// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/window/display.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t server;

/// Read a line, without its end; the server may write it in pieces.  False if there is none
static bool
read_line(const int fd, char* const line, const size_t size)
{
  size_t n = 0;
  while (n < size && read(fd, line + n, 1) == 1) {
    if (line[n] == '\n') {
      line[n] = '\0';
      return n > 0;
    }
    ++n;
  }
  return false;
}

/// Become the server, which writes its number into `fd`
static void
become_server(const int fd)
{
  char number[16];
  snprintf(number, sizeof(number), "%d", fd);
  if (freopen("/dev/null", "w", stderr)) {
    execlp("Xvfb", "Xvfb", "-displayfd", number, "-screen", "0", "1600x1200x24", "-nolisten", "tcp",
           "-noreset", (char*)NULL);
  }
  _exit(127);
}

bool
cn_display_start(void)
{
  int  ends[2];
  char name[16] = ":";
  if (pipe(ends)) {
    return false;
  }
  server = fork();
  if (server == 0) {
    close(ends[0]);
    become_server(ends[1]);
  }
  close(ends[1]);
  const bool has_number = server > 0 && read_line(ends[0], name + 1, sizeof(name) - 1);
  close(ends[0]);
  if (!has_number) {
    printf("skipped: there is no X server to be started (Xvfb)\n");
    cn_display_stop();
    return false;
  }
  setenv("DISPLAY", name, 1);
  return true;
}

void
cn_display_stop(void)
{
  if (server > 0) {
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
    server = 0;
  }
}
