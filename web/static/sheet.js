// The ways to attach something: the sheet behind the paper clip, paste, and drop.

import { hasRealKeyboard } from "./composer.js";
import { canRecord, Voice } from "./voice.js";

const patience = 20_000; // for the place
const phone = /^\+?[\d ()-]{5,20}$/;

export class Sheet {
  // `on`: {files(list, kind), place({lat, lon}), contact({phone, name}), say(word, duration)}
  constructor(words, on) {
    this.words = words;
    this.on = on;
    for (const id of ["attach", "sheet", "contact", "phone", "name", "drop", "text"]) this[id] = document.getElementById(id);
    this.voice = new Voice({ done: (file) => this.recorded(file), failed: () => this.instead("no_microphone") });
    this.attach.addEventListener("click", () => this.open(this.sheet.hidden && this.contact.hidden));
    for (const button of this.sheet.querySelectorAll("button")) button.addEventListener("click", () => this.chose(button.dataset.choice));
    // Without a camera in the hand it would be the file picker once more.
    this.sheet.querySelector("[data-choice=camera]").hidden = !matchMedia("(pointer: coarse)").matches;
    for (const input of document.querySelectorAll("input[type=file]")) input.addEventListener("change", () => this.picked(input));
    this.contact.addEventListener("submit", (event) => this.named(event));
    addEventListener("keydown", (event) => event.key === "Escape" && this.open(false));
    document.addEventListener("pointerdown", (event) => event.target.closest("footer") || this.open(false));
    this.listenForDrops();
    document.addEventListener("paste", (event) => this.pasted(event));
  }

  open(shown) {
    this.contact.hidden = true;
    this.sheet.hidden = !shown;
    this.attach.setAttribute("aria-expanded", String(shown));
    if (shown) this.sheet.querySelector("button:not([hidden])").focus();
  }

  chose(choice) {
    this.open(false);
    this.attach.focus();
    if (choice === "place") this.locate();
    else if (choice === "contact") this.askContact();
    else if (choice === "voice" && canRecord()) this.voice.start();
    else document.getElementById(`pick-${choice}`).click();
  }

  picked(input) {
    this.on.files(input.files, input.id === "pick-voice" ? "voice" : "");
    input.value = ""; // the same file may be chosen again
    this.back();
  }

  recorded(file) {
    this.on.files([file], "voice");
    document.getElementById("send").focus();
  }

  // -- place

  locate(found = this.on.place) {
    if (!isSecureContext || !navigator.geolocation) return this.instead("place_in_words");
    this.on.say(this.words.locating, patience);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.on.say("");
        found({ lat: coords.latitude, lon: coords.longitude });
        this.back();
      },
      () => this.instead("place_in_words"),
      { enableHighAccuracy: true, timeout: patience, maximumAge: 60_000 },
    );
  }

  // It cannot be had: words will do as well.
  instead(word) {
    this.on.say(this.words[word], 9000);
    this.text.focus();
  }

  // -- phone number

  askContact() {
    this.contact.hidden = false;
    this.attach.setAttribute("aria-expanded", "true");
    this.phone.focus();
  }

  named(event) {
    event.preventDefault();
    const number = latin(this.phone.value.trim());
    if (!phone.test(number)) {
      this.on.say(this.words.error_phone);
      this.phone.focus();
      return;
    }
    this.on.contact({ phone: number, name: this.name.value.trim() });
    this.contact.reset();
    this.open(false);
    this.back();
  }

  // Where one writes, unless that brings up a keyboard over half of the screen.
  back() {
    if (hasRealKeyboard()) this.text.focus();
  }

  // -- paste and drop

  pasted(event) {
    const files = event.clipboardData?.files;
    // A word processor puts a picture of the words beside them: then it is the words that are meant.
    if (!files?.length || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    this.on.files(files);
    this.text.focus();
  }

  listenForDrops() {
    let inside = 0; // elements under the pointer that were entered and not left
    const show = (shown) => (this.drop.hidden = !shown);
    const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    addEventListener("dragenter", (event) => holdsFiles(event) && show((inside += 1)));
    addEventListener("dragleave", (event) => holdsFiles(event) && show((inside = Math.max(0, inside - 1))));
    addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
    addEventListener("drop", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      show((inside = 0));
      this.on.files(event.dataTransfer.files);
      this.text.focus();
    });
  }
}

const latin = (text) => text.replace(/[۰-۹٠-٩]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩".indexOf(digit) % 10);
