"use strict";

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
