# Tandem as one image for every role. test/supply/image.test.ts runs these very steps without Docker.
# Dependabot (.github/dependabot.yml) moves the tag and its digest together, in both stages.

FROM node:20.20.2-bookworm-slim@sha256:2cf067cfed83d5ea958367df9f966191a942351a2df77d6f0193e162b5febfc0 AS build
WORKDIR /tandem
COPY package.json package-lock.json .npmrc ./
COPY bin/bootstrap.mjs bin/
# `npm ci`; .npmrc keeps the packages' own scripts from running.
RUN node bin/bootstrap.mjs deps
# The configurations are what keeps Prisma from downloading engines: it runs on WebAssembly.
COPY prisma.config.ts prisma.postgres.config.ts tsconfig.json vite.config.ts ./
COPY prisma prisma
COPY app app
RUN node bin/bootstrap.mjs build
RUN npm prune --omit=dev && rm -rf node_modules/.cache node_modules/.vite-temp && mkdir data

FROM node:20.20.2-bookworm-slim@sha256:2cf067cfed83d5ea958367df9f966191a942351a2df77d6f0193e162b5febfc0 AS run
# CHECKPOINT_DISABLE: Prisma asks its maker for news of itself while it migrates.
ENV NODE_ENV=production ROLE=all PORT=3000 LISTEN_HOST=0.0.0.0 CHECKPOINT_DISABLE=1
WORKDIR /tandem
COPY --from=build /tandem/package.json /tandem/prisma.config.ts /tandem/prisma.postgres.config.ts ./
COPY --from=build /tandem/node_modules node_modules
COPY --from=build /tandem/build build
COPY --from=build /tandem/prisma prisma
COPY bin/start.mjs bin/tandem.mjs bin/
# The only place that it may write to; everything else is root's.
COPY --from=build --chown=1000:1000 /tandem/data data
VOLUME /tandem/data
# `node` in the base image; a number, so that Kubernetes can see that it is not root.
USER 1000:1000
EXPOSE 3000
# Takes no more, settles what is in flight, within 14 s: give it `--stop-timeout 20`.
STOPSIGNAL SIGTERM
# Migrating, and waiting for the lease of a server before it, take their time.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "bin/start.mjs"]
