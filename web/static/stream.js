// The line to the server: changes come in, and if it breaks it is mended, ever more patiently.

const silence = 70_000; // the server gives a sign of life every 25 s
const hiddenFor = 5 * 60_000; // a page nobody looks at needs no line
const longestWait = 30_000;

export class Stream {
  // `on`: {history(data), message(row), full(), state("online" | "connecting" | "offline")}
  constructor(on) {
    this.on = on;
    this.seq = 0;
    this.tries = 0;
    addEventListener("online", () => this.open());
    addEventListener("offline", () => this.broken());
    addEventListener("pagehide", () => this.close());
    document.addEventListener("visibilitychange", () => this.looked());
    setInterval(() => this.source && Date.now() - this.heard > silence && this.open(), 10_000);
  }

  open() {
    this.close();
    this.heard = Date.now();
    this.on.state(navigator.onLine ? "connecting" : "offline");
    this.source = new EventSource(`/api/stream?after=${this.seq}`);
    this.source.onerror = () => this.broken();
    this.listen("history", (data, seq) => {
      if (!seq) this.close(); // nobody knows us yet: whoever sends the first message opens the line again
      this.seq = seq;
      this.on.history(data);
    });
    this.listen("message", (row) => {
      if (row.seq <= this.seq) return;
      this.seq = row.seq;
      this.on.message(row);
    });
    this.listen("ping", () => {});
    this.listen("full", () => {
      this.close();
      this.on.full();
    });
    this.source.onopen = () => this.alive();
  }

  get isOpen() {
    return this.source !== undefined;
  }

  close() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
  }

  listen(name, work) {
    this.source.addEventListener(name, (event) => {
      this.alive();
      work(JSON.parse(event.data), Number(event.lastEventId) || 0);
    });
  }

  alive() {
    this.heard = Date.now();
    this.tries = 0;
    this.on.state("online");
  }

  broken() {
    this.close();
    this.on.state(navigator.onLine ? "connecting" : "offline");
    const wait = Math.min(longestWait, 500 * 2 ** this.tries++);
    this.timer = setTimeout(() => this.open(), wait * (0.75 + Math.random() / 2));
  }

  looked() {
    clearTimeout(this.hiddenTimer);
    if (document.hidden) this.hiddenTimer = setTimeout(() => this.close(), hiddenFor);
    else if (!this.isOpen || Date.now() - this.heard > silence) this.open();
  }
}
