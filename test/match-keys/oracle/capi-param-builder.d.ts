/** Where Meta's parameter builder normalises, before it hashes; it declares no types for it. */
declare module "capi-param-builder-nodejs/src/piiUtil/PIIUtil.js" {
  export function getNormalizedPII(value: string, kind: string): string | null;
}
