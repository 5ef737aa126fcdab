// Run in the page by the driver: what a person perceives of it, by the names a screen reader would say.
// The first argument says what is asked, the second names it.
const [what, name] = arguments;

const plain = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const seen = (element) =>
  element.checkVisibility({ visibilityProperty: true }) && !element.closest('[aria-hidden="true"], [inert]');
const all = (selector) => [...document.querySelectorAll(selector)];

/** The accessible name, as far as this window uses the ways to give one. */
function nameOf(element) {
  const label = element.getAttribute("aria-label");
  if (label) return plain(label);
  const by = element.getAttribute("aria-labelledby");
  if (by) return plain(by.split(" ").map((id) => document.getElementById(id)?.textContent).join(" "));
  if (element.labels?.length) return plain([...element.labels].map((one) => one.textContent).join(" "));
  return plain(said(element));
}

/** The text inside, without what is there for the eye alone. */
function said(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.ariaHidden === "true") return "";
  const inside = [...node.childNodes].map(said).join("");
  return getComputedStyle(node).display === "inline" ? inside : ` ${inside} `;
}

const named = (selector) => all(selector).find((element) => seen(element) && nameOf(element) === name);
/** What turns is under way already: nobody presses it again. */
const turns = ":not([data-pending])";

// What the page's policy forbade.
if (!window.forbidden) {
  window.forbidden = [];
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
    window.forbidden.push(`${effectiveDirective} ${blockedURI}`),
  );
}

switch (what) {
  case "screens":
    return all("[data-screen]").filter(seen).map((element) => element.dataset.screen);
  case "text":
    return plain(document.body.innerText);
  case "document":
    return document.documentElement.outerHTML + all("input, textarea").map((field) => field.value).join("\n");
  case "moves":
    return document.getAnimations().some(
      (animation) => animation.playState === "running" && animation.effect.getComputedTiming().endTime !== Infinity,
    );
  case "violations":
    return window.forbidden;
  case "focus":
    return document.activeElement ? nameOf(document.activeElement) : "";
  case "field":
    return named("input, textarea") ?? null;
  case "press":
    return (
      named(
        `button${turns}, a, [role=button], [role=menuitem], [role=menuitemradio], [role=option], [role=tab], [role=radio]`,
      ) ??
      all("label").find(
        (label) => seen(label) && label.querySelector("input") && plain(label.innerText) === name,
      ) ??
      all("[role=row]").find((row) => seen(row) && plain(row.innerText).includes(name)) ??
      null
    );
  case "choice":
    return (
      all("[aria-haspopup=listbox]").find(
        (button) => seen(button) && button.closest("[data-rac]")?.querySelector("label, span")?.textContent === name,
      ) ??
      all("[aria-haspopup=listbox]").find((button) => seen(button) && nameOf(button).includes(name)) ??
      null
    );
  case "list":
    return [...(named("ol, ul")?.children ?? [])].filter(seen).map((item) => plain(item.innerText));
  case "beside": {
    const label = all("span, dt, h2, h3").find((element) => plain(element.textContent) === name);
    return plain(label?.nextElementSibling?.innerText);
  }
  case "why not": {
    const by = named("button")?.getAttribute("aria-describedby") ?? "";
    return plain(by.split(" ").map((id) => document.getElementById(id)?.textContent).join(" "));
  }
  case "dark":
    return matchMedia("(prefers-color-scheme: dark)").matches;
  case "planted":
    return all("[data-planted]").length;
  case "rows":
    return all("[role=row], tbody tr").filter(seen).map((row) => plain(row.innerText));
  default:
    throw new Error(`nobody knows how to look for ${what}`);
}
