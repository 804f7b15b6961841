/**
 * What Meta calls the match keys where it says how often they come, by their names in user_data. Meta's documentation shows
 * `email`, `ip_address`, `user_agent`, `external_id` and `fbc`; the others follow its published list of parameters, and were
 * never seen in an answer. One that Meta calls something else is shown under Meta's name, and nothing of it is lost.
 * https://developers.facebook.com/docs/marketing-api/conversions-api/dataset-quality-api
 */
export const IDENTIFIER_OF = {
  em: "email",
  ph: "phone",
  fn: "first_name",
  ln: "last_name",
  ge: "gender",
  db: "birthdate",
  ct: "city",
  st: "state",
  zp: "zip",
  country: "country",
  external_id: "external_id",
  client_ip_address: "ip_address",
  client_user_agent: "user_agent",
  fbc: "fbc",
  fbp: "fbp",
} as const;
