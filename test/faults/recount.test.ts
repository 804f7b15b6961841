import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { RequestRecord } from "../simulators/meta/server";
import { DATASET } from "./house";
import { type Kill, lostToKills } from "./losses";
import type { Announced } from "./messages";
import { type Remains, recount } from "./recount";

const NOON = Date.parse("2026-11-20T12:00:00Z");

type Sent = Partial<Pick<RequestRecord, "at" | "weather"> & { server: string }>;

/** A request that Meta took, with these Purchases. */
function took(ids: string[], { at = NOON, weather = null, server = "worker-1" }: Sent = {}): RequestRecord {
  return {
    at,
    dataset: DATASET,
    version: "v25.0",
    authorization: true,
    status: 200,
    events: ids.length,
    taken: ids.length,
    weather,
    error: null,
    path: `/from/${server}/v25.0/${DATASET}/events`,
    body: JSON.stringify({ data: ids.map((id) => ({ event_name: "Purchase", event_id: id })) }),
  };
}

const killed = (at: number): Kill => ({ at, server: "worker-1" });

interface Circumstances {
  /** When servers were killed. */
  kills?: Kill[];
  /** The requests that stand in the database. */
  written?: RequestRecord[];
  ends?: Announced["ends"];
}

/** What was acknowledged, what Meta took, and how Tandem's rows ended. */
function counted(
  ids: string[],
  requests: RequestRecord[],
  rows: Record<string, [outcome: string, reason: string | null]>,
  { kills = [], written = [], ends = "accepted" }: Circumstances = {},
) {
  const remains: Remains = {
    kills,
    complaints: [],
    meta: { requests },
    store: {
      rows: async () =>
        Object.entries(rows).map(([eventId, [outcome, reason]]) => ({
          dataset: DATASET,
          name: "Purchase",
          eventId,
          outcome,
          reason,
          claimed: false,
        })),
      requestsWritten: async () => written.map(hashOf),
    },
  };
  const acknowledged = new Map(ids.map((eventId) => [`Purchase ${eventId}`, { name: "Purchase", eventId, ends }]));
  return recount("test", remains, { acknowledged });
}

const hashOf = ({ body }: RequestRecord) => createHash("sha256").update(body).digest("hex");

describe("the recount", () => {
  it("finds nothing to say of what arrived once", async () => {
    const { result, complaints } = await counted(["a"], [took(["a"])], { a: ["accepted", null] });
    expect(result).toMatchObject({ acknowledged: 1, accepted: 1, rejected: 0, lost: 0, doubled: 0, window: 0 });
    expect(complaints).toEqual([]);
  });

  it.each<[string, Record<string, [string, string | null]>]>([
    ["has no row", {}],
    ["still waits", { a: ["waiting", null] }],
    ["is said to be accepted", { a: ["accepted", null] }],
    ["was skipped", { a: ["skipped", "event_off"] }],
    ["was refused without a reason", { a: ["rejected", null] }],
  ])("takes for lost what Meta never took and %s", async (_what, rows) => {
    expect((await counted(["a"], [], rows)).result).toMatchObject({ accepted: 0, rejected: 0, lost: 1 });
  });

  it("complains of a good event that was refused, not of a bad one", async () => {
    const good = await counted(["a"], [], { a: ["rejected", "meta_100"] });
    expect(good.result).toMatchObject({ rejected: 1, lost: 0 });
    expect(good.complaints).toHaveLength(1);
    expect((await counted(["a"], [], { a: ["rejected", "meta_100"] }, { ends: "rejected" })).complaints).toEqual([]);
  });

  it("takes for doubled what nothing excuses, also when nobody was told that it is here", async () => {
    const twice = [took(["a", "b"]), took(["a"])];
    expect((await counted([], twice, { a: ["accepted", null] })).result).toMatchObject({ doubled: 1, window: 0 });
  });

  it("counts into the window what was taken with the answer lost", async () => {
    const twice = [took(["a"], { weather: "taken_then_cut" }), took(["a"])];
    const { result, bound } = await counted(["a"], twice, { a: ["accepted", null] });
    expect(result).toMatchObject({ doubled: 0, window: 1 });
    expect(bound).toBe(1);
  });

  it("counts into the window what was in flight at a kill, and only that", async () => {
    const [old, flying] = [took(["a"], { at: NOON - 60_000 }), took(["b"])];
    const again = took(["a", "b"], { at: NOON + 60_000 });
    const rows = { a: ["accepted", null], b: ["accepted", null] } satisfies Record<string, [string, string | null]>;
    const circumstances = { kills: [killed(NOON + 100)], written: [again] };
    const { result } = await counted(["a", "b"], [old, flying, again], rows, circumstances);
    expect(result).toMatchObject({ doubled: 1, window: 1 });
  });
});

describe("what a kill excuses", () => {
  it("nothing that was written down, be it by another worker and after the kill", () => {
    const request = took(["a"]);
    expect(lostToKills([request], [hashOf(request)], [killed(NOON)])).toEqual(new Set());
  });

  it("nothing that was sent long before it, or after it", () => {
    expect(lostToKills([took(["a"]), took(["b"])], [], [killed(NOON - 20_000), killed(NOON + 20_000)])).toEqual(
      new Set(),
    );
  });

  it("of two same bodies as many as were not written down", () => {
    const [first, second] = [took(["a"]), took(["a"], { at: NOON + 60_000 })];
    expect([...lostToKills([first, second], [hashOf(first)], [killed(NOON)])]).toEqual([first]);
    expect(lostToKills([first, second], [first, second].map(hashOf), [killed(NOON)])).toEqual(new Set());
  });

  it("nothing that another server sent, which lived on", () => {
    const [theirs, others] = [took(["a"]), took(["b"], { server: "worker-2" })];
    expect([...lostToKills([theirs, others], [], [killed(NOON)])]).toEqual([theirs]);
  });

  it("nothing that Meta never took", () => {
    expect(lostToKills([{ ...took(["a"]), taken: 0 }], [], [killed(NOON)])).toEqual(new Set());
  });
});
