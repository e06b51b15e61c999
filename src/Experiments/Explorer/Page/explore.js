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
    ? main.seeds.map((seed, number) => [`seed ${seed}`, () => besideBySeed(view.row, number), number === main.rows[row].seed]).filter((_, number) => number !== here.seed)
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
    view.other = await choices[select.selectedIndex][1]();
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
  const width = (film.clientWidth - (places.length > 1 ? 76 : 0)) / main.depth, size = Math.min(Math.max(8, width - 4), places.length > 1 ? 56 : 72);
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

function drawAnswers() {
  const beside = view.other !== null && view.other.row !== null ? view.other : null;
  const sides = [["A", main, view.row, view.layer],
    ...beside ? [["B", beside.run, beside.row, Math.round(layerThere(beside.run, view.layer))]] : []];
  $("answers").replaceChildren(...sides.map(([letter, run, row, layer]) => answersTable(letter, run, row, layer, sides.length > 1)));
}

function answersTable(letter, run, row, layer, isOne) {
  const { annotators } = run.answers, said = run.said(row, layer);
  if (said.length === 0) {
    return element("p", "soft", "Nothing is asked about this image.");
  }
  if (said.every((question) => question.by.length === 0)) {
    const open = element("div");
    open.append(element("p", "soft", run.hasAnswers ? "Nobody has said anything about this image." : "Nobody has answered yet. Asked is:"));
    open.append(...said.map((question) => element("p", "asked", question.text)));
    return open;
  }
  const who = annotators.map((_, number) => number).filter((number) => said.some((question) => question.by.some((one) => one.annotator === number)));
  const table = element("table"), head = element("tr");
  head.append(element("th", "", isOne ? `${letter}: question` : "Question"), ...who.map((number) => {
    const cell = element("th", "who", annotators[number].replace(/@[0-9a-f]{8}$/, "") || "by hand");
    cell.scope = "col";
    cell.title = annotators[number];
    return cell;
  }));
  table.append(head, ...said.map((question) => {
    const line = element("tr"), name = element("th", "asked", question.text);
    name.scope = "row";
    name.dir = "auto";
    line.classList.toggle("disputed", new Set(question.by.map((one) => one.yes)).size > 1);
    line.append(name, ...who.map((number) => {
      const cell = element("td"), answer = question.by.find((one) => one.annotator === number);
      if (answer !== undefined) {
        cell.append(element("span", answer.yes === "1" ? "yes" : "no", answer.yes === "1" ? "yes" : "no"));
        if (answer.score !== null) {
          cell.append(element("small", "", String(answer.score)));
        }
      } else {
        cell.append(element("span", "soft", "–"));
      }
      return cell;
    }));
    return line;
  }));
  return table;
}

function drawFigure() {
  const figure = main.figures[view.figure];
  $("evidence").classList.toggle("without", figure === undefined);
  if (figure === undefined) {
    $("figure-note").textContent = main.hasAnswers
      ? "Not all questions have answers yet; the curves are drawn when they have."
      : "There are no answers yet; the curves are drawn when there are.";
    $("chart").replaceChildren();
    $("legend").replaceChildren();
    return;
  }
  $("figure").selectedIndex = view.figure;
  $("figure-note").textContent = `${figure.rows}; bands: 95 % over prompts${figure.answersBy ? `; answers: ${figure.answersBy}` : ""}`;
  chart.draw(figure, main);
  chart.move(view.position);
  $("legend").replaceChildren(...figure.curves.map((curve, number) => {
    const button = element("button", `entry ${shadeOf(curve)}${curve.dashed ? " dashed" : ""}`);
    button.type = "button";
    const sign = svg("svg", { viewBox: "0 0 26 12", "aria-hidden": "true" });
    sign.append(svg("line", { class: "line", x1: 1, x2: 25, y1: 6, y2: 6 }), marker(curve.marker, 13, 6, 3.6));
    button.append(sign, element("span", "name", curve.label), element("span", "value"));
    button.onclick = () => {
      view.curve = view.curve === number ? -1 : number;
      draw("curve");
    };
    return button;
  }));
}

