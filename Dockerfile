# One image for every part; compose.yaml says which part a container is.

FROM python:3.13-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/dutyboard
COPY requirements.lock .
RUN /opt/dutyboard/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY . .
RUN /opt/dutyboard/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/dutyboard dutyboard
COPY --from=build /opt/dutyboard /opt/dutyboard
ENV PATH=/opt/dutyboard/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DUTYBOARD_HOME=/var/lib/dutyboard
USER 10001
WORKDIR /var/lib/dutyboard
VOLUME /var/lib/dutyboard
EXPOSE 8080 9100
ENTRYPOINT ["dutyboard"]
CMD ["--help"]
