# docker build --tag cognito-lint .
# docker run --rm --read-only --volume "$PWD:/src:ro" cognito-lint check infra
FROM python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS base

FROM base AS build
WORKDIR /build
COPY action/requirements.txt ./
RUN python -m venv /opt/cognito-lint \
 && /opt/cognito-lint/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY cfn_rules cfn_rules
COPY checkov_checks checkov_checks
COPY docs/cognito-lint.1 docs/
RUN /opt/cognito-lint/bin/pip install --no-cache-dir --no-index --no-deps --no-build-isolation . \
 && /opt/cognito-lint/bin/pip uninstall --yes hatchling pip

FROM base
# git says what changed for --changed-since, also where the mounted repository is somebody else's.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends git \
 && rm -rf /var/lib/apt/lists/* \
 && git config --system --add safe.directory /src
COPY --from=build /opt/cognito-lint /opt/cognito-lint
ENV PATH=/opt/cognito-lint/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1
USER 65532:65532
WORKDIR /src
ENTRYPOINT ["cognito-lint"]
CMD ["check"]
