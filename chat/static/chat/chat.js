// The chat page. What the server has drawn works as it is; this makes it live.

import { Line, kept } from "./line.js";
import { Side } from "./side.js";
import { Turn, addCodeButtons } from "./turn.js";

const $ = (id) => document.getElementById(id);
const house = $("house"), scroll = $("scroll"), composer = $("composer"), message = $("message");
const texts = JSON.parse($("texts").textContent);
const home = new URL(house.dataset.home, location.href);
const limit = Number(house.dataset.limit);
const turns = new Map(); // by the id of the ask
const kept_talks = new Map(); // conversations with an answer on its way, by address, while another is shown

const talk = () => $("talk");
const inTalk = (element = talk()) => [...turns.values()].filter((turn) => turn.talk === element);
const running = () => inTalk().find((turn) => turn.busy);

// ---- Small services ---------------------------------------------------------------------------

async function fetchJson(method, path, body) {
  const response = await fetch(new URL(`api/${path}`, home), {
    method,
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
    body: body && JSON.stringify(body),
  }).catch(() => null);
  if (response?.ok) return true;
  const told = await response?.json().catch(() => null);
  toast(told?.error?.message ?? texts.unreachable);
  return false;
}

const csrf = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

let toastTimer;
function toast(text, undo) {
  const [words, button] = $("toast").children;
  clearTimeout(toastTimer);
  words.textContent = text;
  button.hidden = !undo;
  button.onclick = () => ($("toast").hidden = true, undo());
  $("toast").hidden = false;
  toastTimer = setTimeout(() => ($("toast").hidden = true), undo ? 13000 : 5000);
}

const announce = (text) => ($("announcer").textContent = text);

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no clipboard for pages without https
    const area = document.body.appendChild(document.createElement("textarea"));
    area.value = text;
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.classList.add("told");
  setTimeout(() => button.classList.remove("told"), 1618);
  toast(texts.copied);
}

// ---- Staying at the end, only for those who are there -------------------------------------------

let atEnd = true;
const toEnd = () => (scroll.scrollTop = talk().querySelector(".turn") ? scroll.scrollHeight : 0);
scroll.addEventListener("scroll", () => {
  atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 55;
  $("to-bottom").hidden = atEnd;
}, { passive: true });
const follow = () => atEnd ? toEnd() : ($("to-bottom").hidden = false);
new ResizeObserver(() => atEnd && toEnd()).observe(scroll);
scroll.addEventListener("toggle", ({ target }) => target.open && target.scrollIntoView({ block: "nearest" }), true);

// ---- The line ---------------------------------------------------------------------------------------

const side = new Side({ house, fetchJson, texts, toast, left: () => go(home) });

let wasLost = false;
function connected(up, code) {
  if (code === 4401) return signIn();
  if (!up && document.hidden && !wasLost) return;
  $("connection").hidden = up;
  $("connection").textContent = up ? "" : texts.lost;
  if (up && wasLost) {
    announce(texts.back);
    side.refresh();
  }
  wasLost = !up;
}

function hear(event) {
  if (event.type === "conversations_changed") return void side.refresh();
  const turn = turns.get(event.id);
  if (!turn) return void (event.type === "failed" && toast(event.message));
  switch (event.type) {
    case "started":
      line.acknowledge(event.id);
      settle_in(turn, event.conversation_id);
      turn.start(event);
      break;
    case "token":
      turn.say(event.text);
      break;
    case "noted":
      if (event.code === "waiting") turn.think(event.text);
      else turn.note("noted", event.text);
      if (turn.talk === talk()) announce(event.text);
      break;
    case "tool_called":
      break; // told with its result
    case "tool_returned":
      if (event.told) turn.note(event.ok ? "tool" : "tool bad", event.told);
      break;
    case "done":
      ended(turn, () => turn.end("complete", event));
      break;
    case "stopped":
      ended(turn, () => turn.fail({ message: texts.stopped, html: event.html }, "stopped"));
      break;
    case "failed":
      if (event.code === "not_signed_in") return signIn();
      if (event.code === "turn_in_flight" && line.again(event.id, turn.attempt++)) return;
      settle_in(turn, event.conversation_id);
      ended(turn, () => turn.fail({ ...event, message: explained(event) }));
  }
  if (turn.talk === talk()) follow();
}

function explained({ message, retry_after_s: wait }) {
  // Nobody counts seconds until midnight.
  return wait && wait < 144 ? `${message} ${texts.retry_after.replace("{n}", Math.ceil(wait))}` : message;
}

function ended(turn, show) {
  line.settle(turn.id);
  show();
  const { conversation } = turn.talk.dataset;
  side.busy.delete(conversation);
  side.mark();
  side.refresh();
  if (turn.talk === talk()) announce(turn.spoken);
  else for (const [address, kept] of kept_talks) if (kept === turn.talk) kept_talks.delete(address);
  ready();
}

