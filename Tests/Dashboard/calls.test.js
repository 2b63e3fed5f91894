"use strict";

// What the dashboard makes of events, without a browser: node --test Tests/Dashboard/calls.test.js

const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { test } = require("node:test");

const source = readFileSync(join(__dirname, "../../Sources/VoiceServer/Dashboard/Resources/calls.js"), "utf8");
const names = "emptyState, reduce, orderedCalls, wantedHistories, callView, answerParts, parseEventStream";
const { emptyState, reduce, orderedCalls, wantedHistories, callView, answerParts, parseEventStream } = new Function(source + "\nreturn {" + names + "};")();

const id = "twilio-CA1";
const at = seconds => "2026-01-31T09:05:" + String(seconds).padStart(2, "0") + ".000000Z";

function session(state, changed = 0, rest = {}) {
  return {
    session_id: id, state, created_at: at(0), last_activity_at: at(changed), stopped_at: null, interrupted: null,
    transport_metadata: { from_number: "+14155551234", to_number: "+14155555678" }, ...rest,
  };
}

// Events with their numbers, a second apart.
function numbered(...events) {
  return events.map((event, index) => ({ session_id: id, seq: index + 1, timestamp: at(index), ...event }));
}

const call = numbered(
  { type: "voice.session.created", session: session("created", 0) },
  { type: "voice.session.active", session: session("active", 1) },
  { type: "voice.stt.partial", text: "what are", turn: 1 },
  { type: "voice.stt.final", text: "what are your hours", turn: 1 },
  { type: "voice.tool.called", tool_call_id: "c1", name: "hours", arguments: { day: "friday" }, turn: 1 },
  { type: "voice.tool.finished", tool_call_id: "c1", name: "hours", status: "failed", result: "no such day", took_ms: 9, turn: 1 },
  { type: "voice.assistant.text", text: "We are open from nine to five.", turn: 1 },
  { type: "voice.turn.metrics", turn: 1, response: 541, endpoint: 528 },
  { type: "voice.assistant.paused", turn: 1, played_ms: 100 },
  { type: "voice.assistant.resumed", turn: 1, played_ms: 100 },
  { type: "voice.barge_in", turn: 1, played_ms: 900 },
  { type: "voice.assistant.heard", text: "We are open", turn: 1, complete: false },
  { type: "error", stage: "stt", error: "too late" },
  { type: "voice.session.stopped", reason: "call_completed", session: session("stopped", 14, { stopped_at: at(14) }) },
);

const told = (...lists) => lists.reduce((state, events) => reduce(state, { type: "events", events }), emptyState);
const view = state => callView(state.calls[id]);
const withoutClock = state => ({ ...state, clock: 0, calls: { [id]: { ...state.calls[id], since: 0 } } });

test("a call is what its events say", () => {
  const { lines, partial, standing } = view(told(call));
  assert.deepEqual(lines.map(line => line.kind), ["caller", "tool", "agent", "error", "note"]);
  assert.equal(partial, null);
  assert.equal(standing, "stopped");
  assert.deepEqual([lines[1].status, lines[1].result, lines[1].input], ["failed", "no such day", { day: "friday" }]);
  assert.equal(lines[2].latency.response, 541);
  assert.deepEqual(answerParts(lines[2]), { heard: "We are open", unheard: " from nine to five.", isBeingSaid: false });
});

test("a list with all events of a call leaves nothing to ask for", () => {
  const listed = rest => ({ type: "listed", sessions: [session("stopped", 14)], next: null, isTop: true, asOf: 0, setsNext: true, ...rest });
  const whole = reduce(emptyState, listed({ histories: { [id]: call } }));
  assert.deepEqual(view(whole).lines, view(told(call)).lines);
  assert.deepEqual(wantedHistories(whole), []);
  assert.deepEqual(wantedHistories(reduce(emptyState, listed({ histories: {} }))), [{ id, after: 0 }]);
});

test("events in any order, twice and in pieces make the same call", () => {
  const whole = told(call);
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 200; round += 1) {
    const shuffled = [...call, ...call.slice(0, Math.floor(random() * call.length))].sort(() => random() - 0.5);
    const cut = Math.floor(random() * shuffled.length);
    assert.deepEqual(withoutClock(told(shuffled.slice(0, cut), shuffled.slice(cut))), withoutClock(whole));
  }
});

test("nothing that was known is changed by what comes", () => {
  const before = told(call.slice(0, 5));
  const copy = structuredClone(before);
  reduce(before, { type: "events", events: call.slice(5) });
  reduce(before, { type: "link", status: "away", message: "" });
  reduce(before, { type: "listed", sessions: [], next: null, isTop: true, asOf: 99, setsNext: true });
  assert.deepEqual(before, copy);
});

test("a page that is opened in the middle of an answer does not strike it out", () => {
  const late = told(call.slice(7, 11));
  assert.deepEqual(view(late).lines, []);
  assert.deepEqual(wantedHistories(late), [{ id, after: 0 }]);
  const middle = reduce(late, { type: "events", events: call.slice(0, 7) });
  const answer = view(middle).lines.find(line => line.kind === "agent");
  assert.deepEqual(answerParts(answer), { heard: "We are open from nine to five.", unheard: "", isBeingSaid: true });
});

