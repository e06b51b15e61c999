"use strict";

// The page of 'dlens-repro annotate'. Whatever is shown comes from the program; an answer is on its disk before the next image is shown.
const part = id => document.getElementById(id);
const TINY = 256;      // Images up to so many pixels are enlarged by whole factors.
const AHEAD = 4;       // So many images are fetched before they are needed.
const DIGIT_WAIT = 700;

let work = null;       // What the program said last.
let at = 0;            // The image that is shown, from 0.
let isStarted = false; // Whether the question of the set was read.
let isBusy = false;
let digits = "";
let digitTimer = 0;
const fetched = new Map();

async function ask(path, body) {
  const response = await fetch(path, body === undefined
    ? { cache: "no-store" }
    : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (response.ok) {
    return response.json();
  }

  const problem = new Error(await response.text());
  problem.status = response.status;
  throw problem;
}

// One request at a time: what is pressed meanwhile is not taken, and the image stays.
async function tell(path, body) {
  if (isBusy) {
    return null;
  }

  isBusy = true;
  try {
    const said = await ask(path, body);
    part("trouble").hidden = true;
    return said;
  } catch (problem) {
    complain(problem);
    return null;
  } finally {
    isBusy = false;
  }
}

function complain(problem) {
  part("trouble").textContent = problem.status === undefined
    ? "Not saved: the program does not answer. What you answered before is on its disk. Start it again, and open its new link."
    : problem.status === 401
      ? "Not saved: the program was started anew. What you answered before is on its disk. Open its new link."
      : `Not saved: ${problem.message}`;
  part("trouble").hidden = false;
}

function show(section) {
  clearTimeout(digitTimer);
  digits = "";
  for (const id of ["hello", "card", "ask", "done"]) {
    part(id).hidden = id !== section;
  }

  part("bar").hidden = section === "hello";
}

function take(said) {
  const before = work;
  work = said;
  if (said.name === null) {
    return sayHello();
  }

  showProgress();
  if (said.set === null) {
    return showDone();
  }

  const isSame = before?.set && before.set.question === said.set.question && before.set.prompt === said.set.prompt
    && before.set.isSecond === said.set.isSecond && before.set.items.some(item => said.set.items.some(other => other.id === item.id));
  at = said.set.position;
  if (isSame && isStarted) {
    showAsk();
  } else {
    isStarted = false;
    showCard();
  }
}

function sayHello() {
  show("hello");
  const list = part("names").querySelector("ul");
  list.replaceChildren(...work.names.map(name => {
    const entry = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", () => call(name));
    entry.append(button);
    return entry;
  }));
  part("names").hidden = work.names.length === 0;
  part("name").focus();
}

async function call(name) {
  const said = await tell("/name", { name });
  if (said) {
    isStarted = false;
    take(said);
  }
}

function showProgress() {
  const { answered, all, secondsLeft, compared, kappa } = work.progress;
  const parts = [`${answered.toLocaleString("en")} of ${all.toLocaleString("en")}`];
  if (secondsLeft !== null && answered < all) {
    parts.push(`${duration(secondsLeft)} left`);
  }

  if (compared > 0) {
    parts.push(`agreement on ${compared.toLocaleString("en")}: ${kappa === null ? `${work.progress.agreed} alike` : `κ ${kappa.toFixed(2).replace("-", "−")}`}`);
  }

  part("progress").textContent = parts.join(" · ");
  part("fill").style.width = `${all === 0 ? 100 : 100 * answered / all}%`;
  part("track").setAttribute("aria-valuemax", all);
  part("track").setAttribute("aria-valuenow", answered);
}

function duration(seconds) {
  const minutes = Math.max(1, Math.round(seconds / 60));
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function showPrompt(id) {
  part(id).hidden = work.set.prompt === null;
  part(id).textContent = work.set.prompt ?? "";
}

function showCard() {
  show("card");
  const open = work.set.items.filter(item => item.yes === null).length;
  part("card-kind").textContent = work.set.isSecond ? "Second opinion: somebody answered this already" : "Next question";
  part("card-question").textContent = work.set.question;
  showPrompt("card-prompt");
  part("card-count").textContent = open === 1 ? "1 image" : `${open} images`;
  document.title = work.set.question;
  part("card-undo").hidden = work.progress.mine === 0;
  part("card-question").focus();
  prefetch();
}

function start() {
  isStarted = true;
  buildFilm();
  showAsk();
}

function showAsk() {
  show("ask");
  const { set } = work;
  const item = set.items[at];
  part("question").textContent = set.question;
  showPrompt("prompt");
  if (part("film").children.length !== set.items.length) {
    buildFilm();
  }

  const place = `Image ${at + 1} of ${set.items.length}`;
  const image = part("image");
  image.alt = `${place}, for you to judge`;
  image.src = item.image;
  image.hidden = false;
  fit();
  for (const [id, value] of [["yes", true], ["no", false]]) {
    part(id).setAttribute("aria-pressed", item.yes === value);
  }

  set.items.forEach((other, index) => {
    const dot = part("film").children[index].firstChild;
    const said = other.yes === null ? "open" : other.yes ? "yes" : "no";
    dot.dataset.said = said;
    dot.setAttribute("aria-label", `Image ${index + 1}, ${said}`);
    dot.tabIndex = index === at ? 0 : -1;
    if (index === at) {
      dot.setAttribute("aria-current", "true");
      dot.scrollIntoView({ block: "nearest", inline: "center" });
    } else {
      dot.removeAttribute("aria-current");
    }
  });
  part("where").textContent = `${at + 1} of ${set.items.length}`;
  part("undo").disabled = work.progress.mine === 0;
  document.title = `${at + 1}/${set.items.length} · ${set.question}`;
  showReferences();
  prefetch();
}

function buildFilm() {
  part("film").replaceChildren(...work.set.items.map((_, index) => {
    const entry = document.createElement("li");
    const dot = document.createElement("button");
    dot.type = "button";
    dot.addEventListener("click", () => go(index));
    entry.append(dot);
    return entry;
  }));
}

function showReferences() {
  const box = part("references");
  const wanted = work.set.references;
  box.hidden = wanted.length === 0;
  if (box.dataset.shown === wanted.join()) {
    return;
  }

  box.dataset.shown = wanted.join();
  box.querySelector("div").replaceChildren(...wanted.map((address, index) => {
    const image = document.createElement("img");
    image.src = address;
    image.alt = `Reference ${index + 1}`;
    return image;
  }));
}

// Tiny images by whole factors, so that all of their pixels are squares of one size; others as large as there is room.
function fit() {
  const image = part("image");
  const frame = part("frame");
  const { naturalWidth: width, naturalHeight: height } = image;
  if (!image.complete || width === 0) {
    return;
  }

  const room = Math.min(frame.clientWidth / width, frame.clientHeight / height);
  const isTiny = Math.max(width, height) <= TINY;
  const factor = isTiny && room > 1 ? Math.floor(room) : Math.min(room, 4);
  image.classList.toggle("tiny", isTiny);
  image.style.width = `${Math.floor(width * factor)}px`;
  image.style.height = `${Math.floor(height * factor)}px`;
}

function prefetch() {
  const { set } = work;
  const next = [...set.items.slice(at, at + AHEAD + 1).map(item => item.image), ...set.ahead];
  for (const address of next) {
    if (!fetched.has(address)) {
      const image = new Image();
      image.src = address;
      fetched.set(address, image);
    }
  }

  for (const address of fetched.keys()) {
    if (fetched.size <= 4 * AHEAD) {
      break;
    }

    if (!next.includes(address)) {
      fetched.delete(address);
    }
  }
}

// Until the image of a question is there, a browser goes on showing the one before.
function isSeen() {
  const image = part("image");
  return image.complete && image.naturalWidth > 0;
}

async function answer(yes) {
  if (!isStarted || work?.set == null || part("ask").hidden || isBusy || !isSeen()) {
    return;
  }

  const shown = at;
  const item = work.set.items[shown];
  flash(yes ? "yes" : "no");
  const said = await tell("/answer", { id: item.id, yes });
  if (!said) {
    return;
  }

  const wasAnswered = item.yes !== null;
  take(said);
  if (wasAnswered && !part("ask").hidden && shown + 1 < work.set.items.length) {
    go(shown + 1);
  }

  part("said").textContent = `${yes ? "Yes" : "No"}. ${part("ask").hidden ? "" : `Image ${at + 1} of ${work.set.items.length}.`}`;
}

function flash(id) {
  const button = part(id);
  button.classList.add("pressed");
  setTimeout(() => button.classList.remove("pressed"), 140);
}

async function undo() {
  if (work?.name == null || work.progress.mine === 0) {
    return;
  }

  const said = await tell("/undo", {});
  if (said) {
    isStarted = true;
    work = said;
    showProgress();
    if (said.set === null) {
      showDone();
      return;
    }

    at = said.set.position;
    showAsk();
    part("said").textContent = `Taken back. Image ${at + 1} of ${said.set.items.length}.`;
  }
}

function go(index) {
  if (!isStarted || part("ask").hidden || index < 0 || index >= work.set.items.length) {
    return;
  }

  at = index;
  showAsk();
  part("said").textContent = `Image ${at + 1} of ${work.set.items.length}.`;
}

function showDone() {
  show("done");
  const { waiting, progress } = work;
  part("done-title").textContent = waiting === 0 ? "All of it is answered. Thank you!" : "Nothing is left for you. Thank you!";
  part("done-text").textContent = `You gave ${progress.mine.toLocaleString("en")} answers. ${waiting === 0
    ? "You may close this page, and end the program with Ctrl-C."
    : `${waiting.toLocaleString("en")} ${waiting === 1 ? "is" : "are"} with others or wait for a second person; load this page again later, or invite somebody.`}`;
  part("done-undo").hidden = progress.mine === 0;
  document.title = "Done";
  part("done-title").focus();
}

async function invite() {
  const said = await tell("/invite", {});
  if (said) {
    part("link").hidden = false;
    part("link").textContent = `On this machine, in another browser, once: ${said.link}`;
  }
}

function digit(figure) {
  digits += figure;
  clearTimeout(digitTimer);
  part("where").textContent = `→ ${digits}`;
  const isWhole = Number(digits) * 10 > work.set.items.length;
  digitTimer = setTimeout(jump, isWhole ? 0 : DIGIT_WAIT);
}

function jump() {
  clearTimeout(digitTimer);
  const index = Number(digits) - 1;
  digits = "";
  if (index >= 0 && index < work.set.items.length) {
    go(index);
  } else {
    showAsk();
  }
}

function pressed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.target.tagName === "INPUT"
    || part("guide").open || part("pause").open) {
    return;
  }

  const isOnButton = event.target.tagName === "BUTTON" && (event.key === " " || event.key === "Enter");
  const isAsking = !part("ask").hidden;
  const isOnCard = !part("card").hidden;
  let isTaken = true;
  if (isOnButton) {
    isTaken = false;
  } else if (event.key === "?") {
    part("guide").showModal();
  } else if (event.key === "b" && !part("bar").hidden) {
    part("pause").showModal();
  } else if ((event.key === " " || event.key === "Backspace") && !part("bar").hidden) {
    undo();
  } else if (isOnCard && event.key === "Enter") {
    start();
  } else if (isAsking && (event.key === "y" || event.key === "Y")) {
    answer(true);
  } else if (isAsking && (event.key === "n" || event.key === "N")) {
    answer(false);
  } else if (isAsking && event.key === "ArrowLeft") {
    go(at - 1);
  } else if (isAsking && event.key === "ArrowRight") {
    go(at + 1);
  } else if (isAsking && /^[0-9]$/.test(event.key)) {
    digit(event.key);
  } else if (isAsking && event.key === "Enter" && digits !== "") {
    jump();
  } else {
    isTaken = false;
  }

  if (isTaken) {
    event.preventDefault();
  }
}

// A button that was clicked does not keep the keyboard: space is undo then, and no second click.
function clicked(id, work) {
  part(id).addEventListener("click", event => {
    if (event.detail > 0) {
      part(id).blur();
    }

    work();
  });
}

part("name-form").addEventListener("submit", event => {
  event.preventDefault();
  call(part("name").value);
});
part("image").addEventListener("load", fit);
part("image").addEventListener("error", () => complain({ status: 0, message: "the image cannot be shown, and no answer to it is taken." }));
clicked("yes", () => answer(true));
clicked("no", () => answer(false));
clicked("undo", undo);
clicked("card-undo", undo);
clicked("done-undo", undo);
clicked("card-start", start);
clicked("invite", invite);
clicked("guide-button", () => part("guide").showModal());
clicked("break-button", () => part("pause").showModal());
addEventListener("keydown", pressed);
addEventListener("resize", fit);
tell("/work").then(said => said && take(said));
