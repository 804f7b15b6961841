import { BlockStack, DataTable, Text, useBreakpoints } from "@shopify/polaris";
import type { EventDay } from "../diagnostics/overview";
import { Nothing } from "./nothing";

const NUMBERS = [
  ["leftBrowser", "Left the browser"],
  ["stoppedInBrowser", "Stopped in the browser"],
  ["unclearInBrowser", "Not known in the browser"],
  ["accepted", "Accepted by Meta"],
  ["waiting", "Waiting"],
  ["notSent", "Not sent by a rule"],
  ["failed", "Failed"],
] as const satisfies readonly (readonly [keyof EventDay, string])[];

/** Each event's numbers of the day. */
export function Today({ days }: { days: EventDay[] }) {
  const { lgDown } = useBreakpoints();
  if (days.length === 0) {
    return (
      <Nothing
        heading="Nothing has happened yet today"
        hint="Page views, carts and orders appear here within seconds."
      />
    );
  }
  if (lgDown) return <NarrowDays days={days} />;
  return (
    <DataTable
      columnContentTypes={["text", ...NUMBERS.map(() => "numeric" as const)]}
      headings={["Event", ...NUMBERS.map(([, label]) => label)]}
      rows={days.map((day) => [day.event, ...NUMBERS.map(([number]) => day[number])])}
      increasedTableDensity
      hoverable
    />
  );
}

/** Where a table would have to scroll sideways: one paragraph an event, with the numbers that are not zero. */
function NarrowDays({ days }: { days: EventDay[] }) {
  return (
    <BlockStack gap="300">
      {days.map((day) => (
        <BlockStack key={day.event} gap="050">
          <Text as="h3" variant="headingSm">
            {day.event}
          </Text>
          <Text as="p" tone="subdued">
            {NUMBERS.flatMap(([number, label]) => (day[number] > 0 ? [`${label}: ${day[number]}`] : [])).join(" · ")}
          </Text>
        </BlockStack>
      ))}
    </BlockStack>
  );
}
