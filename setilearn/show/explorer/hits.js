// The map of hits in the browser: SNR against frequency, filters, and what is known of the hit that was clicked.
//
// Follows on widget.js. The x axis counts MHz from the low end of the map, the y axis decades of SNR from its top.

import {
  AT_THE_EDGE,
  Plane,
  button,
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
  middle,
  paint,
  ticks,
} from "./widget.js";

const MARGIN = { left: 86, right: 84, top: 8, bottom: 44 };
const TICK_SPACING = { x: 92, y: 34 };
const PIXEL = 2; // of the picture, in those of the page
const CLICK_PIXELS = 6; // of the picture: how far from a hit a click may be
const LEAST = { x: 2e-5, y: 0.02 };
const POINT = { radius: 2.5, picked: 3.5 };
const PANEL = { left: 48, right: 34, top: 22, bottom: 44, height: 64, gap: 8, track: 12 };
const PANEL_LINES = 3;
const LOG_STEPS = [[1], [1, 3], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]];
// Colour-blind safe against grey and against each other.
const COLORS = {
  light: { plot: "#ffffff", star: "#d55e00", point: "#33638d", grey: ["#c8c8c8", "#6a6a6a"], band: "#0072b2" },
  dark: { plot: "#14161a", star: "#ff9a3c", point: "#6ccff6", grey: ["#505050", "#a8a8a8"], band: "#56b4e9" },
};
const HELP =
  "Click: pick a hit · drag: move · wheel: zoom frequency, with Shift SNR · double click: all · " +
  "keys: arrows move, Shift+arrows zoom, + and − zoom frequency, 0 or Home all, Enter picks the hit nearest to " +
  "the middle, N and P the next and the previous one";

// Numbers and axes

export function snrAxis([low, high], most) {
  // From the bottom, low, to the top, high, both log10: powers of ten and as many numbers between them as fit.
  const place = (snr) => 1 - (Math.log10(snr) - low) / (high - low);
  let best = null;
  for (const steps of LOG_STEPS) {
    const found = [];
    for (let power = Math.floor(low); power <= Math.ceil(high); power++) {
      found.push(...steps.map((step) => step * 10 ** power));
    }
    const inside = found.filter((snr) => place(snr) >= -AT_THE_EDGE && place(snr) <= 1 + AT_THE_EDGE);
    if (inside.length <= most && inside.length >= 2) best = inside;
  }
  if (!best) {
    const plain = ticks(10 ** low, 10 ** high, most).ticks;
    const at = (share) => place(10 ** low + share * (10 ** high - 10 ** low));
    return { label: "SNR", ticks: plain.map(({ at: share, label }) => ({ at: at(share), label })) };
  }
  return { label: "SNR", ticks: best.map((snr) => ({ at: place(snr), label: numberText(snr) })) };
}

export function countAxis(most) {
  const found = [];
  for (let n = 1; n <= most; n *= 10) found.push(n);
  const place = (n) => Math.log(n) / Math.log(Math.max(most, 2));
  return { label: "hits in a pixel", ticks: found.map((n) => ({ at: place(n), label: numberText(n) })) };
}

export function numberText(value) {
  if (value >= 1e7) return value.toExponential(0).replace("+", "");
  return Number(value.toPrecision(6)).toLocaleString("en-US", { maximumFractionDigits: 9 });
}

function numberOf(input) {
  return input.value.trim() === "" || Number.isNaN(Number(input.value)) ? null : Number(input.value);
}

// Colours

function isDark(element) {
  const [red, green, blue] = getComputedStyle(element).color.match(/[\d.]+/g).map(Number);
  return red + green + blue > 382; // light text: a dark page
}

function shades([from, to]) {
  const parts = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  const [low, high] = [parts(from), parts(to)];
  const bytes = new Uint8Array(255 * 3);
  for (let i = 0; i < 255; i++) {
    low.forEach((value, k) => (bytes[3 * i + k] = value + ((high[k] - value) * i) / 254));
  }
  return colorTable(bytes);
}

// Elements

function entry(label, properties, onChange, parent = "slw-field") {
  const input = make("input", "slw-input", { ...properties, onchange: () => onChange(input) });
  return { input, field: make("label", parent, {}, label, input) };
}

