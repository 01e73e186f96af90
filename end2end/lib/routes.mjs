// Reads the server's own table of routes: who may see a page, and which values the parameters of its path take.
import assert from "node:assert/strict";
import { enterCode, enterPassword, pick, signIn } from "./logins.mjs";
import { openWindow } from "./window.mjs";

/** The role that may see the pages of an audience of `balise routes`. An unknown audience fails. */
export function roleFor(audience) {
  const roles = {
    Everyone: "visitor",
    Youth: "youth",
    SignedIn: "youth",
    Staff: "advisor",
    Advisor: "advisor",
    "SigningIn(SecondFactor)": "code",
    "SigningIn(Enrolment)": "enrolment",
    "SigningIn(RecoveryCodes)": "recovery",
  };
  const held = [[/Administrator\b/, "admin"], [/Reception/, "reception"], [/Dpo/, "dpo"], [/Director/, "director"]];
  const role = roles[audience] ?? held.find(([name]) => /^Roles\(/.test(audience) && name.test(audience))?.[1];
  assert.ok(role, `no role is known for the audience ${audience}`);
  return role;
}

/** Advisors who have not enrolled an authenticator. */
const toEnrol = (server) => server.logins.find(({ role, totp_secret }) => role === "advisor" && !totp_secret);

/** The first advisor of the demonstration. */
const advisorOf = (server) => pick(server.logins, "advisor");

/** Signs in, or stops at one of the steps of the sign-in. */
export async function enter(page, server, role) {
  switch (role) {
    case "visitor":
      return;
    case "code":
      return enterPassword(page, advisorOf(server));
    case "enrolment":
      return enterPassword(page, toEnrol(server));
    case "recovery":
      await enterPassword(page, toEnrol(server));
      await enterCode(page, (await page.locator(".key").textContent()).replaceAll(" ", ""));
      return page.waitForURL("**/codes-de-secours");
    default:
      return signIn(page, pick(server.logins, role));
  }
}

/** The id of an event of next year. The person who is signed in on `page` creates one if there is none. */
export async function anEvent(page) {
  const list = "/admin/evenements";
  await page.goto(list);
  const shown = page.locator(`main a[href^="${list}/"]:not([href$="/nouveau"])`);
  if ((await shown.count()) > 0) return (await shown.first().getAttribute("href")).split("/").pop();
  await page.goto(`${list}/nouveau`);
  await page.getByLabel("Nom de l’événement").fill("Forum des métiers");
  await page.getByLabel("Lieu").fill("Salle d’exemple, 22 rue de l’Exemple");
  await page.getByLabel("Description").fill("Rencontrer des employeurs du quartier. Venez avec un CV si vous en avez un.");
  const year = new Date().getFullYear() + 1;
  for (const end of ["du début", "de la fin"]) await page.getByLabel(`Jour ${end}`).fill(`${year}-04-02`);
  await page.getByLabel("Heure du début").fill("09:30");
  await page.getByLabel("Heure de la fin").fill("17:00");
  await page.getByRole("button", { name: "Créer l’événement" }).click();
  await page.waitForURL(/fait=cree/);
  return new URL(page.url()).pathname.split("/").pop();
}

/**
 * Signs the window's context in as `role`, and gives a function from a route's path to an address. A new parameter
 * fails here until it gets a value.
 */
export async function values(browser, server, role, context) {
  const { page, context: own } = await openWindow(browser, server);
  await enter(page, server, role);
  const state = await own.storageState();
  await context.addCookies(state.cookies);
  const found = new Map();
  const first = async (list, pattern) => {
    await page.goto(list);
    const links = await page.locator("main a[href]").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    return links.map((href) => href.match(pattern)?.[1]).find(Boolean);
  };
  const known = {
    service: () => "youtube",
    item: () => "jNQXAC9IVRw",
    network: () => "facebook",
    version: () => "1",
    youth: () => first("/conseiller/jeunes", /^\/conseiller\/jeunes\/([0-9a-f-]{36})$/),
    account: () => first("/admin/comptes?role=reception", /^\/admin\/comptes\/([0-9a-f-]{36})$/),
    proposal: () => first("/admin/comptes/propositions", /\/propositions\/([0-9a-f-]{36})$/),
    request: () => first("/conseiller/demandes", /^\/conseiller\/demandes\/([0-9a-f-]{36})$/),
    demande: () => first("/admin/droits", /^\/admin\/droits\/([0-9a-f-]{36})$/),
    event: () => anEvent(page),
    document: (before) => first(before, /\/([0-9a-f-]{36})\/supprimer$/),
  };
  return async (path) => {
    let address = "";
    for (const part of path.split("/").slice(1)) {
      const name = part.match(/^\{\*?(\w+)\}$/)?.[1];
      if (name === undefined) {
        address += `/${part}`;
        continue;
      }
      assert.ok(known[name], `${path}: what {${name}} stands for is not known to end2end/lib/routes.mjs`);
      const key = `${address}/{${name}}`;
      if (!found.has(key)) found.set(key, await known[name](address));
      assert.ok(found.get(key), `${path}: nothing to put in the place of {${name}}`);
      address += `/${found.get(key)}`;
    }
    return address || "/";
  };
}
