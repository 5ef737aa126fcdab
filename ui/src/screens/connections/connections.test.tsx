import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { App } from "../../App";
import type { ConnectionShown, PlaceShown, Status } from "../../api/bindings";
import { answering, askedFor, done, refused } from "../../testing/commands";
import { consoleAt } from "../../testing/console";
import { bounds, shop, standing } from "../../testing/people";
import { here, open } from "../../testing/shop";
import { expectAccessible, view } from "../../testing/view";

const address = "https://keys.fern.example";
const service: PlaceShown = { kind: "service", address, security: "pinned" };
const home: ConnectionShown = {
  id: "/home/anna/shop.keyholder",
  label: null,
  shop: "Anna's Shop",
  place: here.place,
  home: true,
  present: false,
};
const fern: ConnectionShown = {
  id: address,
  label: null,
  shop: "Fern & Slate",
  place: service,
  home: false,
  present: true,
};
const fingerprint = Array.from({ length: 32 }, (_, at) => (at + 16).toString(16).toUpperCase()).join(":");
const certificate = {
  subject: "CN=Keyholder of Fern & Slate",
  issuer: "CN=Keyholder of Fern & Slate",
  names: ["keys.fern.example", "192.168.1.20"],
  not_before: "2026-01-01T00:00:00Z",
  not_after: "2028-01-01T00:00:00Z",
  fingerprint,
};

/** The console at the service, nobody signed in unless said otherwise. */
function atFern(part: Partial<Status> = {}): Status {
  return {
    ...standing({ kind: "closed", ended: false }),
    place: service,
    shop: "Fern & Slate",
    connections: [{ ...home, present: false }, fern],
    ...part,
  };
}

const usual = {
  shop: () => done(shop),
  policyBounds: () => Promise.resolve(bounds),
  accounts: () => done({ rows: [], next: null }),
  countAccounts: () => done(0),
  touch: () => done(null),
  reached: () => Promise.resolve(),
};

/** Every view is for those who like it dark too: the rules for its colours are held by the tokens. */
async function accessibleInLightAndDark() {
  for (const theme of ["light", "dark"]) {
    document.documentElement.dataset.theme = theme;
    await expectAccessible();
  }
  delete document.documentElement.dataset.theme;
}

async function toTheAddress() {
  answering({ ...usual, status: () => done(standing({ kind: "no_store" })) });
  const { person } = view(<App />);
  await person.click(await screen.findByRole("button", { name: "Connect to a service" }));
  return { person, field: await screen.findByLabelText("Address of the service") };
}

test("the first start offers three ways, each with what it is for", async () => {
  answering({ ...usual, status: () => done(standing({ kind: "no_store" })) });
  view(<App />);
  const ways = await screen.findAllByRole("listitem");
  expect(ways.map((way) => within(way).getByRole("button").getAttribute("aria-labelledby")).length).toBe(3);
  for (const name of ["Set up a new shop here", "Open a file", "Connect to a service"]) {
    expect(screen.getByRole("button", { name }), "a way in").toBeDefined();
  }
  expect(screen.getByRole("button", { name: "Look around in a sample shop first" })).toBeDefined();
  expect(screen.queryByRole("banner"), "there is no shop to name yet").toBeNull();
  await accessibleInLightAndDark();
});

test("what is no address, what others could read and what is empty are each told apart", async () => {
  const { person, field } = await toTheAddress();
  answering({
    lookAtService: (typed) =>
      typed.startsWith("http:")
        ? done({ kind: "not_secret" })
        : typed.startsWith("keys")
          ? done({ kind: "not_set_up" })
          : done({ kind: "not_an_address" }),
  });
  await accessibleInLightAndDark();
  await person.type(field, "{Enter}");
  expect(await screen.findByText("Type the address first.")).toBeDefined();
  for (const [typed, said] of [
    ["two words", /This is not an address/],
    ["http://keys.fern.example", /is not encrypted: others could read along/],
    ["keys.fern.example", /no shop in it yet/],
  ] as const) {
    await person.clear(field);
    await person.type(field, `${typed}{Enter}`);
    expect(await screen.findByText(said), typed).toBeDefined();
  }
  await accessibleInLightAndDark();
});

test.each([
  ["unreachable", /Nobody answers at this address/],
  ["not_keyholder", /not the address of a Keyholder service/],
  ["service_older", /older than this program/],
  ["service_newer", /newer than this program/],
  ["certificate_out_of_date", /not good today/],
  ["certificate_for_another", /made for another address/],
  ["unavailable", /cannot work just now/],
] as const)("a service that is %s has its sentence and a number to quote", async (code, said) => {
  const { person, field } = await toTheAddress();
  answering({ lookAtService: () => refused(code) });
  await person.type(field, "keys.fern.example{Enter}");
  const words = await screen.findByText(said);
  expect(words.textContent).toContain("KH-");
});

test("a service somebody vouches for leads straight to its sign-in", async () => {
  const { person, field } = await toTheAddress();
  const status = atFern({ place: { ...service, security: "vouched" } });
  answering({
    lookAtService: () => done({ kind: "shop", address, shop: "Fern & Slate", security: "vouched" }),
    connect: () => done(status),
  });
  await person.type(field, "keys.fern.example{Enter}");
  expect(await screen.findByRole("heading", { name: "Sign in to Fern & Slate" })).toBeDefined();
  expect(askedFor("connect"), "with the system's word").toEqual([[address, null]]);
  const bar = screen.getByRole("banner");
  expect(bar.textContent, "name, address and what keeps it from others").toContain("Fern & Slate");
  expect(bar.textContent).toContain("keys.fern.example · Encrypted");
  expect(document.title).toBe("Fern & Slate · keys.fern.example · Encrypted · Keyholder");
});

