import type { ReactNode } from "react";
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from "react-aria-components";
import { cx } from "../design/cx";

type TabEntry<T extends string> = {
  id: T;
  label: string;
  panel: ReactNode;
  /** Whether it is kept while another is shown, so that nothing typed into it is lost. */
  keep?: boolean;
};

export type TabsProps<T extends string> = {
  label: string;
  tabs: readonly TabEntry<T>[];
  selected: T;
  onSelect: (id: T) => void;
};

/** Parts of one view, one shown at a time. */
export function Tabs<T extends string>({ label, tabs, selected, onSelect }: TabsProps<T>) {
  return (
    <AriaTabs
      selectedKey={selected}
      onSelectionChange={(key) => {
        const tab = tabs.find(({ id }) => id === key);
        if (tab) onSelect(tab.id);
      }}
    >
      <TabList aria-label={label} className="flex gap-1 border-line border-b">
        {tabs.map(({ id, label }) => (
          <Tab
            key={id}
            id={id}
            className={cx(
              "ring-inside -mb-px flex h-10 items-center rounded-t-control border-transparent border-b-2 px-3",
              "font-medium text-ink-soft transition-colors data-hovered:text-ink",
              "data-selected:border-accent-ink data-selected:text-ink",
            )}
          >
            {label}
          </Tab>
        ))}
      </TabList>
      {tabs.map(({ id, panel, keep = false }) => (
        <TabPanel key={id} id={id} shouldForceMount={keep} className="pt-5 data-inert:hidden">
          {panel}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
