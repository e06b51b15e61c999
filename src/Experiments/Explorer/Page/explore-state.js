"use strict";

// What is looked at. `position` is where between the layers the slider is; `layer` the one that is nearest. `other` is what stands beside
// it: a row of this run or of another model's.
const view = {
  row: 0,
  layer: 0,
  position: 0,
  other: null,
  active: "a",
  figure: 0,
  curve: -1,
  which: "yes",
  filter: { condition: "", text: "", verdict: "", first: "" },
};

let main = null;

// The rows that the filters let through, and the prompts that have one.
const shown = { rows: [], prompts: [], isIn: new Set() };

const verdicts = {
  "right": (row) => main.right(row, view.layer) === "1",
  "wrong": (row) => main.right(row, view.layer) === "0",
  "right-last": (row) => main.right(row, main.depth - 1) === "1",
  "wrong-last": (row) => main.right(row, main.depth - 1) === "0",
  "lost": (row) => main.right(row, main.depth - 1) === "0" && main.firstRight(row) >= 0,
  "never": (row) => main.right(row, main.depth - 1) === "0" && main.firstRight(row) < 0,
};

function filterRows() {
  const { condition, text, verdict, first } = view.filter;
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const isRight = verdicts[verdict] ?? (() => true);
  shown.rows = [];
  shown.prompts = [];
  shown.isIn = new Set();
  for (const prompt of main.prompts) {
    if (condition !== "" && main.conditions[prompt.condition] !== condition || !words.every((word) => prompt.search.includes(word))) {
      continue;
    }
    const count = prompt.sites.length * main.seeds.length, before = shown.rows.length;
    for (let row = prompt.first; row < prompt.first + count; row++) {
      if (isRight(row) && (first === "" || String(main.firstRight(row)) === first)) {
        shown.rows.push(row);
        shown.isIn.add(row);
      }
    }
    if (shown.rows.length > before) {
      shown.prompts.push(prompt);
    }
  }
}

// The row of a prompt that is most like another row and that the filters let through, where one is.
function rowLike(prompt, row) {
  const { seed } = main.rows[row], site = main.site(row);
  const place = Math.max(0, prompt.sites.findIndex((number) => main.sites[number].key === site.key));
  const wanted = main.row(prompt, place, seed);
  if (shown.isIn.has(wanted)) {
    return wanted;
  }
  const count = prompt.sites.length * main.seeds.length;
  for (let other = prompt.first; other < prompt.first + count; other++) {
    if (shown.isIn.has(other)) {
      return other;
    }
  }
  return wanted;
}

// What stands beside the row, for each way to compare; null where there is nothing of the kind.
function besideBySeed(row, seed) {
  if (main.seeds.length < 2) {
    return null;
  }
  const { prompt, place, seed: here } = main.rows[row];
  return { kind: "seed", run: main, row: main.row(prompt, place, seed ?? (here + 1) % main.seeds.length) };
}

function besideByPrompt(row, prompt) {
  const here = main.rows[row].prompt;
  const list = shown.prompts.length > 1 ? shown.prompts : main.prompts;
  const other = prompt ?? list[(list.indexOf(here) + 1) % list.length];
  return main.prompts.length < 2 ? null : { kind: "prompt", run: main, row: rowLike(other, row) };
}

function variantsOf(row) {
  return main.variants.get(main.rows[row].prompt.text);
}

function besideBySite(row, variant) {
  const all = variantsOf(row), { prompt, place, seed } = main.rows[row];
  const here = all.findIndex((one) => one.prompt === prompt && one.place === place);
  const other = variant ?? all[(here + 1) % all.length];
  return all.length < 2 ? null : { kind: "site", run: main, row: main.row(other.prompt, other.place, seed) };
}

function besideByModel(row, run) {
  const { prompt, seed } = main.rows[row], site = main.site(row), condition = main.conditions[prompt.condition];
  const same = (run.variants.get(prompt.text) ?? []).filter((one) => run.conditions[one.prompt.condition] === condition);
  const other = same.find((one) => one.site.key === site.key) ?? same[0];
  const itsSeed = run.seeds.indexOf(main.seeds[seed]);
  return { kind: "model", run, row: other && itsSeed >= 0 ? run.row(other.prompt, other.place, itsSeed) : null };
}

// What is compared goes along when the row changes.
function follow() {
  const { other } = view;
  if (other === null) {
    return;
  }
  const there = other.row === null ? null : other.run.rows[other.row];
  view.other = other.kind === "seed" ? besideBySeed(view.row, there.seed === main.rows[view.row].seed ? undefined : there.seed)
    : other.kind === "model" ? besideByModel(view.row, other.run)
    : other.kind === "prompt" ? { ...other, row: rowOfSeed(other.row, main.rows[view.row].seed) }
    : besideBySite(view.row, variantsOf(view.row).find((one) =>
      one.site.key === main.site(other.row).key && one.prompt.condition === there.prompt.condition
      && !(one.prompt === main.rows[view.row].prompt && one.place === main.rows[view.row].place)));
}

function rowOfSeed(row, seed) {
  const { prompt, place } = main.rows[row];
  return main.row(prompt, place, seed);
}

// The layer of another model that lies at the same depth.
function layerThere(run, position) {
  if (run === main) {
    return position;
  }
  const below = Math.floor(position), rest = position - below;
  const at = (place) => {
    const depth = main.layers[Math.min(place, main.depth - 1)] / Math.max(1, main.lastLayer);
    let best = 0;
    run.layers.forEach((layer, number) => {
      if (Math.abs(layer / Math.max(1, run.lastLayer) - depth) < Math.abs(run.layers[best] / Math.max(1, run.lastLayer) - depth)) {
        best = number;
      }
    });
    return best;
  };
  const from = at(below), to = at(Math.ceil(position));
  return to === from + 1 ? from + rest : rest < 0.5 ? from : to;
}

const slug = (text) => encodeURIComponent(text).replaceAll("%20", "+").replaceAll("%2F", "/");
const unslug = (text) => decodeURIComponent(text.replaceAll("+", "%20"));

function hashOf() {
  const { prompt, place, seed } = main.rows[view.row];
  const parts = [["prompt", prompt.folder], ["layer", String(main.layers[view.layer])], ["seed", main.seeds[seed]]];
  if (prompt.sites.length > 1) {
    parts.push(["site", main.sites[prompt.sites[place]].key]);
  }
  const figure = main.figures[view.figure];
  if (figure !== undefined && (view.figure > 0 || view.curve >= 0)) {
    parts.push(["figure", figure.name]);
  }
  if (view.curve >= 0) {
    parts.push(["curve", figure.curves[view.curve].label]);
    if (view.which !== "yes") {
      parts.push(["which", view.which]);
    }
  }
  for (const [name, value] of Object.entries(view.filter)) {
    if (value !== "") {
      parts.push([name, name === "first" ? firstName(value) : value]);
    }
  }
  if (view.other !== null) {
    parts.push(["with", otherName()]);
  }
  return "#" + parts.map(([name, value]) => `${name}=${slug(value)}`).join("&");
}

const firstName = (value) => value === "-1" ? "never" : String(main.layers[Number(value)]);

function otherName() {
  const { kind, run, row } = view.other;
  if (kind === "model") {
    return `model:${run.folder}`;
  }
  const { prompt, place, seed } = main.rows[row];
  return kind === "seed" ? `seed:${main.seeds[seed]}`
    : kind === "prompt" ? `prompt:${prompt.folder}`
    : `site:${prompt.folder}:${main.sites[prompt.sites[place]].key}`;
}

// Takes what a link says; what it names and is not there is left as it is by default. True where it says anything.
async function takeHash(hash) {
  const said = new Map(hash.replace(/^#/, "").split("&").filter(Boolean).map((part) => {
    const at = part.indexOf("=");
    try {
      return at < 0 ? [part, ""] : [part.slice(0, at), unslug(part.slice(at + 1))];
    } catch {
      return [part, ""];
    }
  }));
  const get = (name) => said.get(name) ?? "";
  view.filter = { condition: main.conditions.includes(get("condition")) ? get("condition") : "", text: get("text"),
    verdict: Object.hasOwn(verdicts, get("verdict")) ? get("verdict") : "", first: firstOf(get("first")) };
  const layer = main.layers.indexOf(Number(get("layer")));
  view.layer = said.has("layer") && layer >= 0 ? layer : main.depth - 1;
  view.position = view.layer;
  filterRows();
  const prompt = main.byFolder.get(get("prompt")) ?? shown.prompts[0] ?? main.prompts[0];
  const place = Math.max(0, prompt.sites.findIndex((site) => main.sites[site].key === get("site")));
  view.row = said.has("seed") && main.seeds.includes(get("seed"))
    ? main.row(prompt, place, main.seeds.indexOf(get("seed")))
    : rowLike(prompt, main.row(prompt, place, 0));
  const figure = main.figures.findIndex((one) => one.name === get("figure"));
  view.figure = Math.max(0, figure);
  view.curve = said.has("curve") && main.figures.length > 0
    ? main.figures[view.figure].curves.findIndex((curve) => curve.label === get("curve")) : -1;
  view.which = ["yes", "no", "all"].includes(get("which")) ? get("which") : "yes";
  view.other = await takeOther(get("with"));
  view.active = view.other?.kind === "prompt" ? "b" : "a";
  return said.size > 0;
}

function firstOf(text) {
  const place = main.layers.map(String).indexOf(text);
  return text === "never" ? "-1" : place >= 0 ? String(place) : "";
}

async function takeOther(text) {
  const [kind, name = "", ...rest] = text.split(":");
  switch (kind) {
    case "seed":
      return main.seeds.includes(name) ? besideBySeed(view.row, main.seeds.indexOf(name)) : null;
    case "prompt":
      return main.byFolder.has(name) ? besideByPrompt(view.row, main.byFolder.get(name)) : null;
    case "site": {
      const key = rest.join(":");
      const variant = variantsOf(view.row).find((one) => one.prompt.folder === name && one.site.key === key);
      return variant === undefined ? null : besideBySite(view.row, variant);
    }
    case "model":
      try {
        return besideByModel(view.row, await loadOther([name, ...rest].join(":")));
      } catch {
        return null;
      }
    default:
      return null;
  }
}
