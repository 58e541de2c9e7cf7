// Ties the parts of the page together.

import { Composer } from "./composer.js";
import { digits } from "./dates.js";
import { showProgress } from "./media.js";
import { Sending } from "./sending.js";
import { Sheet } from "./sheet.js";
import { Stream } from "./stream.js";
import { Talk } from "./talk.js";
import { most, Tray } from "./tray.js";
import { Uploads } from "./uploads.js";
import { unview } from "./viewer.js";

const words = JSON.parse(document.body.dataset.words);
const mostBytes = Number(document.body.dataset.mostBytes);
const statusLine = document.getElementById("status");
let line = "connecting";
let typing = false;

const talk = new Talk(words, {
  press(data, button) {
    if (button.getAttribute("aria-busy") === "true") return; // the second tap of a double one
    const message = button.closest(".message");
    button.setAttribute("aria-busy", "true");
    setTimeout(() => button.removeAttribute("aria-busy"), 4000);
    talk.setTyping(line === "online");
    sending.press(data, Number(message.dataset.id));
  },
  retry: (client) => sending.retry(client),
  async older(before) {
    try {
      const response = await fetch(`/api/history?before=${before}`);
      talk.prepend(await response.json());
    } catch {
      talk.more = true; // the next scroll tries again
    }
  },
});

const uploads = new Uploads(
  {
    changed(file) {
      showProgress(file);
      tray.update(file);
      sending.fileChanged(file);
    },
    refused(file, error) {
      toast(filled(words[`error_${error === "empty" ? "hollow" : error}`] ?? words.error_other, Math.floor(mostBytes / 2 ** 20)));
      tray.drop(file);
      sending.fileRefused(file);
    },
    slow: () => toast(words.error_slow),
  },
  mostBytes,
);

const tray = new Tray(words, uploads, {
  changed: () => composer.changed(),
  many: () => toast(filled(words.error_many, most)),
});

const filled = (text, number) => text.replace("{most}", digits(number));

// What a message on its way holds, for showing: its files from the page's own memory.
function bodyOf({ text, files = [], place, contact }) {
  const shown = files.map((id) => uploads.files.get(id)).filter(Boolean);
  return { text, place, contact, files: shown.map((file) => ({ ...file, key: file.info?.key })) };
}

const sending = new Sending(uploads, {
  pending(item, state) {
    talk.showPending(item, bodyOf(item), state);
    if (state === "failed") toast(navigator.onLine ? words.error_other : words.error_offline);
  },
  stored(item, { id, at }) {
    if (item.at) talk.confirm(item, bodyOf(item), id, at);
    uploads.release(item.files ?? []);
    if (!stream.isOpen) stream.open();
  },
  refused(item, error) {
    talk.dropPending(item.client_id);
    talk.setTyping(false);
    if (error) toast(words[`error_${error}`] ?? words.error_other);
    uploads.release(item.files ?? []);
    if (item.text) composer.giveBack(item.text);
  },
  slow: () => toast(words.error_slow),
});

const composer = new Composer(words, tray, {
  say(said) {
    talk.setTyping(line === "online");
    sending.say(said);
  },
  // Asked for by the bot: it goes at once, as on a messenger.
  locate: () => sheet.locate((place) => composer.say({ place })),
});

const sheet = new Sheet(words, {
  files: (list, kind) => tray.add(list, kind),
  place: (place) => tray.put({ place }),
  contact: (contact) => tray.put({ contact }),
  say: toast,
});

const stream = new Stream({
  history(data) {
    talk.replace(data);
    composer.setKeys(lastKeys(data.messages));
    if (data.messages.length) return;
    talk.setTyping(true);
    sending.hello();
  },
  message(row) {
    if (row.kind === "notice") return notice(row.body);
    if (row.kind === "gone") return talk.remove(row.id);
    if (row.kind === "clear") {
      talk.clear();
      sending.clear();
      tray.clear();
      tray.show();
      uploads.clear();
      unview();
      composer.setKeys();
      return;
    }
    talk.show(row);
    if (row.body.reply) composer.setKeys(row.body.reply);
    else if (row.body.remove) composer.setKeys();
  },
  full: () => toast(words.full),
  state(state) {
    if (state === "online" && line !== "online") {
      uploads.hurry();
      sending.hurry();
    }
    if (state === "offline") talk.setTyping(false);
    line = state;
    showStatus();
  },
});

talk.onTyping = (on) => {
  typing = on;
  showStatus();
};

function showStatus() {
  const state = line === "online" && typing ? "typing" : line;
  if (statusLine.dataset.state === state) return;
  statusLine.dataset.state = state;
  statusLine.textContent = words[state];
}

// The keyboard that stands after these messages.
function lastKeys(messages) {
  return [...messages].reverse().find((row) => row.body.reply || row.body.remove)?.body.reply;
}

function notice({ text, alert }) {
  talk.setTyping(false);
  toast(text, alert ? 9000 : 4500);
}

let toastTimer;
function toast(text, shownFor = 6000) {
  const node = document.getElementById("toast");
  node.textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (node.textContent = ""), shownFor);
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const themeButton = document.getElementById("theme");
const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
function themeChanged() {
  themeButton.setAttribute("aria-label", isDark() ? words.theme_light : words.theme_dark);
  const bar = getComputedStyle(document.querySelector("header")).backgroundColor;
  document.querySelector("meta[name=theme-color]").content = bar;
}
themeButton.addEventListener("click", () => {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("theme", theme);
  themeChanged();
});
dark.addEventListener("change", themeChanged);
themeChanged();

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  talk.renameDays();
  talk.scrolled();
});

sending.restore();
tray.restore();
stream.open();
