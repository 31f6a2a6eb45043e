"""What schemathesis must be taught: lines of JSON are text to it."""
import schemathesis

schemathesis.serializer.alias(["application/x-ndjson", "application/jsonl"], "text/plain")
