// The list of conversations: search, rename, delete and undo. The server draws the list.

export class Side {
  constructor({ house, fetchJson, texts, toast, left }) {
    Object.assign(this, { house, fetchJson, texts, toast, left });
    this.list = document.getElementById("list");
    this.search = document.getElementById("search");
    this.search.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.refresh(), 162);
    });
    this.search.form.addEventListener("submit", (event) => (event.preventDefault(), this.refresh()));
    this.busy = new Set();
    this.current = "";
    this.asked = 0;
  }

  // Ask for the list as it is now; the last one asked for wins.
  async refresh() {
    const mine = ++this.asked;
    const query = new URLSearchParams({ q: this.search.value.trim() });
    const response = await fetch(`${this.house.dataset.list}?${query}`).catch(() => null);
    if (!response?.ok || mine !== this.asked || this.list.querySelector(".rename")) return;
    const focused = document.activeElement?.closest?.(".conversation")?.dataset.conversation;
    const unfolded = this.list.querySelector("details[open]")?.closest(".conversation").dataset.conversation;
    this.list.innerHTML = await response.text();
    const row = (id) => id && this.list.querySelector(`[data-conversation="${id}"]`);
    if (row(unfolded)) row(unfolded).querySelector("details").open = true;
    if (row(focused)) row(focused).querySelector("a").focus();
    this.mark();
  }

  // Show which conversation is open and in which an answer is on its way.
  mark(current = this.current) {
    this.current = current;
    for (const row of this.list.querySelectorAll(".conversation")) {
      const id = row.dataset.conversation;
      row.classList.toggle("busy", this.busy.has(id));
      const link = row.querySelector(".title");
      if (id === current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  rename(row) {
    const link = row.querySelector(".title");
    const form = document.getElementById("rename-template").content.cloneNode(true).firstElementChild;
    const input = form.querySelector("input");
    input.value = link.textContent;
    const close = () => {
      form.replaceWith(link);
      link.focus();
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const title = input.value.trim();
      const { dataset } = row;
      if (title && await this.fetchJson("PATCH", `conversations/${dataset.conversation}`, { title })) {
        link.textContent = title;
        if (dataset.conversation === this.current) {
          document.getElementById("talk-title").textContent = title;
          document.title = `${title} – Alice`;
        }
      }
      close();
      this.refresh();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close();
    });
    row.querySelector("details").open = false;
    link.replaceWith(form);
    input.select();
  }

  async delete(row) {
    const id = row.dataset.conversation;
    if (!await this.fetchJson("DELETE", `conversations/${id}`)) return;
    const wasOpen = id === this.current;
    row.remove();
    if (wasOpen) this.left();
    this.refresh();
    this.toast(this.texts.deleted, async () => {
      if (await this.fetchJson("POST", `conversations/${id}/restore`)) await this.refresh();
    });
  }

  open() {
    this.house.classList.add("side-open");
    this.house.querySelector(".room").inert = true;
    this.house.querySelector("[data-do=open-side]").setAttribute("aria-expanded", "true");
    this.house.querySelector(".side [data-do=close-side]").focus();
  }

  close() {
    if (!this.house.classList.contains("side-open")) return false;
    this.house.classList.remove("side-open");
    this.house.querySelector(".room").inert = false;
    const opener = this.house.querySelector("[data-do=open-side]");
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
    return true;
  }
}
