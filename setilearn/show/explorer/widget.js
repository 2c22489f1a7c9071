// What the interactive pictures share: axes, elements, a canvas that is zoomed and moved, and the talk with Python.
//
// The script of a picture follows on this one, in the same module. Positions on an axis count from its low end, on
// the y axis from the top. Whatever comes from a file or a database is set as text, never as HTML.

const PAN_STEP = 0.1;
const ZOOM_STEP = 0.8;
export const AT_THE_EDGE = 1e-6; // of a step: a tick there is shown, whatever the rounding
const PATIENCE_MS = 2000;
const CLICK_REACH = 4; // px
const BAR = { gap: 16, width: 14 };

// View arithmetic

export function clamp([start, stop], size, least) {
  const span = Math.min(Math.max(stop - start, least), size);
  const low = Math.min(Math.max(start, 0), size - span);
  return [low, low + span];
}

export function zoom([start, stop], at, factor, size, least) {
  const old = stop - start;
  const span = Math.min(Math.max(old * factor, least), size);
  const low = at - ((at - start) * span) / old;
  return clamp([low, low + span], size, least);
}

export function pan([start, stop], by, size) {
  return clamp([start + by, stop + by], size, stop - start);
}

export function middle([start, stop]) {
  return (start + stop) / 2;
}

// Ticks: their places from 0 to 1 along the axis, and their labels

export function ticks(start, stop, most) {
  const rough = (stop - start) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((n) => n * power >= rough * (1 - AT_THE_EDGE));
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + AT_THE_EDGE));
  const found = [];
  for (let i = Math.ceil(start / step - AT_THE_EDGE); i <= stop / step + AT_THE_EDGE; i++) {
    const label = (i * step).toFixed(decimals).replace(/^-(?=.*[1-9])/, "−").replace(/^-/, "");
    found.push({ at: (i * step - start) / (stop - start), label });
  }
  return { step, ticks: found };
}

export function megahertzAxis([low, high], most) {
  const plain = ticks(low, high, most);
  if (plain.step >= 0.99e-4) return { label: "frequency (MHz)", ticks: plain.ticks };
  // So narrow a view needs more decimals than fit: count from the nearest kHz, which stays put while panning.
  const reference = Math.round(((low + high) / 2) * 1e3) / 1e3;
  const hz = [(low - reference) * 1e6, (high - reference) * 1e6];
  return { label: `frequency − ${reference.toFixed(3)} MHz (Hz)`, ticks: ticks(...hz, most).ticks };
}

// Elements

export function make(tag, className, properties = {}, ...children) {
  const element = document.createElement(tag);
  element.className = className;
  Object.assign(element, properties);
  element.append(...children);
  return element;
}

export function choice(label, options, onChange) {
  const select = make("select", "slw-select", { onchange: () => onChange(select.value) });
  for (const [value, text] of options) select.append(make("option", "", { value, textContent: text }));
  return make("label", "slw-field", {}, label, select);
}

export function button(text, title, onclick) {
  return make("button", "slw-button", { type: "button", textContent: text, title, ariaLabel: title, onclick });
}

// Pictures: an off-screen canvas with a pixel a cell, and where on the axes its cells lie

export function paint(palette, { shape, x, y }, levels) {
  const [rows, columns] = shape;
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  const pixels = new Uint32Array(rows * columns);
  for (let i = 0; i < pixels.length; i++) pixels[i] = palette[levels[i]];
  const image = new ImageData(new Uint8ClampedArray(pixels.buffer), columns, rows);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return { canvas, x, y };
}

export function bytesOf(data) {
  return new Uint8Array(data.buffer ?? data, data.byteOffset ?? 0, data.byteLength);
}

export function colorTable(data) {
  // Packed as canvas keeps its pixels, red in the first byte; level 0 lets shine through what lies below.
  const table = new Uint8Array(256 * 4).fill(255, 4);
  bytesOf(data).forEach((value, i) => (table[(Math.floor(i / 3) + 1) * 4 + (i % 3)] = value));
  return new Uint32Array(table.buffer);
}

