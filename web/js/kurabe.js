// What the pages do beyond links and forms, all of which work without this: states of hosts,
// ranges of checkboxes in the order of checking, a filter, copying, folding the header.
"use strict";

const kStatusBatch = 50; // addresses per request
const kStatusPause = 100; // ms between requests
const kStatusInterval = 60000; // ms between rounds
const kLinkLengthMax = 6000; // longer selections are posted

document.documentElement.classList.add("scripted");

// Settings live as long as the browser keeps them; without storage they live as long as the page.
function recall(name) {
    try {
        return localStorage.getItem(name) === "true";
    } catch {
        return false;
    }
}

function remember(name, value) {
    try {
        localStorage.setItem(name, String(value));
    } catch {
        // Private windows may refuse.
    }
}

// ---- States of hosts ----

async function fetchStates(addresses) {
    const body = new URLSearchParams(addresses.map((address) => ["address", address]));
    const response = await fetch("/api/host-status", { method: "POST", body });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return response.json();
}

function showState(mark, state, words) {
    const name = ["good", "warning", "critical"][state];
    const row = mark.closest(".host");
    row.classList.remove("good", "warning", "critical");
    row.classList.add(name);
    mark.title = words[name];
    mark.setAttribute("aria-label", words[name]);
}

async function refreshStates(form) {
    const marks = [...form.querySelectorAll(".state")];
    for (let first = 0; first < marks.length; first += kStatusBatch) {
        const batch = marks.slice(first, first + kStatusBatch);
        const states = await fetchStates(batch.map((mark) => mark.dataset.address));
        for (const mark of batch) showState(mark, states[mark.dataset.address], form.dataset);
        await new Promise((resolve) => setTimeout(resolve, kStatusPause));
    }
}

async function keepStatesFresh(form) {
    for (;;) {
        if (!document.hidden) await refreshStates(form).catch(console.warn);
        await new Promise((resolve) => setTimeout(resolve, kStatusInterval));
    }
}

// ---- Choosing hosts ----

// Keeps the checked boxes in the order in which they were checked; Shift-click takes the range from
// the box clicked before.
function watchChoices(form) {
    const boxes = [...form.querySelectorAll("input[name=address]")];
    const order = new Set();
    let last = null;

    const update = () => {
        document.getElementById("show-checked").disabled = order.size < 2;
        document.getElementById("uncheck").disabled = order.size < 1;
    };
    const note = (box) => {
        if (box.checked) order.add(box);
        else order.delete(box);
    };
    // From one box to another in this direction, both included, without those filtered out.
    const range = (from, to) => {
        const [start, end] = [boxes.indexOf(from), boxes.indexOf(to)];
        const between = boxes.slice(Math.min(start, end), Math.max(start, end) + 1);
        const shown = between.filter((box) => !box.closest(".host").hidden);
        return start < end ? shown : shown.reverse();
    };
    form.addEventListener("click", (event) => {
        const box = event.target;
        if (!boxes.includes(box)) return;
        for (const chosen of event.shiftKey && last !== null ? range(last, box) : [box]) {
            chosen.checked = box.checked;
            note(chosen);
        }
        last = box;
        update();
    });
    form.addEventListener("reset", () => {
        order.clear();
        last = null;
        update();
    });
    form.addEventListener("submit", () => {
        // Fields are sent in the order in which they stand in the form.
        for (const box of boxes) box.disabled = true;
        for (const box of order) {
            const field = document.createElement("input");
            field.type = "hidden";
            field.name = "address";
            field.value = box.value;
            field.className = "chosen";
            form.append(field);
        }
        const query = new URLSearchParams([...order].map((box) => ["address", box.value]));
        form.method = String(query).length > kLinkLengthMax ? "post" : "get";
        setTimeout(() => {
            for (const field of form.querySelectorAll(".chosen")) field.remove();
            for (const box of boxes) box.disabled = false;
        });
    });
    for (const box of boxes) note(box);
    update();
}

function watchFilter(form) {
    const filter = document.getElementById("filter");
    const apply = () => {
        const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
        for (const section of form.querySelectorAll(".service")) {
            let shown = 0;
            for (const row of section.querySelectorAll(".host")) {
                const text = row.textContent.toLowerCase();
                row.hidden = !words.every((word) => text.includes(word));
                shown += row.hidden ? 0 : 1;
            }
            section.hidden = shown === 0;
        }
    };
    filter.addEventListener("input", apply);
    document.addEventListener("keydown", (event) => {
        if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.target.matches("input")) return;
        event.preventDefault();
        filter.focus();
    });
}

function watchNewWindow(form) {
    const toggle = document.getElementById("new-window");
    const apply = () => {
        const target = toggle.checked ? "_blank" : "";
        form.target = target;
        for (const link of form.querySelectorAll(".to-host")) link.target = target;
    };
    toggle.checked = recall("open-new");
    toggle.addEventListener("change", () => {
        remember("open-new", toggle.checked);
        apply();
    });
    apply();
}

// ---- Copying and folding ----

// The clipboard interface exists only on HTTPS; a monitoring host is often plain HTTP.
async function copyText(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
}

function watchCopy(button) {
    const label = button.textContent;
    button.addEventListener("click", async () => {
        const url = new URL(button.dataset.url, location.href).href;
        await copyText(`${url} ${button.dataset.suffix}`.trim());
        button.textContent = button.dataset.done;
        setTimeout(() => {
            button.textContent = label;
        }, 1500);
    });
}

function watchFold(button) {
    const apply = (folded) => {
        document.body.classList.toggle("folded", folded);
        button.setAttribute("aria-expanded", String(!folded));
    };
    apply(recall("minimize-header"));
    button.addEventListener("click", () => {
        const folded = !document.body.classList.contains("folded");
        remember("minimize-header", folded);
        apply(folded);
    });
}

const compare = document.getElementById("compare");
if (compare) {
    watchChoices(compare);
    watchFilter(compare);
    watchNewWindow(compare);
    keepStatesFresh(compare);
}
for (const button of document.querySelectorAll(".copy")) watchCopy(button);
const fold = document.getElementById("fold");
if (fold) watchFold(fold);
