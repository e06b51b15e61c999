#!/usr/bin/env bash
# A real Slurm on this machine: a controller and two nodes on loopback. It is handed the script that 'dlens-repro slurm' prints, with four
# shards on mini-sd; one shard is told to stop, and a node is killed with all that runs on it. What the shards and the report make in the
# end must be, byte for byte, what one process makes. Needs root; installs Debian's packages of Slurm and munge where they are missing.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
tool=${1:-$root/src/Experiments/bin/Debug/net10.0/linux-x64/dlens-repro.dll}
limit=$((SECONDS + 140))

fail() { echo "Slurm: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "needs root"
[ -f "$tool" ] || fail "$tool: is not built"
if ! command -v slurmctld slurmd sbatch munged > /dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurmctld slurmd slurm-client munge > /dev/null
fi

here=$(mktemp -d)
chmod 755 "$here"
export SLURM_CONF=$here/slurm.conf
unset SLURM_ARRAY_TASK_ID

# Processes of jobs on a node: each has Slurm's variables of it.
of_node() {
  local environ
  for environ in /proc/[0-9]*/environ; do
    if { tr '\0' '\n' < "$environ"; } 2> /dev/null | grep -qxF "SLURM_CONF=$SLURM_CONF" &&
      { tr '\0' '\n' < "$environ"; } 2> /dev/null | grep -qxF "SLURMD_NODENAME=$1"; then
      basename "$(dirname "$environ")"
    fi
  done
}
# What a power cut does to a node: its daemon, its steps and all their processes are gone at once.
kill_node() {
  local pids steps pid
  pids=$(of_node "$1")
  steps=$(for pid in $pids; do ps -o ppid= -p "$pid" || true; done | sort -u |
    while read -r pid; do [ "$(cat "/proc/$pid/comm" 2> /dev/null)" != slurmstepd ] || echo "$pid"; done)
  # shellcheck disable=SC2086
  kill -9 $(cat "$here/slurmd-$1.pid" 2> /dev/null) $steps $pids 2> /dev/null || true
}
clean() {
  local code=$?
  trap - EXIT
  if [ "$code" != 0 ]; then
    tail -n 15 "$here"/*.log "${work:-$here}"/*.log 2> /dev/null || true
    tail -n 30 "$here"/log/slurmctld.log 2> /dev/null || true
  fi
  kill_node one
  kill_node two
  for daemon in slurmctld munged; do
    [ ! -s "$here/$daemon.pid" ] || kill -9 "$(cat "$here/$daemon.pid")" 2> /dev/null || true
  done
  [ -z "${whole:-}" ] || kill -9 "$whole" 2> /dev/null || true
  cd /
  for try in 1 2 3; do ! rm -rf "$here" 2> /dev/null || break; sleep 1; done
  exit "$code"
}
trap clean EXIT
trap 'exit 1' INT TERM

free_port() {
  local port
  while port=$((RANDOM % 20000 + 20000)); do
    (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null || { echo "$port"; return; }
  done
}
mkdir "$here/state" "$here/log"
ports=($(free_port) $(free_port) $(free_port))
host=$(hostname -s)
cat > "$SLURM_CONF" << END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=${ports[0]}
SlurmUser=root
AuthType=auth/munge
# A task that goes into the queue again waits as long as credentials are good, by default two minutes.
AuthInfo=socket=$here/munge.socket,cred_expire=5
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=2,bf_interval=2
StateSaveLocation=$here/state
SlurmdSpoolDir=$here/spool-%n
SlurmctldPidFile=$here/slurmctld.pid
SlurmdPidFile=$here/slurmd-%n.pid
SlurmctldLogFile=$here/log/slurmctld.log
SlurmdLogFile=$here/log/slurmd-%n.log
SlurmdTimeout=5
KillWait=2
ReturnToService=2
NodeName=one NodeHostname=$host NodeAddr=127.0.0.1 Port=${ports[1]} CPUs=2
NodeName=two NodeHostname=$host NodeAddr=127.0.0.1 Port=${ports[2]} CPUs=2
PartitionName=all Nodes=one,two Default=YES MaxTime=INFINITE State=UP
END
mkdir "$here/spool-one" "$here/spool-two"
(umask 077 && head -c 1024 /dev/urandom > "$here/munge.key")
munged --force --key-file="$here/munge.key" --socket="$here/munge.socket" --pid-file="$here/munged.pid" \
  --log-file="$here/log/munged.log" --seed-file="$here/munge.seed"
slurmctld
slurmd -N one
slurmd -N two

# Waits until a command holds.
until_holds() {
  local what=$1
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$limit" ] || fail "$what: not within the time"
    sleep 0.3
  done
}
idle() { [ "$(sinfo -h -o '%D %T' 2> /dev/null)" = '2 idle' ]; }
until_holds "two nodes" idle
for port in "${ports[@]}"; do # 0A: listens; 0100007F: on loopback.
  grep -qE "$(printf ': 0100007F:%04X [0-9A-F:]+ 0A ' "$port")" /proc/net/tcp || fail "port $port: is open beyond loopback"
done
echo "Slurm $(slurmctld -V | cut -d' ' -f2): a controller and two nodes ($SECONDS s)"

# A folder whose name no shell takes as it stands.
work="$here/it's \$HOME \"here\""
mkdir "$work"
cd "$work"
run=(colors --limit 4 --seeds 0 --steps 6 --out 'of four')
dotnet "$tool" slurm "${run[@]}" --tasks 4 --cpus 1 --time 0:30:00 > colors.sh
bash -n colors.sh
submitted=$(bash colors.sh)
echo "$submitted"
images=$(grep -oE 'images: job [0-9]+' <<< "$submitted" | grep -oE '[0-9]+')
report=$(grep -oE '[0-9]+$' <<< "$submitted")

task_of() { squeue -h -t R -w "$1" -o '%K' | sort -n | head -1; }
on_node() { [ -n "$(task_of "$1")" ]; }
made() { find "$work/of four/images" -name '*.png' 2> /dev/null | wc -l; }
made_some() { [ "$(made)" -ge "$1" ]; }

until_holds "tasks on node one" on_node one
until_holds "tasks on node two" on_node two
until_holds "first images" made_some 6
stopped=$(squeue -h -t R -w two -o '%K %A' | sort -n | head -1)
scancel --signal=TERM --batch "${stopped#* }"
echo "after $(made) images task ${stopped% *} is told to stop, and node one is killed with tasks $(squeue -h -t R -w one -o %K | tr '\n' ' ')"
kill_node one
# Meanwhile, one process makes the same.
OMP_NUM_THREADS=1 dotnet "$tool" "${run[@]:0:7}" --out whole > whole.log 2>&1 &
whole=$!

reported() {
  case $(scontrol show job "$report" -o | grep -oE 'JobState=[A-Z_]+') in
    *=COMPLETED) ;;
    *=PENDING | *=RUNNING | *=COMPLETING | *=CONFIGURING) false ;;
    *) fail "the report's job: $(scontrol show job "$report" -o)" ;;
  esac
}
until_holds "report" reported
echo "all is made ($SECONDS s)"
grep -h "stopped" colors-*.log || fail "no task was stopped cleanly"
[ "$(cat colors-"$images"-*.log | grep -c '^experiment ')" -gt 4 ] || fail "no task was run again"

wait "$whole" || fail "one process: $(cat whole.log)"
for part in images answers.csv measures.csv figures tables strips; do
  diff -r "whole/$part" "of four/$part" || fail "$part: differs from what one process makes"
done
echo "the same bytes as of one process: $(made) images, answers, measures, figures, tables, strips ($SECONDS s)"
