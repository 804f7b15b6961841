/** Meta's customer information parameters in a merchant's words. */
export const KEY_WORDS: Readonly<Record<string, string>> = {
  em: "e-mail",
  ph: "phone",
  fn: "first name",
  ln: "last name",
  ge: "gender",
  db: "date of birth",
  ct: "city",
  st: "state",
  zp: "postcode",
  country: "country",
  external_id: "customer number",
  fbp: "Meta's browser cookie (fbp)",
  fbc: "Meta's click cookie (fbc)",
};
