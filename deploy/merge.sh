#!/usr/bin/env bash
# Puts the parts that part.sh graded together: deploy/merge.sh OUT [OPTIONS FOR tutor grade merge …]
set -euo pipefail

out=$(realpath "$1")
shift
cd "$(dirname "$0")/.."
exec "${TUTOR:-tutor}" grade merge "$out"/part-* --out "$out/class" "$@"
