"use strict";

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
  const ready = kinds.filter((kind) =>
    (kind !== "seed" || main.seeds.length > 1) && (kind !== "prompt" || main.prompts.length > 1));
  compare(ready[(ready.indexOf(view.other?.kind ?? "") + 1) % ready.length]);
}

function changeSides() {
  if (view.other !== null && view.other.run === main) {
    [view.row, view.other] = [view.other.row, { ...view.other, row: view.row }];
    draw("row");
    sayLater();
  }
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