test("a certificate nobody vouches for is compared before it is trusted", async () => {
  const { person, field } = await toTheAddress();
  answering({
    lookAtService: () => done({ kind: "unvouched", address, certificate, before: null }),
    connect: () => done(atFern()),
  });
  await person.type(field, "keys.fern.example{Enter}");
  expect(await screen.findByRole("heading", { name: "Is this the right service?" })).toBeDefined();
  const groups = within(screen.getByRole("list", { name: /Fingerprint/ })).getAllByRole("listitem");
  expect(groups.map(({ textContent }) => textContent).join(":"), "whole, in groups").toBe(fingerprint);
  expect(screen.getByText(/openssl x509/), "what its keeper compares it with").toBeDefined();
  expect(screen.getByText("Itself"), "who made it out").toBeDefined();
  const confirm = screen.getByRole("button", { name: "Confirm and connect" });
  expect(confirm.getAttribute("aria-disabled"), "not before it was compared").toBe("true");
  await accessibleInLightAndDark();
  await person.click(screen.getByRole("checkbox", { name: /I have compared every group/ }));
  await person.click(screen.getByRole("button", { name: "Confirm and connect" }));
  expect(await screen.findByRole("heading", { name: "Sign in to Fern & Slate" })).toBeDefined();
  expect(askedFor("connect"), "exactly what was compared").toEqual([[address, fingerprint]]);
});

test("another certificate than the one that was trusted is a warning with both", async () => {
  const status = atFern({
    shop: null,
    phase: {
      kind: "unusable",
      error: { code: "certificate_changed", number: "KH-1086", refusal: null, until: null },
    },
  });
  const before = fingerprint.toLowerCase().replace("10", "FF");
  answering({
    ...usual,
    status: () => done(status),
    lookAtService: () => done({ kind: "unvouched", address, certificate, before }),
  });
  const { person } = view(<App />);
  expect(await screen.findByText(/shows another certificate than the one you trusted/)).toBeDefined();
  await accessibleInLightAndDark();
  await person.click(screen.getByRole("button", { name: "Look at its certificate" }));
  await person.click(await screen.findByRole("button", { name: "Connect" }));
  expect(await screen.findByRole("heading", { name: "The certificate is another one" })).toBeDefined();
  expect(screen.getByText(/Go on only if the person who looks after the service/)).toBeDefined();
  expect(screen.getByRole("list", { name: "The one you confirmed before" })).toBeDefined();
  await accessibleInLightAndDark();
});

test("the menu at the top leads to every other shop, and signs out of this one", async () => {
  answering({
    ...usual,
    status: () => done(atFern()),
    switchConnection: () => done(standing({ kind: "closed", ended: false })),
  });
  const { person } = view(<App />);
  await person.click(await screen.findByRole("button", { name: /Fern & Slate, keys.fern.example/ }));
  const present = screen.getByRole("menuitem", { name: "Fern & Slate" });
  expect(present.getAttribute("aria-disabled"), "it is on the screen").toBe("true");
  await accessibleInLightAndDark();
  await person.click(screen.getByRole("menuitem", { name: "Anna's Shop" }));
  expect(await screen.findByRole("heading", { name: "Sign in to Anna's Shop" })).toBeDefined();
  expect(askedFor("switchConnection")).toEqual([[home.id]]);
});

test("a shop is renamed and forgotten in the settings, this computer's own is not", async () => {
  const renamed = { ...fern, label: "Head office" };
  const till = { ...fern, id: "http://127.0.0.1:8080", shop: "Till", present: false };
  const status = { ...open(), place: service, shop: "Fern & Slate", connections: [home, fern, till] };
  const { person } = consoleAt(
    "/settings",
    {
      ...usual,
      renameConnection: () => done({ ...status, connections: [home, renamed, till] }),
      forgetConnection: () => done({ ...status, connections: [home, renamed] }),
    },
    status,
  );
  await screen.findByRole("heading", { name: "Settings" });
  expect(screen.queryByRole("tab", { name: "Data and backup" }), "its file is elsewhere").toBeNull();
  await person.click(screen.getByRole("tab", { name: "Shops" }));
  await accessibleInLightAndDark();
  await person.click(screen.getByRole("button", { name: "More for Anna's Shop" }));
  const own = screen.getByRole("menuitem", { name: "Forget…" });
  expect(own.getAttribute("aria-disabled"), "it lies here").toBe("true");
  await person.keyboard("{Escape}");
  await person.click(screen.getByRole("button", { name: "More for Fern & Slate" }));
  await person.click(screen.getByRole("menuitem", { name: "Rename…" }));
  const name = await screen.findByLabelText("Name");
  await person.clear(name);
  await person.type(name, "Head office{Enter}");
  expect(await screen.findByText("Head office", { selector: "li *" })).toBeDefined();
  expect(askedFor("renameConnection")).toEqual([[address, "Head office"]]);
  await person.click(screen.getByRole("button", { name: "More for Till" }));
  await person.click(screen.getByRole("menuitem", { name: "Forget…" }));
  expect(await screen.findByText(/The shop and its service stay as they are/)).toBeDefined();
  await accessibleInLightAndDark();
  await person.click(screen.getByRole("button", { name: "Forget" }));
  expect(await screen.findByText("Till is forgotten.")).toBeDefined();
  expect(screen.queryByRole("button", { name: "Open Till" })).toBeNull();
});
