import type { DraftCondition } from "./draft";

interface FieldRow {
  label: string;
  help: string;
  /** What is asked for in its text field. */
  entry?: string;
}

/** What a condition can be about, in the words of the form. */
export const FIELDS: Record<DraftCondition["field"], FieldRow> = {
  value: {
    label: "Value",
    help: "As the dataset counts it. Compared in this currency only: of a sum in another nobody can tell.",
  },
  product: {
    label: "Product",
    entry: "Product numbers",
    help: "One a line: the digits at the end of the product's address in the admin, or the whole address.",
  },
  vendor: { label: "Vendor", entry: "Vendors", help: "One a line, as the product has it." },
  type: { label: "Product type", entry: "Product types", help: "One a line, as the product has it." },
  tag: { label: "Product tag", entry: "Tags", help: "One a line. Product tags, not those of orders or customers." },
  collection: {
    label: "Collection",
    entry: "Collections",
    help: "One a line: the title, or the handle in its address.",
  },
  country: {
    label: "Country",
    entry: "Country codes",
    help: "Two letters each, such as DE, AT. Known from the checkout on: of the billing address, else of the shipping address.",
  },
  source: {
    label: "Order source",
    help: "Where the order came from, as on the Sources page. Browsing is the online store.",
  },
  customer: {
    label: "First or returning customer",
    help: "Known of orders only: Shopify is asked when the event leaves. Of guests nobody can tell.",
  },
};

export const FIELD_OPTIONS = Object.entries(FIELDS).map(([value, { label }]) => ({ value, label }));
