// The line to Alice: one WebSocket that comes back by itself, and the asks that are not settled.
//
// An ask keeps its id until its answer is whole. After a lost connection it is sent again under the
// same id, and the server sees to it that nothing is said or saved twice.

const DELAYS_S = [1, 2, 3, 5, 8, 13];
const KEPT = "alice.unsent"; // asks that the server has not acknowledged; survive a reload

export class Line {
  constructor(path, { hear, connected }) {
    this.address = new URL(path, location.href.replace(/^http/, "ws"));
    this.hear = hear;
    this.connected = connected;
    this.pending = new Map();
    this.failures = 0;
    for (const event of ["online", "pageshow"]) addEventListener(event, () => this.hurry());
    this.open();
  }

  open() {
    clearTimeout(this.timer);
    const socket = (this.socket = new WebSocket(this.address));
    socket.onopen = () => {
      this.failures = 0;
      this.connected(true);
      for (const ask of this.pending.values()) this.send({ type: "ask", ...ask });
    };
    socket.onmessage = ({ data }) => this.hear(JSON.parse(data));
    socket.onclose = ({ code }) => {
      if (socket !== this.socket) return;
      const delay = DELAYS_S[Math.min(this.failures++, DELAYS_S.length - 1)];
      this.connected(false, code);
      this.timer = setTimeout(() => this.open(), delay * 1000);
    };
  }

  hurry() {
    if (this.socket.readyState === WebSocket.CLOSED) this.open();
  }

  send(frame) {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  ask(ask) {
    this.pending.set(ask.id, ask);
    keep([...kept().filter(({ id }) => id !== ask.id), ask]);
    this.send({ type: "ask", ...ask });
    this.hurry();
  }

  // The server has saved the question.
  acknowledge(id) {
    keep(kept().filter((ask) => ask.id !== id));
  }

  settle(id) {
    this.acknowledge(id);
    this.pending.delete(id);
  }

  stop(id) {
    return this.send({ type: "stop", id });
  }

  // Ask once more after a pause: the same question is still being answered elsewhere.
  again(id, attempt) {
    const ask = this.pending.get(id);
    if (!ask || attempt >= DELAYS_S.length) return false;
    setTimeout(() => this.pending.has(id) && this.send({ type: "ask", ...ask }), DELAYS_S[attempt] * 1000);
    return true;
  }
}

export function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? [];
  } catch {
    return [];
  }
}

function keep(asks) {
  sessionStorage.setItem(KEPT, JSON.stringify(asks));
}
