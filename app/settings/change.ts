import type { Faults } from "./form-fields";
import type { Settings } from "./settings";

/** The settings as a form wants them; or a message for each of its fields that is not as it should be. */
export type Change<Form> = (settings: Settings, form: Form) => { settings: Settings } | { faults: Faults };
