/** Meta's word for where a conversion happened: https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/server-event */
export type ActionSource = "website" | "physical_store" | "system_generated";
