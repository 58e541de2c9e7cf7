// Where the visitor writes: the field, the counter, the keyboard that the bot has put above it. What is attached: tray.js.

import { digits } from "./dates.js";
import { element } from "./element.js";
import { moveByArrows } from "./talk.js";

const longest = 4096;
const tellFrom = 400; // characters left

export class Composer {
  // `say({text, files, place, contact})`; `locate()` finds out where the visitor is
  constructor(words, tray, { say, locate }) {
    this.words = words;
    this.tray = tray;
    this.say = say;
    this.locate = locate;
    for (const id of ["composer", "text", "send", "counter", "keys"]) this[id] = document.getElementById(id);
    this.toggle = document.getElementById("toggle-keys");
    this.composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("keydown", (event) => this.typed(event));
    this.toggle.addEventListener("click", () => this.showKeys(this.keys.hidden));
    this.keys.addEventListener("keydown", moveByArrows);
    // Escape leads back to the field from wherever one is.
    addEventListener("keydown", (event) => event.key === "Escape" && this.text.focus());
    this.changed();
    if (hasRealKeyboard()) this.text.focus();
  }

  // rows of labels, or {place: label} for the key that asks where the visitor is; none takes the keyboard away
  setKeys(rows) {
    this.keys.replaceChildren();
    for (const row of rows ?? []) {
      const line = this.keys.appendChild(element("div", "row"));
      for (const key of row) {
        const button = line.appendChild(element("button", "key", key.place ?? key));
        button.type = "button";
        button.addEventListener("click", () => (key.place ? this.locate() : this.say({ text: key })));
      }
    }
    this.toggle.hidden = !rows;
    this.showKeys(Boolean(rows));
  }

  showKeys(shown) {
    this.keys.hidden = !shown;
    this.toggle.setAttribute("aria-expanded", String(shown));
    this.toggle.setAttribute("aria-label", shown ? this.words.keyboard_hide : this.words.keyboard_show);
  }

  typed(event) {
    const isEnter = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (!isEnter || !hasRealKeyboard()) return;
    event.preventDefault();
    this.submit();
  }

  submit() {
    const text = this.text.value.trim();
    if (!(text || !this.tray.isEmpty) || [...text].length > longest) return;
    this.text.value = "";
    this.text.focus();
    this.say({ text, ...this.tray.take() });
    this.changed();
  }

  // What could not be sent comes back, to be mended.
  giveBack(text) {
    if (!this.text.value) this.text.value = text;
    this.changed();
  }

  changed() {
    const { value } = this.text;
    this.text.dir = value ? "auto" : "rtl";
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
    const left = longest - [...value.trim()].length;
    this.send.disabled = !(value.trim() || !this.tray.isEmpty) || left < 0;
    this.counter.hidden = left > tellFrom;
    this.counter.classList.toggle("over", left < 0);
    this.counter.replaceChildren(left < 0 ? `${digits(-left)}−` : digits(left), element("span", "hidden", this.words.counter));
  }
}

// On a phone, Enter is for new lines: there is a button to send.
export const hasRealKeyboard = () => matchMedia("(hover: hover) and (pointer: fine)").matches;