function check(label, checked, onChange) {
  const input = make("input", "", { type: "checkbox", checked, onchange: () => onChange(input.checked) });
  return { input, field: make("label", "slw-field", {}, input, label) };
}

function options(names, blank) {
  return names.map((name) => [name, name === "" ? blank : name]);
}

// The map

class HitMap extends Plane {
  constructor(model, el) {
    const setup = model.get("_setup");
    const [low, high] = setup.frequency_mhz;
    const [bottom, top] = setup.log_snr;
    const size = { x: high - low, y: top - bottom };
    const least = { x: Math.min(LEAST.x, size.x), y: Math.min(LEAST.y, size.y) };
    super(model, el, { size, least, margin: MARGIN, view: { x: [0, size.x], y: [0, size.y] } });
    this.setup = setup;
    this.low = low;
    this.top = top;
    this.palettes = {
      light: { density: colorTable(setup.palettes.light), grey: shades(COLORS.light.grey) },
      dark: { density: colorTable(setup.palettes.dark), grey: shades(COLORS.dark.grey) },
    };
    this.shown = null; // the latest answer about the map
    this.wanted = null; // the hit to ask for: a question
    this.unsaved = null; // the review to save: a question
    this.case = new HitCase(this);
    this.bandsShown = true;
    this.build();
    this.listen();
  }

  get hit() {
    return this.case.hit;
  }

  build() {
    const { setup } = this;
    this.readout = make("div", "slw-readout", { textContent: "Click a hit to see it in all scans of its cadence." });
    const title = make("div", "slw-title", {},
      make("strong", "slw-source", { textContent: setup.source }),
      make("span", "slw-facts", { textContent: setup.facts }));
    this.legend = make("div", "slw-legend");
    const tools = [this.viewTools(), this.filterTools()];
    this.filters = this.readFilters();
    this.el.append(title, ...tools, this.legend, this.canvas, this.readout,
      this.status, this.helpLine(HELP), this.case.element);
  }

  viewTools() {
    const { setup } = this;
    const list = make("datalist", "", { id: `slw-stars-${this.client}` });
    list.append(...setup.stars.map((value) => make("option", "", { value })));
    this.star = entry("Star in colour", { type: "search", placeholder: "name, or part of it" }, () => this.filter());
    this.star.input.setAttribute("list", list.id);
    this.star.input.addEventListener("input", () => {
      if (setup.stars.includes(this.star.input.value)) this.filter();
    });
    this.only = check("this star only", false, () => this.filter());
    const bands = check("known bands", this.bandsShown, (on) => {
      this.bandsShown = on;
      this.draw();
    });
    return make("div", "slw-tools", {}, this.zoomButtons(),
      make("span", "slw-group", {}, this.star.field, list, this.only.field), bands.field);
  }

  filterTools() {
    const { setup } = this;
    const apply = () => this.filter();
    const number = (label, name) => {
      const made = entry(label, { type: "text", inputMode: "decimal" }, apply);
      made.input.classList.add("slw-number");
      made.input.setAttribute("aria-label", name);
      return made;
    };
    this.limits = {
      snr: [number("SNR", "lowest SNR"), number("to", "highest SNR")],
      drift_hz_s: [number("Drift", "lowest drift in Hz/s"), number("to", "highest drift in Hz/s")],
    };
    const all = ["*", "all"];
    this.choices = {
      position: choice("Scans", [all, ...options(setup.positions, "unknown")], apply),
      verdict: choice("Cadence says", [all, ...options(setup.verdicts, "no event")], apply),
      review: choice("You said", [all, ["any", "anything"], ...options(setup.reviews, "nothing yet")], apply),
    };
    const range = (pair, unit) => make("span", "slw-group", {}, ...pair.map(({ field }) => field), unit);
    return make("div", "slw-tools", { role: "group", ariaLabel: "Filters" },
      range(this.limits.snr, ""), range(this.limits.drift_hz_s, "Hz/s"), ...Object.values(this.choices),
      button("Clear filters", "Show hits of every kind", () => this.clearFilters()));
  }

  // What the user does

  clearFilters() {
    for (const pair of Object.values(this.limits)) pair.forEach(({ input }) => (input.value = ""));
    for (const label of Object.values(this.choices)) label.querySelector("select").value = "*";
    this.star.input.value = "";
    this.only.input.checked = false;
    this.filter();
  }

