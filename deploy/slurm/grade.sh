#!/usr/bin/env bash
#SBATCH --job-name=tutor-grade
#SBATCH --array=1-16
#SBATCH --cpus-per-task=2
#SBATCH --mem=4G
#SBATCH --time=01:00:00
#SBATCH --requeue
#
# A class on a Slurm array, from the course's folder on a file system that all nodes share:
#
#   tutor setup
#   export TUTOR_GRADE_SEED=$(tutor grade seed)
#   job=$(sbatch --parsable deploy/slurm/grade.sh CLASS OUT)
#   sbatch --dependency=afterok:$job --wrap "deploy/merge.sh OUT"
#
# A task that is requeued goes on where it was stopped.
set -euo pipefail

exec deploy/part.sh "$1" "$2" "$SLURM_ARRAY_TASK_ID" "$SLURM_ARRAY_TASK_COUNT" \
    --jobs "${SLURM_CPUS_PER_TASK:-1}" "${@:3}"
