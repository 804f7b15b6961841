import { buildSchema } from "graphql";

/** The part of the Admin API 2026-07 that Tandem asks for: https://shopify.dev/docs/api/admin-graphql/2026-07 */
export const SCHEMA = buildSchema(`
  schema {
    query: QueryRoot
    mutation: Mutation
  }

  "A JSON object, or a string that holds one."
  scalar JSON
  scalar URL
  scalar CountryCode
  scalar CurrencyCode
  "Whole, not negative, written as a string."
  scalar UnsignedInt64

  type QueryRoot {
    shop: Shop!
    webPixel(id: ID): WebPixel
    currentAppInstallation: AppInstallation!
    nodes(ids: [ID!]!): [Node]!
    order(id: ID!): Order
    orders(first: Int, after: String, query: String, sortKey: OrderSortKeys): OrderConnection!
    markets(first: Int): MarketConnection!
    market(id: ID!): Market
    webhookSubscriptions(first: Int): WebhookSubscriptionConnection!
  }

  type WebhookSubscriptionConnection {
    nodes: [WebhookSubscription!]!
  }

  type WebhookSubscription {
    id: ID!
    "Shopify's enum has a name for every topic there is."
    topic: String!
    uri: String!
  }

  type MarketConnection {
    nodes: [Market!]!
  }

  type Market {
    id: ID!
    handle: String!
    name: String!
    conditions: MarketConditions
  }

  type MarketConditions {
    regionsCondition: RegionsCondition
  }

  type RegionsCondition {
    regions(first: Int): MarketRegionConnection!
  }

  type MarketRegionConnection {
    nodes: [MarketRegionCountry!]!
  }

  type MarketRegionCountry {
    id: ID!
    code: CountryCode!
  }

  interface Node {
    id: ID!
  }

  type PageInfo {
    hasNextPage: Boolean!
    endCursor: String
  }

  type Mutation {
    webPixelCreate(webPixel: WebPixelInput!): WebPixelCreatePayload
    webPixelUpdate(id: ID!, webPixel: WebPixelInput!): WebPixelUpdatePayload
    webPixelDelete(id: ID!): WebPixelDeletePayload
  }

  type Shop {
    id: ID!
    name: String!
    myshopifyDomain: String!
    primaryDomain: Domain!
    shopAddress: ShopAddress!
    currencyCode: CurrencyCode!
    enabledPresentmentCurrencies: [CurrencyCode!]!
    taxesIncluded: Boolean!
    ianaTimezone: String!
  }

  enum OrderSortKeys {
    CREATED_AT
    UPDATED_AT
  }

  type OrderConnection {
    nodes: [Order!]!
    pageInfo: PageInfo!
  }

  enum OrderDisplayFinancialStatus {
    AUTHORIZED
    EXPIRED
    PAID
    PARTIALLY_PAID
    PARTIALLY_REFUNDED
    PENDING
    REFUNDED
    VOIDED
  }

  type Order implements Node {
    id: ID!
    checkoutToken: String
    sourceName: String
    app: OrderApp
    tags: [String!]!
    purchasingEntity: PurchasingEntity
    test: Boolean!
    displayFinancialStatus: OrderDisplayFinancialStatus
    cancelledAt: DateTime
    processedAt: DateTime!
    createdAt: DateTime!
    updatedAt: DateTime!
    transactions(first: Int): [OrderTransaction!]!
    currencyCode: CurrencyCode!
    taxesIncluded: Boolean!
    totalPriceSet: MoneyBag!
    subtotalPriceSet: MoneyBag
    totalShippingPriceSet: MoneyBag!
    totalTaxSet: MoneyBag
    shippingLines(first: Int): ShippingLineConnection!
    email: String
    phone: String
    billingAddress: MailingAddress
    shippingAddress: MailingAddress
    clientIp: String
    customAttributes: [Attribute!]!
    statusPageUrl: URL!
    customer: Customer
    customerJourneySummary: CustomerJourneySummary
    lineItems(first: Int, after: String): LineItemConnection!
  }

  scalar DateTime
  scalar Decimal

  type OrderApp {
    id: ID!
  }

  union PurchasingEntity = Customer | PurchasingCompany

  type PurchasingCompany {
    company: Company!
  }

  type Company {
    id: ID!
  }

  type OrderTransaction {
    kind: String!
    status: String!
    processedAt: DateTime
  }

  type MoneyBag {
    shopMoney: MoneyV2!
    presentmentMoney: MoneyV2!
  }

  type MoneyV2 {
    amount: Decimal!
    currencyCode: CurrencyCode!
  }

  type ShippingLineConnection {
    nodes: [ShippingLine!]!
    pageInfo: PageInfo!
  }

  type ShippingLine {
    taxLines: [TaxLine!]!
  }

  type TaxLine {
    priceSet: MoneyBag!
  }

  type MailingAddress {
    firstName: String
    lastName: String
    phone: String
    city: String
    zip: String
    province: String
    provinceCode: String
    countryCodeV2: CountryCode
  }

  type Attribute {
    key: String!
    value: String
  }

  type Customer implements Node {
    id: ID!
    numberOfOrders: UnsignedInt64!
    firstName: String
    lastName: String
    defaultEmailAddress: CustomerEmailAddress
    defaultPhoneNumber: CustomerPhoneNumber
    defaultAddress: MailingAddress
  }

  type CustomerEmailAddress {
    emailAddress: String!
  }

  type CustomerPhoneNumber {
    phoneNumber: String!
  }

  type CustomerJourneySummary {
    ready: Boolean!
    customerOrderIndex: Int
  }

  type LineItemConnection {
    nodes: [LineItem!]!
    pageInfo: PageInfo!
  }

  type LineItem implements Node {
    id: ID!
    title: String!
    sku: String
    vendor: String
    quantity: Int!
    product: Product
    variant: ProductVariant
    originalUnitPriceSet: MoneyBag!
    sellingPlan: LineItemSellingPlan
  }

  type ProductVariant implements Node {
    id: ID!
  }

  type LineItemSellingPlan {
    name: String!
    sellingPlanId: ID
  }

  type Product implements Node {
    id: ID!
    productType: String!
    vendor: String!
    tags: [String!]!
    collections(first: Int): CollectionConnection!
  }

  type CollectionConnection {
    nodes: [Collection!]!
    pageInfo: PageInfo!
  }

  type Collection implements Node {
    id: ID!
    handle: String!
    title: String!
  }

  type Domain {
    host: String!
    url: URL!
  }

  type ShopAddress {
    countryCodeV2: CountryCode
  }

  type AppInstallation {
    id: ID!
  }

  type WebPixel {
    id: ID!
    settings: JSON!
  }

  input WebPixelInput {
    settings: JSON!
  }

  type WebPixelCreatePayload {
    webPixel: WebPixel
    userErrors: [ErrorsWebPixelUserError!]!
  }

  type WebPixelUpdatePayload {
    webPixel: WebPixel
    userErrors: [ErrorsWebPixelUserError!]!
  }

  type WebPixelDeletePayload {
    deletedWebPixelId: ID
    userErrors: [ErrorsWebPixelUserError!]!
  }

  type ErrorsWebPixelUserError {
    code: ErrorsWebPixelUserErrorCode
    field: [String!]
    message: String!
  }

  enum ErrorsWebPixelUserErrorCode {
    BLANK
    INVALID_CONFIGURATION_JSON
    INVALID_RUNTIME_CONTEXT
    INVALID_SETTINGS
    INVALID_SETTINGS_DEFINITION
    NO_EXTENSION
    NOT_FOUND
    TAKEN
    UNABLE_TO_DELETE
    UNEXPECTED_ERROR
  }
`);
