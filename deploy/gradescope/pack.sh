#!/usr/bin/env bash
# Packs what Gradescope asks for as "autograder.zip": deploy/gradescope/pack.sh [FILE]
#
# It holds the course as it is committed, solutions included. They stay on Gradescope's machine,
# where submissions cannot read them.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
file=$(realpath -m "${1:-autograder.zip}")

cd "$root"
add=("--add-file=$here/setup.sh" "--add-file=$here/run_autograder")
[ -f "$here/options" ] && add+=("--add-file=$here/options")
git archive --format=zip --output="$file" "${add[@]}" --prefix=course/ HEAD
echo "$file: upload it under Configure Autograder"
