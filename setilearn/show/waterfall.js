// The waterfall in the browser: draws what Python sends, and asks for the next picture when the view changes.
//
// Channels and integrations are counted as in waterfall.py: channel 7 reaches from 7 to 8 on its axis.
// Whatever comes from a file is set as text, never as HTML.

const MARGIN = { left: 64, right: 92, top: 8, bottom: 44 };
const BAR = { gap: 16, width: 14 };
const TICK_SPACING = { x: 92, y: 40 };
const PAN_STEP = 0.1;
const ZOOM_STEP = 0.8;
const AT_THE_EDGE = 1e-6; // of a step: a tick there is shown, whatever the rounding
const PATIENCE_MS = 2000;
const LOWER_STOPS = [0, 0.1, 0.5, 1, 2, 5, 10, 15, 20, 25, 30, 40, 50];
const UPPER_STOPS = [60, 70, 80, 90, 95, 98, 99, 99.5, 99.8, 99.9, 99.95, 99.99, 100];
const HELP =
  "Drag: move · wheel: zoom frequency, with Shift time · double click: all · " +
  "keys: arrows move, Shift+arrows zoom, + and − zoom frequency, 0 or Home all";

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

export function frequencyAxis(setup, [start, stop], most) {
  const low = setup.fch1_mhz + ((start - 0.5) * setup.foff_hz) / 1e6;
  const high = setup.fch1_mhz + ((stop - 0.5) * setup.foff_hz) / 1e6;
  const plain = ticks(low, high, most);
  if (plain.step >= 0.99e-4) return { label: "frequency (MHz)", ticks: plain.ticks };
  // So narrow a view needs more decimals than fit: count from the nearest kHz, which stays put while panning.
  const reference = Math.round(((low + high) / 2) * 1e3) / 1e3;
  const first = (setup.fch1_mhz - reference) * 1e6;
  const hz = [start, stop].map((channel) => first + (channel - 0.5) * setup.foff_hz);
  return { label: `frequency − ${reference.toFixed(3)} MHz (Hz)`, ticks: ticks(...hz, most).ticks };
}

export function timeAxis(setup, [start, stop], most) {
  const seconds = [start * setup.tsamp_s, stop * setup.tsamp_s];
  const plain = ticks(...seconds, most);
  if (plain.step >= 0.99e-3) return { label: "time (s)", ticks: plain.ticks };
  return { label: "time (ms)", ticks: ticks(seconds[0] * 1e3, seconds[1] * 1e3, most).ticks };
}

// Elements

function make(tag, className, properties = {}, ...children) {
  const element = document.createElement(tag);
  element.className = className;
  Object.assign(element, properties);
  element.append(...children);
  return element;
}

function choice(label, options, onChange) {
  const select = make("select", "slw-select", { onchange: () => onChange(select.value) });
  for (const [value, text] of options) select.append(make("option", "", { value, textContent: text }));
  return make("label", "slw-field", {}, label, select);
}

function slider(label, stops, value, onChange) {
  const shown = make("output", "slw-value");
  const input = make("input", "slw-slider", { type: "range", min: 0, max: stops.length - 1, step: 1 });
  const show = () => {
    shown.textContent = `${stops[input.value]} %`;
    input.setAttribute("aria-valuetext", `${stops[input.value]} percent of the pixels`);
  };
  input.value = stops.indexOf(value);
  input.oninput = () => {
    show();
    onChange(stops[input.value]);
  };
  show();
  return make("label", "slw-field", {}, label, input, shown);
}

function powersOfTwo(most) {
  const found = [];
  for (let n = 1; n <= Math.min(most, 1024); n *= 2) found.push([n, String(n)]);
  return found;
}

// Pictures: an off-screen canvas with a pixel a cell, and where on the axes it lies

function paint(palette, message, levels) {
  const [rows, columns] = message.shape;
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  const pixels = new Uint32Array(rows * columns);
  for (let i = 0; i < pixels.length; i++) pixels[i] = palette[levels[i]];
  const image = new ImageData(new Uint8ClampedArray(pixels.buffer), columns, rows);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return { canvas, times: message.times, channels: message.channels, limits: message.limits };
}

function bytesOf(data) {
  return new Uint8Array(data.buffer ?? data, data.byteOffset ?? 0, data.byteLength);
}

