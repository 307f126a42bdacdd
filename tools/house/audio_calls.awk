# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# Follow all calls from the functions that are marked CN_AUDIO (dsp/base/attributes.h) and from the plugin's
# run(), and print each way that ends in a function that might allocate, lock, wait or print.
#
# Input: LLVM assembly of all of dsp/ and plugin/, unoptimised, as of `clang -S -emit-llvm -O0`.
# Calls through pointers are not followed: they are the planner's, and the sink's.

BEGIN {
  n = split("memcpy memmove memset memcmp strcmp strncmp strchr strspn strcspn strlen sem_post __assert_fail " \
            "clock_gettime fabs fabsf fmin fminf fmax fmaxf floor floorf ceil ceilf round roundf lround lrint lrintf llrint rint " \
            "expf exp logf log sqrtf sqrt tanhf tanh isfinite", words, " ")
  for (i = 1; i <= n; ++i) {
    is_harmless[words[i]] = 1
  }
  # While the host freewheels, the engine runs inline, and may wait and take its time; in blocks that are longer
  # than its lead it runs inline, too, if it is free
  is_harmless["cn_engine_run"] = 1
  is_harmless["cn_engine_try_run"] = 1
}

FNR == 1 {
  inside = ""
}

/^@llvm.global.annotations/ {
  line = $0
  while (match(line, /(bitcast \([^@]*|{ ptr )@[A-Za-z0-9_]+/)) {
    name = substr(line, RSTART, RLENGTH)
    sub(/.*@/, "", name)
    marked[++n_marked] = name
    marked_in[n_marked] = FILENAME
    line = substr(line, RSTART + RLENGTH)
  }
}

/^define / && match($0, /@[A-Za-z0-9_.]+\(/) {
  name = substr($0, RSTART + 1, RLENGTH - 2)
  if ($2 == "internal") {
    is_static[FILENAME, name] = 1
  }
  is_defined[FILENAME, name] = 1
  inside = name
}

/^}/ {
  inside = ""
}

inside != "" && /(^| )(call|invoke) / && match($0, /@[A-Za-z0-9_.]+\(/) {
  callee = substr($0, RSTART + 1, RLENGTH - 2)
  if (callee !~ /^llvm\./) {
    ++n_calls
    caller_file[n_calls] = FILENAME
    caller[n_calls] = inside
    called[n_calls] = callee
  }
}

# Static functions of different files may share a name
function full_name(file, name) {
  return ((file, name) in is_static) ? file ":" name : name
}

# Depth first, with the way that led here
function follow(node, way,    i, list, n, next_node) {
  if (node in seen) {
    return
  }
  seen[node] = 1
  n = split(callees[node], list, " ")
  for (i = 1; i <= n; ++i) {
    next_node = list[i]
    if (next_node in has_body) {
      if (!(next_node in is_harmless)) {
        follow(next_node, way " > " short(next_node))
      }
    } else if (!(next_node in is_harmless)) {
      print way " > " next_node "()"
    }
  }
}

function short(node) {
  sub(/.*:/, "", node)
  return node
}

END {
  for (key in is_defined) {
    split(key, part, SUBSEP)
    has_body[full_name(part[1], part[2])] = 1
  }
  for (i = 1; i <= n_calls; ++i) {
    node = full_name(caller_file[i], caller[i])
    callees[node] = callees[node] " " full_name(caller_file[i], called[i])
  }
  for (i = 1; i <= n_marked; ++i) {
    node = full_name(marked_in[i], marked[i])
    follow(node, short(node))
  }
  for (key in is_static) {
    split(key, part, SUBSEP)
    if (part[2] == "run" && part[1] ~ /continuo/) {
      follow(part[1] ":run", "run")
      ++n_marked
    }
  }
  if (!n_marked) {
    print "no function is marked CN_AUDIO"
  }
}
