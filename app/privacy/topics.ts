/** Shopify's topics about what is kept of people, and what a merchant reads of each. */
export const COMPLIANCE = {
  "customers/data_request": { says: "A customer asks what is kept of them", erases: false },
  "customers/redact": { says: "A customer's data is to be erased", erases: true },
  "shop/redact": { says: "The shop's data is to be erased", erases: true },
} as const satisfies Record<string, { says: string; erases: boolean }>;

export type ComplianceTopic = keyof typeof COMPLIANCE;

export const COMPLIANCE_TOPICS = Object.keys(COMPLIANCE) as ComplianceTopic[];

/** Those after which something must be gone. */
export const ERASING_TOPICS = COMPLIANCE_TOPICS.filter((topic) => COMPLIANCE[topic].erases);
