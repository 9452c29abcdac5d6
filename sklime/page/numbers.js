"use strict";

// Numbers in, numbers or text out.

const OUTSIDE = -1;

function chooseShown(label, signs, count) {
  const chosen = label.order.filter((i) => signs.has(Math.sign(label.weights[i])));
  return { available: chosen.length, shown: chosen.slice(0, count) };
}

function formatWeight(weight, decimals) {
  if (weight === 0) return "0";
  const size = Math.abs(weight);
  const text = decimals < 0 ? size.toExponential(2) : size.toFixed(decimals);
  return (weight < 0 ? "\u2212" : "+") + text;
}

function formatArea(share) {
  return share >= 0.0005 ? `${(100 * share).toFixed(1)} %` : "under 0.1 %";
}

function tellSign(weight, name) {
  if (weight === 0) return `speaks neither for nor against ${name}`;
  return `speaks ${weight > 0 ? "for" : "against"} ${name}`;
}

function tellPlace(place) {
  return place === "middle" ? "in the middle" : `at the ${place}`;
}

function paintSegments(segments, weights, shown, opacity, colors) {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const palette = new Uint8ClampedArray(4 * weights.length);
  for (const i of shown) {
    const color = colors[weights[i] > 0 ? 0 : 1];
    palette.set([...color, (255 * opacity * Math.abs(weights[i])) / largest], 4 * i);
  }
  const words = new Uint32Array(palette.buffer);
  const pixels = new Uint32Array(segments.length);
  for (let i = 0; i < pixels.length; i++)
    if (segments[i] !== OUTSIDE) pixels[i] = words[segments[i]];
  return new Uint8ClampedArray(pixels.buffer);
}

// The smallest box around each segment; those that a shrunken picture lost are empty.
function findBoxes(segments, width, height, nSegments) {
  const boxes = Array.from({ length: nSegments }, () => [height, width, 0, 0]);
  for (let row = 0; row < height; row++)
    for (let col = 0; col < width; col++) {
      const box = boxes[segments[row * width + col]];
      if (!box) continue;
      if (row < box[0]) box[0] = row;
      if (col < box[1]) box[1] = col;
      if (row >= box[2]) box[2] = row + 1;
      if (col >= box[3]) box[3] = col + 1;
    }
  return boxes;
}

// Borders in a box, between pixels that isBorder tells apart, as straight strokes.
function traceBorders(segments, width, height, [top, left, bottom, right], isBorder) {
  const path = new Path2D();
  const at = (row, col) =>
    row < 0 || col < 0 || row >= height || col >= width
      ? undefined
      : segments[row * width + col];
  const trace = (firstLine, lastLine, first, last, isOnLine, stroke) => {
    for (let line = firstLine; line <= lastLine; line++) {
      let start = OUTSIDE;
      for (let step = first; step <= last; step++) {
        const on = step < last && isOnLine(line, step);
        if (on && start === OUTSIDE) start = step;
        if (!on && start !== OUTSIDE) {
          stroke(line, start, step);
          start = OUTSIDE;
        }
      }
    }
  };
  trace(
    ...[left, right, top, bottom],
    (col, row) => isBorder(at(row, col - 1), at(row, col)),
    (col, start, end) => (path.moveTo(col, start), path.lineTo(col, end)),
  );
  trace(
    ...[top, bottom, left, right],
    (row, col) => isBorder(at(row - 1, col), at(row, col)),
    (row, start, end) => (path.moveTo(start, row), path.lineTo(end, row)),
  );
  return path;
}

function parseColor(text) {
  return [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16));
}

async function decodeSegments(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Int32Array(await new Response(stream).arrayBuffer());
}
