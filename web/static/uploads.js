// Files on their way up: one after the other, each again and again until the server has it. A reload loses none (kept.js).

import { forget, forgetAll, keep, kept, sweep } from "./kept.js";
import { newName, waits } from "./sending.js";
import { shrunk } from "./shrink.js";

const silence = 30_000; // so long nothing may move before the line counts as broken
const longestWait = 600; // seconds; whoever must wait longer is told, not kept waiting

// What this page has sent is shown from its own memory, not fetched again: key → address of a blob
export const own = new Map();

export class Uploads {
  // `on`: {changed(file), refused(file, error), slow()}. A file: {id, name, kind, size, width, height, url, state, sent, info};
  // `state` is waiting, sending, failed, done; `sent` goes from 0 to 1; `info` is what the server says of it.
  constructor(on, mostBytes) {
    this.on = on;
    this.mostBytes = mostBytes;
    this.files = new Map();
    addEventListener("online", () => this.hurry());
    sweep();
  }

  // A file that was chosen. `kind` only where the name does not tell: a voice.
  add(source, kind = "") {
    const file = { id: newName(), at: Date.now(), blob: source, name: source.name || "", kind: kind || kindOf(source.type), state: "new", sent: 0 };
    this.files.set(file.id, file);
    this.prepare(file);
    return file;
  }

  async prepare(file) {
    if (file.kind === "photo") Object.assign(file, await shrunk(file.blob));
    if (!this.files.has(file.id)) return; // removed meanwhile
    if (!file.blob.size) return this.refuse(file, "hollow");
    if (file.blob.size > this.mostBytes) return this.refuse(file, "big");
    this.shown(file);
    this.keep(file);
    this.change(file, "waiting");
    this.run();
  }

  // What a former page of this tab left behind. Those that are gone are left out.
  async restore(ids) {
    const found = [];
    for (const id of ids) {
      const file = this.files.get(id) ?? (await kept(id));
      if (!file) continue;
      found.push(id);
      if (this.files.has(id)) continue;
      this.files.set(id, Object.assign(file, { state: file.info ? "done" : "waiting", sent: file.info ? 1 : 0 }));
      this.shown(file);
    }
    this.run();
    return found;
  }

  remove(id) {
    const file = this.files.get(id);
    this.files.delete(id);
    forget(id);
    if (file?.request) file.request.abort();
    if (file?.url && !own.has(file.info?.key)) URL.revokeObjectURL(file.url);
  }

  // The message is stored: nothing more is to be kept.
  release(ids) {
    for (const id of ids) {
      const file = this.files.get(id);
      if (file?.url && file.info) own.set(file.info.key, file.url);
      this.remove(id);
    }
  }

  // All was deleted: of what was sent, is being sent or was chosen nothing stays in the browser.
  clear() {
    for (const id of [...this.files.keys()]) this.remove(id);
    own.forEach((url) => URL.revokeObjectURL(url));
    own.clear();
    forgetAll();
  }

  retry(ids) {
    for (const id of ids) if (this.files.get(id)?.state === "failed") this.change(this.files.get(id), "waiting");
    this.run();
  }

  hurry() {
    this.wake?.();
    this.retry([...this.files.keys()]);
  }

  async run() {
    if (this.running) return;
    this.running = true;
    let file;
    while ((file = [...this.files.values()].find((other) => other.state === "waiting"))) await this.send(file);
    this.running = false;
  }

  async send(file) {
    for (let tries = 0; this.files.has(file.id); tries++) {
      this.change(file, "sending");
      const { status, answer } = await this.post(file);
      if (!this.files.has(file.id)) return;
      if (status === 200) return this.done(file, answer.file);
      const again = status === 0 || status >= 500 || status === 408 || status === 429 || (status === 401 && tries < 3);
      if (!again || answer.wait > longestWait) return this.refuse(file, answer.error);
      if (status === 429) this.on.slow();
      else if (tries >= waits.length) return this.change(file, "failed");
      file.sent = 0;
      this.change(file, "sending");
      await this.rest(answer.wait || waits[Math.min(tries, waits.length - 1)]);
    }
  }

  // With XMLHttpRequest: fetch does not tell how much has gone up.
  post(file) {
    return new Promise((resolve) => {
      const request = (file.request = new XMLHttpRequest());
      const query = new URLSearchParams({ name: file.name, kind: file.kind === "voice" ? "voice" : "" });
      let timer;
      const moved = () => {
        clearTimeout(timer);
        timer = setTimeout(() => request.abort(), silence);
      };
      request.upload.onprogress = ({ loaded, total }) => {
        moved();
        file.sent = (loaded / (total || 1)) * 0.95;
        this.on.changed(file);
      };
      request.onloadend = () => {
        clearTimeout(timer);
        file.request = undefined;
        resolve({ status: request.status, answer: parsed(request.responseText) });
      };
      request.open("POST", `/api/files?${query}`);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.send(file.blob);
      moved();
    });
  }

  done(file, info) {
    file.info = info;
    file.sent = 1;
    this.keep(file);
    this.change(file, "done");
  }

  refuse(file, error) {
    this.remove(file.id);
    this.on.refused(file, error);
  }

  change(file, state) {
    file.state = state;
    this.on.changed(file);
  }

  shown(file) {
    file.size = file.blob.size;
    if (file.kind !== "document") file.url = URL.createObjectURL(file.blob);
  }

  keep({ id, at, blob, name, kind, width, height, info }) {
    keep({ id, at, blob, name, kind, width, height, info });
  }

  rest(seconds) {
    return new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, seconds * 1000);
    });
  }
}

function kindOf(type) {
  if (/^image\/(?!svg)/.test(type)) return "photo";
  return /^(video|audio)\//.exec(type)?.[1] ?? "document";
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
