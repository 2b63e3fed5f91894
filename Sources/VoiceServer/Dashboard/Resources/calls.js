"use strict";

// What the page knows, as a pure function of what the server said: `reduce` gives the next state and changes nothing.
// Events are kept by session and `seq`. Each counts once, in whatever order and however often it comes.

const emptyState = Object.freeze({
  calls: {},
  next: null, // the path of the next older page
  isListed: false,
  link: { status: "connecting", message: "" },
  clock: 0, // counts actions, so that an answer can be told from what came after its request
});

function reduce(state, action) {
  const now = { ...state, clock: state.clock + 1 };
  switch (action.type) {
  case "listed": return listed(now, action);
  case "events": return { ...now, calls: withEvents(now, action.events) };
  case "loaded": return changed(now, action.id, call => ({ ...call, isLoaded: true }));
  case "gone": return { ...now, calls: without(now.calls, [action.id]) };
  case "link": return { ...linked(now, action), link: { status: action.status, message: action.message || "" } };
  default: return now;
  }
}

function newCall(id, clock) {
  return { id, since: clock, session: null, events: {}, contiguous: 0, newest: 0, isLoaded: false };
}

function changed(state, id, change) {
  const call = state.calls[id];
  return call ? { ...state, calls: { ...state.calls, [id]: change(call) } } : state;
}

function without(calls, ids) {
  const rest = { ...calls };
  for (const id of ids) delete rest[id];
  return rest;
}

// A list of sessions, from the newest on where `isTop`. Calls that it should hold and does not are gone from the server.
// `histories` has all events of some of the calls.
function listed(state, { sessions, next, isTop, asOf, setsNext, histories = {} }) {
  let calls = { ...state.calls };
  for (const session of sessions) {
    const id = session.session_id;
    calls[id] = withSession(calls[id] || newCall(id, state.clock), session);
  }
  if (isTop) {
    const ids = new Set(sessions.map(session => session.session_id));
    const oldest = next === null ? null : calls[sessions[sessions.length - 1].session_id];
    const isMissing = call => call.session !== null && !ids.has(call.id) && call.since <= asOf && (oldest === null || byAge(call, oldest) < 0);
    calls = without(calls, Object.values(calls).filter(isMissing).map(call => call.id));
  }
  calls = withEvents({ calls, clock: state.clock }, Object.values(histories).flat());
  for (const id of Object.keys(histories)) if (calls[id]) calls[id] = { ...calls[id], isLoaded: true };
  return { ...state, calls, isListed: true, next: setsNext ? next : state.next };
}

function withEvents(state, events) {
  const calls = { ...state.calls };
  const copied = new Set();
  for (const event of events) {
    const id = event.session_id;
    if (!id || !(event.seq >= 1)) continue;
    const known = calls[id] || newCall(id, state.clock);
    if (known.events[event.seq]) continue;
    let call = copied.has(id) ? known : { ...known, events: { ...known.events } };
    call.events[event.seq] = event;
    call.newest = Math.max(call.newest, event.seq);
    while (call.events[call.contiguous + 1]) call.contiguous += 1;
    if (event.session) call = withSession(call, event.session);
    calls[id] = call;
    copied.add(id);
  }
  return calls;
}

// While the server was away, anything may have happened in calls that had not ended.
function linked(state, action) {
  if (action.status !== "away") return state;
  const calls = {};
  for (const call of Object.values(state.calls)) calls[call.id] = hasEnded(call) ? call : { ...call, isLoaded: false };
  return { ...state, calls };
}

const stateRank = { created: 0, active: 1, stopped: 2 };

// The newer of two descriptions of a session counts.
function withSession(call, session) {
  const known = call.session;
  if (known) {
    if (session.last_activity_at < known.last_activity_at) return call;
    if (session.last_activity_at === known.last_activity_at && stateRank[session.state] < stateRank[known.state]) return call;
  }
  return { ...call, session };
}

// Whether all events of a call are here and the last one says that it has stopped.
function hasEnded(call) {
  const last = call.events[call.newest];
  return call.contiguous === call.newest && last !== undefined && last.type === "voice.session.stopped";
}

function isRunning(call) {
  return call.session === null || call.session.state !== "stopped";
}

// Newest first, as the REST API has them.
function byAge(one, other) {
  const key = call => (call.session ? call.session.created_at : "9") + " " + call.id;
  return key(one) < key(other) ? 1 : key(one) > key(other) ? -1 : 0;
}

function orderedCalls(state) {
  return Object.values(state.calls).sort(byAge);
}

// The calls whose events are not all here, those that run first, and after which number each goes on.
function wantedHistories(state) {
  return orderedCalls(state)
    .filter(call => call.contiguous < call.newest || (!call.isLoaded && !hasEnded(call)))
    .sort((one, other) => isRunning(other) - isRunning(one))
    .map(call => ({ id: call.id, after: call.contiguous }));
}