function drawCurve() {
  const figure = main.figures[view.figure];
  if (figure === undefined) {
    return;
  }
  chart.light(view.layer, view.curve);
  [...$("legend").children].forEach((button, number) => {
    const point = figure.curves[number].points.find((one) => one.layer === main.layers[view.layer]);
    const value = button.querySelector(".value");
    const share = point === undefined || point.mean === null ? "–" : `${Math.round(100 * point.mean)} %`;
    const range = point?.low == null ? "" : ` ${Math.round(100 * point.low)}–${Math.round(100 * point.high)}`;
    value.replaceChildren(element("small", "", range), document.createTextNode(share));
    button.setAttribute("aria-pressed", number === view.curve);
    button.title = point === undefined ? "" : `n = ${point.count}`;
  });
}

// The images that a point of a curve counts, or where none is chosen those of all rows.
function drawGallery() {
  const curve = main.figures[view.figure]?.curves[view.curve];
  const layer = `layer ${main.layers[view.layer]}`;
  const isCounted = curve !== undefined && curve.rows.length > 0;
  $("which").hidden = !isCounted;
  if (isCounted) {
    const holds = curve.holds[view.layer], count = { yes: 0, no: 0, all: 0 };
    behind = [];
    curve.rows.forEach((row, place) => {
      const said = holds[place];
      if (said !== "-" && shown.isIn.has(row)) {
        const which = said === "1" ? "yes" : "no";
        count[which]++;
        count.all++;
        if (view.which === which || view.which === "all") {
          behind.push({ row, sign: said });
        }
      }
    });
    $("gallery-title").textContent = `${curve.label}, ${layer}`;
    [...$("which").children].forEach((button) => {
      const { which } = button.dataset;
      button.textContent = `${which} ${count[which]}`;
      button.setAttribute("aria-checked", which === view.which);
    });
  } else {
    behind = shown.rows.map((row) => ({ row, sign: main.right(row, view.layer) }));
    $("gallery-title").textContent = curve === undefined ? `All images of ${layer}` : `${curve.label} counts prompts; all images of ${layer}`;
  }
  gallery.set(behind.length, behind.findIndex((one) => one.row === view.row));
}

function drawList(isMoved) {
  const prompt = listPrompt();
  list.set(shown.prompts.length, shown.prompts.indexOf(prompt));
  if (isMoved) {
    list.reveal();
  }
  const isFiltered = Object.values(view.filter).some((value) => value !== "");
  const all = main.prompts.length;
  $("count-text").textContent = isFiltered ? `${shown.prompts.length} of ${all} prompts` : `${all} ${all === 1 ? "prompt" : "prompts"}`;
  $("clear").hidden = !isFiltered;
}

// Whose prompt the list chooses: that of the second image where two prompts are compared and it is its turn.
const listRow = () => view.other?.kind === "prompt" && view.active === "b" ? view.other.row : view.row;
const listPrompt = () => main.rows[listRow()].prompt;

function makePromptCell() {
  const cell = element("div", "cell"), texts = element("div", "texts");
  cell.thumb = element("span", "thumb");
  cell.text = element("span", "text");
  cell.text.dir = "auto";
  cell.note = element("span", "soft note");
  cell.course = element("span", "course");
  texts.append(cell.text, cell.note, cell.course);
  cell.append(cell.thumb, texts);
  return cell;
}

function fillPromptCell(cell, number) {
  const prompt = shown.prompts[number], row = rowLike(prompt, listRow());
  if (cell.prompt !== prompt) {
    cell.prompt = prompt;
    cell.text.textContent = prompt.text.length > 0 ? prompt.text : "(the empty prompt)";
    cell.note.textContent = main.conditions.length > 1 ? main.conditions[prompt.condition] : "";
  }
  showThumb(cell.thumb, main, main.image(row, view.layer), 48, 48);
  const course = main.answers.right.slice(row * main.depth, (row + 1) * main.depth);
  if (cell.said !== course) {
    cell.said = course;
    cell.course.replaceChildren(...main.depth <= 32 ? [...course].map((said) => element("i", said === "1" ? "is-right" : "")) : []);
  }
}

function makeGalleryCell() {
  const cell = element("div", "cell");
  cell.thumb = element("span", "thumb");
  cell.sign = element("i", "dot");
  cell.thumb.append(cell.sign);
  cell.append(cell.thumb);
  return cell;
}

