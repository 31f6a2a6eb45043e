# `just --list` tells what there is. https://just.systems

set shell := ["bash", "-euo", "pipefail", "-c"]

[private]
default:
    @just --list

# Serve on 127.0.0.1:8080; arguments go to the program (`just run --bind 127.0.0.1:0`).
run *arguments:
    cargo run --release --locked -- {{ arguments }}

# Everything that CI runs, set-up included.
test:
    scripts/test

# The quick checks, for use while writing: format and lints.
check:
    cargo fmt --check
    cargo clippy --locked --all-targets -- -D warnings

# Rewrite the golden files and openapi/openapi.json; the diff is the review.
bless:
    BLESS=1 cargo nextest run --locked
    git diff --stat -- tests/golden openapi

# The benchmarks; arguments go to criterion (`just bench known`).
bench *arguments:
    cargo bench --locked --bench posting -- {{ arguments }}

# The code's documentation, with links checked.
docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items

# The running server against its OpenAPI document, with another seed than the tests'.
fuzz seed="$RANDOM" examples="500":
    CONTRACT_SEED={{ seed }} CONTRACT_EXAMPLES={{ examples }} CONTRACT_SECONDS=3600 scripts/contract
