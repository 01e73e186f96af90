// A signed-in person, without a browser.
import { code } from "../../end2end/lib/logins.mjs";

const cookie = (response) => response.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");

/** Posts a form, and does not follow a redirect. */
export function post(url, fields, headers = {}) {
  return fetch(url, { method: "POST", redirect: "manual", headers, body: new URLSearchParams(fields) });
}

/** Signs in and gives the cookie of the session. */
export async function signIn(url, login) {
  const { identifier, password } = login;
  let response = await post(`${url}/connexion`, { identifier, password });
  if (login.totp_secret) {
    response = await post(`${url}/connexion/code`, { code: await code(login.totp_secret) }, { cookie: cookie(response) });
  }
  const to = response.headers.get("location") ?? "";
  if (response.status !== 303 || to.startsWith("/connexion")) throw new Error(`${identifier} could not sign in`);
  return cookie(response);
}

/** The text of a page, which must exist. */
export async function read(url, session) {
  const response = await fetch(url, { redirect: "manual", headers: session ? { cookie: session } : {} });
  if (response.status !== 200) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

/** The milliseconds that a refused sign-in takes. Each comes from an address of its own. */
export async function refusedSignIn(url, identifier, address) {
  const began = performance.now();
  const response = await post(`${url}/connexion`, { identifier, password: "pas le bon" }, { "x-forwarded-for": address });
  await response.arrayBuffer();
  if (response.status !== 422) throw new Error(`a wrong password gives ${response.status}`);
  return performance.now() - began;
}