  // The star that the text names: by all of its name, or by a part that no other has
  readStar() {
    const { input } = this.star;
    const { stars } = this.setup;
    const text = input.value.trim().toLowerCase();
    const having = stars.filter((name) => name.toLowerCase().includes(text));
    const named = stars.includes(input.value) ? [input.value] : having;
    const unclear = text !== "" && named.length !== 1;
    input.setAttribute("aria-invalid", String(unclear));
    if (unclear) {
      this.readout.textContent = named.length
        ? `${named.length} names contain “${input.value}”: write more of it, or choose from the list.`
        : `No star's name contains “${input.value}”.`;
    }
    if (text === "" || unclear) return null;
    [input.value] = named;
    return input.value;
  }

  filter() {
    this.filters = this.readFilters();
    this.refresh();
  }

  readFilters() {
    const filters = { star: this.readStar(), only: this.only.input.checked };
    for (const [name, pair] of Object.entries(this.limits)) {
      filters[name] = pair.map(({ input }) => numberOf(input));
      for (const { input } of pair) {
        input.setAttribute("aria-invalid", String(input.value.trim() !== "" && numberOf(input) === null));
      }
    }
    for (const [name, label] of Object.entries(this.choices)) {
      const { value } = label.querySelector("select");
      filters[name] = value === "*" ? null : value;
    }
    return filters;
  }

  onClick(event) {
    const { x, y, inside } = this.place(event);
    if (inside) this.want({ position: [this.low + x, this.top - y], reach: CLICK_PIXELS });
  }

  onHover(event) {
    const place = event && this.place(event);
    if (!place || !place.inside) return;
    const pixel = (this.view.x[1] - this.view.x[0]) / this.box().width;
    const decimals = Math.min(Math.max(0, Math.ceil(-Math.log10(pixel))), 6);
    const snr = (10 ** (this.top - place.y)).toPrecision(3);
    this.readout.textContent = `${(this.low + place.x).toFixed(decimals)} MHz · SNR ${numberText(Number(snr))}`;
  }

  onPlaneKey(event) {
    const actions = {
      Enter: () => {
        const { x, y } = this.view;
        this.want({ position: [this.low + middle(x), this.top - middle(y)], reach: 1e4 });
      },
      n: () => this.step(1),
      p: () => this.step(-1),
    };
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    action?.();
    return Boolean(action);
  }

  step(by) {
    if (this.hit) this.want({ from: this.hit.hit_id, step: by });
    else this.want({ position: [this.low + this.view.x[0], this.top - middle(this.view.y)], reach: 1e4 });
  }

  want(question) {
    this.wanted = question;
    this.ask();
  }

  save(review) {
    this.unsaved = review;
    this.ask();
  }

  // Question and answer

  nextQuestion() {
    const { width, height } = this.box();
    const pixels = [Math.max(1, Math.round(height / PIXEL)), Math.max(1, Math.round(width / PIXEL))];
    const [left, right] = this.view.x;
    const [above, below] = this.view.y;
    const view = {
      frequency_mhz: [this.low + left, this.low + right],
      log_snr: [this.top - below, this.top - above],
      pixels,
    };
    const about = { view, filters: this.filters };
    if (this.unsaved) {
      const question = { ask: "review", ...this.unsaved };
      this.unsaved = null;
      return question;
    }
    if (this.stale) {
      this.stale = false;
      this.serial += 1;
      return { ask: "map", ...about };
    }
    if (this.wanted) {
      const question = { ask: "hit", ...about, ...this.wanted };
      this.wanted = null;
      return question;
    }
    return this.case.nextQuestion();
  }

  onAnswer(message, buffers, question) {
    if (message.kind === "map") {
      this.take(message, buffers, question.view);
      this.say(message.text);
      this.draw();
      this.canvas.dataset.drawn = message.serial;
    } else if (message.kind === "hit") {
      if (message.hit) this.case.open(message.hit);
      else this.readout.textContent = message.text;
      this.draw();
    } else if (question.ask === "panel") {
      this.case.takePanel(question, message, buffers);
    } else if (question.ask === "review") {
      this.case.saved(question, message);
      if (message.kind === "saved") this.refresh();
    } else {
      this.say(message.text, true);
    }
  }

