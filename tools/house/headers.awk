# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# Print each public function whose comment names no thread class, or which returns a CnStatus and says
# nothing of it by @return; at the end, whether there were too few.
#
# Input: headers in the layout of clang-format, in which a function's name begins a line.
# With `-v least=N` fewer functions than N are a fault, as a pattern that finds none would be.

function end_comment() {
  is_fresh = 1
}

FNR == 1 {
  comment  = ""
  type     = ""
  is_fresh = 0
}

/^\/\*\*/ { # A block begins
  comment  = ""
  in_block = 1
}

in_block {
  comment = comment "\n" $0
  if (/\*\//) {
    in_block = 0
    end_comment()
  }
  next
}

/^\/\/\// {
  comment  = (previous ~ /^\/\/\// ? comment : "") "\n" $0
  previous = $0
  end_comment()
  next
}

/^(CN_[A-Z]+ )?cn_[a-z0-9_]+\(/ {
  name = $0
  sub(/\(.*/, "", name)
  sub(/.* /, "", name)
  ++n_functions
  if (!is_fresh || comment !~ /Thread: (AUDIO|ENGINE|WORKER|INIT|ANY)/) {
    print FILENAME ":" FNR ": " name "() names no thread class"
  }
  if (is_fresh && previous ~ /(^| )CnStatus$/ && comment !~ /@return/) {
    print FILENAME ":" FNR ": " name "() does not say what it returns"
  }
}

/^(}|#|typedef)/ || /;$/ { # What a comment was for has ended
  is_fresh = 0
}

{
  previous = $0
}

END {
  if (n_functions < least) {
    print "only " n_functions + 0 " functions were found in the headers"
  }
}
