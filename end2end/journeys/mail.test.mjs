// Mails through a real mail server: what a killed process leaves behind, and what the operator sees.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { MailServer, header } from "../lib/smtp.mjs";
import { balise, startServer, temporaryFolder } from "../lib/server.mjs";
import { until } from "../lib/steps.mjs";

const ADDRESS = "zoe.canari@exemple.test";

/** Runs a command that must fail, and gives what it printed. */
const failing = (data, args, env) =>
  balise(data, args, env).then(
    (printed) => assert.fail(`it succeeded: ${printed}`),
    (error) => error,
  );

test("a crash between the mail server's reception and its word: again, under the same Message-ID", { timeout: 120_000 }, async () => {
  const mails = await new MailServer().listen();
  const env = { BALISE_SMTP_URL: mails.url };
  // No mail server is there when the mail is written.
  await mails.close();
  const server = await startServer({ demo: false, env });
  try {
    const { code, stderr } = await failing(server.data, ["test-mail", ADDRESS], env);
    assert.equal(code, 1);
    assert.match(stderr, /the mail server takes no mail now: it waits in the outbox/);
    await server.stop();

    await mails.listen();
    let go;
    const held = new Promise((done) => (go = done));
    const whole = new Promise((done) => {
      mails.onMail = async () => {
        done();
        await held; // There is no answer yet.
      };
    });
    await server.start(); // The server tries at once.
    await whole;
    await server.kill9();
    go();
    mails.onMail = async () => {};
    assert.equal(mails.mails.length, 1);

    await server.start();
    await until(() => mails.mails.length === 2, "the mail did not come again", 15_000);
    const [first, second] = mails.mails.map((mail) => header(mail, "Message-ID"));
    assert.equal(first, second);
    assert.match(first, /^<[0-9a-f-]{36}@\[127\.0\.0\.1\]>$/);
    assert.deepEqual(mails.mails[1].to, [ADDRESS]);
    assert.equal(header(mails.mails[1], "Auto-Submitted"), "auto-generated");

    // The mail was sent, so it is not sent a third time.
    await server.restart();
    const report = await balise(server.data, ["test-mail", "autre@exemple.test"], env);
    assert.match(report, /1 sent, 0 put off, 0 given up|0 sent/);
    await until(() => mails.mails.length === 3, "the next mail", 15_000);
    assert.deepEqual(mails.mails[2].to, ["autre@exemple.test"]);
    await server.stop();
    assert.ok(!server.output.includes(ADDRESS), "the log names nobody");
  } finally {
    await server.remove();
    await mails.close();
  }
});

test("without a mail server mails are files, and the start says so", { timeout: 60_000 }, async () => {
  const server = await startServer({ demo: false });
  try {
    const said = /no mail server is set \(BALISE_SMTP_URL\): mails are written to files/;
    await until(() => said.test(server.output), "the start says nothing of mails");
    assert.match(await server.command("test-mail", ADDRESS), /1 sent|0 sent/);
    const folder = join(server.data, "mail");
    const files = await until(() => readdirSync(folder).filter((name) => name.endsWith(".eml")), "a file");
    assert.equal(files.length, 1);
    assert.equal(statSync(join(folder, files[0])).mode & 0o777, 0o600);
    assert.match(files[0], /^[0-9a-f-]{36}\.eml$/);
    const raw = readFileSync(join(folder, files[0]), "latin1");
    assert.match(raw, /^To: zoe\.canari@exemple\.test\r$/m);
    assert.match(raw, /multipart\/alternative/);
  } finally {
    await server.remove();
  }
});

test("settings of the mail server that cannot be", { timeout: 60_000 }, async () => {
  const data = join(temporaryFolder(), "data");
  mkdirSync(data);
  for (const [env, expected] of [
    [{ BALISE_SMTP_URL: "http://site:secret@mail.exemple.test" }, /^balise: BALISE_SMTP_URL: must start with smtp:\/\//],
    [{ BALISE_SMTP_URL: "smtp://site:secret@mail.exemple.test:port" }, /^balise: BALISE_SMTP_URL: expected smtp:/],
    [{ BALISE_SMTP_URL: "smtps://site@mail.exemple.test" }, /^balise: BALISE_SMTP_URL: names a user without a password/],
    [{ BALISE_SMTP_URL: "smtps://mail.exemple.test", BALISE_SMTP_CA: "/nulle/part.pem" }, /BALISE_SMTP_CA: \/nulle\/part\.pem/],
    [{ BALISE_MAIL_FROM: "accueil" }, /^balise: BALISE_MAIL_FROM: accueil: expected name@example\.org/],
  ]) {
    const { code, stderr } = await failing(data, ["serve"], { BALISE_LISTEN: "127.0.0.1:0", ...env });
    assert.equal(code, 1);
    assert.match(stderr, expected);
    assert.equal(stderr.trim().split("\n").length, 1, stderr);
    assert.ok(!stderr.includes("secret"), stderr);
  }
});

test("jobs from the command line", { timeout: 120_000 }, async () => {
  const server = await startServer({ demo: false });
  try {
    const { code, stderr } = await failing(server.data, ["run-job", "menage"], {});
    assert.equal(code, 1);
    assert.match(stderr, /menage: there is no such job; there are: sweep-vault, end-sessions, prune-history/);
    assert.match(await server.command("run-job", "sweep-vault", "--dry-run"), /^sweep-vault, dry run: nothing was changed\n/);
    // The server runs its own jobs when it starts, so theirs may be running.
    const ran = await until(() => server.command("run-job", "prune-history", "--at", "2031-01-01").catch(() => null), "a run");
    assert.match(ran, /^prune-history\n +\d+ {2}mails\n +\d+ {2}runs\n +\d+ {2}violations\n$/);
    const bad = await failing(server.data, ["run-job", "sweep-vault", "--at", "demain"], {});
    assert.match(bad.stderr, /--at demain: expected a date such as 2026-03-29/);
  } finally {
    await server.remove();
  }
});
