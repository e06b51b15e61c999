"use strict";

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
  const isSeed = Number.isInteger(number) && number >= 1 && number <= main.seeds.length;
  const act = keys[key] ?? (isSeed ? () => goToSeed(number - 1) : undefined);
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

// Where a folder has a percent sign that was typed as it is, no part of the path can be decoded.
function folderOf(path) {
  const name = path.split("/").at(-2) ?? "";
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

async function open() {
  if (!window.exploredRun) {
    document.body.replaceChildren(element("p", "alone", "explore/run.js is not there: keep the folder explore beside this page."));
    return;
  }
  main = new Run(window.exploredRun, window.exploredAnswers, "", folderOf(location.pathname));
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
