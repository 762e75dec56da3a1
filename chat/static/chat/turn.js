// One turn on the page: the question and its answer as it grows. Its state is an attribute, and the
// style sheet shows what belongs to the state.

const BUSY = ["waiting", "speaking"];

export class Turn {
  constructor(element) {
    this.element = element;
    this.words = element.querySelector(".words");
    this.thought = element.querySelector(".thinking span");
    this.attempt = 0;
  }

  static fresh(id, question) {
    const copy = document.getElementById("turn-template").content.cloneNode(true);
    const turn = new Turn(copy.querySelector(".turn"));
    turn.element.dataset.ask = id;
    turn.element.querySelector(".asked").textContent = question;
    turn.wait();
    return turn;
  }

  get id() { return this.element.dataset.ask; }
  get question() { return this.element.querySelector(".asked").textContent; }
  get talk() { return this.element.closest(".talk"); }
  get busy() { return BUSY.includes(this.state); }
  get state() { return this.element.dataset.state; }
  set state(state) {
    this.element.dataset.state = state;
    this.element.setAttribute("aria-busy", this.busy);
  }

  wait() {
    this.think(document.getElementById("turn-template").content.querySelector(".thinking span").textContent);
    for (const part of [".notes", ".words", ".trouble", ".about"]) this.element.querySelector(part).replaceChildren();
    this.element.querySelector(".comment").hidden = true;
    this.element.dataset.code = "";
    this.state = "waiting";
  }

  // An answer that starts over, after a lost connection, starts from nothing.
  start({ turn_id }) {
    this.wait();
    this.element.dataset.turn = turn_id;
  }

  say(text) {
    if (this.state !== "speaking") {
      this.state = "speaking";
      this.words.replaceChildren(document.createTextNode(""));
    }
    this.words.firstChild.appendData(text);
  }

  think(text) {
    this.thought.textContent = text;
  }

  note(kind, text) {
    const line = document.createElement("li");
    line.className = kind;
    line.textContent = text;
    this.element.querySelector(".notes").append(line);
  }

  end(state, { html, about, turn_id }) {
    if (turn_id) this.element.dataset.turn = turn_id;
    if (html !== undefined) this.words.innerHTML = html; // sanitised by the server
    if (about) this.element.querySelector(".about").innerHTML = about;
    addCodeButtons(this.words);
    this.state = state;
  }

  fail({ message, html, code = "" }, state = "failed") {
    this.element.dataset.code = code;
    this.end(state, { html });
    this.element.querySelector(".trouble").textContent = message;
  }

  // The answer for someone who listens, once it is whole.
  get spoken() {
    return [this.words.innerText, this.element.querySelector(".trouble").textContent].filter(Boolean).join("\n");
  }
}

export function addCodeButtons(root) {
  const button = document.getElementById("code-copy-template").content;
  for (const code of root.querySelectorAll("pre:not(.block > pre)")) {
    const block = document.createElement("div");
    block.className = "block";
    code.replaceWith(block);
    code.tabIndex = 0; // so that a wide block can be scrolled with the keys
    block.append(button.cloneNode(true), code);
  }
}
