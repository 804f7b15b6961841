import type { Topic } from "~/sources/topics";
import { checkout } from "../fixtures/checkout";
import { customer } from "../fixtures/customer";
import * as notices from "../fixtures/notices";
import { order } from "../fixtures/order";

/** One good body per topic. */
export const BODIES: Record<Topic, Record<string, unknown>> = {
  "orders/create": order(
    {},
    {
      note_attributes: [{ name: "_fbp", value: "fb.1.1763632800000.1098115397" }],
      line_items: [
        { product_id: 9001, variant_id: 48001, title: "Tee", quantity: 2, price: "29.00" },
        { product_id: null, variant_id: null, title: "Gift wrapping", quantity: 1, price: "3.00" },
      ],
    },
  ),
  "orders/paid": order(),
  "orders/updated": order(),
  "orders/cancelled": order(),
  "orders/edited": notices.orderEdit,
  "refunds/create": notices.refund,
  "checkouts/create": checkout(),
  "checkouts/update": checkout(),
  "customers/create": customer(),
  "products/create": notices.product,
  "products/update": notices.product,
  "products/delete": notices.deletedProduct,
  "app/uninstalled": notices.uninstalled,
  "app/scopes_update": notices.scopesUpdate,
  "customers/data_request": notices.dataRequest,
  "customers/redact": notices.customerRedact,
  "shop/redact": notices.shopRedact,
};
