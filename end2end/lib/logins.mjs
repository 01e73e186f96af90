// Signs in as the people of the demonstration.
import { setTimeout as sleep } from "node:timers/promises";
import { Secret, TOTP } from "otpauth";

/** The `index`-th login of a role: youth, advisor, reception, admin, dpo… */
export function pick(logins, role, index = 0) {
  const found = logins.filter((login) => login.role === role)[index];
  if (!found) throw new Error(`the demonstration has no ${role} number ${index}`);
  return found;
}

const PERIOD = 30;
const lastStep = new Map();

/**
 * A code that the server has not seen. Each code works once, and the server accepts the step before and the step after.
 */
export async function code(secret) {
  const now = () => Math.floor(Date.now() / 1000 / PERIOD);
  const step = Math.max(now(), (lastStep.get(secret) ?? 0) + 1);
  while (step > now() + 1) await sleep(250);
  lastStep.set(secret, step);
  const totp = new TOTP({ secret: Secret.fromBase32(secret), period: PERIOD });
  return totp.generate({ timestamp: step * PERIOD * 1000 });
}

/** Forgets the codes that were used: another server has seen none of them. */
export function forgetCodes() {
  lastStep.clear();
}

/** The first step of a sign-in: identifier and password. */
export async function enterPassword(page, login) {
  await page.goto("/connexion");
  await page.getByLabel(/^Identifiant/).fill(login.identifier);
  await page.getByLabel(/^Mot de passe/).fill(login.password);
  await page.getByRole("button", { name: "Se connecter", exact: true }).click();
}

/** The second step, for staff: the code of an authenticator that holds `secret`. */
export async function enterCode(page, secret) {
  await page.getByLabel(/^Code à six chiffres/).fill(await code(secret));
  await page.getByRole("button", { name: "Valider", exact: true }).click();
}

/** Signs in through the form, second factor included, and waits for the page after it. */
export async function signIn(page, login) {
  await enterPassword(page, login);
  if (login.totp_secret) {
    await page.waitForURL((url) => url.pathname === "/connexion/code");
    await enterCode(page, login.totp_secret);
  }
  await page.waitForURL((url) => !url.pathname.startsWith("/connexion"));
}
