// The waterfall in the browser: draws what Python sends, and asks for the next picture when the view changes.
//
// Follows on widget.js. Channels and integrations are counted as in waterfall.py: channel 7 reaches from 7 to 8 on
// its axis.

import {
  Plane,
  bytesOf,
  choice,
  colorTable,
  drawAxes,
  drawBar,
  drawPicture,
  freshContext,
  gradientOf,
  make,
  megahertzAxis,
  paint,
  ticks,
} from "./widget.js";

const MARGIN = { left: 64, right: 92, top: 8, bottom: 44 };
const TICK_SPACING = { x: 92, y: 40 };
const LOWER_STOPS = [0, 0.1, 0.5, 1, 2, 5, 10, 15, 20, 25, 30, 40, 50];
const UPPER_STOPS = [60, 70, 80, 90, 95, 98, 99, 99.5, 99.8, 99.9, 99.95, 99.99, 100];
const HELP =
  "Drag: move · wheel: zoom frequency, with Shift time · double click: all · " +
  "keys: arrows move, Shift+arrows zoom, + and − zoom frequency, 0 or Home all";

export function frequencyAxis(setup, channels, most) {
  return megahertzAxis(channels.map((channel) => setup.fch1_mhz + ((channel - 0.5) * setup.foff_hz) / 1e6), most);
}

export function timeAxis(setup, [start, stop], most) {
  const seconds = [start * setup.tsamp_s, stop * setup.tsamp_s];
  const plain = ticks(...seconds, most);
  if (plain.step >= 0.99e-3) return { label: "time (s)", ticks: plain.ticks };
  return { label: "time (ms)", ticks: ticks(seconds[0] * 1e3, seconds[1] * 1e3, most).ticks };
}

function slider(label, stops, value, onChange) {
  const shown = make("output", "slw-value");
  const input = make("input", "slw-slider", { type: "range", min: 0, max: stops.length - 1, step: 1 });
  const show = () => {
    shown.textContent = `${stops[input.value]} %`;
    input.setAttribute("aria-valuetext", `${stops[input.value]} percent of the pixels`);
  };
  input.value = stops.indexOf(value);
  input.addEventListener("input", () => {
    show();
    onChange(stops[input.value]);
  });
  show();
  return make("label", "slw-field", {}, label, input, shown);
}

function powersOfTwo(most) {
  const found = [];
  for (let n = 1; n <= Math.min(most, 1024); n *= 2) found.push([n, String(n)]);
  return found;
}

class Explorer extends Plane {
  constructor(model, el) {
    const setup = model.get("_setup");
    super(model, el, {
      size: { x: setup.n_chan, y: setup.n_time },
      least: { x: setup.min_channels, y: setup.min_times },
      margin: MARGIN,
      view: { x: setup.channels.slice(), y: [0, setup.n_time] },
    });
    this.setup = setup;
    this.palette = colorTable(setup.palette);
    this.gradient = gradientOf(this.palette);
    this.manner = { average: [1, 1], pool: "max", contrast: setup.contrast.slice() };
    this.take(setup.picture, bytesOf(setup.picture.levels));
    this.underlay = this.picture;
    this.more = false; // whether Python has more of this picture
    this.pointer = null; // where the pointer is over the picture
    this.unread = false; // whether the value there is still to be asked for
    this.build();
    this.listen();
  }

  build() {
    const { setup } = this;
    this.readout = make("div", "slw-readout", { textContent: "Point at the picture to read values." });
    this.say(setup.picture.text);
    const set = (part) => {
      Object.assign(this.manner, part);
      this.refresh();
    };
    const setOne = (key, place) => (value) => {
      const next = this.manner[key].slice();
      next[place] = Number(value);
      set({ [key]: next });
    };
    const tools = make("div", "slw-tools", {},
      this.zoomButtons(),
      make("span", "slw-group", {},
        choice("Average in time", powersOfTwo(setup.n_time), setOne("average", 0)),
        choice("in frequency", powersOfTwo(setup.n_chan), setOne("average", 1))),
      choice("Pixel shows", [["max", "strongest"], ["mean", "mean"]], (pool) => set({ pool })),
      make("span", "slw-group", {},
        slider("Contrast from", LOWER_STOPS, setup.contrast[0], setOne("contrast", 0)),
        slider("to", UPPER_STOPS, setup.contrast[1], setOne("contrast", 1))));
    const title = make("div", "slw-title", {},
      make("strong", "slw-source", { textContent: setup.source }),
      make("span", "slw-facts", { textContent: setup.facts }));
    this.el.append(title, tools, this.canvas, this.readout, this.status, this.helpLine(HELP));
  }

