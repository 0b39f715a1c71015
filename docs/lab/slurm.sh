#!/usr/bin/env bash
# A batch on Slurm, without Python: `sbatch docs/lab/slurm.sh`. A task a part; a part that is interrupted or requeued goes on where it was.
# For another number of parts say it twice: `PARTS=16 sbatch --array=0-15 docs/lab/slurm.sh`.
#SBATCH --job-name=detente
#SBATCH --array=0-63%16
#SBATCH --cpus-per-task=4
#SBATCH --time=01:00:00
#SBATCH --requeue
#SBATCH --signal=B:USR1@90
set -euo pipefail
runs=${RUNS:-10000000}
parts=${PARTS:-64}
out=${OUT:-parts}
mkdir -p "$out"
child=
# 90 s before the time is over Slurm sends USR1: the program ends its block and keeps what is finished, and the task asks to be run
# again, unless the program had just come to its end.
again() {
  local status=1
  if [ -n "$child" ]; then
    kill -TERM "$child" 2> /dev/null || true
    status=0
    wait "$child" || status=$?
  fi
  if [ "$status" -ne 0 ]; then scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"; fi
  exit "$status"
}
trap again USR1
# Whoever cancels the job means it: what is finished is kept, and nothing is asked for.
trap 'kill -TERM "$child" 2> /dev/null || true; wait "$child" || true; exit 143' TERM
detente --quiet batch --runs "$runs" --params prior --draws none --part "$SLURM_ARRAY_TASK_ID/$parts" --jobs "${SLURM_CPUS_PER_TASK:-1}" \
  --format parquet --out "$out/part-$SLURM_ARRAY_TASK_ID" --resume > /dev/null &
child=$!
wait "$child"
# Once the array is through: detente merge parts/part-* --runs 10000000 --parts 64 --out whole
# Where parts are missing it names them: sbatch --array=3,17-19 docs/lab/slurm.sh
