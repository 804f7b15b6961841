interface Cookie {
  value: string;
  /** Epoch milliseconds; infinite: as long as the jar. */
  until: number;
  hidden: boolean;
}

/** A browser's cookies of one host. */
export interface CookieJar {
  /** A Set-Cookie line. */
  take(line: string): void;
  /** The Cookie header. */
  header(): string;
  /** `document.cookie`, which neither sees nor sets what is HttpOnly. */
  read(): string;
  write(line: string): void;
}

export function cookieJar(host: string, now: () => number): CookieJar {
  const cookies = new Map<string, Cookie>();

  function keep(line: string, fromDocument: boolean): void {
    const [pair = "", ...rest] = line.split(";").map((part) => part.trim());
    const at = pair.indexOf("=");
    if (at < 1) return;
    const name = pair.slice(0, at);
    const attributes = new Map(
      rest.map((part): [string, string] => {
        const [key = "", ...value] = part.split("=");
        return [key.trim().toLowerCase(), value.join("=").trim()];
      }),
    );
    if (!isOurs(attributes.get("domain") ?? "", host)) return;
    const hidden = attributes.has("httponly");
    if (fromDocument && (hidden || cookies.get(name)?.hidden)) return;
    const until = endOf(attributes.get("max-age"), attributes.get("expires"), now());
    if (until <= now()) cookies.delete(name);
    else cookies.set(name, { value: pair.slice(at + 1), until, hidden });
  }

  function written(seen: (cookie: Cookie) => boolean): string {
    const alive = [...cookies].filter(([, cookie]) => cookie.until > now() && seen(cookie));
    return alive.map(([name, { value }]) => `${name}=${value}`).join("; ");
  }

  return {
    take: (line) => keep(line, false),
    header: () => written(() => true),
    read: () => written(({ hidden }) => !hidden),
    write: (line) => keep(line, true),
  };
}

function endOf(maxAge: string | undefined, expires: string | undefined, now: number): number {
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return now + Number(maxAge) * 1000;
  const at = expires === undefined ? Number.NaN : Date.parse(expires);
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at;
}

/** A browser throws away what is meant for another host. */
function isOurs(domain: string, host: string): boolean {
  const wanted = domain.replace(/^\./, "").toLowerCase();
  return wanted === "" || wanted === host || (host.endsWith(`.${wanted}`) && wanted.includes("."));
}