function fillGalleryCell(cell, number) {
  const { row, sign } = behind[number], { layout } = main.thumbnails;
  const scale = Math.min(72 / layout.width, 72 / layout.height);
  cell.thumb.style.width = `${layout.width * scale}px`;
  cell.thumb.style.height = `${layout.height * scale}px`;
  showThumb(cell.thumb, main, main.image(row, view.layer), layout.width * scale, layout.height * scale);
  cell.sign.className = sign === "-" ? "" : `dot is-${sign === "1" ? "right" : "wrong"}`;
  const { prompt, seed } = main.rows[row];
  const name = `${prompt.text}, seed ${main.seeds[seed]}${sign === "-" ? "" : `: ${sign === "1" ? "yes" : "no"}`}`;
  if (cell.title !== name) {
    cell.title = name;
    cell.setAttribute("aria-label", name);
  }
}

// Moving.

let gliding = 0, isSliding = false, saying = 0, noting = 0;

function setPosition(position) {
  view.position = Math.min(Math.max(position, 0), main.depth - 1);
  const layer = Math.round(view.position);
  if (layer !== view.layer) {
    view.layer = layer;
    draw("position", "layer");
    sayLater();
  } else {
    draw("position");
  }
}

// To a layer, through the mixtures on the way.
function goTo(layer, milliseconds = 200) {
  const target = Math.min(Math.max(layer, 0), main.depth - 1), from = view.position;
  cancelAnimationFrame(gliding);
  if (prefersStill.matches || from === target) {
    setPosition(target);
    return;
  }
  if (view.layer !== target) {
    view.layer = target;
    draw("layer");
    sayLater();
  }
  const begin = performance.now();
  const step = (now) => {
    const part = Math.min(1, (now - begin) / milliseconds), eased = part * part * (3 - 2 * part);
    view.position = part === 1 ? target : from + (target - from) * eased;
    draw("position");
    if (part < 1) {
      gliding = requestAnimationFrame(step);
    }
  };
  gliding = requestAnimationFrame(step);
}

let playing = 0;

function play(isOn = playing === 0) {
  clearTimeout(playing);
  playing = 0;
  if (isOn && main.depth > 1) {
    const next = () => {
      const isAtEnd = view.layer === main.depth - 1;
      goTo(isAtEnd ? 0 : view.layer + 1, isAtEnd ? 1 : 420);
      playing = setTimeout(next, view.layer === main.depth - 1 ? 1900 : 1000);
    };
    playing = setTimeout(next, 30);
  }
  $("play").setAttribute("aria-pressed", playing !== 0);
}

function goToRow(row) {
  if (view.other?.kind === "prompt" && view.active === "b") {
    view.other = { ...view.other, row };
  } else {
    view.row = row;
    follow();
  }
  draw("row");
  sayLater();
}

function goToPrompt(step) {
  if (shown.prompts.length > 0) {
    const at = shown.prompts.indexOf(listPrompt());
    const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), shown.prompts.length - 1);
    goToRow(rowLike(shown.prompts[next], listRow()));
  }
}

function goToSeed(seed) {
  const { prompt, place } = main.rows[view.row];
  view.row = main.row(prompt, place, seed);
  follow();
  draw("row");
  sayLater();
}

function goToVariant(variant) {
  view.row = main.row(variant.prompt, variant.place, main.rows[view.row].seed);
  follow();
  draw("row");
  sayLater();
}

function nextVariant() {
  const all = variantsOf(view.row), { prompt, place } = main.rows[view.row];
  goToVariant(all[(all.findIndex((one) => one.prompt === prompt && one.place === place) + 1) % all.length]);
}

function goToFigure(number) {
  if (main.figures.length > 0) {
    view.figure = (number + main.figures.length) % main.figures.length;
    view.curve = -1;
    draw("figure");
  }
}

// Comparing.

let foundOthers = [];

