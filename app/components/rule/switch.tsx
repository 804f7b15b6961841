import { useFetcher } from "@remix-run/react";
import { Button } from "@shopify/polaris";
import type { RuleAnswer } from "./view";

interface SwitchProps {
  rule: { key: string; name: string; on: boolean };
  /** What is typed must be saved first. */
  disabled?: boolean;
}

/** Switches a rule on or off, at once. */
export function RuleSwitch({ rule: { key, name, on }, disabled = false }: SwitchProps) {
  const fetcher = useFetcher<RuleAnswer>();
  const flip = () =>
    fetcher.submit({ intent: "switch", key, on: String(!on) }, { method: "post", action: "/app/rules?index" });
  const words = on ? "Switch off" : "Switch on";
  return (
    <Button
      onClick={flip}
      loading={fetcher.state !== "idle"}
      disabled={disabled}
      accessibilityLabel={`${words}: ${name}`}
      {...(!on && { variant: "primary" })}
    >
      {words}
    </Button>
  );
}
