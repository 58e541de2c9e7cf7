// What stands in a message beside its words: photos, videos, sound, files, a place, a phone number. Names are only ever set as text.

import { digits } from "./dates.js";
import { element } from "./element.js";
import { own } from "./uploads.js";
import { lasting } from "./voice.js";
import { view } from "./viewer.js";

const inView = new Set(["photo", "video"]);
const chart = "results.jpg";

// {files, place, contact} → nodes. A file on its way up has `url`, `id` and `sent`; one of the server has `key`.
export function mediaNodes({ files = [], place, contact }, words) {
  const there = files.filter((file) => !file.missing);
  const nodes = [];
  const seen = there.filter((file) => inView.has(file.kind));
  if (seen.length) nodes.push(grid(seen, words));
  for (const file of there) if (!inView.has(file.kind)) nodes.push(isSound(file) ? sound(file, words) : document_(file, words));
  for (const file of files) if (file.missing) nodes.push(missing(file, words));
  if (place) nodes.push(placeCard(place, words));
  if (contact) nodes.push(contactCard(contact, words));
  return nodes;
}

export const isSound = (file) => file.kind === "voice" || file.kind === "audio";

export const kindName = (file, words) => (file.kind === "voice" ? words.voice_message : words[file.kind] ?? words.document);

export function sizeOf(bytes, words) {
  const thousands = bytes / 1000;
  if (thousands < 1000) return `${digits(Math.max(1, Math.round(thousands)))} ${words.kilobytes}`;
  return `${digits(Math.round(thousands / 100) / 10)} ${words.megabytes}`;
}

// How far a file on its way up has come; goes when it is there.
export function progress(file, words) {
  const bar = element("progress");
  bar.max = 1;
  bar.value = file.sent;
  bar.dataset.file = file.id;
  bar.setAttribute("aria-label", words.uploading);
  return bar;
}

export function showProgress(file) {
  for (const bar of document.querySelectorAll(`progress[data-file="${file.id}"]`)) {
    bar.value = file.sent;
    if (file.state === "done") bar.remove();
  }
}

const address = (file, part = "") => file.url ?? (own.get(file.key) || `/api/files/${file.key}${part}`);

function grid(files, words) {
  const node = element("div", "grid");
  node.dataset.count = files[0].name === chart ? 1 : files.length;
  const photos = files.filter((file) => file.kind === "photo");
  for (const file of files) node.append(file.kind === "photo" ? photo(file, photos, words) : video(file, words));
  return node;
}

function photo(file, photos, words) {
  const node = element("button", "photo");
  const number = photos.length > 1 ? ` ${digits(photos.indexOf(file) + 1)} ${words.of} ${digits(photos.length)}` : "";
  node.type = "button";
  node.setAttribute("aria-label", `${words.photo}${number}، ${words.open_photo}`);
  const image = node.appendChild(element("img"));
  image.alt = "";
  image.loading = "lazy";
  image.decoding = "async";
  sized(image, file);
  if (file.name === chart) image.style.maxHeight = "none";
  image.src = address(file, "/preview");
  image.onerror = () => node.replaceWith(missing(file, words));
  if (file.id && file.state !== "done") node.append(progress(file, words));
  const pictures = photos.map((other) => ({ small: address(other, "/preview"), full: address(other), name: other.name }));
  node.addEventListener("click", (event) => {
    event.stopPropagation();
    view(pictures, photos.indexOf(file));
  });
  return node;
}

function video(file, words) {
  const node = element("div", "video");
  const player = node.appendChild(element("video"));
  player.controls = true;
  player.playsInline = true;
  player.preload = file.url ? "metadata" : "none"; // what the visitor does not play costs no data
  player.setAttribute("aria-label", words.video);
  sized(player, file);
  player.src = address(file);
  node.append(element("span", "chip", [file.seconds && lasting(file.seconds), file.size && sizeOf(file.size, words)].filter(Boolean).join(" · ")));
  if (file.id && file.state !== "done") node.append(progress(file, words));
  return node;
}

// Room for a picture before it is there.
function sized(node, { width, height }) {
  if (!(width > 0 && height > 0)) return;
  node.width = Math.round(width);
  node.height = Math.round(height);
}

function sound(file, words) {
  const node = element("div", "sound");
  const named = node.appendChild(element("div", "about"));
  named.append(file.kind === "audio" && file.name ? element("bdi", "", file.name) : kindName(file, words));
  if (file.seconds) named.append(` · ${lasting(file.seconds)}`);
  const player = node.appendChild(element("audio"));
  player.controls = true;
  player.preload = file.url ? "metadata" : "none";
  player.setAttribute("aria-label", kindName(file, words));
  player.src = address(file);
  if (file.id && file.state !== "done") node.append(progress(file, words));
  return node;
}

function document_(file, words) {
  const node = element(file.key ? "a" : "div", "card file");
  if (file.key) {
    node.href = `/api/files/${file.key}`;
    node.download = file.name || "";
  }
  node.append(element("span", "icon"), about(file.name || words.document, sizeOf(file.size ?? 0, words)));
  if (file.id && file.state !== "done") node.append(progress(file, words));
  return node;
}

function about(title, detail) {
  const node = element("span", "about");
  node.append(element("bdi", "title", title), element("span", "detail", detail));
  return node;
}

function missing(file, words) {
  const node = element("p", "card missing");
  node.append(element("span", "icon"), about(kindName(file, words), words.missing));
  return node;
}

function placeCard({ lat, lon }, words) {
  const node = element("a", "card place");
  // Android asks which map application is to open it; elsewhere a site does.
  const isAndroid = /Android/.test(navigator.userAgent);
  node.href = isAndroid ? `geo:${lat},${lon}?q=${lat},${lon}` : `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=17/${lat}/${lon}`;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  const numbers = element("bdi", "detail", `${lat.toFixed(5)}, ${lon.toFixed(5)}`);
  numbers.dir = "ltr";
  const text = element("span", "about");
  text.append(element("span", "title", words.place_sent), numbers, element("span", "detail", words.open_map));
  node.append(element("span", "icon"), text);
  return node;
}

function contactCard({ phone, name }, words) {
  const node = element("a", "card contact");
  node.href = `tel:${phone.replace(/[^\d+]/g, "")}`;
  const number = element("bdi", "detail", phone.replace(/\d/g, (digit) => digits(digit)));
  number.dir = "ltr";
  const text = element("span", "about");
  text.append(element("bdi", "title", name || words.contact_sent), number);
  node.append(element("span", "icon"), text);
  return node;
}
