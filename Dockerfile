# The service as one bundle on Node's slim image. `docker build -t countersign .`
FROM node:24-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
# The image's own Node builds, so no package needs its install script.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY contracts contracts
COPY service/src service/src
COPY scripts/build.ts scripts/build.ts
RUN node scripts/build.ts dist && install -d -o 1000 -g 1000 -m 700 /data

FROM node:24-slim
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Countersign" \
      org.opencontainers.image.description="MCP servers where every change is planned, countersigned, applied, audited and reversible" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production \
    DATA_DIR=/data \
    PORT=3000
WORKDIR /app
COPY --from=build /src/dist ./
# Amazon's own authorities, which sign the certificates of RDS and which Node does not know. The platform names this file
# in DATABASE_CA_FILE.
ADD --chmod=444 https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem ./rds-global-bundle.pem
COPY --from=build --chown=1000:1000 /data /data
# The only place it writes to, and only with STORE=embedded: the root file system may be read-only.
VOLUME /data
USER 1000:1000
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server.js"]
