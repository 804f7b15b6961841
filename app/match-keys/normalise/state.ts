import { stateRule } from "./state-rule";
import { usState } from "./us-states";

/** A state or province, a US one by its name or its code. */
export const state = stateRule(usState);
