/* Many points that glide from where they were to where they are: by WebGL on a canvas that nobody
   sees, copied to the one on the page; else drawn there one by one.
   view: { scale, x, y } puts map coordinates on the canvas, in pixels of the screen. */

const VERTEX = `
attribute vec2 from; attribute vec2 to; attribute vec4 tint;
uniform float share; uniform float size; uniform vec3 view; uniform vec2 half_screen;
varying vec4 colour;
void main() {
  vec2 pixels = mix(from, to, share) * view.x * vec2(1.0, -1.0) + view.yz;
  gl_Position = vec4((pixels / half_screen - 1.0) * vec2(1.0, -1.0), 0.0, 1.0);
  gl_PointSize = size;
  colour = tint;
}`;
const FRAGMENT = `
precision mediump float; varying vec4 colour;
void main() {
  float edge = length(gl_PointCoord - 0.5);
  if (edge > 0.5) discard;
  gl_FragColor = vec4(colour.rgb * colour.a, colour.a);
}`;

class Cloud {
  constructor(canvas) {
    Object.assign(this, { canvas, from: new Float32Array(), to: new Float32Array(), tints: new Uint8Array() });
    this.flat = canvas.getContext('2d');
    this.hidden = document.createElement('canvas');
    this.gl = this.hidden.getContext('webgl', { antialias: true, preserveDrawingBuffer: true });
    if (this.gl && !this.compile()) this.gl = null;
    this.hidden.addEventListener('webglcontextlost', (event) => event.preventDefault());
    this.hidden.addEventListener('webglcontextrestored', () => {
      this.compile();
      for (const [name, values] of Object.entries({ from: this.from, to: this.to, tint: this.tints })) this.upload(name, values);
    });
  }

  compile() {
    const { gl } = this, program = gl.createProgram();
    for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return false;
    gl.useProgram(program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.places = Object.fromEntries(
      ['share', 'size', 'view', 'half_screen'].map((name) => [name, gl.getUniformLocation(program, name)]));
    this.buffers = {};
    for (const [name, count, type] of [['from', 2, gl.FLOAT], ['to', 2, gl.FLOAT], ['tint', 4, gl.UNSIGNED_BYTE]]) {
      const at = gl.getAttribLocation(program, name);
      gl.bindBuffer(gl.ARRAY_BUFFER, (this.buffers[name] = gl.createBuffer()));
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, count, type, type === gl.UNSIGNED_BYTE, 0, 0);
    }
    return true;
  }

  upload(name, values) {
    if (!this.gl) return;
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.buffers[name]);
    this.gl.bufferData(this.gl.ARRAY_BUFFER, values, this.gl.DYNAMIC_DRAW);
  }

  /* positions: Float32Array [2 N]; from where they stand now, if they are as many. */
  move(positions, share) {
    this.from = this.to.length === positions.length ? this.at(share) : positions;
    this.to = positions;
    this.upload('from', this.from);
    this.upload('to', this.to);
  }

  /* Where all points stand on their way, [2 N]. */
  at(share) {
    return share >= 1 ? this.to : this.to.map((value, i) => this.from[i] + share * (value - this.from[i]));
  }

  /* tints: Uint8Array [4 N]: red, green, blue, opacity. */
  paint(tints) {
    this.tints = tints;
    this.upload('tint', tints);
  }

  draw(view, share, size) {
    const { canvas, gl } = this, ratio = canvas.width / Math.max(canvas.clientWidth, 1);
    const count = Math.min(this.to.length / 2, this.tints.length / 4);
    this.flat.setTransform(1, 0, 0, 1, 0, 0);
    this.flat.clearRect(0, 0, canvas.width, canvas.height);
    if (!gl || gl.isContextLost()) return this.drawFlat(view, share, size, ratio, count);
    for (const side of ['width', 'height']) if (this.hidden[side] !== canvas[side]) this.hidden[side] = canvas[side];
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!count) return;
    gl.uniform1f(this.places.share, Math.min(1, share));
    gl.uniform1f(this.places.size, size * ratio);
    gl.uniform3f(this.places.view, view.scale * ratio, view.x * ratio, view.y * ratio);
    gl.uniform2f(this.places.half_screen, canvas.width / 2, canvas.height / 2);
    gl.drawArrays(gl.POINTS, 0, count);
    this.flat.drawImage(this.hidden, 0, 0);
  }

  drawFlat(view, share, size, ratio, count) {
    const { flat } = this, places = this.at(share);
    flat.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (let i = 0; i < count; i++) {
      const [red, green, blue, opacity] = this.tints.subarray(4 * i, 4 * i + 4);
      flat.fillStyle = `rgba(${red},${green},${blue},${opacity / 255})`;
      flat.fillRect(places[2 * i] * view.scale + view.x - size / 2, view.y - places[2 * i + 1] * view.scale - size / 2, size, size);
    }
  }
}
