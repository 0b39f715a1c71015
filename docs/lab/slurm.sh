#!/usr/bin/env bash
# A batch on Slurm, without Python: `sbatch docs/lab/slurm.sh`. A task a part; a part that is interrupted or requeued goes on where it was.
#SBATCH --job-name=detente
#SBATCH --array=0-63%16
#SBATCH --cpus-per-task=4
#SBATCH --time=01:00:00
#SBATCH --requeue
#SBATCH --signal=B:TERM@90
set -euo pipefail
runs=${RUNS:-10000000}
parts=${PARTS:-64}
out=${OUT:-parts}
mkdir -p "$out"
# Before the time is over Slurm says so: the program ends a block, keeps what is finished, and the task asks to be run again.
again() {
  kill -TERM "$child"
  wait "$child" || true
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
}
trap again TERM
detente --quiet batch --runs "$runs" --params prior --draws none --part "$SLURM_ARRAY_TASK_ID/$parts" --jobs "${SLURM_CPUS_PER_TASK:-1}" \
  --format parquet --out "$out/part-$SLURM_ARRAY_TASK_ID" --resume > /dev/null &
child=$!
wait "$child"
# Once the array is through: detente merge parts/part-* --runs 10000000 --parts 64 --out whole
# Where parts are missing it names them: sbatch --array=3,17-19 docs/lab/slurm.sh
