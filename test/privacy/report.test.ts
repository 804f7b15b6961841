import { describe, expect, it } from "vitest";
import { reportOf } from "~/privacy/report.server";
import { requestsOf, whomOf } from "~/privacy/requests.server";
import { customerRedact, dataRequest } from "../fixtures/notices";
import { type TestPipeline, testPipeline } from "../support/pipeline";
import { CUSTOMER_KEY, customerLives, othersLive, VISITOR } from "./traces";

async function asked(pipeline: TestPipeline) {
  await pipeline.webhook("customers/data_request", dataRequest);
  await pipeline.notices();
  const [request] = await requestsOf(pipeline.shop().id, pipeline.db);
  if (request === undefined) throw new Error("nothing was asked");
  return request;
}

describe("a customer who asks what is kept", () => {
  it("gets all of it, opened, and nobody else's", async () => {
    const pipeline = await testPipeline({ country: "US" });
    await othersLive(pipeline, 0, 10);
    await customerLives(pipeline);
    const request = await asked(pipeline);
    expect(request).toMatchObject({
      topic: "customers/data_request",
      reportable: true,
      receipt: { did: "prepared", events: 6, visits: 3 },
    });
    const { body } = await pipeline.db.notice.findUniqueOrThrow({ where: { id: request.id } });
    const whom = whomOf(pipeline.shop(), body);
    if (whom === null) throw new Error("nobody knows who asked");
    const report = await reportOf(whom, pipeline.shop(), { db: pipeline.db, now: pipeline.clock.now });
    expect(report.customer.external_id).toEqual([CUSTOMER_KEY]);
    expect(report.events.map(({ event, outcome }) => `${event} ${outcome}`)).toEqual([
      "PageView accepted",
      "PageView accepted",
      "InitiateCheckout accepted",
      "Purchase accepted",
      "CompleteRegistration skipped",
      "Purchase accepted",
    ]);
    const sent = report.events.flatMap(({ sent_to_meta }) => (sent_to_meta === null ? [] : [sent_to_meta]));
    expect(sent).toHaveLength(5);
    expect(sent[3]).toMatchObject({ user_data: { external_id: expect.arrayContaining([CUSTOMER_KEY]) } });
    expect(report.visits.map(({ browser }) => browser?.clientId)).toEqual([VISITOR, VISITOR, VISITOR]);
    expect(JSON.stringify(report)).not.toMatch(/other-?\d|other\d+@/);
  });

  it("is known of no longer once they were erased", async () => {
    const pipeline = await testPipeline({ country: "US" });
    await customerLives(pipeline);
    await asked(pipeline);
    await pipeline.webhook("customers/redact", customerRedact);
    await pipeline.notices();
    const [, request] = await requestsOf(pipeline.shop().id, pipeline.db);
    expect(request).toMatchObject({ topic: "customers/data_request", reportable: false });
  });

  it("who is known by nothing gets an empty report", async () => {
    const pipeline = await testPipeline();
    await othersLive(pipeline, 0, 3);
    await pipeline.webhook("customers/data_request", {
      ...dataRequest,
      customer: { id: 1, email: null, phone: null },
      orders_requested: [],
    });
    await pipeline.notices();
    const [request] = await requestsOf(pipeline.shop().id, pipeline.db);
    expect(request?.receipt).toEqual({ did: "prepared", events: 0, visits: 0 });
  });
});