// A new conversation has got its address.
function settle_in(turn, id) {
  const section = turn.talk;
  if (!id || section.dataset.conversation === id) return;
  const draft = message.value;
  section.dataset.conversation = id;
  section.querySelector("#talk-title").textContent = turn.question.slice(0, 60);
  side.busy.add(id);
  if (section === talk()) {
    history.replaceState(null, "", address(id));
    document.title = `${turn.question.slice(0, 60)} – Alice`;
    localStorage.removeItem(draftKey(""));
    if (draft) localStorage.setItem(draftKey(), draft);
    side.mark(id);
  } else kept_talks.set(address(id), section);
  side.refresh();
}

const address = (id) => new URL(`c/${id}/`, home).pathname;
const line = new Line(new URL("ws/chat/", home).pathname, { hear, connected });

// ---- Asking ----------------------------------------------------------------------------------------

function ask(question) {
  const section = talk();
  const turn = Turn.fresh(crypto.randomUUID?.() ?? uuid(), question);
  section.querySelector(".welcome")?.remove();
  section.querySelector(".turns").append(turn.element);
  send(turn);
  toEnd();
}

function send(turn) {
  const conversation = turn.talk.dataset.conversation;
  turns.set(turn.id, turn);
  if (conversation) side.busy.add(conversation);
  side.mark();
  line.ask({
    id: turn.id,
    text: turn.question,
    conversation_id: conversation || null,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  ready();
}

function retry(element) {
  if (running()) return;
  const turn = new Turn(element);
  if (!turn.id) return ask(turn.question);
  turn.wait();
  send(turn);
  message.focus();
}

function stop(turn = running()) {
  if (turn && !line.stop(turn.id)) ended(turn, () => turn.fail({ message: texts.stopped }, "stopped"));
}

// crypto.randomUUID needs https; random bytes do not.
function uuid() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

// ---- The composer --------------------------------------------------------------------------------

const CARRIED = "alice.carried"; // a guest's draft on its way to whom the guest signs in as
const draftKey = (id = talk().dataset.conversation) => `alice.draft.${house.dataset.person}.${id || "new"}`;

// Show what can be done right now.
function ready() {
  const length = [...message.value].length, left = limit - length, busy = Boolean(running());
  const [sends, stops] = composer.querySelectorAll(".send");
  const stopHadFocus = document.activeElement === stops;
  sends.hidden = busy;
  stops.hidden = !busy;
  if (stopHadFocus && !busy) message.focus();
  sends.disabled = !message.value.trim() || left < 0;
  $("count").textContent = left < 0 ? texts.too_long.replace("{n}", -left) : left < limit / 8 ? texts.left.replace("{n}", left) : "";
  $("count").classList.toggle("near", left < limit / 34);
  if (!CSS.supports("field-sizing", "content")) {
    message.style.height = "auto";
    message.style.height = `${message.scrollHeight}px`;
  }
}

message.addEventListener("input", () => {
  localStorage.setItem(draftKey(), message.value);
  ready();
});
message.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});
composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = message.value.trim();
  if (!question || [...question].length > limit || running()) return;
  message.value = "";
  localStorage.removeItem(draftKey());
  ask(question);
});

// Who has been signed out finds in the message box what was not taken, and comes back to the same
// conversation. A guest comes back as somebody else, to whom it is closed.
function signIn() {
  const guest = house.dataset.person.startsWith("guest:");
  for (const { id, text, conversation_id } of kept()) {
    const key = draftKey(conversation_id ?? ""), draft = localStorage.getItem(key);
    localStorage.setItem(key, [text, draft].filter(Boolean).join("\n\n"));
    line.settle(id);
  }
  if (guest && localStorage.getItem(draftKey())) sessionStorage.setItem(CARRIED, localStorage.getItem(draftKey()));
  const login = new URL("login/", home);
  login.searchParams.set("next", guest ? home.pathname : location.pathname);
  location.assign(login);
}

// ---- Going from one conversation to another, the line kept ------------------------------------------

let journey = 0;
async function go(to, { push = true } = {}) {
  const { pathname } = new URL(to, location.href);
  const mine = ++journey;
  message.disabled = true; // what is written now would end up in the wrong conversation
  const kept = kept_talks.get(pathname);
  const [next, title] = kept ? [kept, kept.querySelector("#talk-title").textContent] : await fetchTalk(pathname);
  if (mine !== journey) return;
  message.disabled = false;
  if (!next) return;
  const previous = talk();
  if (inTalk(previous).some((turn) => turn.busy)) {
    if (previous.dataset.conversation) kept_talks.set(address(previous.dataset.conversation), previous);
  } else for (const turn of inTalk(previous)) turns.delete(turn.id);
  kept_talks.delete(pathname);
  side.close();
  previous.replaceWith(next);
  if (push) history.pushState(null, "", pathname);
  arrive(title);
}

