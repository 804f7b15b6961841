import { SaveBar } from "@shopify/app-bridge-react";

interface UnsavedProps {
  /** Of the page. */
  id: string;
  /** Whether there is anything to save. */
  open: boolean;
  saving: boolean;
  save: () => void;
  discard: () => void;
}

/** The admin's own save bar. */
export function Unsaved({ id, open, saving, save, discard }: UnsavedProps) {
  return (
    <SaveBar id={id} open={open}>
      <button type="button" variant="primary" onClick={save} {...(saving && { loading: "" })} disabled={saving}>
        Save
      </button>
      <button type="button" onClick={discard} disabled={saving}>
        Discard
      </button>
    </SaveBar>
  );
}