test("an answer that is heard whole is not struck out, whatever its words", () => {
  const events = numbered(
    { type: "voice.session.active", session: session("active") }, { type: "voice.assistant.text", text: "Hello!", turn: 1 },
    { type: "voice.assistant.heard", text: "Hello", turn: 1, complete: true },
  );
  assert.deepEqual(answerParts(view(told(events)).lines[0]), { heard: "Hello!", unheard: "", isBeingSaid: false });
});

test("words so far stand there until they are final, dismissed, or the call ends", () => {
  const active = { type: "voice.session.active", session: session("active") };
  const partial = { type: "voice.stt.partial", text: "what", turn: 1 };
  assert.equal(view(told(numbered(active, partial))).partial, "what");
  const dismissed = { type: "voice.stt.dismissed", text: "", reason: "no_words" };
  assert.equal(view(told(numbered(active, partial, dismissed))).partial, null);
  const stopped = { type: "voice.session.stopped", reason: "stream_stopped", session: session("stopped", 9) };
  assert.equal(view(told(numbered(active, partial, stopped))).partial, null);
});

test("a line that is away says so until it is back", () => {
  const interrupted = { reason: "stream_lost", since: at(3) };
  const events = numbered(
    { type: "voice.session.active", session: session("active", 1) }, { type: "voice.assistant.text", text: "Hello there", turn: 1 },
    { type: "voice.session.interrupted", reason: "stream_lost", session: session("active", 3, { interrupted }) },
    { type: "voice.session.active", session: session("active", 4) },
  );
  const away = view(told(events.slice(0, 3)));
  assert.equal(away.standing, "interrupted");
  assert.deepEqual(away.lines.map(line => line.kind), ["agent", "warning"]);
  assert.equal(answerParts(away.lines[0]).heard, "", "nobody hears it any more");
  const back = view(told(events));
  assert.equal(back.standing, "active");
  assert.equal(back.lines.at(-1).text, "the line is back");
});

test("keys become one line once they are a turn", () => {
  const keys = [{ type: "voice.dtmf", digit: "4" }, { type: "voice.dtmf", digit: "2" }];
  assert.deepEqual(view(told(numbered(...keys))).lines.map(line => line.text), ["4", "2"]);
  const entered = numbered(...keys, { type: "voice.dtmf.entered", digits: "42", turn: 1 });
  assert.deepEqual(view(told(entered)).lines.map(line => [line.label, line.text]), [["keys", "42"]]);
});

test("after the server was away, everything that may have changed is asked for again, and nothing else", () => {
  const other = call.map(event => ({ ...event, session_id: "twilio-CA2" })).slice(0, 4);
  let state = told(call, other);
  for (const known of ["twilio-CA1", "twilio-CA2"]) state = reduce(state, { type: "loaded", id: known });
  assert.deepEqual(wantedHistories(state), []);
  state = reduce(state, { type: "link", status: "away", message: "gone" });
  assert.deepEqual(wantedHistories(state), [{ id: "twilio-CA2", after: 4 }]);
  assert.equal(state.link.message, "gone");
});

test("a hole in the events is filled from where it begins", () => {
  let state = reduce(told(call.slice(0, 3)), { type: "loaded", id });
  state = reduce(state, { type: "events", events: [call[5]] });
  assert.deepEqual(wantedHistories(state), [{ id, after: 3 }]);
});

test("the newer description of a session counts, whichever comes first", () => {
  const listed = { type: "listed", sessions: [session("stopped", 20)], next: null, isTop: true, asOf: 0, setsNext: true };
  const state = reduce(reduce(emptyState, listed), { type: "events", events: call.slice(0, 2) });
  assert.equal(state.calls[id].session.state, "stopped");
  assert.equal(reduce(told(call.slice(0, 2)), listed).calls[id].session.state, "stopped");
});

test("calls that a new list lacks are gone, except for those that came after it was asked for", () => {
  const named = (name, created) => ({ ...session("stopped", created), session_id: name, created_at: at(created) });
  const list = (sessions, next, asOf) => ({ type: "listed", sessions, next, isTop: true, asOf, setsNext: true });
  let state = reduce(emptyState, list([named("c", 3), named("b", 2), named("a", 1)], null, 0));
  assert.deepEqual(orderedCalls(state).map(call => call.id), ["c", "b", "a"]);
  const asOf = state.clock;
  state = reduce(state, { type: "events", events: [{ session_id: "d", seq: 1, timestamp: at(4), type: "voice.session.created", session: named("d", 4) }] });
  const page = reduce(state, list([named("c", 3), named("b", 2)], "/more", asOf));
  assert.deepEqual(orderedCalls(page).map(call => call.id), ["d", "c", "b", "a"], "older ones are on another page");
  assert.equal(page.next, "/more");
  const erased = reduce(state, list([named("a", 1)], null, asOf));
  assert.deepEqual(orderedCalls(erased).map(call => call.id), ["d", "a"]);
  assert.deepEqual(orderedCalls(reduce(state, list([], null, state.clock))), []);
});

test("an event stream is read frame by frame, however it is cut", () => {
  const text = ": events\n\nid: 7\ndata: {\"seq\":1}\n\n: alive\n\nid: 8\ndata: {\"seq\":2}\n\n";
  for (let cut = 0; cut <= text.length; cut += 1) {
    const first = parseEventStream(text.slice(0, cut));
    const second = parseEventStream(first.rest + text.slice(cut));
    assert.deepEqual([...first.events, ...second.events].map(event => event.seq), [1, 2]);
    assert.equal(second.position ?? first.position, 8);
    assert.equal(second.rest, "");
  }
});