async function fetchTalk(pathname) {
  const response = await fetch(pathname).catch(() => null);
  if (!response) return [toast(texts.unreachable)];
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const next = page.getElementById("talk");
  if (!response.ok || !next) return [location.assign(pathname)];
  return [document.adoptNode(next), page.title];
}

function arrive(title) {
  if (title) document.title = title;
  addCodeButtons(talk());
  side.mark(talk().dataset.conversation);
  message.value = localStorage.getItem(draftKey()) ?? "";
  atEnd = true;
  toEnd();
  $("to-bottom").hidden = true;
  if (!matchMedia("(pointer: coarse)").matches) message.focus();
  ready();
}

addEventListener("popstate", () => go(location.href, { push: false }));

// ---- Everything that can be pressed -------------------------------------------------------------------

const deeds = {
  "open-side": () => side.open(),
  "close-side": () => side.close(),
  "to-bottom": () => (atEnd = true, toEnd(), message.focus()),
  stop: () => stop(),
  example: (button) => ask(button.lastChild.textContent.trim()),
  retry: (button) => retry(button.closest(".turn")),
  copy: (button) => copy(button.closest(".turn").querySelector(".words").innerText, button),
  "copy-code": (button) => copy(button.nextElementSibling.textContent, button),
  rename: (button) => side.rename(button.closest(".conversation")),
  delete: (button) => side.delete(button.closest(".conversation")),
  thumb: (button) => thumb(button),
  "no-comment": (button) => (button.form.hidden = true),
  theme: () => {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const { dataset } = document.documentElement;
    dataset.theme = (dataset.theme || dark) === "dark" ? "light" : "dark";
    localStorage.setItem("alice.theme", dataset.theme);
  },
};

async function thumb(button) {
  const turn = button.closest(".turn"), form = turn.querySelector(".comment");
  const comment = form.elements.comment.defaultValue; // the one that was sent; a new thumb keeps it
  if (!await fetchJson("POST", "feedback", { turn_id: turn.dataset.turn, thumb: button.value, comment })) return;
  for (const other of turn.querySelectorAll(".thumb")) other.setAttribute("aria-pressed", other === button);
  form.hidden = false;
  form.elements.comment.focus({ preventScroll: false });
  follow();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) return deeds[button.dataset.do](button);
  const link = event.target.closest("a[data-go], a.mark");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  go(link.href);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.action.endsWith("/logout/")) clearDrafts();
  if (!form.classList.contains("comment")) return;
  event.preventDefault();
  const turn = form.closest(".turn");
  const thumb = turn.querySelector(".thumb[aria-pressed=true]")?.value;
  const comment = form.elements.comment.value.trim();
  if (!await fetchJson("POST", "feedback", { turn_id: turn.dataset.turn, thumb, comment })) return;
  form.elements.comment.defaultValue = comment;
  form.hidden = true;
  toast(texts.thanks);
});

document.addEventListener("keydown", (event) => {
  const chord = event.ctrlKey || event.metaKey;
  if (event.key === "Escape") {
    if (side.close()) return;
    const unfolded = event.target.closest?.(".conversation details[open]");
    if (unfolded) unfolded.open = false, unfolded.firstElementChild.focus();
    else stop();
  } else if (chord && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (matchMedia("(max-width: 48rem)").matches) side.open();
    $("search").focus();
  } else if (chord && event.shiftKey && event.key.toLowerCase() === "o") {
    event.preventDefault();
    go(home);
  }
});

function clearDrafts() {
  for (const key of Object.keys(localStorage)) if (key.startsWith("alice.draft.")) localStorage.removeItem(key);
  sessionStorage.clear();
}

// ---- Begin --------------------------------------------------------------------------------------------

// Asks that a reload or a crash came between: the server has not acknowledged them.
for (const unsent of kept()) {
  if (document.querySelector(`[data-ask="${CSS.escape(unsent.id)}"]`)) {
    line.acknowledge(unsent.id);
    continue;
  }
  if ((unsent.conversation_id ?? "") !== talk().dataset.conversation) continue;
  const turn = Turn.fresh(unsent.id, unsent.text);
  talk().querySelector(".welcome")?.remove();
  talk().querySelector(".turns").append(turn.element);
  send(turn);
}
if (sessionStorage.getItem(CARRIED) && !localStorage.getItem(draftKey())) localStorage.setItem(draftKey(), sessionStorage.getItem(CARRIED));
sessionStorage.removeItem(CARRIED);
if (message.value) localStorage.setItem(draftKey(), message.value); // written before this was here
arrive();
