import { BlockStack, Divider, IndexTable, InlineStack, Link, Text, useBreakpoints } from "@shopify/polaris";
import { type EventCoverage, type Grade, type KeyName, percentOf } from "../../diagnostics/match-quality";
import { ScoreOrGrade } from "./score-or-grade";
import { ShareBar } from "./share-bar";

/** A row of the table: an event with what it is graded. */
export interface EventRow extends EventCoverage {
  label: string;
  url: string;
  grade: Grade | null;
  /** Meta's, out of 10; null: Meta gives none. */
  score: number | null;
}

export interface KeyColumn {
  key: KeyName;
  label: string;
}

interface TableProps {
  rows: EventRow[];
  /** The keys that Meta gives a high or a medium priority. */
  keys: KeyColumn[];
}

/** Each event's keys on the server's leg. */
export function EventTable({ rows, keys }: TableProps) {
  const { mdDown } = useBreakpoints();
  if (mdDown) return <NarrowEvents rows={rows} keys={keys} />;
  return (
    <IndexTable
      resourceName={{ singular: "event", plural: "events" }}
      itemCount={rows.length}
      selectable={false}
      headings={[{ title: "Event" }, ...headingsOf(keys)]}
    >
      {rows.map((row, position) => (
        <IndexTable.Row key={row.event} id={row.event} position={position}>
          <IndexTable.Cell>
            <EventLink row={{ ...row, label: shortOf(row.label) }} />
          </IndexTable.Cell>
          <IndexTable.Cell>
            <ScoreOrGrade score={row.score} grade={row.grade} />
          </IndexTable.Cell>
          <IndexTable.Cell>
            <Text as="span" alignment="end" numeric>
              {row.server.events}
            </Text>
          </IndexTable.Cell>
          <IndexTable.Cell>
            <ShareBar part={row.twins} whole={row.server.events} stacked />
          </IndexTable.Cell>
          {keys.map(({ key }) => (
            <IndexTable.Cell key={key}>
              <ShareBar {...shareOf(row, key)} stacked />
            </IndexTable.Cell>
          ))}
        </IndexTable.Row>
      ))}
    </IndexTable>
  );
}

/** Without what Meta calls it: there is no room. */
function shortOf(label: string): string {
  return label.replace(/ \(.*\)$/, "");
}

function headingsOf(keys: readonly KeyColumn[]): { title: string }[] {
  return ["Score or grade", "Accepted", "Both copies", ...keys.map(({ label }) => shortOf(label))].map((title) => ({
    title,
  }));
}

/** Where a table would have to scroll sideways. */
function NarrowEvents({ rows, keys }: TableProps) {
  return (
    <BlockStack gap="300">
      {rows.map((row, n) => (
        <BlockStack key={row.event} gap="200">
          {n === 0 ? null : <Divider />}
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <EventLink row={row} />
            <ScoreOrGrade score={row.score} grade={row.grade} />
          </InlineStack>
          <Text as="p" tone="subdued">
            {row.server.events} accepted by Meta in seven days
            {row.server.events > 0 ? `; of ${percentOf(row.twins, row.server.events)} % both copies went out` : ""}
          </Text>
          {row.server.events === 0
            ? null
            : keys.map(({ key, label }) => (
                <InlineStack key={key} align="space-between" blockAlign="center">
                  <Text as="span">{label}</Text>
                  <ShareBar {...shareOf(row, key)} />
                </InlineStack>
              ))}
        </BlockStack>
      ))}
    </BlockStack>
  );
}

function EventLink({ row }: { row: EventRow }) {
  return (
    <Link url={row.url} removeUnderline>
      {row.label}
    </Link>
  );
}

function shareOf({ server }: EventRow, key: KeyName): { part: number; whole: number; reach: number } {
  const share = server.keys.find((one) => one.key === key);
  const sent = share?.sent ?? 0;
  return { part: sent, whole: server.events, reach: sent + (share?.known ?? 0) };
}
