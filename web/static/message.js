// One message as a node: bubble, words, time, buttons. Words are only ever set as text, whoever wrote them.

import { timeOf } from "./dates.js";
import { element } from "./element.js";
import { mediaNodes } from "./media.js";

const rightToLeft = /[\u0591-\u08ff\ufb1d-\ufdfd\ufe70-\ufefc]/;
const latin = /[a-z]/i;
const letter = /\p{L}/u;

// {kind, at, body, state} → node. `words` are the page's; `press(data, button)` is called for a button.
export function messageNode(row, words, press) {
  const node = element("article", `message ${row.kind}`);
  const said = row.body.text ?? "";
  const spans = typeof said === "string" ? [["", said]] : said;
  const bubble = element("div", "bubble");
  bubble.dir = directionOf(spans.map((span) => span[1]).join(""));
  bubble.append(element("span", "hidden", row.kind === "in" ? words.you_said : words.bot_said));
  const media = mediaNodes(row.body, words);
  if (media.length) bubble.classList.add("rich");
  bubble.append(...media, ...lines(spans));
  const meta = element("span", "meta");
  const time = element("time", "", timeOf(row.at));
  time.dateTime = new Date(row.at).toISOString();
  meta.append(time);
  if (row.kind === "in") meta.append(tick(row.state ?? "sent", words));
  bubble.lastElementChild.append(element("span", "room"));
  bubble.append(meta);
  node.append(bubble);
  if (row.state === "failed") {
    bubble.setAttribute("role", "button");
    bubble.tabIndex = 0;
  }
  if (row.body.inline) node.append(keyboard(row.body.inline, words, press));
  if (row.state) node.dataset.state = row.state;
  return node;
}

function directionOf(text) {
  const first = text.match(letter);
  return !first || rightToLeft.test(first[0]) ? "rtl" : "ltr";
}

// Each line a block of its own, so that a list can hang its bullets.
function lines(spans) {
  const blocks = [element("div", "line")];
  for (const [style, text, url] of spans) {
    if (style) {
      blocks.at(-1).append(styled(style, text, url));
      continue;
    }
    text.split("\n").forEach((piece, index) => {
      if (index) blocks.push(element("div", "line"));
      if (piece) blocks.at(-1).append(piece);
    });
  }
  for (const block of blocks) {
    const said = block.textContent;
    if (said.startsWith("• ")) block.classList.add("item");
    if (latin.test(said) && !rightToLeft.test(said)) isolate(block);
  }
  return blocks;
}

// A command, a code or an address on a line of its own: from right to left, its first sign would stand at its end.
function isolate(block) {
  const inside = element("bdi");
  inside.dir = "ltr";
  inside.append(...block.childNodes);
  block.append(inside);
}

function styled(style, text, url) {
  if (style === "b" && phone(text)) return dialled(text);
  if (style !== "a" || !isWeb(url)) return element(style === "b" ? "strong" : "span", "", text);
  const link = element("a", "", text);
  return outward(link, url);
}

// A number in bold can be called, «۱۱۵» as well as «۹۶۰۴۰۹۰۰»; a year or a postal code cannot.
function phone(text) {
  const digits = text.replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x06f0);
  return /^\d{3,8}$/.test(digits) && !/^140\d$/.test(digits) ? digits : "";
}

function dialled(text) {
  const link = element("a", "", "");
  link.href = `tel:${phone(text)}`;
  link.append(element("strong", "", text));
  return link;
}

function isWeb(url) {
  return /^https?:\/\//i.test(url ?? "") && URL.canParse?.(url) !== false;
}

function outward(link, url) {
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

function tick(state, words) {
  const mark = element("span", `tick ${state}`);
  mark.append(element("span", "hidden", words[state]));
  return mark;
}

function keyboard(rows, words, press) {
  const group = element("div", "keyboard");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", words.buttons);
  for (const row of rows) {
    const line = group.appendChild(element("div", "row"));
    for (const button of row) line.append(key(button, words, press));
  }
  return group;
}

function key(button, words, press) {
  if (button.u !== undefined) {
    const link = element("a", "key", button.t);
    if (isWeb(button.u)) outward(link, button.u).append(element("span", "hidden", ` (${words.opens_site})`));
    return link;
  }
  const node = element("button", "key", button.t);
  node.type = "button";
  node.addEventListener("click", () => press(button.d, node));
  return node;
}