  take(message, buffers, view) {
    const [rows, columns] = view.pixels;
    const span = (limits) => limits[1] - limits[0];
    const x = { first: view.frequency_mhz[0] - this.low, step: span(view.frequency_mhz) / columns, n: columns };
    const y = { first: this.top - view.log_snr[1], step: span(view.log_snr) / rows, n: rows };
    const doubles = (buffer) => new Float64Array(bytesOf(buffer).slice().buffer);
    const [first, second, third] = buffers;
    this.shown = message.points
      ? { ...message, x: doubles(first), y: doubles(second), picked: bytesOf(third) }
      : { ...message, x: doubles(second), y: doubles(third), layer: { shape: view.pixels, x, y }, levels: bytesOf(first) };
    this.paint();
  }

  // Colours follow the theme, which may change while the answer stays.
  paint() {
    const { shown } = this;
    this.theme = isDark(this.el) ? "dark" : "light";
    if (!shown?.layer) return;
    const table = this.palettes[this.theme][shown.starred ? "grey" : "density"];
    shown.picture = paint(table, shown.layer, shown.levels);
    shown.gradient = gradientOf(table);
  }

  // Drawing

  draw() {
    const context = freshContext(this.canvas);
    if (!context) return;
    if (this.theme !== (isDark(this.el) ? "dark" : "light")) this.paint();
    const { view, size, shown } = this;
    const color = context.fillStyle;
    const colors = COLORS[this.theme];
    const box = this.box();
    context.fillStyle = colors.plot;
    context.fillRect(box.x, box.y, box.width, box.height);
    context.save();
    context.beginPath();
    context.rect(box.x, box.y, box.width, box.height);
    context.clip();
    if (this.bandsShown) this.drawBands(context, box, colors);
    if (shown?.picture) drawPicture(context, shown.picture, view, size, box);
    if (shown) this.drawPoints(context, colors);
    if (this.bandsShown) this.nameBands(context, box, colors, color);
    this.drawMarks(context, color, colors.plot);
    context.restore();
    context.fillStyle = color;
    const frequencies = [this.low + view.x[0], this.low + view.x[1]];
    const xAxis = megahertzAxis(frequencies, Math.floor(box.width / TICK_SPACING.x));
    const yAxis = snrAxis([this.top - view.y[1], this.top - view.y[0]], Math.floor(box.height / TICK_SPACING.y));
    drawAxes(context, box, xAxis, yAxis);
    if (shown?.picture) drawBar(context, box, countAxis(shown.most), shown.gradient);
    this.describe(xAxis, yAxis);
    this.drawLegend(colors);
  }

  // Where something of the map is on the canvas
  spot(frequency, logSnr) {
    const { view } = this;
    const box = this.box();
    const [left, right] = view.x;
    const [above, below] = view.y;
    return [
      box.x + ((frequency - this.low - left) / (right - left)) * box.width,
      box.y + ((this.top - logSnr - above) / (below - above)) * box.height,
    ];
  }

  drawBands(context, box, colors) {
    for (const { low, high } of this.setup.bands) {
      const [from] = this.spot(low, this.top);
      const [to] = this.spot(high, this.top);
      if (to < box.x || from > box.x + box.width) continue;
      context.globalAlpha = 0.1;
      context.fillStyle = colors.band;
      context.fillRect(from, box.y, Math.max(to - from, 1), box.height);
      context.globalAlpha = 0.25;
      context.fillRect(from, box.y, 1, box.height);
    }
    context.globalAlpha = 1;
  }

  nameBands(context, box, colors, color) {
    context.textBaseline = "middle";
    context.lineWidth = 4;
    context.strokeStyle = colors.plot;
    context.fillStyle = color;
    for (const { name, low, high } of this.setup.bands) {
      const start = Math.max(this.spot(low, this.top)[0], box.x);
      const end = Math.min(this.spot(high, this.top)[0], box.x + box.width);
      if (end - start < 14) continue;
      const fits = context.measureText(name).width < end - start - 6;
      context.save();
      context.translate((start + end) / 2, box.y + (fits ? 10 : 6));
      if (!fits) context.rotate(-Math.PI / 2);
      context.textAlign = fits ? "center" : "right";
      context.globalAlpha = 0.7;
      context.strokeText(name, 0, 0);
      context.globalAlpha = 1;
      context.fillText(name, 0, 0);
      context.restore();
    }
  }

