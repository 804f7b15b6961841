import { settingsSchema } from "~/settings/settings";
import { storeEnvOf } from "../cli/run";
import { SHOP, type TestPipeline, testPipeline } from "../support/pipeline";
import type { ExampleShop } from "./example";

const HOUR_MS = 3_600_000;

/** A pipeline whose shop is what the example says of it. */
export async function pipelineWith({
  country,
  settings,
  secondDataset,
  ...facts
}: ExampleShop = {}): Promise<TestPipeline> {
  const pipeline = await testPipeline(country === undefined ? {} : { country });
  if (secondDataset !== undefined) {
    await pipeline.connect({ dataset: secondDataset, token: "EAAsecond", at: pipeline.clock.now() - HOUR_MS });
  }
  const document = settings && { settings: JSON.stringify(settingsSchema.parse({ version: 2, ...settings })) };
  const data = { ...facts, ...document };
  if (Object.keys(data).length > 0) {
    await pipeline.db.shop.update({ where: { domain: SHOP }, data });
    await pipeline.db.settingsVersion.update({ where: { id: 1 }, data: { n: { increment: 1 } } });
    await pipeline.registry.refresh();
  }
  return pipeline;
}

/** The flag that names the pipeline's shop, and the environment it needs. */
export function shopFlags({ path, keyring }: TestPipeline): { flags: string[]; env: Record<string, string> } {
  return { flags: ["--shop", SHOP], env: storeEnvOf(path, keyring[0].bytes) };
}
