// Records a voice message, where the browser can: that needs https, a microphone and the visitor's leave.

import { digits } from "./dates.js";

const longest = 300; // seconds
const forms = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

export const canRecord = () => isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia) && typeof MediaRecorder !== "undefined";

export class Voice {
  // `done(file)` gets the recording; `failed()` if there is no microphone.
  constructor({ done, failed }) {
    this.done = done;
    this.failed = failed;
    for (const id of ["recorder", "recorded"]) this[id] = document.getElementById(id);
    document.getElementById("record-stop").addEventListener("click", () => this.stop(true));
    document.getElementById("record-cancel").addEventListener("click", () => this.stop(false));
  }

  async start() {
    if (this.recording) return;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const mimeType = forms.find((form) => MediaRecorder.isTypeSupported(form));
      this.recording = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 32_000 });
    } catch {
      for (const track of stream?.getTracks() ?? []) track.stop();
      this.failed();
      return;
    }
    const pieces = [];
    this.recording.ondataavailable = ({ data }) => pieces.push(data);
    this.recording.onstop = () => this.ended(pieces);
    this.recording.start(1000);
    this.since = Date.now();
    this.timer = setInterval(() => this.tick(), 500);
    this.recorder.hidden = false;
    this.tick();
    document.getElementById("record-stop").focus();
  }

  stop(wanted) {
    this.wanted = wanted;
    if (this.recording?.state === "recording") this.recording.stop();
  }

  ended(pieces) {
    clearInterval(this.timer);
    const type = this.recording.mimeType.split(";")[0];
    for (const track of this.recording.stream.getTracks()) track.stop();
    this.recording = undefined;
    this.recorder.hidden = true;
    if (this.wanted) this.done(new File(pieces, `voice.${type.split("/")[1]}`, { type }));
  }

  tick() {
    const seconds = Math.floor((Date.now() - this.since) / 1000);
    this.recorded.textContent = lasting(seconds);
    if (seconds >= longest) this.stop(true);
  }
}

// Seconds as minutes and seconds.
export function lasting(seconds) {
  const rest = Math.round(seconds) % 60;
  return `${digits(Math.floor(Math.round(seconds) / 60))}:${rest < 10 ? digits(0) : ""}${digits(rest)}`;
}
