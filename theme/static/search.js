/* Search: site.js loads this file, and it loads the index, when somebody goes to the field, never before. */
const form = document.querySelector("form.search");
const field = form.elements.q;
const status = document.querySelector(".found");
const results = document.querySelector(".results");
let engine;

const load = () => (engine ??= import(form.dataset.index).then(async (pagefind) => { await pagefind.init(); return pagefind; }));

const line = (hit) => {
  const item = document.createElement("li");
  const title = document.createElement("p");
  const link = document.createElement("a");
  const words = document.createElement("p");
  item.className = "item"; title.className = "title"; words.className = "dek";
  link.href = hit.url; link.textContent = hit.meta.title;
  for (const [index, part] of hit.excerpt.split(/<\/?mark>/).entries()) {
    const text = new DOMParser().parseFromString(`<pre>${part}`, "text/html").body.textContent;
    const node = index % 2 ? document.createElement("mark") : document.createTextNode(text);
    if (index % 2) node.textContent = text;
    words.append(node);
  }
  title.append(link); item.append(title, words);
  return item;
};

const look = async () => {
  const query = field.value.trim();
  if (!query) { results.replaceChildren(); status.textContent = ""; return; }
  const found = await (await load()).debouncedSearch(query, {}, 200);
  if (!found) return;
  const hits = await Promise.all(found.results.slice(0, 20).map((result) => result.data()));
  results.replaceChildren(...hits.map(line));
  status.textContent = hits.length ? `${form.dataset.some}: ${found.results.length}` : form.dataset.none;
};

field.addEventListener("input", look);
form.addEventListener("submit", (event) => { event.preventDefault(); look(); });
field.value ||= new URLSearchParams(location.search).get("q") ?? "";
if (field.value) look(); else load();
