/* Search: site.js loads this file, and it loads the index, when somebody goes to the field, never before. */
const form = document.querySelector("form.search");
const field = form.elements.q;
const status = document.querySelector(".found");
const results = document.querySelector(".results");
const further = document.querySelector(".further");
let engine, waiting = [];

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

const lines = async (hits) => (await Promise.all(hits.map((hit) => hit.data()))).map(line);

const keepWaiting = (hits) => { waiting = hits; further.hidden = !hits.length; };

/* The question is kept with the page's place in the history: who comes back from a result finds it again, and no address tells it. */
const look = async () => {
  const query = field.value.trim();
  history.replaceState({ query }, "");
  if (!query) { results.replaceChildren(); keepWaiting([]); status.textContent = ""; return; }
  const found = await (await load()).debouncedSearch(query, {}, 200);
  if (!found) return;
  results.replaceChildren(...await lines(found.results.slice(0, 20)));
  keepWaiting(found.results.slice(20));
  status.textContent = found.results.length ? `${form.dataset.some}: ${found.results.length}` : form.dataset.none;
};

const lookFurther = async () => {
  const more = await lines(waiting.slice(0, 20));
  results.append(...more);
  keepWaiting(waiting.slice(20));
  more[0].querySelector("a").focus();
};

field.addEventListener("input", look);
further.firstElementChild.addEventListener("click", lookFurther);
form.addEventListener("submit", (event) => { event.preventDefault(); look(); });
field.value ||= history.state?.query ?? new URLSearchParams(location.search).get("q") ?? "";
if (field.value) look(); else load();
