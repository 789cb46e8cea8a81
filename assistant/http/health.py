"""Liveness, readiness and metrics."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

router = APIRouter(tags=["operations"])


@router.get("/healthz")
def alive() -> dict[str, str]:
    """Say that the process runs."""
    return {"status": "ok"}


@router.get("/readyz")
def ready(request: Request) -> Response:
    """Say whether questions can be answered: the release, the model and the store."""
    if not request.app.state.ready:
        return JSONResponse({"status": "starting"}, status_code=503)
    installation = request.app.state.installation
    release = installation.live.get()
    checks: dict[str, Any] = {"release": release.info.id, **release.info.counts}
    try:
        installation.store.ping()
    except Exception as error:
        return JSONResponse({"status": "store", "message": str(error), **checks}, status_code=503)
    return JSONResponse({"status": "ready", "model": release.info.model, **checks})


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Return the metrics in Prometheus text format."""
    registry = request.app.state.metrics.registry
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
