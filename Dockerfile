FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 VIGIL_DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/bin ./bin
COPY --from=build /app/dist ./dist
COPY --from=build /app/examples ./examples
COPY --from=build /app/schema ./schema
COPY --from=build /app/src/reference ./src/reference
COPY docker/healthcheck.mjs ./docker/
# Root owns the code: vigil can write only to its data folder.
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --retries=6 --start-period=60s CMD ["node", "docker/healthcheck.mjs"]
ENTRYPOINT ["node", "bin/vigil.mjs"]
CMD ["start", "--no-simulator"]
