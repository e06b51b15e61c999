"use strict";

// Many cells in a box that scrolls, of which only those are made that are seen.
class Grid {
  constructor(box, { height, width, make, fill, onChoose, label }) {
    Object.assign(this, { box, cellHeight: height, cellWidth: width, make, fill, onChoose, label });
    this.space = element("div", "space");
    box.append(this.space);
    this.pool = [];
    this.count = 0;
    this.current = -1;
    box.addEventListener("scroll", () => this.refresh(), { passive: true });
    box.addEventListener("click", (event) => {
      const cell = event.target.closest("[role=option]");
      if (cell !== null) {
        this.onChoose(cell.number);
      }
    });
    new ResizeObserver(() => this.measure()).observe(box);
  }

  measure() {
    const inner = this.space.clientWidth;
    this.columns = this.cellWidth === null ? 1 : Math.max(1, Math.floor(inner / this.cellWidth));
    this.step = inner / this.columns;
    this.space.style.height = `${Math.ceil(this.count / this.columns) * this.cellHeight}px`;
    this.refresh();
  }

  set(count, current) {
    this.current = current;
    if (this.count !== count || this.columns === undefined) {
      this.count = count;
      this.box.scrollTop = 0;
      this.measure();
    } else {
      this.refresh();
    }
  }

  // Brings the current cell where it can be seen.
  reveal() {
    if (this.current < 0 || this.columns === undefined) {
      return;
    }
    const top = Math.floor(this.current / this.columns) * this.cellHeight, { scrollTop, clientHeight } = this.box;
    if (top < scrollTop) {
      this.box.scrollTop = top;
    } else if (top + this.cellHeight > scrollTop + clientHeight) {
      this.box.scrollTop = top + this.cellHeight - clientHeight;
    }
  }

  refresh() {
    if (this.columns === undefined) {
      return;
    }
    const { scrollTop, clientHeight } = this.box;
    const from = Math.max(0, Math.floor(scrollTop / this.cellHeight) * this.columns);
    const until = Math.min(this.count, (Math.floor((scrollTop + clientHeight) / this.cellHeight) + 1) * this.columns);
    const wanted = Math.max(0, until - from);
    while (this.pool.length < wanted) {
      const cell = this.make();
      cell.setAttribute("role", "option");
      cell.id = `${this.box.id}-${this.pool.length}`;
      this.pool.push(cell);
      this.space.append(cell);
    }
    let active = "";
    this.pool.forEach((cell, place) => {
      const isSeen = place < wanted;
      cell.hidden = !isSeen;
      if (isSeen) {
        const number = from + place;
        cell.number = number;
        cell.style.transform =
          `translate(${number % this.columns * this.step}px, ${Math.floor(number / this.columns) * this.cellHeight}px)`;
        cell.style.width = `${this.step}px`;
        cell.setAttribute("aria-setsize", this.count);
        cell.setAttribute("aria-posinset", number + 1);
        cell.setAttribute("aria-selected", number === this.current);
        active = number === this.current ? cell.id : active;
        this.fill(cell, number);
      }
    });
    if (active === "") {
      this.box.removeAttribute("aria-activedescendant");
    } else {
      this.box.setAttribute("aria-activedescendant", active);
    }
  }
}
