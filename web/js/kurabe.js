// What the pages do beyond links and forms, all of which work without this: states of hosts,
// ranges of checkboxes in the order of checking, a filter, pictures that stay fresh, copying,
// folding the header.
"use strict";

const kStatusBatch = 50; // addresses per request
const kStatusPause = 100; // ms between requests
const kStatusInterval = 60000; // ms between rounds
const kLinkLengthMax = 6000; // longer selections are posted
const kRefreshTick = 2000; // ms between looks for pictures that have become old
const kRefreshAtOnce = 6; // pictures under way, as many as a browser has connections
const kNearScreen = "200px"; // pictures this near to the screen count as seen
const kCookieSeconds = 365 * 86400;

document.documentElement.classList.add("scripted");

// Settings are cookies, as in Kurado, so that the server can fold a header before it is seen.
function recall(name, otherwise = false) {
    const found = document.cookie.split("; ").find((cookie) => cookie.startsWith(`${name}=`));
    return found === undefined ? otherwise : found === `${name}=true`;
}

function remember(name, value) {
    document.cookie = `${name}=${value}; Max-Age=${kCookieSeconds}; Path=/; SameSite=Lax`;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Resolves when the tab can be seen.
function seen() {
    if (!document.hidden) return Promise.resolve();
    return new Promise((resolve) => {
        document.addEventListener("visibilitychange", resolve, { once: true });
    });
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

// One line for those who hear the page; what has not changed is not said again.
function tellStates(form) {
    const count = (name) => form.querySelectorAll(`.host.${name}`).length;
    const parts = ["critical", "warning", "good"].map(
        (name) => `${form.dataset[name]} ${count(name)}`,
    );
    const line = document.getElementById("states");
    const text = parts.join(", ");
    if (line.textContent !== text) line.textContent = text;
}

async function refreshStates(form, marks) {
    for (let first = 0; first < marks.length; first += kStatusBatch) {
        await seen();
        const batch = marks.slice(first, first + kStatusBatch);
        const states = await fetchStates(batch.map((mark) => mark.dataset.address));
        for (const mark of batch) showState(mark, states[mark.dataset.address], form.dataset);
        await pause(kStatusPause);
    }
    tellStates(form);
}

async function keepStatesFresh(form) {
    const marks = [...form.querySelectorAll(".state")];
    for (;;) {
        await seen();
        await refreshStates(form, marks).catch(console.warn);
        await pause(kStatusInterval);
    }
}

// ---- Choosing hosts ----

// Keeps the checked boxes in the order in which they were checked; Shift-click takes the range from
// the box clicked before.
function watchChoices(form) {
    const boxes = [...form.querySelectorAll("input[name=address]")];
    const show = document.getElementById("show-checked");
    const label = show.textContent;
    const most = Number(show.dataset.most); // hosts of one comparison
    const order = new Set();
    let last = null;

    const update = () => {
        const limit = order.size > most ? `${show.dataset.atMost}${most}` : "";
        show.disabled = order.size < 2 || limit !== "";
        show.textContent = order.size < 1 ? label : `${label} (${order.size}${limit})`;
        show.title = limit === "" ? "" : show.textContent;
        document.getElementById("uncheck").disabled = order.size < 2;
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
    document.getElementById("check-shown").addEventListener("click", () => {
        for (const box of boxes) {
            if (box.closest("[hidden]") !== null) continue;
            box.checked = true;
            note(box);
        }
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

// What is searched: letters of full width and capitals are the same as others.
const plain = (text) => text.normalize("NFKC").toLowerCase();

// The hosts of a section, each with the texts that it is found by, read once.
function searchable(section) {
    const service = section.querySelector("h2").textContent;
    return [...section.querySelectorAll("tbody")].map((body) => {
        const label = body.querySelector(".label")?.textContent ?? "";
        const hosts = [...body.querySelectorAll(".host")].map((row) => ({
            row,
            text: plain([row.textContent, row.dataset.role ?? "", service, label].join("\n")),
        }));
        return { body, hosts };
    });
}

function setHidden(element, hidden) {
    if (element.hidden !== hidden) element.hidden = hidden;
}

function watchFilter(form) {
    const filter = document.getElementById("filter");
    const output = document.getElementById("shown");
    const sections = [...form.querySelectorAll(".service")].map((section) => ({
        section,
        bodies: searchable(section),
    }));
    const apply = () => {
        const words = plain(filter.value).split(/\s+/).filter(Boolean);
        let all = 0;
        for (const { section, bodies } of sections) {
            let inSection = 0;
            for (const { body, hosts } of bodies) {
                let inBody = 0;
                for (const { row, text } of hosts) {
                    const fits = words.every((word) => text.includes(word));
                    setHidden(row, !fits);
                    inBody += fits ? 1 : 0;
                }
                setHidden(body, inBody === 0);
                inSection += inBody;
            }
            setHidden(section, inSection === 0);
            all += inSection;
        }
        output.textContent = words.length === 0 ? "" : `${all} ${output.dataset.unit}`;
    };
    // The checked hosts; with none of them what is shown, of which one is a page of its own.
    const openFound = () => {
        const show = document.getElementById("show-checked");
        if (show.disabled) {
            const shown = [...form.querySelectorAll(".host")].filter(
                (row) => row.closest("[hidden]") === null,
            );
            if (shown.length === 1) return shown[0].querySelector(".to-host").click();
            if (filter.value.trim() === "") return undefined;
            document.getElementById("check-shown").click();
        }
        return show.click();
    };
    filter.addEventListener("input", apply);
    filter.addEventListener("keydown", (event) => {
        if (event.isComposing) return; // Enter and Escape belong to the input method
        if (event.key === "Escape") {
            filter.value = "";
            apply();
        } else if (event.key === "Enter") {
            event.preventDefault();
            openFound();
        }
    });
    document.addEventListener("keydown", (event) => {
        if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.target.matches("input:not([type=checkbox])")) return;
        event.preventDefault();
        filter.focus();
        filter.select();
    });
    if (filter.value !== "") apply();
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

// ---- Pictures that stay fresh ----

// Puts a newer picture in the place of an old one once it can be drawn, so that nothing flickers;
// both have the same size, so that nothing moves. Where none comes the old one stays; a picture
// that says what is wrong takes its place.
async function renew(old, watch) {
    const fresh = (text) => {
        const address = new URL(text, location.href);
        address.searchParams.set("at", Math.floor(Date.now() / 1000));
        return address.href;
    };
    const freshSet = (candidates) => candidates.replace(/[^\s,]+\?[^\s,]+/g, fresh);
    const place = old.closest("picture") ?? old; // with the picture of the other colour scheme
    const nextPlace = place.cloneNode(true);
    const next = nextPlace.querySelector("img") ?? nextPlace;
    const source = nextPlace.querySelector("source");
    next.loading = "eager";
    // One of a strip has no address of its own: strips.js.
    if (source !== null) source.srcset = freshSet(source.dataset.srcset ?? source.srcset);
    next.srcset = freshSet(old.dataset.dense ?? old.srcset);
    next.src = fresh(old.dataset.address ?? old.src);
    await next.decode();
    if (!place.isConnected) return null; // while the page is printed
    place.replaceWith(nextPlace);
    watch.unobserve(old);
    return next;
}

// Only pictures of ranges that end about now have `data-every`, in seconds.
function keepPicturesFresh(toggle) {
    const drawn = new WeakMap(); // picture -> when, in ms since the page began
    const near = new Set();
    const plan = (image) => drawn.set(image, performance.now());
    const isOld = (image) =>
        image.complete &&
        image.naturalWidth > 0 &&
        performance.now() - drawn.get(image) >= image.dataset.every * 1000;
    const watch = new IntersectionObserver(
        (entries) => {
            for (const { target, isIntersecting } of entries) {
                if (isIntersecting) near.add(target);
                else near.delete(target);
            }
        },
        { rootMargin: kNearScreen },
    );
    const images = document.querySelectorAll("img[data-every]");
    for (const image of images) {
        plan(image);
        image.addEventListener("load", () => plan(image)); // a lazy one is drawn later
        watch.observe(image);
    }
    const renewOne = async (image) => {
        plan(image); // also when it fails: not at once again
        const next = await renew(image, watch).catch(() => null);
        if (next === null) return;
        near.delete(image);
        plan(next);
        watch.observe(next);
        // The title in the page was of the old picture; the picture has its own.
        document.querySelector(".ranges")?.classList.add("outdated");
    };
    const tick = async () => {
        const old = [...near].filter(isOld);
        while (old.length > 0) {
            await Promise.all(old.splice(0, kRefreshAtOnce).map(renewOne));
        }
    };
    const run = async () => {
        for (;;) {
            await pause(kRefreshTick);
            await seen();
            if (toggle.checked) await tick();
        }
    };
    toggle.disabled = images.length === 0;
    toggle.checked = !toggle.disabled && recall("auto-refresh", true);
    toggle.addEventListener("change", () => remember("auto-refresh", toggle.checked));
    if (!toggle.disabled) run();
}

// ---- Paper ----

// It is light, whatever the screen is. Before it prints a browser waits for new lazy pictures, but
// not for those that change: light ones stand in for the dark ones.
function printLightPictures() {
    const pictures = new Map(); // by what stands in for them
    addEventListener("beforeprint", () => {
        if (!matchMedia("(prefers-color-scheme: dark)").matches) return;
        for (const picture of document.querySelectorAll("picture")) {
            const image = picture.querySelector("img");
            const light = document.createElement("img");
            light.loading = "lazy";
            for (const name of ["width", "height", "alt"]) {
                light.setAttribute(name, image.getAttribute(name));
            }
            light.srcset = image.dataset.dense ?? image.srcset;
            light.src = image.dataset.address ?? image.src;
            picture.replaceWith(light);
            pictures.set(light, picture);
        }
    });
    addEventListener("afterprint", () => {
        for (const [light, picture] of pictures) light.replaceWith(picture);
        pictures.clear();
    });
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
    const title = button.title;
    button.addEventListener("click", async () => {
        const url = new URL(button.dataset.url, location.href).href;
        await copyText(`${url} ${button.dataset.suffix}`.trim());
        button.textContent = button.dataset.done;
        button.title = button.dataset.done;
        setTimeout(() => {
            button.textContent = label;
            button.title = title;
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
const refresh = document.getElementById("refresh");
if (refresh) keepPicturesFresh(refresh);
printLightPictures();
