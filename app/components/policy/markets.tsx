import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Button, ChoiceList, InlineStack, Text } from "@shopify/polaris";

/** A market as Shopify names it, with the countries it is made of. */
export interface MarketChoice {
  handle: string;
  name: string;
  countries: string[];
}

export interface MarketsAnswer {
  markets: MarketChoice[];
  /** Why Shopify could not be asked; null: it was. */
  fault: string | null;
}

interface MarketsProps {
  chosen: MarketChoice[];
  choose: (markets: MarketChoice[]) => void;
  error: string | undefined;
}

/** Which of the shop's markets a dataset is for; Shopify is asked when somebody wants to choose. */
export function Markets({ chosen, choose, error }: MarketsProps) {
  const fetcher = useFetcher<MarketsAnswer>();
  const known = new Map([...chosen, ...(fetcher.data?.markets ?? [])].map((market) => [market.handle, market]));
  const load = () => fetcher.load("/app/markets");
  return (
    <BlockStack gap="200">
      {known.size === 0 ? null : (
        <ChoiceList
          title="Only these markets"
          allowMultiple
          choices={[...known.values()].map(({ handle, name, countries }) => ({
            value: handle,
            label: name,
            helpText: countries.join(", ") || "Not made of countries: nothing would pass.",
          }))}
          selected={chosen.map(({ handle }) => handle)}
          // A market that is chosen anew is taken as it is now.
          onChange={(handles) => choose(handles.flatMap((handle) => known.get(handle) ?? []))}
          {...(error !== undefined && { error })}
        />
      )}
      {fetcher.data?.fault ? (
        <Banner tone="warning" title="Shopify did not tell its markets">
          <p>{fetcher.data.fault} Name the countries instead.</p>
        </Banner>
      ) : null}
      <InlineStack gap="200" blockAlign="center">
        <Button onClick={load} loading={fetcher.state !== "idle"}>
          {known.size === 0 ? "Choose by market" : "Ask Shopify for its markets again"}
        </Button>
        <Text as="span" tone="subdued">
          A market stands for its countries.
        </Text>
      </InlineStack>
    </BlockStack>
  );
}
