// A room of `detente class` as a process that can be killed, and a line to it that can go dead without a word.

import { spawn } from "node:child_process";
import { createServer, connect } from "node:net";
import { createServer as createHttp, request } from "node:http";
import { once } from "node:events";

/** A port that is free just now. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

/** The server of a class: started, killed as a power cut would, and started again on the same folder and port. */
export class Room {
  constructor(program, folder) {
    Object.assign(this, { program, folder, child: null, port: 0 });
  }

  async start() {
    this.port ||= await freePort();
    const child = spawn(this.program, ["class", "november-2024", "--port", String(this.port), "--data", this.folder, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    let said = "", wrong = "";
    child.stderr.on("data", text => { wrong += text; });
    await new Promise((done, failed) => {
      child.once("error", why => failed(new Error(`${this.program} cannot be run: ${why.message}`)));
      child.once("exit", code => failed(new Error(`The room has ended (${code}): ${wrong.trim()}`)));
      child.stdout.on("data", text => {
        said += text;
        try { Object.assign(this, JSON.parse(said)); done(); } catch { /* The rest is still to come. */ }
      });
    });
    child.removeAllListeners("exit");
    return this;
  }

  /** Ends it at once, as `kill -9` does. */
  async kill() {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  /** What the room answers to the facilitator's key. */
  async asked(path, body) {
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { Authorization: `Bearer ${this.facilitator_key}`, "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, said: text ? JSON.parse(text) : null };
  }
}

/** A proxy between browsers and a room that hands a response on when it is whole: of a stream, which never is, nothing comes through. */
export class Buffering {
  constructor(room) {
    Object.assign(this, { room, server: null, address: "", streams: 0 });
  }

  async start() {
    this.server = createHttp((asked, answer) => {
      const { method, url, headers } = asked;
      if (/events/.test(url)) this.streams += 1;
      const onward = request({ host: "127.0.0.1", port: this.room.port, method, path: url, headers }, came => {
        const pieces = [];
        came.on("data", piece => pieces.push(piece));
        came.on("end", () => { answer.writeHead(came.statusCode, came.headers); answer.end(Buffer.concat(pieces)); });
        came.on("error", () => answer.destroy());
      });
      onward.on("error", () => answer.destroy());
      answer.on("close", () => onward.destroy());
      asked.pipe(onward);
    }).listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.address = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  end() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** A line between browsers and a room. While it is dead nothing passes and nobody is told; what was open then stays dead for good,
 * as connections do that a router has forgotten while a phone slept. */
export class Line {
  constructor(room) {
    Object.assign(this, { room, dead: false, pairs: new Set(), server: null, address: "" });
  }

  async start() {
    this.server = createServer({ allowHalfOpen: true }, near => {
      const pair = { near, far: null, dead: this.dead };
      this.pairs.add(pair);
      near.on("error", () => {});
      near.on("close", () => { pair.far?.destroy(); this.pairs.delete(pair); });
      if (this.dead) return;
      pair.far = connect(this.room.port, "127.0.0.1");
      pair.far.on("error", () => { if (!pair.dead) near.destroy(); });
      pair.far.on("close", () => { if (!pair.dead) near.destroy(); });
      near.on("data", bytes => { if (!pair.dead) pair.far.write(bytes); });
      pair.far.on("data", bytes => { if (!pair.dead) near.write(bytes); });
    }).listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.address = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  cut() {
    this.dead = true;
    for (const pair of this.pairs) pair.dead = true;
  }

  mend() {
    this.dead = false;
  }

  end() {
    for (const pair of this.pairs) { pair.near.destroy(); pair.far?.destroy(); }
    this.server.close();
  }
}
