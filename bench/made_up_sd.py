"""A folder of Stable Diffusion's full size whose weights are made up: to measure speed and memory without a download.

usage: made_up_sd.py SHAPES SMALL MERGES FOLDER [F16|BF16|F32]
SHAPES has unet, vae and text_encoder, each with config.json and shapes.json (tests/Lens.Tests/reference/shapes/sd21); SMALL has a
model_index.json, a scheduler and the settings of the tokenizer (tests/Lens.Tests/reference/sd2, but for its tokenizer that of
tokenizers/clip/sd2 beside it); MERGES are CLIP's (src/Lens/Tokenizers/Vocabularies/clip-merges.txt.gz). Needs Python alone.
"""
import gzip
import json
import math
import os
import random
import shutil
import struct
import sys

BLOCK = 1 << 20
SIZES = {"F16": 2, "BF16": 2, "F32": 4}


def packed(values, kind):
    if kind == "BF16":
        return b"".join(struct.pack("<f", value)[2:] for value in values)
    return struct.pack(f"<{len(values)}{'e' if kind == 'F16' else 'f'}", *values)


def write(path, shapes, kind):
    header, end = {}, 0
    for name, shape in shapes.items():
        begin, end = end, end + math.prod(shape) * SIZES[kind]
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    rng = random.Random(1)
    noise = packed([rng.gauss(0, 0.02) for _ in range(BLOCK)], kind)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, shape in shapes.items():
            left = math.prod(shape) * SIZES[kind]
            if name.endswith("bias"):
                file.write(bytes(left))
            elif len(shape) < 2:
                file.write(packed([1.0], kind) * (left // SIZES[kind]))
            else:
                while left > 0:
                    file.write(noise[:left])
                    left -= len(noise)


def clip_vocabulary(merges):
    """CLIP's pieces, which its merges determine."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = [chr(byte) for byte in kept]
    letters += [chr(256 + number) for number in range(256 - len(kept))]
    pieces = letters + [letter + "</w>" for letter in letters]
    pieces += ["".join(line.split()) for line in merges.splitlines() if line and not line.startswith("#version")]
    pieces += ["<|startoftext|>", "<|endoftext|>"]
    return {piece: number for number, piece in enumerate(pieces)}


def main(shapes, small, merges, folder, kind="F16"):
    for part, stem in (("unet", "diffusion_pytorch_model"), ("vae", "diffusion_pytorch_model"), ("text_encoder", "model")):
        os.makedirs(f"{folder}/{part}", exist_ok=True)
        shutil.copyfile(f"{shapes}/{part}/config.json", f"{folder}/{part}/config.json")
        with open(f"{shapes}/{part}/shapes.json", encoding="utf-8") as file:
            write(f"{folder}/{part}/{stem}.safetensors", json.load(file), kind)
    for part in ("scheduler", "tokenizer"):
        os.makedirs(f"{folder}/{part}", exist_ok=True)
        for name in os.listdir(f"{small}/{part}"):
            if name not in ("vocab.json", "merges.txt"):
                shutil.copyfile(f"{small}/{part}/{name}", f"{folder}/{part}/{name}")
    shutil.copyfile(f"{small}/model_index.json", f"{folder}/model_index.json")
    with gzip.open(merges, "rt", encoding="utf-8") as file:
        text = file.read()
    with open(f"{folder}/tokenizer/merges.txt", "w", encoding="utf-8") as file:
        file.write(text)
    with open(f"{folder}/tokenizer/vocab.json", "w", encoding="utf-8") as file:
        json.dump(clip_vocabulary(text), file)


if __name__ == "__main__":
    main(*sys.argv[1:])
