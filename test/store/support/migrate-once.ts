import { migrate } from "~/store/migrate.server";

// Another process that starts on the same file: tsx migrate-once.ts <file>
await migrate({ path: process.argv[2] ?? "", root: process.cwd() });
