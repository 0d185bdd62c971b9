// What pages do beyond plain forms: keys, menus that close, forms that save at once.
"use strict";

// A choice that saves at once.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-autosave]")) event.target.form.requestSubmit();
});

// A second click does not send a form twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  if (form.method === "post") form.dataset.sent = "1";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Menus close on a click elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open], details.sheet[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input, textarea, select, [contenteditable]");
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open], details.sheet[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      return;
    }
    document.querySelector("[data-close]")?.click();
  }
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
});

// The message of the last change goes after six seconds.
setTimeout(() => {
  for (const toast of document.querySelectorAll(".toast")) toast.remove();
}, 6000);

// A word to type before something is destroyed: the button waits for it.
for (const input of document.querySelectorAll("[data-word]")) {
  const button = input.form.querySelector("button");
  const check = () => { button.disabled = input.value !== input.dataset.word; };
  input.addEventListener("input", check);
  check();
}

// A secret that is shown once is selected as a whole.
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-select]")) event.target.select();
});

// A picture is read here, made small, and sent as text.
const LARGEST_SIDE = 256;
document.addEventListener("change", async (event) => {
  const input = event.target;
  const file = input.matches("[data-picture]") ? input.files[0] : undefined;
  if (!file) return;
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  input.setCustomValidity(bitmap ? "" : file.name);
  if (!bitmap) return input.reportValidity();
  const scale = Math.min(1, LARGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const url = canvas.toDataURL("image/png");
  input.form.elements[input.dataset.picture].value = url;
  const image = new Image();
  image.alt = "";
  image.src = url;
  input.closest(".field").querySelector("[data-picture-shown]").replaceChildren(image);
});
