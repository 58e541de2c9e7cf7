// The talk: messages in order, under their days; what is being sent; where the visitor has scrolled to.

import { dayName, dayOf, digits } from "./dates.js";
import { element } from "./element.js";
import { messageNode } from "./message.js";

const near = 90;
const scrolling = 600; // so long a smooth scroll takes at most
const lively = matchMedia("(prefers-reduced-motion: no-preference)");
const typingDelay = 350;
const typingLongest = 30_000;

export class Talk {
  constructor(words, { press, retry, older }) {
    this.words = words;
    this.actions = { press, retry };
    this.older = older;
    this.more = false;
    this.newest = 0;
    this.nodes = new Map(); // message id → node
    this.pending = new Map(); // the page's name of a message → node
    this.unread = 0;
    for (const id of ["scroller", "log", "intro", "typing", "bottom"]) this[id] = document.getElementById(id);
    this.unreadMark = document.getElementById("unread");
    this.bottom.addEventListener("click", () => this.toBottom(true));
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    for (const name of ["wheel", "touchmove"]) {
      this.scroller.addEventListener(name, () => (this.goingDown = false), { passive: true });
    }
    this.log.addEventListener("keydown", moveByArrows);
    // The on-screen keyboard makes the view lower: whoever was at the end stays there.
    this.atEnd = true;
    new ResizeObserver(() => this.atEnd && this.toBottom()).observe(this.scroller);
  }

  // Everything anew, as the server knows it; what is still being sent stays.
  replace({ messages, more }) {
    const waiting = [...this.pending.values()];
    this.quietly(() => {
      this.log.replaceChildren();
      this.nodes.clear();
      this.more = more;
      for (const row of messages) this.put(row);
      for (const node of waiting) this.dayFor(Date.now()).append(node);
    });
    this.intro.hidden = more;
    if (messages.at(-1)?.kind === "out") this.setTyping(false);
    this.toBottom();
  }

  prepend({ messages, more }) {
    const before = this.scroller.scrollHeight - this.scroller.scrollTop;
    this.quietly(() => {
      this.more = more;
      for (const row of messages) this.put(row);
    });
    this.intro.hidden = more;
    this.scroller.scrollTop = this.scroller.scrollHeight - before;
  }

  // A message that is new or has changed.
  show(row) {
    const atEnd = this.isAtEnd();
    const isNew = !this.nodes.has(row.id) && !this.pending.has(row.client);
    if (row.kind === "out") this.setTyping(false);
    const node = this.put(row);
    if (!isNew || !node) {
      if (atEnd) this.toBottom();
    } else {
      node.classList.add("new");
      if (atEnd && !document.hidden) this.reveal(node);
      else if (row.kind === "out") this.count(this.unread + 1);
    }
    this.scrolled();
  }

  remove(id) {
    this.nodes.get(id)?.remove();
    this.nodes.delete(id);
    this.dropEmptyDays();
  }

  clear() {
    this.log.replaceChildren();
    this.nodes.clear();
    this.pending.clear();
    this.more = false;
    this.intro.hidden = false;
    this.count(0);
  }

  // A message of our own on its way. `state`: sending or failed.
  showPending(item, body, state) {
    const row = { kind: "in", at: item.at, body, state };
    const node = messageNode(row, this.words, this.actions.press);
    if (state === "failed") {
      node.dataset.hint = this.words.failed;
      onActivate(node.firstElementChild, () => this.actions.retry(item.client_id));
    }
    const old = this.pending.get(item.client_id);
    const atEnd = this.isAtEnd();
    if (old) old.replaceWith(node);
    else this.dayFor(item.at).append(node);
    this.pending.set(item.client_id, node);
    if (!old || atEnd) this.toBottom(true);
  }

  // The server has it. The stream may have told so before.
  confirm(item, body, id, at) {
    if (!id || this.nodes.has(id)) this.dropPending(item.client_id);
    else this.put({ id, kind: "in", client: item.client_id, at, body });
  }

  setTyping(on) {
    clearTimeout(this.typingTimer);
    if (on) this.typingTimer = setTimeout(() => this.showTyping(true), typingDelay);
    else this.showTyping(false);
  }

