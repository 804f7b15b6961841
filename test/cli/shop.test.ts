import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openStore } from "~/store/store.server";
import { order } from "../fixtures/order";
import { DAY } from "../support/clock";
import { SHOP, testPipeline } from "../support/pipeline";
import { storeEnvOf, tandem } from "./run";
import { CONNECT, testStore } from "./store";

const LIST = "shop list --json";

describe("shop connect", () => {
  it("makes a shop that `shop list` shows, with the defaults of the settings", async () => {
    const store = testStore();
    const { code, out, err } = await store.tandem(CONNECT, "EAAtesttoken\n");
    expect({ code, out }).toEqual({ code: 0, out: "" });
    expect(err).toContain("no server is running");
    const listed = await store.tandem(LIST);
    expect({ code: listed.code, err: listed.err, shops: JSON.parse(listed.out) }).toEqual({
      code: 0,
      err: "",
      shops: [
        {
          shop: SHOP,
          beacon_key: expect.stringMatching(/^[\w-]{22}$/),
          datasets: [
            {
              dataset: "1234567890",
              connected_at: new Date(DAY).toISOString(),
              hold_seconds: 60,
              test_code: null,
              state: "ok",
            },
          ],
        },
      ],
    });
  });

  it("keeps the token out of the file and out of its own words", async () => {
    const store = testStore();
    const { out, err } = await store.tandem(CONNECT, "EAAverysecret");
    const { out: listed } = await store.tandem(LIST);
    expect(`${out}${err}${listed}`).not.toContain("EAAverysecret");
    expect(readFileSync(store.path).includes("EAAverysecret")).toBe(false);
  });

  it("adds another dataset, and gives the same one its new token, hold and test code", async () => {
    const store = testStore();
    await store.tandem(`${CONNECT} --hold-seconds 0`, "EAAone");
    await store.tandem(CONNECT.replace("1234567890", "2234567890"), "EAAtwo");
    await store.tandem(`${CONNECT} --hold-seconds 300 --test-code TEST42`, "EAAthree", DAY + 5_000);
    const [shop] = JSON.parse((await store.tandem(LIST)).out);
    expect(shop.datasets).toEqual([
      expect.objectContaining({ dataset: "1234567890", hold_seconds: 300, test_code: "TEST42" }),
      expect.objectContaining({ dataset: "2234567890", hold_seconds: 60, test_code: null }),
    ]);
    expect(shop.datasets[0].connected_at).toBe(new Date(DAY).toISOString());
  });

  it("keeps the hold that was set when it is not named again", async () => {
    const store = testStore();
    await store.tandem(`${CONNECT} --hold-seconds 7`, "EAAone");
    await store.tandem(CONNECT, "EAAtwo");
    const [shop] = JSON.parse((await store.tandem(LIST)).out);
    expect(shop.datasets[0].hold_seconds).toBe(7);
  });

  it("takes a shop in capitals for what it is", async () => {
    const store = testStore();
    await store.tandem(CONNECT.replace("example-shop", "Example-Shop"), "EAAone");
    expect(JSON.parse((await store.tandem(LIST)).out)[0].shop).toBe(SHOP);
  });

  it("resumes what a dead token held", async () => {
    const pipeline = await testPipeline({ tokens: { "1234567890": "EAAtesttoken" } });
    const env = storeEnvOf(pipeline.path, pipeline.keyring[0].bytes);
    const run = (args: string, stdin = "") => tandem(args.split(" "), { env, stdin });
    pipeline.meta.setToken("1234567890", null);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    expect(JSON.parse((await run(LIST)).out)[0].datasets[0].state).toBe("held");
    pipeline.meta.setToken("1234567890", "EAAfresh");
    expect((await run(CONNECT, "EAAfresh")).code).toBe(0);
    expect(JSON.parse((await run(LIST)).out)[0].datasets[0].state).toBe("ok");
    await pipeline.drain();
    expect(pipeline.meta.received).toHaveLength(1);
  });

  it("says nothing about a missing server beside a running one", async () => {
    const store = testStore();
    const server = openStore(store.path);
    await server.takeServerLease("a server", DAY, DAY + 5_000);
    await server.close();
    expect((await store.tandem(CONNECT, "EAAone")).err).not.toContain("no server");
  });

  it.each([
    ["--shop", CONNECT.replace("--shop example-shop.myshopify.com ", "")],
    ["--shop", CONNECT.replace(".myshopify.com", ".example.com")],
    ["--shop", CONNECT.replace("example-shop.", "-.")],
    ["--dataset", CONNECT.replace("--dataset 1234567890 ", "")],
    ["--dataset", CONNECT.replace("1234567890", "12a")],
    ["--dataset", CONNECT.replace("1234567890", "1".repeat(21))],
    ["--token-stdin", CONNECT.replace(" --token-stdin", "")],
    ["--hold-seconds", `${CONNECT} --hold-seconds 301`],
    ["--hold-seconds", `${CONNECT} --hold-seconds=-1`],
    ["--hold-seconds", `${CONNECT} --hold-seconds 1.5`],
    ["--hold-seconds", `${CONNECT} --hold-seconds soon`],
    ["--hold-seconds", `${CONNECT} --hold-seconds`],
    ["--token", `${CONNECT} --token EAAtesttoken`],
    ["arguments", `${CONNECT} EAAtesttoken`],
  ])("refuses bad input and names %s: %s", async (field, args) => {
    const store = testStore();
    const { code, out, err } = await store.tandem(args, "EAAtesttoken");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.startsWith(`${field}:`), err).toBe(true);
    expect((await store.tandem(LIST)).out).toBe("[]\n");
  });

  it.each(["", " \n ", "EAA one two", "x".repeat(2_001)])("refuses a token that is none: %j", async (token) => {
    const { code, err } = await testStore().tandem(CONNECT, token);
    expect(code).toBe(2);
    expect(err).toMatch(/^token: /);
    if (token.trim() !== "") expect(err).not.toContain(token.trim());
  });
});

