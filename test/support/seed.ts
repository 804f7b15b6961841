import fc from "fast-check";

/** A red run can be run again: what is drawn is the same every time, until somebody asks for another draw. */
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 20_261_120) });
