// What `cargo xtask bench service` measures beside the service: better-auth on SQLite with many people.
// `node better-auth.mjs FOLDER PEOPLE` says "ready PORT COOKIE" and answers on loopback until it is ended.
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { admin } from "better-auth/plugins";
import Database from "better-sqlite3";

const [folder, people] = [process.argv[2], Number(process.argv[3])];
mkdirSync(folder, { recursive: true });
const database = new Database(join(folder, "better-auth.db"));
database.pragma("journal_mode = WAL");
const options = {
  database,
  baseURL: "http://127.0.0.1",
  secret: "only for a measurement on this very computer",
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [admin()],
};
const auth = betterAuth(options);
await (await getMigrations(options)).runMigrations();

const insert = database.prepare(
  "insert into user (id, name, email, emailVerified, createdAt, updatedAt, role) values (?, ?, ?, 1, ?, ?, 'user')",
);
database.transaction(() => {
  const there = database.prepare("select count(*) as number from user").get().number;
  for (let number = there; number < people; number++) {
    const at = new Date(1_780_000_000_000 + number * 1_000).toISOString();
    insert.run(`person-${number}`, `Person ${number}`, `person${number}@mail.example`, at, at);
  }
})();

const email = "ada@cornerbooks.example";
const password = "three horses and a paper boat";
if (!database.prepare("select id from user where email = ?").get(email)) {
  await auth.api.signUpEmail({ body: { email, password, name: "Ada" } });
  database.prepare("update user set role = 'admin' where email = ?").run(email);
}
const signedIn = await auth.api.signInEmail({ body: { email, password }, asResponse: true });
const cookie = signedIn.headers.getSetCookie().map((line) => line.split(";")[0]);
const server = createServer(toNodeHandler(auth));
server.listen(0, "127.0.0.1", () => {
  console.log(`ready ${server.address().port} ${cookie.join("; ")}`);
});
