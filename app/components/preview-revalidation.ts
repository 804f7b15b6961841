import type { ShouldRevalidateFunction } from "@remix-run/react";

/**
 * A preview changes nothing, so no page need be read again after one. It must not be either: what is read for the page that
 * was left would take the place of the next page's.
 */
export const notAfterPreview: ShouldRevalidateFunction = ({ formAction, defaultShouldRevalidate }) =>
  formAction?.startsWith("/app/preview") ? false : defaultShouldRevalidate;