function colorTable(data) {
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

function drawPicture(context, picture, view, setup, box) {
  const x = overlap(view.channels, picture.channels, setup.n_chan);
  const y = overlap(view.times, picture.times, setup.n_time);
  if (x.span <= 0 || y.span <= 0) return;
  const scaleX = box.width / (view.channels[1] - view.channels[0]);
  const scaleY = box.height / (view.times[1] - view.times[0]);
  context.drawImage(
    picture.canvas, x.from, y.from, x.cells, y.cells,
    box.x + x.at * scaleX, box.y + y.at * scaleY, x.span * scaleX, y.span * scaleY,
  );
}

function drawAxes(context, box, xAxis, yAxis, barAxis, gradient) {
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
  const barX = box.x + box.width + BAR.gap;
  context.drawImage(gradient, barX, box.y, BAR.width, box.height);
  context.textAlign = "left";
  for (const { at, label } of barAxis.ticks) {
    const y = box.y + (1 - at) * box.height;
    context.fillRect(barX + BAR.width, y - 0.5, 4, 1);
    context.fillText(label, barX + BAR.width + 7, y);
  }
  sideways(context, yAxis.label, 9, box.y + box.height / 2);
  sideways(context, "power (dB)", barX + BAR.width + 48, box.y + box.height / 2);
}

function sideways(context, text, x, y) {
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillText(text, 0, 0);
  context.restore();
}

function gradientOf(palette) {
  const column = Uint8Array.from({ length: 255 }, (_, i) => 255 - i);
  return paint(palette, { shape: [255, 1] }, column).canvas;
}

class Explorer {
  constructor(model, el) {
    this.model = model;
    this.client = Math.random().toString(36).slice(2);
    this.setup = model.get("_setup");
    this.palette = colorTable(this.setup.palette);
    this.gradient = gradientOf(this.palette);
    this.view = {
      times: [0, this.setup.n_time],
      channels: this.setup.channels.slice(),
      average: [1, 1],
      pool: "max",
      contrast: this.setup.contrast.slice(),
    };
    this.picture = paint(this.palette, this.setup.picture, bytesOf(this.setup.picture.levels));
    this.underlay = this.picture;
    this.serial = 0;
    this.busy = false; // whether an answer is still to come
    this.stale = true; // whether the picture is of another view
    this.more = false; // whether Python has more of this picture
    this.pointer = null; // where the pointer is over the picture
    this.unread = false; // whether the value there is still to be asked for
    this.build(el);
    this.listen();
  }

  build(el) {
    const { setup } = this;
    this.canvas = make("canvas", "slw-canvas", { tabIndex: 0 });
    this.canvas.setAttribute("role", "application");
    this.readout = make("div", "slw-readout", { textContent: "Point at the picture to read values." });
    this.status = make("div", "slw-status", { textContent: setup.picture.text });
    this.status.setAttribute("role", "status");
    const help = make("div", "slw-help", { textContent: HELP, id: `slw-help-${this.client}` });
    this.canvas.setAttribute("aria-describedby", help.id);
    const set = (key) => (value) => this.change({ [key]: value });
    const average = (axis) => (value) => {
      const next = this.view.average.slice();
      next[axis] = Number(value);
      this.change({ average: next });
    };
    const contrast = (end) => (value) => {
      const next = this.view.contrast.slice();
      next[end] = value;
      this.change({ contrast: next });
    };
    const button = (text, title, onclick) =>
      make("button", "slw-button", { type: "button", textContent: text, title, ariaLabel: title, onclick });
    const tools = make(
      "div", "slw-tools", {},
      make("span", "slw-group", {},
        button("+", "Zoom in", () => this.zoomAll(ZOOM_STEP ** 2)),
        button("−", "Zoom out", () => this.zoomAll(ZOOM_STEP ** -2)),
        button("Show all", "Show all of the data", () => this.reset())),
      make("span", "slw-group", {},
        choice("Average in time", powersOfTwo(setup.n_time), average(0)),
        choice("in frequency", powersOfTwo(setup.n_chan), average(1))),
      choice("Pixel shows", [["max", "strongest"], ["mean", "mean"]], set("pool")),
      make("span", "slw-group", {},
        slider("Contrast from", LOWER_STOPS, this.view.contrast[0], contrast(0)),
        slider("to", UPPER_STOPS, this.view.contrast[1], contrast(1))),
    );
    const title = make("div", "slw-title", {},
      make("strong", "slw-source", { textContent: setup.source }),
      make("span", "slw-facts", { textContent: setup.facts }));
    el.classList.add("slw");
    this.el = el;
    el.append(title, tools, this.canvas, this.readout, this.status, help);
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
    canvas.addEventListener("pointerup", () => this.endDrag());
    canvas.addEventListener("pointercancel", () => this.endDrag());
    canvas.addEventListener("pointerleave", () => (this.pointer = null));
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

  // What the user does

  change(part) {
    Object.assign(this.view, part);
    this.stale = true;
    this.draw();
    this.ask();
  }

  look(times, channels) {
    const same = (a, b) => a[0] === b[0] && a[1] === b[1];
    if (same(times, this.view.times) && same(channels, this.view.channels)) return false;
    this.change({ times, channels });
    return true;
  }

  reset() {
    this.look([0, this.setup.n_time], [0, this.setup.n_chan]);
  }

  zoomTimes(factor, at = middle(this.view.times)) {
    return zoom(this.view.times, at, factor, this.setup.n_time, this.setup.min_times);
  }

  zoomChannels(factor, at = middle(this.view.channels)) {
    return zoom(this.view.channels, at, factor, this.setup.n_chan, this.setup.min_channels);
  }

  zoomAll(factor) {
    this.look(this.view.times, this.zoomChannels(factor));
  }

  panned(times, channels) {
    const { view, setup } = this;
    const spanT = view.times[1] - view.times[0];
    const spanC = view.channels[1] - view.channels[0];
    return [pan(view.times, times * spanT, setup.n_time), pan(view.channels, channels * spanC, setup.n_chan)];
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { times, channels } = this.view;
    const actions = event.shiftKey
      ? {
          ArrowRight: () => this.look(times, this.zoomChannels(ZOOM_STEP)),
          ArrowLeft: () => this.look(times, this.zoomChannels(1 / ZOOM_STEP)),
          ArrowUp: () => this.look(this.zoomTimes(ZOOM_STEP), channels),
          ArrowDown: () => this.look(this.zoomTimes(1 / ZOOM_STEP), channels),
        }
      : {
          ArrowRight: () => this.look(...this.panned(0, PAN_STEP)),
          ArrowLeft: () => this.look(...this.panned(0, -PAN_STEP)),
          ArrowUp: () => this.look(...this.panned(-PAN_STEP, 0)),
          ArrowDown: () => this.look(...this.panned(PAN_STEP, 0)),
          0: () => this.reset(),
          Home: () => this.reset(),
        };
    // Where + and − lie, and whether Shift is needed for them, depends on the keyboard.
    actions["+"] = actions["="] = () => this.look(times, this.zoomChannels(ZOOM_STEP));
    actions["-"] = actions["_"] = () => this.look(times, this.zoomChannels(1 / ZOOM_STEP));
    if (!Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key]();
  }

  onWheel(event) {
    if (event.ctrlKey || event.metaKey) return;
    const { times, channels } = this.place(event);
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
    // With Shift, browsers turn the wheel sideways.
    const turned = (event.deltaY || event.deltaX) * lines;
    const factor = Math.exp(Math.min(Math.max(turned, -1200), 1200) / 450);
    const moved = event.shiftKey
      ? this.look(this.zoomTimes(factor, times), this.view.channels)
      : this.look(this.view.times, this.zoomChannels(factor, channels));
    // Where there is nothing left to zoom, the page scrolls.
    if (moved) event.preventDefault();
  }

  onPointerDown(event) {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.drag = { x: event.clientX, y: event.clientY };
    this.canvas.classList.add("slw-dragging");
  }

  onPointerMove(event) {
    if (this.drag) {
      const { width, height } = this.box();
      const moved = this.panned((this.drag.y - event.clientY) / height, (this.drag.x - event.clientX) / width);
      this.drag = { x: event.clientX, y: event.clientY };
      this.look(...moved);
    } else {
      const { offsetX, offsetY } = event;
      this.pointer = this.place(event).inside ? { offsetX, offsetY } : null;
      this.unread = this.pointer !== null;
      this.ask();
    }
  }

  endDrag() {
    this.drag = null;
    this.canvas.classList.remove("slw-dragging");
  }

  box() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    return {
      x: MARGIN.left,
      y: MARGIN.top,
      width: Math.max(1, width - MARGIN.left - MARGIN.right),
      height: Math.max(1, height - MARGIN.top - MARGIN.bottom),
    };
  }

  place(event) {
    const box = this.box();
    const x = (event.offsetX - box.x) / box.width;
    const y = (event.offsetY - box.y) / box.height;
    const along = ([start, stop], share) => start + Math.min(Math.max(share, 0), 1) * (stop - start);
    return {
      times: along(this.view.times, y),
      channels: along(this.view.channels, x),
      inside: x >= 0 && x < 1 && y >= 0 && y < 1,
    };
  }

  // Question and answer: one at a time, so that no queue of outdated views builds up

  ask() {
    if (this.busy || !this.canvas.clientWidth) return;
    const { width, height } = this.box();
    const ratio = window.devicePixelRatio;
    const pixels = [Math.max(1, Math.round(height * ratio)), Math.max(1, Math.round(width * ratio))];
    const question = { client: this.client, view: { ...this.view, pixels } };
    if (this.stale) {
      this.stale = false;
      this.serial += 1;
    } else if (this.unread && this.pointer) {
      this.unread = false;
      const { times, channels } = this.place(this.pointer);
      question.position = [times, channels];
    } else if (!this.more) {
      return;
    }
    this.busy = true;
    this.timer = setTimeout(() => {
      this.say("No answer from Python yet: it is busy, or not running (then this is a still picture).");
    }, PATIENCE_MS);
    // "Busy" comes ahead of the answer, and Jupyter's server holds the answer back until that is acknowledged
    // (Nagle's algorithm): 40 ms, unless something is sent that carries the acknowledgement.
    let nudged = false;
    const nudge = () => {
      if (!nudged) this.model.send({ kind: "nudge" });
      nudged = true;
    };
    this.model.send({ ...question, serial: this.serial }, { iopub: { status: nudge } });
  }

  receive(message, buffers) {
    if (message.client !== this.client) return;
    clearTimeout(this.timer);
    this.busy = false;
    if (message.kind === "picture") {
      this.more = message.more;
      this.unread = true; // the pointer stands on another value now
      this.picture = paint(this.palette, message, bytesOf(buffers[0]));
      const all = ({ first, step, n }, size) => first === 0 && n * step >= size;
      if (all(message.channels, this.setup.n_chan) && all(message.times, this.setup.n_time)) {
        this.underlay = this.picture;
      }
      this.say(message.text);
      this.draw();
      this.canvas.dataset.drawn = message.serial;
    } else if (message.kind === "reading") {
      this.readout.textContent = message.text;
    } else {
      this.more = false;
      this.say(message.text, true);
    }
    this.ask();
  }

  say(text, isError = false) {
    this.status.classList.toggle("slw-error", isError);
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  // Drawing

  resize() {
    if (!this.canvas.clientWidth) return;
    this.stale = true;
    this.draw();
    this.ask();
  }

  draw() {
    const { canvas, view, setup } = this;
    const ratio = window.devicePixelRatio;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((n) => Math.round(n * ratio));
    if (!width) return;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    const style = getComputedStyle(canvas);
    const box = this.box();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.imageSmoothingEnabled = false;
    context.fillStyle = "#808080";
    context.fillRect(box.x, box.y, box.width, box.height);
    // The latest picture of everything is a stand-in where that of the view does not reach yet.
    drawPicture(context, this.underlay, view, setup, box);
    drawPicture(context, this.picture, view, setup, box);
    context.fillStyle = style.color;
    context.font = `12px ${style.fontFamily}`;
    const rows = Math.floor(box.height / TICK_SPACING.y);
    const xAxis = frequencyAxis(setup, view.channels, Math.floor(box.width / TICK_SPACING.x));
    const yAxis = timeAxis(setup, view.times, rows);
    drawAxes(context, box, xAxis, yAxis, ticks(...this.picture.limits, rows), this.gradient);
    this.describe(xAxis, yAxis);
  }

  describe(xAxis, yAxis) {
    const { canvas, setup, view } = this;
    const ends = ({ ticks: all }) => `${all[0]?.label} to ${all[all.length - 1]?.label}`;
    canvas.setAttribute(
      "aria-label",
      `Waterfall of ${setup.source}: ${xAxis.label} ${ends(xAxis)}, ${yAxis.label} ${ends(yAxis)}`,
    );
    canvas.dataset.channels = view.channels.join(" ");
    canvas.dataset.times = view.times.join(" ");
    const { x, y, width, height } = this.box();
    canvas.dataset.plot = `${x} ${y} ${width} ${height}`;
  }
}

function middle([start, stop]) {
  return (start + stop) / 2;
}

function render({ model, el }) {
  const explorer = new Explorer(model, el);
  return () => explorer.remove();
}

export default { render };
