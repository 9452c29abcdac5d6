"use strict";

// Numbers in, numbers or text out.

const OUTSIDE = -1;

function chooseShown(label, signs, count) {
  const chosen = label.order.filter((i) => signs.has(Math.sign(label.weights[i])));
  return { available: chosen.length, shown: chosen.slice(0, count) };
}

function tellSign(weight, name) {
  if (weight === 0) return `speaks neither for nor against ${name}`;
  return `speaks ${weight > 0 ? "for" : "against"} ${name}`;
}

function tellPlace(place) {
  return place === "middle" ? "in the middle" : `at the ${place}`;
}

// The last place still belongs to the picture: a pointer can be on its very edge.
function findPixel(offset, length, nPixels) {
  return Math.max(0, Math.min(Math.floor((offset / length) * nPixels), nPixels - 1));
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
  // Outside of every segment there is no word, which becomes 0: transparent.
  for (let i = 0; i < pixels.length; i++) pixels[i] = words[segments[i]];
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

// Borders in a box, between pixels that isBorder tells apart: [x, y, x, y] each, as
// long as they can be.
function traceBorders(segments, width, height, [top, left, bottom, right], isBorder) {
  const strokes = [];
  const at = (row, col) =>
    row < 0 || col < 0 || row >= height || col >= width
      ? undefined
      : segments[row * width + col];
  const trace = (firstLine, lastLine, first, last, isOnLine, makeStroke) => {
    for (let line = firstLine; line <= lastLine; line++) {
      let start = OUTSIDE;
      for (let step = first; step <= last; step++) {
        const on = step < last && isOnLine(line, step);
        if (on && start === OUTSIDE) start = step;
        if (!on && start !== OUTSIDE) {
          strokes.push(makeStroke(line, start, step));
          start = OUTSIDE;
        }
      }
    }
  };
  trace(
    ...[left, right, top, bottom],
    (col, row) => isBorder(at(row, col - 1), at(row, col)),
    (col, start, end) => [col, start, col, end],
  );
  trace(
    ...[top, bottom, left, right],
    (row, col) => isBorder(at(row - 1, col), at(row, col)),
    (row, start, end) => [start, row, end, row],
  );
  return strokes;
}

// Between two segments, but not around the picture.
function traceAllBorders(segments, width, height) {
  const isInside = (a, b) => a !== b && a !== undefined && b !== undefined;
  return traceBorders(segments, width, height, [0, 0, height, width], isInside);
}

// All around a segment, along the edge of the picture too.
function traceOutline(segments, width, height, box, segment) {
  const isBorder = (a, b) => a !== b && (a === segment || b === segment);
  return traceBorders(segments, width, height, box, isBorder);
}

function parseColor(text) {
  return [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16));
}

async function decodeSegments(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Int32Array(await new Response(stream).arrayBuffer());
}
