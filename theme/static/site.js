/* The page works without this file. It adds the choice of colours, buttons that copy code, and the theme's own letters. */
(() => {
  "use strict";
  const root = document.documentElement;
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const keep = (name, value) => { try { value ? localStorage.setItem(name, value) : localStorage.removeItem(name); } catch { /* private mode: it lasts for this page */ } };
  const apply = (scheme) => { scheme ? (root.dataset.scheme = scheme) : delete root.dataset.scheme; };
  apply(kept("scheme"));
  root.classList.add("scripted");
  root.classList.toggle("copying", Boolean(navigator.clipboard));
  root.classList.toggle("lettered", kept("letters") === "here");

  const addScheme = () => {
    const button = document.querySelector(".scheme");
    const order = ["", "dark", "light"];
    const say = () => { button.lastElementChild.textContent = button.dataset[root.dataset.scheme || "auto"]; };
    button.addEventListener("click", () => {
      const next = order[(order.indexOf(root.dataset.scheme || "") + 1) % order.length];
      apply(next); keep("scheme", next); say();
    });
    say();
  };

  const addCopy = (block) => {
    const button = document.createElement("button");
    const { copy, copied } = document.body.dataset;
    button.type = "button"; button.className = "copy"; button.textContent = copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("pre").textContent);
      button.textContent = copied;
      setTimeout(() => { button.textContent = copy; }, 2000);
    });
    block.append(button);
  };

  /* Search is fetched when somebody goes to its field, or comes, or comes back, with a question. */
  const addSearch = (form) => {
    const start = () => import(form.dataset.script);
    form?.elements.q.addEventListener("focus", start, { once: true });
    if (form && (history.state?.query || new URLSearchParams(location.search).has("q"))) start();
  };

  /* A second after the page is complete comes what no reader waits for: how to install the site, and the letters. */
  const linkManifest = () => {
    const link = document.createElement("link");
    link.rel = "manifest"; link.href = document.body.dataset.manifest;
    document.head.append(link);
  };

  /* Fetched letters are used from the next page on, so that nothing moves on this one. */
  const fetchLetters = async () => {
    if (navigator.connection?.saveData) return;
    const faces = [...document.fonts].filter((face) => face.family.includes("Literata") && !face.family.includes("room"));
    try { await Promise.all(faces.map((face) => face.load())); keep("letters", "here"); } catch { keep("letters", ""); }
  };

  /* The first lines run before the first paint, so that no wrong colour flashes; the rest needs the document. */
  document.addEventListener("DOMContentLoaded", () => {
    addScheme();
    addSearch(document.querySelector("form.search"));
    if (navigator.clipboard) document.querySelectorAll(".highlight, .codehilite").forEach(addCopy);
  });
  addEventListener("load", () => setTimeout(() => { linkManifest(); fetchLetters(); }, 1000));
})();
