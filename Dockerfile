# syntax=docker/dockerfile:1
#
# Any one server as a container that serves HTTP on port 8080:
#
#   docker build --build-arg SERVER=tag-compliance --tag tag-compliance .
#   docker run --rm --volume fairway-state:/state tag-compliance keys create --name ann --scopes tag-compliance:read --expires 90d
#   docker run --read-only --volume fairway-state:/state --publish 127.0.0.1:8080:8080 \
#     --env FAIRWAY_ALLOWED_HOSTS=mcp.example.com --volume "$PWD/policy.yaml:/config/policy.yaml:ro" tag-compliance --policy /config/policy.yaml
#
# The container holds what is published to npm and nothing else. It can be reached from outside of itself, so that it starts only with
# a token or a key. FAIRWAY_ALLOWED_HOSTS has the names, besides localhost, under which callers reach it. docs/deploying.md has the rest: AWS
# credentials, secrets in files, compose, Kubernetes.

FROM node:24.21.0-slim AS build
ARG SERVER
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.npm --mount=type=cache,target=/root/.local/share/pnpm/store \
    npm run build "$SERVER" && \
    mkdir -p /packed /app /state && \
    npm pack "./servers/$SERVER" --pack-destination /packed --loglevel=error && \
    tar -xzf /packed/*.tgz --strip-components=1 -C /app

FROM node:24.21.0-slim
ARG SERVER
LABEL io.modelcontextprotocol.server.name="io.github.fairway-mcp/${SERVER}" \
      org.opencontainers.image.source="https://github.com/fairway-mcp/fairway" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production \
    FAIRWAY_HTTP=0.0.0.0:8080 \
    FAIRWAY_STATE_DIR=/state
COPY --from=build /app /app
COPY --from=build --chown=1000:1000 --chmod=700 /state /state
# The user "node" of the image, by number, so that a cluster can see that it is not root.
USER 1000:1000
VOLUME /state
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --start-interval=1s CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.FAIRWAY_HTTP.split(':').at(-1) + '/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/main.js"]
