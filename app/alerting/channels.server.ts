import type { Channel, Sent } from "../alerts/channels";
import { type Envelope, type MessageBody, mailOf, webhookOf } from "../alerts/message";
import { SIGNATURE_HEADER, signatureOf } from "../alerts/signature.server";
import type { Outgoing } from "../outgoing/outgoing.server";
import type { Shop } from "../settings/registry.server";

/** The ways out that alerts take. */
export type Ways = Pick<Outgoing, "mail" | "merchants">;

type Send = (body: MessageBody, envelope: Envelope, shop: Shop, ways: Ways) => Promise<Sent>;

const SENDERS: Record<Channel, Send> = {
  mail: async (body, envelope, { settings }, { mail }) => {
    if (mail === null) return { ok: false, says: "No mail server is set up: whoever runs Tandem sets SMTP_URL." };
    return mail.send({ to: settings.alerts.mail, ...mailOf(body, envelope), id: envelope.id });
  },
  webhook: async (body, envelope, shop, { merchants }) => {
    const text = webhookOf(body, envelope);
    const posted = await merchants.post(shop.settings.alerts.webhook ?? "", text, {
      [SIGNATURE_HEADER]: signatureOf(text, webhookSecret(shop)),
    });
    switch (posted.kind) {
      case "status": {
        const { status } = posted;
        return { ok: status >= 200 && status < 300, says: `HTTP ${status}` };
      }
      case "refused":
        return { ok: false, says: `Not sent: the address ${posted.why}.` };
      case "failed":
        return { ok: false, says: "Nobody answered at the address." };
    }
  },
};

/** One try over one channel. Never throws. */
export function sendOver(
  channel: Channel,
  body: MessageBody,
  envelope: Envelope,
  shop: Shop,
  ways: Ways,
): Promise<Sent> {
  return SENDERS[channel](body, envelope, shop, ways);
}

/** What the receiver of a shop's webhook verifies it with, hex. */
export function webhookSecret(shop: Shop): string {
  return shop.secret(`alerts webhook ${shop.settings.alerts.webhookSecret}`);
}
