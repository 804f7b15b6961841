/** How a payment may end. `test`: Shopify marks such orders as tests. */
export const GATEWAYS = {
  shopify_payments: { label: "Card: paid", test: false, method: { name: "Visa", type: "creditCard" } },
  bogus: { label: "Bogus gateway: a test order", test: true, method: { name: "Bogus", type: "creditCard" } },
} as const;

export type Gateway = keyof typeof GATEWAYS;
export const GATEWAY_NAMES = Object.keys(GATEWAYS) as Gateway[];

export function isGateway(name: string): name is Gateway {
  return Object.hasOwn(GATEWAYS, name);
}
