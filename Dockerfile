# Two stages: the first installs into a virtual environment, the second carries only that.
FROM python:3.11-slim-bookworm AS build
# For CPU builds of torch, pass the index that carries them.
ARG PIP_EXTRA_INDEX_URL
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/madoguchi
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY assistant assistant
COPY knowledge knowledge
COPY speech speech
COPY widget widget
COPY evals evals
RUN /opt/madoguchi/bin/pip install .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/madoguchi --create-home madoguchi
COPY --from=build /opt/madoguchi /opt/madoguchi
ENV PATH=/opt/madoguchi/bin:$PATH \
    MADOGUCHI_DATA=/var/lib/madoguchi \
    MADOGUCHI_SERVER__HOST=0.0.0.0 \
    HF_HUB_OFFLINE=1
USER 10001
WORKDIR /var/lib/madoguchi
VOLUME /var/lib/madoguchi
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=10m --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["madoguchi", "serve"]
