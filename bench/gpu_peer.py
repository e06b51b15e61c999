"""diffusers' UNet of a folder, called as a sampler would: seconds a call with guidance. usage: gpu_peer.py FOLDER DEVICE TYPE BATCH STEPS"""
import sys
import time

import torch

try:
    from diffusers import UNet2DConditionModel
except ImportError:
    sys.exit("diffusers is not there")

folder, device, kind, batch, steps = sys.argv[1], sys.argv[2], getattr(torch, sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
unet = UNet2DConditionModel.from_pretrained(folder, subfolder="unet", torch_dtype=kind).to(device).eval()
latents = torch.randn(2 * batch, unet.config.in_channels, 64, 64, device=device, dtype=kind)
text = torch.randn(2 * batch, 77, unet.config.cross_attention_dim, device=device, dtype=kind)


def wait():
    if device.startswith("cuda"):
        torch.cuda.synchronize()


with torch.no_grad():
    for _ in range(2):
        unet(latents, 500, encoder_hidden_states=text)
    wait()
    begin = time.perf_counter()
    for _ in range(steps):
        unet(latents, 500, encoder_hidden_states=text)
    wait()
each = (time.perf_counter() - begin) / steps
print(f"{each:.4f} s a step, {batch / each / 20:.2f} images/s at 20 steps, without the decoder")
if device.startswith("cuda"):
    print(f"{torch.cuda.max_memory_allocated() / 1e9:.2f} GB allocated at most")