  onHover(event) {
    this.pointer = null;
    if (!event) return;
    const { offsetX, offsetY } = event;
    if (this.place(event).inside) this.pointer = { offsetX, offsetY };
    this.unread = this.pointer !== null;
    this.ask();
  }

  nextQuestion() {
    const { width, height } = this.box();
    const ratio = window.devicePixelRatio;
    const pixels = [Math.max(1, Math.round(height * ratio)), Math.max(1, Math.round(width * ratio))];
    const question = { view: { channels: this.view.x, times: this.view.y, ...this.manner, pixels } };
    if (this.stale) {
      this.stale = false;
      this.serial += 1;
    } else if (this.unread && this.pointer) {
      this.unread = false;
      const { x, y } = this.place(this.pointer);
      question.position = [y, x];
    } else if (!this.more) {
      return null;
    }
    return question;
  }

  onAnswer(message, buffers) {
    if (message.kind === "picture") {
      this.more = message.more;
      this.unread = true; // the pointer stands on another value now
      this.take(message, bytesOf(buffers[0]));
      const all = ({ first, step, n }, size) => first === 0 && n * step >= size;
      if (all(message.channels, this.size.x) && all(message.times, this.size.y)) this.underlay = this.picture;
      this.say(message.text);
      this.draw();
      this.canvas.dataset.drawn = message.serial;
    } else if (message.kind === "reading") {
      this.readout.textContent = message.text;
    } else {
      this.more = false;
      this.say(message.text, true);
    }
  }

  take(message, levels) {
    this.limits = message.limits;
    this.picture = paint(this.palette, { shape: message.shape, x: message.channels, y: message.times }, levels);
  }

  draw() {
    const { canvas, view, setup, size } = this;
    const context = freshContext(canvas);
    if (!context) return;
    const color = context.fillStyle;
    const box = this.box();
    context.fillStyle = "#808080";
    context.fillRect(box.x, box.y, box.width, box.height);
    // The latest picture of everything is a stand-in where that of the view does not reach yet.
    drawPicture(context, this.underlay, view, size, box);
    drawPicture(context, this.picture, view, size, box);
    context.fillStyle = color;
    const rows = Math.floor(box.height / TICK_SPACING.y);
    const xAxis = frequencyAxis(setup, view.x, Math.floor(box.width / TICK_SPACING.x));
    const yAxis = timeAxis(setup, view.y, rows);
    drawAxes(context, box, xAxis, yAxis);
    drawBar(context, box, { label: "power (dB)", ticks: ticks(...this.limits, rows).ticks }, this.gradient);
    this.describe(xAxis, yAxis);
  }

  describe(xAxis, yAxis) {
    const { canvas, setup, view } = this;
    const ends = ({ ticks: all }) => `${all[0]?.label} to ${all[all.length - 1]?.label}`;
    canvas.setAttribute(
      "aria-label",
      `Waterfall of ${setup.source}: ${xAxis.label} ${ends(xAxis)}, ${yAxis.label} ${ends(yAxis)}`,
    );
    canvas.dataset.channels = view.x.join(" ");
    canvas.dataset.times = view.y.join(" ");
    const { x, y, width, height } = this.box();
    canvas.dataset.plot = `${x} ${y} ${width} ${height}`;
  }
}

function render({ model, el }) {
  const explorer = new Explorer(model, el);
  return () => explorer.remove();
}

export default { render };
