#!/bin/sh
# Runs every NAME.ops.gz of a folder and compares with its SHA256SUMS.
# usage: check.sh FOLDER [REFERENCE]
set -eu
folder=$1
reference=${2:-$(dirname "$0")/target/release/reference}
passed=0
failed=0
for script in "$folder"/*.ops.gz; do
  name=$(basename "$script" .ops.gz)
  wanted=$(awk -v file="$name.image" '$2 == file { print $1 }' "$folder/SHA256SUMS")
  # The exit status is checked too: the right bytes after a refused line would be luck.
  if found=$("$reference" run "$script") && [ -n "$wanted" ] &&
    [ "$(echo "$found" | cut -d ' ' -f 2)" = "$wanted" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "differs: $name"
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