  showTyping(on) {
    const atEnd = this.isAtEnd();
    this.typing.hidden = !on;
    if (on && atEnd) this.toBottom();
    if (on) this.typingTimer = setTimeout(() => this.showTyping(false), typingLongest);
    this.onTyping?.(on);
  }

  put(row) {
    this.newest = Math.max(this.newest, row.id);
    this.dropPending(row.client);
    if (row.body.start) return null; // the page's own hello
    const node = messageNode(row, this.words, this.actions.press);
    node.dataset.id = row.id;
    const old = this.nodes.get(row.id);
    if (old?.isEqualNode(node)) return old; // answer and stream both tell of it: whoever reads or presses there is not disturbed
    this.nodes.set(row.id, node);
    if (old) {
      const hadFocus = old.contains(document.activeElement);
      old.replaceWith(node);
      if (hadFocus) (node.querySelector(".key") ?? document.getElementById("text")).focus({ preventScroll: true });
      return node;
    }
    const day = this.dayFor(row.at);
    const next = [...day.querySelectorAll(".message")].reverse().find((other) => Number(other.dataset.id) < row.id);
    (next ?? day.firstElementChild).after(node);
    return node;
  }

  dropPending(client) {
    this.pending.get(client)?.remove();
    if (this.pending.delete(client)) this.dropEmptyDays();
  }

  dayFor(at) {
    const key = dayOf(at);
    const days = [...this.log.children];
    const found = days.find((node) => node.dataset.day === key);
    if (found) return found;
    const day = element("section", "day");
    day.dataset.day = key;
    day.append(element("h2", "date", dayName(at, this.words)));
    this.log.insertBefore(day, days.find((node) => node.dataset.day > key) ?? null);
    return day;
  }

  dropEmptyDays() {
    for (const day of [...this.log.children]) if (day.childElementCount === 1) day.remove();
  }

  // Midnight has passed: today is yesterday now.
  renameDays() {
    for (const day of this.log.children) {
      day.firstChild.textContent = dayName(Date.parse(`${day.dataset.day}T12:00+03:30`), this.words);
    }
  }

  // Without a screen reader reading all of it aloud.
  quietly(work) {
    this.log.setAttribute("aria-live", "off");
    work();
    setTimeout(() => this.log.setAttribute("aria-live", "polite"), 500);
  }

  // At the end, or on the way there.
  isAtEnd() {
    if (this.goingDown) return true;
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < near;
  }

  toBottom(smooth = false) {
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth && lively.matches ? "smooth" : "instant" });
    this.goingDown = true;
    clearTimeout(this.goingTimer);
    this.goingTimer = setTimeout(() => this.arrived(), scrolling);
    this.count(0);
  }

  arrived() {
    this.goingDown = false;
    this.scrolled();
  }

  // Go to the end, but never past the beginning of a message longer than the view.
  reveal(node) {
    const tall = node.offsetHeight + 24 > this.scroller.clientHeight;
    this.toBottom(!tall);
    if (!tall) return;
    this.goingDown = false;
    node.scrollIntoView({ block: "start" });
  }

  count(unread) {
    this.unread = unread;
    this.unreadMark.hidden = !unread;
    this.unreadMark.textContent = digits(unread);
    document.title = unread && document.hidden ? `(${digits(unread)}) ${this.words.name}` : this.words.title;
    this.bottom.setAttribute("aria-label", unread ? `${this.words.to_bottom}، ${digits(unread)} ${this.words.unread}` : this.words.to_bottom);
  }

  scrolled() {
    this.atEnd = this.isAtEnd();
    this.bottom.hidden = this.atEnd;
    if (this.atEnd && !document.hidden) this.count(0);
    if (this.more && this.scroller.scrollTop < 300) {
      this.more = false; // until the answer says otherwise
      this.older(Math.min(...this.nodes.keys()));
    }
  }
}

function onActivate(node, action) {
  node.addEventListener("click", action);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") event.preventDefault(), action();
  });
}

// Arrow keys move among the buttons of one message.
export function moveByArrows(event) {
  const group = event.target.closest?.("[role=group]");
  const step = { ArrowDown: 1, ArrowLeft: 1, ArrowUp: -1, ArrowRight: -1 }[event.key];
  if (!group || !step) return;
  const keys = [...group.querySelectorAll(".key")];
  keys[(keys.indexOf(event.target) + step + keys.length) % keys.length]?.focus();
  event.preventDefault();
}
