"""Runs the code of a notebook, cell by cell in one name space, without Jupyter: python3 build/run-notebook.py NOTEBOOK [FOLDER].

What its figures look like is saved in FOLDER, where one is named. A cell that fails ends it, with the cell's number.
"""
import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt


def keep(folder, numbers=iter(range(1, 1000))):
    for number in plt.get_fignums():
        if folder:
            plt.figure(number).savefig(folder / f"figure-{next(numbers):02d}.png", dpi=80, bbox_inches="tight")
        plt.close(number)


def main(notebook, folder=None):
    folder = Path(folder) if folder else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    cells = json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]
    dirty = [number for number, cell in enumerate(cells, 1) if cell.get("outputs")]
    if dirty:
        sys.exit(f"{notebook}: cells {dirty} have outputs; clear them")
    names = {"__name__": "__main__"}
    plt.show = lambda: keep(folder)
    run = 0
    for number, cell in enumerate(cells, 1):
        if cell["cell_type"] == "code":
            try:
                exec(compile("".join(cell["source"]), f"{notebook}, cell {number}", "exec"), names)
            except Exception:
                print(f"{notebook}: cell {number} failed", file=sys.stderr)
                raise
            keep(folder)
            run += 1
    print(f"{notebook}: {run} cells run")


if __name__ == "__main__":
    main(*sys.argv[1:])
