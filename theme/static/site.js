/* The page works without this file. It adds the choice of colours, and buttons that copy code. */
(() => {
  "use strict";
  const root = document.documentElement;
  const kept = () => { try { return localStorage.getItem("scheme"); } catch { return null; } };
  const keep = (scheme) => { try { scheme ? localStorage.setItem("scheme", scheme) : localStorage.removeItem("scheme"); } catch { /* private mode: the choice lasts for this page */ } };
  const apply = (scheme) => { scheme ? (root.dataset.scheme = scheme) : delete root.dataset.scheme; };
  apply(kept());
  root.classList.add("scripted");

  const addScheme = () => {
    const button = document.querySelector(".scheme");
    const order = ["", "dark", "light"];
    const say = () => { button.lastElementChild.textContent = button.dataset[root.dataset.scheme || "auto"]; };
    button.addEventListener("click", () => {
      const next = order[(order.indexOf(root.dataset.scheme || "") + 1) % order.length];
      apply(next); keep(next); say();
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

  /* The first lines run before the first paint, so that no wrong colour flashes; the rest needs the document. */
  document.addEventListener("DOMContentLoaded", () => {
    addScheme();
    if (navigator.clipboard) document.querySelectorAll(".highlight, .codehilite").forEach(addCopy);
  });
})();
