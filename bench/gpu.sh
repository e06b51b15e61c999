#!/usr/bin/env bash
# Tries the tool on a GPU, on a machine that has PyTorch but neither .NET nor NuGet nor a network:
#   bench/gpu.sh pack [ARCHIVE]                 where .NET is: the tool with all but libtorch in it, about 60 MB
#   bench/gpu.sh run [ARCHIVE]                  where the GPU is; ten minutes. Without ARCHIVE: of the folder that the script lies in
# What is said of run's parts, and what they have in common, stands before each. DEVICE=cpu tries the script itself, on any machine;
# DLENS_LIBTORCH=FOLDER is another libtorch than python3's; STEPS, BATCHES, PARTS say less: STEPS=4 BATCHES="1 4" PARTS="parity speed".
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
say() { printf '\n== %s\n' "$*"; }

pack() {
  local archive root stage
  archive=$(realpath -m "${1:-out/gpu.tar.xz}")
  root=$(cd "$here/.." && pwd)
  stage=$(mktemp -d)
  trap 'rm -rf "$stage"' RETURN
  dotnet publish "$root/src/Experiments" -c Release --self-contained true -o "$stage/gpu/app" -v quiet -nologo
  # PyTorch brings these along; the small libtorch.so that joins them stays ours.
  rm -f "$stage"/gpu/app/{libtorch_cpu.so,libc10.so,libgomp*,libmscordbi.so,libmscordaccore.so,*.pdb,*.xml}
  cp "$here/gpu.sh" "$here/gpu_peer.py" "$here/made_up_sd.py" "$stage/gpu/"
  cp -r "$root/tests/Lens.Tests/reference/shapes/sd21" "$stage/gpu/shapes"
  mkdir -p "$stage/gpu/small/tokenizer"
  cp -r "$root/tests/Lens.Tests/reference/sd2/scheduler" "$root/tests/Lens.Tests/reference/sd2/model_index.json" "$stage/gpu/small/"
  cp "$root/tests/Lens.Tests/reference/tokenizers/clip/sd2/"*.json "$stage/gpu/small/tokenizer/"
  cp "$root/src/Lens/Tokenizers/Vocabularies/clip-merges.txt.gz" "$stage/gpu/"
  mkdir -p "$(dirname "$archive")"
  tar -C "$stage" -c gpu | xz -T0 -3 > "$archive"
  du -h "$archive"
}

# The largest differences between two dumps, of float32 tensors that both have.
compare() {
  python3 - "$1" "$2" <<'PY'
import array, json, struct, sys

def tensors(path):
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        data = file.read()
    return {name: array.array("f", data[entry["data_offsets"][0]:entry["data_offsets"][1]])
            for name, entry in header.items() if name != "__metadata__" and entry["dtype"] == "F32"}

one, other = tensors(sys.argv[1]), tensors(sys.argv[2])
for kind in ("hidden_states", "lens", "latents.initial", "latents.layer", "image"):
    names = [name for name in one if name.startswith(kind) and name in other]
    if names:
        apart = max(abs(a - b) for name in names for a, b in zip(one[name], other[name]))
        size = max(abs(a) for name in names for a in one[name])
        print(f"  {kind:16} {apart:9.2e} apart at most, of values up to {size:.3g} ({len(names)} tensors)")
PY
}

