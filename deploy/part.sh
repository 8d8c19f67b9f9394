#!/usr/bin/env bash
# Grades one part of a class: deploy/part.sh CLASS OUT K N [OPTIONS FOR tutor grade …]
#
# All parts need the same seed, in the variable TUTOR_GRADE_SEED (`tutor grade seed` prints a new
# one). A part that was interrupted goes on where it stopped.
set -euo pipefail

class=$1 out=$2 number=$3 of=$4
shift 4
: "${TUTOR_GRADE_SEED:?set it to the secret seed of the class}"

# From the course's folder, whatever the scheduler made the working folder.
class=$(realpath "$class")
out=$(realpath -m "$out")
cd "$(dirname "$0")/.."
exec "${TUTOR:-tutor}" grade "$class" --out "$out/part-$number" --shard "$number/$of" --resume "$@"