  drawPoints(context, colors) {
    const { x, y, picked, starred } = this.shown;
    const isPicked = (i) => !picked || picked[i];
    const dot = (i, radius) => {
      context.beginPath();
      context.arc(...this.spot(x[i], y[i]), radius, 0, 2 * Math.PI);
      context.fill();
    };
    context.fillStyle = starred ? colors.grey[1] : colors.point;
    for (let i = 0; i < x.length; i++) if (!isPicked(i)) dot(i, POINT.radius);
    context.fillStyle = colors.star;
    for (let i = 0; i < x.length; i++) if (isPicked(i)) dot(i, POINT.picked);
  }

  // Hits of which something has been said, each kind with a sign of its own, and a ring around the one picked
  drawMarks(context, color, around) {
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.save();
    context.font = context.font.replace("12px", "bold 15px");
    context.lineWidth = 3;
    for (const { at, review } of this.shown?.marks ?? []) {
      const spot = this.spot(...at);
      context.strokeStyle = around;
      context.strokeText(this.setup.signs[review], ...spot);
      context.fillStyle = color;
      context.fillText(this.setup.signs[review], ...spot);
    }
    context.restore();
    if (!this.hit) return;
    for (const [style, width] of [[around, 5], [color, 2]]) {
      context.strokeStyle = style;
      context.lineWidth = width;
      context.beginPath();
      context.arc(...this.spot(this.hit.frequency_mhz, this.hit.log_snr), 9, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  drawLegend(colors) {
    const { shown, setup } = this;
    const item = (sign, color, text) => make("span", "slw-key", {},
      make("span", "slw-sign", { textContent: sign, style: color ? `color: ${color}` : "", ariaHidden: "true" }),
      text);
    const items = [];
    if (shown?.starred) items.push(item("●", colors.star, shown.starred));
    if (shown?.starred && !this.filters.only) items.push(item("●", colors.grey[1], "all other hits"));
    const said = new Set((shown?.marks ?? []).map(({ review }) => review));
    for (const review of said) items.push(item(setup.signs[review], "", review));
    if (this.hit) items.push(item("◯", "", "the hit below"));
    const text = items.map((each) => each.textContent + each.outerHTML.length).join();
    if (this.legend.dataset.text === text) return;
    this.legend.dataset.text = text;
    this.legend.replaceChildren(...items);
  }

  describe(xAxis, yAxis) {
    const { canvas, setup, view } = this;
    const ends = ({ ticks: all }) => `${all[0]?.label} to ${all[all.length - 1]?.label}`;
    const starred = this.shown?.starred ? ` Hits of ${this.shown.starred} are in colour.` : "";
    canvas.setAttribute(
      "aria-label",
      `SNR against frequency of the hits of ${setup.source}: ${xAxis.label} ${ends(xAxis)}, ` +
        `SNR ${ends(yAxis)}.${starred}`,
    );
    canvas.dataset.frequencies = view.x.map((x) => this.low + x).join(" ");
    canvas.dataset.snr = [view.y[1], view.y[0]].map((y) => this.top - y).join(" ");
    const { x, y, width, height } = this.box();
    canvas.dataset.plot = `${x} ${y} ${width} ${height}`;
  }
}

// What is known of one hit: facts, what a person said of it, and the scans of its cadence

class HitCase {
  constructor(map) {
    this.map = map;
    this.hit = null;
    this.drafts = new Map(); // what was written of a hit and is not saved yet
    this.panels = [];
    this.palette = colorTable(map.setup.palettes.waterfall);
    this.build();
  }

  build() {
    const { map } = this;
    this.title = make("strong", "slw-source");
    this.facts = make("dl", "slw-list");
    this.canvas = make("canvas", "slw-panels");
    this.canvas.setAttribute("role", "img");
    this.said = make("div", "slw-said");
    this.said.setAttribute("role", "status");
    this.note = make("textarea", "slw-note", { rows: 3, oninput: () => this.keepDraft() });
    this.form = make("form", "slw-form", { onsubmit: (event) => this.submit(event) },
      this.radios(),
      make("label", "slw-field slw-column", {}, "Note", this.note),
      make("span", "slw-group", {}, make("button", "slw-button slw-main", { type: "submit", textContent: "Save" })),
      this.said);
    this.note.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.submit(event);
    });
    const head = make("div", "slw-tools", {}, this.title, make("span", "slw-group", {},
      button("◀ Previous", "Previous hit in sight, by frequency", () => map.step(-1)),
      button("Next ▶", "Next hit in sight, by frequency", () => map.step(1))));
    this.element = make("section", "slw-case", { hidden: true, ariaLabel: "The hit that was picked" }, head,
      make("div", "slw-columns", {}, make("div", "slw-side", {}, this.facts, this.form), this.canvas));
    this.resizes = new ResizeObserver(() => this.draw());
    this.resizes.observe(this.canvas);
  }

  radios() {
    const { choices, signs } = this.map.setup;
    const group = make("fieldset", "slw-choices", {}, make("legend", "", { textContent: "What do you say?" }));
    for (const value of choices) {
      const input = make("input", "", {
        type: "radio", name: `slw-review-${this.map.client}`, value, onchange: () => this.keepDraft(),
      });
      group.append(make("label", "slw-field", {}, input, value === "" ? "nothing yet" : `${signs[value]} ${value}`));
    }
    return group;
  }

  get verdict() {
    return this.form.querySelector("input:checked")?.value ?? "";
  }

  keepDraft() {
    this.drafts.set(this.hit.hit_id, { verdict: this.verdict, note: this.note.value });
    this.tell("Not saved yet.");
  }

  tell(text, isError = false) {
    this.said.textContent = text;
    this.said.classList.toggle("slw-error", isError);
  }

  open(hit) {
    this.hit = hit;
    this.element.hidden = false;
    this.title.textContent = hit.title;
    this.facts.replaceChildren(
      ...hit.facts.flatMap(([name, value]) => [
        make("dt", "", { textContent: name }), make("dd", "", { textContent: value }),
      ]));
    const draft = this.drafts.get(hit.hit_id);
    const { verdict, note } = draft ?? hit.review;
    for (const input of this.form.querySelectorAll("input")) input.checked = input.value === verdict;
    this.note.value = note;
    this.tell(draft ? "Not saved yet." : "");
    this.panels = hit.scans.map(() => null);
    this.limits = null;
    this.waiting = hit.order.slice();
    this.element.dataset.hit = hit.hit_id;
    delete this.canvas.dataset.drawn;
    this.canvas.style.height = `${PANEL.bottom + hit.scans.length * (PANEL.top + PANEL.height + PANEL.gap)}px`;
    this.draw();
  }

  submit(event) {
    event.preventDefault();
    const question = { hit_id: this.hit.hit_id, verdict: this.verdict, note: this.note.value };
    this.tell("Saving …");
    this.map.save(question);
  }

  saved(question, message) {
    const same = ({ verdict, note }) => verdict === question.verdict && note === question.note;
    const done = message.kind === "saved";
    const draft = this.drafts.get(question.hit_id);
    if (done && draft && same(draft)) this.drafts.delete(question.hit_id);
    if (this.hit.hit_id === question.hit_id) this.tell(done ? message.text : `Not saved. ${message.text}`, !done);
  }

  // The scans, one question each, so that the map answers in between

  nextQuestion() {
    if (!this.waiting?.length) return null;
    const scan = this.waiting.shift();
    return { ask: "panel", hit_id: this.hit.hit_id, scan, limits: this.limits };
  }

  takePanel({ hit_id: hitId, scan }, message, buffers) {
    if (hitId !== this.hit.hit_id) return;
    this.panels[scan] = message;
    if (buffers?.length) {
      this.limits ??= message.limits;
      message.picture = paint(this.palette, message, bytesOf(buffers[0])).canvas;
    }
    this.draw();
    this.canvas.dataset.drawn = this.panels.filter(Boolean).length;
  }

  draw() {
    const { canvas, hit } = this;
    const context = hit && freshContext(canvas);
    if (!context) return;
    const color = context.fillStyle;
    const width = Math.max(1, canvas.clientWidth - PANEL.left - PANEL.right);
    hit.scans.forEach((scan, i) => {
      const y = i * (PANEL.top + PANEL.height + PANEL.gap) + PANEL.top;
      const box = { x: PANEL.left, y, width, height: PANEL.height };
      context.fillStyle = color;
      this.drawHeading(context, scan, box);
      this.drawPanel(context, this.panels[i], box, color);
    });
    context.fillStyle = color;
    this.drawFrequencies(context, width);
    this.describe();
  }

  drawHeading(context, { label, source_name: source, scan, own }, box) {
    context.textAlign = "left";
    context.textBaseline = "bottom";
    const font = context.font;
    if (label !== "OFF") context.font = `bold ${font}`;
    const text = `${label || "scan"}  ${source}${own ? "  ◀ this hit" : ""}`;
    context.fillText(fitted(context, text, box.width), box.x, box.y - 4);
    context.font = font;
    context.textAlign = "right";
    context.fillText(`scan ${scan}`, box.x + box.width, box.y - 4);
  }

  drawPanel(context, panel, box, color) {
    context.fillStyle = "#4d4d4d";
    context.fillRect(box.x, box.y, box.width, box.height);
    if (!panel?.picture) {
      context.fillStyle = "#ffffff";
      context.textAlign = "left";
      context.textBaseline = "top";
      const lines = wrapped(context, panel ? panel.text : "reading …", box.width - 16);
      lines.slice(0, PANEL_LINES).forEach((line, i) => context.fillText(line, box.x + 8, box.y + 6 + 16 * i));
      return;
    }
    const [low, high] = this.hit.part_mhz;
    const at = (mhz) => box.x + ((mhz - low) / (high - low)) * box.width;
    const down = (s) => (s / panel.duration_s) * box.height;
    context.save();
    context.beginPath();
    context.rect(box.x, box.y, box.width, box.height);
    context.clip();
    const [from, to] = panel.frequency_mhz.map(at);
    context.drawImage(panel.picture, from, box.y, to - from, down(panel.picture_s));
    this.drawTrack(context, panel.track_mhz.map(at), box);
    context.restore();
    context.fillStyle = color;
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillText("0 s", box.x - 6, box.y + 5);
    context.fillText(`${Math.round(panel.duration_s)} s`, box.x - 6, box.y + box.height - 5);
  }

  // Dashed to either side of the track, so that what lies on it is not covered
  drawTrack(context, [from, to], box) {
    context.setLineDash([6, 5]);
    for (const [style, width] of [["#000000", 3], ["#ffffff", 1.2]]) {
      context.strokeStyle = style;
      context.lineWidth = width;
      for (const side of [-PANEL.track, PANEL.track]) {
        context.beginPath();
        context.moveTo(from + side, box.y);
        context.lineTo(to + side, box.y + box.height);
        context.stroke();
      }
    }
    context.setLineDash([]);
  }

  drawFrequencies(context, width) {
    const y = this.hit.scans.length * (PANEL.top + PANEL.height + PANEL.gap) - PANEL.gap;
    const axis = megahertzAxis(this.hit.part_mhz, Math.floor(width / TICK_SPACING.x));
    drawAxes(context, { x: PANEL.left, y: 0, width, height: y }, axis, { label: "", ticks: [] });
  }

  describe() {
    const { hit } = this;
    const scans = hit.scans.map(({ label, source_name: source, scan }, i) => {
      const panel = this.panels[i];
      const state = panel ? (panel.picture ? "drawn" : panel.text) : "being read";
      return `scan ${scan}, ${label || "alone"}, ${source}: ${state}`;
    });
    this.canvas.setAttribute(
      "aria-label",
      `Waterfalls around ${hit.title} in ${scans.length} scans, with the expected track dashed. ${scans.join("; ")}.`,
    );
  }
}

function fitted(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let shown = text;
  while (shown && context.measureText(`${shown}…`).width > width) shown = shown.slice(0, -1);
  return `${shown}…`;
}

function wrapped(context, text, width) {
  const lines = [""];
  // A path is one long word: it may be cut anywhere.
  for (const character of text) {
    const longer = lines[lines.length - 1] + character;
    if (context.measureText(longer).width > width) lines.push(character);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function render({ model, el }) {
  const map = new HitMap(model, el);
  return () => {
    map.remove();
    map.case.resizes.disconnect();
  };
}

export default { render };
