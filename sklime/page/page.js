// What is drawn and written.

const MAX_ROWS = 500;
const MAX_PRINTED = 25;
const $ = (id) => document.getElementById(id);

function makeElement(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function tellValue(slider, value, text) {
  $(value).textContent = text;
  $(slider).setAttribute("aria-valuetext", text);
}

function makeBar(weight, largest) {
  const bar = $("bar").content.cloneNode(true);
  const rect = bar.querySelector("rect");
  rect.setAttribute("class", weight > 0 ? "positive" : "negative");
  rect.setAttribute("width", largest ? Math.abs(weight) / largest : 0);
  return bar;
}

function hasModifier(event) {
  return event.altKey || event.ctrlKey || event.metaKey;
}

function showPage(facts, segments) {
  const { width, height, names, areas, places } = facts;
  const colors = facts.colors.map(parseColor);
  const boxes = findBoxes(segments, width, height, names.length);
  const borders = traceAllBorders(segments, width, height);
  const outlines = new Map();
  const state = {
    label: facts.selected,
    count: Infinity,
    opacity: facts.opacity,
    shown: [],
    active: null,
    pinned: null,
  };
  let ranks = [];
  const made = new Map();
  let rows = new Map();

  const label = () => facts.labels[state.label];
  const current = () => state.active ?? state.pinned;

  function outline(segment) {
    if (!outlines.has(segment))
      outlines.set(segment, traceOutline(segments, width, height, boxes[segment], segment));
    return outlines.get(segment);
  }

  function drawLines(canvas, lines) {
    const ratio = window.devicePixelRatio;
    const box = canvas.getBoundingClientRect();
    canvas.width = Math.max(1, Math.round(box.width * ratio));
    canvas.height = Math.max(1, Math.round(box.height * ratio));
    const context = canvas.getContext("2d");
    const [across, down] = [canvas.width / width, canvas.height / height];
    context.lineCap = context.lineJoin = "round";
    for (const [strokes, color, size] of lines) {
      context.strokeStyle = color;
      context.lineWidth = size * ratio;
      context.beginPath();
      for (const [x, y, toX, toY] of strokes) {
        context.moveTo(x * across, y * down);
        context.lineTo(toX * across, toY * down);
      }
      context.stroke();
    }
  }

  function renderLabel() {
    const { name, summary, order } = label();
    ranks = [];
    made.clear();
    order.forEach((segment, i) => (ranks[segment] = i + 1));
    $("heading").textContent = `What speaks for and against ${name}`;
    $("summary").textContent = summary;
    for (const score of ["prediction", "local_prediction", "fidelity"])
      $(score).textContent = label()[score];
    renderShown();
  }

  function makeRow(segment) {
    const { weights, texts, order } = label();
    const largest = Math.abs(weights[order[0]]);
    const button = makeElement("button", { type: "button", dir: "auto", textContent: names[segment] });
    const row = makeElement(
      "tr",
      {},
      makeElement("td", { textContent: ranks[segment] }),
      makeElement("th", { scope: "row" }, button),
      makeElement("td", { textContent: texts[segment] }),
      makeElement("td", { className: "bar" }, makeBar(weights[segment], largest)),
      makeElement("td", { textContent: areas[segment] }),
    );
    row.dataset.segment = segment;
    return row;
  }

  function keepRow(segment) {
    if (!made.has(segment)) made.set(segment, makeRow(segment));
    return made.get(segment);
  }

  function renderShown() {
    const signs = new Set();
    if ($("positive").checked) signs.add(1);
    if ($("negative").checked) signs.add(-1);
    const { available, shown } = chooseShown(label(), signs, state.count);
    state.shown = shown;
    Object.assign($("count"), { max: available, value: shown.length, disabled: !available });
    tellValue("count", "counted", `${shown.length} of ${available}`);
    rows = new Map(shown.slice(0, MAX_ROWS).map((segment) => [segment, keepRow(segment)]));
    $("rows").replaceChildren(...rows.values());
    [...rows.values()].forEach((row, i) => row.classList.toggle("unprinted", i >= MAX_PRINTED));
    $("caption").textContent = tellCaption(available);
    $("printed").textContent = rows.size > MAX_PRINTED ? `; the strongest ${MAX_PRINTED} are printed` : "";
    renderOverlay();
    renderActive();
  }

  function tellCaption(available) {
    const { order } = label();
    if (!order.length) return "All weights are zero.";
    if (!available) return "No segment of that sign.";
    const rest = names.length - order.length;
    const strongest = state.shown.length > rows.size ? ", the strongest" : "";
    return `${rows.size} of ${names.length} segments${strongest}` + (rest ? `; ${rest} of weight 0` : "");
  }

  function renderOverlay() {
    $("opacity").value = Math.round(100 * state.opacity);
    tellValue("opacity", "faded", `${$("opacity").value} %`);
    const pixels = paintSegments(segments, label().weights, state.shown, state.opacity, colors);
    $("overlay").getContext("2d").putImageData(new ImageData(pixels, width, height), 0, 0);
  }

  function renderBorders() {
    drawLines($("borders"), [[borders, "rgba(255, 255, 255, 0.75)", 0.7]]);
  }

  function renderActive() {
    const lines = [];
    const addOutline = (segment, color) => {
      if (segment === null) return;
      lines.push([outline(segment), "black", 5], [outline(segment), color, 2.2]);
    };
    addOutline(state.pinned, "#F0E442");
    if (state.active !== state.pinned) addOutline(state.active, "white");
    for (const canvas of document.querySelectorAll(".marks")) drawLines(canvas, lines);
    renderStatus();
    renderRows();
  }

  function renderStatus() {
    const segment = current();
    if (segment === null) {
      $("status").textContent = "Point at a segment, or step with the arrow keys. A click or Enter pins it.";
      return;
    }
    const { name, weights, texts, order } = label();
    const weight = weights[segment];
    const rank = weight === 0 ? [] : [`rank ${ranks[segment]} of ${order.length}`];
    const told = [
      "",
      ...rank,
      `weight ${texts[segment]}`,
      tellSign(weight, name),
      `${areas[segment]} of the area ${tellPlace(places[segment])}`,
    ].join(", ");
    const pinned = segment === state.pinned ? "; pinned" : "";
    const swatch = makeElement("span", { className: "swatch" });
    if (weight !== 0) swatch.classList.add(weight > 0 ? "positive" : "negative");
    $("status").replaceChildren(swatch, makeElement("b", { dir: "auto", textContent: names[segment] }), told + pinned);
  }

  function renderRows() {
    const segment = current();
    const reached = rows.get(segment) ?? rows.get(state.shown[0]);
    for (const [other, row] of rows) {
      row.classList.toggle("active", other === segment);
      const button = row.querySelector("button");
      button.setAttribute("aria-pressed", other === state.pinned);
      button.tabIndex = row === reached ? 0 : -1;
    }
    if (rows.has(segment)) scrollTo(rows.get(segment));
  }

  // scrollIntoView would move the whole page under the pointer.
  function scrollTo(row) {
    const box = $("scroller").getBoundingClientRect();
    const place = row.getBoundingClientRect();
    const head = $("scroller").querySelector("thead").getBoundingClientRect().height;
    if (place.top < box.top + head) $("scroller").scrollTop += place.top - box.top - head;
    if (place.bottom > box.bottom) $("scroller").scrollTop += place.bottom - box.bottom;
  }

  // What a reader does.

  function activate(segment) {
    if (segment === state.active) return;
    state.active = segment;
    renderActive();
  }

  function pin(segment) {
    state.pinned = segment === state.pinned ? null : segment;
    renderActive();
  }

  function segmentUnder(event) {
    const box = event.currentTarget.getBoundingClientRect();
    const col = findPixel(event.clientX - box.left, box.width, width);
    const row = findPixel(event.clientY - box.top, box.height, height);
    const segment = segments[row * width + col];
    return segment === OUTSIDE ? null : segment;
  }

  function segmentOfRow(event) {
    const row = event.target.closest("tr");
    return row ? Number(row.dataset.segment) : null;
  }

  function step(event, ranked) {
    if (hasModifier(event)) return null;
    const last = ranked.length - 1;
    const place = ranked.indexOf(current());
    const next = {
      ArrowRight: place + 1,
      ArrowDown: place + 1,
      ArrowLeft: place < 0 ? last : place - 1,
      ArrowUp: place < 0 ? last : place - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (next === undefined || last < 0) return null;
    event.preventDefault();
    return ranked[Math.min(Math.max(next, 0), last)];
  }

  function onExplorerKey(event) {
    const segment = step(event, state.shown);
    if (segment !== null) activate(segment);
    else if (!hasModifier(event) && (event.key === "Enter" || event.key === " ") && current() !== null) {
      event.preventDefault();
      pin(current());
    }
  }

  function onRowKey(event) {
    const segment = step(event, [...rows.keys()]);
    rows.get(segment)?.querySelector("button").focus();
  }

  function listen() {
    $("label").addEventListener("change", () => {
      state.label = $("label").selectedIndex;
      renderLabel();
    });
    $("count").addEventListener("input", () => {
      const chosen = Number($("count").value);
      state.count = chosen === Number($("count").max) ? Infinity : chosen;
      renderShown();
    });
    for (const id of ["positive", "negative"]) $(id).addEventListener("change", renderShown);
    $("opacity").addEventListener("input", () => {
      state.opacity = Number($("opacity").value) / 100;
      renderOverlay();
    });
    for (const area of document.querySelectorAll(".area")) {
      area.addEventListener("pointermove", (event) => activate(segmentUnder(event)));
      area.addEventListener("pointerleave", () => activate(null));
      area.addEventListener("click", (event) => pin(segmentUnder(event)));
    }
    $("explorer").addEventListener("keydown", onExplorerKey);
    $("explorer").addEventListener("blur", () => activate(null));
    $("rows").addEventListener("pointerover", (event) => activate(segmentOfRow(event)));
    $("rows").addEventListener("pointerleave", () => activate(null));
    $("rows").addEventListener("focusin", (event) => activate(segmentOfRow(event)));
    $("rows").addEventListener("focusout", () => activate(null));
    $("rows").addEventListener("click", (event) => pin(segmentOfRow(event)));
    $("rows").addEventListener("keydown", onRowKey);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && state.pinned !== null) pin(state.pinned);
    });
    new ResizeObserver(() => {
      renderBorders();
      renderActive();
    }).observe($("overlaid"));
  }

  $("label").append(...facts.labels.map(({ name, prediction }) => makeElement("option", { textContent: `${name} (${prediction})` })));
  $("label").selectedIndex = state.label;
  $("label").disabled = facts.labels.length < 2;
  for (const element of document.querySelectorAll("main [hidden]")) element.hidden = false;
  for (const element of document.querySelectorAll(".static")) element.remove();
  document.documentElement.classList.add("live");
  renderLabel();
  listen();
}

// Without the means to decode, the page stays as it is: a picture and tables.
if ("DecompressionStream" in window) {
  const facts = JSON.parse($("facts").textContent);
  decodeSegments(facts.segments).then((segments) => showPage(facts, segments));
}