run() {
  if [ -n "${1:-}" ]; then
    local unpacked=${TMPDIR:-/tmp}/dlens-gpu
    mkdir -p "$unpacked"
    tar -xJf "$1" -C "$unpacked"
    exec bash "$unpacked/gpu/gpu.sh" run
  fi

  local device=${DEVICE:-cuda} tool="$here/app/dlens-repro" model at type batch seeds
  DLENS_LIBTORCH=${DLENS_LIBTORCH:-$(python3 -c 'import os, torch; print(os.path.dirname(torch.__file__))')}
  export DLENS_LIBTORCH DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  say "the machine"
  nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader 2>/dev/null || echo "no nvidia-smi"
  echo "libtorch of $DLENS_LIBTORCH"

  case " ${PARTS:-parity golden types speed} " in *" parity "*)
    # Float32 without TF32: what differs from the CPU is rounding, and the order of sums.
    for model in mini-sd mini-if; do
      say "$model on $device beside the CPU, float32, ${STEPS:-20} steps"
      for at in cpu "$device"; do
        NVIDIA_TF32_OVERRIDE=0 "$tool" lens "a red circle" --model "$model" --device "$at" --layers all --seeds 0,1 --steps "${STEPS:-20}" \
          --out "$work/$model-$at.png" --dump "$work/$model-$at.safetensors" > /dev/null
        [ "$at" != "$device" ] || break
      done
      compare "$work/$model-cpu.safetensors" "$work/$model-$device.safetensors"
    done ;;
  esac

  case " ${PARTS:-parity golden types speed} " in *" golden "*)
    say "verify, float64 (on the CPU, with this libtorch)"
    "$tool" verify --model mini-sd || true ;;
  esac

  case " ${PARTS:-parity golden types speed} " in *" types "*)
    # Half precision of a small model, and memory that there is not.
    for type in float16 bfloat16; do
      [ "$device" = cuda ] || [ "$type" = bfloat16 ] || continue
      say "mini-sd in $type"
      "$tool" lens "a red circle" --device "$device" --dtype "$type" --layers all --steps "${STEPS:-20}" \
        --out "$work/$type.png" --profile > /dev/null
    done
    say "what does not fit is a line and exit code 2"
    "$tool" lens "a red circle" --device "$device" --height 16384 --width 16384 --out "$work/large.png" || echo "exit code $?" ;;
  esac

  case " ${PARTS:-parity golden types speed} " in *" speed "*)
    say "Stable Diffusion 2.1 of made-up weights, 512x512, guidance"
    python3 "$here/made_up_sd.py" "$here/shapes" "$here/small" "$here/clip-merges.txt.gz" "$work/sd21"
    for type in ${TYPES:-float16 bfloat16}; do
      for batch in ${BATCHES:-1 4 16}; do
        say "$type, $batch at once, ${STEPS:-20} steps: the tool"
        seeds=$(seq -s, 0 $((batch - 1)))
        peak "$tool" lens "a red circle" --model "$work/sd21" --device "$device" --dtype "$type" --layers last --seeds "$seeds" \
          --steps "${STEPS:-20}" --out "$work/$type-$batch.png" --profile
        say "$type, $batch at once, ${STEPS:-20} steps: PyTorch's own loop over the same UNet"
        peak python3 "$here/gpu_peer.py" "$work/sd21" "$device" "$type" "$batch" "${STEPS:-20}" || echo "not run"
      done
    done
    if command -v nsys > /dev/null; then
      say "where the time goes: launches and copies"
      nsys profile --stats=true --force-overwrite=true -o "$work/nsys" "$tool" lens "a red circle" --model "$work/sd21" \
        --device "$device" --dtype float16 --layers last --seeds 0,1,2,3 --steps 5 --out "$work/nsys.png" 2>&1 | tail -60
    fi ;;
  esac
}

# A command, and the most of the GPU's memory that was in use meanwhile.
peak() {
  local log watcher result=0
  log=$(mktemp)
  nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits -lms 200 > "$log" 2>/dev/null &
  watcher=$!
  "$@" || result=$?
  kill "$watcher" 2>/dev/null || true
  wait "$watcher" 2>/dev/null || true
  sort -n "$log" | tail -1 | sed 's/$/ MiB of GPU memory at most/'
  rm -f "$log"
  return "$result"
}

case "${1:-}" in
  pack) pack "${2:-}" ;;
  run) run "${2:-}" ;;
  *) sed -n '2,6p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac
