"use strict";

// A run: its rows (prompt, site, seed), an image at each of their layers, and what was said of these. `base` is the way to its folder.
class Run {
  constructor(run, answers, base, folder) {
    Object.assign(this, run);
    this.answers = answers ?? { annotators: [], given: [], right: "", figures: [] };
    this.figures = this.answers.figures;
    this.base = base;
    this.folder = folder;
    this.depth = this.layers.length;
    this.missing = new Set(this.thumbnails.missing);
    this.isTiny = Math.max(this.thumbnails.width, this.thumbnails.height) <= 160;
    this.shape = this.thumbnails.width > 0 ? `${this.thumbnails.width} / ${this.thumbnails.height}` : "1 / 1";
    this.#number();
    this.#sortAnswers();
  }

  #number() {
    const rows = [];
    this.variants = new Map();
    this.firstOfCondition = this.conditions.map(() => -1);
    this.prompts.forEach((prompt, number) => {
      prompt.number = number;
      prompt.first = rows.length;
      prompt.search = prompt.text.toLocaleLowerCase();
      if (this.firstOfCondition[prompt.condition] < 0) {
        this.firstOfCondition[prompt.condition] = rows.length;
      }
      prompt.sites.forEach((site, place) => {
        const same = this.variants.get(prompt.text) ?? [];
        this.variants.set(prompt.text, same);
        same.push({ prompt, place, site: this.sites[site] });
        this.seeds.forEach((_, seed) => rows.push({ prompt, place, seed }));
      });
    });
    this.rows = rows;
    this.byFolder = new Map(this.prompts.map((prompt) => [prompt.folder, prompt]));
  }

  #sortAnswers() {
    this.given = new Map();
    for (const part of this.answers.given) {
      const key = `${part.condition} ${part.question}`;
      this.given.set(key, [...(this.given.get(key) ?? []), part]);
    }
  }

  get hasAnswers() {
    return this.answers.given.length > 0;
  }

  row(prompt, place, seed) {
    return prompt.first + place * this.seeds.length + seed;
  }

  image(row, layer) {
    return row * this.depth + layer;
  }

  site(row) {
    const { prompt, place } = this.rows[row];
    return this.sites[prompt.sites[place]];
  }

  // The name of the file that the run gave the image.
  path(row, layer) {
    const { prompt, seed } = this.rows[row];
    const key = [`layer-${String(this.layers[layer]).padStart(2, "0")}`, this.site(row).key].filter(Boolean).join("_");
    const path = `images/${prompt.folder}/${key}_seed-${this.seeds[seed]}.png`;
    return this.base + path.split("/").map(encodeURIComponent).join("/");
  }

  sheet(number) {
    return `${this.base}explore/sheet-${String(number).padStart(3, "0")}.jpg`;
  }

  // "1" right, "0" wrong, "-" not known.
  right(row, layer) {
    return this.answers.right[this.image(row, layer)] ?? "-";
  }

  firstRight(row) {
    const place = this.answers.right.slice(row * this.depth, (row + 1) * this.depth).indexOf("1");
    return place;
  }

  said(row, layer) {
    const { prompt } = this.rows[row];
    const place = this.image(row, layer) - this.firstOfCondition[prompt.condition] * this.depth;
    return prompt.asked.map((asked) => ({
      name: this.questions[asked.question],
      text: asked.text,
      by: (this.given.get(`${prompt.condition} ${asked.question}`) ?? [])
        .map((part) => ({ annotator: part.annotator, yes: part.yes[place], score: part.scores?.[place] ?? null }))
        .filter((answer) => answer.yes !== "-"),
    }));
  }

  siteLabel(row) {
    const { prompt, place } = this.rows[row];
    const site = this.site(row), piece = prompt.pieces?.[place];
    return piece ? `“${piece}” (${site.label})` : site.label;
  }

  // What a shell is given to have this image again; null where no such command makes it. Images of all layers and seeds of a prompt were
  // computed together, which decides how sums are rounded: alone, a pixel can differ by a level.
  commandOf(row, layer, isAlone) {
    const { prompt, seed } = this.rows[row], { options } = this.site(row);
    if (this.command.lacks !== null || options === null) {
      return null;
    }
    const layers = isAlone ? [this.layers[layer]] : this.layers, seeds = isAlone ? [this.seeds[seed]] : this.seeds;
    const rest = [options, `--layers ${layers.join(",")}`, `--seeds ${seeds.join(",")}`, this.command.common, "--images ."];
    const said = rest.filter(Boolean).join(" "), word = shellWord(prompt.text);
    return /^[-@]/.test(prompt.text) ? `dlens-repro lens ${said} -- ${word}` : `dlens-repro lens ${word} ${said}`;
  }

  // Whether the command of more than this image makes the same bytes: not where a prompt's tokens were computed together.
  isExact(row) {
    return this.rows[row].prompt.sites.length === 1;
  }
}

// A word as a POSIX shell takes it, exactly as it is.
function shellWord(word) {
  return /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+:,./=-]*$/.test(word) && !word.includes("\n") ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function load(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => { script.remove(); resolve(); };
    script.onerror = () => { script.remove(); reject(new Error(`${url} is not there`)); };
    document.head.append(script);
  });
}

const others = new Map();

// The run of another model, in the folder beside this one.
async function loadOther(folder) {
  if (!others.has(folder)) {
    const base = `../${encodeURIComponent(folder)}/`;
    window.exploredRun = window.exploredAnswers = null;
    await load(`${base}explore/run.js`);
    const run = window.exploredRun;
    await load(`${base}explore/answers.js`).catch(() => {});
    others.set(folder, new Run(run, window.exploredAnswers, base, folder));
  }
  return others.get(folder);
}

// The folders that have an explorer beside this one, as the last run left word of them.
async function findOthers() {
  if (window.exploredModels === undefined) {
    window.exploredModels = [];
    await load("../explore-models.js").catch(() => {});
  }
  return window.exploredModels.filter((folder) => folder !== main.folder);
}
