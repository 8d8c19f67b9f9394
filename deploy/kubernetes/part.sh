#!/usr/bin/env bash
# One pod of the indexed Job in grade.yaml: its index counts from 0.
set -euo pipefail

exec "$(dirname "$0")/../part.sh" "$CLASS" "$OUT" "$((JOB_COMPLETION_INDEX + 1))" "$PARTS" "$@"
