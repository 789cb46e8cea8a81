"""Notices, groups of questions that were dismissed, links that were tried, crawls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _insight()
    _crawl()


def _insight() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("disaster", sa.Boolean(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
    )
    op.create_index("ix_notice_until", "notice", ["until"])
    op.create_table(
        "dismissed_group",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("centre", sa.LargeBinary(), nullable=False),
        sa.Column("nearness", sa.Double(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dismissed_group"),
    )
    op.create_index("ix_dismissed_group_model", "dismissed_group", ["model"])
    op.create_table(
        "tried_link",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("problem", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("url", name="pk_tried_link"),
    )


def _crawl() -> None:
    op.create_table(
        "crawl",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("starts", sa.JSON(), nullable=False),
        sa.Column("sitemap", sa.Boolean(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(length=100), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_crawl"),
    )
    op.create_index("ix_crawl_started_at", "crawl", ["started_at"])
    op.create_table(
        "crawl_page",
        sa.Column("crawl_id", sa.String(length=32), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["crawl_id"], ["crawl.id"], name="fk_crawl_page_crawl_id_crawl", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("crawl_id", "url", name="pk_crawl_page"),
    )
    op.create_index(
        "ix_crawl_page_waiting", "crawl_page", ["crawl_id", "outcome", "depth", "position"]
    )
    op.create_table(
        "known_page",
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("modified", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("url", name="pk_known_page"),
    )
    op.create_index("ix_known_page_site", "known_page", ["site"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("known_page")
    op.drop_table("crawl_page")
    op.drop_table("crawl")
    op.drop_table("tried_link")
    op.drop_table("dismissed_group")
    op.drop_table("notice")
