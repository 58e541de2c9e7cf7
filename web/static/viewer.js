// One photo over the whole page. The small one is shown until the full one is there.

const part = (id) => document.getElementById(id);
let pictures = [];
let at = 0;

// pictures: [{small, full, name}]
export function view(all, number) {
  pictures = all;
  prepare();
  part("viewer").showModal();
  show(number);
}

// The pictures are gone.
export function unview() {
  pictures = [];
  part("viewer").close(); // takes the picture out
}

let prepared = false;
function prepare() {
  if (prepared) return;
  prepared = true;
  const viewer = part("viewer");
  part("view-close").addEventListener("click", () => viewer.close());
  part("view-next").addEventListener("click", () => show(at + 1));
  part("view-previous").addEventListener("click", () => show(at - 1));
  viewer.addEventListener("click", (event) => event.target === viewer && viewer.close());
  viewer.addEventListener("close", () => part("viewed").removeAttribute("src"));
  viewer.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: 1, ArrowRight: -1 }[event.key];
    if (step) show(at + step);
    event.stopPropagation(); // Escape closes this and nothing else
  });
}

function show(number) {
  if (!pictures[number]) return;
  at = number;
  const { small, full, name } = pictures[at];
  const image = part("viewed");
  image.src = small;
  const whole = new Image();
  whole.src = full;
  whole.decode().then(
    () => pictures[at]?.full === full && part("viewer").open && (image.src = full),
    () => {}, // the small one stays
  );
  part("view-save").href = full;
  part("view-save").download = name || "";
  part("view-next").hidden = at + 1 >= pictures.length;
  part("view-previous").hidden = at === 0;
}