// What a call looks like: its lines in order, the caller's words so far, how it stands.
function callView(call) {
  const view = { lines: [], partial: null, hasStopped: false, streams: 0, latencies: {} };
  for (const event of Object.values(call.events)) show(view, event);
  for (const line of view.lines) {
    if (line.kind !== "agent") continue;
    if (view.hasStopped && line.heard === null) line.heard = "";
    if (view.hasStopped) line.isPaused = false;
    line.latency = view.latencies[line.turn] || null;
  }
  const session = call.session;
  const standing = session === null ? "unknown" : session.interrupted ? "interrupted" : session.state;
  return { lines: view.lines, partial: view.hasStopped ? null : view.partial, standing, isLoading: !call.isLoaded && !hasEnded(call) };
}

const words = reason => String(reason || "").replaceAll("_", " ");

function newestLine(view, matches) {
  for (let index = view.lines.length - 1; index >= 0; index -= 1) if (matches(view.lines[index])) return view.lines[index];
  return null;
}

function show(view, event) {
  const add = (kind, fields) => view.lines.push({ kind, at: event.timestamp, ...fields });
  const answer = () => newestLine(view, line => line.kind === "agent" && line.turn === event.turn);
  switch (event.type) {
  case "voice.session.active":
    if (view.streams > 0) add("note", { text: "the line is back" });
    view.streams += 1;
    break;
  case "voice.session.interrupted":
    view.partial = null;
    for (const line of view.lines) if (line.kind === "agent" && line.heard === null) line.heard = "";
    add("warning", { text: "the line is away: " + words(event.reason) });
    break;
  case "voice.session.stopped":
    view.hasStopped = true;
    add("note", { text: "ended: " + words(event.reason) });
    break;
  case "voice.stt.partial": view.partial = event.text; break;
  case "voice.stt.dismissed":
    view.partial = null;
    add("note", { text: (event.text ? "“" + event.text + "”" : "a sound") + " (" + words(event.reason) + ")" });
    break;
  case "voice.stt.final":
    view.partial = null;
    add("caller", { label: "caller", turn: event.turn, text: event.text });
    break;
  case "voice.dtmf": add("caller", { label: "key", text: event.digit, isKey: true }); break;
  case "voice.dtmf.entered":
    while (view.lines.length > 0 && view.lines[view.lines.length - 1].isKey) view.lines.pop();
    add("caller", { label: "keys", turn: event.turn, text: event.digits });
    break;
  case "voice.assistant.text":
    add("agent", { label: "agent", turn: event.turn, text: event.text, heard: null, isComplete: false, isPaused: false });
    break;
  case "voice.assistant.heard": {
    const line = answer();
    if (line) Object.assign(line, { heard: event.text, isComplete: event.complete === true, isPaused: false });
    break;
  }
  case "voice.assistant.paused":
  case "voice.assistant.resumed": {
    const line = answer();
    if (line) line.isPaused = event.type === "voice.assistant.paused";
    break;
  }
  case "voice.assistant.filler": add("note", { text: "“" + event.text + "” (filler)" }); break;
  case "voice.tool.called": add("tool", { id: event.tool_call_id, name: event.name, input: event.arguments, status: "running" }); break;
  case "voice.tool.finished": {
    const line = newestLine(view, line => line.kind === "tool" && line.id === event.tool_call_id);
    const outcome = { status: event.status, result: event.result, tookMs: event.took_ms };
    if (line) Object.assign(line, outcome);
    else add("tool", { id: event.tool_call_id, name: event.name, ...outcome });
    break;
  }
  case "voice.turn.metrics": view.latencies[event.turn] = event; break;
  case "error": add("error", { text: event.stage + ": " + event.error }); break;
  }
}

// The parts of an answer: what was heard of it, and what was not; all is still to come while it is being said.
function answerParts(line) {
  if (line.heard === null) return { heard: line.text, unheard: "", isBeingSaid: true };
  if (line.isComplete) return { heard: line.text, unheard: "", isBeingSaid: false };
  const rest = line.text.startsWith(line.heard) ? line.text.slice(line.heard.length) : line.text;
  return { heard: line.heard, unheard: rest, isBeingSaid: false };
}

// Reads server-sent events from a text that grows: gives the events of whole frames, their last id, and what is left.
function parseEventStream(text) {
  const frames = text.split("\n\n");
  const rest = frames.pop();
  const events = [];
  let position = null;
  for (const frame of frames) {
    for (const line of frame.split("\n")) {
      if (line.startsWith("data: ")) events.push(JSON.parse(line.slice(6)));
      if (line.startsWith("id: ")) position = Number(line.slice(4));
    }
  }
  return { events, position, rest };
}