describe("shop list", () => {
  it("is an empty list before anything is connected", async () => {
    expect(await testStore().tandem(LIST)).toEqual({ code: 0, out: "[]\n", err: "" });
  });

  it("says the same in lines for a person", async () => {
    const store = testStore();
    await store.tandem(CONNECT, "EAAone");
    expect((await store.tandem("shop list")).out).toBe(`${SHOP}  1234567890  ok  holds 60 s\n`);
  });
});

describe("shop disconnect", () => {
  const DISCONNECT = `shop disconnect --shop ${SHOP}`;

  it("ends what waits as withheld, and no longer lists the dataset", async () => {
    const pipeline = await testPipeline({ holdSeconds: 300 });
    const env = storeEnvOf(pipeline.path, pipeline.keyring[0].bytes);
    await pipeline.webhook("orders/create", order());
    const { code, out, err } = await tandem(DISCONNECT.split(" "), { env });
    expect({ code, out }).toEqual({ code: 0, out: "" });
    expect(err).toContain("1 dataset disconnected");
    const [row] = await pipeline.events();
    expect(row).toMatchObject({ outcome: "withheld", reason: "disconnected" });
    expect(JSON.parse((await tandem(LIST.split(" "), { env })).out)).toMatchObject([{ shop: SHOP, datasets: [] }]);
  });

  it("takes one dataset and leaves the others", async () => {
    const store = testStore();
    await store.tandem(CONNECT, "EAAone");
    await store.tandem(CONNECT.replace("1234567890", "2234567890"), "EAAtwo");
    expect((await store.tandem(`${DISCONNECT} --dataset 1234567890`)).code).toBe(0);
    expect(JSON.parse((await store.tandem(LIST)).out)[0].datasets).toEqual([
      expect.objectContaining({ dataset: "2234567890" }),
    ]);
  });

  it("connecting again begins anew", async () => {
    const store = testStore();
    await store.tandem(CONNECT, "EAAone");
    await store.tandem(DISCONNECT);
    await store.tandem(CONNECT, "EAAtwo", DAY + 60_000);
    expect(JSON.parse((await store.tandem(LIST)).out)[0].datasets[0]).toMatchObject({
      connected_at: new Date(DAY + 60_000).toISOString(),
      state: "ok",
    });
  });

  it.each([
    ["--shop", "shop disconnect"],
    ["--shop", "shop disconnect --shop unknown-shop.myshopify.com"],
    ["--dataset", `${DISCONNECT} --dataset 999`],
    ["--dataset", `${DISCONNECT} --dataset x`],
    ["--all", `${DISCONNECT} --all`],
    ["shop", "shop"],
    ["shop", "shop remove"],
  ])("refuses bad input and names %s: %s", async (field, args) => {
    const store = testStore();
    await store.tandem(CONNECT, "EAAone");
    const { code, out, err } = await store.tandem(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.startsWith(`${field}:`), err).toBe(true);
  });
});
