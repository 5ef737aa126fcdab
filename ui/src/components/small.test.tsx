import { screen } from "@testing-library/react";
import { Lock, Plus } from "lucide-react";
import { expect, test, vi } from "vitest";
import { expectAccessible, view } from "../testing/view";
import { Badge } from "./Badge";
import { Banner } from "./Banner";
import { Button } from "./Button";
import { DateTime, timeInWords, untilInWords } from "./DateTime";
import { DescriptionList } from "./DescriptionList";
import { FilterBar, FilterChip } from "./FilterBar";
import { usable } from "./locale";
import { Menu } from "./Menu";
import { QrPicture } from "./QrPicture";
import { EmptyState, ViewState } from "./states";
import { Tabs } from "./Tabs";

test("a webview that speaks C counts in English", () => {
  expect(usable(["C", "c", "en-US-posix-nonsense!"])).toBe("en");
  expect(usable(["c", "de-DE"]), "the first that Intl knows").toBe("de-DE");
  expect(usable([])).toBe("en");
});

test("moments are said as people say them", () => {
  const now = new Date("2026-11-23T12:00:00Z");
  const ago = (seconds: number) => timeInWords(new Date(now.getTime() - seconds * 1000), now);
  expect(ago(20)).toBe("now");
  expect(ago(200)).toBe("3 minutes ago");
  expect(ago(26 * 3600)).toBe("yesterday");
  expect(ago(30 * 86_400), "long ago is a date").toContain("2026");
  expect(untilInWords("2026-11-23T12:01:10Z", now), "never too early").toBe("in 2 minutes");
  expect(untilInWords("2026-11-24T11:30:00Z", now), "a day is not counted in minutes").toBe("in 24 hours");
  expect(untilInWords("2026-11-26T11:30:00Z", now)).toBe("in 3 days");
});

test("a QR picture cannot run anything", () => {
  view(
    <QrPicture svg={'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'} label="QR code" />,
  );
  expect(screen.getByRole("img", { name: "QR code" }).tagName, "an image is no part of the page").toBe("IMG");
  expect(document.querySelector("svg, script")).toBeNull();
});

test("a menu keeps what cannot be done in place, with its reason", async () => {
  const act = vi.fn();
  const { person } = view(
    <Menu
      label="Acts"
      trigger={<Button>More</Button>}
      entries={[
        { id: "lock", label: "Lock", icon: Lock, onAction: act },
        "line",
        { id: "delete", label: "Delete", danger: true, disabledReason: "Only an owner may.", onAction: act },
      ]}
    />,
  );
  await person.click(screen.getByRole("button", { name: "More" }));
  const refused = screen.getByRole("menuitem", { name: "Delete" });
  expect(refused.getAttribute("aria-disabled")).toBe("true");
  expect(refused.textContent).toContain("Only an owner may.");
  await expectAccessible();
  await person.click(screen.getByRole("menuitem", { name: "Lock" }));
  expect(act).toHaveBeenCalledOnce();
});

test("a filter says what it filters and is taken off again", async () => {
  const change = vi.fn();
  const clear = vi.fn();
  const { person } = view(
    <FilterBar onClear={clear}>
      <FilterChip label="Role" choices={[{ id: "owner", label: "Owner" }]} value="owner" onChange={change} />
    </FilterBar>,
  );
  await expectAccessible();
  await person.click(screen.getByRole("button", { name: "Role: Owner" }));
  await person.click(screen.getByRole("menuitemradio", { name: "Owner" }));
  expect(change, "the same choice again takes it off").toHaveBeenCalledWith(undefined);
  await person.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(clear).toHaveBeenCalledOnce();
});

test("a view is loading, empty, broken or full", () => {
  const trouble = { title: "Busy", saved: "Nothing was changed.", next: "Try again.", code: "KH-1053" };
  const state = { skeleton: "…", empty: <p>Nothing yet</p>, isEmpty: (list: string[]) => list.length === 0 };
  const show = (data: string[] | undefined, broken = false) => (
    <ViewState {...state} data={data} trouble={broken ? trouble : undefined}>
      {(list) => <p>{list.join()}</p>}
    </ViewState>
  );
  const { rerender } = view(show(undefined));
  expect(screen.getByRole("status", { name: "Loading" })).toBeDefined();
  rerender(show(undefined, true));
  expect(screen.getByRole("alert").textContent).toContain("KH-1053");
  rerender(show([]));
  expect(screen.getByText("Nothing yet")).toBeDefined();
  rerender(show(["full"], true));
  expect(screen.getByText("full"), "what is there stays though a later look-up failed").toBeDefined();
});

test("the small ones keep nobody out", async () => {
  view(
    <>
      <Badge tone="warn" icon={Lock}>
        Locked
      </Badge>
      <Banner tone="warn" icon={Lock} action={<Button icon={Plus}>Set it up</Button>}>
        No second factor yet.
      </Banner>
      <DescriptionList
        entries={[
          { label: "E-mail", value: "anna@example.com" },
          { label: "Made", value: <DateTime at="2026-11-01T10:00:00Z" /> },
        ]}
      />
      <EmptyState icon={Lock} title="No accounts yet">
        Add one.
      </EmptyState>
      <Tabs
        label="Account"
        selected="a"
        onSelect={() => {}}
        tabs={[
          { id: "a", label: "Overview", panel: "one" },
          { id: "b", label: "Sessions", panel: "two" },
        ]}
      />
    </>,
  );
  await expectAccessible();
});
