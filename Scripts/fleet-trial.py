#!/usr/bin/env python3
"""Two servers, a Redis and a balancer, all on this machine: calls go on while one server is killed and while Redis is.

Run it from the repository after a build: Scripts/fleet-trial.py [--agentos .build/debug/agentos] [--calls 6]
It leaves nothing behind, and exits 1 with what it found wrong.
"""
import argparse, asyncio, datetime, json, os, shutil, signal, socket, subprocess, sys, tempfile, time, urllib.request

TOKEN = "a-token-for-the-trial"
NGINX = """
daemon off; pid FOLDER/nginx.pid; error_log FOLDER/nginx.log;
events {}
http {
    access_log off; client_body_temp_path FOLDER/body; proxy_temp_path FOLDER/proxy;
    fastcgi_temp_path FOLDER/fastcgi; uwsgi_temp_path FOLDER/uwsgi; scgi_temp_path FOLDER/scgi;
    upstream agentos { SERVERS }
    map $http_upgrade $connection_upgrade { default upgrade; '' close; }
    server {
        listen 127.0.0.1:PORT;
        location / {
            proxy_pass http://agentos; proxy_http_version 1.1; proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;
            proxy_read_timeout 1h; proxy_buffering off; proxy_next_upstream error timeout non_idempotent;
        }
    }
}
"""
SPEECH = ["Samples/caller-opening-hours.wav", "Samples/caller-digits.wav", "Samples/caller-goodbye.wav"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Balancer:
    """Passes each connection to the next server that takes one."""

    def __init__(self, backends):
        self.backends, self.turn = backends, 0

    async def serve(self, port):
        self.server = await asyncio.start_server(self.accept, "127.0.0.1", port)

    async def accept(self, reader, writer):
        for _ in self.backends:
            self.turn += 1
            try:
                back_reader, back_writer = await asyncio.open_connection("127.0.0.1", self.backends[self.turn % len(self.backends)])
                break
            except OSError:
                continue
        else:
            return writer.close()
        await asyncio.gather(self.pass_on(reader, back_writer), self.pass_on(back_reader, writer))

    async def pass_on(self, reader, writer):
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        writer.close()


class Trial:
    def __init__(self, agentos, calls, nginx):
        self.agentos, self.calls, self.nginx = agentos, calls, nginx
        self.folder = tempfile.mkdtemp(prefix="agentos-fleet-")
        self.redis_port, self.balancer_port = free_port(), free_port()
        self.ports = {"a": free_port(), "b": free_port()}
        self.processes, self.faults = {}, []

    def log(self, name):
        return open(f"{self.folder}/{name}.log", "ab")

    def start_redis(self):
        command = ["redis-server", "--port", str(self.redis_port), "--save", "", "--appendonly", "no", "--dir", self.folder]
        self.processes["redis"] = subprocess.Popen(command, stdout=self.log("redis"), stderr=subprocess.STDOUT)

    def start_server(self, name):
        environment = dict(os.environ, REDIS_URL=f"redis://127.0.0.1:{self.redis_port}", AGENTOS_API_TOKEN=TOKEN)
        command = [self.agentos, "webui", "start", "--port", str(self.ports[name]), "--data-dir", f"{self.folder}/{name}", "--stt", "scripted"]
        command += ["--tts", "tone", "--drain-seconds", "2"]
        self.processes[name] = subprocess.Popen(command, env=environment, stdout=self.log(name), stderr=subprocess.STDOUT)

    async def start_balancer(self):
        if not self.nginx:
            self.balancer = Balancer(list(self.ports.values()))
            return await self.balancer.serve(self.balancer_port)
        servers = "".join(f"server 127.0.0.1:{port} max_fails=1 fail_timeout=2s;" for port in self.ports.values())
        text = NGINX.replace("FOLDER", self.folder).replace("PORT", str(self.balancer_port)).replace("SERVERS", servers)
        with open(f"{self.folder}/nginx.conf", "w") as file:
            file.write(text)
        command = ["nginx", "-c", f"{self.folder}/nginx.conf", "-e", f"{self.folder}/nginx.log"]
        self.processes["nginx"] = subprocess.Popen(command, stdout=self.log("nginx"), stderr=subprocess.STDOUT)

    def kill(self, name):
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def get(self, name, path):
        request = urllib.request.Request(f"http://127.0.0.1:{self.ports[name]}{path}", headers={"Authorization": f"Bearer {TOKEN}"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read().decode()

    async def until(self, what, test, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if await asyncio.to_thread(test):
                    return
            except OSError:
                pass
            await asyncio.sleep(0.1)
        self.faults.append(f"not within {seconds} s: {what}")

    def is_sharing(self, name):
        return json.loads(self.get(name, "/readyz")) == {"redis": "up", "status": "ready"}

    async def call(self, number):
        command = [self.agentos, "call", "--json", "--url", f"http://127.0.0.1:{self.balancer_port}/api/voice/twilio/inbound"]
        command += ["--from", f"+1415555{number:04d}"] + [word for clip in SPEECH for word in ("--audio", clip)]
        process = await asyncio.create_subprocess_exec(*command, stdout=self.log("calls"), stderr=self.log("calls"))
        await process.wait()

    def sessions(self, name, prefix):
        sessions = json.loads(self.get(name, "/api/voice/sessions?limit=500"))["sessions"]
        return [s for s in sessions if s["transport_metadata"]["from_number"].startswith(prefix)]

    def events(self, name, session):
        lines = self.get(name, f"/api/voice/sessions/{session}/events").splitlines()
        return [json.loads(line[6:]) for line in lines if line.startswith("data: ")]

    def check(self, names, first, title):
        """Every call is over, whole and the same wherever one asks."""
        numbers = [f"+1415555{first + index:04d}" for index in range(self.calls)]
        resumed = 0
        for number in numbers:
            told = []
            for name in names:
                found = self.sessions(name, number)
                if len(found) != 1 or found[0]["state"] != "stopped":
                    self.faults.append(f"{title}: {name} has of {number}: {[(s['session_id'], s['state']) for s in found]}")
                    continue
                events = self.events(name, found[0]["session_id"])
                if [event["seq"] for event in events] != list(range(1, len(events) + 1)):
                    self.faults.append(f"{title}: {name} has holes in {number}: {[event['seq'] for event in events]}")
                finals = [event for event in events if event["type"] == "voice.stt.final"]
                if len(finals) < len(SPEECH) - 1:
                    self.faults.append(f"{title}: {number} was heard only {len(finals)} times")
                told.append(events)
                if name == names[0]:
                    resumed += found[0]["metadata"]["resumes"]
            if any(events != told[0] for events in told):
                self.faults.append(f"{title}: {number} is not the same everywhere")
        print(f"{title}: {self.calls} calls, {resumed} resumes")
        return resumed

    def tell_gaps(self):
        """How long after the kill the calls had a stream again."""
        gaps = []
        for session in self.sessions("b", "+1"):
            actives = [event for event in self.events("b", session["session_id"]) if event["type"] == "voice.session.active"]
            gaps += [(datetime.datetime.fromisoformat(event["timestamp"]) - self.killed_at).total_seconds() for event in actives[1:]]
        print("streams again after the kill, in seconds:", *(f"{gap:.1f}" for gap in sorted(gaps)))

    async def place(self, first, meanwhile):
        async with asyncio.TaskGroup() as group:
            for index in range(self.calls):
                group.create_task(self.call(first + index))
            await meanwhile()

    def has_active(self, name, count):
        active = json.loads(self.get(name, "/api/voice/sessions?state=active"))["sessions"]
        return len(active) >= count

    async def run(self):
        self.start_redis()
        for name in self.ports:
            self.start_server(name)
        await self.start_balancer()
        for name in self.ports:
            await self.until(f"{name} shares", lambda name=name: self.is_sharing(name))

        async def kill_server():
            await self.until("calls run", lambda: self.has_active("b", self.calls))
            await asyncio.sleep(2)
            self.kill("a")
            self.killed_at = datetime.datetime.now(datetime.timezone.utc)
            print("server a is killed")

        await self.place(0, kill_server)
        await self.until("nothing is active", lambda: not self.has_active("b", 1))
        if self.check(["b"], 0, "a server killed") == 0:
            self.faults.append("a server killed: no call was resumed")
        self.tell_gaps()
        self.start_server("a")
        await self.until("a shares again", lambda: self.is_sharing("a"))
        self.check(["a", "b"], 0, "after its return")

        async def kill_redis():
            await self.until("calls run", lambda: self.has_active("b", self.calls))
            await asyncio.sleep(1)
            self.kill("redis")
            print("redis is killed")
            await asyncio.sleep(5)
            self.start_redis()
            print("redis is back, empty")

        await self.place(1000, kill_redis)
        for name in self.ports:
            await self.until(f"{name} shares again", lambda name=name: self.is_sharing(name))
        await self.until("nothing is active", lambda: not self.has_active("b", 1))
        self.check(["a", "b"], 1000, "Redis killed")
        self.check(["a", "b"], 0, "the calls before")

    def end(self):
        if nginx := self.processes.pop("nginx", None):
            # Killed, it would leave its workers behind.
            nginx.terminate()
            nginx.wait()
        for name in list(self.processes):
            self.kill(name)
        if self.faults:
            print(f"found wrong; logs are in {self.folder}", *self.faults, sep="\n  ", file=sys.stderr)
            sys.exit(1)
        shutil.rmtree(self.folder)
        print("all is well")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--agentos", default=".build/debug/agentos")
    arguments.add_argument("--calls", type=int, default=6)
    arguments.add_argument("--nginx", action="store_true", help="put nginx in front instead of a balancer of this script's own")
    given = arguments.parse_args()
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    trial = Trial(given.agentos, given.calls, given.nginx)
    try:
        asyncio.run(trial.run())
    finally:
        trial.end()
