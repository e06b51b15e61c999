"use strict";

const svg = (name, attributes) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    made.setAttribute(key, value);
  }
  return made;
};

// The curve colors of the figures, by names that the style sheet gives a shade for light and for dark.
const shades = { "#0072B2": "blue", "#D55E00": "red", "#009E73": "green", "#CC79A7": "pink", "#E69F00": "orange", "#56B4E9": "sky" };
const shadeOf = (curve) => `shade-${shades[curve.color.toUpperCase()] ?? "ink"}`;

function marker(kind, x, y, r) {
  const points = {
    square: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
    up: [[0, -1.2], [1.15, 0.9], [-1.15, 0.9]],
    down: [[0, 1.2], [1.15, -0.9], [-1.15, -0.9]],
    diamond: [[0, -1.35], [1.35, 0], [0, 1.35], [-1.35, 0]],
  }[kind];
  return points === undefined
    ? svg("circle", { cx: x, cy: y, r })
    : svg("polygon", { points: points.map(([dx, dy]) => `${(x + dx * r * 0.92).toFixed(1)},${(y + dy * r * 0.92).toFixed(1)}`).join(" ") });
}

// A figure's curves over the layers. A click or a drag takes the layer, and the curve whose point is near.
class Chart {
  constructor(box, onPick) {
    Object.assign(this, { box, onPick, width: 372, height: 238, left: 40, right: 12, top: 8, bottom: 34 });
  }

  draw(figure, run) {
    this.figure = figure;
    this.run = run;
    const { width, height } = this;
    const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${figure.title}: curves over the layers` });
    root.append(this.#axes());
    this.curves = figure.curves.map((curve) => {
      const group = svg("g", { class: `curve ${shadeOf(curve)}${curve.dashed ? " dashed" : ""}` });
      this.#fill(group, curve);
      root.append(group);
      return group;
    });
    this.cursor = svg("line", { class: "cursor", y1: this.top, y2: height - this.bottom });
    root.prepend(this.cursor);
    this.halos = figure.curves.map((curve) => {
      const halo = svg("g", { class: `halo ${shadeOf(curve)}${curve.dashed ? " dashed" : ""}` });
      root.append(halo);
      return halo;
    });
    this.#listen(root);
    this.box.replaceChildren(root);
    this.lit = -1;
  }

  x(layer) {
    const last = Math.max(1, this.run.lastLayer);
    return this.left + layer / last * (this.width - this.left - this.right);
  }

  y(share) {
    return this.top + (1 - share) * (this.height - this.top - this.bottom);
  }

  // The place of the cursor between the layers.
  xAt(position) {
    const { layers } = this.run, below = Math.floor(position), above = Math.min(below + 1, layers.length - 1);
    return this.x(layers[below] + (layers[above] - layers[below]) * (position - below));
  }

  #axes() {
    const group = svg("g", { class: "axes" });
    for (const percent of [0, 25, 50, 75, 100]) {
      const y = this.y(percent / 100);
      group.append(svg("line", { x1: this.left, x2: this.width - this.right, y1: y, y2: y }));
      const label = svg("text", { x: this.left - 7, y: y + 3.6, "text-anchor": "end" });
      label.textContent = percent === 100 ? "100 %" : percent;
      group.append(label);
    }
    const { layers } = this.run, every = Math.ceil(layers.length / 13);
    layers.forEach((layer, place) => {
      if ((layers.length - 1 - place) % every === 0) {
        const label = svg("text", { x: this.x(layer), y: this.height - this.bottom + 16, "text-anchor": "middle" });
        label.textContent = layer;
        group.append(label);
      }
    });
    const name = svg("text", { x: (this.left + this.width - this.right) / 2, y: this.height - 3, "text-anchor": "middle" });
    name.textContent = "layer of the text encoder";
    group.append(name);
    return group;
  }

  #fill(group, curve) {
    const points = curve.points.filter((point) => point.mean !== null);
    const band = points.filter((point) => point.low !== null && point.high !== null);
    if (band.length > 1) {
      const edge = (low) => (point) => `${this.x(point.layer).toFixed(1)},${this.y(low ? point.low : point.high).toFixed(1)}`;
      group.append(svg("polygon", { class: "band", points: [...band.map(edge(false)), ...band.map(edge(true)).reverse()].join(" ") }));
    }
    const way = points.map((point) => `${this.x(point.layer).toFixed(1)},${this.y(point.mean).toFixed(1)}`).join(" ");
    group.append(svg("polyline", { class: "line", points: way }));
    for (const point of points) {
      group.append(marker(curve.marker, this.x(point.layer), this.y(point.mean), 3.1));
    }
  }

  #listen(root) {
    const place = (event) => {
      const frame = root.getBoundingClientRect();
      return [(event.clientX - frame.left) / frame.width * this.width, (event.clientY - frame.top) / frame.height * this.height];
    };
    const pick = (event, withCurve) => {
      const [x, y] = place(event), { layers } = this.run;
      let layer = 0;
      layers.forEach((one, number) => {
        if (Math.abs(this.x(one) - x) < Math.abs(this.x(layers[layer]) - x)) {
          layer = number;
        }
      });
      let nearest = -1, least = 18;
      if (withCurve) {
        this.figure.curves.forEach((curve, number) => {
          const point = curve.points.find((one) => one.layer === layers[layer]);
          if (point?.mean !== null && point !== undefined) {
            const away = Math.hypot(this.x(point.layer) - x, this.y(point.mean) - y);
            if (away < least) {
              [nearest, least] = [number, away];
            }
          }
        });
      }
      this.onPick(layer, nearest);
    };
    root.addEventListener("pointerdown", (event) => {
      if (event.button === 0) {
        root.setPointerCapture(event.pointerId);
        pick(event, true);
      }
    });
    root.addEventListener("pointermove", (event) => {
      if (event.buttons === 1 && root.hasPointerCapture(event.pointerId)) {
        pick(event, false);
      }
    });
  }

  move(position) {
    const x = this.xAt(position).toFixed(1);
    this.cursor.setAttribute("x1", x);
    this.cursor.setAttribute("x2", x);
  }

  light(layer, chosen) {
    this.lit = layer;
    this.figure.curves.forEach((curve, number) => {
      const point = curve.points.find((one) => one.layer === this.run.layers[layer]), halo = this.halos[number];
      this.curves[number].classList.toggle("faded", chosen >= 0 && chosen !== number);
      halo.classList.toggle("chosen", chosen === number);
      if (point === undefined || point.mean === null || chosen >= 0 && chosen !== number) {
        halo.replaceChildren();
        return;
      }
      const x = this.x(point.layer), y = this.y(point.mean);
      const ring = svg("circle", { class: "ring", cx: x, cy: y, r: chosen === number ? 9.5 : 7.5 });
      halo.replaceChildren(ring, marker(curve.marker, x, y, 4.4));
    });
  }
}
