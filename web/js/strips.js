// Pictures of hosts side by side in strips: those of a row that are the same graph come in a few
// answers of "/graphs" in place of one each, in half the time, whether the server is far or near.
//
// Runs before the page is seen, because later the first pictures are under way. Without it, and where
// it fails, each picture loads by itself, as those of the first screen always do.
"use strict";
{
    const kStripPictures = 16;
    const kStripsUnderway = 4; // of a browser's six connections
    const kPiece = 8192; // bytes that a call takes as arguments
    const kAhead = "100%"; // of the screen, to all sides, loads before it is scrolled to

    const held = new Set(); // what waits for its strip
    const dark = matchMedia("(prefers-color-scheme: dark)");

    // Of pictures that look like the page: the <source> of the dark one.
    const darkSource = (image) => image.closest("picture")?.querySelector("source") ?? null;

    // Pictures that wait for their strip have no address; CSS gives them room by these.
    function hold(image) {
        image.dataset.address = image.getAttribute("src");
        image.dataset.dense = image.getAttribute("srcset");
        const [width, height] = [image.getAttribute("width"), image.getAttribute("height")];
        image.style.width = `${width}px`; // at most; a phone is narrower
        image.style.aspectRatio = `${width} / ${height}`;
        image.classList.add("held");
        image.removeAttribute("srcset");
        image.removeAttribute("src");
        const source = darkSource(image);
        if (source !== null) {
            source.dataset.srcset = source.srcset;
            source.removeAttribute("srcset");
        }
        held.add(image);
    }

    function letGo(image) {
        image.classList.remove("held");
        image.style.width = "";
        image.style.aspectRatio = "";
        held.delete(image);
    }

    function loadByItself(image) {
        const source = darkSource(image);
        if (source !== null) source.srcset = source.dataset.srcset;
        image.srcset = image.dataset.dense;
        image.src = image.dataset.address;
        letGo(image);
    }

    function base64(bytes) {
        if (bytes.toBase64) return bytes.toBase64();
        let text = "";
        for (let at = 0; at < bytes.length; at += kPiece) {
            text += String.fromCharCode(...bytes.subarray(at, at + kPiece));
        }
        return btoa(text);
    }

    // By its bytes as an address: for each object URL a browser asks another of its processes, which
    // takes as long as a request.
    function show(image, part) {
        image.loading = "eager"; // it is here
        image.src = `data:${part.type};base64,${base64(part.bytes)}`;
        letGo(image);
    }

    // ---- What is in one answer ----

    function address(image) {
        const source = dark.matches ? darkSource(image) : null;
        const candidates = source?.dataset.srcset ?? `${image.dataset.address}, ${image.dataset.dense}`;
        const [usual, dense] = candidates.match(/[^\s,]+\?[^\s,]+/g);
        return devicePixelRatio > 1 ? dense : usual;
    }

    function asked(image) {
        const { searchParams } = new URL(address(image), location.href);
        const host = searchParams.get("address");
        searchParams.delete("address");
        return { host, row: String(searchParams) };
    }

    // "/graph?address=A&graph=G" and the same of B are one strip.
    function stripsOf(images) {
        const rows = new Map();
        for (const image of images) {
            const { row } = asked(image);
            if (!rows.has(row)) rows.set(row, []);
            rows.get(row).push(image);
        }
        const strips = [];
        for (const members of rows.values()) {
            for (let first = 0; first < members.length; first += kStripPictures) {
                strips.push({ images: members.slice(first, first + kStripPictures) });
            }
        }
        return strips;
    }

    // "/graphs?graph=G&address=A&...", of the colour scheme that is now.
    function addressOf({ images }) {
        const hosts = new URLSearchParams(images.map((image) => ["address", asked(image).host]));
        return `/graphs?${asked(images[0]).row}&${hosts}`;
    }

    function concatenated(first, second) {
        const all = new Uint8Array(first.length + second.length);
        all.set(first);
        all.set(second, first.length);
        return all;
    }

    // The parts of an answer as they come: lines "STATUS BYTES TYPE", each before its bytes.
    async function* partsOf(response) {
        const reader = response.body.getReader();
        const text = new TextDecoder();
        let rest = new Uint8Array();
        for (;;) {
            const { done, value } = await reader.read();
            if (done) return;
            rest = concatenated(rest, value);
            let at = 0;
            for (;;) {
                const line = rest.indexOf(10, at);
                if (line < 0) break;
                const [status, length, ...type] = text.decode(rest.subarray(at, line)).split(" ");
                const end = line + 1 + Number(length);
                if (end > rest.length) break;
                const bytes = rest.slice(line + 1, end);
                yield { status: Number(status), type: type.join(" "), bytes };
                at = end;
            }
            rest = rest.slice(at);
        }
    }

    async function load(strip) {
        const left = [...strip.images];
        const url = addressOf(strip);
        const wasDark = dark.matches;
        try {
            const response = await fetch(url);
            if (!response.ok) throw new Error(`status ${response.status}`);
            for await (const part of partsOf(response)) {
                const image = left.shift();
                if (!held.has(image)) continue; // it was printed meanwhile
                if (part.status === 200 && dark.matches === wasDark) show(image, part);
                else loadByItself(image); // in the new colours, or it shows what is wrong
            }
        } catch (error) {
            console.warn(url, error);
        }
        for (const image of left.filter((image) => held.has(image))) loadByItself(image);
    }

    // ---- When ----

    const before = new MutationObserver((changes) => {
        for (const { addedNodes } of changes) {
            for (const node of addedNodes) {
                if (node.nodeName === "IMG" && node.loading === "lazy") hold(node);
            }
        }
    });

    const kFar = 0, kNear = 1, kSeen = 2;

    // Those on the screen first, then those near it. Before it prints a browser waits for lazy
    // pictures, but not for scripts: then all load by themselves.
    function loadInOrder(strips) {
        const stripOf = new WeakMap();
        let underway = 0;

        const begin = async () => {
            const waiting = (nearness) => strips.find((strip) => strip.nearness === nearness);
            while (underway < kStripsUnderway) {
                const strip = waiting(kSeen) ?? waiting(kNear);
                if (strip === undefined) return;
                strips.splice(strips.indexOf(strip), 1);
                underway += 1;
                load(strip).then(() => {
                    underway -= 1;
                    begin();
                });
            }
        };
        const watch = (nearness, rootMargin) => {
            const observer = new IntersectionObserver(
                (entries) => {
                    for (const { target, isIntersecting } of entries) {
                        if (!isIntersecting) continue;
                        observer.unobserve(target);
                        const strip = stripOf.get(target);
                        strip.nearness = Math.max(strip.nearness, nearness);
                    }
                    begin();
                },
                { rootMargin },
            );
            return observer;
        };
        const observers = [watch(kSeen, "0px"), watch(kNear, kAhead)];
        for (const strip of strips) {
            strip.nearness = kFar;
            for (const image of strip.images) {
                stripOf.set(image, strip);
                for (const observer of observers) observer.observe(image);
            }
        }
        addEventListener("beforeprint", () => {
            if (dark.matches && document.querySelector("picture") !== null) return; // kurabe.js does
            strips.length = 0;
            held.forEach(loadByItself);
        });
    }

    const isOfStrip = (image) => image.src?.startsWith("data:");

    // A picture of a strip is of one colour scheme; by their addresses pictures follow the page.
    function leaveStrips() {
        for (const image of document.querySelectorAll("picture > img[data-address]")) {
            if (!isOfStrip(image)) continue;
            image.loading = "lazy";
            loadByItself(image);
        }
    }

    // What the browser offers to do with a picture is for its address, which others can see, too.
    function giveAddress({ target }) {
        if (isOfStrip(target)) loadByItself(target);
    }

    const isWanted = !document.cookie.split("; ").includes("strips=false");

    if (isWanted) before.observe(document, { childList: true, subtree: true });

    document.addEventListener("DOMContentLoaded", () => {
        before.disconnect();
        loadInOrder(stripsOf(held));
        addEventListener("contextmenu", giveAddress);
        addEventListener("dragstart", giveAddress);
        dark.addEventListener("change", leaveStrips);
    });
}
