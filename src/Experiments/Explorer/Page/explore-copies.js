"use strict";

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

function copyLink() {
  writeState();
  copyText(location.href, "Link copied");
}
