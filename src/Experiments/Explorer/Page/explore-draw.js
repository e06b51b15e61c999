"use strict";

const $ = (id) => document.getElementById(id);
const panes = { a: new Pane($("pane-a"), "a"), b: new Pane($("pane-b"), "b") };
const chart = new Chart($("chart"), (layer, curve) => {
  if (curve >= 0) {
    view.curve = curve === view.curve && layer === view.layer ? -1 : curve;
    draw("curve");
  }
  goTo(layer);
});
const signs = { "1": "right", "0": "wrong", "-": "not answered" };
let behind = [], list = null, gallery = null;

// What is to be drawn anew, all at once before the next frame.
const dirty = new Set();

function draw(...parts) {
  if (dirty.size === 0) {
    requestAnimationFrame(drawNow);
  }
  parts.forEach((part) => dirty.add(part));
}

function drawNow() {
  const has = (...parts) => parts.some((part) => dirty.has(part) || dirty.has("all"));
  if (has("filter") || view.filter.verdict !== "" && ["right", "wrong"].includes(view.filter.verdict) && has("layer")) {
    filterRows();
    dirty.add("filter");
  }
  if (has("position", "layer", "row")) {
    drawPosition();
  }
  if (has("row")) {
    drawCaptions();
    drawFilm();
  }
  if (has("layer", "row")) {
    drawLayer();
  }
  if (has("figure")) {
    drawFigure();
  }
  if (has("figure", "curve", "layer")) {
    drawCurve();
  }
  if (has("figure", "curve", "layer", "filter", "row")) {
    drawGallery();
  }
  if (has("filter", "layer", "row")) {
    drawList(has("filter", "row"));
  }
  dirty.clear();
  noteState();
}

// The images themselves: nothing else happens while the slider moves within a layer.
function drawPosition() {
  panes.a.show(main, view.row, view.position);
  const { other } = view;
  $("pane-b").hidden = other === null;
  $("panes").classList.toggle("two", other !== null);
  if (other !== null && other.row !== null) {
    panes.b.show(other.run, other.row, layerThere(other.run, view.position));
  } else if (other !== null) {
    panes.b.nothing(`${other.run.model} was not given this prompt with this seed.`);
  }
  if (!isSliding) {
    $("slider").value = view.position;
  }
  if (chart.figure !== undefined) {
    chart.move(view.position);
  }
}

function drawLayer() {
  const layer = main.layers[view.layer];
  $("layer-text").textContent = main.lastLayer > 0 ? `Layer ${layer} of ${main.lastLayer}` : `Layer ${layer}`;
  $("slider").setAttribute("aria-valuetext", `layer ${layer} of ${main.lastLayer}`);
  for (const cell of $("film").querySelectorAll("button")) {
    const isHere = cell.layer === view.layer && cell.row === view.row;
    cell.classList.toggle("here", cell.layer === view.layer);
    cell.setAttribute("aria-pressed", isHere);
  }
  drawVerdict(panes.a, main, view.row, view.layer);
  if (view.other !== null && view.other.row !== null) {
    drawVerdict(panes.b, view.other.run, view.other.row, Math.round(layerThere(view.other.run, view.layer)));
  }
  drawAnswers();
}

function drawVerdict(pane, run, row, layer) {
  const right = run.right(row, layer);
  pane.verdict.textContent = run.hasAnswers ? signs[right] : "";
  pane.verdict.className = `verdict is-${right === "1" ? "right" : right === "0" ? "wrong" : "open"}`;
  const { prompt } = run.rows[row];
  pane.stage.setAttribute("aria-label",
    `${prompt.text}. Layer ${run.layers[layer]}, seed ${run.seeds[run.rows[row].seed]}${run.hasAnswers ? `: ${signs[right]}` : ""}`);
  if (run !== main) {
    const isSame = run.layers[layer] === main.layers[view.layer] && run.lastLayer === main.lastLayer;
    pane.layerText.textContent = isSame ? "" : `layer ${run.layers[layer]} of ${run.lastLayer}`;
  }
}

function drawCaptions() {
  drawCaption(panes.a, main, view.row);
  const { other } = view;
  if (other !== null) {
    drawCaption(panes.b, other.run, other.row);
    drawExtra(other);
  }
  for (const [letter, pane] of Object.entries(panes)) {
    pane.figure.classList.toggle("active", other?.kind === "prompt" && view.active === letter);
  }
  $("kind").value = other?.kind ?? "";
  drawSeeds();
  drawSites();
}

function drawCaption(pane, run, row) {
  pane.layerText = element("span");
  if (row === null) {
    pane.text.textContent = main.rows[view.row].prompt.text;
    pane.facts.replaceChildren(fact("model", run.model));
    pane.verdict.textContent = "";
    pane.says.replaceChildren();
    return;
  }
  const { prompt, seed } = run.rows[row];
  pane.text.textContent = prompt.text.length > 0 ? prompt.text : "(the empty prompt)";
  const facts = [fact("site", run.conditions[prompt.condition]), fact("seed", `seed ${run.seeds[seed]}`)];
  if (view.other?.kind === "model") {
    facts.unshift(fact("model", run.model));
  }
  const site = run.site(row);
  if (prompt.sites.length > 1) {
    facts.push(element("span", "", run.siteLabel(row)));
  }
  pane.facts.replaceChildren(pane.verdict, ...facts, pane.layerText);
  pane.says.replaceChildren(
    ...site.says.length > 0 ? [element("p", "", site.says)] : [],
    ...prompt.cutOff.length > 0 ? [element("p", "", `Not read: “${prompt.cutOff}”`)] : []);
}

