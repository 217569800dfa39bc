# The image an office runs. The first stage has Node and build tools, the second has neither.
FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN ./dev wheel

FROM python:3.13-slim
RUN useradd --system --create-home --home-dir /var/lib/greenlane greenlane
COPY requirements/base.txt /tmp/base.txt
RUN pip install --no-cache-dir --no-deps --require-hashes -r /tmp/base.txt
COPY --from=build /src/dist/*.whl /tmp/
RUN pip install --no-cache-dir --no-deps /tmp/*.whl && rm /tmp/*.whl /tmp/base.txt
USER greenlane
ENV GREENLANE_DATA_DIR=/var/lib/greenlane
VOLUME /var/lib/greenlane
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "greenlane.project.wsgi:application"]
