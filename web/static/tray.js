// What is chosen for the next message: thumbnails above the field, each removable. What is chosen survives a reload.

import { digits } from "./dates.js";
import { isSound, kindName, progress, sizeOf } from "./media.js";
import { element } from "./element.js";

export const most = 10;
const slot = "chosen";

export class Tray {
  // `on`: {changed(), many()}
  constructor(words, uploads, on) {
    this.words = words;
    this.uploads = uploads;
    this.on = on;
    this.node = document.getElementById("tray");
    this.clear();
  }

  clear() {
    this.files = [];
    this.place = this.contact = undefined;
  }

  get isEmpty() {
    return !this.files.length && !this.place && !this.contact;
  }

  async restore() {
    const ids = await this.uploads.restore(read());
    this.files = [...new Set([...ids.map((id) => this.uploads.files.get(id)), ...this.files])];
    this.show();
  }

  // Files from the picker, the clipboard or a drop.
  add(files, kind) {
    const room = most - this.files.length;
    const chosen = [...files];
    if (chosen.length > room) this.on.many();
    for (const file of chosen.slice(0, Math.max(0, room))) this.files.push(this.uploads.add(file, kind));
    this.show();
  }

  put(extra) {
    Object.assign(this, extra);
    this.show();
  }

  // What is chosen, for a message; then nothing is.
  take() {
    const taken = { files: this.files.map((file) => file.id), place: this.place, contact: this.contact };
    this.clear();
    this.show();
    return taken;
  }

  drop(file) {
    if (!this.files.includes(file)) return;
    this.files = this.files.filter((other) => other !== file);
    this.show();
  }

  // A file has changed: only what changes is drawn anew, so that nobody's focus is lost.
  update(file) {
    const old = this.node.querySelector(`[data-id="${file.id}"]`);
    if (!old || old.dataset.state === file.state) return;
    const hadFocus = old.contains(document.activeElement);
    const node = this.item(file);
    old.replaceWith(node);
    if (hadFocus) node.querySelector(".remove").focus();
  }

  show() {
    const items = this.files.map((file) => this.item(file));
    if (this.place) items.push(this.note("place", this.words.place));
    if (this.contact) items.push(this.note("contact", this.contact.name || this.contact.phone));
    this.node.replaceChildren(...items);
    this.node.hidden = !items.length;
    write(this.files.map((file) => file.id));
    this.on.changed();
  }

  item(file) {
    const node = element("li", "chosen");
    node.dataset.id = file.id;
    node.dataset.state = file.state;
    node.append(thumbnail(file, this.words));
    if (file.state !== "done") node.append(progress(file, this.words));
    if (file.state === "failed") {
      const again = node.appendChild(element("button", "again", "↻"));
      again.type = "button";
      again.setAttribute("aria-label", this.words.failed);
      again.addEventListener("click", () => this.uploads.retry([file.id]));
    }
    const number = digits(this.files.indexOf(file) + 1);
    node.append(this.remover(`${kindName(file, this.words)} ${number}`, () => {
      this.uploads.remove(file.id);
      this.drop(file);
    }));
    return node;
  }

  note(name, title) {
    const node = element("li", "chosen note");
    const card = node.appendChild(element("span", `card ${name}`));
    card.append(element("span", "icon"), element("bdi", "title", title));
    node.append(this.remover(title, () => this.put({ [name]: undefined })));
    return node;
  }

  remover(what, remove) {
    const button = element("button", "remove");
    button.type = "button";
    button.setAttribute("aria-label", `${this.words.remove}: ${what}`);
    button.addEventListener("click", () => {
      remove();
      (this.node.querySelector(".remove") ?? document.getElementById("attach")).focus();
    });
    return button;
  }
}

function thumbnail(file, words) {
  if (file.kind === "photo" && file.url) {
    const image = element("img");
    image.src = file.url;
    image.alt = words.photo;
    return image;
  }
  const card = element("span", `card ${isSound(file) ? "sound" : file.kind === "video" ? "video" : "file"}`);
  card.append(element("span", "icon"), element("bdi", "title", (file.kind !== "voice" && file.name) || kindName(file, words)));
  if (file.size) card.append(element("span", "detail", sizeOf(file.size, words)));
  return card;
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(slot) ?? "[]");
  } catch {
    return [];
  }
}

function write(ids) {
  try {
    sessionStorage.setItem(slot, JSON.stringify(ids));
  } catch {}
}