async function compare(kind) {
  const begin = view.other;
  let other = kind === "seed" ? besideBySeed(view.row) : kind === "prompt" ? besideByPrompt(view.row)
    : kind === "site" ? besideBySite(view.row) : null;
  if (kind === "model") {
    foundOthers = await findOthers();
    for (const folder of foundOthers) {
      other ??= await loadOther(folder).then((run) => besideByModel(view.row, run)).catch(() => null);
    }
  }
  if (kind !== "" && other === null) {
    toast({
      seed: "This run has one seed.", prompt: "This run has one prompt.", site: "This prompt is looked at through one site.",
      model: "No other model's explorer lies beside this one.",
    }[kind]);
    other = begin;
  }
  view.other = other;
  view.active = other?.kind === "prompt" ? "b" : "a";
  draw("row");
}

function nextComparison() {
  const kinds = ["seed", "prompt", ...variantsOf(view.row).length > 1 ? ["site"] : [], ...foundOthers.length > 0 ? ["model"] : [], ""];
  const ready = kinds.filter((kind) => kind !== "seed" || main.seeds.length > 1).filter((kind) => kind !== "prompt" || main.prompts.length > 1);
  compare(ready[(ready.indexOf(view.other?.kind ?? "") + 1) % ready.length]);
}

function changeSides() {
  if (view.other !== null && view.other.run === main) {
    [view.row, view.other] = [view.other.row, { ...view.other, row: view.row }];
    draw("row");
    sayLater();
  }
}

// Copying.

async function copyText(text, said) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Where a page has no clipboard: not a secure one.
    const area = element("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const isDone = document.execCommand("copy");
    area.remove();
    if (!isDone) {
      toast("The browser lets nothing be copied here.");
      return;
    }
  }
  toast(said);
}

async function copyImage() {
  const path = main.path(view.row, view.layer), address = new URL(path, location.href).href;
  if (location.protocol === "file:") {
    const html = element("img");
    html.src = address;
    await navigator.clipboard.write([new ClipboardItem({
      "text/plain": new Blob([address], { type: "text/plain" }),
      "text/html": new Blob([html.outerHTML], { type: "text/html" }),
    })]).then(
      () => toast("Copied where the image is: a page opened as a file cannot read pixels. A right click on the image copies these."),
      () => copyText(address, "Copied where the image is. A right click on the image copies its pixels."));
    return;
  }
  try {
    const answer = await fetch(path);
    if (!answer.ok) {
      throw new Error(answer.statusText);
    }
    await navigator.clipboard.write([new ClipboardItem({ "image/png": answer.blob() })]);
    toast("Image copied");
  } catch {
    await copyText(address, "This browser copies no pixels: copied the image's address.");
  }
}

function copyCommand(isAlone) {
  const command = main.commandOf(view.row, view.layer, isAlone);
  if (command === null) {
    toast(main.command.lacks ?? "The command lens has no options for this site.");
    return;
  }
  copyText(command, isAlone
    ? "Command copied, for this image alone: a pixel can differ by a level of 255."
    : main.isExact(view.row)
      ? "Command copied: it makes this prompt's images again to the bit, this one among them. With Shift: this one alone."
      : "Command copied: it makes this prompt's images again, up to a level of 255. With Shift: this one alone.");
}

let toasting = 0;

