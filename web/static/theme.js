// Light or dark: as the system says, unless the visitor chose. Loaded before the page is drawn, so that it never flashes.
{
  const chosen = localStorage.getItem("theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
}
