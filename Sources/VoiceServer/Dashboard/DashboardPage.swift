/// The dashboard's page.
enum DashboardPage {
    /// HTML, style and script in one.
    static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>AgentOS Voice</title>
        <style>
        :root { color-scheme: light dark; --line: #8884; --soft: #888; --agent: #2a7; --caller: #27c; }
        body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 62rem; padding: 1rem; }
        h1 { font-size: 1.15rem; margin: 0 0 1rem; display: flex; gap: .75rem; align-items: baseline; }
        h1 small { color: var(--soft); font-weight: normal; font-size: .85rem; }
        .call { border: 1px solid var(--line); border-radius: 8px; margin-bottom: .75rem; padding: .6rem .9rem; }
        .call header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; }
        .state { border-radius: 9px; padding: 0 .6em; font-size: .8rem; background: var(--line); }
        .active .state { background: var(--agent); color: #fff; }
        .stopped { opacity: .75; }
        .id, .when { color: var(--soft); font-size: .8rem; }
        ol { list-style: none; margin: .4rem 0 0; padding: 0; }
        li { padding: .1rem 0; overflow-wrap: anywhere; }
        li b { display: inline-block; min-width: 4.5rem; }
        .caller b { color: var(--caller); } .assistant b { color: var(--agent); }
        .note { color: var(--soft); font-size: .85rem; }
        s { color: var(--soft); }
        .partial span { color: var(--soft); font-style: italic; }
        .paused::after { content: " · waits"; color: var(--soft); font-size: .85rem; }
        </style>
        </head>
        <body>
        <h1>AgentOS Voice <small id="status">connecting…</small></h1>
        <main id="calls"></main>
        <p id="none" class="note">No calls yet. Point a Twilio number at this server, or run <code>agentos call</code>.</p>
        <script>
        "use strict";
        const token = new URLSearchParams(location.search).get("token") || "";
        const calls = new Map();
        const byId = id => document.getElementById(id);
        function element(tag, name, text) {
          const node = document.createElement(tag);
          if (name) node.className = name;
          if (text !== undefined) node.textContent = text;
          return node;
        }
        function call(event) {
          let known = calls.get(event.session_id);
          if (known) return known;
          byId("none").hidden = true;
          const card = element("section", "call");
          const header = element("header");
          known = { card, who: element("strong"), state: element("span", "state"), lines: element("ol"), answers: new Map() };
          header.append(known.who, known.state, element("span", "when", event.timestamp.slice(0, 19).replace("T", " ")),
            element("span", "id", event.session_id));
          card.append(header, known.lines);
          byId("calls").prepend(card);
          calls.set(event.session_id, known);
          return known;
        }
        function line(known, name, who, text) {
          const item = element("li", name);
          item.append(element("b", "", who), element("span", "", text));
          known.lines.append(item);
          return item;
        }
        // The words so far stand in one line, until they are final or were none.
        function partial(known, text) {
          if (text && known.partial) known.partial.lastChild.textContent = text;
          else if (text) known.partial = line(known, "caller partial", "caller", text);
          else if (known.partial) { known.partial.remove(); known.partial = null; }
        }
        function paused(known, turn, waits) {
          const answer = known.answers.get(turn);
          if (answer) answer.classList.toggle("paused", waits);
        }
        function dismissed(known, event) {
          partial(known, "");
          const why = event.reason.replace("_", " ");
          line(known, "note", "", event.text ? "“" + event.text + "” (" + why + ")" : "a sound (" + why + ")");
        }
        function show(event) {
          if (!event.session_id) return;
          const known = call(event);
          if (event.session) {
            const meta = event.session.transport_metadata;
            known.who.textContent = (meta.from_number || "withheld") + " → " + meta.to_number;
            known.state.textContent = event.session.state;
            known.card.className = "call " + event.session.state;
          }
          switch (event.type) {
          case "voice.stt.partial": partial(known, event.text); break;
          case "voice.stt.dismissed": dismissed(known, event); break;
          case "voice.stt.final": partial(known, ""); line(known, "caller", "caller", event.text); break;
          case "voice.assistant.text": known.answers.set(event.turn, line(known, "assistant", "agent", event.text)); break;
          case "voice.assistant.paused": paused(known, event.turn, true); break;
          case "voice.assistant.resumed": paused(known, event.turn, false); break;
          case "voice.assistant.heard": {
            paused(known, event.turn, false);
            const answer = known.answers.get(event.turn);
            if (answer && !event.complete) {
              const all = answer.lastChild.textContent;
              answer.lastChild.textContent = event.text + " ";
              answer.append(element("s", "", all.slice(event.text.length)));
            }
            break;
          }
          case "voice.assistant.filler": line(known, "note", "", "“" + event.text + "”"); break;
          case "voice.tool.called": line(known, "note", "", event.name + " …"); break;
          case "voice.tool.finished":
            line(known, "note", event.status === "done" ? "" : "error", event.name + " " + event.status.replace("_", " ") + ": " + event.result);
            break;
          case "voice.turn.metrics": line(known, "note", "", "answered after " + event.response + " ms"); break;
          case "voice.dtmf": line(known, "caller", "key", event.digit); break;
          case "voice.dtmf.entered": line(known, "caller", "keys", event.digits); break;
          case "voice.session.stopped": partial(known, ""); line(known, "note", "", "ended: " + event.reason); break;
          case "error": line(known, "note", "error", event.stage + ": " + event.error); break;
          }
        }
        const get = async path => (await fetch(path, { headers: { Authorization: "Bearer " + token } })).json();
        async function begin() {
          const list = await get("/api/voice/sessions?limit=25");
          for (const session of list.sessions.reverse()) {
            const id = session.session_id;
            show({ type: "session", session_id: id, timestamp: session.created_at, session });
            const { turns } = await get("/api/voice/sessions/" + encodeURIComponent(id) + "/transcript");
            for (const turn of turns) {
              if (turn.role === "caller") { show({ type: "voice.stt.final", session_id: id, text: turn.text }); continue; }
              show({ type: "voice.assistant.text", session_id: id, turn: turn.turn, text: turn.text });
              show({ type: "voice.assistant.heard", session_id: id, turn: turn.turn, text: turn.heard, complete: turn.heard === turn.text });
            }
            if (session.stop_reason) show({ type: "voice.session.stopped", session_id: id, reason: session.stop_reason });
          }
          const source = new EventSource("/api/voice/events?last_event_id=" + list.last_event_id + "&token=" + encodeURIComponent(token));
          source.onopen = () => byId("status").textContent = "live";
          source.onerror = () => byId("status").textContent = "reconnecting…";
          source.onmessage = message => show(JSON.parse(message.data));
        }
        begin().catch(error => byId("status").textContent = "cannot read the calls: " + error);
        </script>
        </body>
        </html>
        """
}
