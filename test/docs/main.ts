import { readFileSync, writeFileSync } from "node:fs";
import { withTables } from "./tables";

/** npm run docs: renews the tables of README.md from the code. */
writeFileSync("README.md", withTables(readFileSync("README.md", "utf8")));
