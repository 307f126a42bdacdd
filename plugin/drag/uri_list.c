// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/drag/uri_list.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SCHEME "file:"

/// A part of the list
typedef struct {
  const char* text;
  size_t      size;
} Piece;

static Piece
skip(const Piece piece, const size_t n)
{
  return (Piece){piece.text + n, piece.size - n};
}

static bool
begins(const Piece piece, const char* const text)
{
  return piece.size >= strlen(text) && !strncasecmp(piece.text, text, strlen(text));
}

static bool
is_blank(const char letter)
{
  return letter == ' ' || letter == '\t' || letter == '\0'; // There are lists with a null at their end
}

/// The next line, without blanks around it
static Piece
next_line(const char* const list, const size_t size, size_t* const at)
{
  Piece line = {list + *at, 0};
  while (*at < size && list[*at] != '\r' && list[*at] != '\n') {
    ++*at;
    ++line.size;
  }
  *at += *at < size;
  while (line.size > 0 && is_blank(line.text[0])) {
    line = skip(line, 1);
  }
  while (line.size > 0 && is_blank(line.text[line.size - 1])) {
    --line.size;
  }
  return line;
}

static int
value_of_digit(const char digit)
{
  return digit >= '0' && digit <= '9'   ? digit - '0'
         : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
         : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                        : -1;
}

/// The letter that a % and two digits stand for; -1: there are none
static int
decode(const Piece piece)
{
  const int high = piece.size > 2 ? value_of_digit(piece.text[1]) : -1;
  const int low  = piece.size > 2 ? value_of_digit(piece.text[2]) : -1;
  return high < 0 || low < 0 ? -1 : 16 * high + low;
}

static bool
decode_path(Piece piece, char path[CN_PATH_SIZE])
{
  size_t n = 0;
  while (piece.size > 0 && n + 1 < CN_PATH_SIZE) {
    const bool is_coded = piece.text[0] == '%';
    const int  letter   = is_coded ? decode(piece) : (unsigned char)piece.text[0];
    if (letter <= 0) {
      return false;
    }
    path[n++] = (char)letter;
    piece     = skip(piece, is_coded ? 3 : 1);
  }
  path[n] = '\0';
  return piece.size == 0;
}

/// Skip the name of a computer, if it is this one; false if it is another
static bool
skip_host(Piece* const piece, const char* const host)
{
  size_t n = 0;
  while (n < piece->size && piece->text[n] != '/') {
    ++n;
  }
  const Piece name = {piece->text, n};
  const bool  is_here =
      n == 0 || (n == 9 && begins(name, "localhost")) || (host && n == strlen(host) && begins(name, host));
  *piece = skip(*piece, n);
  return is_here;
}

static bool
read_uri(Piece piece, const char* const host, char path[CN_PATH_SIZE])
{
  if (!begins(piece, SCHEME)) {
    return false;
  }
  piece = skip(piece, strlen(SCHEME));
  if (begins(piece, "//")) {
    piece = skip(piece, 2);
    if (!skip_host(&piece, host)) {
      return false;
    }
  }
  return piece.size > 0 && piece.text[0] == '/' && decode_path(piece, path);
}

bool
cn_uri_list_next(const char* const list, const size_t size, size_t* const at, const char* const host,
                 char path[CN_PATH_SIZE])
{
  while (*at < size) {
    if (read_uri(next_line(list, size, at), host, path)) {
      return true;
    }
  }
  return false;
}

static bool
is_plain(const char letter)
{
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || (letter && strchr("/-._~", letter));
}

void
cn_uri_list_write(const char* path, char list[CN_URI_LIST_SIZE])
{
  int n = snprintf(list, CN_URI_LIST_SIZE, SCHEME "//");
  for (; *path && n + 6 < (int)CN_URI_LIST_SIZE; ++path) {
    n += snprintf(list + n, CN_URI_LIST_SIZE - (size_t)n, is_plain(*path) ? "%c" : "%%%02X", (uint8_t)*path);
  }
  snprintf(list + n, CN_URI_LIST_SIZE - (size_t)n, "\r\n");
}
