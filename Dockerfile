# A builder, and a final image that holds the program and the C library it needs: no shell, not root.
# Both are Debian 13, so that the program finds the glibc that it was linked with.
#
#   docker build --tag rolewright .
#   docker run --rm --read-only --volume rolewright:/data --publish 8080:8080 rolewright

FROM rust:1.95.0-slim-trixie AS build
WORKDIR /src

# The dependencies: a layer that is built anew only when a manifest changes. Cargo wants a file for
# every target that Cargo.toml names. What the stubs became is removed: it is newer than the sources
# copied below, and cargo, which goes by time, could take it for theirs.
COPY Cargo.toml Cargo.lock ./
RUN mkdir -p src benches tests/it tests/render tests/store \
 && touch src/lib.rs \
 && for target in build.rs src/main.rs benches/posting.rs benches/catalogue.rs \
      tests/it/main.rs tests/render/main.rs tests/store/main.rs; do \
      echo 'fn main() {}' > "$target"; \
    done \
 && cargo build --locked --release --bin rolewright \
 && cargo clean --locked --release --package rolewright

# The program, with the templates and roles that it embeds.
COPY build.rs ./
COPY templates templates
COPY roles roles
COPY src src
RUN cargo build --locked --release --bin rolewright \
 && mkdir /data

# Distroless images have no version tags, so a digest pins the image.
FROM gcr.io/distroless/cc-debian13:nonroot@sha256:e792ab3d241a468a4fd7519ddbbebe66b49b5f365771716ea688ad40b6c6f1c2

ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Rolewright" \
      org.opencontainers.image.description="Turns role definitions into job postings: a REST/JSON service." \
      org.opencontainers.image.source="https://github.com/rolewright/rolewright" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"

COPY LICENSE LICENSE-APACHE LICENSE-MIT /usr/share/doc/rolewright/
COPY --from=build /src/target/release/rolewright /usr/local/bin/rolewright
# The embedded database, and the first key: what must outlive the container. 65532 is nonroot's number.
COPY --from=build --chown=65532:65532 /data /data
VOLUME /data

# Inside a container, 127.0.0.1 is reached by nobody else.
ENV ROLEWRIGHT_BIND=0.0.0.0:8080 \
    ROLEWRIGHT_DATA_DIR=/data
EXPOSE 8080
# Kubernetes' runAsNonRoot can check a number only.
USER 65532:65532
# There is no curl here: the program asks itself, at ROLEWRIGHT_BIND. A --bind given to the server alone
# would stay unknown to this.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
  CMD ["/usr/local/bin/rolewright", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/rolewright"]
