// Returned as a list of what is wrong with the page for those who see badly or use the keyboard:
// the rules of WCAG 2.2 that a program can check here. The body of a function.
const wrong = [];
const name = (element) => element.outerHTML.slice(0, 120);

// ---- Contrast: 4.5 between a text and what it stands on (1.4.3) ----
const parse = (color) => {
    const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
};
const luminance = ({ r, g, b }) => {
    const part = (value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
};
const ground = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
        const color = parse(getComputedStyle(at).backgroundColor);
        if (color.a === 1) return color;
    }
    return { r: 255, g: 255, b: 255, a: 1 };
};
const hasText = (element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
for (const element of document.body.querySelectorAll("*")) {
    if (!hasText(element) && !element.matches("input:not([type=checkbox]), .state")) continue;
    if (element.getClientRects().length === 0 || element.matches(":disabled, .unseen")) continue;
    const texts = luminance(parse(getComputedStyle(element).color));
    const grounds = luminance(ground(element));
    const ratio = (Math.max(texts, grounds) + 0.05) / (Math.min(texts, grounds) + 0.05);
    if (ratio < 4.5) wrong.push(`contrast ${ratio.toFixed(2)}: ${name(element)}`);
}

// ---- Names (1.1.1, 4.1.2) ----
for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const label = field.getAttribute("aria-label") ?? field.closest("label")?.textContent ?? "";
    if (label.trim() === "") wrong.push(`no label: ${name(field)}`);
}
for (const image of document.images) {
    if (!image.hasAttribute("alt")) wrong.push(`no alt: ${name(image)}`);
}
for (const link of document.querySelectorAll("a[href], button")) {
    const text = link.textContent + (link.getAttribute("aria-label") ?? "");
    if (text.trim() === "") wrong.push(`no text: ${name(link)}`);
}

// ---- Structure (1.3.1, 2.4.1, 3.1.1) ----
for (const landmark of ["header", "main"]) {
    const count = document.querySelectorAll(landmark).length;
    if (count !== 1) wrong.push(`${count} ${landmark}`);
}
if (!document.documentElement.lang) wrong.push("no language");
let level = 0;
for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
    const now = Number(heading.tagName[1]);
    if (now > level + 1) wrong.push(`a heading is left out: ${name(heading)}`);
    level = now;
}
const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
for (const id of new Set(ids)) {
    if (ids.filter((other) => other === id).length > 1) wrong.push(`id twice: ${id}`);
}

for (const cell of document.querySelectorAll("td")) {
    if (cell.textContent.trim() === "") continue;
    if (cell.parentElement.querySelector("th") !== null) continue;
    if (cell.closest("table").tHead === null) wrong.push(`a cell of no header: ${name(cell)}`);
}

// ---- Keyboard (2.1.1, 2.4.3, 2.4.7) ----
for (const element of document.querySelectorAll("[tabindex]")) {
    if (element.tabIndex > 0) wrong.push(`focus out of order: ${name(element)}`);
}
for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden])")) {
    if (element.disabled || element.getClientRects().length === 0) continue;
    element.focus({ focusVisible: true });
    if (document.activeElement !== element) wrong.push(`takes no focus: ${name(element)}`);
    else if (getComputedStyle(element).outlineStyle === "none") {
        wrong.push(`focus is not seen: ${name(element)}`);
    }
}
document.activeElement?.blur();
return wrong;
