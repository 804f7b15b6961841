import type { ConsentSignal } from "../../app/events/event";
import { cleanFbc, cleanFbp, clickIdOf, fbcFromUrl } from "../../app/match-keys/normalise/click-id";

/** What the embed writes into the cart, under the names that app/sources/cart-signals.ts reads; '' takes one away. */
export interface CartAttributes {
  _fbp?: string;
  _fbc?: string;
  _tandem_client?: string;
  _tandem_consent?: string;
}

/** All that is known of the shopper at one moment. Values are as the browser keeps them, not yet looked at. */
export interface Sight {
  consent: ConsentSignal;
  /** They have said no to marketing. That a region forbids it until they answer is no word of theirs. */
  refused: boolean;
  fbp: string;
  fbc: string;
  clientId: string;
  /** Address of the page. */
  page: string;
  /** Epoch milliseconds. */
  now: number;
}

/** What should be in the cart, where `written` is what the embed has put there before. Null: nothing of ours belongs there. */
export function attributesFor(sight: Sight, written: CartAttributes | null): CartAttributes | null {
  const { consent, refused, fbp, fbc, clientId, page, now } = sight;
  const flags = [consent.analytics, consent.marketing, consent.preferences, consent.saleOfData].map(Number).join("");
  if (!consent.marketing) {
    // Silence is no refusal: it only takes back what consent had allowed.
    return refused || written
      ? { _fbp: "", _fbc: "", _tandem_client: "", _tandem_consent: refused ? flags : "" }
      : null;
  }
  const known: CartAttributes = { ...written, _tandem_consent: flags };
  const click = newestClick([cleanFbc(fbc), cleanFbc(written?._fbc || null), fbcFromUrl(page, now)]);
  if (cleanFbp(fbp)) known._fbp = fbp;
  if (click) known._fbc = click;
  if (/^[\w-]{1,64}$/.test(clientId)) known._tandem_client = clientId;
  return known;
}

/** Where the time begins: `fb.<digit>.<13 digits>`. */
const TIME_AT = 5;

/** Of the same click the first account, its time included; else the click that was seen last. */
function newestClick(accounts: readonly (string | null)[]): string | null {
  return accounts.reduce((best, next) =>
    next && (!best || (clickIdOf(next) !== clickIdOf(best) && next.slice(TIME_AT) > best.slice(TIME_AT))) ? next : best,
  );
}
