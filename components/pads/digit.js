/* A square to draw a digit on, and the image that a network gets of it. */

const SIZE = 168, PLACES = 24, PEN = 14, ERASER = 26, SOFT = 4, MOST_ENLARGED = 2;
const BOX = 20 / 28; /* MNIST's digits were scaled to 20 of 28 pixels */

class Board {
  /* changed(isDone) is called while the pen moves, and once more when it is lifted. */
  constructor(canvas, ink, changed) {
    Object.assign(this, { canvas, ink, changed, strokes: [], past: [], erases: false, pen: [SIZE / 2, SIZE / 2], t: String });
    canvas.width = canvas.height = SIZE;
    canvas.style.touchAction = 'none';
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'application');
    canvas.addEventListener('keydown', (event) => this.key(event));
    canvas.addEventListener('focus', () => this.showPen());
    canvas.addEventListener('blur', () => { this.up(); this.showPen(); });
    this.context = canvas.getContext('2d', { willReadFrequently: true });
    canvas.addEventListener('pointerdown', (event) => this.down(event));
    canvas.addEventListener('pointermove', (event) => this.move(event));
    for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => this.up());
  }

  place({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [((clientX - left) / width) * SIZE, ((clientY - top) / height) * SIZE];
  }

  down(event) {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.begin(this.place(event));
  }

  begin(place) {
    this.remember();
    this.strokes = [...this.strokes, { erases: this.erases, points: [place] }];
    this.isDrawing = true;
    this.paint();
    this.changed(false);
  }

  move(event) {
    if (!this.isDrawing) return;
    const { points } = this.strokes.at(-1), all = event.getCoalescedEvents?.() ?? [];
    for (const each of all.length ? all : [event]) points.push(this.place(each));
    this.paint();
    this.changed(false);
  }

  up() {
    if (!this.isDrawing) return;
    this.isDrawing = false;
    this.changed(true);
  }

  /* Arrow keys move the pen, Space puts it down and lifts it. */
  key(event) {
    const arrow = ARROWS[event.key];
    if (!arrow && event.key !== ' ' && !(event.key === 'Escape' && this.isDrawing)) return;
    event.preventDefault();
    if (arrow) {
      this.pen = this.pen.map((at, axis) => Math.min(SIZE, Math.max(0, at + (arrow[axis] * SIZE) / PLACES)));
      if (this.isDrawing) {
        this.strokes.at(-1).points.push(this.pen);
        this.paint();
        this.changed(false);
      }
    } else if (this.isDrawing) this.up();
    else this.begin(this.pen);
    this.showPen();
    const [x, y] = this.pen.map((at) => Math.round((at * PLACES) / SIZE)), of = PLACES;
    speak(this.canvas, this.isDrawing ? t('pen down, across {x}, down {y} of {of}', { x, y, of }) : t('pen up, across {x}, down {y} of {of}', { x, y, of }));
  }

  /* A ring where the pen of the keyboard is. */
  showPen() {
    const [x, y] = this.pen.map((at) => `${(100 * at) / SIZE}%`);
    this.canvas.style.backgroundImage = this.canvas.matches(':focus-visible')
      ? `radial-gradient(circle at ${x} ${y}, transparent 12px, var(--st-primary-color) 13px 15px, transparent 16px)` : '';
  }

  remember() {
    this.past.push(this.strokes);
  }

  undo() {
    this.strokes = this.past.pop() ?? [];
    this.paint();
    this.changed(true);
  }

  clear() {
    if (this.strokes.length) this.remember();
    this.strokes = [];
    this.paint();
    this.changed(true);
  }

  paint() {
    const { context } = this;
    this.canvas.setAttribute('aria-label', t('Board to draw a digit on: arrow keys move the pen, Space puts it down and lifts it'));
    context.clearRect(0, 0, SIZE, SIZE);
    for (const { erases, points } of this.strokes) {
      context.globalCompositeOperation = erases ? 'destination-out' : 'source-over';
      Object.assign(context, {
        lineWidth: erases ? ERASER : PEN, lineCap: 'round', lineJoin: 'round',
        strokeStyle: this.ink, shadowColor: this.ink, shadowBlur: SOFT,
      });
      context.beginPath();
      context.moveTo(...points[0]);
      context.lineTo(points[0][0] + 0.01, points[0][1]); /* or a dot would not be drawn */
      for (const point of points.slice(1)) context.lineTo(...point);
      context.stroke();
    }
    context.globalCompositeOperation = 'source-over';
  }

  /* Opacity of the ink from 0 to 1, [SIZE * SIZE]. */
  levels() {
    const { data } = this.context.getImageData(0, 0, SIZE, SIZE), levels = new Float32Array(SIZE * SIZE);
    for (let i = 0; i < levels.length; i++) levels[i] = data[4 * i + 3] / 255;
    return levels;
  }

  /* The image [side * side] that a network gets: as it stands, or as MNIST's digits were made: the
     drawing scaled to fit a smaller box, its centre of mass in the middle. */
  image(side, isCentred) {
    const levels = this.levels(), frame = isCentred && findFrame(levels, side);
    const { scale, x, y } = frame || { scale: side / SIZE, x: SIZE / 2, y: SIZE / 2 };
    return shrink(levels, side, scale, x, y);
  }
}

/* How much to scale by, and the centre of mass; null for an empty board. */
function findFrame(levels, side) {
  let [left, right, top, bottom, mass, x, y] = [SIZE, -1, SIZE, -1, 0, 0, 0];
  levels.forEach((level, i) => {
    if (level < 0.1) return;
    const column = i % SIZE, line = (i - column) / SIZE;
    [left, right] = [Math.min(left, column), Math.max(right, column)];
    [top, bottom] = [Math.min(top, line), Math.max(bottom, line)];
    mass += level;
    x += level * (column + 0.5);
    y += level * (line + 0.5);
  });
  if (right < 0) return null;
  const extent = Math.max(right - left, bottom - top) + 1, box = side >= 20 ? BOX * side : side;
  return { scale: Math.min(box / extent, (MOST_ENLARGED * side) / SIZE), x: x / mass, y: y / mass };
}

/* Means over squares of the board, of which (x, y) comes to the middle: [side * side]. */
function shrink(levels, side, scale, x, y) {
  const sums = new Float64Array((SIZE + 1) ** 2);
  for (let line = 0; line < SIZE; line++)
    for (let column = 0, row = 0; column < SIZE; column++) {
      row += levels[line * SIZE + column];
      sums[(line + 1) * (SIZE + 1) + column + 1] = sums[line * (SIZE + 1) + column + 1] + row;
    }
  const edge = (at, middle) => Math.min(SIZE, Math.max(0, Math.round(middle + (at - side / 2) / scale)));
  return Float32Array.from({ length: side * side }, (_, i) => {
    const column = i % side, line = (i - column) / side;
    const [a, b, c, d] = [edge(column, x), edge(column + 1, x), edge(line, y), edge(line + 1, y)];
    const sum = sums[d * (SIZE + 1) + b] - sums[c * (SIZE + 1) + b] - sums[d * (SIZE + 1) + a] + sums[c * (SIZE + 1) + a];
    return Math.min(1, sum * scale * scale);
  });
}