function overlap([start, stop], { first, step, n }, size) {
  const low = Math.max(start, first);
  const high = Math.min(stop, first + step * n, size);
  return { from: (low - first) / step, cells: (high - low) / step, at: low - start, span: high - low };
}

export function drawPicture(context, picture, view, size, box) {
  const x = overlap(view.x, picture.x, size.x);
  const y = overlap(view.y, picture.y, size.y);
  if (x.span <= 0 || y.span <= 0) return;
  const scaleX = box.width / (view.x[1] - view.x[0]);
  const scaleY = box.height / (view.y[1] - view.y[0]);
  context.drawImage(
    picture.canvas, x.from, y.from, x.cells, y.cells,
    box.x + x.at * scaleX, box.y + y.at * scaleY, x.span * scaleX, y.span * scaleY,
  );
}

export function drawAxes(context, box, xAxis, yAxis) {
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const { at, label } of xAxis.ticks) {
    const x = box.x + at * box.width;
    context.fillRect(x - 0.5, box.y + box.height, 1, 5);
    context.fillText(label, x, box.y + box.height + 8);
  }
  context.fillText(xAxis.label, box.x + box.width / 2, box.y + box.height + 26);
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const { at, label } of yAxis.ticks) {
    const y = box.y + at * box.height;
    context.fillRect(box.x - 5, y - 0.5, 5, 1);
    context.fillText(label, box.x - 8, y);
  }
  sideways(context, yAxis.label, 9, box.y + box.height / 2);
}

export function drawBar(context, box, barAxis, gradient) {
  const barX = box.x + box.width + BAR.gap;
  context.drawImage(gradient, barX, box.y, BAR.width, box.height);
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const { at, label } of barAxis.ticks) {
    const y = box.y + (1 - at) * box.height;
    context.fillRect(barX + BAR.width, y - 0.5, 4, 1);
    context.fillText(label, barX + BAR.width + 7, y);
  }
  sideways(context, barAxis.label, barX + BAR.width + 48, box.y + box.height / 2);
}

function sideways(context, text, x, y) {
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillText(text, 0, 0);
  context.restore();
}

export function gradientOf(palette) {
  const column = Uint8Array.from({ length: 255 }, (_, i) => 255 - i);
  return paint(palette, { shape: [255, 1] }, column).canvas;
}

// Drawing on a canvas at the resolution of the screen, cleared; null while it is out of sight
export function freshContext(canvas) {
  const ratio = window.devicePixelRatio;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((n) => Math.round(n * ratio));
  if (!width) return null;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  const style = getComputedStyle(canvas);
  context.fillStyle = style.color;
  context.font = `12px ${style.fontFamily}`;
  return context;
}

// A canvas that shows `view`, a part of a plane of `size`, both with an x and a y, and asks Python what is there.
//
// A subclass has draw(), nextQuestion() (null where there is none) and onAnswer(message, buffers, question); it may
// have onClick(event) and onHover(event), and onPlaneKey(event), which says whether the key meant something to it.
export class Plane {
  constructor(model, el, { size, least, margin, view }) {
    this.model = model;
    this.el = el;
    this.client = Math.random().toString(36).slice(2);
    this.size = size;
    this.least = least;
    this.margin = margin;
    this.view = view;
    this.serial = 0;
    this.said = ["", false]; // text of the status line, and whether it is of an error
    this.asked = null; // the question that an answer is still to come to
    this.stale = true; // whether the picture is of another view
    this.canvas = make("canvas", "slw-canvas", { tabIndex: 0 });
    this.canvas.setAttribute("role", "application");
    this.status = make("div", "slw-status");
    this.status.setAttribute("role", "status");
    el.classList.add("slw");
  }

  helpLine(text) {
    const help = make("div", "slw-help", { textContent: text, id: `slw-help-${this.client}` });
    this.canvas.setAttribute("aria-describedby", help.id);
    return help;
  }

