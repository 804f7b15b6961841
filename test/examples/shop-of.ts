import { storeEnvOf } from "../cli/run";
import { SHOP, type TestPipeline, testPipeline } from "../support/pipeline";
import type { Example } from "./example";

/** A pipeline whose shop is what the example says of it. */
export async function pipelineWith({ country, primaryDomain }: Example["shop"] & object = {}): Promise<TestPipeline> {
  const pipeline = await testPipeline(country === undefined ? {} : { country });
  if (primaryDomain !== undefined) {
    await pipeline.db.shop.update({ where: { domain: SHOP }, data: { primaryDomain } });
    await pipeline.db.settingsVersion.update({ where: { id: 1 }, data: { n: { increment: 1 } } });
    await pipeline.registry.refresh();
  }
  return pipeline;
}

/** The flag that names the pipeline's shop, and the environment it needs. */
export function shopFlags({ path, keyring }: TestPipeline): { flags: string[]; env: Record<string, string> } {
  return { flags: ["--shop", SHOP], env: storeEnvOf(path, keyring[0].bytes) };
}
