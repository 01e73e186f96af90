// A mail server that can fail in several ways. Journeys import it. Run by itself, it reads one command a line from its
// standard input and answers each with one line of JSON, for the Rust tests.
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { SMTPServer } from "smtp-server";

/** An answer with an SMTP code. */
const answer = (responseCode, text) => Object.assign(new Error(text), { responseCode });

/**
 * A mail server. `mode` says how it fails: `null` not at all, `mute` greets nobody, `full` answers 452 and
 * `closing` 421 to every sender, `sender` refuses the sender, `greylist` puts off whom it does not know,
 * `content` refuses what it read, `silent` takes a mail and says nothing, `cut` takes a mail and hangs up.
 * Recipients whose address begins with `inconnu` are refused, those with `plus-tard` always put off.
 */
export class MailServer {
  /** The mails that it accepted, in order: `{ from, to, raw, secure, user }`. */
  mails = [];
  mode = null;
  /** The number of connections so far. */
  connections = 0;
  /** Called with each whole mail before the answer, which waits for it. */
  onMail = async () => {};
  #options;
  #server = null;
  #port = 0;
  #known = new Set();

  /** `tls` is `{ key, cert }`, `secure` means TLS from the first byte, and clients must give `user` and `password`. */
  constructor({ tls = null, secure = false, user = null, password = null } = {}) {
    this.#options = { tls, secure, user, password };
  }

  get port() {
    return this.#port;
  }

  get url() {
    return `smtp://127.0.0.1:${this.#port}`;
  }

  /** Listens, on the same port as before. */
  async listen() {
    const { tls, secure, user, password } = this.#options;
    this.#server = new SMTPServer({
      ...(tls ?? {}),
      secure,
      banner: "test",
      size: 1_000_000,
      authOptional: user === null,
      allowInsecureAuth: true,
      disabledCommands: [user === null ? ["AUTH"] : [], tls === null ? ["STARTTLS"] : []].flat(),
      closeTimeout: 1,
      onConnect: (session, done) => {
        this.connections += 1;
        if (this.mode !== "mute") done();
      },
      onAuth: (auth, session, done) =>
        auth.username === user && auth.password === password ? done(null, { user }) : done(answer(535, "no")),
      onMailFrom: (from, session, done) => {
        if (this.mode === "full") return done(answer(452, "full"));
        if (this.mode === "closing") return done(answer(421, "closing"));
        if (this.mode === "sender") return done(answer(550, "not from you"));
        done();
      },
      onRcptTo: ({ address }, session, done) => {
        if (address.startsWith("inconnu")) return done(answer(550, "no such person"));
        if (address.startsWith("plus-tard")) return done(answer(450, "later"));
        if (this.mode === "greylist" && !this.#known.has(address)) {
          this.#known.add(address);
          return done(answer(451, "greylisted"));
        }
        done();
      },
      onData: (stream, session, done) => {
        const parts = [];
        stream.on("data", (part) => parts.push(part));
        stream.on("end", async () => {
          if (this.mode === "content") return done(answer(554, "not this"));
          const { mailFrom, rcptTo } = session.envelope;
          this.mails.push({
            from: mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            raw: Buffer.concat(parts).toString("latin1"),
            secure: session.secure,
            user: session.user ?? null,
          });
          await this.onMail(this.mails.at(-1));
          if (this.mode === "silent") return;
          if (this.mode === "cut") {
            for (const connection of this.#server.connections) {
              if (connection.session.id === session.id) connection._socket.destroy();
            }
            return;
          }
          done(null, "taken");
        });
      },
    });
    this.#server.on("error", () => {}); // a client that went away
    await new Promise((done, fail) => {
      this.#server.once("error", fail);
      this.#server.listen(this.#port, "127.0.0.1", done);
    });
    this.#port = this.#server.server.address().port;
    return this;
  }

  /** Stops listening and closes all connections. */
  async close() {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    for (const connection of server.connections) connection._socket.destroy();
    await new Promise((done) => server.close(done));
  }
}

/** The only value of a header, on one line. */
export function header(mail, name) {
  const head = mail.raw.split("\r\n\r\n")[0].replaceAll(/\r\n[ \t]+/g, " ");
  const lines = head.split("\r\n").filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  if (lines.length !== 1) throw new Error(`${lines.length} headers ${name}`);
  return lines[0].slice(name.length + 1).trim();
}

async function obey(server, { command, value }) {
  switch (command) {
    case "listen":
      await server.listen();
      return server.port;
    case "close":
      await server.close();
      return null;
    case "mode":
      server.mode = value;
      return null;
    case "connections":
      return server.connections;
    case "mails":
      return server.mails;
    default:
      throw new Error(`unknown command ${command}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = new MailServer(JSON.parse(process.argv[2] ?? "{}"));
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await obey(server, JSON.parse(line))));
  }
  process.exit(0); // the program that started this one is gone
}
