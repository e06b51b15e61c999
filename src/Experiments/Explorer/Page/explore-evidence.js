"use strict";

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
  const who = annotators.map((_, number) => number)
    .filter((number) => said.some((question) => question.by.some((one) => one.annotator === number)));
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
    $("gallery-title").textContent = curve === undefined
      ? `All images of ${layer}`
      : `${curve.label} counts prompts; all images of ${layer}`;
  }
  gallery.set(behind.length, behind.findIndex((one) => one.row === view.row));
}
