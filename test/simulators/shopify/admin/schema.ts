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

  type QueryRoot {
    shop: Shop!
    webPixel(id: ID): WebPixel
    currentAppInstallation: AppInstallation!
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
    ianaTimezone: String!
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
