/**
 * What the sweep asks the Admin API 2026-07 for. Shopify refuses a query that could cost more than 1,000 points, by what it
 * asks for and not by what there is: nothing for a plain field, 1 for an object, of a list as many as it may hold.
 * https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits
 */

/** Orders a page of the list: 250 is as many as Shopify gives, and costs 253 points. */
export const LIST_AT_ONCE = 250;

/** Just enough to know whether an order is missing, and what would become of it: nearly all are there. */
export const LIST = `#graphql
  query OrdersOfSpan($created: String!, $after: String) {
    orders(first: ${LIST_AT_ONCE}, after: $after, query: $created, sortKey: CREATED_AT) {
      pageInfo { hasNextPage endCursor }
      nodes { id createdAt processedAt sourceName test cancelledAt displayFinancialStatus }
    }
  }`;

/** As many orders as Shopify lets one name: 250 points. */
export const PAYMENTS_AT_ONCE = 250;

/** Whether orders that wait to be paid for were paid. */
export const PAYMENTS = `#graphql
  query PaymentsOfOrders($ids: [ID!]!) {
    nodes(ids: $ids) { ... on Order { id displayFinancialStatus } }
  }`;

const MONEY = "{ shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }";
const ADDRESS = "{ firstName lastName phone city zip province provinceCode countryCodeV2 }";

/** Lines that are asked for with their order; the few orders that have more are asked about once more. */
const LINES = 10;
const LINE = `{
  title sku vendor quantity
  product { id }
  variant { id }
  originalUnitPriceSet ${MONEY}
  sellingPlan { name }
}`;

/** Whole orders at once: each costs 116 points at the most. */
export const ORDERS_AT_ONCE = 8;

export const ORDERS = `#graphql
  query MissingOrders($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Order {
        id
        checkoutToken
        sourceName
        app { id }
        tags
        purchasingEntity { ... on PurchasingCompany { company { id } } }
        test
        displayFinancialStatus
        cancelledAt
        processedAt
        createdAt
        updatedAt
        transactions(first: 10) { kind status processedAt }
        currencyCode
        taxesIncluded
        totalPriceSet ${MONEY}
        subtotalPriceSet ${MONEY}
        totalShippingPriceSet ${MONEY}
        totalTaxSet ${MONEY}
        shippingLines(first: 3) { pageInfo { hasNextPage } nodes { taxLines { priceSet ${MONEY} } } }
        email
        phone
        billingAddress ${ADDRESS}
        shippingAddress ${ADDRESS}
        customer {
          id
          firstName
          lastName
          defaultEmailAddress { emailAddress }
          defaultPhoneNumber { phoneNumber }
          defaultAddress ${ADDRESS}
        }
        clientIp
        customAttributes { key value }
        statusPageUrl
        lineItems(first: ${LINES}) { pageInfo { hasNextPage endCursor } nodes ${LINE} }
      }
    }
  }`;

/** Further lines of one order, 100 at once: 704 points. */
export const MORE_LINES = `#graphql
  query LinesOfOrder($id: ID!, $after: String) {
    order(id: $id) { lineItems(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes ${LINE} } }
  }`;
