
// Draws the state, and keeps it level with the server: the list first, then the event stream, and the events of each call that came before.

const token = new URLSearchParams(location.search).get("token") || "";
const pageSize = 25;
const byId = id => document.getElementById(id);

let state = emptyState;
let drawing = 0;

function dispatch(action) {
  state = reduce(state, action);
  if (!drawing) drawing = requestAnimationFrame(draw);
  loadHistories();
}

// Drawing

const cards = new Map();
const moments = new Intl.DateTimeFormat([], {
  year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short",
});

function element(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

function moment(text) {
  const node = element("time", "soft", moments.format(new Date(text)));
  node.dateTime = text;
  node.title = text;
  return node;
}

function draw() {
  drawing = 0;
  const { status, message } = state.link;
  byId("status").className = status;
  byId("status").textContent = { live: "live", connecting: "connecting…", away: "reconnecting…" }[status];
  byId("problem").hidden = status !== "away";
  // Said again only where it changes, so that a screen reader does not repeat it.
  if (byId("problem").textContent !== message) byId("problem").textContent = message;
  const calls = orderedCalls(state);
  byId("none").hidden = !state.isListed || calls.length > 0;
  byId("older").hidden = state.next === null;
  for (const [id, card] of cards) if (!state.calls[id]) { card.node.remove(); cards.delete(id); }
  let place = byId("calls").firstChild;
  for (const call of calls) {
    const card = cards.get(call.id) || newCard(call.id);
    if (card.call !== call) drawCall(card, call);
    if (card.node === place) place = place.nextSibling;
    else byId("calls").insertBefore(card.node, place);
  }
}

function newCard(id) {
  const node = element("article", "call");
  const header = element("header");
  const lines = element("ol");
  node.append(header, lines);
  const card = { node, header, lines, drawn: [], call: null, duration: null };
  cards.set(id, card);
  return card;
}

function drawCall(card, call) {
  card.call = call;
  const view = callView(call);
  card.node.className = "call " + view.standing;
  card.node.setAttribute("aria-label", "call " + call.id);
  drawHeader(card, call, view);
  const lines = view.partial ? [...view.lines, { kind: "caller partial", label: "caller", text: view.partial }] : view.lines;
  lines.forEach((line, index) => {
    const drawn = JSON.stringify(line);
    if (card.drawn[index] === drawn) return;
    card.drawn[index] = drawn;
    const old = card.lines.children[index];
    if (old) old.replaceWith(lineNode(line));
    else card.lines.append(lineNode(line));
  });
  card.drawn.length = lines.length;
  while (card.lines.children.length > lines.length) card.lines.lastChild.remove();
}

function drawHeader(card, call, view) {
  const parts = [];
  card.duration = null;
  if (call.session) {
    const { from_number: from, to_number: to } = call.session.transport_metadata;
    parts.push(element("strong", "", (from || "withheld") + " → " + to));
    const { interrupted } = call.session;
    const standing = element("span", "standing", view.standing + (interrupted ? ": " + words(interrupted.reason) : ""));
    if (interrupted) standing.title = "since " + moments.format(new Date(interrupted.since));
    parts.push(standing, moment(call.session.created_at));
    card.duration = element("span", "soft", durationText(call.session));
    parts.push(card.duration);
    if (call.session.agent) parts.push(element("span", "soft", "agent " + call.session.agent));
  }
  parts.push(element("span", "id", call.id));
  if (view.isLoading && state.link.status !== "away") parts.push(element("span", "soft", "loading…"));
  card.header.replaceChildren(...parts);
}

function durationText(session) {
  const end = session.stopped_at ? new Date(session.stopped_at) : new Date();
  const seconds = Math.max(0, Math.round((end - new Date(session.created_at)) / 1000));
  return Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0") + " min";
}

function lineNode(line) {
  const item = element("li", line.kind);
  item.title = line.at ? moments.format(new Date(line.at)) : "";
  const text = element("span");
  item.append(element("b", "", line.label || (line.kind === "error" ? "error" : "")), text);
  switch (line.kind) {
  case "agent": fillAnswer(text, line); break;
  case "tool": {
    const input = line.input === undefined ? "" : " " + (typeof line.input === "string" ? line.input : JSON.stringify(line.input));
    const took = line.tookMs === undefined ? "" : " (" + line.tookMs + " ms)";
    text.textContent = "tool " + line.name + input + " · " + words(line.status) + took + (line.result ? ": " + line.result : "");
    if (line.status !== "done" && line.status !== "running") item.className = "tool error";
    break;
  }
  default: text.textContent = line.text;
  }
  return item;
}

function fillAnswer(text, line) {
  const { heard, unheard, isBeingSaid } = answerParts(line);
  text.append(heard);
  if (unheard) {
    const rest = element("s", "", unheard);
    rest.title = "the caller did not hear this";
    text.append(" ", rest);
  }
  const remarks = [];
  if (line.isPaused) remarks.push("waits");
  else if (isBeingSaid) remarks.push("speaking");
  if (line.latency) remarks.push("answered after " + line.latency.response + " ms");
  if (remarks.length === 0) return;
  const remark = element("small", "", remarks.join(" · "));
  if (line.latency) {
    const stages = ["endpoint", "stt", "chat_first_token", "tts_first_audio", "wire", "at_ear"].filter(stage => line.latency[stage] !== undefined);
    remark.title = stages.map(stage => words(stage) + " " + line.latency[stage] + " ms").join(", ");
  }
  text.append(" ", remark);
}

setInterval(() => {
  for (const card of cards.values()) {
    if (card.duration && card.call.session.state !== "stopped") card.duration.textContent = durationText(card.call.session);
  }
}, 1000);

// Talking to the server

class ServerError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function ask(path, accept, signal) {
  const response = await fetch(path, { headers: { Authorization: "Bearer " + token, Accept: accept }, cache: "no-store", signal });
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new ServerError(response.status, problem.error || "the server answered " + response.status);
}

async function getJSON(path, signal) {
  const limit = AbortSignal.timeout(30000);
  return (await ask(path, "application/json", signal ? AbortSignal.any([signal, limit]) : limit)).json();
}

// The newest sessions with their events, as many as are shown; in one request where that is possible, since the link may be slow.
async function list(count, signal) {
  const size = Math.min(Math.max(count, pageSize), 500);
  const found = await getJSON("/api/voice/sessions?events=true&limit=" + size, signal);
  while (found.next && found.sessions.length < count) {
    const more = await getJSON(found.next, signal);
    found.sessions.push(...more.sessions);
    Object.assign(found.events, more.events);
    found.next = more.next;
  }
  return found;
}

let link = null; // the connection of the moment

async function connect() {
  link = { abort: new AbortController(), position: 0, isLive: false, heardAt: Date.now(), lag: 0 };
  const { signal } = link.abort;
  const asOf = state.clock;
  const found = await list(Object.keys(state.calls).length, signal);
  dispatch({ type: "listed", sessions: found.sessions, next: found.next, histories: found.events, isTop: true, asOf, setsNext: true });
  link.position = found.last_event_id;
  const response = await ask("/api/voice/events?last_event_id=" + found.last_event_id, "text/event-stream", signal);
  link.isLive = true;
  dispatch({ type: "link", status: "live" });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    link.heardAt = Date.now();
    const { events, position, rest } = parseEventStream(text + value);
    text = rest;
    if (position !== null) link.position = position;
    if (events.length > 0) dispatch({ type: "events", events });
  }
}

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

