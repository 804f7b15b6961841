// node --import ./test/privacy/canary/crash.mjs …: SIGUSR2 ends the process as a fault of ours would, with all that TEST_CRASH
// names quoted by the error, hanging on it and on what caused it.
process.on("SIGUSR2", () => {
  const { quoted, hanging } = JSON.parse(process.env.TEST_CRASH ?? "{}");
  const parts = hanging.map((word) => {
    try {
      return JSON.parse(word.slice(0, 20));
    } catch (error) {
      return error;
    }
  });
  const cause = Object.assign(new TypeError(`no address: ${quoted.join(" ")}`), { input: hanging.join(" ") });
  const unreadable = Object.assign(new Error(parts.map(({ message }) => message).join("; "), { cause }), {
    detail: `Failing row contains (${hanging.join(", ")}).`,
    parameters: hanging,
  });
  void Promise.reject(unreadable);
});
