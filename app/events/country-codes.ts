/**
 * ISO 3166-1 alpha-2 as officially assigned, and XK (Kosovo), which Shopify uses. By first letter (`bab…` is ba, bb, …):
 * every shopper downloads them.
 */
export const COUNTRY_CODES: ReadonlySet<string> = new Set(
  (
    "adefgilmoqrstuwxz babdefghijlmnoqrstvwyz cacdfghiklmnoruvwxyz dejkmoz eceghrst fijkmor " +
    "gabdefghilmnpqrstuwy hkmnrtu idelmnoqrst jemop keghimnprwyz labcikrstuvy macdefghklmnopqrstuvwxyz " +
    "nacefgilopruz om paefghklmnrstwy qa reosuw sabcdeghijklmnorstvxyz tcdfghjklmnortvwz uagmsyz vaceginu wfs " +
    "xk yet zamw"
  )
    .split(" ")
    .flatMap(([first, ...seconds]) => seconds.map((second) => `${first}${second}`)),
);
