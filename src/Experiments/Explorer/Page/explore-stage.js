"use strict";

const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
};

const prefersStill = matchMedia("(prefers-reduced-motion: reduce)");

// A thumbnail from a sheet, as the background of an element of a size.
function showThumb(box, run, image, width, height) {
  const { thumbnails } = run, { layout } = thumbnails;
  if (run.missing.has(image)) {
    box.style.backgroundImage = "";
    box.classList.add("gone");
    return;
  }
  const scale = Math.min(width / layout.width, height / layout.height);
  const at = image % (layout.columns * layout.rows), sheet = Math.floor(image / (layout.columns * layout.rows));
  const url = `url("${run.sheet(sheet)}")`;
  if (box.sheetUrl !== url) {
    box.style.backgroundImage = url;
    box.sheetUrl = url;
    box.classList.remove("gone");
  }
  box.style.backgroundSize = `${layout.columns * layout.width * scale}px auto`;
  box.style.backgroundPosition =
    `${-(at % layout.columns) * layout.width * scale}px ${-Math.floor(at / layout.columns) * layout.height * scale}px`;
}

// One of the large images: those of all layers lie upon each other, and between two layers the upper one shows through.
class Pane {
  constructor(figure, letter) {
    this.figure = figure;
    this.letter = letter;
    this.stage = element("div", "stage");
    this.stage.setAttribute("role", "img");
    this.caption = element("figcaption");
    this.side = element("span", "side", letter.toUpperCase());
    this.text = element("p", "prompt");
    this.text.dir = "auto";
    this.facts = element("p", "soft facts");
    this.verdict = element("span", "verdict");
    this.says = element("div", "says soft");
    const head = element("div", "pane-head");
    head.append(this.side, this.text);
    this.caption.append(head, this.facts);
    figure.append(this.caption, this.stage, this.says);
    this.key = null;
    this.lit = [];
    this.stack = null;
  }

  show(run, row, position) {
    const key = `${run.base} ${row}`;
    if (this.key !== key) {
      this.key = key;
      this.run = run;
      this.row = row;
      this.stage.style.aspectRatio = run.shape;
      this.#stackUp(position);
    }
    this.blend(position);
  }

  nothing(text) {
    this.key = null;
    this.stage.replaceChildren(element("p", "none", text));
    this.stack = null;
  }

  #stackUp(position) {
    const { run, row } = this;
    const old = this.stack, stack = element("div", "stack");
    this.stack = stack;
    this.lit = [];
    this.images = run.layers.map((_, layer) => {
      const image = element("img");
      image.alt = "";
      image.decoding = "async";
      image.draggable = true;
      image.className = run.isTiny ? "tiny" : "";
      image.style.visibility = "hidden";
      image.onerror = () => {
        const gone = element("p", "none", "This image is not there.");
        gone.style.visibility = image.style.visibility;
        gone.style.opacity = image.style.opacity;
        image.replaceWith(gone);
        this.images[layer] = gone;
      };
      return image;
    });
    stack.append(...this.images);
    this.stage.append(stack);
    const now = Math.round(position);
    const isHere = this.#load(now);
    const swap = () => {
      for (const child of [...this.stage.children]) {
        if (child !== this.stack) {
          child.remove();
        }
      }
    };
    if (old === null) {
      swap();
    } else {
      const waiting = this.stack;
      Promise.race([isHere, new Promise((resolve) => setTimeout(resolve, 400))]).then(() => this.stack === waiting && swap());
    }
    this.#load(Math.floor(position));
    this.#load(Math.ceil(position));
    clearTimeout(this.loading);
    this.loading = setTimeout(() => this.#loadRest(now, 1), 60);
  }

  // Neighbors first.
  #loadRest(from, distance) {
    if (distance >= this.images.length) {
      return;
    }
    const { stack } = this;
    Promise.all([this.#load(from - distance), this.#load(from + distance)])
      .then(() => this.stack === stack && this.#loadRest(from, distance + 1));
  }

  #load(layer) {
    const image = this.images[layer];
    if (image === undefined || image.src === undefined || image.hasAttribute("src")) {
      return Promise.resolve();
    }
    image.src = this.run.path(this.row, layer);
    return image.decode().catch(() => {});
  }

  blend(position) {
    if (this.stack === null) {
      return;
    }
    const below = Math.floor(position), rest = position - below;
    const next = rest > 0.001 ? [[below, 1], [below + 1, rest]] : [[below, 1]];
    for (const layer of this.lit) {
      if (!next.some(([one]) => one === layer)) {
        this.images[layer].style.visibility = "hidden";
        this.images[layer].style.willChange = "";
      }
    }
    for (const [layer, opacity] of next) {
      const image = this.images[layer];
      if (image !== undefined) {
        this.#load(layer);
        image.style.visibility = "visible";
        image.style.willChange = "opacity";
        image.style.opacity = opacity;
        image.style.pointerEvents = layer === Math.round(position) ? "auto" : "none";
      }
    }
    this.lit = next.map(([layer]) => layer).filter((layer) => this.images[layer] !== undefined);
  }
}