  zoomButtons() {
    return make("span", "slw-group", {},
      button("+", "Zoom in", () => this.zoomAll(ZOOM_STEP ** 2)),
      button("−", "Zoom out", () => this.zoomAll(ZOOM_STEP ** -2)),
      button("Show all", "Show all of the data", () => this.reset()));
  }

  listen() {
    const { canvas, el } = this;
    // JupyterLab would take plain keys for its shortcuts (those with Ctrl, such as save, remain its own),
    // and would keep arrow keys from the sliders.
    this.onAnyKey = (event) => {
      if (el.contains(event.target)) {
        el.toggleAttribute("data-lm-suppress-shortcuts", !(event.ctrlKey || event.metaKey));
      }
    };
    window.addEventListener("keydown", this.onAnyKey, true);
    el.addEventListener("keydown", (event) => event.stopPropagation());
    canvas.addEventListener("keydown", (event) => this.onKey(event));
    canvas.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => this.onPointerDown(event));
    canvas.addEventListener("pointermove", (event) => this.onPointerMove(event));
    canvas.addEventListener("pointerup", (event) => this.endDrag(event));
    canvas.addEventListener("pointercancel", () => this.endDrag());
    canvas.addEventListener("pointerleave", () => this.onHover(null));
    canvas.addEventListener("dblclick", () => this.reset());
    this.onMessage = (message, buffers) => this.receive(message, buffers);
    this.model.on("msg:custom", this.onMessage);
    this.resizes = new ResizeObserver(() => this.resize());
    this.resizes.observe(canvas);
    // Text is drawn in the colour of the theme.
    this.themes = new MutationObserver(() => this.draw());
    this.themes.observe(document.body, { attributes: true });
  }

  remove() {
    this.model.off("msg:custom", this.onMessage);
    window.removeEventListener("keydown", this.onAnyKey, true);
    this.resizes.disconnect();
    this.themes.disconnect();
    clearTimeout(this.timer);
  }

  onClick() {}

  onHover() {}

  onPlaneKey() {
    return false;
  }

  // What the user does

  refresh() {
    this.stale = true;
    this.draw();
    this.ask();
  }

  look(x, y) {
    const same = (a, b) => a[0] === b[0] && a[1] === b[1];
    if (same(x, this.view.x) && same(y, this.view.y)) return false;
    this.view = { x, y };
    this.refresh();
    return true;
  }

  reset() {
    this.look([0, this.size.x], [0, this.size.y]);
  }

  zoomed(axis, factor, at = middle(this.view[axis])) {
    return zoom(this.view[axis], at, factor, this.size[axis], this.least[axis]);
  }

  zoomAll(factor) {
    this.look(this.zoomed("x", factor), this.view.y);
  }

  panned(x, y) {
    const moved = (axis, share) => {
      const [start, stop] = this.view[axis];
      return pan([start, stop], share * (stop - start), this.size[axis]);
    };
    return [moved("x", x), moved("y", y)];
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { x, y } = this.view;
    const actions = event.shiftKey
      ? {
          ArrowRight: () => this.look(this.zoomed("x", ZOOM_STEP), y),
          ArrowLeft: () => this.look(this.zoomed("x", 1 / ZOOM_STEP), y),
          ArrowUp: () => this.look(x, this.zoomed("y", ZOOM_STEP)),
          ArrowDown: () => this.look(x, this.zoomed("y", 1 / ZOOM_STEP)),
        }
      : {
          ArrowRight: () => this.look(...this.panned(PAN_STEP, 0)),
          ArrowLeft: () => this.look(...this.panned(-PAN_STEP, 0)),
          ArrowUp: () => this.look(...this.panned(0, -PAN_STEP)),
          ArrowDown: () => this.look(...this.panned(0, PAN_STEP)),
          0: () => this.reset(),
          Home: () => this.reset(),
        };
    // Where + and − lie, and whether Shift is needed for them, depends on the keyboard.
    actions["+"] = actions["="] = () => this.look(this.zoomed("x", ZOOM_STEP), y);
    actions["-"] = actions["_"] = () => this.look(this.zoomed("x", 1 / ZOOM_STEP), y);
    const known = Object.hasOwn(actions, event.key);
    if (known) actions[event.key]();
    if (known || this.onPlaneKey(event)) event.preventDefault();
  }

  onWheel(event) {
    if (event.ctrlKey || event.metaKey) return;
    const { x, y } = this.place(event);
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
    // With Shift, browsers turn the wheel sideways.
    const turned = (event.deltaY || event.deltaX) * lines;
    const factor = Math.exp(Math.min(Math.max(turned, -1200), 1200) / 450);
    const moved = event.shiftKey
      ? this.look(this.view.x, this.zoomed("y", factor, y))
      : this.look(this.zoomed("x", factor, x), this.view.y);
    // Where there is nothing left to zoom, the page scrolls.
    if (moved) event.preventDefault();
  }

  onPointerDown(event) {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.drag = { x: event.clientX, y: event.clientY, moved: false };
  }

  onPointerMove(event) {
    const { drag } = this;
    if (!drag) {
      this.onHover(event);
      return;
    }
    const [right, down] = [event.clientX - drag.x, event.clientY - drag.y];
    // A hand that clicks is not quite still.
    if (!drag.moved && Math.hypot(right, down) < CLICK_REACH) return;
    this.canvas.classList.add("slw-dragging");
    const { width, height } = this.box();
    this.drag = { x: event.clientX, y: event.clientY, moved: true };
    this.look(...this.panned(-right / width, -down / height));
  }

  endDrag(event = null) {
    const clicked = event && this.drag && !this.drag.moved;
    this.drag = null;
    this.canvas.classList.remove("slw-dragging");
    if (clicked) this.onClick(event);
  }

  box() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const { left, right, top, bottom } = this.margin;
    return {
      x: left,
      y: top,
      width: Math.max(1, width - left - right),
      height: Math.max(1, height - top - bottom),
    };
  }

  place(event) {
    const box = this.box();
    const x = (event.offsetX - box.x) / box.width;
    const y = (event.offsetY - box.y) / box.height;
    const along = ([start, stop], share) => start + Math.min(Math.max(share, 0), 1) * (stop - start);
    return {
      x: along(this.view.x, x),
      y: along(this.view.y, y),
      inside: x >= 0 && x < 1 && y >= 0 && y < 1,
    };
  }

  // Question and answer: one at a time, so that no queue of outdated views builds up

  ask() {
    if (this.asked || !this.canvas.clientWidth) return;
    const question = this.nextQuestion();
    if (!question) return;
    this.asked = question;
    this.timer = setTimeout(() => {
      this.showStatus("No answer from Python yet: it is busy, or not running (then this is a still picture).");
    }, PATIENCE_MS);
    // "Busy" comes ahead of the answer, and Jupyter's server holds the answer back until that is acknowledged
    // (Nagle's algorithm): 40 ms, unless something is sent that carries the acknowledgement.
    let nudged = false;
    const nudge = () => {
      if (!nudged) this.model.send({ kind: "nudge" });
      nudged = true;
    };
    const { client, serial } = this;
    this.model.send({ ...question, client, serial }, { iopub: { status: nudge } });
  }

  receive(message, buffers) {
    if (message.client !== this.client) return;
    clearTimeout(this.timer);
    this.showStatus(...this.said);
    const question = this.asked;
    this.asked = null;
    this.onAnswer(message, buffers, question);
    this.ask();
  }

  say(text, isError = false) {
    this.said = [text, isError];
    this.showStatus(text, isError);
  }

  showStatus(text, isError = false) {
    this.status.classList.toggle("slw-error", isError);
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  resize() {
    if (this.canvas.clientWidth) this.refresh();
  }
}
