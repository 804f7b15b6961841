import type { PrismaClient } from "@prisma/client";
import { eventLabel } from "../events/catalog";
import { connectedDatasets, type Shop } from "../settings/registry.server";
import { policyOf } from "../settings/settings";
import { adviceFor, mostValuable } from "./adviser";
import { type CoverageReads, matchQualityOf } from "./match-quality.server";
import { matchQualityUrl } from "./match-quality-query";
import { potentialsOf } from "./meta-potentials";
import { readingOfEvent, scoreOf } from "./meta-quality";
import { metaQualityOf } from "./meta-quality.server";
import { graded } from "./quality-keys";

const MOST_ACTIONS = 3;

/** The first dataset's match quality in short; null: none is connected. */
export async function qualitySummaryOf(db: PrismaClient, store: CoverageReads, shop: Shop, now: number) {
  const [place] = connectedDatasets(shop);
  if (place === undefined) return null;
  const { dataset } = place;
  const [{ events, month }, said] = await Promise.all([
    matchQualityOf(store, shop, place, now),
    metaQualityOf(db, place),
  ]);
  const recognising = policyOf(shop.settings, dataset).recognise;
  const advice = events.flatMap((coverage) =>
    adviceFor(coverage, { dataset, recognising }, potentialsOf(readingOfEvent(said, coverage.event))),
  );
  const purchases = events.find(({ event }) => event === "Purchase");
  return {
    dataset,
    events: events
      .filter(({ server }) => server.events > 0)
      .map(({ event, server }) => ({
        event,
        label: eventLabel(event),
        url: matchQualityUrl(event, dataset),
        grade: graded(server),
        score: scoreOf(said, event),
      })),
    refusal: said.refusal?.says ?? null,
    actions: mostValuable(advice, MOST_ACTIONS).map(({ event, key, label, kind, coverage, reach, how }) => ({
      event,
      key,
      label,
      kind,
      coverage,
      reach,
      how,
      page: matchQualityUrl(event, dataset),
    })),
    purchases: month.map((date, day) => {
      const { events: taken, twins } = purchases?.days[day] ?? { events: 0, twins: 0 };
      return { date, both: twins, serverOnly: Math.max(0, taken - twins) };
    }),
  };
}