function problemText(error) {
  if (error instanceof ServerError && error.status === 401) {
    return "The token in this page's address is not accepted. Open the address that the server printed when it started.";
  }
  if (error instanceof ServerError) return "The server cannot answer: " + error.message + ". Trying again…";
  return "The server does not answer. Trying again…";
}

let tryNow = () => {}; // ends the wait for the next attempt

async function stayConnected() {
  for (let failures = 0; ; failures += 1) {
    let problem = null;
    try { await connect(); } catch (error) { problem = error; }
    if (link.isLive) failures = 0;
    link.isLive = false;
    link.abort.abort();
    dispatch({ type: "link", status: "away", message: problemText(problem) });
    // A server that is back is found within two seconds; a tab that nobody looks at may wait longer.
    const longest = document.hidden ? 15000 : 1500;
    const wait = Math.min(longest, 250 * 2 ** failures) * (0.8 + 0.2 * Math.random());
    await Promise.race([pause(wait), new Promise(resolve => { tryNow = resolve; })]);
  }
}

// Deleted sessions tell no event, and a dead line says nothing: both are noticed here.
setInterval(async () => {
  const current = link;
  if (document.hidden || !current || !current.isLive) return;
  if (Date.now() - current.heardAt > 40000) return current.abort.abort();
  const asOf = state.clock;
  try {
    const found = await getJSON("/api/voice/sessions?limit=" + pageSize, current.abort.signal);
    if (current !== link) return;
    dispatch({ type: "listed", sessions: found.sessions, next: found.next, isTop: true, asOf, setsNext: false });
    current.lag = found.last_event_id > current.position ? current.lag + 1 : 0;
    if (current.lag > 2) current.abort.abort();
  } catch {
    current.abort.abort();
  }
}, 5000);

// Histories of calls, a few at a time

const loading = new Set();

function loadHistories() {
  if (!link || !link.isLive || link.abort.signal.aborted) return;
  for (const { id, after } of wantedHistories(state)) {
    if (loading.size >= 3) return;
    if (!loading.has(id)) loadHistory(id, after, link.abort.signal);
  }
}

async function loadHistory(id, after, signal) {
  loading.add(id);
  let outcome = null;
  try {
    let path = "/api/voice/sessions/" + encodeURIComponent(id) + "/events?limit=500&after=" + after;
    while (path) {
      const page = await getJSON(path, signal);
      dispatch({ type: "events", events: page.events });
      path = page.next;
    }
    outcome = { type: "loaded", id };
    if (!state.calls[id] || !state.calls[id].session) {
      const session = await getJSON("/api/voice/sessions/" + encodeURIComponent(id), signal);
      dispatch({ type: "listed", sessions: [session], next: null, isTop: false });
    }
  } catch (error) {
    // Erased meanwhile; whatever else went wrong is tried again in a moment.
    if (error instanceof ServerError && [400, 404].includes(error.status)) outcome = { type: "gone", id };
    else if (!signal.aborted) await pause(1000);
  }
  if (outcome && !signal.aborted) dispatch(outcome);
  const call = state.calls[id];
  if (call && call.contiguous < call.newest && !signal.aborted) await pause(1000);
  loading.delete(id);
  loadHistories();
}

byId("older").addEventListener("click", async () => {
  const button = byId("older");
  button.disabled = true;
  try {
    const found = await getJSON(state.next);
    dispatch({ type: "listed", sessions: found.sessions, next: found.next, histories: found.events, isTop: false, setsNext: true });
  } catch (error) {
    dispatch({ type: "link", status: "away", message: problemText(error) });
    if (link) link.abort.abort();
  }
  button.disabled = false;
});

addEventListener("online", () => tryNow());
document.addEventListener("visibilitychange", () => { if (!document.hidden) tryNow(); });
stayConnected();
