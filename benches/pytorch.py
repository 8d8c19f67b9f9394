"""What PyTorch takes for the same work, with the same formulas written out in eager mode.

    python3 pytorch.py train THREADS STEPS
    python3 pytorch.py generate THREADS NEW LENGTH [LENGTH …]

prints a line of JSON: the seconds of the best step, or those of the best token after a text of
each length. `benches/studio.rs` runs it; it reads nothing and writes nothing.
"""

import json
import math
import sys
import time

import torch
from torch import nn


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x):
        centred = x - x.mean(-1, keepdim=True)
        variance = centred.square().mean(-1, keepdim=True)
        return centred / (variance + 1e-5).sqrt() * self.weight + self.bias


def gelu(x):
    return x * torch.sigmoid(x * (x.square() * 0.044715 + 1.0) * math.sqrt(8 / math.pi))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.ln_1, self.ln_2 = Norm(width), Norm(width)
        self.c_attn, self.c_proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.widen, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, kept=None):
        batch, new, width = x.shape
        parts = self.c_attn(self.ln_1(x)).split(width, -1)
        split = lambda part: part.view(batch, new, self.heads, -1).transpose(1, 2)
        q, k, v = (split(part) for part in parts)
        if kept is not None:
            if kept:
                k, v = torch.cat([kept[0], k], 2), torch.cat([kept[1], v], 2)
            kept[:] = [k, v]
        seen = k.shape[2]
        mask = torch.full((new, seen), -math.inf).triu(seen - new + 1)
        scores = q @ k.transpose(2, 3) / math.sqrt(width // self.heads)
        found = (scores + mask).softmax(-1) @ v
        x = x + self.c_proj(found.transpose(1, 2).reshape(batch, new, width))
        return x + self.narrow(gelu(self.widen(self.ln_2(x))))


class Gpt(nn.Module):
    def __init__(self, vocab, positions, width, layers, heads):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(vocab, width), nn.Embedding(positions, width)
        self.h = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.ln_f = Norm(width)
        for name, parameter in self.named_parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.02)

    def hidden(self, ids, cache=None, past=0):
        positions = torch.arange(past, past + ids.shape[1])
        x = self.wte(ids) + self.wpe(positions)
        for layer, block in enumerate(self.h):
            x = block(x, None if cache is None else cache[layer])
        return self.ln_f(x)

    def forward(self, ids):
        return self.hidden(ids) @ self.wte.weight.T


def train(steps):
    """The model of `tutor train`: 4 layers, 64 wide, 4 heads, context 64, batch 16."""
    model = Gpt(100, 64, 64, 4, 4)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, betas=(0.9, 0.95), weight_decay=0.1)
    text = torch.randint(0, 100, (16, 65))
    times = []
    for _ in range(steps):
        begun = time.perf_counter()
        logits = model(text[:, :-1]).reshape(-1, 100)
        loss = nn.functional.cross_entropy(logits, text[:, 1:].reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        times.append(time.perf_counter() - begun)
    return {"step": min(times), "parameters": sum(p.numel() for p in model.parameters())}


@torch.inference_mode()
def generate(new, lengths):
    """GPT-2 small's size, one text, greedy, from the cache."""
    model = Gpt(50257, 1024, 768, 12, 12)
    best = {}
    for length in lengths:
        cache = [[] for _ in model.h]
        ids, past, times = torch.randint(0, 50257, (1, length)), 0, []
        for _ in range(new):
            begun = time.perf_counter()
            last = model.hidden(ids, cache, past)[:, -1]
            past += ids.shape[1]
            ids = (last @ model.wte.weight.T).argmax(-1, keepdim=True)
            ids.item()
            times.append(time.perf_counter() - begun)
        best[length] = min(times[1:])
    return {"token": best}


if __name__ == "__main__":
    what, threads, number = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    lengths = [int(length) for length in sys.argv[4:]]
    print(json.dumps(train(number) if what == "train" else generate(number, lengths)))