function fact(name, text) {
  const made = element("span", "", text);
  made.dataset.fact = name;
  return made;
}

// Above the second image, in place of what it differs by: what it is to be.
function drawExtra(other) {
  const { kind, run, row } = other;
  if (kind === "prompt") {
    return;
  }
  const here = main.rows[view.row];
  const choices = kind === "seed"
    ? main.seeds.map((seed, number) => [`seed ${seed}`, () => besideBySeed(view.row, number), number === main.rows[row].seed])
      .filter((_, number) => number !== here.seed)
    : kind === "site"
      ? variantsOf(view.row).filter((one) => one.prompt !== here.prompt || one.place !== here.place)
        .map((one) => [variantName(one), () => besideBySite(view.row, one), main.row(one.prompt, one.place, here.seed) === row])
      : foundOthers.map((folder) => [folder, () => loadOther(folder).then((one) => besideByModel(view.row, one)), run.folder === folder]);
  const select = element("select");
  select.setAttribute("aria-label", { seed: "Second seed", site: "Second site", model: "Second model" }[kind]);
  for (const [name, , isChosen] of choices) {
    const option = element("option", "", name);
    option.selected = isChosen;
    select.append(option);
  }
  select.onchange = async () => {
    try {
      view.other = await choices[select.selectedIndex][1]();
    } catch {
      toast("That model's explorer is not there any more.");
    }
    draw("row");
  };
  if (choices.length > 1) {
    panes.b.facts.querySelector(`[data-fact=${kind}]`).replaceWith(select);
  }
}

function variantName(one) {
  const condition = main.conditions[one.prompt.condition], piece = one.prompt.pieces?.[one.place];
  return one.prompt.sites.length > 1 ? `${condition}, ${piece ? `“${piece}”` : one.site.label}` : condition;
}

function drawSeeds() {
  const { prompt, place, seed } = main.rows[view.row], box = $("seeds");
  box.hidden = main.seeds.length < 2;
  if (box.childElementCount !== main.seeds.length) {
    box.replaceChildren(...main.seeds.map((name, number) => {
      const button = element("button", "chip", name);
      button.type = "button";
      button.setAttribute("role", "radio");
      button.setAttribute("aria-label", `seed ${name}`);
      button.onclick = () => goToSeed(number);
      return button;
    }));
    box.prepend(element("span", "soft", "Seed"));
  }
  [...box.querySelectorAll("button")].forEach((button, number) => {
    button.setAttribute("aria-checked", number === seed);
    button.classList.toggle("out", !shown.isIn.has(main.row(prompt, place, number)));
  });
}

function drawSites() {
  const variants = variantsOf(view.row), { prompt, place } = main.rows[view.row];
  $("site-field").hidden = variants.length < 2;
  $("site").replaceChildren(...variants.map((one) => {
    const option = element("option", "", variantName(one));
    option.selected = one.prompt === prompt && one.place === place;
    return option;
  }));
}

// A thumbnail a layer, and where one token after another is shown a row a token.
function drawFilm() {
  const film = $("film"), { prompt, seed, place } = main.rows[view.row];
  const places = prompt.sites.length > 1 && prompt.sites.length <= 12 ? prompt.sites.map((_, number) => number) : [place];
  film.hidden = $("slider").hidden = $("play").hidden = main.depth < 2 && places.length < 2;
  film.classList.toggle("tokens", places.length > 1);
  film.style.setProperty("--n", main.depth);
  $("panes").style.setProperty("--more", `${62 * (places.length - 1)}px`);
  const width = (film.clientWidth - (places.length > 1 ? 76 : 0)) / main.depth;
  const size = Math.min(Math.max(8, width - 4), places.length > 1 ? 56 : 72);
  const every = Math.ceil(22 / Math.max(1, width));
  film.replaceChildren(...places.flatMap((number) => {
    const row = main.row(prompt, number, seed);
    const cells = main.layers.map((name, layer) => {
      const cell = element("button", "frame");
      cell.type = "button";
      cell.tabIndex = -1;
      cell.layer = layer;
      cell.row = row;
      cell.setAttribute("aria-label", `layer ${name}${places.length > 1 ? `, ${main.siteLabel(row)}` : ""}`);
      const { layout } = main.thumbnails, scale = Math.min(size / layout.width, size / layout.height);
      const thumb = element("span", "thumb");
      thumb.style.width = `${layout.width * scale}px`;
      thumb.style.height = `${layout.height * scale}px`;
      showThumb(thumb, main, main.image(row, layer), layout.width * scale, layout.height * scale);
      cell.append(thumb);
      const right = main.right(row, layer);
      if (right !== "-") {
        thumb.append(element("i", `dot is-${right === "1" ? "right" : "wrong"}`));
      }
      if (number === places[places.length - 1]) {
        cell.append(element("span", "number", (main.depth - 1 - layer) % every === 0 ? name : ""));
      }
      return cell;
    });
    const label = element("span", "token", main.rows[row].prompt.pieces?.[number] || main.site(row).label);
    label.classList.toggle("here", number === place);
    return places.length > 1 ? [label, ...cells] : cells;
  }));
}
