// Ties the parts of the page together.

import { Composer } from "./composer.js";
import { Sending } from "./sending.js";
import { Stream } from "./stream.js";
import { Talk } from "./talk.js";

const words = JSON.parse(document.body.dataset.words);
const statusLine = document.getElementById("status");
let line = "connecting";
let typing = false;

const talk = new Talk(words, {
  press(data, button) {
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

const sending = new Sending({
  pending(item, state) {
    talk.showPending(item, state);
    if (state === "failed") toast(navigator.onLine ? words.error_other : words.error_offline);
  },
  stored(item, { id, at }) {
    if (item.text) talk.confirm(item, id, at);
    if (!stream.isOpen) stream.open();
  },
  refused(item, error) {
    talk.dropPending(item.client_id);
    talk.setTyping(false);
    toast(words[`error_${error}`] ?? words.error_other);
    if (item.text) composer.giveBack(item.text);
  },
  slow: () => toast(words.error_slow),
});

const composer = new Composer(words, (text) => {
  talk.setTyping(line === "online");
  sending.say(text);
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
      composer.setKeys();
      return;
    }
    talk.show(row);
    if (row.body.reply) composer.setKeys(row.body.reply);
    else if (row.body.remove) composer.setKeys();
  },
  full: () => toast(words.full),
  state(state) {
    if (state === "online" && line !== "online") sending.hurry();
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
stream.open();