function toast(text) {
  const box = $("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toasting);
  toasting = setTimeout(() => { box.hidden = true; }, 2600 + 35 * text.length);
}

// What changed, for who listens; when it has come to rest.
function sayLater() {
  clearTimeout(saying);
  saying = setTimeout(() => {
    const { prompt, seed } = main.rows[view.row];
    const right = main.hasAnswers ? `, ${signs[main.right(view.row, view.layer)]}` : "";
    $("live").textContent = `Layer ${main.layers[view.layer]} of ${main.lastLayer}${right}. ${prompt.text}, seed ${main.seeds[seed]}`;
  }, 400);
}

let writtenHash = "";

function noteState() {
  clearTimeout(noting);
  noting = setTimeout(writeState, 250);
}

function writeState() {
  const hash = hashOf();
  if (hash !== writtenHash) {
    writtenHash = hash;
    history.replaceState(null, "", hash);
  }
}

// The page.

function choices(select, pairs) {
  select.replaceChildren(...pairs.map(([value, text]) => {
    const option = element("option", "", text);
    option.value = value;
    return option;
  }));
}

function showFilters() {
  const { filter } = view;
  $("search").value = filter.text;
  $("condition").value = filter.condition;
  $("verdict").value = filter.verdict;
  $("first").value = filter.first;
}

function setFilter(name, value) {
  view.filter[name] = value;
  filterRows();
  if (shown.prompts.length > 0 && !shown.isIn.has(view.row)) {
    const here = main.rows[view.row].prompt;
    view.row = rowLike(shown.prompts.includes(here) ? here : shown.prompts[0], view.row);
    follow();
    draw("row");
  }
  draw("filter");
}

function showFinder(isOpen) {
  document.body.classList.toggle("finding", isOpen);
  $("find").setAttribute("aria-expanded", isOpen);
  if (isOpen) {
    list.measure();
    list.reveal();
    $("search").focus();
  } else {
    $("find").focus();
  }
}

const keys = {
  ArrowLeft: () => { play(false); goTo(view.layer - 1); },
  ArrowRight: () => { play(false); goTo(view.layer + 1); },
  Home: () => { play(false); goTo(0); },
  End: () => { play(false); goTo(main.depth - 1); },
  ArrowUp: () => goToPrompt(-1),
  ArrowDown: () => goToPrompt(1),
  " ": () => play(),
  s: () => goToSeed((main.rows[view.row].seed + 1) % main.seeds.length),
  t: () => nextVariant(),
  c: () => nextComparison(),
  x: () => changeSides(),
  b: () => {
    if (view.other?.kind === "prompt") {
      view.active = view.active === "a" ? "b" : "a";
      draw("row");
    }
  },
  f: () => goToFigure(view.figure + 1),
  g: () => {
    const count = main.figures[view.figure]?.curves.length ?? 0;
    view.curve = view.curve + 1 >= count ? -1 : view.curve + 1;
    draw("curve");
  },
  i: () => copyImage(),
  p: () => copyText(main.rows[view.row].prompt.text, "Prompt copied"),
  m: (event) => copyCommand(event.shiftKey),
  l: () => copyLink(),
  "/": () => {
    if (matchMedia("(max-width: 760px)").matches) {
      showFinder(true);
    }
    $("search").focus();
    $("search").select();
  },
  "?": () => $("help").showModal(),
};

function copyLink() {
  writeState();
  copyText(location.href, "Link copied");
}

function onKey(event) {
  const { target } = event, isTyping = target.matches("input[type=search], select, textarea");
  if (event.key === "Escape" && !$("help").open) {
    play(false);
    if (document.body.classList.contains("finding")) {
      showFinder(false);
    } else if (isTyping) {
      target.blur();
    }
    return;
  }
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (isTyping || $("help").open || event.ctrlKey || event.metaKey || event.altKey
    || (key === " " || key === "Enter") && target.closest("button, a, summary")) {
    return;
  }
  if (target.id === "gallery" && moveInGallery(key)) {
    event.preventDefault();
    return;
  }
  const number = Number(key);
  const act = keys[key] ?? (Number.isInteger(number) && number >= 1 && number <= main.seeds.length ? () => goToSeed(number - 1) : undefined);
  if (act !== undefined) {
    event.preventDefault();
    act(event);
  }
}

// Within the images behind a point the arrows go from one to the next.
function moveInGallery(key) {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -gallery.columns, ArrowDown: gallery.columns }[key];
  if (step === undefined || behind.length === 0) {
    return false;
  }
  const at = behind.findIndex((one) => one.row === view.row);
  const next = Math.min(Math.max(at < 0 ? 0 : at + step, 0), behind.length - 1);
  chooseBehind(next);
  gallery.reveal();
  return true;
}

function chooseBehind(number) {
  view.active = "a";
  view.row = behind[number].row;
  follow();
  draw("row");
  sayLater();
}

function listen() {
  const slider = $("slider");
  slider.max = main.depth - 1;
  slider.addEventListener("input", () => {
    play(false);
    cancelAnimationFrame(gliding);
    isSliding = true;
    setPosition(prefersStill.matches ? Math.round(Number(slider.value)) : Number(slider.value));
  });
  slider.addEventListener("change", () => {
    isSliding = false;
    goTo(Math.round(view.position), 120);
  });
  $("film").addEventListener("click", (event) => {
    const cell = event.target.closest("button");
    if (cell !== null) {
      play(false);
      if (cell.row !== view.row) {
        view.row = cell.row;
        follow();
        draw("row");
      }
      goTo(cell.layer);
    }
  });
  $("play").onclick = () => play();
  $("search").oninput = () => setFilter("text", $("search").value);
  $("condition").onchange = () => setFilter("condition", $("condition").value);
  $("verdict").onchange = () => setFilter("verdict", $("verdict").value);
  $("first").onchange = () => setFilter("first", $("first").value);
  $("clear").onclick = () => {
    view.filter = { condition: "", text: "", verdict: "", first: "" };
    showFilters();
    draw("filter");
  };
  $("kind").onchange = () => compare($("kind").value);
  $("site").onchange = () => goToVariant(variantsOf(view.row)[$("site").selectedIndex]);
  $("figure").onchange = () => goToFigure($("figure").selectedIndex);
  $("figure-before").onclick = () => goToFigure(view.figure - 1);
  $("figure-after").onclick = () => goToFigure(view.figure + 1);
  for (const which of ["yes", "no", "all"]) {
    const button = element("button", "", which);
    button.type = "button";
    button.dataset.which = which;
    button.setAttribute("role", "radio");
    button.onclick = () => { view.which = which; draw("curve"); };
    $("which").append(button);
  }
  $("copy-image").onclick = copyImage;
  $("copy-prompt").onclick = keys.p;
  $("copy-command").onclick = (event) => copyCommand(event.shiftKey);
  $("copy-link").onclick = copyLink;
  $("help-open").onclick = keys["?"];
  $("find").onclick = () => showFinder(true);
  $("find-close").onclick = () => showFinder(false);
  for (const [letter, pane] of Object.entries(panes)) {
    pane.figure.addEventListener("click", () => {
      if (view.other?.kind === "prompt" && view.active !== letter) {
        view.active = letter;
        draw("row");
      }
    });
  }
  document.addEventListener("keydown", onKey);

  // Who chose with a mouse goes on with keys.
  document.addEventListener("change", ({ target }) => target.matches("select") && !target.matches(":focus-visible") && target.blur());
  addEventListener("hashchange", () => {
    if (location.hash !== writtenHash) {
      takeHash(location.hash).then(showAll);
    }
  });
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) {
      width = innerWidth;
      draw("row");
    }
  });
}

function showAll() {
  writtenHash = location.hash;
  showFilters();
  draw("all");
}

async function open() {
  if (!window.exploredRun) {
    document.body.replaceChildren(element("p", "alone", "explore/run.js is not there: keep the folder explore beside this page."));
    return;
  }
  main = new Run(window.exploredRun, window.exploredAnswers, "", decodeURIComponent(location.pathname.split("/").at(-2) ?? ""));
  document.title = `${main.title} · ${main.model}`;
  $("title").textContent = main.title;
  $("lead").textContent = `${main.experiment} on ${main.model}: ${main.rows.length * main.depth} images; ${main.sampler}`;
  choices($("condition"), [["", "all"], ...main.conditions.map((name) => [name, name])]);
  choices($("first"), [["", "at any layer"], ...main.layers.map((layer, place) => [String(place), `at layer ${layer}`]), ["-1", "never"]]);
  choices($("figure"), main.figures.map((figure, place) => [String(place), figure.title]));
  for (const id of ["verdict", "first"]) {
    $(id).closest("label").hidden = main.answers.right === "";
  }
  $("condition").closest("label").hidden = main.conditions.length < 2;
  $("slider").style.setProperty("--n", main.depth);
  list = new Grid($("list"), {
    height: 66, width: null, make: makePromptCell, fill: fillPromptCell,
    onChoose: (number) => {
      goToRow(rowLike(shown.prompts[number], listRow()));
      if (document.body.classList.contains("finding")) {
        showFinder(false);
      }
    },
  });
  gallery = new Grid($("gallery"), { height: 80, width: 78, make: makeGalleryCell, fill: fillGalleryCell, onChoose: chooseBehind });
  listen();
  await takeHash(location.hash);
  if (view.other?.kind === "model") {
    foundOthers = await findOthers();
    if (!foundOthers.includes(view.other.run.folder)) {
      foundOthers = [view.other.run.folder, ...foundOthers];
    }
  }
  showAll();
}

open();
